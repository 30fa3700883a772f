/* SPDX-License-Identifier: BSD-3-Clause */
/* HuberRegressor, as sklearn/linear_model/_huber.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct huber_regressor {
    crn_linear_model linear;
    const crn_object *epsilon, *max_iter, *alpha, *warm_start, *fit_intercept, *tol;
} huber_regressor;

static const crn_field fields[] = {
    CRN_PARAM(huber_regressor, epsilon, OBJECT, "1.35", "real >= 1.0"),
    CRN_PARAM(huber_regressor, max_iter, OBJECT, "100", "int >= 0"),
    CRN_PARAM(huber_regressor, alpha, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(huber_regressor, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(huber_regressor, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(huber_regressor, tol, OBJECT, "1e-05", "real >= 0.0"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_HuberRegressor = {
    .name = "HuberRegressor",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._huber sklearn.linear_model.huber",
    .size = sizeof(huber_regressor),
    .fields = fields,
    CRN_LINEAR_REGRESSOR,
};
