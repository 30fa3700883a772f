/* SPDX-License-Identifier: BSD-3-Clause */
/* softmax of rows. Rows may be short (three classes), so the exponentials are taken over a
 * chunk of many rows at once; maxima and sums go row by row. */
#include "kernels/exponential.h"
#include "kernels/kernels.h"
#include "kernels/level.h"

enum { CHUNK = 2048 /* elements that stay in the L1 cache between the passes */ };

/* The sum of a row: lanes first, then across them, then what is left. */
#define DEFINE_SOFTMAX(R, suffix)                                                              \
    ALWAYS_INLINE R largest_##suffix(int64_t n, const R *x)                                    \
    {                                                                                          \
        R most = x[0];                                                                         \
        for (int64_t j = 1; j < n; j++)                                                        \
            most = x[j] > most ? x[j] : most;                                                  \
        return most;                                                                           \
    }                                                                                          \
                                                                                               \
    ALWAYS_INLINE R total_##suffix(int64_t n, const R *x)                                      \
    {                                                                                          \
        enum { L = VECTOR_BYTES / (int)sizeof(R) };                                            \
        R sum = 0;                                                                             \
        int64_t j = 0;                                                                         \
        if (n >= L) {                                                                          \
            v_##suffix sums = load_##suffix(x);                                                \
            for (j = L; j + L <= n; j += L)                                                    \
                sums += load_##suffix(x + j);                                                  \
            sum = sum_##suffix(sums);                                                          \
        }                                                                                      \
        for (; j < n; j++)                                                                     \
            sum += x[j];                                                                       \
        return sum;                                                                            \
    }                                                                                          \
                                                                                               \
    static void chunk_##suffix(int64_t rows, int64_t n, const R *x, R *y)                      \
    {                                                                                          \
        for (int64_t row = 0; row < rows; row++) {                                             \
            R most = largest_##suffix(n, x + row * n);                                         \
            for (int64_t j = 0; j < n; j++)                                                    \
                y[row * n + j] = x[row * n + j] - most;                                        \
        }                                                                                      \
        for (int64_t i = 0; i < rows * n; i++)                                                 \
            y[i] = exp_one_##suffix(y[i]);                                                     \
        for (int64_t row = 0; row < rows; row++) {                                             \
            R sum = total_##suffix(n, y + row * n);                                            \
            for (int64_t j = 0; j < n; j++)                                                    \
                y[row * n + j] /= sum;                                                         \
        }                                                                                      \
    }                                                                                          \
                                                                                               \
    void CRN_AT_LEVEL(softmax_##suffix)(int64_t rows, int64_t n, const R *x, R *y)             \
    {                                                                                          \
        int64_t at_once = n > 0 && n < CHUNK ? CHUNK / n : 1;                                  \
        for (int64_t row = 0; n > 0 && row < rows; row += at_once) {                           \
            int64_t count = rows - row < at_once ? rows - row : at_once;                       \
            chunk_##suffix(count, n, x + row * n, y + row * n);                                \
        }                                                                                      \
    }

DEFINE_SOFTMAX(float, f32)
DEFINE_SOFTMAX(double, f64)
