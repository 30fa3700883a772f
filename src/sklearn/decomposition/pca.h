/* SPDX-License-Identifier: BSD-3-Clause */
/* What pca.c (the estimator), pca_fit.c (its solvers) and pca_precision.c (its probabilistic
 * model) share. */
#ifndef CRN_SKLEARN_PCA_H
#define CRN_SKLEARN_PCA_H

#include "sklearn/estimator.h"

typedef struct pca {
    crn_estimator_base base;
    const crn_object *n_components; /* None, int, float in (0, 1), 'mle' */
    bool copy, whiten;
    const char *svd_solver;
    double tol;
    const crn_object *iterated_power; /* 'auto' or int */
    int64_t n_oversamples;
    const char *power_iteration_normalizer;
    const crn_object *random_state;
    const char *_fit_svd_solver;
    crn_array mean_; /* (n_features_in_) */
    double noise_variance_;
    int64_t n_samples_, n_components_;
    crn_array components_; /* (n_components_, n_features_in_) */
    crn_array explained_variance_, explained_variance_ratio_,
        singular_values_; /* (n_components_) */
} pca;

/* crn_estimator.fit */
crn_status crn_pca_fit(void *self, const crn_fit_data *data, crn_error *err);

/* The inverse covariance (n_features, n_features) of the probabilistic model:
 * _BasePCA.get_precision. Errors: CRN_NO_MEMORY, CRN_ARGUMENT (singular). */
crn_status crn_pca_precision(const pca *self, double *precision, crn_error *err);

#endif
