/* SPDX-License-Identifier: BSD-3-Clause */
/* BaggingClassifier and BaggingRegressor, as sklearn/ensemble/_bagging.py (1.9), and the files
 * of versions back to 0.20: each estimator sees its own columns. */
#include <math.h>
#include <stdlib.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct bagging {
    crn_estimator_base base;
    crn_model *estimator;
    int64_t n_estimators;
    const crn_object *max_samples, *max_features;
    bool bootstrap, bootstrap_features, oob_score, warm_start;
    const crn_object *n_jobs, *random_state, *verbose;
    crn_array classes_; /* (n_classes_) */
    int64_t n_classes_;
    crn_model *estimator_;
    crn_model_list estimators_; /* classifiers are fitted on the codes of classes_ */
    const crn_object *estimators_features_; /* [estimators_]: the columns of each */
    /* Not in the file: columns_[i] of width[i], one behind the other. */
    int64_t *columns, *widths;
} bagging;

#define BAGGING_PARAMS                                                                         \
    {.name = "estimator",                                                                      \
     .type = CRN_FIELD_MODEL,                                                                  \
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,                                            \
     .offset = offsetof(bagging, estimator),                                                   \
     .dflt = "None",                                                                           \
     .constraint = "has fit and predict | None",                                               \
     .since = "1.2",                                                                           \
     .old_names = "base_estimator"},                                                           \
        CRN_PARAM(bagging, n_estimators, INT, "10", "int >= 1"),                               \
        CRN_PARAM(bagging, max_samples, OBJECT, "None", "None | int >= 1 | float (0, 1]"),     \
        CRN_PARAM(bagging, max_features, OBJECT, "1.0", "int >= 1 | float (0, 1]"),            \
        CRN_PARAM(bagging, bootstrap, BOOL, "True", NULL),                                     \
        CRN_PARAM(bagging, bootstrap_features, BOOL, "False", NULL),                           \
        CRN_PARAM(bagging, oob_score, BOOL, "False", NULL),                                    \
        CRN_PARAM(bagging, warm_start, BOOL, "False", NULL),                                   \
        CRN_PARAM(bagging, n_jobs, OBJECT, "None", "None | int"),                              \
        CRN_PARAM(bagging, random_state, OBJECT, "None", "random_state"),                      \
        CRN_PARAM(bagging, verbose, OBJECT, "0", "verbose")

#define BAGGING_FITTED                                                                         \
    {.name = "estimator_",                                                                     \
     .type = CRN_FIELD_MODEL,                                                                  \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,                                           \
     .offset = offsetof(bagging, estimator_),                                                  \
     .since = "1.2",                                                                           \
     .old_names = "base_estimator_"},                                                          \
        CRN_FITTED(bagging, estimators_, MODELS),                                              \
        CRN_FITTED(bagging, estimators_features_, OBJECT)

static const crn_field classifier_fields[] = {
    BAGGING_PARAMS,
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(bagging, classes_, "n_classes_"),
    CRN_FITTED(bagging, n_classes_, INT),
    BAGGING_FITTED,
    CRN_FIELDS_END,
};

static const crn_field regressor_fields[] = {
    BAGGING_PARAMS,
    CRN_BASE_FIELDS,
    BAGGING_FITTED,
    CRN_FIELDS_END,
};

/* ---- checks ---- */

/* Columns of one estimator, behind those before; *used counts them. */
static crn_status read_columns(bagging *self, int64_t i, const crn_object *given, int64_t *used,
                               crn_error *err)
{
    crn_array features = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    CRN_TRY(crn_object_to_array(given, &features, err));
    const int64_t count = features.ndim == 1 ? features.shape[0] : 0;
    if (features.ndim != 1 || !crn_dtype_is_integer(features.dtype))
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT, "not a list of columns"));
    int64_t *grown = realloc(self->columns, ((size_t)(*used + count) + 1) * sizeof *grown);
    if (grown == NULL)
        CRN_TRY_OR_DONE(crn_no_memory(err));
    self->columns = grown;
    CRN_TRY_OR_DONE(crn_array_copy_to(&features, CRN_INT64, 0, grown + *used, err));
    for (int64_t k = 0; k < count; k++) {
        if (grown[*used + k] < 0 || grown[*used + k] >= self->base.n_features_in_)
            CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT, "there is no column %lld",
                                     (long long)grown[*used + k]));
    }
    self->widths[i] = count;
    *used += count;
done:
    crn_array_free(&features);
    return status;
}

