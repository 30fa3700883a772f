/* SPDX-License-Identifier: BSD-3-Clause */
/* LocalOutlierFactor, as sklearn/neighbors/_lof.py (1.9): how much less dense a row's place is
 * than the places of its neighbors. Only novelty=True scores new rows. */
#include "base/dtype.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/neighbors/base.h"

static const crn_field fields[] = {
    CRN_PARAM(crn_neighbors, n_neighbors, OBJECT, "20", "int >= 1 | None"),
    CRN_NEIGHBORS_ALGORITHM,
    CRN_NEIGHBORS_LEAF_SIZE,
    CRN_NEIGHBORS_METRIC,
    CRN_NEIGHBORS_P,
    CRN_NEIGHBORS_METRIC_PARAMS,
    CRN_NEIGHBORS_KEYWORD(contamination, OBJECT, "'auto'", "'auto' | real (0, 0.5]"),
    CRN_NEIGHBORS_KEYWORD(novelty, BOOL, "False", NULL),
    CRN_NEIGHBORS_N_JOBS,
    CRN_BASE_FIELDS,
    CRN_NEIGHBORS_FITTED,
    CRN_FITTED(crn_neighbors, n_neighbors_, INT),
    CRN_FITTED_ARRAY(crn_neighbors, _distances_fit_X_, NULL),
    CRN_FITTED_ARRAY(crn_neighbors, _lrd, NULL),
    CRN_FITTED_ARRAY(crn_neighbors, negative_outlier_factor_, NULL),
    CRN_FITTED(crn_neighbors, offset_, REAL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    crn_neighbors *model = self;
    const crn_array *distances = &model->_distances_fit_X_, *lrd = &model->_lrd;
    CRN_TRY(crn_neighbors_check(self, err));
    const int64_t samples = model->n_samples_fit_, k = model->n_neighbors_;
    if (k < 1 || k > samples)
        return crn_fail(err, CRN_FORMAT, "n_neighbors_ is %lld for %lld samples", (long long)k,
                        (long long)samples);
    if (!crn_dtype_is_number(distances->dtype) || distances->ndim != 2 ||
        distances->shape[0] != samples || distances->shape[1] < k)
        return crn_fail(err, CRN_FORMAT,
                        "_distances_fit_X_ does not have the shape (%lld, %lld)",
                        (long long)samples, (long long)k);
    if (!crn_dtype_is_number(lrd->dtype) || lrd->ndim != 1 || lrd->shape[0] != samples)
        return crn_fail(err, CRN_FORMAT, "_lrd does not have %lld elements",
                        (long long)samples);
    return CRN_OK;
}

static bool has_method(const void *self, crn_method method)
{
    return method == CRN_KNEIGHBORS || ((const crn_neighbors *)self)->novelty;
}

/* The distance of each sample to its last neighbor (samples). */
static crn_value neighborhood_radius(const crn_neighbors *self, crn_graph *graph)
{
    crn_array all = CRN_ARRAY_INIT, last = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    const int64_t samples = self->n_samples_fit_, columns = self->_distances_fit_X_.shape[1];
    if (crn_array_astype(&self->_distances_fit_X_, CRN_FLOAT64, &all, &graph->error) ==
            CRN_OK &&
        crn_array_create(CRN_FLOAT64, 0, 1, &samples, &last, &graph->error) == CRN_OK) {
        const double *distances = (const double *)all.data + self->n_neighbors_ - 1;
        for (int64_t i = 0; i < samples; i++)
            ((double *)last.data)[i] = distances[i * columns];
        value = crn_graph_constant(graph, &last);
    }
    crn_array_free(&all);
    crn_array_free(&last);
    return value;
}

static crn_value plus(crn_graph *graph, crn_value x, double number)
{
    const crn_value constant = crn_graph_numbers(graph, CRN_FLOAT64, &number, 1, 0);
    const crn_value sum =
        crn_binary(graph, crn_reshape(graph, x, 1, (int64_t[]){1}), constant, CRN_BINARY_ADD);
    return crn_reshape(graph, sum, 0, NULL);
}

/* -mean(lrd of the neighbors / lrd of the row) (rows), where a lrd, the local reachability
 * density, is 1 / (mean reachability distance + 1e-10). */
static crn_value score_samples(const crn_neighbors *self, crn_graph *graph, crn_value distances,
                               crn_value indices)
{
    const crn_value radius = crn_take(graph, neighborhood_radius(self, graph), indices);
    const crn_value reach = crn_binary(graph, distances, radius, CRN_BINARY_MAXIMUM);
    const crn_value mean = plus(graph, crn_reduce(graph, reach, CRN_REDUCE_MEAN), 1e-10);
    const crn_value row_lrd = crn_unary(graph, mean, CRN_UNARY_RECIPROCAL);
    const crn_value lrd = crn_take(graph, crn_constant_float64(graph, &self->_lrd), indices);
    const crn_value ratios = crn_binary(
        graph, lrd, crn_reshape(graph, row_lrd, 1, (int64_t[]){1}), CRN_BINARY_DIVIDE);
    return crn_unary(graph, crn_reduce(graph, ratios, CRN_REDUCE_MEAN), CRN_UNARY_NEGATE);
}

/* -1 where the decision is below 0. */
static crn_value labels(crn_graph *graph, crn_value decision)
{
    crn_array table = CRN_ARRAY_INIT;
    const int64_t two = 2;
    if (crn_array_create(CRN_INT64, 0, 1, &two, &table, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    ((int64_t *)table.data)[0] = 1;
    ((int64_t *)table.data)[1] = -1;
    const crn_value constant = crn_graph_constant(graph, &table);
    crn_array_free(&table);
    const crn_value below = crn_step(graph, crn_unary(graph, decision, CRN_UNARY_NEGATE), 0.0);
    return crn_take(graph, constant, below);
}

static int lower(const void *self, crn_method method, crn_graph *graph, crn_value x,
                 crn_value *out)
{
    const crn_neighbors *model = self;
    crn_value distances, indices;
    const int64_t k = method == CRN_KNEIGHBORS ? -1 : model->n_neighbors_;
    if (!crn_neighbors_search(model, graph, x, k, &distances, &indices))
        return -1;
    if (method == CRN_KNEIGHBORS) {
        out[0] = distances;
        out[1] = indices;
        return 2;
    }
    out[0] = score_samples(model, graph, distances, indices);
    if (method != CRN_SCORE_SAMPLES)
        out[0] = plus(graph, out[0], -model->offset_);
    if (method == CRN_PREDICT)
        out[0] = labels(graph, out[0]);
    return out[0] == CRN_NO_VALUE ? -1 : 1;
}

const crn_estimator crn_estimator_LocalOutlierFactor = {
    .name = "LocalOutlierFactor",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._lof sklearn.neighbors.lof",
    .size = sizeof(crn_neighbors),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION | 1u << CRN_SCORE_SAMPLES |
               1u << CRN_KNEIGHBORS,
    .lower_many = lower,
    .check = check,
    .has_method = has_method,
    .admits = crn_neighbors_admits,
    .write = crn_neighbors_write,
    .release = crn_neighbors_release,
};
