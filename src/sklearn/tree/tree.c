/* SPDX-License-Identifier: BSD-3-Clause */
/* The states of sklearn/tree/_tree.pyx (0.20 to 1.9): Tree(n_features, n_classes, n_outputs)
 * with {max_depth, node_count, nodes, values}. The records of nodes are read by the names of
 * their fields: they grew by missing_go_to_left in 1.3. */
#include "sklearn/tree/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/pickle.h"

enum { LEFT, RIGHT, FEATURE, THRESHOLD, IMPURITY, SAMPLES, WEIGHTED, MISSING, FIELDS };

static const char *const field_names[FIELDS] = {"left_child",
                                                "right_child",
                                                "feature",
                                                "threshold",
                                                "impurity",
                                                "n_node_samples",
                                                "weighted_n_node_samples",
                                                "?missing_go_to_left"};

static crn_array *field_at(crn_tree *tree, int field)
{
    crn_array *const fields[FIELDS] = {&tree->left_child,
                                       &tree->right_child,
                                       &tree->feature,
                                       &tree->threshold,
                                       &tree->impurity,
                                       &tree->n_node_samples,
                                       &tree->weighted_n_node_samples,
                                       &tree->missing_go_to_left};
    return fields[field];
}

void crn_tree_free(crn_tree *tree)
{
    for (int i = 0; i < FIELDS; i++)
        crn_array_free(field_at(tree, i));
    crn_array_free(&tree->n_classes);
    crn_array_free(&tree->values);
    *tree = (crn_tree){0};
}

/* Files of 32-bit machines have int32 where others have int64. */
static crn_status settle(crn_array *array, crn_dtype dtype, crn_error *err)
{
    if (array->dtype == dtype)
        return CRN_OK;
    if (!crn_dtype_is_number(array->dtype) ||
        crn_dtype_is_float(array->dtype) != (dtype == CRN_FLOAT64))
        return crn_fail(err, CRN_FORMAT, "a tree has %s where %s is expected",
                        crn_dtype_name(array->dtype), crn_dtype_name(dtype));
    crn_array converted = CRN_ARRAY_INIT;
    CRN_TRY(crn_array_astype(array, dtype, &converted, err));
    crn_array_free(array);
    *array = converted;
    return CRN_OK;
}

static crn_status read_nodes(const crn_object *state, crn_tree *tree, crn_error *err)
{
    static const crn_dtype dtypes[FIELDS] = {CRN_INT64,   CRN_INT64, CRN_INT64,   CRN_FLOAT64,
                                             CRN_FLOAT64, CRN_INT64, CRN_FLOAT64, CRN_UINT8};
    crn_array found[FIELDS];
    CRN_TRY(
        crn_object_to_fields(crn_object_get(state, "nodes"), FIELDS, field_names, found, err));
    for (int i = 0; i < FIELDS; i++)
        *field_at(tree, i) = found[i];
    if (tree->left_child.ndim != 1)
        return crn_fail(err, CRN_FORMAT, "the nodes of a tree are not a vector");
    tree->node_count = tree->left_child.shape[0];
    for (int i = 0; i < FIELDS; i++) {
        if (field_at(tree, i)->data != NULL)
            CRN_TRY(settle(field_at(tree, i), dtypes[i], err));
    }
    return CRN_OK;
}

static crn_status read_values(const crn_object *state, crn_tree *tree, crn_error *err)
{
    crn_array *values = &tree->values, dense = CRN_ARRAY_INIT;
    CRN_TRY(crn_object_to_array(crn_object_get(state, "values"), values, err));
    CRN_TRY(settle(values, CRN_FLOAT64, err));
    if (values->ndim != 3 || values->shape[0] != tree->node_count ||
        values->shape[1] != tree->n_outputs || values->shape[2] < 1)
        return crn_fail(err, CRN_FORMAT, "the values of a tree do not fit its %lld nodes",
                        (long long)tree->node_count);
    tree->max_n_classes = values->shape[2];
    if (crn_array_is_contiguous(values))
        return CRN_OK;
    CRN_TRY(crn_array_astype(values, CRN_FLOAT64, &dense, err));
    crn_array_free(values);
    *values = dense;
    return CRN_OK;
}

