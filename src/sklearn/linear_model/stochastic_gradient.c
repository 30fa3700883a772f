/* SPDX-License-Identifier: BSD-3-Clause */
/* SGDClassifier and SGDRegressor, as sklearn/linear_model/_stochastic_gradient.py (1.9), and
 * files back to 0.20. */
#include <string.h>

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/linear_model/stochastic_gradient.h"

typedef struct sgd_classifier {
    crn_linear_classifier linear;
    const char *loss;
    const crn_object *penalty, *alpha, *l1_ratio, *fit_intercept, *max_iter, *tol, *shuffle,
        *verbose, *epsilon, *n_jobs, *random_state, *learning_rate, *eta0, *power_t,
        *early_stopping, *validation_fraction, *n_iter_no_change, *class_weight, *warm_start,
        *average;
} sgd_classifier;

typedef struct sgd_regressor {
    crn_linear_model linear;
    const char *loss;
    const crn_object *penalty, *alpha, *l1_ratio, *fit_intercept, *max_iter, *tol, *shuffle,
        *verbose, *epsilon, *random_state, *learning_rate, *eta0, *power_t, *early_stopping,
        *validation_fraction, *n_iter_no_change, *warm_start, *average;
} sgd_regressor;

static const crn_field classifier_fields[] = {
    CRN_PARAM(
        sgd_classifier, loss, STRING, "'hinge'",
        "'epsilon_insensitive' | 'hinge' | 'huber' | 'log_loss' | 'modified_huber' | "
        "'perceptron' | 'squared_epsilon_insensitive' | 'squared_error' | 'squared_hinge'"),
    CRN_PARAM(sgd_classifier, penalty, OBJECT, "'l2'", "'elasticnet' | 'l1' | 'l2' | None"),
    CRN_PARAM(sgd_classifier, alpha, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(sgd_classifier, l1_ratio, OBJECT, "0.15", "real [0, 1] | None"),
    CRN_PARAM(sgd_classifier, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(sgd_classifier, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(sgd_classifier, tol, OBJECT, "0.001", "real >= 0 | None"),
    CRN_PARAM(sgd_classifier, shuffle, OBJECT, "True", "bool"),
    CRN_PARAM(sgd_classifier, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(sgd_classifier, epsilon, OBJECT, "0.1", "real >= 0"),
    CRN_PARAM(sgd_classifier, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(sgd_classifier, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(sgd_classifier, learning_rate, OBJECT, "'optimal'",
              "'adaptive' | 'constant' | 'invscaling' | 'optimal' | 'pa1' | 'pa2'"),
    CRN_PARAM(sgd_classifier, eta0, OBJECT, "0.01", "real > 0"),
    CRN_PARAM(sgd_classifier, power_t, OBJECT, "0.5", "real (-inf, inf)"),
    CRN_PARAM(sgd_classifier, early_stopping, OBJECT, "False", "bool"),
    CRN_PARAM(sgd_classifier, validation_fraction, OBJECT, "0.1", "real (0, 1)"),
    CRN_PARAM(sgd_classifier, n_iter_no_change, OBJECT, "5", "int >= 1"),
    CRN_PARAM(sgd_classifier, class_weight, OBJECT, "None", "'balanced' | dict | None"),
    CRN_PARAM(sgd_classifier, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(sgd_classifier, average, OBJECT, "False", "int > 0 | bool"),
    CRN_LINEAR_CLASSIFIER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field regressor_fields[] = {
    CRN_PARAM(
        sgd_regressor, loss, STRING, "'squared_error'",
        "'epsilon_insensitive' | 'huber' | 'squared_epsilon_insensitive' | 'squared_error'"),
    CRN_PARAM(sgd_regressor, penalty, OBJECT, "'l2'", "'elasticnet' | 'l1' | 'l2' | None"),
    CRN_PARAM(sgd_regressor, alpha, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM(sgd_regressor, l1_ratio, OBJECT, "0.15", "real [0, 1] | None"),
    CRN_PARAM(sgd_regressor, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(sgd_regressor, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(sgd_regressor, tol, OBJECT, "0.001", "real >= 0 | None"),
    CRN_PARAM(sgd_regressor, shuffle, OBJECT, "True", "bool"),
    CRN_PARAM(sgd_regressor, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(sgd_regressor, epsilon, OBJECT, "0.1", "real >= 0"),
    CRN_PARAM(sgd_regressor, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(sgd_regressor, learning_rate, OBJECT, "'invscaling'",
              "'adaptive' | 'constant' | 'invscaling' | 'optimal' | 'pa1' | 'pa2'"),
    CRN_PARAM(sgd_regressor, eta0, OBJECT, "0.01", "real > 0"),
    CRN_PARAM(sgd_regressor, power_t, OBJECT, "0.25", "real (-inf, inf)"),
    CRN_PARAM(sgd_regressor, early_stopping, OBJECT, "False", "bool"),
    CRN_PARAM(sgd_regressor, validation_fraction, OBJECT, "0.1", "real (0, 1)"),
    CRN_PARAM(sgd_regressor, n_iter_no_change, OBJECT, "5", "int >= 1"),
    CRN_PARAM(sgd_regressor, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(sgd_regressor, average, OBJECT, "False", "int > 0 | bool"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

/* ---- probabilities ---- */

/* "log" until 1.2. */
static bool is_log_loss(const sgd_classifier *self)
{
    return self->loss != NULL &&
           (strcmp(self->loss, "log_loss") == 0 || strcmp(self->loss, "log") == 0);
}

static bool is_modified_huber(const sgd_classifier *self)
{
    return self->loss != NULL && strcmp(self->loss, "modified_huber") == 0;
}

static bool has_method(const void *self, crn_method method)
{
    const bool proba = method == CRN_PREDICT_PROBA || method == CRN_PREDICT_LOG_PROBA;
    return !proba || is_log_loss(self) || is_modified_huber(self);
}

/* (clip(score, -1, 1) + 1) / 2, and of several classes divided by the sum; all alike where
 * every class has 0. */
static crn_value modified_huber(crn_graph *graph, crn_value scores)
{
    const double half = 0.5;
    const int64_t n = crn_type_size(crn_graph_type(graph, scores));
    crn_value p = crn_scale_clipped(graph, scores, CRN_SCALE_MULTIPLY_ADD, CRN_NO_VALUE,
                                    CRN_NO_VALUE, -1.0, 1.0);
    crn_value constant = crn_graph_numbers(graph, CRN_FLOAT64, &half, 1, 0);
    p = crn_binary(graph, crn_binary(graph, p, constant, CRN_BINARY_MULTIPLY), constant,
                   CRN_BINARY_ADD);
    if (n == 1)
        return crn_linear_beside(graph, crn_unary(graph, p, CRN_UNARY_COMPLEMENT), p);
    return crn_softmax(graph, p, CRN_NORMALIZE_L1, -1);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const sgd_classifier *model = self;
    if (method != CRN_PREDICT_PROBA && method != CRN_PREDICT_LOG_PROBA)
        return crn_linear_classifier_lower(self, method, graph, x);
    crn_value scores =
        crn_linear_scores(graph, x, &model->linear.coef_, &model->linear.intercept_);
    crn_value p = is_log_loss(model) ? crn_linear_one_vs_rest(graph, scores)
                                     : modified_huber(graph, scores);
    return method == CRN_PREDICT_PROBA ? p : crn_unary(graph, p, CRN_UNARY_LOG);
}

/* ---- other versions ---- */

/* Spellings of losses: their new name, the old one, and the version that brought the new
 * one. */
static const char *loss_for(const char *loss, const char *sklearn)
{
    static const struct {
        const char *now, *before, *since;
    } renamed[] = {
        {"log_loss", "log", "1.1"},
        {"squared_error", "squared_loss", "1.0"},
    };
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++) {
        if (strcmp(loss, renamed[i].now) == 0 || strcmp(loss, renamed[i].before) == 0)
            return crn_version_compare(sklearn, renamed[i].since) < 0 ? renamed[i].before
                                                                      : renamed[i].now;
    }
    return loss;
}

/* No penalty is None from 1.2 on, "none" before. */
static bool write_penalty(crn_document *document, crn_object *state, const char *sklearn)
{
    const crn_object *penalty = crn_object_get(state, "penalty");
    const bool new = crn_version_compare(sklearn, "1.2") >= 0;
    if (new &&crn_object_is_str(penalty, "none"))
        return crn_object_set(document, state, "penalty", crn_object_none(document));
    if (!new &&crn_object_is_none(penalty))
        return crn_object_set(document, state, "penalty", crn_object_str(document, "none"));
    return true;
}

/* 0.0 was eta0's default until 1.7, and is out of its range since. */
static bool write_eta0(crn_document *document, crn_object *state, const char *sklearn)
{
    double eta0;
    if (crn_version_compare(sklearn, "1.8") < 0 ||
        !crn_object_as_double(crn_object_get(state, "eta0"), &eta0) || eta0 != 0.0)
        return true;
    return crn_object_set(document, state, "eta0", crn_object_float(document, 0.01));
}

crn_status crn_sgd_write(const void *self, crn_document *document, crn_object *state,
                         const char *sklearn, crn_error *err)
{
    (void)self;
    const char *loss = crn_object_text(crn_object_get(state, "loss"));
    bool ok = write_penalty(document, state, sklearn) && write_eta0(document, state, sklearn);
    if (ok && loss != NULL)
        ok = crn_object_set(document, state, "loss",
                            crn_object_str(document, loss_for(loss, sklearn)));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

#define SGD                                                                                    \
    .module = "sklearn.linear_model",                                                          \
    .modules = "sklearn.linear_model._stochastic_gradient "                                    \
               "sklearn.linear_model.stochastic_gradient",                                     \
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT, .write = crn_sgd_write

const crn_estimator crn_estimator_SGDClassifier = {
    .name = "SGDClassifier",
    .size = sizeof(sgd_classifier),
    .fields = classifier_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION | 1u << CRN_PREDICT_PROBA |
               1u << CRN_PREDICT_LOG_PROBA,
    .lower = lower,
    .check = crn_linear_classifier_check,
    .has_method = has_method,
    SGD,
};

const crn_estimator crn_estimator_SGDRegressor = {
    .name = "SGDRegressor",
    .size = sizeof(sgd_regressor),
    .fields = regressor_fields,
    .methods = 1u << CRN_PREDICT,
    .lower = crn_linear_model_lower,
    .check = crn_linear_model_check,
    SGD,
};
