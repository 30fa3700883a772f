/* SPDX-License-Identifier: BSD-3-Clause */
/* OneVsRestClassifier, as sklearn/multiclass.py (1.9), and the files of versions back to 0.20:
 * one estimator for each class, or for each label of a multilabel problem. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct one_vs_rest {
    crn_estimator_base base;
    crn_model *estimator;
    const crn_object *n_jobs, *verbose;
    crn_model *label_binarizer_;
    crn_array classes_;         /* (n_classes) */
    crn_model_list estimators_; /* one where there are two classes or fewer */
    const char *y_type;         /* of label_binarizer_, where it is no row of ours */
} one_vs_rest;

static const crn_field fields[] = {
    CRN_PARAM(one_vs_rest, estimator, MODEL, NULL, "has fit"),
    CRN_PARAM(one_vs_rest, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM_SINCE(one_vs_rest, verbose, OBJECT, "0", "verbose", "1.1", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(one_vs_rest, label_binarizer_, MODEL),
    CRN_FITTED_ARRAY_OPTIONAL(one_vs_rest, classes_, NULL),
    CRN_FITTED(one_vs_rest, estimators_, MODELS),
    CRN_FIELDS_END,
};

static bool is_before(const one_vs_rest *self, const char *version)
{
    const char *own = self->base.sklearn_version;
    return own != NULL && crn_version_compare(own, version) < 0;
}

static bool is_multilabel(const one_vs_rest *self)
{
    return strncmp(self->y_type, "multilabel", strlen("multilabel")) == 0;
}

/* ---- from a file ---- */

/* y_type_ and, where they are a property of the class (before 0.23), classes_ stand in the
 * binarizer. */
static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    one_vs_rest *model = self;
    const crn_object *binarizer = crn_object_get(state, "label_binarizer_");
    (void)context;
    if (!model->base.fitted)
        return CRN_OK;
    if (!crn_object_is(binarizer, CRN_OBJ_INSTANCE))
        return crn_fail(err, CRN_FORMAT, "label_binarizer_ is no LabelBinarizer");
    const crn_object *inner = binarizer->as.instance->state;
    model->y_type = crn_object_text(crn_object_get(inner, "y_type_"));
    if (model->y_type == NULL)
        return crn_fail(err, CRN_FORMAT, "label_binarizer_ has no y_type_");
    if (model->classes_.data == NULL)
        CRN_TRY(crn_object_to_array(crn_object_get(inner, "classes_"), &model->classes_, err));
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    one_vs_rest *model = self;
    const int64_t count = model->estimators_.count;
    CRN_TRY(crn_classes_check(&model->classes_, 1, err));
    const int64_t classes = model->classes_.shape[0];
    const bool one = classes <= 2 && !is_multilabel(model);
    if (count != (one ? 1 : classes))
        return crn_fail(err, CRN_FORMAT, "%lld estimators_ for %lld classes", (long long)count,
                        (long long)classes);
    crn_children_lend_features(&model->estimators_, &model->base);
    return CRN_OK;
}

/* ---- lowering ---- */

/* NULL with the graph's error set; (rows) each. */
static crn_value *scores(const one_vs_rest *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    crn_value *each = crn_arena_alloc(graph->arena, (size_t)count, sizeof *each);
    if (each == NULL)
        crn_no_memory(&graph->error);
    for (int64_t i = 0; i < count && each != NULL; i++)
        each[i] = crn_child_binary_score(self->estimators_.at[i], graph, x);
    return graph->error.code == CRN_OK ? each : NULL;
}

/* The class with the highest score: of several, the first, and the last in versions before
 * 1.8. */
static crn_value highest(const one_vs_rest *self, crn_graph *graph, crn_value *each)
{
    const int64_t count = self->estimators_.count;
    if (!is_before(self, "1.8"))
        return crn_argmax(graph, crn_stack(graph, each, count));
    double *backwards = crn_arena_alloc(graph->arena, (size_t)count, sizeof *backwards);
    if (backwards == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < count; i++)
        backwards[i] = (double)(count - 1 - i);
    for (int64_t i = 0; i < count / 2; i++) {
        const crn_value other = each[i];
        each[i] = each[count - 1 - i];
        each[count - 1 - i] = other;
    }
    return crn_take(graph, crn_graph_numbers(graph, CRN_INT64, backwards, count, 0),
                    crn_argmax(graph, crn_stack(graph, each, count)));
}

static crn_value predict(const one_vs_rest *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    crn_value *each = scores(self, graph, x);
    if (each == NULL)
        return CRN_NO_VALUE;
    const crn_value classes = crn_graph_constant(graph, &self->classes_);
    if (strcmp(self->y_type, "multiclass") == 0)
        return crn_take(graph, classes, highest(self, graph, each));
    const double threshold = crn_child_binary_threshold(self->estimators_.at[0]);
    if (is_multilabel(self))
        return crn_step(graph, crn_stack(graph, each, count), threshold);
    /* Of one class alone, it is that one. */
    const double most = self->classes_.shape[0] == 1 ? (double)INFINITY : threshold;
    return crn_take(graph, classes, crn_step(graph, each[0], most));
}

/* A row of zeros stays so; before 1.7 it became NaN. */
static crn_value to_sum_1(const one_vs_rest *self, crn_graph *graph, crn_value y)
{
    const double least = is_before(self, "1.7") ? 0.0 : DBL_MIN;
    const crn_value sum = crn_as_column(graph, crn_reduce(graph, y, CRN_REDUCE_SUM));
    const crn_value divisor = crn_binary(
        graph, sum, crn_graph_numbers(graph, CRN_FLOAT64, &least, 1, 0), CRN_BINARY_MAXIMUM);
    return crn_binary(graph, y, divisor, CRN_BINARY_DIVIDE);
}

static crn_value probabilities(const one_vs_rest *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    crn_value *each = crn_children_answers(&self->estimators_, CRN_PREDICT_PROBA, graph, x);
    if (each == NULL)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < count; i++)
        each[i] = crn_one_column(graph, each[i], 1);
    crn_value y = crn_stack(graph, each, count);
    if (count == 1) {
        const crn_value both[2] = {crn_unary(graph, y, CRN_UNARY_COMPLEMENT), y};
        y = crn_concat(graph, both, 2, -1);
    }
    return is_multilabel(self) ? y : to_sum_1(self, graph, y);
}

