/* SPDX-License-Identifier: BSD-3-Clause */
/* distance: from each row to all samples, in any metric, or infinity beyond a radius. Inputs:
 * x; the samples (n, features), or absent when x holds the distances; the metric's weights, or
 * absent; with `product` their squared norms (n), for the expanded euclidean form of
 * sklearn/metrics/pairwise.py (1.9). */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/neighbor_query.h"
#include "ops/neighbors.h"

static crn_status distance_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    const crn_distance_attributes *a = attributes;
    CRN_TRY(crn_infer_count("distance", n_in, 1, 4, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "distance: takes float64 (rows, features)");
    const int64_t features = in[0].shape[0];
    out[0] = in[0];
    if (a->metric.kind == CRN_METRIC_PRECOMPUTED)
        return CRN_OK;
    if (n_in < 2)
        return crn_fail(err, CRN_ARGUMENT, "distance: the samples are missing");
    CRN_TRY(
        crn_infer_constant("distance", &in[1], CRN_FLOAT64, 2, (int64_t[]){-1, features}, err));
    out[0].shape[0] = in[1].shape[0];
    const crn_type none = {0};
    CRN_TRY(crn_distance_metric_infer(&a->metric, n_in > 2 ? &in[2] : &none, features, err));
    if (!a->product)
        return CRN_OK;
    if (n_in < 4 || a->metric.kind > CRN_METRIC_SQEUCLIDEAN)
        return crn_fail(err, CRN_ARGUMENT, "distance: no product form of this metric");
    return crn_infer_constant("distance", &in[3], CRN_FLOAT64, 1, &in[1].shape[0], err);
}

static size_t distance_scratch(const void *attributes, const crn_type *in, int n_in,
                               int64_t rows)
{
    (void)n_in, (void)rows;
    const crn_distance_attributes *a = attributes;
    return a->product ? CRN_AFFINE_SCRATCH : (size_t)in[0].shape[0] * sizeof(double);
}

/* Reduced distances to distances, and those beyond the radius to infinity. */
static void finish(const crn_distance_attributes *a, int64_t n, double *y)
{
    const double most = a->limited ? crn_distance_metric_reduce(&a->metric, a->radius) : 0;
    for (int64_t j = 0; j < n; j++)
        y[j] = a->limited && !(y[j] <= most) ? (double)INFINITY
                                             : crn_distance_metric_distance(&a->metric, y[j]);
}

static void by_product(const crn_call *call, int64_t rows, int64_t n, int64_t features)
{
    const crn_distance_attributes *a = call->attributes;
    const double *x = call->in[0], *norms = call->in[3];
    double *y = call->out[0];
    call->kernels->affine_f64(rows, features, n, x, call->in[1], 1, NULL, y, call->scratch);
    for (int64_t row = 0; row < rows; row++, x += features, y += n) {
        const double norm = crn_product_norm(call->kernels, features, x);
        for (int64_t j = 0; j < n; j++)
            y[j] = fmax(-2.0 * y[j] + norm + norms[j], 0);
        finish(a, n, y);
    }
}

static void pair_by_pair(const crn_call *call, int64_t rows, int64_t n, int64_t features)
{
    const crn_distance_attributes *a = call->attributes;
    const bool given = a->metric.kind == CRN_METRIC_PRECOMPUTED;
    const double *weights = call->n_in > 2 ? call->in[2] : NULL;
    const double *x = call->in[0], *data = given ? NULL : call->in[1];
    double *y = call->out[0];
    for (int64_t row = 0; row < rows; row++, x += features, y += n) {
        const double *point = x;
        if (crn_distance_metric_prepares(&a->metric)) {
            crn_distance_metric_prepare(&a->metric, features, x, call->scratch);
            point = call->scratch;
        }
        for (int64_t j = 0; j < n; j++)
            y[j] = given ? x[j]
                         : crn_distance_metric_reduced(&a->metric, weights, features, point,
                                                       data + j * features);
        finish(a, n, y);
    }
}

static void distance_forward(const crn_call *call)
{
    const crn_distance_attributes *a = call->attributes;
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const int64_t n = call->out_types[0].shape[0], features = call->in_types[0].shape[0];
    if (a->product)
        by_product(call, rows, n, features);
    else
        pair_by_pair(call, rows, n, features);
}

static void distance_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    const crn_distance_attributes *a = attributes;
    const double pairs = (double)crn_type_last(&out[0]) * (double)crn_type_last(&in[0]);
    cost->multiply_adds = a->product ? pairs : 3 * pairs;
    cost->bytes = 8 * pairs;
}

static void distance_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_distance_attributes *a = attributes;
    snprintf(buffer, size, "%s%s", crn_distance_metric_name(a->metric.kind),
             a->product ? " by product" : "");
}

const crn_op crn_op_distance = {
    .name = "distance",
    .attributes_size = sizeof(crn_distance_attributes),
    .n_out = 1,
    .infer = distance_infer,
    .scratch = distance_scratch,
    .forward = distance_forward,
    .cost = distance_cost,
    .describe = distance_describe,
};
