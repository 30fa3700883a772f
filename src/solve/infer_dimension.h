/* SPDX-License-Identifier: BSD-3-Clause */
/* How many principal components the data has: Minka's Bayesian choice, "Automatic choice of
 * dimensionality for PCA", NIPS 13 (2000), which is PCA(n_components="mle"). Follows sklearn.
 * decomposition._pca._assess_dimension and _infer_dimension (1.9). */
#ifndef CRN_SOLVE_INFER_DIMENSION_H
#define CRN_SOLVE_INFER_DIMENSION_H

#include <stdint.h>

/* The log evidence of `rank` components, 1 <= rank < n_features, given the explained variances
 * spectrum (n_features,), largest first, of n_samples rows. */
double crn_assess_dimension(const double *spectrum, int64_t n_features, int64_t rank,
                            int64_t n_samples);

/* The rank with the largest evidence; 0 when n_features is 1 or no rank has any. */
int64_t crn_infer_dimension(const double *spectrum, int64_t n_features, int64_t n_samples);

#endif
