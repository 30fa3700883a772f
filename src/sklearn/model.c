/* SPDX-License-Identifier: BSD-3-Clause */
/* scikit-learn's family of models: one crn_model_type for every estimator of the table. */
#include "sklearn/estimator.h"

#include <stdlib.h>
#include <string.h>

#include "sklearn/children.h"
#include "sklearn/family.h"

static const crn_estimator *const estimators[] = {
#define CRN_ESTIMATOR(name, path) &crn_estimator_##name,
#include "sklearn/estimators.def"
#undef CRN_ESTIMATOR
};

const crn_estimator *crn_estimator_at(size_t i)
{
    return i < sizeof estimators / sizeof *estimators ? estimators[i] : NULL;
}

const crn_estimator *crn_estimator_find(const char *name)
{
    for (size_t i = 0; i < sizeof estimators / sizeof *estimators; i++) {
        if (strcmp(estimators[i]->name, name) == 0)
            return estimators[i];
    }
    return NULL;
}

crn_estimator_base *crn_model_estimator(const crn_model *model)
{
    return model->type == &crn_sklearn_model_type ? model->self : NULL;
}

static const crn_estimator *type_of(const crn_model *model)
{
    return crn_model_estimator(model)->type;
}

void crn_estimator_release(crn_estimator_base *self)
{
    if (self == NULL)
        return;
    if (self->type->release != NULL)
        self->type->release(self);
    crn_fields_free(self->type->fields, self, crn_model_destroy);
    free(self);
}

static void destroy(crn_model *model)
{
    crn_estimator_release(model->self);
}

static const char *class_name(const crn_model *model)
{
    return type_of(model)->name;
}

/* The child that answers for the estimator; NULL: it answers by itself. */
static const crn_model *delegate_of(const crn_estimator_base *self)
{
    return self->type->delegate != NULL ? self->type->delegate(self) : NULL;
}

static bool can_answer(const crn_estimator_base *self, crn_method method)
{
    if (!(self->type->methods & 1u << method))
        return false;
    if (self->type->has_method != NULL)
        return self->type->has_method(self, method);
    return self->type->delegate == NULL || crn_child_has(delegate_of(self), method);
}

void crn_estimator_note_methods(crn_estimator_base *self)
{
    self->answers = 0;
    for (crn_method method = CRN_PREDICT; method < CRN_METHOD_COUNT && self->fitted; method++) {
        if (can_answer(self, method))
            self->answers |= 1u << method;
    }
}

static bool has_method(const crn_model *model, crn_method method)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    return self->fitted && self->answers & 1u << method;
}

crn_admitted crn_estimator_admits(const crn_estimator_base *self, crn_method method)
{
    if (self->type->admits != NULL)
        return self->type->admits(self, method);
    if (delegate_of(self) != NULL)
        return crn_child_admits(delegate_of(self), method);
    if (self->type->flags & CRN_LABELS_ONLY)
        return CRN_ADMITS_ALL;
    return self->type->flags & CRN_ALLOWS_NAN ? CRN_ADMITS_NAN : CRN_ADMITS_FINITE;
}

crn_type crn_estimator_input_type(const crn_estimator_base *self, crn_method method)
{
    if (self->type->input_type != NULL)
        return self->type->input_type(self, method);
    if (self->type->input_width == NULL && delegate_of(self) != NULL)
        return crn_child_input_type(delegate_of(self), method);
    const int64_t width = self->type->input_width != NULL
                              ? self->type->input_width(self, method)
                              : self->n_features_in_;
    return crn_type_vector(CRN_FLOAT64, width);
}

static int inputs(const crn_model *model, crn_method method, crn_port *out)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    out[0] = (crn_port){.name = "X",
                        .type = crn_estimator_input_type(self, method),
                        .admits = crn_estimator_admits(self, method)};
    return 1;
}

static int lower(const crn_model *model, crn_method method, crn_graph *graph,
                 const crn_value *in, crn_value *out)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    crn_value x = in[0];
    if (self->type->lower == NULL && self->type->lower_many == NULL)
        return crn_sklearn_lower_many(delegate_of(self), method, graph, x, out);
    if (self->type->input_type == NULL && self->type->delegate == NULL)
        x = crn_cast(graph, x, CRN_FLOAT64);
    if (self->type->lower_many != NULL)
        return self->type->lower_many(self, method, graph, x, out);
    out[0] = self->type->lower(self, method, graph, x);
    return out[0] == CRN_NO_VALUE ? -1 : 1;
}

