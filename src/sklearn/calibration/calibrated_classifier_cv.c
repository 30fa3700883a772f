/* SPDX-License-Identifier: BSD-3-Clause */
/* CalibratedClassifierCV and the _CalibratedClassifier that it keeps, as sklearn/calibration.py
 * (1.9), and the files of versions back to 0.20. */
#include <stdlib.h>
#include <string.h>

#include "format/pickle.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/calibration/calibrators.h"
#include "sklearn/children.h"

/* ---- one classifier and the calibrators of its classes ---- */

typedef struct calibrated {
    crn_estimator_base base;
    crn_model *estimator;
    crn_model_list calibrators; /* one for each class of the estimator that it scores */
    crn_array classes;          /* (n_classes) */
    const char *method;
    int64_t *places; /* of the estimator's classes among `classes`; not in the file */
} calibrated;

/* clang-format off */
static const crn_field calibrated_fields[] = {
    {.name = "estimator", .type = CRN_FIELD_MODEL, .flags = CRN_FIELD_FITTED,
     .offset = offsetof(calibrated, estimator), .since = "1.2", .old_names = "base_estimator"},
    {.name = "calibrators", .type = CRN_FIELD_MODELS, .flags = CRN_FIELD_FITTED,
     .offset = offsetof(calibrated, calibrators), .since = "0.24", .old_names = "calibrators_"},
    CRN_FITTED_ARRAY_OR_NONE(calibrated, classes, NULL),
    CRN_FITTED(calibrated, method, STRING),
    CRN_FIELDS_END,
};
/* clang-format on */

static bool is_temperature(const calibrated *self)
{
    return self->method != NULL && strcmp(self->method, "temperature") == 0;
}

static int64_t class_count(const calibrated *self)
{
    return self->classes.shape[0];
}

/* Before 0.24, a classifier that was fitted beforehand had its classes in classes_ alone. */
static crn_status calibrated_read(void *self, const crn_object *state,
                                  const crn_field_context *context, crn_error *err)
{
    crn_array *classes = &((calibrated *)self)->classes;
    const crn_object *fitted = crn_object_get(state, "classes_");
    (void)context;
    if (classes->data != NULL || fitted == NULL)
        return CRN_OK;
    return crn_object_to_array(fitted, classes, err);
}

static crn_status calibrated_check(void *self, crn_error *err)
{
    calibrated *model = self;
    crn_array own;
    CRN_TRY(crn_classes_check(&model->classes, 2, err));
    crn_child_lend_features(model->estimator, &model->base);
    if (!crn_child_classes(model->estimator, &own))
        return CRN_OK; /* a class that is not supported: it has no method either */
    if (own.ndim != 1 || own.shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "the estimator has no classes_");
    model->places = crn_calloc((size_t)own.shape[0], sizeof *model->places);
    if (model->places == NULL)
        return crn_no_memory(err);
    /* By temperature, the estimator is fitted on codes. */
    if (is_temperature(model) && own.shape[0] != class_count(model))
        return crn_fail(err, CRN_FORMAT, "an estimator of %lld classes, expected %lld",
                        (long long)own.shape[0], (long long)class_count(model));
    if (!is_temperature(model))
        CRN_TRY(crn_classes_find(&own, &model->classes, model->places, err));
    if (model->calibrators.count < 1 || model->calibrators.count > own.shape[0])
        return crn_fail(err, CRN_FORMAT, "%lld calibrators for %lld classes",
                        (long long)model->calibrators.count, (long long)own.shape[0]);
    return CRN_OK;
}

static crn_method response_method(const calibrated *self)
{
    return crn_child_has(self->estimator, CRN_DECISION_FUNCTION) ? CRN_DECISION_FUNCTION
                                                                 : CRN_PREDICT_PROBA;
}

/* What the calibrators are asked for: (rows, 1), or a column for each class of the estimator.
 * Of two classes, only the second has probabilities. */
static crn_value response(const calibrated *self, crn_graph *graph, crn_value x)
{
    const crn_method method = response_method(self);
    crn_value value =
        crn_cast(graph, crn_sklearn_lower(self->estimator, method, graph, x), CRN_FLOAT64);
    const crn_type *type = crn_graph_type(graph, value);
    if (type->ndim == 0)
        return crn_as_column(graph, value);
    return method == CRN_PREDICT_PROBA && type->shape[0] == 2
               ? crn_as_column(graph, crn_one_column(graph, value, 1))
               : value;
}

