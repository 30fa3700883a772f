/* SPDX-License-Identifier: BSD-3-Clause */
/* Orthogonal matching pursuit, as sklearn/linear_model/_omp.py (1.9), and files back to
 * 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct omp {
    crn_linear_model linear;
    const crn_object *n_nonzero_coefs, *tol, *fit_intercept, *precompute, *normalize, *copy,
        *max_iter, *cv, *n_jobs, *verbose;
} omp;

static const crn_field omp_fields[] = {
    CRN_PARAM(omp, n_nonzero_coefs, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(omp, tol, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(omp, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(omp, precompute, OBJECT, "'auto'", "'auto' | bool"),
    CRN_PARAM_SINCE(omp, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field omp_cv_fields[] = {
    CRN_PARAM(omp, copy, OBJECT, "True", "bool"),
    CRN_PARAM(omp, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(omp, max_iter, OBJECT, "None", "int >= 0 | None"),
    CRN_PARAM(omp, cv, OBJECT, "None", "cv"),
    CRN_PARAM(omp, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(omp, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM_SINCE(omp, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_OrthogonalMatchingPursuit = {
    .name = "OrthogonalMatchingPursuit",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._omp sklearn.linear_model.omp",
    .size = sizeof(omp),
    .fields = omp_fields,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_OrthogonalMatchingPursuitCV = {
    .name = "OrthogonalMatchingPursuitCV",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._omp sklearn.linear_model.omp",
    .size = sizeof(omp),
    .fields = omp_cv_fields,
    CRN_LINEAR_REGRESSOR,
};
