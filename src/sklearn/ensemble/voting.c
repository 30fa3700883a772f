/* SPDX-License-Identifier: BSD-3-Clause */
/* VotingClassifier and VotingRegressor, as sklearn/ensemble/_voting.py (1.9), and the files of
 * versions back to 0.20. */
#include <stdlib.h>
#include <string.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct voting {
    crn_estimator_base base;
    crn_model_list estimators;
    const char *voting;
    const crn_object *weights; /* (len(estimators)), or None: all the same */
    const crn_object *n_jobs;
    const crn_object *flatten_transform; /* None, the default of 0.20, is False */
    const crn_object *verbose;
    crn_array classes_;         /* (n_classes) */
    crn_model *le_;             /* LabelEncoder of classes_ */
    crn_model_list estimators_; /* fitted on the codes 0 ... n_classes - 1 */
    /* Not in the file: the weights of those that were not dropped. */
    double *kept;
} voting;

static const crn_field classifier_fields[] = {
    CRN_PARAM(voting, estimators, MODELS, NULL, "list"),
    CRN_PARAM(voting, voting, STRING, "'hard'", "'hard' | 'soft'"),
    CRN_PARAM(voting, weights, OBJECT, "None", "array | None"),
    CRN_PARAM(voting, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM(voting, flatten_transform, OBJECT, "True", "bool"),
    CRN_PARAM_SINCE(voting, verbose, OBJECT, "False", "verbose", "0.23", NULL),
    CRN_FEATURE_NAMES_FIELD,
    CRN_FITTED(voting, le_, MODEL),
    CRN_FITTED_ARRAY(voting, classes_, NULL),
    CRN_FITTED(voting, estimators_, MODELS),
    CRN_FIELDS_END,
};

static const crn_field regressor_fields[] = {
    CRN_PARAM(voting, estimators, MODELS, NULL, "list"),
    CRN_PARAM(voting, weights, OBJECT, "None", "array | None"),
    CRN_PARAM(voting, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM_SINCE(voting, verbose, OBJECT, "False", "verbose", "0.23", NULL),
    CRN_FEATURE_NAMES_FIELD,
    CRN_FITTED(voting, estimators_, MODELS),
    CRN_FIELDS_END,
};

static bool is_soft(const voting *self)
{
    return self->voting != NULL && strcmp(self->voting, "soft") == 0;
}

/* ---- checks ---- */

/* Weights stand beside `estimators`; those of dropped ones do not count. */
static crn_status take_kept(voting *self, const crn_array *weights, crn_error *err)
{
    const int64_t count = self->estimators_.count;
    int64_t k = 0;
    if (weights->ndim != 1 || !crn_dtype_is_number(weights->dtype) ||
        weights->shape[0] != self->estimators.count)
        return crn_fail(err, CRN_FORMAT, "Number of `estimators` and weights must be equal");
    self->kept = crn_calloc((size_t)count, sizeof *self->kept);
    if (self->kept == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < self->estimators.count; i++) {
        if (!crn_child_is_estimator(self->estimators.at[i]))
            continue;
        if (k < count)
            self->kept[k] = crn_array_get(weights, i);
        k++;
    }
    return k == count ? CRN_OK
                      : crn_fail(err, CRN_FORMAT, "%lld estimators_ for %lld estimators",
                                 (long long)count, (long long)k);
}

static crn_status keep_weights(voting *self, crn_error *err)
{
    crn_array weights = CRN_ARRAY_INIT;
    if (crn_object_is_none(self->weights))
        return CRN_OK;
    CRN_TRY(crn_object_to_array(self->weights, &weights, err));
    crn_status status = take_kept(self, &weights, err);
    crn_array_free(&weights);
    return status;
}

static crn_status check_regressor(void *self, crn_error *err)
{
    voting *ensemble = self;
    const crn_model_list *list = &ensemble->estimators_;
    if (list->count < 1)
        return crn_fail(err, CRN_FORMAT, "estimators_ is empty");
    crn_children_lend_features(list, &ensemble->base);
    return keep_weights(ensemble, err);
}

static crn_status check_classifier(void *self, crn_error *err)
{
    voting *ensemble = self;
    CRN_TRY(crn_classes_check(&ensemble->classes_, 1, err));
    return check_regressor(self, err);
}

/* ---- lowering ---- */

/* numpy.average over the last axis of stacked values. */
static crn_value average(const voting *self, crn_graph *graph, crn_value stacked)
{
    const int64_t count = self->estimators_.count;
    if (self->kept == NULL)
        return crn_reduce(graph, stacked, CRN_REDUCE_MEAN);
    double total = 0.0;
    for (int64_t i = 0; i < count; i++)
        total += self->kept[i];
    const crn_value weights = crn_graph_numbers(graph, CRN_FLOAT64, self->kept, count, 0);
    stacked = crn_binary(graph, stacked, weights, CRN_BINARY_MULTIPLY);
    return crn_divided_by(graph, crn_reduce(graph, stacked, CRN_REDUCE_SUM), total);
}

/* The class codes that the estimators name: (rows) each. */
static crn_value *codes(const voting *self, crn_graph *graph, crn_value x)
{
    crn_value *answers = crn_children_answers(&self->estimators_, CRN_PREDICT, graph, x);
    for (int64_t i = 0; i < self->estimators_.count && answers != NULL; i++)
        answers[i] = crn_class_codes(graph, answers[i], self->classes_.shape[0]);
    return answers;
}

static crn_value majority(const voting *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count, classes = self->classes_.shape[0];
    const crn_value *votes = codes(self, graph, x);
    if (votes == NULL)
        return CRN_NO_VALUE;
    if (self->kept == NULL)
        return crn_vote(graph, votes, (int)count, classes);
    double *weights = crn_arena_alloc(graph->arena, 2 * (size_t)count, sizeof *weights);
    if (weights == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < count; i++) {
        weights[2 * i] = self->kept[i];
        weights[2 * i + 1] = 0.0;
    }
    return crn_argmax(graph, crn_tally(graph, votes, (int)count, classes, weights));
}

static crn_value probabilities(const voting *self, crn_graph *graph, crn_value x)
{
    const crn_value *each =
        crn_children_answers(&self->estimators_, CRN_PREDICT_PROBA, graph, x);
    return each == NULL ? CRN_NO_VALUE
                        : average(self, graph, crn_stack(graph, each, self->estimators_.count));
}

/* The probabilities side by side, or what each estimator predicts. One array of another order
 * of axes (estimators, rows, classes) comes from flatten_transform=False. */
static crn_value transformed(const voting *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    if (!is_soft(self)) {
        const crn_value *votes = codes(self, graph, x);
        return votes == NULL ? CRN_NO_VALUE : crn_stack(graph, votes, count);
    }
    bool flat = false;
    if (!crn_object_as_bool(self->flatten_transform, &flat) || !flat)
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "VotingClassifier.transform with flatten_transform=False gives "
                              "(n_classifiers, n_samples, n_classes), which is no row for each "
                              "sample");
    const crn_value *each =
        crn_children_answers(&self->estimators_, CRN_PREDICT_PROBA, graph, x);
    return each == NULL ? CRN_NO_VALUE : crn_concat(graph, each, (int)count, -1);
}

static crn_value lower_classifier(const void *self, crn_method method, crn_graph *graph,
                                  crn_value x)
{
    const voting *ensemble = self;
    if (method == CRN_TRANSFORM)
        return transformed(ensemble, graph, x);
    if (method == CRN_PREDICT_PROBA)
        return probabilities(ensemble, graph, x);
    const crn_value index = is_soft(ensemble)
                                ? crn_argmax(graph, probabilities(ensemble, graph, x))
                                : majority(ensemble, graph, x);
    return crn_take(graph, crn_graph_constant(graph, &ensemble->classes_), index);
}

static crn_value lower_regressor(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x)
{
    const voting *ensemble = self;
    crn_value *each = crn_children_answers(&ensemble->estimators_, CRN_PREDICT, graph, x);
    if (each == NULL)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < ensemble->estimators_.count; i++)
        each[i] = crn_cast(graph, each[i], CRN_FLOAT64);
    const crn_value stacked = crn_stack(graph, each, ensemble->estimators_.count);
    return method == CRN_TRANSFORM ? stacked : average(ensemble, graph, stacked);
}

