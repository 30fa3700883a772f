/* SPDX-License-Identifier: BSD-3-Clause */
/* QuantileRegressor, as sklearn/linear_model/_quantile.py (1.9), and files back to 1.0. */
#include "sklearn/linear_model/linear_model.h"

typedef struct quantile_regressor {
    crn_linear_model linear;
    const crn_object *quantile, *alpha, *fit_intercept, *solver, *solver_options;
} quantile_regressor;

static const crn_field fields[] = {
    CRN_PARAM(quantile_regressor, quantile, OBJECT, "0.5", "real (0, 1)"),
    CRN_PARAM(quantile_regressor, alpha, OBJECT, "1.0", "real >= 0"),
    CRN_PARAM(quantile_regressor, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(quantile_regressor, solver, OBJECT, "'highs'",
              "'highs' | 'highs-ds' | 'highs-ipm' | 'interior-point' | 'revised simplex'"),
    CRN_PARAM(quantile_regressor, solver_options, OBJECT, "None", "dict | None"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_QuantileRegressor = {
    .name = "QuantileRegressor",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._quantile",
    .size = sizeof(quantile_regressor),
    .fields = fields,
    CRN_LINEAR_REGRESSOR,
};
