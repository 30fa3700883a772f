/* SPDX-License-Identifier: BSD-3-Clause */
/* Lasso, ElasticNet and their kin of several targets and with cross-validation, as
 * sklearn/linear_model/_coordinate_descent.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct coordinate_descent {
    crn_linear_model linear;
    const crn_object *alpha, *l1_ratio, *fit_intercept, *precompute, *max_iter, *copy_X, *tol,
        *warm_start, *positive, *random_state, *selection, *normalize, *eps, *alphas, *cv,
        *verbose, *n_jobs, *n_alphas;
} coordinate_descent;

static const crn_field elastic_net[] = {
    CRN_PARAM(coordinate_descent, alpha, OBJECT, "1.0", "real >= 0"),
    CRN_PARAM(coordinate_descent, l1_ratio, OBJECT, "0.5", "real [0, 1]"),
    CRN_PARAM(coordinate_descent, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, precompute, OBJECT, "False", "bool | array"),
    CRN_PARAM(coordinate_descent, max_iter, OBJECT, "1000", "int >= 1 | None"),
    CRN_PARAM(coordinate_descent, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(coordinate_descent, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(coordinate_descent, positive, OBJECT, "False", "bool"),
    CRN_PARAM(coordinate_descent, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coordinate_descent, selection, OBJECT, "'cyclic'", "'cyclic' | 'random'"),
    CRN_PARAM_SINCE(coordinate_descent, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field elastic_net_cv[] = {
    CRN_PARAM(coordinate_descent, l1_ratio, OBJECT, "0.5", "real [0, 1] | array"),
    CRN_PARAM(coordinate_descent, eps, OBJECT, "0.001", "real > 0"),
    CRN_PARAM(coordinate_descent, alphas, OBJECT, "100", "int >= 1 | array"),
    CRN_PARAM(coordinate_descent, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, precompute, OBJECT, "'auto'", "'auto' | array | bool"),
    CRN_PARAM(coordinate_descent, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(coordinate_descent, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(coordinate_descent, cv, OBJECT, "None", "cv"),
    CRN_PARAM(coordinate_descent, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(coordinate_descent, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(coordinate_descent, positive, OBJECT, "False", "bool"),
    CRN_PARAM(coordinate_descent, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coordinate_descent, selection, OBJECT, "'cyclic'", "'cyclic' | 'random'"),
    CRN_PARAM_SINCE(coordinate_descent, n_alphas, OBJECT, "'deprecated'", NULL, NULL, "1.9"),
    CRN_PARAM_SINCE(coordinate_descent, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field lasso[] = {
    CRN_PARAM(coordinate_descent, alpha, OBJECT, "1.0", "real >= 0"),
    CRN_PARAM(coordinate_descent, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, precompute, OBJECT, "False", "bool | array"),
    CRN_PARAM(coordinate_descent, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, max_iter, OBJECT, "1000", "int >= 1 | None"),
    CRN_PARAM(coordinate_descent, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(coordinate_descent, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(coordinate_descent, positive, OBJECT, "False", "bool"),
    CRN_PARAM(coordinate_descent, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coordinate_descent, selection, OBJECT, "'cyclic'", "'cyclic' | 'random'"),
    CRN_PARAM_SINCE(coordinate_descent, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field lasso_cv[] = {
    CRN_PARAM(coordinate_descent, eps, OBJECT, "0.001", "real > 0"),
    CRN_PARAM(coordinate_descent, alphas, OBJECT, "100", "int >= 1 | array"),
    CRN_PARAM(coordinate_descent, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, precompute, OBJECT, "'auto'", "'auto' | array | bool"),
    CRN_PARAM(coordinate_descent, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(coordinate_descent, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(coordinate_descent, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, cv, OBJECT, "None", "cv"),
    CRN_PARAM(coordinate_descent, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(coordinate_descent, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(coordinate_descent, positive, OBJECT, "False", "bool"),
    CRN_PARAM(coordinate_descent, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coordinate_descent, selection, OBJECT, "'cyclic'", "'cyclic' | 'random'"),
    CRN_PARAM_SINCE(coordinate_descent, n_alphas, OBJECT, "'deprecated'", NULL, NULL, "1.9"),
    CRN_PARAM_SINCE(coordinate_descent, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field multi_task_elastic_net[] = {
    CRN_PARAM(coordinate_descent, alpha, OBJECT, "1.0", "real >= 0"),
    CRN_PARAM(coordinate_descent, l1_ratio, OBJECT, "0.5", "real [0, 1]"),
    CRN_PARAM(coordinate_descent, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, max_iter, OBJECT, "1000", "int >= 1 | None"),
    CRN_PARAM(coordinate_descent, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(coordinate_descent, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(coordinate_descent, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coordinate_descent, selection, OBJECT, "'cyclic'", "'cyclic' | 'random'"),
    CRN_PARAM_SINCE(coordinate_descent, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field multi_task_elastic_net_cv[] = {
    CRN_PARAM(coordinate_descent, l1_ratio, OBJECT, "0.5", "real [0, 1] | array"),
    CRN_PARAM(coordinate_descent, eps, OBJECT, "0.001", "real > 0"),
    CRN_PARAM(coordinate_descent, alphas, OBJECT, "100", "int >= 1 | array"),
    CRN_PARAM(coordinate_descent, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(coordinate_descent, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(coordinate_descent, cv, OBJECT, "None", "cv"),
    CRN_PARAM(coordinate_descent, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(coordinate_descent, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(coordinate_descent, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coordinate_descent, selection, OBJECT, "'cyclic'", "'cyclic' | 'random'"),
    CRN_PARAM_SINCE(coordinate_descent, n_alphas, OBJECT, "'deprecated'", NULL, NULL, "1.9"),
    CRN_PARAM_SINCE(coordinate_descent, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field multi_task_lasso[] = {
    CRN_PARAM(coordinate_descent, alpha, OBJECT, "1.0", "real >= 0"),
    CRN_PARAM(coordinate_descent, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, max_iter, OBJECT, "1000", "int >= 1 | None"),
    CRN_PARAM(coordinate_descent, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(coordinate_descent, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(coordinate_descent, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coordinate_descent, selection, OBJECT, "'cyclic'", "'cyclic' | 'random'"),
    CRN_PARAM_SINCE(coordinate_descent, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field multi_task_lasso_cv[] = {
    CRN_PARAM(coordinate_descent, eps, OBJECT, "0.001", "real > 0"),
    CRN_PARAM(coordinate_descent, alphas, OBJECT, "100", "int >= 1 | array"),
    CRN_PARAM(coordinate_descent, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(coordinate_descent, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(coordinate_descent, copy_X, OBJECT, "True", "bool"),
    CRN_PARAM(coordinate_descent, cv, OBJECT, "None", "cv"),
    CRN_PARAM(coordinate_descent, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM(coordinate_descent, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(coordinate_descent, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(coordinate_descent, selection, OBJECT, "'cyclic'", "'cyclic' | 'random'"),
    CRN_PARAM_SINCE(coordinate_descent, n_alphas, OBJECT, "'deprecated'", NULL, NULL, "1.9"),
    CRN_PARAM_SINCE(coordinate_descent, normalize, OBJECT, "'deprecated'", NULL, NULL, "1.2"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_ElasticNet = {
    .name = "ElasticNet",
    .module = "sklearn.linear_model",
    .modules =
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
    .size = sizeof(coordinate_descent),
    .fields = elastic_net,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_ElasticNetCV = {
    .name = "ElasticNetCV",
    .module = "sklearn.linear_model",
    .modules =
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
    .size = sizeof(coordinate_descent),
    .fields = elastic_net_cv,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_Lasso = {
    .name = "Lasso",
    .module = "sklearn.linear_model",
    .modules =
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
    .size = sizeof(coordinate_descent),
    .fields = lasso,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_LassoCV = {
    .name = "LassoCV",
    .module = "sklearn.linear_model",
    .modules =
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
    .size = sizeof(coordinate_descent),
    .fields = lasso_cv,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_MultiTaskElasticNet = {
    .name = "MultiTaskElasticNet",
    .module = "sklearn.linear_model",
    .modules =
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
    .size = sizeof(coordinate_descent),
    .fields = multi_task_elastic_net,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_MultiTaskElasticNetCV = {
    .name = "MultiTaskElasticNetCV",
    .module = "sklearn.linear_model",
    .modules =
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
    .size = sizeof(coordinate_descent),
    .fields = multi_task_elastic_net_cv,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_MultiTaskLasso = {
    .name = "MultiTaskLasso",
    .module = "sklearn.linear_model",
    .modules =
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
    .size = sizeof(coordinate_descent),
    .fields = multi_task_lasso,
    CRN_LINEAR_REGRESSOR,
};

const crn_estimator crn_estimator_MultiTaskLassoCV = {
    .name = "MultiTaskLassoCV",
    .module = "sklearn.linear_model",
    .modules =
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
    .size = sizeof(coordinate_descent),
    .fields = multi_task_lasso_cv,
    CRN_LINEAR_REGRESSOR,
};
