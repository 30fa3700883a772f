/* SPDX-License-Identifier: BSD-3-Clause */
/* reduce_axis: any one axis of the item becomes one number (sum, prod, argmax ...), or is
 * computed along (cumsum, sort ...), for floats, int64 and bool. Sums of float32 are added in
 * float64: closer to the pairwise sums of TensorFlow than a single chain. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ops/infer.h"
#include "ops/tensor.h"

typedef struct reduce_axis_attributes {
    crn_reduce_axis_kind kind;
    int32_t axis;
} reduce_axis_attributes;

static bool keeps_axis(crn_reduce_axis_kind kind)
{
    return kind >= CRN_AXIS_CUMSUM;
}

static bool gives_index(crn_reduce_axis_kind kind)
{
    return kind == CRN_AXIS_ARGMAX || kind == CRN_AXIS_ARGMIN || kind == CRN_AXIS_ARGSORT;
}

static bool takes(crn_reduce_axis_kind kind, crn_dtype dtype)
{
    if (kind == CRN_AXIS_ANY || kind == CRN_AXIS_ALL)
        return dtype == CRN_BOOL;
    if (dtype == CRN_INT64)
        return kind != CRN_AXIS_MEAN;
    return dtype == CRN_FLOAT32 || dtype == CRN_FLOAT64;
}

static crn_status reduce_axis_infer(const void *attributes, const crn_type *in, int n_in,
                                    crn_type *out, crn_error *err)
{
    const reduce_axis_attributes *a = attributes;
    CRN_TRY(crn_infer_count("reduce_axis", n_in, 1, 1, err));
    if ((unsigned)a->kind >= CRN_AXIS_COUNT || in[0].sparse || !takes(a->kind, in[0].dtype))
        return crn_fail(err, CRN_DTYPE, "reduce_axis: function %d has no form for %s",
                        (int)a->kind, crn_dtype_name(in[0].dtype));
    if (a->axis < 0 || a->axis >= in[0].ndim)
        return crn_fail(err, CRN_SHAPE, "reduce_axis: no axis %d in an item of %d axes",
                        a->axis, in[0].ndim);
    const bool has_start = a->kind == CRN_AXIS_SUM || a->kind == CRN_AXIS_PROD ||
                           a->kind == CRN_AXIS_ANY || a->kind == CRN_AXIS_ALL;
    if (in[0].shape[a->axis] < 1 && !has_start && !keeps_axis(a->kind))
        return crn_fail(err, CRN_SHAPE, "zero-size array to reduction operation");
    out[0] = in[0];
    if (gives_index(a->kind)) {
        out[0].dtype = CRN_INT64;
        out[0].itemsize = (int64_t)crn_dtype_size(CRN_INT64);
    }
    if (keeps_axis(a->kind))
        return CRN_OK;
    out[0].ndim--;
    for (int32_t i = a->axis; i < out[0].ndim; i++)
        out[0].shape[i] = in[0].shape[i + 1];
    return CRN_OK;
}

/* ---- one axis: n elements, `step` apart ---- */

typedef struct sorted_element {
    double value;
    int64_t index;
} sorted_element;

