/* SPDX-License-Identifier: BSD-3-Clause */
/* binary: sums, products and the like of two values, by NumPy's broadcasting on the item
 * shapes; a constant meets every row. */
#include <stdio.h>

#include "ops/elementwise.h"
#include "ops/backward.h"
#include "ops/broadcast.h"
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
    return crn_broadcast_infer("binary", a, b, &out[0], err);
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

static void run(const crn_call *call, int64_t n, const int64_t *at, const int64_t *steps,
                int64_t out_at)
{
    crn_binary_kind kind = *(const crn_binary_kind *)call->attributes;
    if (call->out_types[0].dtype == CRN_FLOAT32)
        binary_f32(kind, n, (const float *)call->in[0] + at[0], steps[0],
                   (const float *)call->in[1] + at[1], steps[1],
                   (float *)call->out[0] + out_at);
    else
        binary_f64(kind, n, (const double *)call->in[0] + at[0], steps[0],
                   (const double *)call->in[1] + at[1], steps[1],
                   (double *)call->out[0] + out_at);
}

static void binary_forward(const crn_call *call)
{
    crn_broadcast_pairs(call, run);
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