/* ---- checks ---- */

static crn_status bad_node(int64_t node, const char *what, crn_error *err)
{
    return crn_fail(err, CRN_FORMAT, "node %lld of a tree %s", (long long)node, what);
}

/* Marks a child in the set of those that have a parent; false when it had one. */
static bool adopt(uint8_t *adopted, int64_t child)
{
    const uint8_t bit = (uint8_t)(1u << child % 8);
    const bool fresh = !(adopted[child / 8] & bit);
    adopted[child / 8] |= bit;
    return fresh;
}

/* Children stand behind their parents and have one parent each, so every way ends in a leaf. */
static crn_status check_nodes(const crn_tree *tree, crn_error *err)
{
    const int64_t n = tree->node_count;
    crn_status status = CRN_OK;
    uint8_t *adopted = crn_calloc((size_t)n / 8 + 1, 1);
    if (adopted == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < n; i++) {
        const int64_t left = crn_tree_int(&tree->left_child, i);
        if (left < 0)
            continue;
        const int64_t right = crn_tree_int(&tree->right_child, i);
        const int64_t feature = crn_tree_int(&tree->feature, i);
        if (left <= i || left >= n || right <= i || right >= n)
            CRN_TRY_OR_DONE(bad_node(i, "has a child that is not behind it", err));
        if (feature < 0 || feature >= tree->n_features)
            CRN_TRY_OR_DONE(bad_node(i, "asks for a feature that is not there", err));
        if (!adopt(adopted, left) || !adopt(adopted, right))
            CRN_TRY_OR_DONE(bad_node(i, "shares a child with another", err));
    }
done:
    free(adopted);
    return status;
}

static crn_status check_classes(const crn_tree *tree, crn_error *err)
{
    if (tree->n_classes.ndim != 1 || tree->n_classes.shape[0] != tree->n_outputs)
        return crn_fail(err, CRN_FORMAT, "a tree does not say the classes of %lld outputs",
                        (long long)tree->n_outputs);
    for (int64_t k = 0; k < tree->n_outputs; k++) {
        const int64_t classes = crn_tree_int(&tree->n_classes, k);
        if (classes < 1 || classes > tree->max_n_classes)
            return crn_fail(err, CRN_FORMAT, "a tree of %lld values has %lld classes",
                            (long long)tree->max_n_classes, (long long)classes);
    }
    return CRN_OK;
}

crn_status crn_tree_read(const crn_object *object, crn_tree *tree, crn_error *err)
{
    const crn_object *cls = crn_object_class(object);
    if (!crn_object_is(object, CRN_OBJ_INSTANCE) || cls == NULL ||
        !crn_object_is_global(cls, "sklearn.tree._tree", "Tree"))
        return crn_fail(err, CRN_FORMAT, "expected a Tree, got %s",
                        object != NULL ? crn_object_kind_name(object) : "nothing");
    const crn_instance *call = object->as.instance;
    if (!crn_object_as_int(crn_object_item(call->args, 0), &tree->n_features) ||
        !crn_object_as_int(crn_object_item(call->args, 2), &tree->n_outputs) ||
        tree->n_features < 1 || tree->n_outputs < 1)
        return crn_fail(err, CRN_FORMAT, "a Tree without features or outputs");
    if (!crn_object_as_int(crn_object_get(call->state, "max_depth"), &tree->max_depth))
        tree->max_depth = 0;
    CRN_TRY(crn_object_to_array(crn_object_item(call->args, 1), &tree->n_classes, err));
    CRN_TRY(settle(&tree->n_classes, CRN_INT64, err));
    CRN_TRY(read_nodes(call->state, tree, err));
    CRN_TRY(read_values(call->state, tree, err));
    if (tree->node_count < 1)
        return crn_fail(err, CRN_FORMAT, "a tree without nodes");
    CRN_TRY(check_classes(tree, err));
    return check_nodes(tree, err);
}

bool crn_tree_has_counts(const crn_tree *tree)
{
    return tree->missing_go_to_left.data == NULL;
}
