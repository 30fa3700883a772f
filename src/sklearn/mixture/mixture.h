/* SPDX-License-Identifier: BSD-3-Clause */
/* What mixture.c (the estimators) and densities.c (the constants of their densities) share. */
#ifndef CRN_SKLEARN_MIXTURE_H
#define CRN_SKLEARN_MIXTURE_H

#include "sklearn/estimator.h"

/* Parameters of both classes: each uses its own. */
typedef struct mixture {
    crn_estimator_base base;
    int64_t n_components;
    const char *covariance_type;
    double tol;
    double reg_covar;
    int64_t max_iter;
    int64_t n_init;
    const char *init_params;
    const crn_object *weights_init;
    const crn_object *means_init;
    const crn_object *precisions_init;
    const crn_object *random_state;
    bool warm_start;
    const crn_object *verbose;
    int64_t verbose_interval;
    const char *weight_concentration_prior_type;
    const crn_object *weight_concentration_prior;
    const crn_object *mean_precision_prior;
    const crn_object *mean_prior;
    const crn_object *degrees_of_freedom_prior;
    const crn_object *covariance_prior;
    crn_array means_;               /* (n_components, n_features) */
    crn_array precisions_cholesky_; /* full: (n_components, n_features, n_features); tied:
                                       (n_features, n_features); diag: as means_; spherical:
                                       (n_components) */
    crn_array weights_;             /* (n_components), as the following: GaussianMixture */
    crn_array mean_precision_, degrees_of_freedom_;
    const crn_object *weight_concentration_; /* one array, or a pair of them */
} mixture;

/* Is weight_concentration_ a pair, of a Dirichlet process? */
bool crn_mixture_is_process(const mixture *self);
/* Array i of weight_concentration_, borrowed; without data when there is none. */
crn_array crn_mixture_concentration(const mixture *self, int64_t i);

/* precisions_cholesky_ of "full" as weights (n, k n), and -mean L as bias (k n). */
void crn_mixture_side_by_side(const mixture *self, double *weights, double *bias);
/* Of the other types: where the components lie, and the weights of the features; both (k,
 * n). */
void crn_mixture_centres(const mixture *self, double *centres, double *weights);
/* What the log-density of a component is at its centre, plus the logarithm of its weight:
 * (k). */
void crn_mixture_shifts(const mixture *self, double *shifts);

#endif
