/* SPDX-License-Identifier: BSD-3-Clause */
/* Ridge and RidgeCV, as sklearn/linear_model/_ridge.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct ridge {
    crn_linear_model linear;
    const crn_object *alpha, *fit_intercept, *copy_X, *max_iter, *tol, *solver, *positive,
        *random_state, *normalize, *alphas, *scoring, *cv, *gcv_mode, *store_cv_results,
        *alpha_per_target;
} ridge;

static const crn_field ridge_fields[] = {
    CRN_PARAM(ridge, alpha, OBJECT, "1.0", "real >= 0 | array"),
    CRN_PARAM(ridge, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(ridge, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(ridge, max_iter, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(ridge, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(ridge, solver, OBJECT, "'auto'",
              "'auto' | 'cholesky' | 'lbfgs' | 'lsqr' | 'sag' | 'saga' | 'sparse_cg' | 'svd'"),
    CRN_PARAM_SINCE(ridge, positive, OBJECT, "False", "bool", "1.0", NULL),
    CRN_PARAM(ridge, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_SINCE(ridge, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field ridge_cv_fields[] = {
    CRN_PARAM(ridge, alphas, OBJECT, "(0.1, 1.0, 10.0)", "array | real > 0"),
    CRN_PARAM(ridge, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(ridge, scoring, OBJECT, "None", "scorer | callable | None"),
    CRN_PARAM(ridge, cv, OBJECT, "None", "cv"),
    CRN_PARAM(ridge, gcv_mode, OBJECT, "None", "'auto' | 'eigen' | 'svd' | None"),
    {.name = "store_cv_results",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(ridge, store_cv_results),
     .dflt = "False",
     .constraint = "bool",
     .since = "1.5",
     .old_names = "store_cv_values"},
    CRN_PARAM_SINCE(ridge, alpha_per_target, OBJECT, "False", "bool", "0.24", NULL),
    CRN_PARAM_SINCE(ridge, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_Ridge = {
    .name = "Ridge",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._ridge sklearn.linear_model.ridge",
    .size = sizeof(ridge),
    .fields = ridge_fields,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_RidgeCV = {
    .name = "RidgeCV",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._ridge sklearn.linear_model.ridge",
    .size = sizeof(ridge),
    .fields = ridge_cv_fields,
    CRN_LINEAR_REGRESSOR,
};
