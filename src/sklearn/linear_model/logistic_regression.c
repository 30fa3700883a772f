/* SPDX-License-Identifier: BSD-3-Clause */
/* LogisticRegression, as sklearn/linear_model/_logistic.py (1.9), and the files of versions
 * back to 0.19. */
#include "sklearn/linear_model/logistic_regression.h"

#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"

static const crn_field fields[] = {
    CRN_PARAM(logistic_regression, penalty, OBJECT, "'deprecated'",
              "'l1' | 'l2' | 'elasticnet' | None | ~'deprecated'"),
    CRN_PARAM(logistic_regression, C, OBJECT, "1.0", "(0, inf]"),
    CRN_PARAM(logistic_regression, l1_ratio, OBJECT, "0.0", "[0, 1] | None"),
    CRN_PARAM(logistic_regression, dual, BOOL, "False", NULL),
    CRN_PARAM(logistic_regression, tol, REAL, "0.0001", ">= 0"),
    CRN_PARAM(logistic_regression, fit_intercept, BOOL, "True", NULL),
    CRN_PARAM(logistic_regression, intercept_scaling, REAL, "1", "> 0"),
    CRN_PARAM(logistic_regression, class_weight, OBJECT, "None", "dict | 'balanced' | None"),
    CRN_PARAM(logistic_regression, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(logistic_regression, solver, STRING, "'lbfgs'",
              "'lbfgs' | 'liblinear' | 'newton-cg' | 'newton-cholesky' | 'sag' | 'saga'"),
    CRN_PARAM(logistic_regression, max_iter, INT, "100", ">= 0"),
    CRN_PARAM(logistic_regression, verbose, INT, "0", "verbose"),
    CRN_PARAM(logistic_regression, warm_start, BOOL, "False", NULL),
    CRN_PARAM(logistic_regression, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM_SINCE(logistic_regression, multi_class, STRING, "None", NULL, NULL, "1.8"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(logistic_regression, classes_, NULL),
    CRN_FITTED_ARRAY(logistic_regression, n_iter_, NULL),
    CRN_FITTED_ARRAY(logistic_regression, coef_, NULL),
    CRN_FITTED_ARRAY(logistic_regression, intercept_, NULL),
    CRN_FIELDS_END,
};

static int64_t class_count(const logistic_regression *self)
{
    return self->classes_.shape[0];
}

static bool is_binary(const logistic_regression *self)
{
    return self->coef_.shape[0] == 1;
}

static crn_status check(void *self, crn_error *err)
{
    logistic_regression *model = self;
    const crn_array *coef = &model->coef_, *intercept = &model->intercept_;
    if (model->classes_.ndim != 1 || class_count(model) < 2)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of at least two classes");
    if (coef->ndim != 2 || coef->shape[1] < 1)
        return crn_fail(err, CRN_FORMAT, "coef_ is not a matrix");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = coef->shape[1];
    const int64_t rows = class_count(model) == 2 ? 1 : class_count(model);
    if (coef->shape[0] != rows || coef->shape[1] != model->base.n_features_in_)
        return crn_fail(err, CRN_FORMAT, "coef_ has shape (%lld, %lld), expected (%lld, %lld)",
                        (long long)coef->shape[0], (long long)coef->shape[1], (long long)rows,
                        (long long)model->base.n_features_in_);
    const bool scalar = intercept->ndim == 0; /* fit_intercept=False in old files */
    if (!scalar && (intercept->ndim != 1 || intercept->shape[0] != rows))
        return crn_fail(err, CRN_FORMAT, "intercept_ does not have %lld elements",
                        (long long)rows);
    if (!crn_dtype_is_number(coef->dtype) || !crn_dtype_is_number(intercept->dtype))
        return crn_fail(err, CRN_FORMAT, "coef_ and intercept_ must hold numbers");
    return CRN_OK;
}

/* Does predict_proba normalise one-vs-rest sigmoids instead of taking a softmax? Binary models
 * do, and those that versions before 1.8 fitted class by class. */
bool crn_logistic_regression_is_ovr(const logistic_regression *self)
{
    const char *how = self->multi_class;
    if (how == NULL)
        return is_binary(self);
    if (strcmp(how, "ovr") == 0 || strcmp(how, "warn") == 0)
        return true;
    if (strcmp(how, "multinomial") == 0)
        return false;
    const char *version = self->base.sklearn_version;
    const bool newton_is_ovr = version != NULL && crn_version_compare(version, "1.6") < 0;
    return is_binary(self) || strcmp(self->solver, "liblinear") == 0 ||
           (newton_is_ovr && strcmp(self->solver, "newton-cholesky") == 0);
}

/* X coef_.T + intercept_: (rows, n), or (rows, 1) when binary. */
static crn_value scores(const logistic_regression *self, crn_graph *graph, crn_value x)
{
    crn_value coef = crn_constant_float64(graph, &self->coef_);
    if (self->intercept_.ndim == 1)
        return crn_affine(graph, x, coef, true, crn_constant_float64(graph, &self->intercept_));
    const double shift = crn_array_get(&self->intercept_, 0);
    x = crn_affine(graph, x, coef, true, CRN_NO_VALUE);
    return shift == 0.0
               ? x
               : crn_binary(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, &shift, 1, 0),
                            CRN_BINARY_ADD);
}

static crn_value beside(crn_graph *graph, crn_value left, crn_value right)
{
    return crn_concat(graph, (crn_value[]){left, right}, 2, 0);
}

static crn_value probabilities(const logistic_regression *self, crn_graph *graph,
                               crn_value score)
{
    if (crn_logistic_regression_is_ovr(self)) {
        crn_value p = crn_unary(graph, score, CRN_UNARY_EXPIT);
        if (is_binary(self))
            return beside(graph, crn_unary(graph, p, CRN_UNARY_COMPLEMENT), p);
        return crn_softmax(graph, p, CRN_NORMALIZE_L1, -1);
    }
    if (is_binary(self))
        score = beside(graph, crn_unary(graph, score, CRN_UNARY_NEGATE), score);
    return crn_softmax(graph, score, CRN_SOFTMAX, -1);
}

static crn_value predict(const logistic_regression *self, crn_graph *graph, crn_value score)
{
    crn_value index = is_binary(self) ? crn_reshape(graph, crn_step(graph, score, 0.0), 0, NULL)
                                      : crn_argmax(graph, score);
    return crn_take(graph, crn_graph_constant(graph, &self->classes_), index);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const logistic_regression *model = self;
    crn_value score = scores(model, graph, x);
    switch (method) {
    case CRN_DECISION_FUNCTION:
        return is_binary(model) ? crn_reshape(graph, score, 0, NULL) : score;
    case CRN_PREDICT_PROBA:
        return probabilities(model, graph, score);
    case CRN_PREDICT_LOG_PROBA:
        return crn_unary(graph, probabilities(model, graph, score), CRN_UNARY_LOG);
    default:
        return predict(model, graph, score);
    }
}

const crn_estimator crn_estimator_LogisticRegression = {
    .name = "LogisticRegression",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._logistic sklearn.linear_model.logistic",
    .size = sizeof(logistic_regression),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
               1u << CRN_DECISION_FUNCTION,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = lower,
    .check = check,
    .fit = crn_logistic_regression_fit,
    .write = crn_logistic_regression_write,
};
