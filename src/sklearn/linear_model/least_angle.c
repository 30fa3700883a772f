/* SPDX-License-Identifier: BSD-3-Clause */
/* Least angle regression, as sklearn/linear_model/_least_angle.py (1.9), and files back to
 * 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct least_angle {
    crn_linear_model linear;
    const crn_object *fit_intercept, *verbose, *precompute, *n_nonzero_coefs, *eps, *copy_X,
        *fit_path, *jitter, *random_state, *normalize, *max_iter, *cv, *max_n_alphas, *n_jobs,
        *alpha, *positive, *criterion, *noise_variance;
} least_angle;

static const crn_field lars[] = {
    CRN_PARAM(least_angle, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(least_angle, precompute, OBJECT, "'auto'",
              "bool | 'auto' | <numpy.ndarray> | ~None"),
    CRN_PARAM(least_angle, n_nonzero_coefs, OBJECT, "500", "int >= 1"),
    CRN_PARAM(least_angle, eps, OBJECT, "2.220446049250313e-16", "real >= 0"),
    CRN_PARAM(least_angle, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, fit_path, OBJECT, "True", "bool"),
    CRN_PARAM_SINCE(least_angle, jitter, OBJECT, "None", "real >= 0 | None", "0.23", NULL),
    CRN_PARAM_SINCE(least_angle, random_state, OBJECT, "None", "random_state", "0.23", NULL),
    CRN_PARAM_SINCE(least_angle, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field lars_cv[] = {
    CRN_PARAM(least_angle, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(least_angle, max_iter, OBJECT, "500", "int >= 0"),
    CRN_PARAM(least_angle, precompute, OBJECT, "'auto'",
              "bool | 'auto' | <numpy.ndarray> | ~None"),
    CRN_PARAM(least_angle, cv, OBJECT, "None", "cv"),
    CRN_PARAM(least_angle, max_n_alphas, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(least_angle, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(least_angle, eps, OBJECT, "2.220446049250313e-16", "real >= 0"),
    CRN_PARAM(least_angle, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM_SINCE(least_angle, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field lasso_lars[] = {
    CRN_PARAM(least_angle, alpha, OBJECT, "1.0", "real >= 0"),
    CRN_PARAM(least_angle, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(least_angle, precompute, OBJECT, "'auto'",
              "bool | 'auto' | <numpy.ndarray> | ~None"),
    CRN_PARAM(least_angle, max_iter, OBJECT, "500", "int >= 0"),
    CRN_PARAM(least_angle, eps, OBJECT, "2.220446049250313e-16", "real >= 0"),
    CRN_PARAM(least_angle, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, fit_path, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, positive, OBJECT, "False", "bool"),
    CRN_PARAM_SINCE(least_angle, jitter, OBJECT, "None", "real >= 0 | None", "0.23", NULL),
    CRN_PARAM_SINCE(least_angle, random_state, OBJECT, "None", "random_state", "0.23", NULL),
    CRN_PARAM_SINCE(least_angle, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field lasso_lars_cv[] = {
    CRN_PARAM(least_angle, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(least_angle, max_iter, OBJECT, "500", "int >= 0"),
    CRN_PARAM(least_angle, precompute, OBJECT, "'auto'",
              "bool | 'auto' | <numpy.ndarray> | ~None"),
    CRN_PARAM(least_angle, cv, OBJECT, "None", "cv"),
    CRN_PARAM(least_angle, max_n_alphas, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(least_angle, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(least_angle, eps, OBJECT, "2.220446049250313e-16", "real >= 0"),
    CRN_PARAM(least_angle, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, positive, OBJECT, "False", "bool"),
    CRN_PARAM_SINCE(least_angle, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field lasso_lars_ic[] = {
    CRN_PARAM(least_angle, criterion, OBJECT, "'aic'", "'aic' | 'bic'"),
    CRN_PARAM(least_angle, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(least_angle, precompute, OBJECT, "'auto'",
              "bool | 'auto' | <numpy.ndarray> | ~None"),
    CRN_PARAM(least_angle, max_iter, OBJECT, "500", "int >= 0"),
    CRN_PARAM(least_angle, eps, OBJECT, "2.220446049250313e-16", "real >= 0"),
    CRN_PARAM(least_angle, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(least_angle, positive, OBJECT, "False", "bool"),
    CRN_PARAM_SINCE(least_angle, noise_variance, OBJECT, "None", "real >= 0 | None", "1.0",
                    NULL),
    CRN_PARAM_SINCE(least_angle, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.4"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_Lars = {
    .name = "Lars",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._least_angle sklearn.linear_model.least_angle",
    .size = sizeof(least_angle),
    .fields = lars,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_LarsCV = {
    .name = "LarsCV",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._least_angle sklearn.linear_model.least_angle",
    .size = sizeof(least_angle),
    .fields = lars_cv,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_LassoLars = {
    .name = "LassoLars",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._least_angle sklearn.linear_model.least_angle",
    .size = sizeof(least_angle),
    .fields = lasso_lars,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_LassoLarsCV = {
    .name = "LassoLarsCV",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._least_angle sklearn.linear_model.least_angle",
    .size = sizeof(least_angle),
    .fields = lasso_lars_cv,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_LassoLarsIC = {
    .name = "LassoLarsIC",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._least_angle sklearn.linear_model.least_angle",
    .size = sizeof(least_angle),
    .fields = lasso_lars_ic,
    CRN_LINEAR_REGRESSOR,
};