/* Each class by its own calibrator, then all together to 1. */
static crn_value by_class(const calibrated *self, crn_graph *graph, crn_value scores)
{
    const int64_t n = class_count(self), width = crn_graph_type(graph, scores)->shape[0];
    const int64_t count = self->calibrators.count < width ? self->calibrators.count : width;
    crn_value *columns = crn_arena_alloc(graph->arena, (size_t)count, sizeof *columns);
    if (columns == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < count; k++)
        columns[k] = crn_as_vector(
            graph, crn_children_lower(&self->calibrators, k, CRN_PREDICT, graph,
                                      crn_as_column(graph, crn_one_column(graph, scores, k))));
    if (n == 2) {
        const crn_value p = crn_as_column(graph, columns[0]);
        const crn_value both[2] = {crn_unary(graph, p, CRN_UNARY_COMPLEMENT), p};
        return crn_concat(graph, both, 2, -1);
    }
    const crn_value each =
        crn_scatter(graph, crn_stack(graph, columns, count), self->places, count, n, 0.0);
    return crn_softmax(graph, each, CRN_NORMALIZE_L1, -1);
}

static crn_value calibrated_lower(const void *self, crn_method method, crn_graph *graph,
                                  crn_value x)
{
    const calibrated *model = self;
    (void)method;
    const crn_value scores = response(model, graph, x);
    if (is_temperature(model))
        return crn_temperature_scale(model->calibrators.at[0], graph, scores,
                                     response_method(model) == CRN_PREDICT_PROBA);
    return by_class(model, graph, scores);
}

static bool calibrated_has_method(const void *self, crn_method method)
{
    const calibrated *model = self;
    (void)method;
    return model->places != NULL && crn_children_have(&model->calibrators, CRN_PREDICT) &&
           crn_child_has(model->estimator, response_method(model));
}

static crn_admitted calibrated_admits(const void *self, crn_method method)
{
    (void)method;
    const calibrated *model = self;
    return crn_child_admits(model->estimator, response_method(model));
}

static crn_type calibrated_input_type(const void *self, crn_method method)
{
    (void)method;
    const calibrated *model = self;
    return crn_child_input_type(model->estimator, response_method(model));
}

static bool calibrated_classes(const void *self, crn_array *out)
{
    *out = ((const calibrated *)self)->classes;
    return out->data != NULL;
}

static void calibrated_release(void *self)
{
    free(((calibrated *)self)->places);
}

