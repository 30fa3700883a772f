/* SPDX-License-Identifier: BSD-3-Clause */
/* Trees for another version: 1.3 (sklearn/tree/_tree.pyx) added missing_go_to_left to the
 * records of nodes, and turned the counts in a classifier's values into fractions. */
#include <string.h>

#include "format/pickle.h"
#include "sklearn/tree/tree.h"

enum { BYTES_BEFORE_1_3 = 56, BYTES_SINCE_1_3 = 64 };

static const crn_record_field node_fields[] = {{"left_child", CRN_INT64, 0},
                                               {"right_child", CRN_INT64, 8},
                                               {"feature", CRN_INT64, 16},
                                               {"threshold", CRN_FLOAT64, 24},
                                               {"impurity", CRN_FLOAT64, 32},
                                               {"n_node_samples", CRN_INT64, 40},
                                               {"weighted_n_node_samples", CRN_FLOAT64, 48},
                                               {"missing_go_to_left", CRN_UINT8, 56}};
enum { NODE_FIELDS = sizeof node_fields / sizeof *node_fields };

/* Where missing values go when fit has seen none: to the larger child. */
static uint8_t larger_is_left(const crn_tree *tree, int64_t node)
{
    if (crn_tree_is_leaf(tree, node))
        return 0;
    const int64_t left = crn_tree_int(&tree->left_child, node);
    const int64_t right = crn_tree_int(&tree->right_child, node);
    return crn_tree_int(&tree->n_node_samples, left) >
           crn_tree_int(&tree->n_node_samples, right);
}

static uint8_t missing_of(const crn_tree *tree, int64_t node)
{
    const crn_array *missing = &tree->missing_go_to_left;
    return missing->data != NULL
               ? *((const uint8_t *)missing->data + node * missing->strides[0])
               : larger_is_left(tree, node);
}

/* Older versions cannot say that missing values go elsewhere, as they do after a fit with
 * some. */
static crn_status check_missing(const crn_tree *tree, const char *sklearn, crn_error *err)
{
    for (int64_t i = 0; tree->missing_go_to_left.data != NULL && i < tree->node_count; i++) {
        if (!crn_tree_is_leaf(tree, i) && missing_of(tree, i) != larger_is_left(tree, i))
            return crn_fail(
                err, CRN_UNSUPPORTED,
                "scikit-learn %s has no missing values in trees, which came with 1.3", sklearn);
    }
    return CRN_OK;
}

/* The records; NULL with an error. */
static crn_object *write_nodes(const crn_tree *tree, bool old, crn_document *document,
                               crn_error *err)
{
    const crn_array *const fields[] = {&tree->left_child,
                                       &tree->right_child,
                                       &tree->feature,
                                       &tree->threshold,
                                       &tree->impurity,
                                       &tree->n_node_samples,
                                       &tree->weighted_n_node_samples};
    const int64_t itemsize = old ? BYTES_BEFORE_1_3 : BYTES_SINCE_1_3;
    crn_array records = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_BYTES, itemsize, 1, &tree->node_count, &records, err) != CRN_OK)
        return NULL;
    records.dtype = CRN_RECORD;
    for (int64_t i = 0; i < tree->node_count; i++) {
        char *record = (char *)records.data + i * itemsize;
        for (int f = 0; f < NODE_FIELDS - 1; f++)
            memcpy(record + node_fields[f].offset,
                   (const char *)fields[f]->data + i * fields[f]->strides[0], sizeof(int64_t));
        if (!old)
            record[node_fields[NODE_FIELDS - 1].offset] = (char)missing_of(tree, i);
    }
    crn_object *object = crn_object_array_of_records(document, &records, node_fields,
                                                     NODE_FIELDS - (old ? 1 : 0));
    crn_array_free(&records);
    if (object == NULL)
        crn_arena_fail(document->arena, err);
    return object;
}

