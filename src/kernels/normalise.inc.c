/* SPDX-License-Identifier: BSD-3-Clause */
/* Normalisation of groups of numbers by their own moments, in the order of operations of
 * keras/src/ops/nn.py (3.15): one factor and one shift for each element. */
#include <math.h>

#include "kernels/kernels.h"
#include "kernels/level.h"
#include "kernels/vector.h"

enum { LANES = VECTOR_BYTES / 4, CHAINS = 4, STEP = LANES * CHAINS };

/* Four chains of lanes, then across them, then what is left: a sum's error grows with n / STEP. */
#define DEFINE_TOTAL(name, term, last)                                                         \
    ALWAYS_INLINE float name(int64_t n, const float *x, float about)                           \
    {                                                                                          \
        v_f32 sums[CHAINS] = {0};                                                              \
        int64_t j = 0;                                                                         \
        for (; j + STEP <= n; j += STEP) {                                                     \
            UNROLL                                                                             \
            for (int c = 0; c < CHAINS; c++) {                                                 \
                const v_f32 v = load_f32(x + j + c * LANES) - about;                           \
                sums[c] += term;                                                               \
            }                                                                                  \
        }                                                                                      \
        for (; j + LANES <= n; j += LANES) {                                                   \
            const v_f32 v = load_f32(x + j) - about;                                           \
            sums[0] += term;                                                                   \
        }                                                                                      \
        float sum = sum_f32((sums[0] + sums[1]) + (sums[2] + sums[3]));                        \
        for (; j < n; j++) {                                                                   \
            const float v = x[j] - about;                                                      \
            sum += last;                                                                       \
        }                                                                                      \
        return sum;                                                                            \
    }

DEFINE_TOTAL(total, v, v)
DEFINE_TOTAL(total_squares, v *v, v *v)

/* What the group is multiplied by; *mean is what is taken off before, in MOMENTS. */
ALWAYS_INLINE float find_factor(crn_normalise_kind kind, int64_t n, const float *x,
                                float epsilon, float *mean)
{
    float squares;
    *mean = 0.0f;
    if (kind == CRN_NORMALISE_MOMENTS || kind == CRN_NORMALISE_SPREAD)
        *mean = total(n, x, 0.0f) / (float)n;
    squares = total_squares(n, x, *mean);
    if (kind == CRN_NORMALISE_UNIT) {
        const float factor = 1.0f / sqrtf(squares);
        return factor > 1.0f / epsilon ? 1.0f / epsilon : factor;
    }
    if (kind == CRN_NORMALISE_UNIT_SQUARES)
        return 1.0f / sqrtf(squares < epsilon ? epsilon : squares);
    return 1.0f / sqrtf(squares / (float)n + epsilon);
}

static void normalise_group(crn_normalise_kind kind, int64_t n, float epsilon,
                            const float *gamma, const float *beta, const float *x, float *y)
{
    float mean;
    const float factor = find_factor(kind, n, x, epsilon, &mean);
    const float shift = kind == CRN_NORMALISE_MOMENTS ? -mean : 0.0f;
    if (gamma == NULL && beta == NULL) {
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] * factor + shift * factor;
    } else if (gamma == NULL) {
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] * factor + (shift * factor + beta[j]);
    } else if (beta == NULL) {
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] * (factor * gamma[j]) + shift * (factor * gamma[j]);
    } else {
        for (int64_t j = 0; j < n; j++)
            y[j] = x[j] * (factor * gamma[j]) + (shift * (factor * gamma[j]) + beta[j]);
    }
}

void CRN_AT_LEVEL(normalise_f32)(int64_t rows, int64_t n, int kind, float epsilon,
                                 const float *gamma, const float *beta, const float *x,
                                 float *y)
{
    for (int64_t row = 0; row < rows; row++)
        normalise_group((crn_normalise_kind)kind, n, epsilon, gamma, beta, x + row * n,
                        y + row * n);
}
