/* SPDX-License-Identifier: BSD-3-Clause */
/* What pls.c (the estimators) and pls_write.c (their files of other versions) share. */
#ifndef CRN_SKLEARN_PLS_H
#define CRN_SKLEARN_PLS_H

#include "sklearn/estimator.h"

typedef struct crn_pls {
    crn_estimator_base base;
    const crn_object *n_components, *scale, *algorithm, *max_iter, *tol, *copy;
    crn_array _x_mean, _x_std; /* (n_features_in_) */
    crn_array _y_mean;         /* (n_targets) */
    crn_array x_weights_;      /* (n_features_in_, n_components) */
    crn_array x_loadings_;     /* (n_features_in_, n_components) */
    crn_array x_rotations_;    /* (n_features_in_, n_components) */
    crn_array coef_, _coef_;   /* _coef_: of 1.1 and 1.2 */
    bool _predict_1d;          /* from 1.3 on: y was a vector */
} crn_pls;

/* coef_ was (n_features_in_, n_targets) before 1.1 and is (n_targets, n_features_in_) since;
 * until 1.4 it is for rows that were divided by _x_std, since for rows that were only
 * centred. */
const crn_array *crn_pls_coef(const crn_pls *self);
bool crn_pls_coef_is_transposed(const crn_pls *self);
bool crn_pls_coef_is_scaled(const crn_pls *self);

/* crn_estimator.write: coef_ and what else other versions keep differently. */
crn_status crn_pls_write(const void *self, crn_document *document, crn_object *state,
                         const char *sklearn, crn_error *err);

#endif
