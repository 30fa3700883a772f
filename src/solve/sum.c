/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/sum.h"

#include <string.h>

enum { PAIRWISE_BLOCK = 128 };

/* At most PAIRWISE_BLOCK values. */
static double sum_block(const double *v, int64_t n)
{
    double sum = 0.0;
    if (n < 8) {
        for (int64_t i = 0; i < n; i++)
            sum += v[i];
        return sum;
    }
    double r[8];
    memcpy(r, v, sizeof r);
    int64_t i = 8;
    for (; i + 8 <= n; i += 8)
        for (int j = 0; j < 8; j++)
            r[j] += v[i + j];
    sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (; i < n; i++)
        sum += v[i];
    return sum;
}

/* Halves until the blocks are small: the depth is the logarithm of n. */
static double sum_pairwise(const double *v, int64_t n)
{
    if (n <= PAIRWISE_BLOCK)
        return sum_block(v, n);
    int64_t half = n / 2;
    half -= half % 8;
    return sum_pairwise(v, half) + sum_pairwise(v + half, n - half);
}

double crn_sum(const double *values, int64_t n)
{
    return 0.0 + sum_pairwise(values, n);
}

void crn_sum_columns(const double *x, int64_t rows, int64_t columns, double *sums)
{
    if (columns == 1) {
        sums[0] = crn_sum(x, rows);
        return;
    }
    for (int64_t j = 0; j < columns; j++)
        sums[j] = 0.0;
    for (int64_t i = 0; i < rows; i++, x += columns)
        for (int64_t j = 0; j < columns; j++)
            sums[j] += x[j];
}
