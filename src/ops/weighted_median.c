/* SPDX-License-Identifier: BSD-3-Clause */
/* weighted_median: the smallest of several numbers a row at which the weights of those up to it
 * reach half of all weights, as AdaBoostRegressor takes it. Inputs: x (rows, n), a constant
 * weights (n). Staged, the i-th output is the median of the first i + 1 numbers. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/rows.h"

static crn_status weighted_median_infer(const void *attributes, const crn_type *in, int n_in,
                                        crn_type *out, crn_error *err)
{
    const bool staged = *(const bool *)attributes;
    CRN_TRY(crn_infer_count("weighted_median", n_in, 2, 2, err));
    CRN_TRY(crn_infer_present("weighted_median", &in[0], err));
    const crn_type *x = &in[0], *weights = &in[1];
    if (x->dtype != CRN_FLOAT64 || weights->dtype != CRN_FLOAT64)
        return crn_fail(err, CRN_DTYPE, "weighted_median: takes float64 numbers and weights");
    if (!x->rows || x->ndim != 1 || weights->rows || weights->ndim != 1 || x->shape[0] < 1 ||
        weights->shape[0] != x->shape[0])
        return crn_infer_misfit("weighted_median", x, weights, err);
    out[0] = *x;
    if (!staged)
        out[0].ndim = 0;
    return CRN_OK;
}

/* The order of the numbers of one row. */
static size_t weighted_median_scratch(const void *attributes, const crn_type *in, int n_in,
                                      int64_t rows)
{
    (void)attributes, (void)n_in, (void)rows;
    return (size_t)in[0].shape[0] * sizeof(int64_t);
}

/* NaN stands behind all numbers, as numpy.argsort puts it. */
static bool is_less(double a, double b)
{
    return a < b || (isnan(b) && !isnan(a));
}

/* Puts place i, the newest, where it belongs among those before it. */
static void insert(int64_t *order, int64_t i, const double *x)
{
    int64_t low = 0, high = i;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (is_less(x[i], x[order[middle]]))
            high = middle;
        else
            low = middle + 1;
    }
    for (int64_t k = i; k > low; k--)
        order[k] = order[k - 1];
    order[low] = i;
}

static double median(const int64_t *order, int64_t n, const double *x, const double *weights)
{
    double total = 0.0, sum = 0.0;
    for (int64_t k = 0; k < n; k++)
        total += weights[order[k]];
    for (int64_t k = 0; k < n; k++) {
        sum += weights[order[k]];
        if (sum >= 0.5 * total)
            return x[order[k]];
    }
    return x[order[0]]; /* a weight that is NaN: argmax of no True is 0 */
}

static void weighted_median_forward(const crn_call *call)
{
    const bool staged = *(const bool *)call->attributes;
    const int64_t n = call->in_types[0].shape[0];
    const double *x = call->in[0], *weights = call->in[1]; /* (rows, n), (n) */
    double *out = call->out[0];                            /* (rows, n) or (rows) */
    int64_t *order = call->scratch;
    for (int64_t row = 0; row < call->rows; row++, x += n) {
        for (int64_t i = 0; i < n; i++) {
            insert(order, i, x);
            if (staged || i == n - 1)
                *out++ = median(order, i + 1, x, weights);
        }
    }
}

static void weighted_median_cost(const void *attributes, const crn_type *in,
                                 const crn_type *out, crn_cost *cost)
{
    (void)out;
    const double n = (double)in[0].shape[0];
    cost->multiply_adds = *(const bool *)attributes ? n * n : n * log2(n + 1.0);
}

static void weighted_median_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", *(const bool *)attributes ? "staged" : "");
}

const crn_op crn_op_weighted_median = {
    .name = "weighted_median",
    .attributes_size = sizeof(bool),
    .n_out = 1,
    .infer = weighted_median_infer,
    .scratch = weighted_median_scratch,
    .forward = weighted_median_forward,
    .cost = weighted_median_cost,
    .describe = weighted_median_describe,
};

crn_value crn_weighted_median(crn_graph *graph, crn_value x, crn_value weights, bool staged)
{
    return crn_graph_add(graph, &crn_op_weighted_median, &staged, (crn_value[]){x, weights}, 2);
}
