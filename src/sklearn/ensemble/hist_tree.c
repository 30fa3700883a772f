/* SPDX-License-Identifier: BSD-3-Clause */
/* TreePredictor's records, read by the names of their fields: they grew by categories in 0.24,
 * when threshold became num_threshold, and by a wider feature_idx in 1.3. */
#include <stdlib.h>

#include "format/pickle.h"
#include "sklearn/ensemble/hist_gradient_boosting.h"

enum {
    VALUE,
    FEATURE,
    THRESHOLD,
    OLD_THRESHOLD,
    MISSING,
    LEFT,
    RIGHT,
    LEAF,
    CATEGORY,
    SET,
    FIELDS
};

static const char *const field_names[FIELDS] = {
    "value", "feature_idx", "?num_threshold", "?threshold",      "missing_go_to_left",
    "left",  "right",       "is_leaf",        "?is_categorical", "?bitset_idx"};

static const crn_dtype dtypes[FIELDS] = {CRN_FLOAT64, CRN_INT64,  CRN_FLOAT64, CRN_FLOAT64,
                                         CRN_UINT8,   CRN_UINT32, CRN_UINT32,  CRN_UINT8,
                                         CRN_UINT8,   CRN_UINT32};

void crn_hist_tree_free(crn_hist_tree *tree)
{
    crn_array *const all[] = {
        &tree->value,      &tree->threshold,           &tree->feature, &tree->left,
        &tree->right,      &tree->missing_go_to_left,  &tree->is_leaf, &tree->is_categorical,
        &tree->bitset_idx, &tree->raw_left_cat_bitsets};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        crn_array_free(all[i]);
    *tree = (crn_hist_tree){0};
}

/* A dense vector of the type, of as many elements as there are nodes. */
static crn_status take_field(crn_array *from, crn_dtype dtype, int64_t nodes, crn_array *out,
                             crn_error *err)
{
    if (from->ndim != 1 || from->shape[0] != nodes || !crn_dtype_is_number(from->dtype))
        return crn_fail(err, CRN_FORMAT, "the nodes of a TreePredictor are not a vector");
    return crn_array_astype(from, dtype, out, err);
}

static crn_status take_fields(crn_array *found, crn_hist_tree *tree, crn_error *err)
{
    crn_array *const places[FIELDS] = {&tree->value,
                                       &tree->feature,
                                       &tree->threshold,
                                       &tree->threshold,
                                       &tree->missing_go_to_left,
                                       &tree->left,
                                       &tree->right,
                                       &tree->is_leaf,
                                       &tree->is_categorical,
                                       &tree->bitset_idx};
    tree->nodes = found[VALUE].ndim == 1 ? found[VALUE].shape[0] : 0;
    for (int i = 0; i < FIELDS; i++) {
        if (found[i].data != NULL && places[i]->data == NULL)
            CRN_TRY(take_field(&found[i], dtypes[i], tree->nodes, places[i], err));
    }
    return CRN_OK;
}

static crn_status read_bitsets(const crn_object *state, crn_hist_tree *tree, crn_error *err)
{
    const crn_object *object = crn_object_get(state, "raw_left_cat_bitsets");
    crn_array given = CRN_ARRAY_INIT;
    if (object == NULL)
        return CRN_OK;
    CRN_TRY(crn_object_to_array(object, &given, err));
    crn_status status = CRN_OK;
    if (given.ndim != 2 || given.shape[1] != CRN_CATEGORY_WORDS ||
        !crn_dtype_is_number(given.dtype))
        status = crn_fail(err, CRN_FORMAT, "raw_left_cat_bitsets is not a matrix of 8 columns");
    else
        status = crn_array_astype(&given, CRN_UINT32, &tree->raw_left_cat_bitsets, err);
    crn_array_free(&given);
    return status;
}

/* Children stand behind their parents and have one parent each; features and sets are there. */
static crn_status check_nodes(const crn_hist_tree *tree, int64_t features, crn_error *err)
{
    const uint32_t *left = tree->left.data, *right = tree->right.data;
    const uint32_t *set = tree->bitset_idx.data;
    const uint8_t *leaf = tree->is_leaf.data, *category = tree->is_categorical.data;
    const int64_t *feature = tree->feature.data, n = tree->nodes;
    const int64_t sets =
        tree->raw_left_cat_bitsets.data != NULL ? tree->raw_left_cat_bitsets.shape[0] : 0;
    crn_status status = CRN_OK;
    uint8_t *adopted = crn_calloc((size_t)n, 1);
    if (adopted == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < n && status == CRN_OK; i++) {
        if (leaf[i])
            continue;
        const bool inside = left[i] > i && left[i] < n && right[i] > i && right[i] < n &&
                            feature[i] >= 0 && feature[i] < features;
        const bool is_set = category != NULL && category[i];
        if (!inside || left[i] == right[i] || adopted[left[i]] || adopted[right[i]] ||
            (is_set && (set == NULL || set[i] >= sets)))
            status = crn_fail(err, CRN_FORMAT, "node %lld of a TreePredictor is malformed",
                              (long long)i);
        else
            adopted[left[i]] = adopted[right[i]] = 1;
    }
    free(adopted);
    return status;
}

crn_status crn_hist_tree_read(const crn_object *predictor, int64_t features,
                              crn_hist_tree *tree, crn_error *err)
{
    const crn_object *state =
        crn_object_is(predictor, CRN_OBJ_INSTANCE) ? predictor->as.instance->state : NULL;
    crn_array found[FIELDS];
    CRN_TRY(
        crn_object_to_fields(crn_object_get(state, "nodes"), FIELDS, field_names, found, err));
    crn_status status = take_fields(found, tree, err);
    for (int i = 0; i < FIELDS; i++)
        crn_array_free(&found[i]);
    CRN_TRY(status);
    if (tree->nodes < 1 || tree->threshold.data == NULL)
        return crn_fail(err, CRN_FORMAT, "a TreePredictor without nodes");
    CRN_TRY(read_bitsets(state, tree, err));
    return check_nodes(tree, features, err);
}
