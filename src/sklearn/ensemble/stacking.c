/* SPDX-License-Identifier: BSD-3-Clause */
/* StackingClassifier and StackingRegressor, as sklearn/ensemble/_stacking.py (1.9), and the
 * files of versions back to 0.22: what the estimators answer, side by side, is the input of a
 * last one. */
#include <stdlib.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/children.h"

typedef struct stacking {
    crn_estimator_base base;
    crn_model_list estimators;
    crn_model *final_estimator;
    const crn_object *cv;
    const char *stack_method;
    const crn_object *n_jobs, *verbose;
    bool passthrough;
    crn_model_list label_encoder; /* one, or a list with one for each of several targets */
    const crn_object *classes_;   /* (n_classes), or a list of such */
    crn_model *final_estimator_;  /* a classifier's is fitted on codes */
    crn_model_list estimators_;
    const crn_object *stack_method_; /* [estimators_]: names of methods */
    /* Not in the file: */
    crn_array classes;   /* of one target */
    crn_method *methods; /* [estimators_] */
} stacking;

/* clang-format off */
#define STACKING_FITTED                                                                       \
    CRN_FITTED(stacking, final_estimator_, MODEL),                                            \
    CRN_FITTED(stacking, estimators_, MODELS),                                                \
    CRN_FITTED(stacking, stack_method_, OBJECT)

