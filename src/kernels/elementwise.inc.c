/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of one element over dense memory; x and y may be the same. */
#include "kernels/exponential.h"
#include "kernels/kernels.h"
#include "kernels/level.h"

#define DEFINE_EACH(R, name, expression)                                                       \
    void CRN_AT_LEVEL(name)(int64_t n, const R *in, R *out)                                    \
    {                                                                                          \
        for (int64_t i = 0; i < n; i++) {                                                      \
            R x = in[i];                                                                       \
            out[i] = (expression);                                                             \
        }                                                                                      \
    }

DEFINE_EACH(float, relu_f32, x < 0 ? 0 : x)
DEFINE_EACH(double, relu_f64, x < 0 ? 0 : x)
DEFINE_EACH(float, exp_f32, exp_one_f32(x))
DEFINE_EACH(double, exp_f64, exp_one_f64(x))
DEFINE_EACH(float, sigmoid_f32, sigmoid_one_f32(x))
DEFINE_EACH(double, sigmoid_f64, sigmoid_one_f64(x))
DEFINE_EACH(float, tanh_f32, tanh_one_f32(x))
DEFINE_EACH(double, tanh_f64, tanh_one_f64(x))

DEFINE_EACH(float, silu_f32, (x * sigmoid_one_f32(x)))
DEFINE_EACH(double, silu_f64, (x * sigmoid_one_f64(x)))

#define DEFINE_ELU(R, suffix)                                                                  \
    void CRN_AT_LEVEL(elu_##suffix)(int64_t n, const R *x, R alpha, R scale, R *y)             \
    {                                                                                          \
        for (int64_t i = 0; i < n; i++) {                                                      \
            R below = alpha * expm1_one_##suffix(x[i]);                                        \
            y[i] = scale * (x[i] < 0 ? below : x[i]);                                          \
        }                                                                                      \
    }

DEFINE_ELU(float, f32)
DEFINE_ELU(double, f64)

void CRN_AT_LEVEL(narrow)(int64_t n, const double *x, float *y)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = (float)x[i];
}

/* Two roundings each, as NumPy's two statements have: the results are bit-equal. */
#define DEFINE_SCALE(R, suffix)                                                                \
    void CRN_AT_LEVEL(multiply_add_##suffix)(int64_t rows, int64_t n, const R *x, const R *a,  \
                                             const R *b, R *y)                                 \
    {                                                                                          \
        for (int64_t row = 0; row < rows; row++, x += n, y += n) {                             \
            for (int64_t j = 0; j < n; j++)                                                    \
                y[j] = x[j] * a[j] + b[j];                                                     \
        }                                                                                      \
    }                                                                                          \
    void CRN_AT_LEVEL(subtract_divide_##suffix)(int64_t rows, int64_t n, const R *x,           \
                                                const R *a, const R *b, R *y)                  \
    {                                                                                          \
        for (int64_t row = 0; row < rows; row++, x += n, y += n) {                             \
            for (int64_t j = 0; j < n; j++)                                                    \
                y[j] = (x[j] - a[j]) / b[j];                                                   \
        }                                                                                      \
    }

DEFINE_SCALE(float, f32)
DEFINE_SCALE(double, f64)
