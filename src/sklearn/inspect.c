/* SPDX-License-Identifier: BSD-3-Clause */
/* What is in an estimator, as people read it. */
#include <string.h>

#include "format/json.h"
#include "model/field_value.h"
#include "model/tree.h"
#include "model/opaque.h"
#include "sklearn/children.h"
#include "sklearn/family.h"
#include "sklearn/repr.h"

crn_object *crn_sklearn_expression(const crn_model *model, crn_document *document)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    return crn_fields_expression(self->type->fields, self, self->type->name, document);
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
    crn_sklearn_repr(model, scratch, out);
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
    const void *at = (const char *)self + field->offset;
    crn_text_printf(out, "%s%-26s ", indent, field->name);
    if (field->type == CRN_FIELD_ARRAY) {
        const crn_array *array = at;
        if (array->data != NULL)
            add_shape(array, out);
        else
            crn_text_add_string(out, "None");
    } else if (field->type == CRN_FIELD_MODELS && field->flags & CRN_FIELD_FITTED) {
        crn_text_printf(out, "%lld estimators", (long long)((const crn_model_list *)at)->count);
    } else {
        crn_object_repr(crn_field_value(field, self, scratch), 200, out);
    }
    crn_text_add_string(out, "\n");
}

/* "estimators_[2] 'name': PCA", with what keeps it from being asked. */
static void add_child_line(const crn_child_place *child, const char *indent, crn_text *out)
{
    const crn_model *model = child->model;
    const bool listed = child->field->type == CRN_FIELD_MODELS;
    crn_text_printf(out, "%s%s", indent, child->field->name);
    if (listed)
        crn_text_printf(out, "[%lld]", (long long)child->i);
    if (child->name != NULL)
        crn_text_printf(out, " '%s'", child->name);
    if (!crn_child_is_estimator(model)) {
        crn_text_add_string(out, ": ");
        const char *word = crn_object_text(crn_opaque_object(model));
        crn_text_add_string(out, word != NULL ? word : "passthrough");
    } else {
        crn_text_printf(out, ": %s%s", model->type->class_name(model),
                        crn_model_estimator(model) != NULL ? "" : " (not supported)");
    }
    crn_text_add_string(out, "\n");
}

static void params(const crn_model *model, const char *indent, crn_document *scratch,
                   crn_text *out)
{
    const crn_estimator_base *self = crn_model_estimator(model);
    crn_child_place child = {0};
    if (self == NULL)
        return;
    for (const crn_field *field = self->type->fields; field->name != NULL; field++) {
        if (field->flags & CRN_FIELD_PARAM || self->fitted)
            add_field(field, self, indent, scratch, out);
    }
    crn_text deeper = CRN_TEXT_INIT;
    crn_text_printf(&deeper, "%s    ", indent);
    while (deeper.status == CRN_OK && crn_children_next(self, &child)) {
        if (child.i >= CRN_MOST_CHILDREN_SHOWN)
            continue;
        add_child_line(&child, indent, out);
        params(child.model, deeper.data, scratch, out);
    }
    crn_text_free(&deeper);
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
        status = crn_json_write(crn_sklearn_as_dict(scratch, model), CRN_JSON_INDENT, out, err);
        break;
    default:
        summary(model, scratch, out);
        break;
    }
    crn_document_release(scratch);
    return status == CRN_OK ? crn_text_status(out, err) : status;
}
