/* SPDX-License-Identifier: BSD-3-Clause */
/* activation: one function of keras.activations (3.15) on every element. The common ones are
 * kernels; the formulas of the rest stand here once for both float types, by <tgmath.h>. */
#include "ops/activation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <tgmath.h>

#include "ops/backward.h"
#include "ops/infer.h"

/* ---- names and defaults ---- */

crn_activation crn_activation_default(crn_activation_kind kind)
{
    crn_activation activation = {.kind = kind};
    switch (kind) {
    case CRN_RELU:
        activation.b = INFINITY;
        break;
    case CRN_ELU:
    case CRN_CELU:
        activation.a = 1.0f;
        break;
    case CRN_LEAKY_RELU:
        activation.a = 0.2f;
        break;
    case CRN_HARD_SIGMOID:
        activation.a = 1.0f / 6.0f;
        activation.b = 0.5f;
        break;
    case CRN_HARD_SHRINK:
    case CRN_SOFT_SHRINK:
        activation.a = 0.5f;
        break;
    case CRN_SQUAREPLUS:
        activation.a = 4.0f;
        break;
    default:
        break;
    }
    return activation;
}

static const char *const names[CRN_ACTIVATION_COUNT] = {
#define CRN_ACTIVATION_TEXT(name, text) text,
    CRN_ACTIVATION_MAP(CRN_ACTIVATION_TEXT)
#undef CRN_ACTIVATION_TEXT
};

const char *crn_activation_name(crn_activation_kind kind)
{
    return (unsigned)kind < CRN_ACTIVATION_COUNT ? names[kind] : "?";
}

bool crn_activation_find(const char *name, crn_activation *out)
{
    if (strcmp(name, "swish") == 0)
        name = "silu";
    if (strcmp(name, "hard_swish") == 0)
        name = "hard_silu";
    for (int kind = 0; kind < CRN_ACTIVATION_COUNT; kind++) {
        if (strcmp(name, names[kind]) == 0) {
            *out = crn_activation_default((crn_activation_kind)kind);
            return true;
        }
    }
    return false;
}

/* ---- formulas ---- */

/* Comparisons are written so that a NaN comes through wherever it does in TensorFlow: `x < 0 ?
 * 0 : x`. R is the float type, x the element, a, b, c the parameters. */
#define POSITIVE(x)      ((x) < 0 ? 0 : (x))
#define CLAMP(x, lo, hi) ((x) < (lo) ? (lo) : (x) > (hi) ? (hi) : (x))
#define SOFTPLUS(x)      (POSITIVE(x) + log1p(exp(-fabs(x))))
#define SIGMOID(x)       (1 / (1 + exp(-(x))))

#define FORMULAS(X, R)                                                                         \
    X(LINEAR, x)                                                                               \
    X(RELU6, CLAMP(x, 0, 6))                                                                   \
    X(SIGMOID, SIGMOID(x))                                                                     \
    X(TANH, tanh(x))                                                                           \
    X(SOFTPLUS, SOFTPLUS(x))                                                                   \
    X(SOFTSIGN, x / (1 + fabs(x)))                                                             \
    X(SILU, x *SIGMOID(x))                                                                     \
    X(EXPONENTIAL, exp(x))                                                                     \
    X(HARD_SIGMOID, CLAMP(a *x + b, 0, 1))                                                     \
    X(HARD_SILU, x *CLAMP(x / 6 + (R)0.5, 0, 1))                                               \
    X(HARD_TANH, CLAMP(x, -1, 1))                                                              \
    X(LEAKY_RELU, x < 0 ? a * x : x)                                                           \
    X(MISH, x *tanh(SOFTPLUS(x)))                                                              \
    X(CELU, x < 0 ? a * expm1(x / a) : x)                                                      \
    X(LOG_SIGMOID, -SOFTPLUS(-x))                                                              \
    X(HARD_SHRINK, fabs(x) > a ? x : 0)                                                        \
    X(SOFT_SHRINK, x > a ? x - a : x < -a ? x + a : 0)                                         \
    X(TANH_SHRINK, x - tanh(x))                                                                \
    X(THRESHOLD, x > a ? x : b)                                                                \
    X(SPARSE_PLUS, x <= -1 ? 0 : x < 1 ? (R)0.25 * (x + 1) * (x + 1) : x)                      \
    X(SPARSE_SIGMOID, x <= -1 ? 0 : x >= 1 ? 1 : (R)0.5 * (x + 1))                             \
    X(SQUAREPLUS, (x + sqrt(x * x + a)) / 2)

/* keras/src/backend/tensorflow/nn.py, selu */
#define SELU_ALPHA 1.6732632423543772
#define SELU_SCALE 1.0507009873554805

/* relu with its three parameters (class ReLU in keras/src/activations/activations.py): below
 * the threshold 0, above max_value max_value, and negative_slope * (x - threshold) below the
 * threshold. */
#define DEFINE_RELU(R, suffix)                                                                 \
    static R relu_##suffix(R x, R slope, R max_value, R threshold)                             \
    {                                                                                          \
        R y = threshold == 0 ? POSITIVE(x) : x > threshold ? x : 0;                            \
        y = y > max_value ? max_value : y;                                                     \
        return slope == 0 ? y : y - slope * POSITIVE(threshold - x);                           \
    }

/* gelu by erfc, and its approximation by a sigmoid: (1 + tanh(u)) / 2 = sigmoid(2 u). Both keep
 * their digits where 1 + erf and 1 + tanh would cancel. */
