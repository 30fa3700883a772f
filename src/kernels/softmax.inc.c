/* SPDX-License-Identifier: BSD-3-Clause */
/* softmax of rows. Rows may be short (three classes), so the exponentials are taken over a
 * chunk of many rows at once; maxima and sums go row by row. */
#include "kernels/exponential.h"
#include "kernels/kernels.h"
#include "kernels/level.h"

enum {
    CHUNK = 1024, /* elements that stay in the L1 cache between the passes */
    LONG = 64     /* elements of a row that fill vectors by themselves */
};

/* The largest in four chains, since each maximum waits for the one before; a NaN need not be
 * seen there: its exponential is one. The sum: lanes first, then across them, then what is
 * left. `spread` gives the elements of a row the same number in whole vectors: what is too much
 * falls to the next row, which is written later. */
#define DEFINE_SOFTMAX(R, suffix)                                                              \
    ALWAYS_INLINE R largest_##suffix(int64_t n, const R *x)                                    \
    {                                                                                          \
        R most[4] = {x[0], x[0], x[0], x[0]};                                                  \
        int64_t j = 0;                                                                         \
        for (; j + 4 <= n; j += 4) {                                                           \
            UNROLL                                                                             \
            for (int c = 0; c < 4; c++)                                                        \
                most[c] = x[j + c] > most[c] ? x[j + c] : most[c];                             \
        }                                                                                      \
        for (; j < n; j++)                                                                     \
            most[0] = x[j] > most[0] ? x[j] : most[0];                                         \
        most[0] = most[1] > most[0] ? most[1] : most[0];                                       \
        most[2] = most[3] > most[2] ? most[3] : most[2];                                       \
        return most[2] > most[0] ? most[2] : most[0];                                          \
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
    ALWAYS_INLINE void spread_##suffix(int64_t n, R value, R *of_row)                          \
    {                                                                                          \
        enum { L = VECTOR_BYTES / (int)sizeof(R) };                                            \
        for (int64_t j = 0; j < n; j += L)                                                     \
            store_##suffix(of_row + j, (v_##suffix){0} + value);                               \
    }                                                                                          \
                                                                                               \
    static void chunk_##suffix(int64_t rows, int64_t n, const R *x, R *y)                      \
    {                                                                                          \
        enum { L = VECTOR_BYTES / (int)sizeof(R) };                                            \
        R of_row[CHUNK + L];                                                                   \
        for (int64_t row = 0; row < rows; row++)                                               \
            spread_##suffix(n, largest_##suffix(n, x + row * n), of_row + row * n);            \
        for (int64_t i = 0; i < rows * n; i++)                                                 \
            y[i] = exp_one_##suffix(x[i] - of_row[i]);                                         \
        for (int64_t row = 0; row < rows; row++)                                               \
            spread_##suffix(n, total_##suffix(n, y + row * n), of_row + row * n);              \
        for (int64_t i = 0; i < rows * n; i++)                                                 \
            y[i] /= of_row[i];                                                                 \
    }                                                                                          \
                                                                                               \
    static void long_row_##suffix(int64_t n, const R *x, R *y)                                 \
    {                                                                                          \
        const R most = largest_##suffix(n, x);                                                 \
        for (int64_t j = 0; j < n; j++)                                                        \
            y[j] = exp_one_##suffix(x[j] - most);                                              \
        const R sum = total_##suffix(n, y);                                                    \
        for (int64_t j = 0; j < n; j++)                                                        \
            y[j] /= sum;                                                                       \
    }                                                                                          \
                                                                                               \
    void CRN_AT_LEVEL(softmax_##suffix)(int64_t rows, int64_t n, const R *x, R *y)             \
    {                                                                                          \
        int64_t at_once = n > 0 && n < LONG ? CHUNK / n : 1;                                   \
        for (int64_t row = 0; n > 0 && row < rows; row += at_once) {                           \
            int64_t count = rows - row < at_once ? rows - row : at_once;                       \
            if (n < LONG)                                                                      \
                chunk_##suffix(count, n, x + row * n, y + row * n);                            \
            else                                                                               \
                long_row_##suffix(n, x + row * n, y + row * n);                                \
        }                                                                                      \
    }

DEFINE_SOFTMAX(float, f32)
DEFINE_SOFTMAX(double, f64)
