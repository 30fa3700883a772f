/* SPDX-License-Identifier: BSD-3-Clause */
/* FixedThresholdClassifier and TunedThresholdClassifierCV, as
 * sklearn/model_selection/_classification_threshold.py (1.9): a binary classifier's score
 * against a threshold of one's own. */
#include <math.h>
#include <string.h>

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct threshold_classifier {
    crn_estimator_base base;
    crn_model *estimator;
    const char *response_method;
    const crn_object *threshold, *pos_label;
    const crn_object *scoring, *thresholds, *cv, *n_jobs, *random_state;
    bool refit, store_cv_results;
    crn_model *estimator_; /* none where `estimator` was fitted beforehand */
    double best_threshold_;
} threshold_classifier;

#define RESPONSE_METHOD                                                                        \
    CRN_PARAM(threshold_classifier, response_method, STRING, "'auto'",                         \
              "'auto' | 'decision_function' | 'predict_proba'")
#define ESTIMATOR                                                                              \
    CRN_PARAM(threshold_classifier, estimator, MODEL, NULL,                                    \
              "has fit and predict_proba | has fit and decision_function")

static const crn_field fixed_fields[] = {
    ESTIMATOR,
    CRN_PARAM(threshold_classifier, threshold, OBJECT, "'auto'", "'auto' | real"),
    CRN_PARAM(threshold_classifier, pos_label, OBJECT, "None", "real | str | bool | None"),
    RESPONSE_METHOD,
    CRN_BASE_FIELDS,
    CRN_FITTED_OPTIONAL(threshold_classifier, estimator_, MODEL),
    CRN_FIELDS_END,
};

