/* SPDX-License-Identifier: BSD-3-Clause */
/* The gates of recurrent cells with their usual functions, sigmoid and tanh. */
#include "kernels/exponential.h"
#include "kernels/kernels.h"
#include "kernels/level.h"

void CRN_AT_LEVEL(lstm_gates_f32)(int64_t rows, int64_t units, const float *sums, float *c,
                                  float *h)
{
    for (int64_t row = 0; row < rows; row++) {
        const float *restrict i = sums + row * 4 * units, *restrict f = i + units;
        const float *restrict g = f + units, *restrict o = g + units;
        float *restrict c_row = c + row * units, *restrict h_row = h + row * units;
        for (int64_t k = 0; k < units; k++) {
            const float next =
                sigmoid_one_f32(f[k]) * c_row[k] + sigmoid_one_f32(i[k]) * tanh_one_f32(g[k]);
            c_row[k] = next;
            h_row[k] = sigmoid_one_f32(o[k]) * tanh_one_f32(next);
        }
    }
}

void CRN_AT_LEVEL(gru_gates_f32)(int64_t rows, int64_t units, const float *inputs,
                                 const float *sums, float *h)
{
    for (int64_t row = 0; row < rows; row++) {
        const float *restrict x = inputs + row * 3 * units, *restrict s =
                                                                sums + row * 3 * units;
        float *restrict h_row = h + row * units;
        for (int64_t k = 0; k < units; k++) {
            const float z = sigmoid_one_f32(x[k] + s[k]);
            const float r = sigmoid_one_f32(x[units + k] + s[units + k]);
            const float candidate = tanh_one_f32(x[2 * units + k] + r * s[2 * units + k]);
            h_row[k] = z * h_row[k] + (1.0f - z) * candidate;
        }
    }
}
