/* SPDX-License-Identifier: BSD-3-Clause */
/* reduce: the last axis of the item becomes one number: sum, mean, max, min, sum of squares,
 * logsumexp. */
#include <math.h>
#include <stdio.h>
#include <tgmath.h>

#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/rows.h"

static crn_status reduce_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    crn_reduce_kind kind = *(const crn_reduce_kind *)attributes;
    CRN_TRY(crn_infer_count("reduce", n_in, 1, 1, err));
    CRN_TRY(crn_infer_float("reduce", &in[0], err));
    if (in[0].ndim < 1)
        return crn_fail(err, CRN_SHAPE, "reduce: the item has no axis");
    if (crn_type_last(&in[0]) < 1 && kind != CRN_REDUCE_SUM && kind != CRN_REDUCE_SQUARES)
        return crn_fail(err, CRN_SHAPE, "zero-size array to reduction operation");
    out[0] = in[0];
    out[0].ndim = in[0].ndim - 1;
    return CRN_OK;
}

#define FOLD(start, expression)                                                                \
    do {                                                                                       \
        result = (start);                                                                      \
        for (int64_t j = 0; j < n; j++) {                                                      \
            real value = x[j];                                                                 \
            result = (expression);                                                             \
        }                                                                                      \
    } while (0)

/* The largest and smallest are NaN when an element is, as in NumPy. */
#define DEFINE_REDUCE(R, suffix)                                                               \
    static R reduce_##suffix(crn_reduce_kind kind, int64_t n, const R *x)                      \
    {                                                                                          \
        typedef R real;                                                                        \
        R result = 0;                                                                          \
        switch (kind) {                                                                        \
        case CRN_REDUCE_SUM:                                                                   \
            FOLD(0, result + value);                                                           \
            break;                                                                             \
        case CRN_REDUCE_MEAN:                                                                  \
            FOLD(0, result + value);                                                           \
            result /= (R)n;                                                                    \
            break;                                                                             \
        case CRN_REDUCE_MAX:                                                                   \
            FOLD(x[0], (value > result || value != value) ? value : result);                   \
            break;                                                                             \
        case CRN_REDUCE_MIN:                                                                   \
            FOLD(x[0], (value < result || value != value) ? value : result);                   \
            break;                                                                             \
        case CRN_REDUCE_SQUARES:                                                               \
            FOLD(0, result + value * value);                                                   \
            break;                                                                             \
        case CRN_REDUCE_LOGSUMEXP: {                                                           \
            FOLD(x[0], value > result ? value : result);                                       \
            R most = isfinite(result) ? result : 0;                                            \
            FOLD(0, result + exp(value - most));                                               \
            result = log(result) + most;                                                       \
            break;                                                                             \
        }                                                                                      \
        }                                                                                      \
        return result;                                                                         \
    }

DEFINE_REDUCE(float, f32)
DEFINE_REDUCE(double, f64)

static void reduce_forward(const crn_call *call)
{
    crn_reduce_kind kind = *(const crn_reduce_kind *)call->attributes;
    int64_t n = crn_type_last(&call->in_types[0]);
    int64_t count = crn_type_count(&call->out_types[0], call->rows);
    for (int64_t i = 0; i < count; i++) {
        if (call->out_types[0].dtype == CRN_FLOAT32)
            ((float *)call->out[0])[i] =
                reduce_f32(kind, n, (const float *)call->in[0] + i * n);
        else
            ((double *)call->out[0])[i] =
                reduce_f64(kind, n, (const double *)call->in[0] + i * n);
    }
}

static void reduce_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)out;
    double each = *(const crn_reduce_kind *)attributes == CRN_REDUCE_LOGSUMEXP ? 12.0 : 1.0;
    cost->multiply_adds = each * (double)crn_type_size(&in[0]);
}

static void reduce_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"sum", "mean",           "max",
                                        "min", "sum of squares", "logsumexp"};
    snprintf(buffer, size, "%s", names[*(const crn_reduce_kind *)attributes]);
}

const crn_op crn_op_reduce = {
    .name = "reduce",
    .attributes_size = sizeof(crn_reduce_kind),
    .n_out = 1,
    .infer = reduce_infer,
    .forward = reduce_forward,
    .backward = crn_reduce_backward,
    .cost = reduce_cost,
    .describe = reduce_describe,
};

crn_value crn_reduce(crn_graph *graph, crn_value x, crn_reduce_kind kind)
{
    return crn_graph_add(graph, &crn_op_reduce, &kind, &x, 1);
}
