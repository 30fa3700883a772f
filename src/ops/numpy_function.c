/* SPDX-License-Identifier: BSD-3-Clause */
/* numpy_function: a NumPy function of one element, by its name in Python, for float64, and for
 * float32 by way of it. Input: x. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/elementwise.h"
#include "ops/infer.h"

static double sinc_of(double x)
{
    const double angle = 3.14159265358979323846 * x;
    return angle == 0 ? 1.0 : sin(angle) / angle;
}

static double sign_of(double x)
{
    return x > 0 ? 1.0 : x < 0 ? -1.0 : x;
}

/* numpy.square and so on: names, formula of x */
#define FUNCTION_MAP(X)                                                                        \
    X(abs, fabs(x))                                                                            \
    X(absolute, fabs(x))                                                                       \
    X(arccos, acos(x))                                                                         \
    X(arccosh, acosh(x))                                                                       \
    X(arcsin, asin(x))                                                                         \
    X(arcsinh, asinh(x))                                                                       \
    X(arctan, atan(x))                                                                         \
    X(arctanh, atanh(x))                                                                       \
    X(cbrt, cbrt(x))                                                                           \
    X(ceil, ceil(x))                                                                           \
    X(conj, x)                                                                                 \
    X(conjugate, x)                                                                            \
    X(cos, cos(x))                                                                             \
    X(cosh, cosh(x))                                                                           \
    X(deg2rad, (x * (3.14159265358979323846 / 180.0)))                                         \
    X(degrees, (x * (180.0 / 3.14159265358979323846)))                                         \
    X(erf, erf(x))                                                                             \
    X(erfc, erfc(x))                                                                           \
    X(exp, exp(x))                                                                             \
    X(exp2, exp2(x))                                                                           \
    X(expm1, expm1(x))                                                                         \
    X(fabs, fabs(x))                                                                           \
    X(floor, floor(x))                                                                         \
    X(log, log(x))                                                                             \
    X(log10, log10(x))                                                                         \
    X(log1p, log1p(x))                                                                         \
    X(log2, log2(x))                                                                           \
    X(negative, -x)                                                                            \
    X(positive, x)                                                                             \
    X(rad2deg, (x * (180.0 / 3.14159265358979323846)))                                         \
    X(radians, (x * (3.14159265358979323846 / 180.0)))                                         \
    X(reciprocal, 1.0 / x)                                                                     \
    X(rint, rint(x))                                                                           \
    X(sign, sign_of(x))                                                                        \
    X(real, x)                                                                                 \
    X(sinc, sinc_of(x))                                                                        \
    X(sin, sin(x))                                                                             \
    X(sinh, sinh(x))                                                                           \
    X(sqrt, sqrt(x))                                                                           \
    X(square, (x * x))                                                                         \
    X(tan, tan(x))                                                                             \
    X(tanh, tanh(x))                                                                           \
    X(trunc, trunc(x))

enum {
#define FUNCTION_NUMBER(name, formula) NUMBER_##name,
    FUNCTION_MAP(FUNCTION_NUMBER)
#undef FUNCTION_NUMBER
        FUNCTION_COUNT
};

static const char *const names[] = {
#define FUNCTION_NAME(name, formula) #name,
    FUNCTION_MAP(FUNCTION_NAME)
#undef FUNCTION_NAME
};

bool crn_numpy_function_find(const char *name, int *out)
{
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static crn_status numpy_function_infer(const void *attributes, const crn_type *in, int n_in,
                                       crn_type *out, crn_error *err)
{
    const int function = *(const int *)attributes;
    CRN_TRY(crn_infer_count("numpy_function", n_in, 1, 1, err));
    if ((in[0].dtype != CRN_FLOAT64 && in[0].dtype != CRN_FLOAT32) || function < 0 ||
        function >= FUNCTION_COUNT)
        return crn_fail(err, CRN_DTYPE, "numpy_function: a function of floats is needed");
    out[0] = in[0];
    return CRN_OK;
}

#define FUNCTION_LOOP(name, formula)                                                           \
    case NUMBER_##name:                                                                        \
        for (int64_t i = 0; i < n; i++) {                                                      \
            const double x = (double)in[i];                                                    \
            out[i] = (real)(formula);                                                          \
        }                                                                                      \
        break;

#define DEFINE_FUNCTIONS(R, suffix)                                                            \
    static void run_##suffix(int function, int64_t n, const R *in, R *out)                     \
    {                                                                                          \
        typedef R real;                                                                        \
        switch (function) {                                                                    \
            FUNCTION_MAP(FUNCTION_LOOP)                                                        \
        default:                                                                               \
            break;                                                                             \
        }                                                                                      \
    }

DEFINE_FUNCTIONS(float, f32)
DEFINE_FUNCTIONS(double, f64)

static void numpy_function_forward(const crn_call *call)
{
    const int function = *(const int *)call->attributes;
    const int64_t n = crn_type_count(&call->out_types[0], call->rows);
    if (call->out_types[0].dtype == CRN_FLOAT32)
        run_f32(function, n, call->in[0], call->out[0]);
    else
        run_f64(function, n, call->in[0], call->out[0]);
}

static void numpy_function_cost(const void *attributes, const crn_type *in, const crn_type *out,
                                crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 10.0 * (double)crn_type_size(&out[0]);
}

static void numpy_function_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", names[*(const int *)attributes]);
}

const crn_op crn_op_numpy_function = {
    .name = "numpy_function",
    .attributes_size = sizeof(int),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = numpy_function_infer,
    .forward = numpy_function_forward,
    .cost = numpy_function_cost,
    .describe = numpy_function_describe,
};

crn_value crn_numpy_function(crn_graph *graph, crn_value x, int function)
{
    return crn_graph_add(graph, &crn_op_numpy_function, &function, &x, 1);
}
