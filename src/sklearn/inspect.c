/* SPDX-License-Identifier: BSD-3-Clause */
/* What is in an estimator: as people read it, and as one JSON object. */
#include <string.h>

#include "format/json.h"
#include "model/expression.h"
#include "model/tree.h"
#include "sklearn/family.h"

/* ---- repr ---- */

/* [('name', Step()), ...] */
static crn_object *steps_expression(const crn_estimator_base *self, crn_document *document)
{
    crn_object *steps = crn_object_new(document, CRN_OBJ_LIST);
    for (int i = 0; i < self->type->step_count(self); i++) {
        const char *name;
        const crn_model *step = self->type->step(self, i, &name);
        crn_object *pair = crn_object_new(document, CRN_OBJ_TUPLE);
        crn_object *value = step != NULL ? crn_model_expression(step, document)
                                         : crn_object_str(document, "passthrough");
        if (!crn_object_append(document, pair, crn_object_str(document, name)) ||
            !crn_object_append(document, pair, value) ||
            !crn_object_append(document, steps, pair))
            return NULL;
    }
    return steps;
}

/* Puts steps among the keyword arguments, which stand in alphabetical order. */
static bool add_steps(crn_instance *call, crn_object *steps, crn_document *document)
{
    const crn_object_items *given = &call->kwargs->as.items;
    crn_object *all = crn_object_new(document, CRN_OBJ_DICT);
    bool placed = false;
    for (size_t i = 0; i < given->count; i += 2) {
        if (!placed && strcmp(crn_object_text(given->at[i]), "steps") > 0) {
            placed = true;
            if (!crn_object_set(document, all, "steps", steps))
                return false;
        }
        if (!crn_object_set_pair(document, all, given->at[i], given->at[i + 1]))
            return false;
    }
    call->kwargs = all;
    return placed ? all != NULL : crn_object_set(document, all, "steps", steps);
}

/* Nests for Pipelines inside Pipelines; the reader bounds how deep. */
crn_object *crn_sklearn_expression(const crn_model *model, crn_document *document)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    crn_object *call =
        crn_fields_expression(self->type->fields, self, self->type->name, document);
    if (call == NULL || self->type->step_count == NULL)
        return call;
    crn_object *steps = steps_expression(self, document);
    return add_steps(call->as.instance, steps, document) ? call : NULL;
}

static void repr(const crn_model *model, crn_document *scratch, crn_text *out)
{
    const crn_object *call = crn_sklearn_expression(model, scratch);
    if (call != NULL)
        crn_expression_print(call, out);
    else if (out->status == CRN_OK)
        out->status = CRN_NO_MEMORY;
}

/* ---- summary ---- */

static void add_labels(const crn_array *labels, int64_t most, crn_text *out)
{
    const int64_t n = labels->shape[0];
    for (int64_t i = 0; i < n && i < most; i++) {
        crn_text_add_string(out, i > 0 ? ", " : "");
        crn_label_text(labels, i, out);
    }
    if (n > most)
        crn_text_printf(out, ", ... (%lld in all)", (long long)n);
}

static void summary(const crn_model *model, crn_document *scratch, crn_text *out)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    crn_array classes;
    repr(model, scratch, out);
    crn_text_printf(out, "\nlibrary:  scikit-learn %s\n",
                    self->sklearn_version != NULL ? self->sklearn_version
                                                  : "(version not stamped)");
    if (!self->fitted) {
        crn_text_add_string(out, "state:    not fitted\n");
        return;
    }
    if (self->n_features_in_ >= 0)
        crn_text_printf(out, "input:    %lld features\n", (long long)self->n_features_in_);
    if (self->feature_names != NULL) {
        crn_text_add_string(out, "names:    ");
        for (int64_t i = 0; i < self->n_features_in_; i++)
            crn_text_printf(out, i > 0 ? ", %s" : "%s", self->feature_names[i]);
        crn_text_add_string(out, "\n");
    }
    if (model->type->classes(model, &classes)) {
        crn_text_add_string(out, "classes:  ");
        add_labels(&classes, 12, out);
        crn_text_add_string(out, "\n");
    }
    crn_text_add_string(out, "methods: ");
    for (crn_method method = CRN_PREDICT; method < CRN_METHOD_COUNT; method++) {
        if (model->type->has_method(model, method))
            crn_text_printf(out, " %s", crn_method_name(method));
    }
    crn_text_add_string(out, "\n");
}