/* Counts as fractions, or the other way round. */
static void convert_values(const crn_tree *tree, bool to_counts, double *values)
{
    const int64_t n = tree->n_outputs * tree->max_n_classes;
    for (int64_t i = 0; i < tree->node_count; i++) {
        const double weight = crn_tree_real(&tree->weighted_n_node_samples, i);
        for (int64_t j = 0; j < n; j++) {
            double *value = &values[i * n + j];
            *value = to_counts ? *value * weight : weight > 0.0 ? *value / weight : 0.0;
        }
    }
}

static crn_object *write_values(const crn_tree *tree, bool classifier, bool old,
                                crn_document *document, crn_error *err)
{
    const bool has_counts = crn_tree_has_counts(tree);
    crn_array values = CRN_ARRAY_INIT;
    if (crn_array_astype(&tree->values, CRN_FLOAT64, &values, err) != CRN_OK)
        return NULL;
    if (classifier && has_counts != old)
        convert_values(tree, old, values.data);
    crn_object *object = crn_object_array(document, &values);
    crn_array_free(&values);
    if (object == NULL)
        crn_arena_fail(document->arena, err);
    return object;
}

crn_object *crn_tree_write(const crn_tree *tree, bool classifier, crn_document *document,
                           const char *sklearn, crn_error *err)
{
    const bool old = crn_version_compare(sklearn, "1.3") < 0;
    if (old && check_missing(tree, sklearn, err) != CRN_OK)
        return NULL;
    crn_object *nodes = write_nodes(tree, old, document, err);
    crn_object *values =
        nodes != NULL ? write_values(tree, classifier, old, document, err) : NULL;
    if (values == NULL)
        return NULL;
    crn_object *cls = crn_object_global(document, "sklearn.tree._tree", "Tree");
    crn_object *call = cls != NULL ? crn_object_instance(document, CRN_BY_REDUCE, cls) : NULL;
    crn_object *args = crn_object_new(document, CRN_OBJ_TUPLE);
    crn_object *state = crn_object_new(document, CRN_OBJ_DICT);
    const bool ok =
        call != NULL &&
        crn_object_append(document, args, crn_object_int(document, tree->n_features)) &&
        crn_object_append(document, args, crn_object_array(document, &tree->n_classes)) &&
        crn_object_append(document, args, crn_object_int(document, tree->n_outputs)) &&
        crn_object_set(document, state, "max_depth",
                       crn_object_int(document, tree->max_depth)) &&
        crn_object_set(document, state, "node_count",
                       crn_object_int(document, tree->node_count)) &&
        crn_object_set(document, state, "nodes", nodes) &&
        crn_object_set(document, state, "values", values);
    if (!ok) {
        crn_arena_fail(document->arena, err);
        return NULL;
    }
    call->as.instance->args = args;
    call->as.instance->state = state;
    return call;
}

/* ---- parameters ---- */

/* What a parameter's value is called in the target. */
static const char *renamed_criterion(const char *name, const char *sklearn)
{
    static const struct {
        const char *old, *now, *since;
    } names[] = {{"mse", "squared_error", "1.0"},
                 {"mae", "absolute_error", "1.0"},
                 {"entropy", "log_loss", "1.1"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const bool has_now = crn_version_compare(sklearn, names[i].since) >= 0;
        if (!has_now && strcmp(name, names[i].now) == 0)
            return names[i].old;
        if (has_now && strcmp(name, names[i].old) == 0 && strcmp(name, "entropy") != 0)
            return names[i].now;
    }
    return name;
}

crn_status crn_tree_write_params(bool classifier, crn_document *document, crn_object *state,
                                 const char *sklearn, crn_error *err)
{
    const char *criterion = crn_object_text(crn_object_get(state, "criterion"));
    bool ok = true;
    if (criterion != NULL)
        ok = crn_object_set(document, state, "criterion",
                            crn_object_str(document, renamed_criterion(criterion, sklearn)));
    /* 1.1 spelled out what 'auto' had been. */
    if (crn_object_is_str(crn_object_get(state, "max_features"), "auto") &&
        crn_version_compare(sklearn, "1.1") >= 0)
        ok = ok && crn_object_set(document, state, "max_features",
                                  classifier ? crn_object_str(document, "sqrt")
                                             : crn_object_float(document, 1.0));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}
