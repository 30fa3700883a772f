/* SPDX-License-Identifier: BSD-3-Clause */
/* AdaBoostClassifier and AdaBoostRegressor, as sklearn/ensemble/_weight_boosting.py (1.9), and
 * the files of versions back to 0.20: the algorithm SAMME.R, which 1.6 dropped, and what SAMME
 * was before 1.3 (no share for the classes that an estimator does not name) and before 0.22
 * (probabilities from the estimators' own). */
#include <float.h>
#include <math.h>

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct ada_boost {
    crn_estimator_base base;
    crn_model *estimator;
    int64_t n_estimators;
    double learning_rate;
    const crn_object *random_state, *algorithm;
    const char *loss;
    crn_model *estimator_;
    crn_model_list estimators_;
    crn_array estimator_weights_; /* (n_estimators): at least one for each of estimators_ */
    crn_array estimator_errors_;  /* likewise */
    crn_array classes_;           /* (n_classes_) */
    int64_t n_classes_;
} ada_boost;

/* clang-format off */
#define ESTIMATOR_PARAM                                                                       \
    {.name = "estimator", .type = CRN_FIELD_MODEL,                                            \
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL, .offset = offsetof(ada_boost, estimator), \
     .dflt = "None", .constraint = "has fit and predict | None", .since = "1.2",              \
     .old_names = "base_estimator"}
#define ENSEMBLE_FITTED                                                                       \
    {.name = "estimator_", .type = CRN_FIELD_MODEL,                                           \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,                                          \
     .offset = offsetof(ada_boost, estimator_), .since = "1.2",                               \
     .old_names = "base_estimator_"},                                                         \
    CRN_FITTED(ada_boost, estimators_, MODELS),                                               \
    CRN_FITTED_ARRAY(ada_boost, estimator_weights_, "weights"),                               \
    CRN_FITTED_ARRAY(ada_boost, estimator_errors_, "weights")
/* clang-format on */

