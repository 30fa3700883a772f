/* SPDX-License-Identifier: BSD-3-Clause */
/* What is in an estimator, as one JSON object. */
#include <string.h>

#include "ops/graph.h"
#include "sklearn/children.h"
#include "sklearn/family.h"
#include "sklearn/repr.h"

static crn_object *labels_as_list(crn_document *doc, const crn_array *labels)
{
    crn_object *list = crn_object_new(doc, CRN_OBJ_LIST);
    crn_text text = CRN_TEXT_INIT;
    for (int64_t i = 0; i < labels->shape[0] && list != NULL; i++) {
        crn_object *item;
        if (crn_dtype_is_integer(labels->dtype)) {
            item = crn_object_int(doc, (int64_t)crn_array_get(labels, i));
        } else {
            crn_text_clear(&text);
            crn_label_text(labels, i, &text);
            item = crn_object_str_n(doc, text.data != NULL ? text.data : "", text.size);
        }
        if (!crn_object_append(doc, list, item))
            list = NULL;
    }
    crn_text_free(&text);
    return list;
}

static crn_object *array_as_dict(crn_document *doc, const crn_array *array)
{
    crn_object *dict = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object *shape = crn_object_new(doc, CRN_OBJ_LIST);
    for (int32_t i = 0; i < array->ndim; i++)
        crn_object_append(doc, shape, crn_object_int(doc, array->shape[i]));
    crn_object_set(doc, dict, "dtype", crn_object_str(doc, crn_dtype_name(array->dtype)));
    crn_object_set(doc, dict, "shape", shape);
    crn_object_set(doc, dict, "bytes",
                   crn_object_int(doc, crn_array_size(array) * array->itemsize));
    return dict;
}

/* What JSON can say of a value; the rest by its repr. */
static crn_object *value_for_json(crn_document *doc, crn_object *value)
{
    crn_text text = CRN_TEXT_INIT;
    switch (value != NULL ? value->kind : CRN_OBJ_NONE) {
    case CRN_OBJ_NONE:
    case CRN_OBJ_BOOL:
    case CRN_OBJ_INT:
    case CRN_OBJ_FLOAT:
    case CRN_OBJ_STR:
        return value;
    default:
        crn_object_repr(value, 200, &text);
        value = crn_object_str_n(doc, text.data != NULL ? text.data : "", text.size);
        crn_text_free(&text);
        return value;
    }
}

static void add_fields_json(crn_document *doc, const crn_estimator_base *self,
                            crn_object *params_, crn_object *attributes)
{
    for (const crn_field *field = self->type->fields; field->name != NULL; field++) {
        const crn_array *array = (const crn_array *)((const char *)self + field->offset);
        const bool is_array = field->type == CRN_FIELD_ARRAY;
        const bool is_list = field->type == CRN_FIELD_MODELS && field->flags & CRN_FIELD_FITTED;
        if (!(field->flags & CRN_FIELD_PARAM) && !self->fitted)
            continue;
        crn_object *value;
        if (is_array)
            value = array->data != NULL ? array_as_dict(doc, array) : crn_object_none(doc);
        else if (is_list)
            value = crn_object_int(doc, ((const crn_model_list *)(const void *)array)->count);
        else
            value = value_for_json(doc, crn_field_value(field, self, doc));
        crn_object_set(doc, field->flags & CRN_FIELD_PARAM ? params_ : attributes, field->name,
                       value);
    }
}

static crn_object *model_as_dict(crn_document *doc, const crn_model *model);

/* The children of a row, each as a dict of its own with the row's name and its own. */
static void add_children_json(crn_document *doc, const crn_estimator_base *self,
                              crn_object *dict)
{
    crn_child_place child = {0};
    crn_object *children = crn_object_new(doc, CRN_OBJ_LIST);
    while (crn_children_next(self, &child)) {
        if (child.i >= CRN_MOST_CHILDREN_SHOWN)
            continue;
        crn_object *item = crn_child_is_estimator(child.model)
                               ? model_as_dict(doc, child.model)
                               : crn_object_new(doc, CRN_OBJ_DICT);
        crn_object_set(doc, item, "attribute", crn_object_str(doc, child.field->name));
        if (child.name != NULL)
            crn_object_set(doc, item, "name", crn_object_str(doc, child.name));
        crn_object_append(doc, children, item);
    }
    /* What a Pipeline has are its steps. */
    if (crn_object_length(children) > 0)
        crn_object_set(doc, dict, self->type->step_count != NULL ? "steps" : "children",
                       children);
}