static const crn_field tuned_fields[] = {
    ESTIMATOR,
    CRN_PARAM(threshold_classifier, scoring, OBJECT, "'balanced_accuracy'",
              "scorer | callable | <collections.abc.MutableMapping>"),
    RESPONSE_METHOD,
    CRN_PARAM(threshold_classifier, thresholds, OBJECT, "100", "int >= 1 | array"),
    CRN_PARAM(threshold_classifier, cv, OBJECT, "None", "cv | 'prefit' | float (0.0, 1.0)"),
    CRN_PARAM(threshold_classifier, refit, BOOL, "True", NULL),
    CRN_PARAM(threshold_classifier, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(threshold_classifier, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(threshold_classifier, store_cv_results, BOOL, "False", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(threshold_classifier, estimator_, MODEL),
    CRN_FITTED(threshold_classifier, best_threshold_, REAL),
    CRN_FIELDS_END,
};

static const crn_model *classifier(const void *self)
{
    const threshold_classifier *model = self;
    return model->estimator_ != NULL ? model->estimator_ : model->estimator;
}

/* ---- the positive class ---- */

/* Metrics of sklearn.metrics whose pos_label is 1 unless something else is said. */
static bool has_positive_1(const crn_object *score_func)
{
    static const char *const names[] = {
        "average_precision_score",         "f1_score",        "fbeta_score", "jaccard_score",
        "precision_recall_fscore_support", "precision_score", "recall_score"};
    if (!crn_object_is(score_func, CRN_OBJ_GLOBAL))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (crn_object_is_str(score_func->as.global.name, names[i]))
            return true;
    }
    return false;
}

/* Is the label classes[i]? */
static bool is_label(const crn_object *label, const crn_array *classes, int64_t i)
{
    double number;
    crn_text text = CRN_TEXT_INIT;
    if (classes->dtype != CRN_STRING)
        return crn_object_as_double(label, &number) && number == crn_array_get(classes, i);
    crn_label_text(classes, i, &text);
    const bool equal =
        text.status == CRN_OK && text.data != NULL && crn_object_is_str(label, text.data);
    crn_text_free(&text);
    return equal;
}

/* What the scorer of a tuned classifier calls positive; NULL: nothing is said. */
static const crn_object *positive_of_scorer(const threshold_classifier *self, bool *is_1)
{
    const crn_object *scorer = crn_object_get(self->base.state, "_curve_scorer");
    *is_1 = false;
    if (!crn_object_is(scorer, CRN_OBJ_INSTANCE))
        return NULL;
    const crn_object *inner = scorer->as.instance->state;
    const crn_object *label = crn_object_get(crn_object_get(inner, "_kwargs"), "pos_label");
    *is_1 = label == NULL && has_positive_1(crn_object_get(inner, "_score_func"));
    return label;
}

/* Which of the two classes is positive: the second, unless one is named. */
static int64_t positive_class(const threshold_classifier *self, const crn_array *classes,
                              crn_graph *graph)
{
    bool is_1 = false;
    const crn_object *label = self->base.type == &crn_estimator_FixedThresholdClassifier
                                  ? self->pos_label
                                  : positive_of_scorer(self, &is_1);
    if (!is_1 && (label == NULL || crn_object_is_none(label)))
        return 1;
    for (int64_t i = 0; i < 2; i++) {
        if (is_1 ? classes->dtype != CRN_STRING && crn_array_get(classes, i) == 1.0
                 : is_label(label, classes, i))
            return i;
    }
    crn_graph_fail(graph, CRN_FORMAT, "pos_label is not a valid label");
    return 1;
}

/* ---- lowering ---- */

static crn_method response_method(const threshold_classifier *self)
{
    if (strcmp(self->response_method, "auto") != 0)
        return strcmp(self->response_method, "predict_proba") == 0 ? CRN_PREDICT_PROBA
                                                                   : CRN_DECISION_FUNCTION;
    return crn_child_has(classifier(self), CRN_PREDICT_PROBA) ? CRN_PREDICT_PROBA
                                                              : CRN_DECISION_FUNCTION;
}

static double threshold_of(const threshold_classifier *self, crn_method response)
{
    double threshold = response == CRN_PREDICT_PROBA ? 0.5 : 0.0;
    if (self->base.type != &crn_estimator_FixedThresholdClassifier)
        return self->best_threshold_;
    crn_object_as_double(self->threshold, &threshold);
    return threshold;
}

static crn_value predict(const threshold_classifier *self, crn_graph *graph, crn_value x)
{
    crn_array classes;
    if (!crn_child_classes(classifier(self), &classes) || classes.ndim != 1 ||
        classes.shape[0] != 2)
        return crn_graph_fail(graph, CRN_FORMAT,
                              "Expected 'estimator' to be a binary classifier.");
    const int64_t positive = positive_class(self, &classes, graph);
    const double places[2] = {(double)(1 - positive), (double)positive};
    const crn_method response = response_method(self);
    crn_value score = crn_sklearn_lower(classifier(self), response, graph, x);
    if (response == CRN_PREDICT_PROBA)
        score = crn_one_column(graph, score, positive);
    else if (positive == 0)
        score = crn_unary(graph, score, CRN_UNARY_NEGATE);
    /* score >= threshold */
    const double below = nextafter(threshold_of(self, response), -(double)INFINITY);
    const crn_value index = crn_take(graph, crn_graph_numbers(graph, CRN_INT64, places, 2, 0),
                                     crn_step(graph, score, below));
    return crn_take(graph, crn_graph_constant(graph, &classes), index);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    return method == CRN_PREDICT ? predict(self, graph, x)
                                 : crn_sklearn_lower(classifier(self), method, graph, x);
}

static bool has_method(const void *self, crn_method method)
{
    return crn_child_has(classifier(self),
                         method == CRN_PREDICT ? response_method(self) : method);
}

enum {
    METHODS = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
              1u << CRN_DECISION_FUNCTION
};

const crn_estimator crn_estimator_FixedThresholdClassifier = {
    .name = "FixedThresholdClassifier",
    .module = "sklearn.model_selection",
    .modules = "sklearn.model_selection._classification_threshold",
    .size = sizeof(threshold_classifier),
    .fields = fixed_fields,
    .methods = METHODS,
    .lower = lower,
    .delegate = classifier,
    .has_method = has_method,
};

const crn_estimator crn_estimator_TunedThresholdClassifierCV = {
    .name = "TunedThresholdClassifierCV",
    .module = "sklearn.model_selection",
    .modules = "sklearn.model_selection._classification_threshold",
    .size = sizeof(threshold_classifier),
    .fields = tuned_fields,
    .methods = METHODS,
    .lower = lower,
    .delegate = classifier,
    .has_method = has_method,
};