static crn_value decision(const one_vs_rest *self, crn_graph *graph, crn_value x)
{
    const int64_t count = self->estimators_.count;
    crn_value *each = crn_children_answers(&self->estimators_, CRN_DECISION_FUNCTION, graph, x);
    if (each == NULL)
        return CRN_NO_VALUE;
    if (count == 1)
        return each[0];
    for (int64_t i = 0; i < count; i++)
        each[i] = crn_as_vector(graph, crn_cast(graph, each[i], CRN_FLOAT64));
    return crn_stack(graph, each, count);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    switch (method) {
    case CRN_PREDICT_PROBA:
        return probabilities(self, graph, x);
    case CRN_DECISION_FUNCTION:
        return decision(self, graph, x);
    default:
        return predict(self, graph, x);
    }
}

/* ---- asking ---- */

static bool has_method(const void *self, crn_method method)
{
    const crn_model_list *list = &((const one_vs_rest *)self)->estimators_;
    if (method != CRN_PREDICT)
        return crn_children_have(list, method);
    for (int64_t i = 0; i < list->count; i++) {
        if (!crn_child_has_binary_score(list->at[i]))
            return false;
    }
    return true;
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(&((const one_vs_rest *)self)->estimators_);
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    return crn_children_input_type(&((const one_vs_rest *)self)->estimators_);
}

const crn_estimator crn_estimator_OneVsRestClassifier = {
    .name = "OneVsRestClassifier",
    .module = "sklearn.multiclass",
    .modules = "sklearn.multiclass",
    .size = sizeof(one_vs_rest),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_DECISION_FUNCTION,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .read = read,
};

/* ---- what it keeps for a class that all rows, or none, belong to ---- */

typedef struct constant_predictor {
    crn_estimator_base base;
    crn_array y_; /* (1) */
} constant_predictor;

static const crn_field constant_fields[] = {
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(constant_predictor, y_, NULL),
    CRN_FIELDS_END,
};

static crn_status constant_check(void *self, crn_error *err)
{
    const crn_array *y = &((const constant_predictor *)self)->y_;
    return crn_array_size(y) == 1 && crn_dtype_is_number(y->dtype)
               ? CRN_OK
               : crn_fail(err, CRN_FORMAT, "y_ is not one number");
}

static crn_value constant_lower(const void *self, crn_method method, crn_graph *graph,
                                crn_value x)
{
    const constant_predictor *model = self;
    const double y = crn_array_get(&model->y_, 0), both[2] = {1.0 - y, y};
    if (method == CRN_PREDICT_PROBA)
        return crn_constant_rows(graph, x, both, 2);
    x = crn_cast(graph, crn_constant_rows(graph, x, &y, 1), model->y_.dtype);
    return crn_as_vector(graph, x);
}

static crn_admitted anything(const void *self, crn_method method)
{
    (void)self, (void)method;
    return CRN_ADMITS_ALL;
}

const crn_estimator crn_estimator__ConstantPredictor = {
    .name = "_ConstantPredictor",
    .module = "sklearn.multiclass",
    .modules = "sklearn.multiclass",
    .size = sizeof(constant_predictor),
    .fields = constant_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_DECISION_FUNCTION,
    .flags = CRN_PRIVATE,
    .lower = constant_lower,
    .check = constant_check,
    .admits = anything,
};
