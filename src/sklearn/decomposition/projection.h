/* SPDX-License-Identifier: BSD-3-Clause */
/* What the linear decompositions share: centring and projecting, whitening, and the likelihood
 * of a Gaussian. sklearn/decomposition/_base.py (1.9). */
#ifndef CRN_SKLEARN_PROJECTION_H
#define CRN_SKLEARN_PROJECTION_H

#include "sklearn/estimator.h"

/* How rows are projected; arrays are the estimator's. */
typedef struct crn_projection {
    const crn_array *components; /* (n_components, n_features) */
    const crn_array *mean;       /* (n_features), or NULL */
    const crn_array *variance;   /* explained_variance_ (n_components): whitens; or NULL */
} crn_projection;

/* components_ is a matrix of numbers, at least one row, that agrees with n_features_in_ and
 * with mean_, which may have no data. */
crn_status crn_projection_check(crn_estimator_base *self, const crn_array *components,
                                const crn_array *mean, crn_error *err);

/* _BasePCA.transform and inverse_transform. */
crn_value crn_projection_transform(const crn_projection *self, crn_graph *graph, crn_value x);
crn_value crn_projection_inverse(const crn_projection *self, crn_graph *graph, crn_value x);

/* x - mean; x itself when mean is NULL or has no data. */
crn_value crn_centred(crn_graph *graph, crn_value x, const crn_array *mean);

/* The log-density of centred rows under a Gaussian of this precision (n, n):
 * -0.5 sum(z * (z P)) - 0.5 (n log(2 pi) - log det P). */
crn_value crn_gaussian_score(crn_graph *graph, crn_value centred, const double *precision,
                             int64_t n);

#endif