/* ---- asking ---- */

static bool has_method(const void *self, crn_method method)
{
    const voting *ensemble = self;
    if (method == CRN_PREDICT_PROBA && !is_soft(ensemble))
        return false;
    return crn_children_have(&ensemble->estimators_,
                             is_soft(ensemble) ? CRN_PREDICT_PROBA : CRN_PREDICT);
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(&((const voting *)self)->estimators_);
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    return crn_children_input_type(&((const voting *)self)->estimators_);
}

static void release(void *self)
{
    free(((voting *)self)->kept);
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const voting *ensemble = self;
    (void)sklearn;
    return ensemble->base.fitted
               ? crn_write_named_estimators(document, state, &ensemble->estimators, err)
               : CRN_OK;
}

const crn_estimator crn_estimator_VotingClassifier = {
    .name = "VotingClassifier",
    .module = "sklearn.ensemble",
    .modules =
        "sklearn.ensemble._voting sklearn.ensemble.voting sklearn.ensemble.voting_classifier",
    .size = sizeof(voting),
    .fields = classifier_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_TRANSFORM,
    .lower = lower_classifier,
    .check = check_classifier,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .write = write,
    .release = release,
};

const crn_estimator crn_estimator_VotingRegressor = {
    .name = "VotingRegressor",
    .module = "sklearn.ensemble",
    .modules = "sklearn.ensemble._voting sklearn.ensemble.voting",
    .size = sizeof(voting),
    .fields = regressor_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_TRANSFORM,
    .lower = lower_regressor,
    .check = check_regressor,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .write = write,
    .release = release,
};
