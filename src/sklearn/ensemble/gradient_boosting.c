/* SPDX-License-Identifier: BSD-3-Clause */
/* GradientBoostingClassifier and GradientBoostingRegressor, as sklearn/ensemble/_gb.py (1.9),
 * and the files of versions back to 0.20. */
#include "sklearn/ensemble/gradient_boosting.h"

#include <stdlib.h>
#include <string.h>

#include "ops/elementwise.h"
#include "ops/rows.h"

typedef crn_gradient_boosting boosting;

/* clang-format off */
#define BEGIN_PARAMS(loss_, losses)                                                            \
    CRN_PARAM(boosting, loss, STRING, loss_, losses)
#define MIDDLE_PARAMS                                                                          \
    CRN_PARAM(boosting, learning_rate, REAL, "0.1", "real >= 0.0"),                            \
    CRN_PARAM(boosting, n_estimators, OBJECT, "100", "int >= 1"),                              \
    CRN_PARAM(boosting, subsample, REAL, "1.0", "real (0.0, 1.0]"),                            \
    CRN_PARAM(boosting, criterion, OBJECT, "'deprecated'",                                     \
              "'squared_error' | ~'deprecated' | ~'friedman_mse'"),                            \
    CRN_TREE_LEAF_PARAMS(boosting),                                                            \
    CRN_TREE_MAX_DEPTH(boosting, "3"),                                                         \
    CRN_TREE_MIN_IMPURITY_DECREASE(boosting)
#define INIT(methods_)                                                                         \
    CRN_PARAM(boosting, init, OBJECT, "None", "'zero' | None | has fit and " methods_),        \
    CRN_PARAM(boosting, random_state, OBJECT, "None", "random_state"),                         \
    CRN_PARAM(boosting, max_features, OBJECT, "None", CRN_MAX_FEATURES)
#define END_PARAMS                                                                             \
    CRN_PARAM(boosting, verbose, OBJECT, "0", "verbose"),                                      \
    CRN_TREE_MAX_LEAF_NODES(boosting),                                                         \
    CRN_PARAM(boosting, warm_start, BOOL, "False", NULL),                                      \
    CRN_PARAM(boosting, validation_fraction, REAL, "0.1", "real (0.0, 1.0)"),                  \
    CRN_PARAM(boosting, n_iter_no_change, OBJECT, "None", "int >= 1 | None"),                  \
    CRN_PARAM(boosting, tol, REAL, "0.0001", "real >= 0.0"),                                   \
    CRN_TREE_CCP_ALPHA(boosting),                                                              \
    CRN_TREE_MIN_IMPURITY_SPLIT(boosting),                                                     \
    CRN_PARAM_SINCE(boosting, presort, OBJECT, "'deprecated'", NULL, NULL, "0.24")
#define FITTED                                                                                 \
    CRN_FITTED(boosting, init_, OBJECT),                                                       \
    CRN_FITTED(boosting, estimators_, MODELS),                                                 \
    CRN_FIELDS_END
/* clang-format on */

static const crn_field classifier[] = {BEGIN_PARAMS("'log_loss'", "'exponential' | 'log_loss'"),
                                       MIDDLE_PARAMS,
                                       INIT("predict_proba"),
                                       END_PARAMS,
                                       CRN_BASE_FIELDS,
                                       CRN_TREE_N_FEATURES(boosting),
                                       CRN_FITTED_ARRAY(boosting, classes_, NULL),
                                       FITTED};
static const crn_field regressor[] = {
    BEGIN_PARAMS("'squared_error'",
                 "'absolute_error' | 'huber' | 'quantile' | 'squared_error'"),
    MIDDLE_PARAMS,
    INIT("predict"),
    CRN_PARAM(boosting, alpha, REAL, "0.9", "real (0.0, 1.0)"),
    END_PARAMS,
    CRN_BASE_FIELDS,
    CRN_TREE_N_FEATURES(boosting),
    FITTED};

static bool is_classifier(const boosting *self)
{
    return self->base.type->methods & 1u << CRN_PREDICT_PROBA;
}

int64_t crn_gradient_boosting_columns(const crn_gradient_boosting *self)
{
    return self->estimators_.columns;
}

