/* SPDX-License-Identifier: BSD-3-Clause */
/* pool_columns: groups of a row's items, each reduced to one number, as FeatureAgglomeration of
 * scikit-learn 1.9 does with NumPy's functions. Inputs: x; labels, which are inside by
 * construction of the graph. */
#include "ops/pool_columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/neighbor_query.h"

static crn_status pool_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    const crn_pool_columns_attributes *a = attributes;
    CRN_TRY(crn_infer_count("pool_columns", n_in, 2, 2, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "pool_columns: takes float64 (rows, n)");
    if (a->groups < 1 || a->groups > in[0].shape[0] || a->kind > CRN_POOL_PTP)
        return crn_fail(err, CRN_ARGUMENT, "pool_columns: no such groups");
    CRN_TRY(crn_infer_constant("pool_columns", &in[1], CRN_INT64, 1, &in[0].shape[0], err));
    out[0] = in[0];
    out[0].shape[0] = a->groups;
    return CRN_OK;
}

/* The ends of the groups (groups + 1), the columns group by group (n), and a group's items. */
static size_t pool_scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    (void)n_in, (void)rows;
    const crn_pool_columns_attributes *a = attributes;
    return ((size_t)a->groups + 1 + (size_t)in[0].shape[0]) * sizeof(int64_t) +
           (size_t)in[0].shape[0] * sizeof(double);
}

/* Counting sort: order[ends[g - 1]:ends[g]] are the columns of group g, with ends[-1] = 0. */
static void sort_columns(int64_t n, int64_t groups, const int64_t *labels, int64_t *ends,
                         int64_t *order)
{
    memset(ends, 0, ((size_t)groups + 1) * sizeof *ends);
    for (int64_t j = 0; j < n; j++)
        ends[labels[j] + 1]++;
    for (int64_t g = 0; g < groups; g++)
        ends[g + 1] += ends[g];
    for (int64_t j = 0; j < n; j++)
        order[ends[labels[j]]++] = j;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sum_of(int64_t n, const double *v)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += v[i];
    return sum;
}

static double product_of(int64_t n, const double *v)
{
    double product = 1;
    for (int64_t i = 0; i < n; i++)
        product *= v[i];
    return product;
}

static double extreme(int64_t n, const double *v, double sign)
{
    double most = v[0];
    for (int64_t i = 1; i < n && !isnan(most); i++)
        most = sign * v[i] > sign * most || isnan(v[i]) ? v[i] : most;
    return most;
}

static double variance(int64_t n, const double *v)
{
    const double mean = sum_of(n, v) / (double)n;
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (v[i] - mean) * (v[i] - mean);
    return sum / (double)n;
}

static double median(int64_t n, double *v)
{
    qsort(v, (size_t)n, sizeof *v, ascending);
    return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static double pool(crn_pooling kind, int64_t n, double *v)
{
    switch (kind) {
    case CRN_POOL_MEAN:
        return sum_of(n, v) / (double)n;
    case CRN_POOL_MEDIAN:
        return median(n, v);
    case CRN_POOL_MAX:
        return extreme(n, v, 1);
    case CRN_POOL_MIN:
        return extreme(n, v, -1);
    case CRN_POOL_SUM:
        return sum_of(n, v);
    case CRN_POOL_PROD:
        return product_of(n, v);
    case CRN_POOL_STD:
        return sqrt(variance(n, v));
    case CRN_POOL_VAR:
        return variance(n, v);
    case CRN_POOL_PTP:
        return extreme(n, v, 1) - extreme(n, v, -1);
    }
    return 0;
}

static void pool_forward(const crn_call *call)
{
    const crn_pool_columns_attributes *a = call->attributes;
    const int64_t n = call->in_types[0].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    int64_t *ends = call->scratch, *order = ends + a->groups + 1;
    double *items = (double *)(order + n);
    const double *x = call->in[0];
    double *y = call->out[0];
    sort_columns(n, a->groups, call->in[1], ends, order);
    for (int64_t row = 0; row < rows; row++, x += n, y += a->groups) {
        for (int64_t g = 0; g < a->groups; g++) {
            const int64_t begin = g > 0 ? ends[g - 1] : 0, size = ends[g] - begin;
            for (int64_t i = 0; i < size; i++)
                items[i] = x[order[begin + i]];
            y[g] = pool(a->kind, size, items);
        }
    }
}

static void pool_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = 2.0 * (double)crn_type_size(&in[0]);
}

static void pool_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"mean", "median", "max", "min", "sum",
                                        "prod", "std",    "var", "ptp"};
    snprintf(buffer, size, "%s",
             names[((const crn_pool_columns_attributes *)attributes)->kind]);
}

const crn_op crn_op_pool_columns = {
    .name = "pool_columns",
    .attributes_size = sizeof(crn_pool_columns_attributes),
    .n_out = 1,
    .infer = pool_infer,
    .scratch = pool_scratch,
    .forward = pool_forward,
    .cost = pool_cost,
    .describe = pool_describe,
};

crn_value crn_pool_columns(crn_graph *graph, crn_value x, crn_value labels, crn_pooling kind,
                           int64_t groups)
{
    const crn_pool_columns_attributes attributes = {.kind = kind, .groups = groups};
    return crn_graph_add(graph, &crn_op_pool_columns, &attributes, (crn_value[]){x, labels}, 2);
}
