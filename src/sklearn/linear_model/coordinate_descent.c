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

/* How many alphas the path has is said by n_alphas until 1.6, which alphas=None leaves to it,
 * and by alphas since 1.7; n_alphas is "deprecated" in 1.7 and 1.8. */
static bool write_alphas(crn_document *document, crn_object *state, const char *sklearn)
{
    crn_object *alphas = crn_object_get(state, "alphas");
    crn_object *count = crn_object_get(state, "n_alphas");
    int64_t number = 100;
    const bool has_number =
        crn_object_as_int(alphas, &number) || crn_object_as_int(count, &number);
    const bool is_list = !crn_object_is_none(alphas) && !crn_object_is_str(alphas, "warn") &&
                         !crn_object_as_int(alphas, &(int64_t){0});
    crn_object *said =
        has_number ? crn_object_int(document, number) : crn_object_int(document, 100);
    if (crn_version_compare(sklearn, "1.7") < 0)
        return crn_object_set(document, state, "n_alphas", said) &&
               crn_object_set(document, state, "alphas",
                              is_list ? alphas : crn_object_none(document));
    return crn_object_set(document, state, "n_alphas",
                          crn_object_str(document, "deprecated")) &&
           crn_object_set(document, state, "alphas", is_list ? alphas : said);
}

static crn_status write_path(const void *self, crn_document *document, crn_object *state,
                             const char *sklearn, crn_error *err)
{
    CRN_TRY(crn_linear_model_write(self, document, state, sklearn, err));
    return write_alphas(document, state, sklearn) ? CRN_OK
                                                  : crn_arena_fail(document->arena, err);
}

#define COORDINATE_DESCENT                                                                     \
    .module = "sklearn.linear_model",                                                          \
    .modules =                                                                                 \
        "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",    \
    .size = sizeof(coordinate_descent), .methods = 1u << CRN_PREDICT,                          \
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT, .lower = crn_linear_model_lower,                  \
    .check = crn_linear_model_check

const crn_estimator crn_estimator_ElasticNet = {
    .name = "ElasticNet",
    .fields = elastic_net,
    COORDINATE_DESCENT,
    .write = crn_linear_model_write,
};

const crn_estimator crn_estimator_ElasticNetCV = {
    .name = "ElasticNetCV",
    .fields = elastic_net_cv,
    COORDINATE_DESCENT,
    .write = write_path,
};

const crn_estimator crn_estimator_Lasso = {
    .name = "Lasso",
    .fields = lasso,
    COORDINATE_DESCENT,
    .write = crn_linear_model_write,
};

const crn_estimator crn_estimator_LassoCV = {
    .name = "LassoCV",
    .fields = lasso_cv,
    COORDINATE_DESCENT,
    .write = write_path,
};

const crn_estimator crn_estimator_MultiTaskElasticNet = {
    .name = "MultiTaskElasticNet",
    .fields = multi_task_elastic_net,
    COORDINATE_DESCENT,
    .write = crn_linear_model_write,
};

const crn_estimator crn_estimator_MultiTaskElasticNetCV = {
    .name = "MultiTaskElasticNetCV",
    .fields = multi_task_elastic_net_cv,
    COORDINATE_DESCENT,
    .write = write_path,
};

const crn_estimator crn_estimator_MultiTaskLasso = {
    .name = "MultiTaskLasso",
    .fields = multi_task_lasso,
    COORDINATE_DESCENT,
    .write = crn_linear_model_write,
};

const crn_estimator crn_estimator_MultiTaskLassoCV = {
    .name = "MultiTaskLassoCV",
    .fields = multi_task_lasso_cv,
    COORDINATE_DESCENT,
    .write = write_path,
};
