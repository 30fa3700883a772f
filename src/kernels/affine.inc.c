/* SPDX-License-Identifier: BSD-3-Clause */
/* y = x W + b in plain loops. */
#include <stddef.h>

#include "kernels/level.h"

#define DEFINE_AFFINE(R, suffix)                                                               \
    void CRN_AT_LEVEL(affine_##suffix)(int64_t rows, int64_t n_in, int64_t n_out, const R *x,  \
                                       const R *w, int transposed, const R *b, R *y)           \
    {                                                                                          \
        for (int64_t row = 0; row < rows; row++) {                                             \
            for (int64_t j = 0; j < n_out; j++) {                                              \
                R sum = 0;                                                                     \
                for (int64_t k = 0; k < n_in; k++)                                             \
                    sum +=                                                                     \
                        x[row * n_in + k] * (transposed ? w[j * n_in + k] : w[k * n_out + j]); \
                y[row * n_out + j] = b != NULL ? sum + b[j] : sum;                             \
            }                                                                                  \
        }                                                                                      \
    }

DEFINE_AFFINE(float, f32)
DEFINE_AFFINE(double, f64)
