/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums in the order in which NumPy adds, so that they are equal to the last bit. */
#ifndef CRN_SOLVE_SUM_H
#define CRN_SOLVE_SUM_H

#include <stdint.h>

/* numpy.sum of n contiguous numbers: pairwise, in blocks of 128 with eight accumulators
 * (Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14, 1993). 0 for n
 * = 0. */
double crn_sum(const double *values, int64_t n);

/* numpy.sum(axis=0) of a C-contiguous matrix (rows, columns) into sums[0..columns): row after
 * row; one column alone is contiguous and goes pairwise. */
void crn_sum_columns(const double *x, int64_t rows, int64_t columns, double *sums);

#endif
