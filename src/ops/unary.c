/* SPDX-License-Identifier: BSD-3-Clause */
/* unary: a function of one element, for float32 and float64. */
#include <math.h>
#include <stdio.h>
#include <tgmath.h>

#include "ops/elementwise.h"
#include "ops/backward.h"
#include "ops/infer.h"

/* kind, name, formula of x */
#define UNARY_MAP(X)                                                                           \
    X(NEGATE, "negate", -x)                                                                    \
    X(ABS, "abs", fabs(x))                                                                     \
    X(SQUARE, "square", (x * x))                                                               \
    X(SQRT, "sqrt", sqrt(x))                                                                   \
    X(EXP, "exp", exp(x))                                                                      \
    X(LOG, "log", log(x))                                                                      \
    X(LOG1P, "log1p", log1p(x))                                                                \
    X(EXPM1, "expm1", expm1(x))                                                                \
    X(RECIPROCAL, "reciprocal", 1 / x)                                                         \
    X(COMPLEMENT, "complement", 1 - x)                                                         \
    X(COS, "cos", cos(x))                                                                      \
    X(EXPIT, "expit", 1 / (1 + exp(-x)))

static const char *unary_name(crn_unary_kind kind)
{
    switch (kind) {
#define UNARY_NAME(name, text, formula)                                                        \
    case CRN_UNARY_##name:                                                                     \
        return text;
        UNARY_MAP(UNARY_NAME)
#undef UNARY_NAME
    }
    return NULL;
}

static crn_status unary_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    CRN_TRY(crn_infer_count("unary", n_in, 1, 1, err));
    CRN_TRY(crn_infer_float("unary", &in[0], err));
    if (unary_name(*(const crn_unary_kind *)attributes) == NULL)
        return crn_fail(err, CRN_ARGUMENT, "unary: unknown kind %d",
                        (int)*(const crn_unary_kind *)attributes);
    out[0] = in[0];
    return CRN_OK;
}

#define UNARY_LOOP(name, text, formula)                                                        \
    case CRN_UNARY_##name:                                                                     \
        for (int64_t i = 0; i < n; i++) {                                                      \
            real x = in[i];                                                                    \
            out[i] = formula;                                                                  \
        }                                                                                      \
        break;

#define DEFINE_UNARY(R, suffix)                                                                \
    static void unary_##suffix(crn_unary_kind kind, int64_t n, const R *in, R *out)            \
    {                                                                                          \
        typedef R real;                                                                        \
        switch (kind) {                                                                        \
            UNARY_MAP(UNARY_LOOP)                                                              \
        }                                                                                      \
    }

DEFINE_UNARY(float, f32)
DEFINE_UNARY(double, f64)

/* exp and expit have kernels. False: not done. */
static bool unary_by_kernel(crn_unary_kind kind, const crn_call *call, int64_t n)
{
    const crn_kernels *k = call->kernels;
    if (kind != CRN_UNARY_EXP && kind != CRN_UNARY_EXPIT)
        return false;
    if (call->out_types[0].dtype == CRN_FLOAT32)
        (kind == CRN_UNARY_EXP ? k->exp_f32 : k->sigmoid_f32)(n, call->in[0], call->out[0]);
    else
        (kind == CRN_UNARY_EXP ? k->exp_f64 : k->sigmoid_f64)(n, call->in[0], call->out[0]);
    return true;
}

static void unary_forward(const crn_call *call)
{
    crn_unary_kind kind = *(const crn_unary_kind *)call->attributes;
    int64_t n = crn_type_count(&call->out_types[0], call->rows);
    if (unary_by_kernel(kind, call, n))
        return;
    if (call->out_types[0].dtype == CRN_FLOAT32)
        unary_f32(kind, n, call->in[0], call->out[0]);
    else
        unary_f64(kind, n, call->in[0], call->out[0]);
}

/* An exponential or a logarithm is about ten multiply-adds. */
static void unary_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    (void)in;
    crn_unary_kind kind = *(const crn_unary_kind *)attributes;
    bool simple = kind == CRN_UNARY_NEGATE || kind == CRN_UNARY_ABS ||
                  kind == CRN_UNARY_SQUARE || kind == CRN_UNARY_COMPLEMENT;
    cost->multiply_adds = (simple ? 1.0 : 10.0) * (double)crn_type_size(&out[0]);
}

static void unary_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", unary_name(*(const crn_unary_kind *)attributes));
}

const crn_op crn_op_unary = {
    .name = "unary",
    .attributes_size = sizeof(crn_unary_kind),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = unary_infer,
    .forward = unary_forward,
    .backward = crn_unary_backward,
    .cost = unary_cost,
    .describe = unary_describe,
};

crn_value crn_unary(crn_graph *graph, crn_value x, crn_unary_kind kind)
{
    return crn_graph_add(graph, &crn_op_unary, &kind, &x, 1);
}
