/* SPDX-License-Identifier: BSD-3-Clause */
/* LinearRegression, as sklearn/linear_model/_base.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct linear_regression {
    crn_linear_model linear;
    const crn_object *fit_intercept, *copy_X, *tol, *n_jobs, *positive, *normalize;
} linear_regression;

static const crn_field fields[] = {
    CRN_PARAM(linear_regression, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(linear_regression, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM_SINCE(linear_regression, tol, OBJECT, "1e-06", "real >= 0", "1.7", NULL),
    CRN_PARAM(linear_regression, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM_SINCE(linear_regression, positive, OBJECT, "False", "bool", "0.24", NULL),
    CRN_PARAM_SINCE(linear_regression, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_LinearRegression = {
    .name = "LinearRegression",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._base sklearn.linear_model.base",
    .size = sizeof(linear_regression),
    .fields = fields,
    CRN_LINEAR_REGRESSOR,
};
