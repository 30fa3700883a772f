/* SPDX-License-Identifier: BSD-3-Clause */
/* Statistics of the columns of a matrix, with scikit-learn's formulas and NumPy's order of
 * additions. x is (rows, columns) in C order. */
#ifndef CRN_SOLVE_STATISTICS_H
#define CRN_SOLVE_STATISTICS_H

#include <stdint.h>

#include "base/error.h"

/* Takes a batch of rows into running means, variances and counts, each (columns,) and all zero
 * before the first batch. NaN is "missing": it counts nowhere. The variance is the population's
 * (ddof 0); pass NULL to skip it. sample_weight: (rows,) or NULL.
 * sklearn.utils.extmath._incremental_mean_and_var (1.9), a corrected two-pass algorithm merged
 * by Chan, Golub and LeVeque, "Algorithms for computing the sample variance", The American
 * Statistician 37 (1983). Errors: CRN_NO_MEMORY. */
crn_status crn_incremental_mean_and_var(const double *x, int64_t rows, int64_t columns,
                                        const double *sample_weight, double *mean,
                                        double *variance, double *sample_count, crn_error *err);

/* numpy.nanmin and nanmax along axis 0: minimum and maximum (columns,); NaN for a column of
 * NaN. */
void crn_nan_min_max(const double *x, int64_t rows, int64_t columns, double *minimum,
                     double *maximum);

/* numpy.mean(x, axis=0) into mean (columns,). */
void crn_column_means(const double *x, int64_t rows, int64_t columns, double *mean);

/* The covariance (columns, columns), ddof 1, given the means, without centring x first: x'x -
 * rows * mean mean', as sklearn.decomposition.PCA's covariance_eigh has it. Errors: CRN_LIMIT
 * (an axis of 2^31). */
crn_status crn_covariance(const double *x, int64_t rows, int64_t columns, const double *mean,
                          double *covariance, crn_error *err);

#endif
