/* SPDX-License-Identifier: BSD-3-Clause */
/* The state of a tree is the tuple (data, idx_array, node_data, node_bounds, leaf_size, n_levels,
 * n_nodes, n_trims, n_leaves, n_splits, n_calls, dist_metric, sample_weight); the last is
 * missing before 0.20. */
#include "sklearn/neighbors/binary_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/dtype.h"
#include "format/pickle.h"
#include "sklearn/neighbors/distance_metric.h"

enum { DATA, IDX_ARRAY, NODE_DATA, NODE_BOUNDS, LEAF_SIZE, DIST_METRIC = 11, SAMPLE_WEIGHT };

void crn_neighbor_index_free(crn_neighbor_index *index)
{
    crn_array_free(&index->data);
    crn_array_free(&index->weights);
    crn_array_free(&index->order);
    crn_array_free(&index->idx_start);
    crn_array_free(&index->idx_end);
    crn_array_free(&index->is_leaf);
    crn_array_free(&index->bounds);
    crn_array_free(&index->radius);
}

/* ---- reading ---- */

/* "KDTree", "BallTree64" ...; NULL when the object is no tree. */
static const char *tree_class(const crn_object *tree)
{
    if (!crn_object_is(tree, CRN_OBJ_INSTANCE))
        return NULL;
    const crn_object *cls = crn_object_item(tree->as.instance->args, 0);
    return crn_object_is(cls, CRN_OBJ_GLOBAL) ? crn_object_text(cls->as.global.name) : NULL;
}

static crn_status as_dtype(const crn_array *given, crn_dtype dtype, const char *what,
                           crn_array *out, crn_error *err)
{
    if (!crn_dtype_is_number(given->dtype))
        return crn_fail(err, CRN_FORMAT, "a tree's %s holds no numbers", what);
    return crn_array_astype(given, dtype, out, err);
}

static crn_status read_array(const crn_object *state, size_t i, crn_dtype dtype,
                             const char *what, crn_array *out, crn_error *err)
{
    crn_array given = CRN_ARRAY_INIT;
    const crn_object *item = crn_object_item(state, i);
    if (item == NULL)
        return crn_fail(err, CRN_FORMAT, "a tree without %s", what);
    CRN_TRY(crn_object_to_array(item, &given, err));
    crn_status status = as_dtype(&given, dtype, what, out, err);
    crn_array_free(&given);
    return status;
}

static crn_status read_node_field(const crn_object *state, const char *name, crn_dtype dtype,
                                  crn_array *out, crn_error *err)
{
    crn_array given = CRN_ARRAY_INIT;
    CRN_TRY(crn_object_to_field(crn_object_item(state, NODE_DATA), name, &given, err));
    crn_status status = as_dtype(&given, dtype, name, out, err);
    crn_array_free(&given);
    return status;
}

static crn_status read_parts(const crn_object *state, crn_neighbor_index *index, crn_error *err)
{
    CRN_TRY(read_array(state, DATA, CRN_FLOAT64, "data", &index->data, err));
    CRN_TRY(read_array(state, IDX_ARRAY, CRN_INT64, "idx_array", &index->order, err));
    CRN_TRY(read_array(state, NODE_BOUNDS, CRN_FLOAT64, "node_bounds", &index->bounds, err));
    CRN_TRY(read_node_field(state, "idx_start", CRN_INT64, &index->idx_start, err));
    CRN_TRY(read_node_field(state, "idx_end", CRN_INT64, &index->idx_end, err));
    CRN_TRY(read_node_field(state, "is_leaf", CRN_INT64, &index->is_leaf, err));
    return read_node_field(state, "radius", CRN_FLOAT64, &index->radius, err);
}

/* ---- checking ---- */

static crn_status check_shapes(const crn_neighbor_index *index, crn_error *err)
{
    const crn_array *data = &index->data, *bounds = &index->bounds;
    const bool balls = index->search == CRN_SEARCH_BALL_TREE;
    if (data->ndim != 2 || data->shape[0] < 1 || data->shape[1] < 1)
        return crn_fail(err, CRN_FORMAT, "a tree's data is not a matrix");
    if (index->order.ndim != 1 || index->order.shape[0] != data->shape[0])
        return crn_fail(err, CRN_FORMAT, "a tree's idx_array does not have %lld elements",
                        (long long)data->shape[0]);
    const crn_array *node = &index->idx_start;
    if (node->ndim != 1 || node->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "a tree has no nodes");
    if (bounds->ndim != 3 || bounds->shape[0] != (balls ? 1 : 2) ||
        bounds->shape[1] != node->shape[0] || bounds->shape[2] != data->shape[1])
        return crn_fail(err, CRN_FORMAT, "a tree's node_bounds do not fit its nodes");
    return CRN_OK;
}

