/* SPDX-License-Identifier: BSD-3-Clause */
/* bin: from values to bins and back, as sklearn/preprocessing/_discretization.py (1.9). Inputs:
 * x, edges, starts. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/features.h"
#include "ops/infer.h"

/* Each feature has one bin less than edges. */
static crn_status bin_infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                            crn_error *err)
{
    const crn_bins *a = attributes;
    CRN_TRY(crn_infer_count("bin", n_in, 3, 3, err));
    const crn_type *x = &in[0], *edges = &in[1], *starts = &in[2];
    if (x->dtype != CRN_FLOAT64 || x->ndim != 1 || edges->dtype != CRN_FLOAT64 || edges->rows ||
        edges->ndim != 1)
        return crn_infer_misfit("bin", x, edges, err);
    if (starts->dtype != CRN_INT64 || starts->rows || starts->ndim != 1 || starts->shape[0] < 1)
        return crn_infer_misfit("bin", edges, starts, err);
    const int64_t n = starts->shape[0] - 1, bins = edges->shape[0] - n;
    if (bins < n || x->shape[0] != (a->inverse && a->one_hot ? bins : n))
        return crn_infer_misfit("bin", x, edges, err);
    out[0] = *x;
    out[0].shape[0] = a->one_hot && !a->inverse ? bins : n;
    return CRN_OK;
}

/* The number of inner edges at or below x. */
static int64_t bin_of(const crn_bins *a, const double *edges, int64_t bins, double x)
{
    if (a->nudged)
        x += 1e-8 + 1e-5 * fabs(x);
    int64_t low = 0, high = bins - 1;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (edges[1 + middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void into_bins(const crn_bins *a, const double *x, const double *edges,
                      const int64_t *starts, int64_t n, double *out)
{
    for (int64_t j = 0; j < n; j++) {
        const int64_t bins = starts[j + 1] - starts[j] - 1;
        const int64_t bin = bin_of(a, edges + starts[j], bins, x[j]);
        if (!a->one_hot) {
            out[j] = (double)bin;
            continue;
        }
        memset(out, 0, (size_t)bins * sizeof *out);
        out[bin] = 1.0;
        out += bins;
    }
}

/* The first largest of a feature's columns. */
static int64_t marked(const double *x, int64_t bins)
{
    int64_t best = 0;
    for (int64_t i = 1; i < bins; i++) {
        if (x[i] > x[best])
            best = i;
    }
    return best;
}

static void out_of_bins(const crn_call *call, const crn_bins *a, const double *x, int64_t n,
                        double *out)
{
    const double *edges = call->in[1];
    const int64_t *starts = call->in[2];
    for (int64_t j = 0; j < n; j++) {
        const int64_t bins = starts[j + 1] - starts[j] - 1;
        const double given = a->one_hot ? (double)marked(x, bins) : trunc(x[j]);
        x += a->one_hot ? bins : 0;
        int64_t bin = given >= (double)-bins && given < (double)bins ? (int64_t)given : bins;
        if (bin == bins) {
            crn_fail(call->failure, CRN_ARGUMENT,
                     "index %.0f is out of bounds for axis 0 with size %lld", given,
                     (long long)bins);
            bin = 0;
        }
        bin += bin < 0 ? bins : 0;
        const double *at = edges + starts[j] + bin;
        out[j] = (at[1] + at[0]) * 0.5;
    }
}

static void bin_forward(const crn_call *call)
{
    const crn_bins *a = call->attributes;
    const int64_t n_in = call->in_types[0].shape[0], n_out = call->out_types[0].shape[0];
    const int64_t n = call->in_types[2].shape[0] - 1;
    const double *x = call->in[0];
    double *out = call->out[0];
    for (int64_t row = 0; row < call->rows; row++, x += n_in, out += n_out) {
        if (a->inverse)
            out_of_bins(call, a, x, n, out);
        else
            into_bins(a, x, call->in[1], call->in[2], n, out);
    }
}

static void bin_cost(const void *attributes, const crn_type *in, const crn_type *out,
                     crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = 10.0 * (double)crn_type_size(&in[0]) + (double)crn_type_size(&out[0]);
}

static void bin_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_bins *a = attributes;
    snprintf(buffer, size, "%s%s", a->one_hot ? "onehot" : "ordinal",
             a->inverse ? " inverse" : "");
}

const crn_op crn_op_bin = {
    .name = "bin",
    .attributes_size = sizeof(crn_bins),
    .n_out = 1,
    .infer = bin_infer,
    .forward = bin_forward,
    .cost = bin_cost,
    .describe = bin_describe,
};

crn_value crn_bin(crn_graph *graph, crn_value x, const crn_bins *bins, crn_value edges,
                  crn_value starts)
{
    return crn_graph_add(graph, &crn_op_bin, bins, (crn_value[]){x, edges, starts}, 3);
}
