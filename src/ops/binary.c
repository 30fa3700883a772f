/* SPDX-License-Identifier: BSD-3-Clause */
/* binary: sums, products and the like of two values, by NumPy's broadcasting on the item
 * shapes; a constant meets every row. */
#include <stdio.h>

#include "ops/elementwise.h"
#include "ops/backward.h"
#include "ops/infer.h"

/* kind, name, formula of x and y; minimum and maximum give NaN when either is NaN, as NumPy's
 * do */
#define BINARY_MAP(X)                                                                          \
    X(ADD, "add", x + y)                                                                       \
    X(SUBTRACT, "subtract", x - y)                                                             \
    X(MULTIPLY, "multiply", (x * y))                                                           \
    X(DIVIDE, "divide", x / y)                                                                 \
    X(MINIMUM, "minimum", (x < y || x != x) ? x : y)                                           \
    X(MAXIMUM, "maximum", (x > y || x != x) ? x : y)

static const char *binary_name(crn_binary_kind kind)
{
    switch (kind) {
#define BINARY_NAME(name, text, formula)                                                       \
    case CRN_BINARY_##name:                                                                    \
        return text;
        BINARY_MAP(BINARY_NAME)
#undef BINARY_NAME
    }
    return NULL;
}

static crn_status binary_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    CRN_TRY(crn_infer_count("binary", n_in, 2, 2, err));
    CRN_TRY(crn_infer_float("binary", &in[0], err));
    const crn_type *a = &in[0], *b = &in[1];
    if (binary_name(*(const crn_binary_kind *)attributes) == NULL)
        return crn_fail(err, CRN_ARGUMENT, "binary: unknown kind %d",
                        (int)*(const crn_binary_kind *)attributes);
    if (a->dtype != b->dtype)
        return crn_infer_misfit("binary", a, b, err);
    const crn_type *longer = a->ndim >= b->ndim ? a : b;
    const crn_type *shorter = longer == a ? b : a;
    out[0] = *longer;
    out[0].rows = a->rows || b->rows;
    for (int32_t i = 1; i <= shorter->ndim; i++) {
        int64_t from_longer = longer->shape[longer->ndim - i];
        int64_t from_shorter = shorter->shape[shorter->ndim - i];
        if (from_longer != from_shorter && from_longer != 1 && from_shorter != 1)
            return crn_infer_misfit("binary", a, b, err);
        out[0].shape[longer->ndim - i] = from_longer == 1 ? from_shorter : from_longer;
    }
    return CRN_OK;
}

/* ---- loops ---- */

/* One run of n elements; a step of 0 repeats an operand. */
#define BINARY_LOOP(name, text, formula)                                                       \
    case CRN_BINARY_##name:                                                                    \
        for (int64_t i = 0; i < n; i++) {                                                      \
            real x = a[i * a_step], y = b[i * b_step];                                         \
            out[i] = (formula);                                                                \
        }                                                                                      \
        break;

#define DEFINE_BINARY(R, suffix)                                                               \
    static void binary_##suffix(crn_binary_kind kind, int64_t n, const R *a, int64_t a_step,   \
                                const R *b, int64_t b_step, R *out)                            \
    {                                                                                          \
        typedef R real;                                                                        \
        switch (kind) {                                                                        \
            BINARY_MAP(BINARY_LOOP)                                                            \
        }                                                                                      \
    }

DEFINE_BINARY(float, f32)
DEFINE_BINARY(double, f64)

static void run(const crn_call *call, int64_t n, int64_t a_at, int64_t a_step, int64_t b_at,
                int64_t b_step, int64_t out_at)
{
    crn_binary_kind kind = *(const crn_binary_kind *)call->attributes;
    if (call->out_types[0].dtype == CRN_FLOAT32)
        binary_f32(kind, n, (const float *)call->in[0] + a_at, a_step,
                   (const float *)call->in[1] + b_at, b_step, (float *)call->out[0] + out_at);
    else
        binary_f64(kind, n, (const double *)call->in[0] + a_at, a_step,
                   (const double *)call->in[1] + b_at, b_step, (double *)call->out[0] + out_at);
}