static crn_status check_permutation(const crn_array *order, crn_error *err)
{
    const int64_t n = order->shape[0], *at = order->data;
    bool *seen = crn_calloc((size_t)n, sizeof *seen);
    crn_status status = seen != NULL ? CRN_OK : crn_no_memory(err);
    for (int64_t i = 0; status == CRN_OK && i < n; i++) {
        if (at[i] < 0 || at[i] >= n || seen[at[i]])
            status = crn_fail(err, CRN_FORMAT, "a tree's idx_array is no permutation");
        else
            seen[at[i]] = true;
    }
    free(seen);
    return status;
}

/* A node that is no leaf has both children, and they halve its samples. */
static bool node_is_sound(const crn_neighbor_index *index, int64_t node)
{
    const int64_t *start = index->idx_start.data, *end = index->idx_end.data;
    const int64_t *leaf = index->is_leaf.data, nodes = index->idx_start.shape[0];
    if (start[node] < 0 || start[node] > end[node] || end[node] > index->samples)
        return false;
    if (leaf[node])
        return true;
    if (node > (nodes - 3) / 2)
        return false;
    const int64_t left = 2 * node + 1, right = left + 1;
    return start[left] == start[node] && end[left] == start[right] && end[right] == end[node];
}

/* Nodes that nothing leads to are not looked at: scikit-learn leaves them as they are. */
static crn_status check_nodes(const crn_neighbor_index *index, crn_error *err)
{
    enum { MOST_WAITING = 128 };
    int64_t waiting[MOST_WAITING] = {0};
    const int64_t *start = index->idx_start.data, *end = index->idx_end.data;
    int count = 1;
    if (start[0] != 0 || end[0] != index->samples)
        return crn_fail(err, CRN_FORMAT, "a tree's root does not hold all samples");
    while (count > 0) {
        const int64_t node = waiting[--count];
        if (!node_is_sound(index, node))
            return crn_fail(err, CRN_FORMAT, "node %lld of a tree is damaged", (long long)node);
        if (((const int64_t *)index->is_leaf.data)[node])
            continue;
        waiting[count++] = 2 * node + 2;
        waiting[count++] = 2 * node + 1;
    }
    return CRN_OK;
}

static bool has_boxes(crn_distance_metric_kind kind)
{
    return kind == CRN_METRIC_EUCLIDEAN || kind == CRN_METRIC_MANHATTAN ||
           kind == CRN_METRIC_CHEBYSHEV || kind == CRN_METRIC_MINKOWSKI;
}

crn_status crn_binary_tree_read(const crn_object *tree, crn_neighbor_index *index,
                                crn_array *sample_weight, crn_error *err)
{
    const char *name = tree_class(tree);
    const crn_object *state = name != NULL ? tree->as.instance->state : NULL;
    if (name == NULL || !crn_object_is(state, CRN_OBJ_TUPLE))
        return crn_fail(err, CRN_FORMAT, "expected a KDTree or BallTree");
    index->search =
        strncmp(name, "BallTree", 8) == 0 ? CRN_SEARCH_BALL_TREE : CRN_SEARCH_KD_TREE;
    CRN_TRY(read_parts(state, index, err));
    CRN_TRY(check_shapes(index, err));
    index->samples = index->data.shape[0];
    index->features = index->data.shape[1];
    CRN_TRY(check_permutation(&index->order, err));
    CRN_TRY(check_nodes(index, err));
    CRN_TRY(crn_distance_metric_read(crn_object_item(state, DIST_METRIC), index->features,
                                     &index->metric, &index->weights, err));
    if (index->search == CRN_SEARCH_KD_TREE &&
        (!has_boxes(index->metric.kind) || index->weights.data != NULL))
        return crn_fail(err, CRN_FORMAT, "a KDTree with the metric %s",
                        crn_distance_metric_name(index->metric.kind));
    const crn_object *weight = crn_object_item(state, SAMPLE_WEIGHT);
    if (sample_weight == NULL || weight == NULL || crn_object_is_none(weight))
        return CRN_OK;
    CRN_TRY(read_array(state, SAMPLE_WEIGHT, CRN_FLOAT64, "sample_weight", sample_weight, err));
    if (sample_weight->ndim != 1 || sample_weight->shape[0] != index->samples)
        return crn_fail(err, CRN_FORMAT, "a tree's sample_weight does not fit its data");
    return CRN_OK;
}

crn_status crn_binary_tree_adapt(crn_object *tree, crn_document *document, const char *sklearn,
                                 const crn_neighbor_index *index, crn_error *err)
{
    if (tree_class(tree) == NULL || index->samples == 0)
        return CRN_OK;
    crn_object *metric = crn_object_item(tree->as.instance->state, DIST_METRIC);
    return crn_distance_metric_adapt(metric, document, sklearn, &index->metric, &index->weights,
                                     index->features, err);
}