/* Before 0.24 the classes stood in attributes of a fit, and behind an encoder. */
static crn_status calibrated_write(const void *self, crn_document *document, crn_object *state,
                                   const char *sklearn, crn_error *err)
{
    crn_object *array = crn_object_array(document, &((const calibrated *)self)->classes);
    if (!crn_object_set(document, state, "classes", array))
        return crn_arena_fail(document->arena, err);
    if (crn_version_compare(sklearn, "0.24") >= 0)
        return CRN_OK;
    crn_object *cls = crn_object_global(document, "sklearn.preprocessing", "LabelEncoder");
    crn_object *encoder =
        cls != NULL ? crn_object_instance(document, CRN_BY_NEWOBJ, cls) : NULL;
    crn_object *inner = crn_object_new(document, CRN_OBJ_DICT);
    if (encoder == NULL || !crn_object_set(document, inner, "classes_", array) ||
        !crn_object_set(document, inner, "_sklearn_version", crn_object_str(document, sklearn)))
        return crn_arena_fail(document->arena, err);
    encoder->as.instance->state = inner;
    return crn_object_set(document, state, "classes_", array) &&
                   crn_object_set(document, state, "label_encoder_", encoder)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator__CalibratedClassifier = {
    .name = "_CalibratedClassifier",
    .module = "sklearn.calibration",
    .modules = "sklearn.calibration",
    .size = sizeof(calibrated),
    .fields = calibrated_fields,
    .methods = 1u << CRN_PREDICT_PROBA,
    .flags = CRN_PRIVATE,
    .lower = calibrated_lower,
    .check = calibrated_check,
    .has_method = calibrated_has_method,
    .admits = calibrated_admits,
    .input_type = calibrated_input_type,
    .classes = calibrated_classes,
    .read = calibrated_read,
    .write = calibrated_write,
    .release = calibrated_release,
};

/* ---- their mean ---- */

typedef struct calibrated_classifier_cv {
    crn_estimator_base base;
    crn_model *estimator;
    const char *method;
    const crn_object *cv, *n_jobs, *ensemble;
    crn_model_list calibrated_classifiers_;
    crn_array classes_; /* (n_classes) */
} calibrated_classifier_cv;

/* clang-format off */
static const crn_field fields[] = {
    {.name = "estimator", .type = CRN_FIELD_MODEL,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(calibrated_classifier_cv, estimator), .dflt = "None",
     .constraint = "has fit and predict_proba | has fit and decision_function | None",
     .since = "1.2", .old_names = "base_estimator"},
    CRN_PARAM(calibrated_classifier_cv, method, STRING, "'sigmoid'",
              "'isotonic' | 'sigmoid' | 'temperature'"),
    CRN_PARAM(calibrated_classifier_cv, cv, OBJECT, "None", "cv"),
    CRN_PARAM_SINCE(calibrated_classifier_cv, n_jobs, OBJECT, "None", "int | None", "0.24", NULL),
    CRN_PARAM(calibrated_classifier_cv, ensemble, OBJECT, "'auto'", "bool | 'auto'"),
    CRN_BASE_FIELDS,
    CRN_FITTED(calibrated_classifier_cv, calibrated_classifiers_, MODELS),
    CRN_FITTED_ARRAY(calibrated_classifier_cv, classes_, NULL),
    CRN_FIELDS_END,
};
/* clang-format on */

static crn_status check(void *self, crn_error *err)
{
    calibrated_classifier_cv *model = self;
    CRN_TRY(crn_classes_check(&model->classes_, 2, err));
    if (model->calibrated_classifiers_.count < 1)
        return crn_fail(err, CRN_FORMAT, "calibrated_classifiers_ is empty");
    for (int64_t i = 0; i < model->calibrated_classifiers_.count; i++) {
        crn_array own;
        if (crn_child_classes(model->calibrated_classifiers_.at[i], &own) &&
            own.shape[0] != model->classes_.shape[0])
            return crn_fail(
                err, CRN_FORMAT, "calibrated_classifiers_[%lld] has %lld classes, not %lld",
                (long long)i, (long long)own.shape[0], (long long)model->classes_.shape[0]);
    }
    crn_children_lend_features(&model->calibrated_classifiers_, &model->base);
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const calibrated_classifier_cv *model = self;
    const crn_model_list *list = &model->calibrated_classifiers_;
    const crn_value *each = crn_children_answers(list, CRN_PREDICT_PROBA, graph, x);
    if (each == NULL)
        return CRN_NO_VALUE;
    const crn_value mean =
        crn_divided_by(graph, crn_sum_in_order(graph, each, list->count), (double)list->count);
    return method == CRN_PREDICT_PROBA
               ? mean
               : crn_take(graph, crn_graph_constant(graph, &model->classes_),
                          crn_argmax(graph, mean));
}

static bool has_method(const void *self, crn_method method)
{
    (void)method;
    const calibrated_classifier_cv *model = self;
    return crn_children_have(&model->calibrated_classifiers_, CRN_PREDICT_PROBA);
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_children_admit(
        &((const calibrated_classifier_cv *)self)->calibrated_classifiers_);
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    return crn_children_input_type(
        &((const calibrated_classifier_cv *)self)->calibrated_classifiers_);
}

/* 'auto' came with 1.6; it is True for all that can be said before. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const calibrated_classifier_cv *model = self;
    CRN_TRY(
        crn_write_deprecated(document, state, sklearn, "base_estimator", "1.2", "1.4", err));
    const bool automatic = crn_object_is_str(model->ensemble, "auto");
    if (!automatic || crn_version_compare(sklearn, "1.6") >= 0)
        return CRN_OK;
    return crn_object_set(document, state, "ensemble", crn_object_bool(document, true))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_CalibratedClassifierCV = {
    .name = "CalibratedClassifierCV",
    .module = "sklearn.calibration",
    .modules = "sklearn.calibration",
    .size = sizeof(calibrated_classifier_cv),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .write = write,
};