/* ---- parameters and attributes ---- */

static void add_shape(const crn_array *array, crn_text *out)
{
    crn_text_printf(out, "%s (", crn_dtype_name(array->dtype));
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(out, i > 0 ? ", %lld" : "%lld", (long long)array->shape[i]);
    crn_text_printf(out, array->ndim == 1 ? ",)  %lld bytes" : ")  %lld bytes",
                    (long long)(crn_array_size(array) * array->itemsize));
}

static void add_field(const crn_field *field, const crn_estimator_base *self,
                      const char *indent, crn_document *scratch, crn_text *out)
{
    const char *at = (const char *)self + field->offset;
    crn_text_printf(out, "%s%-26s ", indent, field->name);
    if (field->type == CRN_FIELD_ARRAY) {
        const crn_array *array = (const crn_array *)at;
        if (array->data != NULL)
            add_shape(array, out);
        else
            crn_text_add_string(out, "None");
    } else {
        crn_object_repr(crn_field_value(field, self, scratch), 200, out);
    }
    crn_text_add_string(out, "\n");
}

static void params(const crn_model *model, const char *indent, crn_document *scratch,
                   crn_text *out)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    if (self == NULL)
        return;
    for (const crn_field *field = self->type->fields; field->name != NULL; field++) {
        if (field->flags & CRN_FIELD_PARAM || self->fitted)
            add_field(field, self, indent, scratch, out);
    }
    for (int i = 0; self->type->step_count != NULL && i < self->type->step_count(self); i++) {
        const char *name;
        const crn_model *step = self->type->step(self, i, &name);
        crn_text_printf(out, "%ssteps[%d] '%s': %s\n", indent, i, name,
                        step != NULL ? step->type->class_name(step) : "passthrough");
        if (step != NULL)
            params(step, "    ", scratch, out);
    }
}

/* ---- JSON ---- */

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
        if (!(field->flags & CRN_FIELD_PARAM) && !self->fitted)
            continue;
        crn_object *value;
        if (is_array)
            value = array->data != NULL ? array_as_dict(doc, array) : crn_object_none(doc);
        else
            value = value_for_json(doc, crn_field_value(field, self, doc));
        crn_object_set(doc, field->flags & CRN_FIELD_PARAM ? params_ : attributes, field->name,
                       value);
    }
}

static crn_object *model_as_dict(crn_document *doc, const crn_model *model);

static void add_steps_json(crn_document *doc, const crn_estimator_base *self, crn_object *dict)
{
    if (self->type->step_count == NULL)
        return;
    crn_object *steps = crn_object_new(doc, CRN_OBJ_LIST);
    for (int i = 0; i < self->type->step_count(self); i++) {
        const char *name;
        const crn_model *step = self->type->step(self, i, &name);
        crn_object *item =
            step != NULL ? model_as_dict(doc, step) : crn_object_new(doc, CRN_OBJ_DICT);
        crn_object_set(doc, item, "name", crn_object_str(doc, name));
        crn_object_append(doc, steps, item);
    }
    crn_object_set(doc, dict, "steps", steps);
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
    repr(model, doc, &text);
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
    add_steps_json(doc, self, dict);
    return dict;
}

crn_status crn_sklearn_inspect(const crn_model *model, crn_inspection what, crn_text *out,
                               crn_error *err)
{
    crn_document *scratch = NULL;
    CRN_TRY(crn_document_create(NULL, &scratch, err));
    crn_status status = CRN_OK;
    switch (what) {
    case CRN_INSPECT_PARAMS:
        params(model, "", scratch, out);
        break;
    case CRN_INSPECT_TREE:
        status =
            crn_object_tree(model->document != NULL ? model->document->root : NULL, out, err);
        break;
    case CRN_INSPECT_JSON:
        status = crn_json_write(model_as_dict(scratch, model), CRN_JSON_INDENT, out, err);
        break;
    default:
        summary(model, scratch, out);
        break;
    }
    crn_document_release(scratch);
    return status == CRN_OK ? crn_text_status(out, err) : status;
}