/* Ascending, NaN last, equal ones in their order. */
static int by_value(const void *a, const void *b)
{
    const sorted_element *x = a, *y = b;
    const bool x_nan = isnan(x->value), y_nan = isnan(y->value);
    if (x_nan != y_nan)
        return x_nan ? 1 : -1;
    if (!x_nan && x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

#define FOLD(start, expression)                                                                \
    do {                                                                                       \
        total = (start);                                                                       \
        for (int64_t j = 0; j < n; j++) {                                                      \
            const sum value = (sum)x[j * step];                                                \
            total = (expression);                                                              \
        }                                                                                      \
    } while (0)

#define SCAN(start, expression)                                                                \
    do {                                                                                       \
        total = (start);                                                                       \
        for (int64_t j = 0; j < n; j++) {                                                      \
            const sum value = (sum)x[j * step];                                                \
            total = (expression);                                                              \
            out[j * step] = (number)total;                                                     \
        }                                                                                      \
    } while (0)

/* E: the element; S: what sums are added in, unsigned for integers, which wrap. */
#define DEFINE_AXIS(E, S, suffix)                                                              \
    static int64_t best_##suffix(int64_t n, int64_t step, const E *x, bool largest)            \
    {                                                                                          \
        int64_t best = 0;                                                                      \
        for (int64_t j = 1; j < n; j++) {                                                      \
            const E value = x[j * step], other = x[best * step];                               \
            if (other == other &&                                                              \
                (value != value || (largest ? value > other : value < other)))                 \
                best = j;                                                                      \
        }                                                                                      \
        return best;                                                                           \
    }                                                                                          \
                                                                                               \
    static void sort_##suffix(int64_t n, int64_t step, const E *x, sorted_element *order)      \
    {                                                                                          \
        for (int64_t j = 0; j < n; j++)                                                        \
            order[j] = (sorted_element){(double)x[j * step], j};                               \
        qsort(order, (size_t)n, sizeof *order, by_value);                                      \
    }                                                                                          \
                                                                                               \
    static void axis_##suffix(crn_reduce_axis_kind kind, int64_t n, int64_t step, const E *x,  \
                              void *to, sorted_element *order)                                 \
    {                                                                                          \
        typedef S sum;                                                                         \
        typedef E number;                                                                      \
        number *out = to;                                                                      \
        sum total = 0;                                                                         \
        switch (kind) {                                                                        \
        case CRN_AXIS_SUM:                                                                     \
        case CRN_AXIS_MEAN:                                                                    \
            FOLD(0, total + value);                                                            \
            *out = (number)(kind == CRN_AXIS_MEAN ? total / (sum)n : total);                   \
            break;                                                                             \
        case CRN_AXIS_PROD:                                                                    \
            FOLD(1, total *value);                                                             \
            *out = (number)total;                                                              \
            break;                                                                             \
        case CRN_AXIS_MAX:                                                                     \
        case CRN_AXIS_MIN:                                                                     \
            *out = x[best_##suffix(n, step, x, kind == CRN_AXIS_MAX) * step];                  \
            break;                                                                             \
        case CRN_AXIS_ARGMAX:                                                                  \
        case CRN_AXIS_ARGMIN:                                                                  \
            *(int64_t *)to = best_##suffix(n, step, x, kind == CRN_AXIS_ARGMAX);               \
            break;                                                                             \
        case CRN_AXIS_CUMSUM:                                                                  \
            SCAN(0, total + value);                                                            \
            break;                                                                             \
        case CRN_AXIS_CUMPROD:                                                                 \
            SCAN(1, total *value);                                                             \
            break;                                                                             \
        default:                                                                               \
            sort_##suffix(n, step, x, order);                                                  \
            for (int64_t j = 0; j < n; j++) {                                                  \
                if (kind == CRN_AXIS_SORT)                                                     \
                    out[j * step] = x[order[j].index * step];                                  \
                else                                                                           \
                    ((int64_t *)to)[j * step] = order[j].index;                                \
            }                                                                                  \
            break;                                                                             \
        }                                                                                      \
    }

DEFINE_AXIS(float, double, f32)
DEFINE_AXIS(double, double, f64)
DEFINE_AXIS(int64_t, uint64_t, i64)

static void axis_bool(crn_reduce_axis_kind kind, int64_t n, int64_t step, const uint8_t *x,
                      uint8_t *out)
{
    const bool any = kind == CRN_AXIS_ANY;
    bool found = false; /* one that decides */
    for (int64_t j = 0; j < n && !found; j++)
        found = (x[j * step] != 0) == any;
    *out = found == any;
}

static void run_axis(const crn_call *call, int64_t n, int64_t step, int64_t in_at,
                     int64_t out_at)
{
    const crn_reduce_axis_kind kind = ((const reduce_axis_attributes *)call->attributes)->kind;
    const crn_type *in = &call->in_types[0];
    const char *x = (const char *)call->in[0] + in_at * in->itemsize;
    char *out = (char *)call->out[0] + out_at * call->out_types[0].itemsize;
    switch (in->dtype) {
    case CRN_FLOAT32:
        axis_f32(kind, n, step, (const float *)x, out, call->scratch);
        break;
    case CRN_FLOAT64:
        axis_f64(kind, n, step, (const double *)x, out, call->scratch);
        break;
    case CRN_INT64:
        axis_i64(kind, n, step, (const int64_t *)x, out, call->scratch);
        break;
    default:
        axis_bool(kind, n, step, (const uint8_t *)x, (uint8_t *)out);
        break;
    }
}

static void reduce_axis_forward(const crn_call *call)
{
    const reduce_axis_attributes *a = call->attributes;
    const crn_type *in = &call->in_types[0];
    const int64_t n = in->shape[a->axis];
    int64_t outer = in->rows ? call->rows : 1, inner = 1;
    for (int32_t i = 0; i < a->axis; i++)
        outer *= in->shape[i];
    for (int32_t i = a->axis + 1; i < in->ndim; i++)
        inner *= in->shape[i];
    for (int64_t o = 0; o < outer; o++) {
        for (int64_t i = 0; i < inner; i++) {
            const int64_t at = o * n * inner + i;
            run_axis(call, n, inner, at, keeps_axis(a->kind) ? at : o * inner + i);
        }
    }
}

static size_t reduce_axis_scratch(const void *attributes, const crn_type *in, int n_in,
                                  int64_t rows)
{
    const reduce_axis_attributes *a = attributes;
    (void)n_in, (void)rows;
    return a->kind >= CRN_AXIS_SORT ? (size_t)in[0].shape[a->axis] * sizeof(sorted_element) : 0;
}

static void reduce_axis_cost(const void *attributes, const crn_type *in, const crn_type *out,
                             crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = 2.0 * (double)crn_type_size(&in[0]);
}

static void reduce_axis_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[CRN_AXIS_COUNT] = {
        "sum",    "mean",   "prod",   "max",     "min",  "any",    "all",
        "argmax", "argmin", "cumsum", "cumprod", "sort", "argsort"};
    const reduce_axis_attributes *a = attributes;
    snprintf(buffer, size, "%s axis=%d", names[a->kind], a->axis);
}

const crn_op crn_op_reduce_axis = {
    .name = "reduce_axis",
    .attributes_size = sizeof(reduce_axis_attributes),
    .n_out = 1,
    .infer = reduce_axis_infer,
    .forward = reduce_axis_forward,
    .scratch = reduce_axis_scratch,
    .cost = reduce_axis_cost,
    .describe = reduce_axis_describe,
};

crn_value crn_reduce_axis(crn_graph *graph, crn_value x, crn_reduce_axis_kind kind,
                          int32_t axis)
{
    const reduce_axis_attributes attributes = {.kind = kind, .axis = axis};
    return crn_graph_add_for_predict(graph, &crn_op_reduce_axis, &attributes, &x, 1);
}
