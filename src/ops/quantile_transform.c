/* SPDX-License-Identifier: BSD-3-Clause */
/* quantile_transform: QuantileTransformer._transform_col of sklearn/preprocessing/_data.py
 * (1.9), with the interpolation of numpy.interp. Inputs: x, quantiles (q, n), references (q).
 */
#include <math.h>
#include <stdio.h>

#include "ops/features.h"
#include "ops/infer.h"
#include "ops/normal_distribution.h"

static crn_status quantile_transform_infer(const void *attributes, const crn_type *in, int n_in,
                                           crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("quantile_transform", n_in, 3, 3, err));
    const crn_type *x = &in[0], *quantiles = &in[1], *references = &in[2];
    if (x->dtype != CRN_FLOAT64 || x->ndim != 1 || quantiles->dtype != CRN_FLOAT64 ||
        quantiles->rows || quantiles->ndim != 2 || quantiles->shape[1] != x->shape[0] ||
        quantiles->shape[0] < 1)
        return crn_infer_misfit("quantile_transform", x, quantiles, err);
    if (references->dtype != CRN_FLOAT64 || references->rows || references->ndim != 1 ||
        references->shape[0] != quantiles->shape[0])
        return crn_infer_misfit("quantile_transform", quantiles, references, err);
    out[0] = *x;
    return CRN_OK;
}

/* A column of a matrix. */
typedef struct column {
    const double *at;
    int64_t count, step;
} column;

static double item(const column *c, int64_t i)
{
    return c->at[i * c->step];
}

/* How many items of a rising column are below x, or below and equal. */
static int64_t count_below(const column *c, double x, bool or_equal)
{
    int64_t low = 0, high = c->count;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const double value = item(c, middle);
        if (value < x || (or_equal && value == x))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* On the line through two points, from the side of the first. */
static double between(double x, double x0, double x1, double y0, double y1)
{
    const double slope = (y1 - y0) / (x1 - x0);
    double y = slope * (x - x0) + y0;
    if (isnan(y))
        y = slope * (x - x1) + y1;
    return isnan(y) && y0 == y1 ? y0 : y;
}

/* numpy.interp(x, xs, ys): of equal xs the last one counts. */
static double interpolate(double x, const column *xs, const column *ys)
{
    const int64_t j = count_below(xs, x, true) - 1;
    if (j < 0)
        return item(ys, 0);
    if (j == xs->count - 1 || item(xs, j) == x)
        return item(ys, j);
    return between(x, item(xs, j), item(xs, j + 1), item(ys, j), item(ys, j + 1));
}

/* -numpy.interp(-x, -xs[::-1], -ys[::-1]): of equal xs the first one counts. */
static double interpolate_backwards(double x, const column *xs, const column *ys)
{
    const int64_t j = count_below(xs, x, false);
    if (j == xs->count)
        return item(ys, j - 1);
    if (j == 0 || item(xs, j) == x)
        return item(ys, j);
    return -between(-x, -item(xs, j), -item(xs, j - 1), -item(ys, j), -item(ys, j - 1));
}

/* Distance from the ends of the distribution that values keep. */
static const double THRESHOLD = 1e-7, EPSILON = 2.220446049250313e-16;

static double clipped(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double forward(const crn_quantile_map *map, double x, const column *quantiles,
                      const column *references)
{
    const double low = item(quantiles, 0), high = item(quantiles, quantiles->count - 1);
    const double slack = map->normal || map->is_clipped ? THRESHOLD : 0.0;
    const bool at_low = slack > 0 ? x - slack < low : x == low;
    const bool at_high = slack > 0 ? x + slack > high : x == high;
    double y = 0.5 * (interpolate(x, quantiles, references) +
                      interpolate_backwards(x, quantiles, references));
    if (at_high)
        y = 1.0;
    if (at_low)
        y = 0.0;
    const double least = THRESHOLD - EPSILON, most = 1.0 - (THRESHOLD - EPSILON);
    if (map->normal)
        return clipped(crn_normal_ppf(y), crn_normal_ppf(least), crn_normal_ppf(most));
    return map->is_clipped ? clipped(y, least, most) : y;
}

static double backward(const crn_quantile_map *map, double x, const column *quantiles,
                       const column *references)
{
    if (map->normal)
        x = crn_normal_cdf(x);
    else if (map->is_clipped)
        x = clipped(x, 0.0, 1.0);
    const double slack = map->normal || map->is_clipped ? THRESHOLD : 0.0;
    if (slack > 0 ? x - slack < 0.0 : x == 0.0)
        return item(quantiles, 0);
    if (slack > 0 ? x + slack > 1.0 : x == 1.0)
        return item(quantiles, quantiles->count - 1);
    return interpolate(x, references, quantiles);
}

static void quantile_transform_forward(const crn_call *call)
{
    const crn_quantile_map *map = call->attributes;
    const int64_t n = call->in_types[0].shape[0], count = call->in_types[2].shape[0];
    const column references = {.at = call->in[2], .count = count, .step = 1};
    const double *x = call->in[0];
    double *out = call->out[0];
    for (int64_t i = 0; i < call->rows * n; i++) {
        const column quantiles = {
            .at = (const double *)call->in[1] + i % n, .count = count, .step = n};
        if (isnan(x[i]))
            out[i] = x[i];
        else
            out[i] = (map->inverse ? backward : forward)(map, x[i], &quantiles, &references);
    }
}

static void quantile_transform_cost(const void *attributes, const crn_type *in,
                                    const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 60.0 * (double)crn_type_size(&out[0]);
}

static void quantile_transform_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_quantile_map *map = attributes;
    snprintf(buffer, size, "%s%s", map->normal ? "normal" : "uniform",
             map->inverse ? " inverse" : "");
}

const crn_op crn_op_quantile_transform = {
    .name = "quantile_transform",
    .attributes_size = sizeof(crn_quantile_map),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = quantile_transform_infer,
    .forward = quantile_transform_forward,
    .cost = quantile_transform_cost,
    .describe = quantile_transform_describe,
};

crn_value crn_quantile_transform(crn_graph *graph, crn_value x, const crn_quantile_map *map,
                                 crn_value quantiles, crn_value references)
{
    return crn_graph_add(graph, &crn_op_quantile_transform, map,
                         (crn_value[]){x, quantiles, references}, 3);
}