/* The types of what a method gives; NULL: it cannot be said without rows. */
static crn_object *outputs_of(crn_document *doc, const crn_model *model, crn_method method)
{
    crn_port port[CRN_MAX_PORTS];
    crn_value in, out[CRN_MAX_PORTS];
    crn_graph *graph = NULL;
    crn_object *types = crn_object_new(doc, CRN_OBJ_LIST);
    if (model->type->inputs(model, method, port) != 1 ||
        (port[0].type.ndim > 0 && port[0].type.shape[0] < 0) ||
        crn_graph_create(&graph, NULL) != CRN_OK)
        return NULL;
    in = crn_graph_input(graph, "X", &port[0].type);
    const int count = model->type->lower(model, method, graph, &in, out);
    for (int i = 0; i < count; i++) {
        char text[160];
        crn_type_text(crn_graph_type(graph, out[i]), text, sizeof text);
        crn_object_append(doc, types, crn_object_str(doc, text));
    }
    crn_graph_destroy(graph);
    return count > 0 ? types : NULL;
}

/* "float64 (rows, 4)" of each method's input, and of its outputs. */
static void add_types_json(crn_document *doc, const crn_model *model, crn_object *dict)
{
    crn_object *inputs = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object *outputs = crn_object_new(doc, CRN_OBJ_DICT);
    for (crn_method method = CRN_PREDICT; method < CRN_METHOD_COUNT; method++) {
        crn_port port[CRN_MAX_PORTS];
        char text[160];
        if (!model->type->has_method(model, method) ||
            model->type->inputs(model, method, port) != 1)
            continue;
        crn_object *types = outputs_of(doc, model, method);
        crn_type_text(&port[0].type, text, sizeof text);
        crn_object_set(doc, inputs, crn_method_name(method), crn_object_str(doc, text));
        crn_object_set(doc, outputs, crn_method_name(method),
                       types != NULL ? types : crn_object_none(doc));
    }
    crn_object_set(doc, dict, "inputs", inputs);
    crn_object_set(doc, dict, "outputs", outputs);
}

static void add_interface_json(crn_document *doc, const crn_model *model, crn_object *dict)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    crn_array classes;
    crn_object *methods = crn_object_new(doc, CRN_OBJ_LIST);
    for (crn_method method = CRN_PREDICT; method < CRN_METHOD_COUNT; method++) {
        if (model->type->has_method(model, method))
            crn_object_append(doc, methods, crn_object_str(doc, crn_method_name(method)));
    }
    crn_object_set(doc, dict, "features",
                   self->n_features_in_ >= 0 ? crn_object_int(doc, self->n_features_in_)
                                             : crn_object_none(doc));
    if (self->feature_names != NULL) {
        crn_object *names = crn_object_new(doc, CRN_OBJ_LIST);
        for (int64_t i = 0; i < self->n_features_in_; i++)
            crn_object_append(doc, names, crn_object_str(doc, self->feature_names[i]));
        crn_object_set(doc, dict, "feature_names", names);
    }
    if (model->type->classes(model, &classes))
        crn_object_set(doc, dict, "classes", labels_as_list(doc, &classes));
    crn_object_set(doc, dict, "methods", methods);
}

static crn_object *model_as_dict(crn_document *doc, const crn_model *model)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    crn_object *dict = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object_set(doc, dict, "class", crn_object_str(doc, model->type->class_name(model)));
    crn_object_set(doc, dict, "library", crn_object_str(doc, model->type->family));
    crn_object_set(doc, dict, "supported", crn_object_bool(doc, self != NULL));
    if (self == NULL)
        return dict;
    crn_text text = CRN_TEXT_INIT;
    crn_sklearn_repr(model, doc, &text);
    crn_object_set(doc, dict, "repr", crn_object_str_n(doc, text.data, text.size));
    crn_text_free(&text);
    crn_object_set(doc, dict, "version",
                   self->sklearn_version != NULL ? crn_object_str(doc, self->sklearn_version)
                                                 : crn_object_none(doc));
    crn_object_set(doc, dict, "fitted", crn_object_bool(doc, self->fitted));
    add_interface_json(doc, model, dict);
    crn_object *params_ = crn_object_new(doc, CRN_OBJ_DICT);
    crn_object *attributes = crn_object_new(doc, CRN_OBJ_DICT);
    add_fields_json(doc, self, params_, attributes);
    crn_object_set(doc, dict, "params", params_);
    crn_object_set(doc, dict, "attributes", attributes);
    add_children_json(doc, self, dict);
    return dict;
}

crn_object *crn_sklearn_as_dict(crn_document *doc, const crn_model *model)
{
    crn_object *dict = model_as_dict(doc, model);
    add_types_json(doc, model, dict);
    return dict;
}