#define DEFINE_GELU(R, suffix)                                                                 \
    static R gelu_##suffix(R x, R approximate)                                                 \
    {                                                                                          \
        if (approximate == 0)                                                                  \
            return (R)0.5 * x * erfc(-x * (R)0.70710678118654752);                             \
        return x * SIGMOID((R)1.5957691216057308 * (x + (R)0.044715 * x * x * x));             \
    }

#define LOOP(name, formula)                                                                    \
    case CRN_##name:                                                                           \
        for (int64_t i = 0; i < n; i++) {                                                      \
            real x = in[i];                                                                    \
            out[i] = (real)(formula);                                                          \
        }                                                                                      \
        break;

/* The kinds that have a kernel; NULL for the others. */
#define DEFINE_KERNEL(R, suffix)                                                               \
    typedef void (*kernel_##suffix)(int64_t n, const R *x, R *y);                              \
    static kernel_##suffix find_kernel_##suffix(const crn_activation *activation,              \
                                                const crn_kernels *kernels)                    \
    {                                                                                          \
        switch (activation->kind) {                                                            \
        case CRN_RELU:                                                                         \
            return activation->a == 0 && activation->b == INFINITY && activation->c == 0       \
                       ? kernels->relu_##suffix                                                \
                       : NULL;                                                                 \
        case CRN_SIGMOID:                                                                      \
            return kernels->sigmoid_##suffix;                                                  \
        case CRN_TANH:                                                                         \
            return kernels->tanh_##suffix;                                                     \
        case CRN_SILU:                                                                         \
            return kernels->silu_##suffix;                                                     \
        case CRN_EXPONENTIAL:                                                                  \
            return kernels->exp_##suffix;                                                      \
        default:                                                                               \
            return NULL;                                                                       \
        }                                                                                      \
    }

#define DEFINE_RUN(R, suffix)                                                                  \
    DEFINE_RELU(R, suffix)                                                                     \
    DEFINE_GELU(R, suffix)                                                                     \
    DEFINE_KERNEL(R, suffix)                                                                   \
    static void run_##suffix(const crn_activation *activation, int64_t n, const R *in, R *out, \
                             const crn_kernels *kernels)                                       \
    {                                                                                          \
        typedef R real;                                                                        \
        R a = (R)activation->a, b = (R)activation->b, c = (R)activation->c;                    \
        kernel_##suffix kernel = find_kernel_##suffix(activation, kernels);                    \
        if (kernel != NULL) {                                                                  \
            kernel(n, in, out);                                                                \
            return;                                                                            \
        }                                                                                      \
        switch (activation->kind) {                                                            \
            FORMULAS(LOOP, R)                                                                  \
        case CRN_ELU:                                                                          \
            kernels->elu_##suffix(n, in, a, 1, out);                                           \
            break;                                                                             \
        case CRN_SELU:                                                                         \
            kernels->elu_##suffix(n, in, (R)SELU_ALPHA, (R)SELU_SCALE, out);                   \
            break;                                                                             \
            LOOP(RELU, relu_##suffix(x, a, b, c))                                              \
            LOOP(GELU, gelu_##suffix(x, a))                                                    \
        case CRN_ACTIVATION_COUNT:                                                             \
            break;                                                                             \
        }                                                                                      \
    }

DEFINE_RUN(float, f32)
DEFINE_RUN(double, f64)

void crn_activation_run(const crn_activation *activation, crn_dtype dtype, int64_t n,
                        const void *x, void *y, const crn_kernels *kernels)
{
    if (dtype == CRN_FLOAT32)
        run_f32(activation, n, x, y, kernels);
    else
        run_f64(activation, n, x, y, kernels);
}

/* ---- operation ---- */

static crn_status activation_infer(const void *attributes, const crn_type *in, int n_in,
                                   crn_type *out, crn_error *err)
{
    const crn_activation *a = attributes;
    CRN_TRY(crn_infer_count("activation", n_in, 1, 1, err));
    CRN_TRY(crn_infer_float("activation", &in[0], err));
    if ((unsigned)a->kind >= CRN_ACTIVATION_COUNT)
        return crn_fail(err, CRN_ARGUMENT, "activation: unknown kind %d", (int)a->kind);
    out[0] = in[0];
    return CRN_OK;
}

static void activation_forward(const crn_call *call)
{
    const crn_type *type = &call->out_types[0];
    crn_activation_run(call->attributes, type->dtype, crn_type_count(type, call->rows),
                       call->in[0], call->out[0], call->kernels);
}

/* A polynomial and a division are about ten multiply-adds. */
static void activation_cost(const void *attributes, const crn_type *in, const crn_type *out,
                            crn_cost *cost)
{
    (void)in;
    crn_activation_kind kind = ((const crn_activation *)attributes)->kind;
    bool simple = kind == CRN_RELU || kind == CRN_RELU6 || kind == CRN_LEAKY_RELU;
    cost->multiply_adds = (simple ? 1.0 : 10.0) * (double)crn_type_size(&out[0]);
}

static void activation_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s",
             crn_activation_name(((const crn_activation *)attributes)->kind));
}

const crn_op crn_op_activation = {
    .name = "activation",
    .attributes_size = sizeof(crn_activation),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = activation_infer,
    .forward = activation_forward,
    .backward = crn_activation_backward,
    .cost = activation_cost,
    .describe = activation_describe,
};

crn_value crn_activate(crn_graph *graph, crn_value x, crn_activation activation)
{
    if (activation.kind == CRN_LINEAR)
        return x;
    return crn_graph_add(graph, &crn_op_activation, &activation, &x, 1);
}
