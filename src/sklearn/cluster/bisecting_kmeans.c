/* SPDX-License-Identifier: BSD-3-Clause */
/* BisectingKMeans, as sklearn/cluster/_bisect_k_means.py (1.9): down a tree of clusters, to the
 * nearer child. */
#include <stdlib.h>

#include "format/pickle.h"
#include "ops/bisect.h"
#include "ops/elementwise.h"
#include "ops/neighbors.h"
#include "sklearn/estimator.h"
#include "sklearn/fitted.h"

typedef struct bisecting_kmeans {
    crn_estimator_base base;
    int64_t n_clusters;
    crn_object *init;
    int64_t n_init;
    crn_object *random_state;
    int64_t max_iter;
    crn_object *verbose;
    double tol;
    bool copy_x;
    const char *algorithm, *bisecting_strategy;
    int64_t _n_threads;
    crn_array _X_mean; /* (n_features_in_); none when fitted on sparse rows */
    crn_object *_bisecting_tree;
    crn_array labels_;
    crn_array cluster_centers_; /* (clusters, n_features_in_) */
    crn_array inertia_;
    int64_t _n_features_out;

    /* made by check: */
    crn_array centers;  /* (nodes, n_features_in_) */
    crn_array children; /* int64 (nodes, 2); -1: a leaf */
    crn_array clusters; /* int64 (nodes) of leaves */
} bisecting_kmeans;

