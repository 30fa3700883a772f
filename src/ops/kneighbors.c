/* SPDX-License-Identifier: BSD-3-Clause */
/* kneighbors: the k nearest of all samples, pair by pair, in any metric. Inputs: x; the samples
 * (n, features), or absent when x holds the distances; the metric's weights, or absent.
 * Outputs: distances, indices. Distances may be sparse: samples without an entry are no
 * neighbors (_kneighbors_from_graph of sklearn/neighbors/_base.py, 1.9). */
#include <stdio.h>

#include "ops/infer.h"
#include "ops/neighbor_query.h"
#include "ops/neighbors.h"
#include "ops/sparse.h"

static crn_status kneighbors_infer(const void *attributes, const crn_type *in, int n_in,
                                   crn_type *out, crn_error *err)
{
    const crn_kneighbors_attributes *a = attributes;
    CRN_TRY(crn_infer_count("kneighbors", n_in, 1, 3, err));
    CRN_TRY(crn_neighbor_query_infer("kneighbors", &in[0], a->k, a->samples, out, err));
    const int64_t features = in[0].shape[0];
    if (a->metric.kind == CRN_METRIC_PRECOMPUTED) {
        if (features != a->samples)
            return crn_fail(err, CRN_SHAPE, "kneighbors: %lld distances for %lld samples",
                            (long long)features, (long long)a->samples);
        out[0].sparse = out[1].sparse = false;
        return CRN_OK;
    }
    if (in[0].sparse)
        return crn_fail(err, CRN_ARGUMENT, "kneighbors: sparse rows that are no distances");
    if (n_in < 2)
        return crn_fail(err, CRN_ARGUMENT, "kneighbors: the samples are missing");
    CRN_TRY(crn_infer_constant("kneighbors", &in[1], CRN_FLOAT64, 2,
                               (int64_t[]){a->samples, features}, err));
    const crn_type none = {0};
    return crn_distance_metric_infer(&a->metric, n_in > 2 ? &in[2] : &none, features, err);
}

static size_t kneighbors_scratch(const void *attributes, const crn_type *in, int n_in,
                                 int64_t rows)
{
    (void)n_in, (void)rows;
    const crn_kneighbors_attributes *a = attributes;
    return crn_neighbor_query_bytes(a->k, in[0].shape[0]);
}

static void offer_all(crn_neighbor_query *query, const crn_kneighbors_attributes *a,
                      const double *weights, int64_t features, const double *x,
                      const double *data)
{
    for (int64_t j = 0; j < a->samples; j++) {
        const double reduced = data == NULL
                                   ? x[j]
                                   : crn_distance_metric_reduced(&a->metric, weights, features,
                                                                 x, data + j * features);
        crn_neighbor_query_offer(query, reduced, j);
    }
}

static void offer_entries(crn_neighbor_query *query, const crn_sparse *x, int64_t row)
{
    for (int64_t e = x->starts[row]; e < x->starts[row + 1]; e++)
        crn_neighbor_query_offer(query, ((const double *)x->values)[e], x->indices[e]);
}

static void kneighbors_forward(const crn_call *call)
{
    const crn_kneighbors_attributes *a = call->attributes;
    const int64_t features = call->in_types[0].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const bool given = a->metric.kind == CRN_METRIC_PRECOMPUTED;
    const bool sparse = call->in_types[0].sparse;
    const double *data = given ? NULL : call->in[1];
    const double *weights = call->n_in > 2 ? call->in[2] : NULL;
    double *distances = call->out[0];
    int64_t *indices = call->out[1];
    for (int64_t row = 0; row < rows; row++) {
        const double *x = sparse ? NULL : (const double *)call->in[0] + row * features;
        crn_neighbor_query query;
        double *prepared;
        crn_neighbor_query_begin(&query, a->k, call->scratch, &prepared);
        if (!sparse && crn_distance_metric_prepares(&a->metric)) {
            crn_distance_metric_prepare(&a->metric, features, x, prepared);
            x = prepared;
        }
        if (sparse)
            offer_entries(&query, call->in[0], row);
        else
            offer_all(&query, a, weights, features, x, data);
        crn_neighbor_query_merge(&query);
        crn_neighbor_query_finish(&query, &a->metric, a->early,
                                  distances != NULL ? distances + row * a->k : NULL,
                                  indices != NULL ? indices + row * a->k : NULL);
    }
}

static void kneighbors_cost(const void *attributes, const crn_type *in, const crn_type *out,
                            crn_cost *cost)
{
    (void)out;
    const crn_kneighbors_attributes *a = attributes;
    cost->multiply_adds = 3.0 * (double)a->samples * (double)crn_type_last(&in[0]);
    cost->bytes = 8.0 * (double)a->samples * (double)crn_type_last(&in[0]);
}

static void kneighbors_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_kneighbors_attributes *a = attributes;
    snprintf(buffer, size, "k=%lld %s", (long long)a->k,
             crn_distance_metric_name(a->metric.kind));
}

const crn_op crn_op_kneighbors = {
    .name = "kneighbors",
    .flags = CRN_OP_TAKES_SPARSE,
    .attributes_size = sizeof(crn_kneighbors_attributes),
    .n_out = 2,
    .infer = kneighbors_infer,
    .scratch = kneighbors_scratch,
    .forward = kneighbors_forward,
    .cost = kneighbors_cost,
    .describe = kneighbors_describe,
};
