/* SPDX-License-Identifier: BSD-3-Clause */
/* TheilSenRegressor, as sklearn/linear_model/_theil_sen.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct theil_sen_regressor {
    crn_linear_model linear;
    const crn_object *fit_intercept, *max_subpopulation, *n_subsamples, *max_iter, *tol,
        *random_state, *n_jobs, *verbose, *copy_X;
} theil_sen_regressor;

static const crn_field fields[] = {
    CRN_PARAM(theil_sen_regressor, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(theil_sen_regressor, max_subpopulation, OBJECT, "10000.0", "real >= 1"),
    CRN_PARAM(theil_sen_regressor, n_subsamples, OBJECT, "None", "None | int"),
    CRN_PARAM(theil_sen_regressor, max_iter, OBJECT, "300", "int >= 0"),
    CRN_PARAM(theil_sen_regressor, tol, OBJECT, "0.001", "real >= 0.0"),
    CRN_PARAM(theil_sen_regressor, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(theil_sen_regressor, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM(theil_sen_regressor, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM_SINCE(theil_sen_regressor, copy_X, OBJECT, "'deprecated'", NULL, NULL, "1.8"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_TheilSenRegressor = {
    .name = "TheilSenRegressor",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._theil_sen sklearn.linear_model.theil_sen",
    .size = sizeof(theil_sen_regressor),
    .fields = fields,
    CRN_LINEAR_REGRESSOR,
};