static const crn_field fields[] = {
    CRN_PARAM(bisecting_kmeans, n_clusters, INT, "8", "int >= 1"),
    CRN_PARAM(bisecting_kmeans, init, OBJECT, "'random'", "'k-means++' | 'random' | callable"),
    CRN_PARAM(bisecting_kmeans, n_init, INT, "1", "int >= 1"),
    CRN_PARAM(bisecting_kmeans, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(bisecting_kmeans, max_iter, INT, "300", "int >= 1"),
    CRN_PARAM(bisecting_kmeans, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(bisecting_kmeans, tol, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(bisecting_kmeans, copy_x, BOOL, "True", NULL),
    CRN_PARAM(bisecting_kmeans, algorithm, STRING, "'lloyd'", "'elkan' | 'lloyd'"),
    CRN_PARAM(bisecting_kmeans, bisecting_strategy, STRING, "'biggest_inertia'",
              "'biggest_inertia' | 'largest_cluster'"),
    CRN_BASE_FIELDS,
    {.name = "_n_threads",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(bisecting_kmeans, _n_threads),
     .dflt = "1"},
    CRN_FITTED_ARRAY_OPTIONAL(bisecting_kmeans, _X_mean, "n_features_in_"),
    CRN_FITTED(bisecting_kmeans, _bisecting_tree, OBJECT),
    CRN_FITTED_ARRAY(bisecting_kmeans, labels_, NULL),
    CRN_FITTED_ARRAY(bisecting_kmeans, cluster_centers_, NULL),
    CRN_FITTED_ARRAY(bisecting_kmeans, inertia_, NULL),
    {.name = "_n_features_out",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(bisecting_kmeans, _n_features_out),
     .dflt = "-1"},
    CRN_FIELDS_END,
};

/* ---- the tree ---- */

/* The center of a node into row `node`; nothing is compared with the root's, which sparse rows
 * make a matrix. */
static crn_status read_center(bisecting_kmeans *self, const crn_object *state, int64_t node,
                              crn_error *err)
{
    const int64_t features = self->base.n_features_in_;
    crn_array center = CRN_ARRAY_INIT;
    const crn_object *value = crn_object_get(state, "center");
    if (node == 0)
        return CRN_OK;
    if (value == NULL)
        return crn_fail(err, CRN_FORMAT, "a node of _bisecting_tree has no center");
    CRN_TRY(crn_object_to_array(value, &center, err));
    crn_status status = crn_fitted_vector(&center, "center", features, err);
    for (int64_t j = 0; status == CRN_OK && j < features; j++) {
        double *at = (double *)self->centers.data + node * features + j;
        *at = crn_array_get(&center, j);
        if (self->_X_mean.data != NULL)
            *at += crn_array_get(&self->_X_mean, j);
    }
    crn_array_free(&center);
    return status;
}

static crn_status read_leaf(bisecting_kmeans *self, const crn_object *state, int64_t node,
                            crn_error *err)
{
    int64_t label;
    if (!crn_object_as_int(crn_object_get(state, "label"), &label) || label < 0 ||
        label >= self->cluster_centers_.shape[0])
        return crn_fail(err, CRN_FORMAT, "a leaf of _bisecting_tree has no label");
    int64_t *children = self->children.data;
    children[2 * node] = children[2 * node + 1] = -1;
    ((int64_t *)self->clusters.data)[node] = label;
    return CRN_OK;
}

static const crn_object *node_state(const crn_object *node)
{
    return crn_object_is(node, CRN_OBJ_INSTANCE) ? node->as.instance->state : NULL;
}

/* Nodes are numbered level by level; a tree of n leaves has 2 n - 1 of them, and one that has
 * more (or comes back to itself) is damaged. */
static crn_status read_nodes(bisecting_kmeans *self, const crn_object **nodes, int64_t most,
                             crn_error *err)
{
    int64_t count = 1;
    nodes[0] = self->_bisecting_tree;
    for (int64_t node = 0; node < count; node++) {
        const crn_object *state = node_state(nodes[node]);
        const crn_object *left = crn_object_get(state, "left");
        if (!crn_object_is(state, CRN_OBJ_DICT))
            return crn_fail(err, CRN_FORMAT, "_bisecting_tree is no tree");
        CRN_TRY(read_center(self, state, node, err));
        if (left == NULL || crn_object_is_none(left)) {
            CRN_TRY(read_leaf(self, state, node, err));
            continue;
        }
        if (count + 2 > most)
            return crn_fail(err, CRN_FORMAT, "_bisecting_tree has more than %lld nodes",
                            (long long)most);
        for (int side = 0; side < 2; side++) {
            ((int64_t *)self->children.data)[2 * node + side] = count;
            nodes[count++] = side == 0 ? left : crn_object_get(state, "right");
        }
    }
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    bisecting_kmeans *model = self;
    const crn_array *centers = &model->cluster_centers_;
    CRN_TRY(crn_fitted_matrix(centers, "cluster_centers_", -1, -1, err));
    if (centers->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "cluster_centers_ is empty");
    CRN_TRY(crn_fitted_features(&model->base, "cluster_centers_", centers->shape[1], err));
    if (model->_X_mean.data != NULL)
        CRN_TRY(crn_fitted_vector(&model->_X_mean, "_X_mean", centers->shape[1], err));
    model->_n_features_out = centers->shape[0];
    const int64_t most = 2 * centers->shape[0] - 1;
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 2, (int64_t[]){most, centers->shape[1]},
                             &model->centers, err));
    CRN_TRY(crn_array_create(CRN_INT64, 0, 2, (int64_t[]){most, 2}, &model->children, err));
    CRN_TRY(crn_array_create(CRN_INT64, 0, 1, &most, &model->clusters, err));
    const crn_object **nodes = crn_calloc((size_t)most, sizeof(crn_object *));
    if (nodes == NULL)
        return crn_no_memory(err);
    crn_status status = read_nodes(model, nodes, most, err);
    free(nodes);
    return status;
}

static void release(void *self)
{
    bisecting_kmeans *model = self;
    crn_array_free(&model->centers);
    crn_array_free(&model->children);
    crn_array_free(&model->clusters);
}

static crn_value transform(const bisecting_kmeans *self, crn_graph *graph, crn_value x)
{
    crn_array centers = CRN_ARRAY_INIT;
    if (crn_array_astype(&self->cluster_centers_, CRN_FLOAT64, &centers, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    const crn_value value = crn_euclidean_distances(graph, x, &centers);
    crn_array_free(&centers);
    return value;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const bisecting_kmeans *model = self;
    if (method == CRN_TRANSFORM)
        return transform(model, graph, x);
    const crn_value cluster = crn_bisect(graph, crn_center_scores(graph, x, &model->centers),
                                         crn_graph_constant(graph, &model->children),
                                         crn_graph_constant(graph, &model->clusters));
    return crn_cast(graph, cluster, CRN_INT32);
}

const crn_estimator crn_estimator_BisectingKMeans = {
    .name = "BisectingKMeans",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._bisect_k_means",
    .size = sizeof(bisecting_kmeans),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .release = release,
};
