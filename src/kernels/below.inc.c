/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates of a search for nearest neighbors: few of many distances are below the largest
 * that is kept, so they are looked at one by one only where a chunk has any. */
#include <stdbool.h>

#include "kernels/kernels.h"
#include "kernels/level.h"

enum { CHUNK = 32 };

int64_t CRN_AT_LEVEL(below_f64)(int64_t n, double shift, const double *y, double bound,
                                double *x, int64_t *out)
{
    int64_t count = 0;
    for (int64_t begin = 0; begin < n; begin += CHUNK) {
        const int64_t size = n - begin < CHUNK ? n - begin : CHUNK;
        double *chunk = x + begin;
        int64_t any = 0;
        for (int64_t j = 0; j < size; j++) {
            const double value = shift + chunk[j] + y[begin + j];
            chunk[j] = value < 0 ? 0 : value;
            any += chunk[j] < bound;
        }
        for (int64_t j = 0; any > 0 && j < size; j++) {
            out[count] = begin + j;
            count += chunk[j] < bound;
        }
    }
    return count;
}