int crn_sklearn_lower_many(const crn_model *model, crn_method method, crn_graph *graph,
                           crn_value x, crn_value *out)
{
    if (graph->error.code != CRN_OK ||
        crn_model_require(model, method, &graph->error) != CRN_OK)
        return -1;
    return model->type->lower(model, method, graph, &x, out);
}

crn_value crn_sklearn_lower(const crn_model *model, crn_method method, crn_graph *graph,
                            crn_value x)
{
    crn_value out[CRN_MAX_PORTS];
    const int count = crn_sklearn_lower_many(model, method, graph, x, out);
    if (count > 1)
        return crn_graph_fail(graph, CRN_UNSUPPORTED, "%s.%s gives several outputs",
                              model->type->class_name(model), crn_method_name(method));
    return count == 1 ? out[0] : CRN_NO_VALUE;
}

crn_value crn_constant_float64(crn_graph *graph, const crn_array *array)
{
    if (array->dtype == CRN_FLOAT64)
        return crn_graph_constant(graph, array);
    crn_array converted = CRN_ARRAY_INIT;
    if (crn_array_astype(array, CRN_FLOAT64, &converted, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value value = crn_graph_constant(graph, &converted);
    crn_array_free(&converted);
    return value;
}

static bool stops_nan(const crn_model *model)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    if (self->type->stops_nan != NULL)
        return self->type->stops_nan(self);
    if (delegate_of(self) != NULL)
        return crn_model_stops_nan(delegate_of(self));
    return (self->type->flags & CRN_STOPS_NAN) != 0;
}

static const char *feature_name(const crn_model *model, int64_t i)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    return self->feature_names != NULL && i >= 0 && i < self->n_features_in_
               ? self->feature_names[i]
               : NULL;
}

static bool classes(const crn_model *model, crn_array *out)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    if (!self->fitted)
        return false;
    if (self->type->classes != NULL)
        return self->type->classes(self, out);
    if (delegate_of(self) != NULL)
        return crn_child_classes(delegate_of(self), out);
    const crn_field *field = crn_field_find(self->type->fields, "classes_");
    if (field == NULL || field->type != CRN_FIELD_ARRAY ||
        !(self->type->methods & 1u << CRN_PREDICT))
        return false;
    *out = *(const crn_array *)((const char *)self + field->offset);
    return out->data != NULL;
}

/* The class has a reason, or a child, at any depth, that is not supported. The reader bounds
 * how deep. */
static crn_status refuse(const crn_model *model, crn_method method, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    if (self->fitted && self->type->refuse != NULL)
        CRN_TRY(self->type->refuse(self, method, err));
    crn_child_place child = {0};
    while (crn_children_next(self, &child)) {
        if (!crn_child_is_estimator(child.model) || child.model->type->refuse == NULL ||
            child.model->type->refuse(child.model, method, err) == CRN_OK)
            continue;
        if (child.field->type == CRN_FIELD_MODEL)
            return crn_where(err, "%s", child.field->name);
        return crn_where(err, "%s[%lld]", child.field->name, (long long)child.i);
    }
    return CRN_OK;
}

static int step_count(const crn_model *model)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    return self->type->step_count != NULL ? self->type->step_count(self) : 0;
}

static const crn_model *step(const crn_model *model, int i)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    const char *name;
    if (i < 0 || i >= step_count(model))
        return NULL;
    return self->type->step(self, i, &name);
}

/* A number of a field as a 0-d array of its own. */
static crn_status number(double value, bool integer, crn_array *out, crn_error *err)
{
    CRN_TRY(crn_array_create(integer ? CRN_INT64 : CRN_FLOAT64, 0, 0, NULL, out, err));
    if (integer)
        *(int64_t *)out->data = (int64_t)value;
    else
        *(double *)out->data = value;
    return CRN_OK;
}