static const crn_field classifier_fields[] = {
    CRN_PARAM(stacking, estimators, MODELS, NULL, "list"),
    CRN_PARAM(stacking, final_estimator, MODEL, "None", "None | has fit"),
    CRN_PARAM(stacking, cv, OBJECT, "None", "cv | 'prefit'"),
    CRN_PARAM(stacking, stack_method, STRING, "'auto'",
              "'auto' | 'decision_function' | 'predict' | 'predict_proba'"),
    CRN_PARAM(stacking, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM(stacking, passthrough, BOOL, "False", NULL),
    CRN_PARAM(stacking, verbose, OBJECT, "0", "verbose"),
    CRN_FEATURE_NAMES_FIELD,
    {.name = "_label_encoder", .type = CRN_FIELD_MODELS, .flags = CRN_FIELD_FITTED,
     .offset = offsetof(stacking, label_encoder), .since = "1.2", .old_names = "_le"},
    CRN_FITTED(stacking, classes_, OBJECT),
    STACKING_FITTED,
    CRN_FIELDS_END,
};
/* clang-format on */

static const crn_field regressor_fields[] = {
    CRN_PARAM(stacking, estimators, MODELS, NULL, "list"),
    CRN_PARAM(stacking, final_estimator, MODEL, "None", "None | has fit"),
    CRN_PARAM(stacking, cv, OBJECT, "None", "cv | 'prefit'"),
    CRN_PARAM(stacking, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM(stacking, passthrough, BOOL, "False", NULL),
    CRN_PARAM(stacking, verbose, OBJECT, "0", "verbose"),
    CRN_FEATURE_NAMES_FIELD,
    STACKING_FITTED,
    CRN_FIELDS_END,
};

/* ---- checks ---- */

static crn_status read_methods(stacking *self, crn_error *err)
{
    const int64_t count = self->estimators_.count;
    if (count < 1 || crn_object_length(self->stack_method_) != (size_t)count)
        return crn_fail(err, CRN_FORMAT, "stack_method_ does not name %lld methods",
                        (long long)count);
    self->methods = crn_calloc((size_t)count, sizeof *self->methods);
    if (self->methods == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < count; i++) {
        const crn_object *name = crn_object_item(self->stack_method_, (size_t)i);
        if (!crn_method_find(crn_object_text(name), &self->methods[i]))
            return crn_fail(err, CRN_FORMAT, "stack_method_[%lld] is no method", (long long)i);
    }
    return CRN_OK;
}

static crn_status check_regressor(void *self, crn_error *err)
{
    stacking *model = self;
    CRN_TRY(read_methods(model, err));
    if (model->final_estimator_ == NULL)
        return crn_fail(err, CRN_FORMAT, "final_estimator_ is None");
    crn_children_lend_features(&model->estimators_, &model->base);
    return CRN_OK;
}

static bool has_several_targets(const stacking *self)
{
    return crn_object_is(self->classes_, CRN_OBJ_LIST);
}

static crn_status check_classifier(void *self, crn_error *err)
{
    stacking *model = self;
    const crn_model_list *encoders = &model->label_encoder;
    if (!has_several_targets(model)) {
        CRN_TRY(crn_object_to_array(model->classes_, &model->classes, err));
        CRN_TRY(crn_classes_check(&model->classes, 1, err));
    } else if (encoders->kind == CRN_MODELS_ONE ||
               (size_t)encoders->count != crn_object_length(model->classes_)) {
        return crn_fail(err, CRN_FORMAT, "_label_encoder is not a list of %zu encoders",
                        crn_object_length(model->classes_));
    }
    return check_regressor(self, err);
}

/* ---- the estimators' answers as columns ---- */

/* All columns but the first, which the others determine. */
static crn_value without_first(crn_graph *graph, crn_value x)
{
    const crn_type *type = crn_graph_type(graph, x);
    const int64_t count = type->ndim == 1 ? type->shape[0] - 1 : 0;
    if (count < 0)
        return crn_graph_fail(graph, CRN_FORMAT, "an estimator answers without columns");
    int64_t *columns = crn_arena_alloc(graph->arena, (size_t)count, sizeof *columns);
    if (columns == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < count; k++)
        columns[k] = k + 1;
    return crn_columns(graph, x, columns, count);
}

/* The columns that estimator i adds to the last one's input, behind *count others. */
static void add_columns(const stacking *self, int64_t i, crn_graph *graph, crn_value x,
                        crn_value *columns, int *count)
{
    crn_value out[CRN_MAX_PORTS];
    const crn_method method = self->methods[i];
    const int outputs = crn_sklearn_lower_many(self->estimators_.at[i], method, graph, x, out);
    const bool binary = method == CRN_PREDICT_PROBA && self->classes.data != NULL &&
                        self->classes.shape[0] == 2;
    for (int k = 0; k < outputs; k++) {
        crn_value value = out[k];
        if (crn_graph_type(graph, value)->ndim == 0)
            value = crn_as_column(graph, value);
        else if (outputs > 1 || binary)
            value = without_first(graph, value);
        columns[(*count)++] = value;
    }
}

/* numpy.hstack: what is not of one type becomes float64. */
static crn_value joined(crn_graph *graph, crn_value *columns, int count)
{
    bool same = true;
    for (int k = 1; k < count; k++)
        same = same && crn_graph_type(graph, columns[k])->dtype ==
                           crn_graph_type(graph, columns[0])->dtype;
    for (int k = 0; k < count && !same; k++)
        columns[k] = crn_cast(graph, columns[k], CRN_FLOAT64);
    return crn_concat(graph, columns, count, -1);
}

static crn_value transformed(const stacking *self, crn_graph *graph, crn_value x)
{
    const size_t room = (size_t)self->estimators_.count * CRN_MAX_PORTS + 1;
    crn_value *columns = crn_arena_alloc(graph->arena, room, sizeof *columns);
    if (columns == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    int count = 0;
    for (int64_t i = 0; i < self->estimators_.count; i++)
        add_columns(self, i, graph, x, columns, &count);
    if (self->passthrough)
        columns[count++] = crn_cast(graph, x, CRN_FLOAT64);
    return joined(graph, columns, count);
}

/* ---- the last estimator ---- */

/* Codes of one target as its labels. */
static crn_value decoded(crn_graph *graph, crn_value codes, const crn_array *classes)
{
    codes = crn_class_codes(graph, codes, classes->shape[0]);
    return crn_take(graph, crn_graph_constant(graph, classes), codes);
}

static crn_value decoded_target(const stacking *self, int64_t k, crn_graph *graph,
                                crn_value codes)
{
    crn_array classes = CRN_ARRAY_INIT;
    const crn_object *given = crn_object_item(self->classes_, (size_t)k);
    crn_value labels = CRN_NO_VALUE;
    if (crn_object_to_array(given, &classes, &graph->error) == CRN_OK &&
        crn_classes_check(&classes, 1, &graph->error) == CRN_OK)
        labels = decoded(graph, codes, &classes);
    crn_array_free(&classes);
    return labels;
}

/* (rows, targets) of codes as labels. */
static crn_value decoded_targets(const stacking *self, crn_graph *graph, crn_value codes)
{
    const int64_t targets = (int64_t)crn_object_length(self->classes_);
    crn_value *labels = crn_arena_alloc(graph->arena, (size_t)targets, sizeof *labels);
    if (labels == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < targets; k++)
        labels[k] = decoded_target(self, k, graph, crn_one_column(graph, codes, k));
    return crn_stack(graph, labels, targets);
}

/* Several targets: the first column of each target's probabilities. */
static crn_value probabilities(const stacking *self, crn_graph *graph, crn_value x)
{
    crn_value out[CRN_MAX_PORTS];
    const int count =
        crn_sklearn_lower_many(self->final_estimator_, CRN_PREDICT_PROBA, graph, x, out);
    if (count < 1)
        return CRN_NO_VALUE;
    if (!has_several_targets(self))
        return out[0];
    for (int k = 0; k < count; k++)
        out[k] = crn_one_column(graph, out[k], 0);
    return crn_stack(graph, out, count);
}

static crn_value lower_classifier(const void *self, crn_method method, crn_graph *graph,
                                  crn_value x)
{
    const stacking *model = self;
    x = transformed(model, graph, x);
    if (method == CRN_TRANSFORM)
        return x;
    if (method == CRN_PREDICT_PROBA)
        return probabilities(model, graph, x);
    const crn_value answer = crn_sklearn_lower(model->final_estimator_, method, graph, x);
    if (method != CRN_PREDICT)
        return answer;
    return has_several_targets(model) ? decoded_targets(model, graph, answer)
                                      : decoded(graph, answer, &model->classes);
}

static crn_value lower_regressor(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x)
{
    const stacking *model = self;
    x = transformed(model, graph, x);
    return method == CRN_TRANSFORM
               ? x
               : crn_sklearn_lower(model->final_estimator_, method, graph, x);
}

/* ---- asking ---- */

static bool has_method(const void *self, crn_method method)
{
    const stacking *model = self;
    for (int64_t i = 0; i < model->estimators_.count; i++) {
        if (!crn_child_has(model->estimators_.at[i], model->methods[i]))
            return false;
    }
    return method == CRN_TRANSFORM || crn_child_has(model->final_estimator_, method);
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(&((const stacking *)self)->estimators_);
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    return crn_children_input_type(&((const stacking *)self)->estimators_);
}

static bool classes(const void *self, crn_array *out)
{
    *out = ((const stacking *)self)->classes;
    return out->data != NULL;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const stacking *model = self;
    (void)sklearn;
    return model->base.fitted
               ? crn_write_named_estimators(document, state, &model->estimators, err)
               : CRN_OK;
}

static void release(void *self)
{
    stacking *model = self;
    crn_array_free(&model->classes);
    free(model->methods);
}

const crn_estimator crn_estimator_StackingClassifier = {
    .name = "StackingClassifier",
    .module = "sklearn.ensemble",
    .modules = "sklearn.ensemble._stacking",
    .size = sizeof(stacking),
    .fields = classifier_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_DECISION_FUNCTION |
               1u << CRN_TRANSFORM,
    .lower = lower_classifier,
    .check = check_classifier,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .classes = classes,
    .write = write,
    .release = release,
};

const crn_estimator crn_estimator_StackingRegressor = {
    .name = "StackingRegressor",
    .module = "sklearn.ensemble",
    .modules = "sklearn.ensemble._stacking",
    .size = sizeof(stacking),
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