static crn_status read_all_columns(bagging *self, crn_error *err)
{
    const int64_t count = self->estimators_.count;
    const crn_object *features = self->estimators_features_;
    int64_t used = 0;
    if (!crn_object_is(features, CRN_OBJ_LIST) || crn_object_length(features) != (size_t)count)
        return crn_fail(err, CRN_FORMAT, "estimators_features_ is not a list of %lld arrays",
                        (long long)count);
    self->widths = crn_calloc((size_t)count, sizeof *self->widths);
    if (self->widths == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < count; i++) {
        if (read_columns(self, i, crn_object_item(features, (size_t)i), &used, err) != CRN_OK)
            return crn_where(err, "estimators_features_[%lld]", (long long)i);
    }
    return CRN_OK;
}

static crn_status check_regressor(void *self, crn_error *err)
{
    bagging *ensemble = self;
    /* Files before 0.24 say n_features_. */
    if (ensemble->base.n_features_in_ < 0 &&
        !crn_object_as_int(crn_object_get(ensemble->base.state, "n_features_"),
                           &ensemble->base.n_features_in_))
        return crn_fail(err, CRN_FORMAT, "n_features_in_ is missing");
    if (ensemble->estimators_.count < 1)
        return crn_fail(err, CRN_FORMAT, "estimators_ is empty");
    return read_all_columns(ensemble, err);
}

static crn_status check_classifier(void *self, crn_error *err)
{
    CRN_TRY(crn_classes_check(&((const bagging *)self)->classes_, 1, err));
    return check_regressor(self, err);
}

/* ---- lowering ---- */

/* What each estimator answers on its columns; NULL with the graph's error set. */
static crn_value *answers(const bagging *self, crn_method method, crn_graph *graph, crn_value x)
{
    const crn_model_list *list = &self->estimators_;
    crn_value *values = crn_arena_alloc(graph->arena, (size_t)list->count, sizeof *values);
    if (values == NULL)
        crn_no_memory(&graph->error);
    const int64_t *columns = self->columns;
    for (int64_t i = 0; i < list->count && values != NULL; i++) {
        const crn_value own = crn_columns(graph, x, columns, self->widths[i]);
        values[i] = crn_children_lower(list, i, method, graph, own);
        columns += self->widths[i];
    }
    return graph->error.code == CRN_OK ? values : NULL;
}

/* An estimator that saw fewer classes says them by their codes. */
static crn_value spread(const bagging *self, int64_t i, crn_graph *graph, crn_value value,
                        double fill)
{
    const int64_t n = self->n_classes_;
    crn_array some;
    if (!crn_child_classes(self->estimators_.at[i], &some) || some.ndim != 1)
        return crn_graph_fail(graph, CRN_FORMAT, "estimators_[%lld] has no classes_",
                              (long long)i);
    if (some.shape[0] == n)
        return value;
    crn_array codes = CRN_ARRAY_INIT;
    int64_t *places = crn_arena_alloc(graph->arena, (size_t)some.shape[0], sizeof *places);
    if (places == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    if (!crn_dtype_is_number(some.dtype) ||
        crn_array_astype(&some, CRN_INT64, &codes, &graph->error) != CRN_OK)
        return crn_graph_fail(graph, CRN_FORMAT, "the classes of an estimator are no codes");
    for (int64_t k = 0; k < some.shape[0]; k++)
        places[k] = ((const int64_t *)codes.data)[k];
    crn_array_free(&codes);
    return crn_scatter(graph, value, places, some.shape[0], n, fill);
}

/* Without predict_proba, an estimator votes for one class. */
static crn_value votes(const bagging *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    crn_value *each = answers(self, CRN_PREDICT, graph, x);
    double *weights = crn_arena_alloc(graph->arena, 2 * (size_t)count, sizeof *weights);
    if (each == NULL || weights == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < count; i++) {
        each[i] = crn_class_codes(graph, each[i], self->n_classes_);
        weights[2 * i] = 1.0;
    }
    return crn_tally(graph, each, (int)count, self->n_classes_, weights);
}

static crn_value probabilities(const bagging *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    crn_value sum;
    if (crn_children_have(&self->estimators_, CRN_PREDICT_PROBA)) {
        crn_value *each = answers(self, CRN_PREDICT_PROBA, graph, x);
        for (int64_t i = 0; i < count && each != NULL; i++)
            each[i] = spread(self, i, graph, each[i], 0.0);
        sum = each != NULL ? crn_sum_in_order(graph, each, count) : CRN_NO_VALUE;
    } else {
        sum = votes(self, graph, x);
    }
    return crn_divided_by(graph, sum, (double)self->n_estimators);
}

static crn_value log_probabilities(const bagging *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    if (!crn_children_have(&self->estimators_, CRN_PREDICT_LOG_PROBA))
        return crn_unary(graph, probabilities(self, graph, x), CRN_UNARY_LOG);
    crn_value *each = answers(self, CRN_PREDICT_LOG_PROBA, graph, x);
    if (each == NULL)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < count; i++)
        each[i] = spread(self, i, graph, each[i], -(double)INFINITY);
    const double norm = log((double)self->n_estimators);
    const crn_value sum =
        crn_reduce(graph, crn_stack(graph, each, count), CRN_REDUCE_LOGSUMEXP);
    return crn_binary(graph, sum, crn_graph_numbers(graph, CRN_FLOAT64, &norm, 1, 0),
                      CRN_BINARY_SUBTRACT);
}