/* Elements between neighbours of each axis of `out` in an operand; 0 where it repeats. */
static void operand_steps(const crn_type *operand, const crn_type *out, int64_t *steps)
{
    int64_t step = 1;
    for (int32_t i = out->ndim - 1; i >= 0; i--) {
        int32_t axis = operand->ndim - (out->ndim - i);
        int64_t length = axis >= 0 ? operand->shape[axis] : 1;
        steps[i] = length == 1 ? 0 : step;
        step *= length;
    }
}

/* One item, axis by axis: the last axis is a run, an odometer counts the ones before it. */
static void run_item(const crn_call *call, int64_t a_at, int64_t b_at, int64_t out_at)
{
    const crn_type *out = &call->out_types[0];
    int64_t a_steps[CRN_MAX_NDIM], b_steps[CRN_MAX_NDIM], at[CRN_MAX_NDIM] = {0};
    operand_steps(&call->in_types[0], out, a_steps);
    operand_steps(&call->in_types[1], out, b_steps);
    int32_t last = out->ndim - 1;
    int64_t n = out->shape[last];
    for (int64_t outer = crn_type_outer(out); outer > 0; outer--) {
        run(call, n, a_at, a_steps[last], b_at, b_steps[last], out_at);
        out_at += n;
        for (int32_t axis = last - 1; axis >= 0; axis--) {
            a_at += a_steps[axis];
            b_at += b_steps[axis];
            if (++at[axis] < out->shape[axis])
                break;
            a_at -= a_steps[axis] * out->shape[axis];
            b_at -= b_steps[axis] * out->shape[axis];
            at[axis] = 0;
        }
    }
}

static void binary_forward(const crn_call *call)
{
    const crn_type *a = &call->in_types[0], *b = &call->in_types[1], *out = &call->out_types[0];
    int64_t a_size = crn_type_size(a), b_size = crn_type_size(b), size = crn_type_size(out);
    int64_t rows = out->rows ? call->rows : 1;
    bool a_whole = a_size == size && a->rows == out->rows;
    bool b_whole = b_size == size && b->rows == out->rows;
    if (a_whole && b_whole)
        run(call, rows * size, 0, 1, 0, 1, 0);
    else if (a_whole && b_size == 1 && !b->rows)
        run(call, rows * size, 0, 1, 0, 0, 0);
    else if (b_whole && a_size == 1 && !a->rows)
        run(call, rows * size, 0, 0, 0, 1, 0);
    else if (a_size == size && b_size == size)
        for (int64_t row = 0; row < rows; row++)
            run(call, size, a->rows ? row * size : 0, 1, b->rows ? row * size : 0, 1,
                row * size);
    else
        for (int64_t row = 0; row < rows; row++)
            run_item(call, a->rows ? row * a_size : 0, b->rows ? row * b_size : 0, row * size);
}

static void binary_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = (double)crn_type_size(&out[0]);
    for (int i = 0; i < 2; i++) {
        if (!in[i].rows)
            cost->bytes += (double)(crn_type_size(&in[i]) * in[i].itemsize);
    }
}

static void binary_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", binary_name(*(const crn_binary_kind *)attributes));
}

const crn_op crn_op_binary = {
    .name = "binary",
    .attributes_size = sizeof(crn_binary_kind),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = binary_infer,
    .forward = binary_forward,
    .backward = crn_binary_backward,
    .cost = binary_cost,
    .describe = binary_describe,
};

crn_value crn_binary(crn_graph *graph, crn_value a, crn_value b, crn_binary_kind kind)
{
    return crn_graph_add(graph, &crn_op_binary, &kind, (crn_value[]){a, b}, 2);
}