static crn_status get_field(const crn_estimator_base *self, const crn_field *field,
                            crn_array *out, crn_error *err)
{
    const char *at = (const char *)self + field->offset;
    double value;
    switch (field->type) {
    case CRN_FIELD_ARRAY:
        if (((const crn_array *)at)->data == NULL)
            return crn_fail(err, CRN_NOT_FOUND, "%s.%s is not set", self->type->name,
                            field->name);
        *out = crn_array_share((const crn_array *)at);
        return CRN_OK;
    case CRN_FIELD_INT:
        return number((double)*(const int64_t *)at, true, out, err);
    case CRN_FIELD_REAL:
        return number(*(const double *)at, false, out, err);
    case CRN_FIELD_BOOL:
        return number(*(const bool *)at, true, out, err);
    case CRN_FIELD_OBJECT:
        if (crn_object_as_double(*(crn_object *const *)at, &value))
            return number(value, crn_object_is(*(crn_object *const *)at, CRN_OBJ_INT), out,
                          err);
        break;
    case CRN_FIELD_STRING:
    case CRN_FIELD_MODEL:
    case CRN_FIELD_MODELS:
        break;
    }
    return crn_fail(err, CRN_DTYPE, "%s.%s is neither an array nor a number", self->type->name,
                    field->name);
}

static const char *field_name_at(const void *context, size_t i)
{
    return ((const crn_field *)context)[i].name;
}

/* "steps[1].coef_" leads to step 1's "coef_"; anything else is a field of this estimator. */
static crn_status get(const crn_model *model, const char *path, crn_array *out, crn_error *err)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    if (strncmp(path, "steps[", 6) == 0 && step_count(model) > 0) {
        char *end;
        long i = strtol(path + 6, &end, 10);
        if (end == path + 6 || strncmp(end, "].", 2) != 0 || step(model, (int)i) == NULL)
            return crn_fail(err, CRN_NOT_FOUND, "%s has no part '%s'", self->type->name, path);
        return crn_model_get(step(model, (int)i), end + 2, out, err);
    }
    const crn_field *field = crn_field_find(self->type->fields, path);
    if (field != NULL)
        return get_field(self, field, out, err);
    size_t count = 0;
    while (self->type->fields[count].name != NULL)
        count++;
    const char *nearest = crn_nearest_name(path, count, field_name_at, self->type->fields);
    return crn_fail(err, CRN_NOT_FOUND, "%s has no attribute '%s'%s%s%s", self->type->name,
                    path, nearest != NULL ? "; did you mean '" : "",
                    nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

const crn_model_type crn_sklearn_model_type = {
    .family = "scikit-learn",
    .destroy = destroy,
    .class_name = class_name,
    .has_method = has_method,
    .inputs = inputs,
    .lower = lower,
    .inspect = crn_sklearn_inspect,
    .fit = crn_sklearn_fit_model,
    .save = crn_sklearn_save,
    .get = get,
    .stops_nan = stops_nan,
    .feature_name = feature_name,
    .classes = classes,
    .refuse = refuse,
    .expression = crn_sklearn_expression,
    .objects = crn_sklearn_objects,
    .step_count = step_count,
    .step = step,
};

/* ---- the family ---- */

static bool knows(const char *name)
{
    const crn_estimator *estimator = crn_estimator_find(name);
    return (estimator != NULL && !(estimator->flags & CRN_PRIVATE)) ||
           strcmp(name, "make_pipeline") == 0;
}

/* The i-th that users know. */
static const crn_estimator *public_estimator(size_t i)
{
    const crn_estimator *estimator;
    for (size_t row = 0; (estimator = crn_estimator_at(row)) != NULL; row++) {
        if (!(estimator->flags & CRN_PRIVATE) && i-- == 0)
            break;
    }
    return estimator;
}

static bool list(crn_kind kind, size_t i, crn_listing *out)
{
    const crn_estimator *estimator = kind == CRN_KIND_ESTIMATOR ? public_estimator(i) : NULL;
    if (estimator == NULL)
        return false;
    *out = (crn_listing){.name = estimator->name,
                         .module = estimator->module,
                         .summary = "",
                         .methods = estimator->methods,
                         .can_fit = estimator->fit != NULL,
                         .can_save = true};
    return true;
}

const crn_family crn_family_sklearn = {
    .name = "scikit-learn",
    .knows = knows,
    .parse = crn_sklearn_parse,
    .sniff = crn_pickle_sniff,
    .load = crn_sklearn_load,
    .list = list,
};