static crn_value mean(const bagging *self, crn_method method, crn_graph *graph, crn_value x)
{
    crn_value *each = answers(self, method, graph, x);
    if (each == NULL)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < self->estimators_.count; i++)
        each[i] = crn_cast(graph, each[i], CRN_FLOAT64);
    return crn_divided_by(graph, crn_sum_in_order(graph, each, self->estimators_.count),
                          (double)self->n_estimators);
}

static crn_value lower_classifier(const void *self, crn_method method, crn_graph *graph,
                                  crn_value x)
{
    const bagging *ensemble = self;
    switch (method) {
    case CRN_PREDICT_PROBA:
        return probabilities(ensemble, graph, x);
    case CRN_PREDICT_LOG_PROBA:
        return log_probabilities(ensemble, graph, x);
    case CRN_DECISION_FUNCTION:
        return mean(ensemble, method, graph, x);
    default:
        return crn_take(graph, crn_graph_constant(graph, &ensemble->classes_),
                        crn_argmax(graph, probabilities(ensemble, graph, x)));
    }
}

static crn_value lower_regressor(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x)
{
    return mean(self, method, graph, x);
}

/* ---- asking ---- */

static bool has_method(const void *self, crn_method method)
{
    const crn_model_list *list = &((const bagging *)self)->estimators_;
    if (method == CRN_DECISION_FUNCTION)
        return crn_children_have(list, CRN_DECISION_FUNCTION);
    return crn_children_have(list, CRN_PREDICT) || crn_children_have(list, CRN_PREDICT_PROBA);
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(&((const bagging *)self)->estimators_);
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    const bagging *ensemble = self;
    crn_type type = crn_children_input_type(&ensemble->estimators_);
    type.shape[0] = ensemble->base.n_features_in_;
    return type;
}

static void release(void *self)
{
    free(((bagging *)self)->columns);
    free(((bagging *)self)->widths);
}

/* ---- writing ---- */

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const bagging *ensemble = self;
    bool ok = true;
    CRN_TRY(
        crn_write_deprecated(document, state, sklearn, "base_estimator", "1.2", "1.4", err));
    /* None came with 1.8; it is all samples. */
    if (crn_version_compare(sklearn, "1.8") < 0 && crn_object_is_none(ensemble->max_samples))
        ok = crn_object_set(document, state, "max_samples", crn_object_float(document, 1.0));
    if (ensemble->base.fitted && crn_version_compare(sklearn, "1.0") < 0)
        ok = ok && crn_object_set(document, state, "n_features_",
                                  crn_object_int(document, ensemble->base.n_features_in_));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_BaggingClassifier = {
    .name = "BaggingClassifier",
    .module = "sklearn.ensemble",
    .modules = "sklearn.ensemble._bagging sklearn.ensemble.bagging",
    .size = sizeof(bagging),
    .fields = classifier_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
               1u << CRN_DECISION_FUNCTION,
    .lower = lower_classifier,
    .check = check_classifier,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .write = write,
    .release = release,
};

const crn_estimator crn_estimator_BaggingRegressor = {
    .name = "BaggingRegressor",
    .module = "sklearn.ensemble",
    .modules = "sklearn.ensemble._bagging sklearn.ensemble.bagging",
    .size = sizeof(bagging),
    .fields = regressor_fields,
    .methods = 1u << CRN_PREDICT,
    .lower = lower_regressor,
    .check = check_regressor,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .write = write,
    .release = release,
};