crn_boosting_loss crn_gradient_boosting_loss(const crn_gradient_boosting *self)
{
    static const struct {
        const char *name;
        crn_boosting_loss loss;
    } regression[] = {{"lad", CRN_LOSS_ABSOLUTE_ERROR},
                      {"absolute_error", CRN_LOSS_ABSOLUTE_ERROR},
                      {"huber", CRN_LOSS_HUBER},
                      {"quantile", CRN_LOSS_QUANTILE}};
    const char *name = self->loss != NULL ? self->loss : "";
    if (is_classifier(self)) {
        if (strcmp(name, "exponential") == 0)
            return CRN_LOSS_EXPONENTIAL;
        return self->estimators_.columns > 1 ? CRN_LOSS_MULTINOMIAL : CRN_LOSS_BINOMIAL;
    }
    for (size_t i = 0; i < sizeof regression / sizeof *regression; i++) {
        if (strcmp(name, regression[i].name) == 0)
            return regression[i].loss;
    }
    return CRN_LOSS_SQUARED_ERROR;
}

static crn_status check_shape(const boosting *self, crn_error *err)
{
    const crn_model_list *list = &self->estimators_;
    const crn_array *classes = &self->classes_;
    if (list->kind != CRN_MODELS_ARRAY || list->columns < 1 || list->count < list->columns)
        return crn_fail(err, CRN_FORMAT, "estimators_ is not a matrix of trees");
    if (!is_classifier(self))
        return list->columns == 1
                   ? CRN_OK
                   : crn_fail(err, CRN_FORMAT, "a regressor with %lld trees a stage",
                              (long long)list->columns);
    if (classes->ndim != 1 || classes->shape[0] < 2)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of at least two classes");
    if (list->columns != (classes->shape[0] == 2 ? 1 : classes->shape[0]))
        return crn_fail(err, CRN_FORMAT, "estimators_ has %lld trees a stage for %lld classes",
                        (long long)list->columns, (long long)classes->shape[0]);
    return CRN_OK;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    (void)state;
    boosting *model = self;
    if (!model->base.fitted)
        return CRN_OK;
    CRN_TRY(check_shape(model, err));
    const int64_t features = model->base.n_features_in_ > 0 ? model->base.n_features_in_ : 0;
    CRN_TRY(crn_forest_trees(&model->estimators_, features, 1, &model->trees, err));
    return crn_boosting_start_read(model, context, err);
}

static void release(void *self)
{
    boosting *model = self;
    crn_boosting_start_free(&model->start);
    free(model->trees);
}

static crn_status check(void *self, crn_error *err)
{
    boosting *model = self;
    const int64_t features = model->trees[0]->n_features;
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = features;
    if (model->n_features_ < 0)
        model->n_features_ = features;
    for (int64_t i = 0; i < model->estimators_.count; i++) {
        if (model->trees[i]->n_features != features)
            return crn_fail(err, CRN_FORMAT, "estimators_[%lld] has %lld features, not %lld",
                            (long long)i, (long long)model->trees[i]->n_features,
                            (long long)features);
    }
    return CRN_OK;
}

/* ---- lowering ---- */

/* (rows, columns), or (rows, stages, columns). */
static crn_value raw_predictions(const boosting *self, crn_graph *graph, crn_value x,
                                 bool staged)
{
    crn_tree_ensemble packed;
    crn_tree_ensemble_attributes attributes;
    const crn_value base = crn_boosting_start_lower(self, graph, x);
    crn_trees_pack(graph,
                   &(crn_tree_question){.trees = self->trees,
                                        .count = self->estimators_.count,
                                        .n_features = self->base.n_features_in_,
                                        .says = CRN_TREE_SAYS_VALUES,
                                        .output = CRN_TREE_ALL_OUTPUTS,
                                        .scale = self->learning_rate},
                   &packed, &attributes);
    packed.base = base;
    attributes.columns = self->estimators_.columns;
    attributes.output = staged ? CRN_TREE_STAGES : CRN_TREE_SUM;
    return crn_tree_ensemble_run(graph, x, &packed, &attributes);
}

static int64_t stages_of(const boosting *self)
{
    return self->estimators_.count / self->estimators_.columns;
}

/* Drops the axis of the only column. */
static crn_value flat(const boosting *self, crn_graph *graph, crn_value raw, bool staged)
{
    const int64_t stages = stages_of(self);
    if (self->estimators_.columns > 1)
        return raw;
    return crn_reshape(graph, raw, staged ? 1 : 0, &stages);
}