static const crn_field classifier_fields[] = {
    ESTIMATOR_PARAM,
    CRN_PARAM(ada_boost, n_estimators, INT, "50", "int >= 1"),
    CRN_PARAM(ada_boost, learning_rate, REAL, "1.0", "real > 0"),
    CRN_PARAM_SINCE(ada_boost, algorithm, OBJECT, "'deprecated'", NULL, NULL, "1.8"),
    CRN_PARAM(ada_boost, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    ENSEMBLE_FITTED,
    CRN_FITTED_ARRAY(ada_boost, classes_, "n_classes_"),
    CRN_FITTED(ada_boost, n_classes_, INT),
    CRN_FIELDS_END,
};

static const crn_field regressor_fields[] = {
    ESTIMATOR_PARAM,
    CRN_PARAM(ada_boost, n_estimators, INT, "50", "int >= 1"),
    CRN_PARAM(ada_boost, learning_rate, REAL, "1.0", "real > 0"),
    CRN_PARAM(ada_boost, loss, STRING, "'linear'", "'exponential' | 'linear' | 'square'"),
    CRN_PARAM(ada_boost, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    ENSEMBLE_FITTED,
    CRN_FIELDS_END,
};

/* ---- what the file's version does ---- */

static bool is_before(const ada_boost *self, const char *version)
{
    const char *own = self->base.sklearn_version;
    return own != NULL && crn_version_compare(own, version) < 0;
}

static bool is_real(const ada_boost *self)
{
    return crn_object_is_str(self->algorithm, "SAMME.R");
}

/* What an estimator of weight w gives to a class that it does not name. */
static double miss_of(const ada_boost *self, double w)
{
    return is_before(self, "1.3") ? 0.0 : -1.0 / (double)(self->n_classes_ - 1) * w;
}

/* ---- checks ---- */

static crn_status check_regressor(void *self, crn_error *err)
{
    ada_boost *model = self;
    const crn_array *weights = &model->estimator_weights_;
    if (model->estimators_.count < 1)
        return crn_fail(err, CRN_FORMAT, "estimators_ is empty");
    if (weights->ndim != 1 || !crn_dtype_is_number(weights->dtype) ||
        weights->shape[0] < model->estimators_.count)
        return crn_fail(err, CRN_FORMAT, "estimator_weights_ are not %lld numbers",
                        (long long)model->estimators_.count);
    crn_children_lend_features(&model->estimators_, &model->base);
    return CRN_OK;
}

static crn_status check_classifier(void *self, crn_error *err)
{
    CRN_TRY(crn_classes_check(&((const ada_boost *)self)->classes_, 1, err));
    return check_regressor(self, err);
}

/* ---- the classifier: what each estimator adds to the classes' scores (rows, n_classes) ---- */

static double weight_of(const ada_boost *self, int64_t i)
{
    return crn_array_get(&self->estimator_weights_, i);
}

/* _samme_proba: (n_classes - 1) * (log p - mean of log p). */
static crn_value real_score(const ada_boost *self, crn_graph *graph, crn_value proba)
{
    const int64_t n = self->n_classes_;
    const crn_value clipped =
        crn_scale_clipped(graph, proba, CRN_SCALE_MULTIPLY_ADD, CRN_NO_VALUE, CRN_NO_VALUE,
                          DBL_EPSILON, (double)INFINITY);
    const crn_value log_proba = crn_unary(graph, clipped, CRN_UNARY_LOG);
    const crn_value sum = crn_as_column(graph, crn_reduce(graph, log_proba, CRN_REDUCE_SUM));
    const crn_value centred = crn_binary(
        graph, log_proba, crn_times(graph, sum, 1.0 / (double)n), CRN_BINARY_SUBTRACT);
    return crn_times(graph, centred, (double)(n - 1));
}

/* `by_proba`: what SAMME's predict_proba added before 0.22. */
static crn_value score(const ada_boost *self, int64_t i, bool by_proba, crn_graph *graph,
                       crn_value x)
{
    const double w = weight_of(self, i);
    if (is_real(self) || by_proba) {
        const crn_value proba =
            crn_children_lower(&self->estimators_, i, CRN_PREDICT_PROBA, graph, x);
        return is_real(self) ? real_score(self, graph, proba) : crn_times(graph, proba, w);
    }
    const crn_value labels = crn_children_lower(&self->estimators_, i, CRN_PREDICT, graph, x);
    const crn_value vote = crn_class_indices(graph, labels, &self->classes_);
    const double weights[2] = {w, miss_of(self, w)};
    return crn_tally(graph, &vote, 1, self->n_classes_, weights);
}

/* A decision for each class, or one for the second of two. */
static crn_value decision(const ada_boost *self, crn_graph *graph, crn_value sum, double norm)
{
    static const double signs[2] = {-1.0, 1.0};
    sum = crn_divided_by(graph, sum, norm);
    if (self->n_classes_ != 2)
        return sum;
    sum = crn_scale(graph, sum, CRN_SCALE_MULTIPLY_ADD,
                    crn_graph_numbers(graph, CRN_FLOAT64, signs, 2, 0), CRN_NO_VALUE);
    return crn_reduce(graph, sum, CRN_REDUCE_SUM);
}

static crn_value probabilities(const ada_boost *self, crn_graph *graph, crn_value sum,
                               double norm, bool by_proba)
{
    const double others = (double)(self->n_classes_ - 1);
    crn_value logits;
    if (by_proba) {
        logits = crn_times(graph, crn_divided_by(graph, sum, norm), 1.0 / others);
    } else if (self->n_classes_ == 2) {
        const crn_value d = crn_as_column(graph, decision(self, graph, sum, norm));
        const crn_value both[2] = {crn_unary(graph, d, CRN_UNARY_NEGATE), d};
        logits = crn_divided_by(graph, crn_concat(graph, both, 2, -1), 2.0);
    } else {
        logits = crn_divided_by(graph, decision(self, graph, sum, norm), others);
    }
    return crn_softmax(graph, logits, CRN_SOFTMAX, -1);
}

static crn_value labels_of(const ada_boost *self, crn_graph *graph, crn_value sum, double norm)
{
    const crn_value d = decision(self, graph, sum, norm);
    const crn_value index =
        self->n_classes_ == 2 ? crn_step(graph, d, 0.0) : crn_argmax(graph, d);
    return crn_take(graph, crn_graph_constant(graph, &self->classes_), index);
}

/* The answer to a method, staged or not, from the scores' sum and the sum of the weights. */
static crn_value answer(const ada_boost *self, crn_method method, bool by_proba,
                        crn_graph *graph, crn_value sum, double norm)
{
    switch (method) {
    case CRN_DECISION_FUNCTION:
    case CRN_STAGED_DECISION_FUNCTION:
        return decision(self, graph, sum, norm);
    case CRN_PREDICT_PROBA:
    case CRN_STAGED_PREDICT_PROBA:
        return probabilities(self, graph, sum, norm, by_proba);
    case CRN_PREDICT_LOG_PROBA:
        return crn_unary(graph, probabilities(self, graph, sum, norm, by_proba), CRN_UNARY_LOG);
    default:
        return labels_of(self, graph, sum, norm);
    }
}

/* One value for each stage as (rows, stages, ...). */
static crn_value join_stages(crn_graph *graph, crn_value *stages, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        const crn_type *type = crn_graph_type(graph, stages[i]);
        const int64_t shape[2] = {1, type->ndim > 0 ? type->shape[0] : 1};
        stages[i] = crn_reshape(graph, stages[i], type->ndim + 1, shape);
    }
    return crn_concat(graph, stages, (int)count, 0);
}

static crn_value staged(const ada_boost *self, crn_method method, bool by_proba,
                        crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    crn_value *stages = crn_arena_alloc(graph->arena, (size_t)count, sizeof *stages);
    if (stages == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    crn_value sum = CRN_NO_VALUE;
    double norm = 0.0;
    for (int64_t i = 0; i < count; i++) {
        const crn_value one = score(self, i, by_proba, graph, x);
        sum = i == 0 ? one : crn_binary(graph, sum, one, CRN_BINARY_ADD);
        norm += weight_of(self, i);
        stages[i] = answer(self, method, by_proba, graph, sum, norm);
    }
    return join_stages(graph, stages, count);
}

static crn_value sum_of_scores(const ada_boost *self, bool by_proba, crn_graph *graph,
                               crn_value x)
{
    const int64_t count = self->estimators_.count;
    crn_value *each = crn_arena_alloc(graph->arena, (size_t)count, sizeof *each);
    if (each == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < count; i++)
        each[i] = score(self, i, by_proba, graph, x);
    return crn_sum_in_order(graph, each, count);
}

static bool is_staged(crn_method method)
{
    return method == CRN_STAGED_PREDICT || method == CRN_STAGED_PREDICT_PROBA ||
           method == CRN_STAGED_DECISION_FUNCTION;
}

/* A single class: nothing is decided. */
static crn_value one_class(const ada_boost *self, crn_method method, crn_graph *graph,
                           crn_value x)
{
    const crn_value labels = crn_children_lower(&self->estimators_, 0, CRN_PREDICT, graph, x);
    const crn_value index = crn_class_indices(graph, labels, &self->classes_);
    const double weights[2] = {method == CRN_PREDICT_PROBA ? 1.0 : 0.0, 0.0};
    if (method == CRN_PREDICT)
        return crn_take(graph, crn_graph_constant(graph, &self->classes_), index);
    return crn_tally(graph, &index, 1, 1, weights);
}

static crn_value lower_classifier(const void *self, crn_method method, crn_graph *graph,
                                  crn_value x)
{
    const ada_boost *model = self;
    const bool proba = method == CRN_PREDICT_PROBA || method == CRN_PREDICT_LOG_PROBA ||
                       method == CRN_STAGED_PREDICT_PROBA;
    const bool by_proba = proba && !is_real(model) && is_before(model, "0.22");
    if (model->n_classes_ == 1)
        return one_class(model, method, graph, x);
    if (is_staged(method))
        return staged(model, method, by_proba, graph, x);
    double norm = 0.0;
    for (int64_t i = 0; i < model->estimator_weights_.shape[0]; i++)
        norm += weight_of(model, i);
    return answer(model, method, by_proba, graph, sum_of_scores(model, by_proba, graph, x),
                  norm);
}

/* ---- the regressor ---- */

static crn_value lower_regressor(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x)
{
    const ada_boost *model = self;
    const int64_t count = model->estimators_.count;
    crn_value *each = crn_children_answers(&model->estimators_, CRN_PREDICT, graph, x);
    double *weights = crn_arena_alloc(graph->arena, (size_t)count, sizeof *weights);
    if (each == NULL || weights == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < count; i++) {
        each[i] = crn_cast(graph, each[i], CRN_FLOAT64);
        weights[i] = weight_of(model, i);
    }
    return crn_weighted_median(graph, crn_stack(graph, each, count),
                               crn_graph_numbers(graph, CRN_FLOAT64, weights, count, 0),
                               is_staged(method));
}

/* ---- asking ---- */

static bool has_method(const void *self, crn_method method)
{
    const ada_boost *model = self;
    if (model->n_classes_ == 1 && (is_staged(method) || method == CRN_PREDICT_LOG_PROBA))
        return false;
    return crn_children_have(&model->estimators_,
                             is_real(model) ? CRN_PREDICT_PROBA : CRN_PREDICT);
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    const ada_boost *model = self;
    crn_type type = crn_children_input_type(&model->estimators_);
    type.shape[0] = model->base.n_features_in_;
    return type;
}

/* ---- writing ---- */

/* 1.6 has no SAMME.R; what SAMME decides changed with 1.3 and 0.22. */
static crn_status check_sayable(const ada_boost *self, const char *sklearn, crn_error *err)
{
    const char *own = self->base.sklearn_version;
    if (is_real(self))
        return crn_version_compare(sklearn, "1.6") < 0
                   ? CRN_OK
                   : crn_fail(err, CRN_UNSUPPORTED,
                              "scikit-learn %s has no algorithm='SAMME.R' of "
                              "AdaBoostClassifier, which 1.6 dropped",
                              sklearn);
    if (own != NULL &&
        (crn_version_compare(sklearn, "1.3") < 0) != (crn_version_compare(own, "1.3") < 0))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s decides otherwise with algorithm='SAMME' of "
                        "AdaBoostClassifier than %s does",
                        sklearn, own);
    return CRN_OK;
}

static crn_status write_regressor(const void *self, crn_document *document, crn_object *state,
                                  const char *sklearn, crn_error *err)
{
    (void)self;
    return crn_write_deprecated(document, state, sklearn, "base_estimator", "1.2", "1.4", err);
}

/* Before 1.6 the algorithm had to be said. */
static crn_status write_classifier(const void *self, crn_document *document, crn_object *state,
                                   const char *sklearn, crn_error *err)
{
    const ada_boost *model = self;
    if (model->base.fitted)
        CRN_TRY(check_sayable(model, sklearn, err));
    if (!is_real(model)) {
        const bool old = crn_version_compare(sklearn, "1.6") < 0;
        crn_object *value = crn_object_str(document, old ? "SAMME" : "deprecated");
        if (!crn_object_set(document, state, "algorithm", value))
            return crn_arena_fail(document->arena, err);
    }
    return write_regressor(self, document, state, sklearn, err);
}

const crn_estimator crn_estimator_AdaBoostClassifier = {
    .name = "AdaBoostClassifier",
    .module = "sklearn.ensemble",
    .modules = "sklearn.ensemble._weight_boosting sklearn.ensemble.weight_boosting",
    .size = sizeof(ada_boost),
    .fields = classifier_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
               1u << CRN_DECISION_FUNCTION | 1u << CRN_STAGED_PREDICT |
               1u << CRN_STAGED_PREDICT_PROBA | 1u << CRN_STAGED_DECISION_FUNCTION,
    .lower = lower_classifier,
    .check = check_classifier,
    .has_method = has_method,
    .input_type = input_type,
    .write = write_classifier,
};

const crn_estimator crn_estimator_AdaBoostRegressor = {
    .name = "AdaBoostRegressor",
    .module = "sklearn.ensemble",
    .modules = "sklearn.ensemble._weight_boosting sklearn.ensemble.weight_boosting",
    .size = sizeof(ada_boost),
    .fields = regressor_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_STAGED_PREDICT,
    .lower = lower_regressor,
    .check = check_regressor,
    .has_method = has_method,
    .input_type = input_type,
    .write = write_regressor,
};
