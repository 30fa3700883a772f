/* SPDX-License-Identifier: BSD-3-Clause */
/* The k smallest of many (value, index) pairs, kept and sorted with the moves of scikit-learn
 * 1.9 (sklearn/utils/_heap.pyx, _sorting.pyx), so that equal values come out in its order. */
#ifndef CRN_OPS_NEIGHBOR_HEAP_H
#define CRN_OPS_NEIGHBOR_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/* A heap of k infinities: values[0] is the largest. */
void crn_neighbor_heap_clear(int64_t k, double *values, int64_t *indices);
/* Takes the pair in when its value is smaller than the largest; NaN is not. */
void crn_neighbor_heap_push(int64_t k, double *values, int64_t *indices, double value,
                            int64_t index);
/* Into ascending order; `early`: with the moves of versions before 1.9, as long as k is small.
 */
void crn_neighbor_heap_sort(int64_t k, bool early, double *values, int64_t *indices);

#endif