static crn_value probabilities(const boosting *self, crn_graph *graph, crn_value raw)
{
    const crn_boosting_loss loss = crn_gradient_boosting_loss(self);
    const double two = 2.0;
    if (loss == CRN_LOSS_MULTINOMIAL)
        return crn_softmax(graph, raw, CRN_SOFTMAX, -1);
    if (loss == CRN_LOSS_EXPONENTIAL)
        raw = crn_binary(graph, raw, crn_graph_numbers(graph, CRN_FLOAT64, &two, 1, 0),
                         CRN_BINARY_MULTIPLY);
    const crn_value p = crn_unary(graph, raw, CRN_UNARY_EXPIT);
    return crn_concat(graph, (crn_value[]){crn_unary(graph, p, CRN_UNARY_COMPLEMENT), p}, 2,
                      -1);
}

/* The positive class from 0 on; versions before 1.4 compared probabilities, which are equal
 * around 0, and took the first. */
static crn_value labels(const boosting *self, crn_graph *graph, crn_value raw, bool staged)
{
    const crn_boosting_loss loss = crn_gradient_boosting_loss(self);
    const char *version = self->base.sklearn_version;
    const bool old = version != NULL && crn_version_compare(version, "1.4") < 0;
    crn_value index;
    if (loss == CRN_LOSS_MULTINOMIAL) {
        index = crn_argmax(graph, raw);
    } else if (loss == CRN_LOSS_BINOMIAL && old) {
        index = crn_argmax(graph, probabilities(self, graph, raw));
    } else {
        const double sides[] = {1.0, 0.0};
        raw = crn_unary(graph, flat(self, graph, raw, staged), CRN_UNARY_NEGATE);
        index = crn_take(graph, crn_graph_numbers(graph, CRN_INT64, sides, 2, 0),
                         crn_step(graph, raw, 0.0));
    }
    return crn_take(graph, crn_graph_constant(graph, &self->classes_), index);
}

static crn_value apply(const boosting *self, crn_graph *graph, crn_value x)
{
    const int64_t shape[] = {stages_of(self), self->estimators_.columns};
    const crn_value leaves = crn_trees_apply(graph, x, self->trees, self->estimators_.count,
                                             self->base.n_features_in_);
    return crn_reshape(graph, crn_cast(graph, leaves, CRN_FLOAT64), is_classifier(self) ? 2 : 1,
                       shape);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const boosting *model = self;
    if (method == CRN_APPLY)
        return apply(model, graph, x);
    const bool staged = method == CRN_STAGED_PREDICT || method == CRN_STAGED_PREDICT_PROBA ||
                        method == CRN_STAGED_DECISION_FUNCTION;
    const crn_value raw = raw_predictions(model, graph, x, staged);
    switch (method) {
    case CRN_PREDICT_PROBA:
    case CRN_STAGED_PREDICT_PROBA:
        return probabilities(model, graph, raw);
    case CRN_PREDICT_LOG_PROBA:
        return crn_unary(graph, probabilities(model, graph, raw), CRN_UNARY_LOG);
    case CRN_DECISION_FUNCTION:
        return flat(model, graph, raw, staged);
    case CRN_STAGED_DECISION_FUNCTION:
        return raw;
    default:
        return is_classifier(model) ? labels(model, graph, raw, staged)
                                    : flat(model, graph, raw, staged);
    }
}

enum {
    REGRESSOR_METHODS = 1u << CRN_PREDICT | 1u << CRN_STAGED_PREDICT | 1u << CRN_APPLY,
    CLASSIFIER_METHODS = REGRESSOR_METHODS | 1u << CRN_PREDICT_PROBA |
                         1u << CRN_PREDICT_LOG_PROBA | 1u << CRN_DECISION_FUNCTION |
                         1u << CRN_STAGED_PREDICT_PROBA | 1u << CRN_STAGED_DECISION_FUNCTION
};

#define BOOSTING(name_, fields_, methods_)                                                     \
    const crn_estimator crn_estimator_##name_ = {                                              \
        .name = #name_,                                                                        \
        .module = "sklearn.ensemble",                                                          \
        .modules = "sklearn.ensemble.gradient_boosting sklearn.ensemble._gb",                  \
        .size = sizeof(boosting),                                                              \
        .fields = fields_,                                                                     \
        .methods = methods_,                                                                   \
        .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,                                               \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
        .read = read,                                                                          \
        .write = crn_gradient_boosting_write,                                                  \
        .release = release}

BOOSTING(GradientBoostingClassifier, classifier, CLASSIFIER_METHODS);
BOOSTING(GradientBoostingRegressor, regressor, REGRESSOR_METHODS);
