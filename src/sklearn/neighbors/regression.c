/* SPDX-License-Identifier: BSD-3-Clause */
/* KNeighborsRegressor and RadiusNeighborsRegressor, as sklearn/neighbors/_regression.py (1.9):
 * the mean of the neighbors' targets. */
#include <math.h>

#include "base/dtype.h"
#include "ops/rows.h"
#include "sklearn/neighbors/base.h"

static const crn_field k_fields[] = {
    CRN_PARAM(crn_neighbors, n_neighbors, OBJECT, "5", "int >= 1 | None"),
    CRN_NEIGHBORS_WEIGHTS,
    CRN_NEIGHBORS_ALGORITHM,
    CRN_NEIGHBORS_LEAF_SIZE,
    CRN_NEIGHBORS_P,
    CRN_NEIGHBORS_METRIC,
    CRN_NEIGHBORS_METRIC_PARAMS,
    CRN_NEIGHBORS_N_JOBS,
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(crn_neighbors, _y, NULL),
    CRN_NEIGHBORS_FITTED,
    CRN_FIELDS_END,
};

static const crn_field radius_fields[] = {
    CRN_PARAM(crn_neighbors, radius, OBJECT, "1.0", "real [0, inf] | None"),
    CRN_NEIGHBORS_WEIGHTS,
    CRN_NEIGHBORS_ALGORITHM,
    CRN_NEIGHBORS_LEAF_SIZE,
    CRN_NEIGHBORS_P,
    CRN_NEIGHBORS_METRIC,
    CRN_NEIGHBORS_METRIC_PARAMS,
    CRN_NEIGHBORS_N_JOBS,
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(crn_neighbors, _y, NULL),
    CRN_NEIGHBORS_FITTED,
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    crn_neighbors *model = self;
    const crn_array *y = &model->_y;
    CRN_TRY(crn_neighbors_check(self, err));
    if (!crn_dtype_is_number(y->dtype) || y->ndim < 1 || y->ndim > 2 ||
        y->shape[0] != model->n_samples_fit_ || (y->ndim == 2 && y->shape[1] < 1))
        return crn_fail(err, CRN_FORMAT, "_y does not hold a target for each of %lld samples",
                        (long long)model->n_samples_fit_);
    return CRN_OK;
}

/* Targets as (samples, outputs) float64. */
static crn_value targets(const crn_neighbors *self, crn_graph *graph)
{
    crn_array made = CRN_ARRAY_INIT;
    if (crn_array_astype(&self->_y, CRN_FLOAT64, &made, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const int64_t shape[2] = {made.shape[0], made.ndim == 2 ? made.shape[1] : 1};
    crn_array_set_shape(&made, 2, shape);
    const crn_value value = crn_graph_constant(graph, &made);
    crn_array_free(&made);
    return value;
}

/* What NumPy makes of NaN in an array of the targets' type: full_like(_y[0], nan). */
static double empty_mean(const crn_neighbors *self)
{
    if (!crn_dtype_is_integer(self->_y.dtype))
        return (double)NAN;
    return self->_y.dtype == CRN_INT32 ? (double)INT32_MIN : (double)INT64_MIN;
}

static crn_value means(const crn_neighbors *self, crn_graph *graph, crn_value distances,
                       crn_value indices)
{
    const crn_neighbor_means_attributes how = {.mean = true, .empty = empty_mean(self)};
    const crn_value weights = crn_neighbors_weigh(self, graph, distances);
    const crn_value y = crn_neighbor_means(graph, weights, indices, targets(self, graph), &how);
    return self->_y.ndim == 1 ? crn_reshape(graph, y, 0, NULL) : y;
}

static int lower_k(const void *self, crn_method method, crn_graph *graph, crn_value x,
                   crn_value *out)
{
    crn_value distances, indices;
    if (!crn_neighbors_search(self, graph, x, -1, &distances, &indices))
        return -1;
    out[0] = method == CRN_KNEIGHBORS ? distances : means(self, graph, distances, indices);
    out[1] = indices;
    if (out[0] == CRN_NO_VALUE)
        return -1;
    return method == CRN_KNEIGHBORS ? 2 : 1;
}

static crn_value lower_radius(const void *self, crn_method method, crn_graph *graph,
                              crn_value x)
{
    (void)method;
    return means(self, graph, crn_neighbors_within_radius(self, graph, x), CRN_NO_VALUE);
}

const crn_estimator crn_estimator_KNeighborsRegressor = {
    .name = "KNeighborsRegressor",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._regression sklearn.neighbors.regression",
    .size = sizeof(crn_neighbors),
    .fields = k_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_KNEIGHBORS,
    .flags = CRN_NEEDS_Y,
    .lower_many = lower_k,
    .check = check,
    .admits = crn_neighbors_admits,
    .write = crn_neighbors_write,
    .release = crn_neighbors_release,
};

const crn_estimator crn_estimator_RadiusNeighborsRegressor = {
    .name = "RadiusNeighborsRegressor",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._regression sklearn.neighbors.regression",
    .size = sizeof(crn_neighbors),
    .fields = radius_fields,
    .methods = 1u << CRN_PREDICT,
    .flags = CRN_NEEDS_Y,
    .lower = lower_radius,
    .check = check,
    .admits = crn_neighbors_admits,
    .write = crn_neighbors_write,
    .release = crn_neighbors_release,
};
