/* SPDX-License-Identifier: BSD-3-Clause */
/* NearestNeighbors, KNeighborsTransformer and RadiusNeighborsTransformer, as
 * sklearn/neighbors/_unsupervised.py and _graph.py (1.9): who the neighbors are. */
#include <string.h>

#include "sklearn/neighbors/base.h"

static const crn_field nearest_fields[] = {
    CRN_NEIGHBORS_KEYWORD(n_neighbors, OBJECT, "5", "int >= 1 | None"),
    CRN_NEIGHBORS_KEYWORD(radius, OBJECT, "1.0", "real [0, inf] | None"),
    CRN_NEIGHBORS_ALGORITHM,
    CRN_NEIGHBORS_LEAF_SIZE,
    CRN_NEIGHBORS_METRIC,
    CRN_NEIGHBORS_P,
    CRN_NEIGHBORS_METRIC_PARAMS,
    CRN_NEIGHBORS_N_JOBS,
    CRN_BASE_FIELDS,
    CRN_NEIGHBORS_FITTED,
    CRN_FIELDS_END,
};

static const crn_field k_fields[] = {
    CRN_NEIGHBORS_KEYWORD(mode, STRING, "'distance'", "'connectivity' | 'distance'"),
    CRN_NEIGHBORS_KEYWORD(n_neighbors, OBJECT, "5", "int >= 1 | None"),
    CRN_NEIGHBORS_ALGORITHM,
    CRN_NEIGHBORS_LEAF_SIZE,
    CRN_NEIGHBORS_METRIC,
    CRN_NEIGHBORS_P,
    CRN_NEIGHBORS_METRIC_PARAMS,
    CRN_NEIGHBORS_N_JOBS,
    CRN_BASE_FIELDS,
    CRN_NEIGHBORS_FITTED,
    CRN_FIELDS_END,
};

static const crn_field radius_fields[] = {
    CRN_NEIGHBORS_KEYWORD(mode, STRING, "'distance'", "'connectivity' | 'distance'"),
    CRN_NEIGHBORS_KEYWORD(radius, OBJECT, "1.0", "real [0, inf] | None"),
    CRN_NEIGHBORS_ALGORITHM,
    CRN_NEIGHBORS_LEAF_SIZE,
    CRN_NEIGHBORS_METRIC,
    CRN_NEIGHBORS_P,
    CRN_NEIGHBORS_METRIC_PARAMS,
    CRN_NEIGHBORS_N_JOBS,
    CRN_BASE_FIELDS,
    CRN_NEIGHBORS_FITTED,
    CRN_FIELDS_END,
};

/* radius_neighbors(X) as two sparse matrices (rows, samples) with the same places: the
 * distances, and the numbers of the samples. */
static int radius_neighbors(const crn_neighbors *self, crn_graph *graph, crn_value x,
                            crn_value *out)
{
    const crn_value distances = crn_neighbors_within_radius(self, graph, x);
    const int64_t samples = self->n_samples_fit_;
    out[0] = crn_neighbor_graph(graph, distances, CRN_NO_VALUE, samples, CRN_ENTRY_DISTANCE);
    out[1] = crn_neighbor_graph(graph, distances, CRN_NO_VALUE, samples, CRN_ENTRY_INDEX);
    return out[1] == CRN_NO_VALUE ? -1 : 2;
}

/* The graph's edges in the transformer's mode. A transformer counts each training sample as its
 * own neighbor: with mode='distance' it asks for one more. */
static crn_value k_graph(const crn_neighbors *self, crn_graph *graph, crn_value x)
{
    const bool distance = self->mode == NULL || strcmp(self->mode, "connectivity") != 0;
    crn_value distances, indices;
    int64_t k;
    if (!crn_object_as_int(self->n_neighbors, &k))
        return crn_graph_fail(graph, CRN_ARGUMENT, "n_neighbors does not say how many");
    if (!crn_neighbors_search(self, graph, x, k + distance, &distances, &indices))
        return CRN_NO_VALUE;
    return crn_neighbor_graph(graph, distances, indices, self->n_samples_fit_,
                              distance ? CRN_ENTRY_DISTANCE : CRN_ENTRY_ONE);
}

static int lower_many(const void *self, crn_method method, crn_graph *graph, crn_value x,
                      crn_value *out)
{
    switch (method) {
    case CRN_KNEIGHBORS:
        return crn_neighbors_search(self, graph, x, -1, &out[0], &out[1]) ? 2 : -1;
    case CRN_RADIUS_NEIGHBORS:
        return radius_neighbors(self, graph, x, out);
    default:
        out[0] = k_graph(self, graph, x);
        return out[0] == CRN_NO_VALUE ? -1 : 1;
    }
}

static int lower_radius(const void *self, crn_method method, crn_graph *graph, crn_value x,
                        crn_value *out)
{
    const crn_neighbors *model = self;
    if (method == CRN_RADIUS_NEIGHBORS)
        return radius_neighbors(model, graph, x, out);
    const bool distance = model->mode == NULL || strcmp(model->mode, "connectivity") != 0;
    out[0] = crn_neighbor_graph(graph, crn_neighbors_within_radius(model, graph, x),
                                CRN_NO_VALUE, model->n_samples_fit_,
                                distance ? CRN_ENTRY_DISTANCE : CRN_ENTRY_ONE);
    return out[0] == CRN_NO_VALUE ? -1 : 1;
}

const crn_estimator crn_estimator_NearestNeighbors = {
    .name = "NearestNeighbors",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._unsupervised sklearn.neighbors.unsupervised",
    .size = sizeof(crn_neighbors),
    .fields = nearest_fields,
    .methods = 1u << CRN_KNEIGHBORS | 1u << CRN_RADIUS_NEIGHBORS,
    .lower_many = lower_many,
    .check = crn_neighbors_check,
    .admits = crn_neighbors_admits,
    .write = crn_neighbors_write,
    .release = crn_neighbors_release,
};

const crn_estimator crn_estimator_KNeighborsTransformer = {
    .name = "KNeighborsTransformer",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._graph",
    .size = sizeof(crn_neighbors),
    .fields = k_fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_KNEIGHBORS,
    .lower_many = lower_many,
    .check = crn_neighbors_check,
    .admits = crn_neighbors_admits,
    .write = crn_neighbors_write,
    .release = crn_neighbors_release,
};

const crn_estimator crn_estimator_RadiusNeighborsTransformer = {
    .name = "RadiusNeighborsTransformer",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._graph",
    .size = sizeof(crn_neighbors),
    .fields = radius_fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_RADIUS_NEIGHBORS,
    .lower_many = lower_radius,
    .check = crn_neighbors_check,
    .admits = crn_neighbors_admits,
    .write = crn_neighbors_write,
    .release = crn_neighbors_release,
};
