/* SPDX-License-Identifier: BSD-3-Clause */
/* LogisticRegression, as sklearn/linear_model/_logistic.py (1.9), and the files of versions
 * back to 0.19. */
#include "sklearn/linear_model/logistic_regression.h"

#include <string.h>

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/linear_model/linear_model.h"

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

static bool is_binary(const logistic_regression *self)
{
    return self->classes_.shape[0] == 2;
}

crn_status crn_logistic_regression_check(void *self, crn_error *err)
{
    logistic_regression *model = self;
    CRN_TRY(crn_linear_check_classes(&model->classes_, &model->coef_, err));
    if (model->classes_.shape[0] < 2)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of at least two classes");
    return crn_linear_check(&model->base, &model->coef_, &model->intercept_, err);
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

static crn_value probabilities(const logistic_regression *self, crn_graph *graph,
                               crn_value score)
{
    if (crn_logistic_regression_is_ovr(self))
        return crn_linear_one_vs_rest(graph, score);
    if (is_binary(self))
        score = crn_linear_beside(graph, crn_unary(graph, score, CRN_UNARY_NEGATE), score);
    return crn_softmax(graph, score, CRN_SOFTMAX, -1);
}

crn_value crn_logistic_regression_lower(const void *self, crn_method method, crn_graph *graph,
                                        crn_value x)
{
    const logistic_regression *model = self;
    crn_value score = crn_linear_scores(graph, x, &model->coef_, &model->intercept_);
    switch (method) {
    case CRN_DECISION_FUNCTION:
        return crn_linear_decision(graph, score);
    case CRN_PREDICT_PROBA:
        return probabilities(model, graph, score);
    case CRN_PREDICT_LOG_PROBA:
        return crn_unary(graph, probabilities(model, graph, score), CRN_UNARY_LOG);
    default:
        return crn_linear_labels(graph, score, &model->classes_);
    }
}

const crn_estimator crn_estimator_LogisticRegression = {
    .name = "LogisticRegression",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._logistic sklearn.linear_model.logistic",
    .size = sizeof(logistic_regression),
    .fields = fields,
    .methods = CRN_LOGISTIC_REGRESSION_METHODS,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = crn_logistic_regression_lower,
    .check = crn_logistic_regression_check,
    .fit = crn_logistic_regression_fit,
    .write = crn_logistic_regression_write,
};
