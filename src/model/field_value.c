/* SPDX-License-Identifier: BSD-3-Clause */
/* Python values into the places of a struct, and out of them. */
#include "model/field_value.h"

#include <string.h>

#include "format/pickle.h"
#include "model/expression.h"
#include "model/model.h"
#include "model/model_list.h"
#include "model/plain_value.h"

enum { LONGEST_SHOWN = 60 };

/* ---- into the struct ---- */

static crn_status wrong_type(const crn_object *value, const char *expected, crn_error *err)
{
    crn_text shown = CRN_TEXT_INIT;
    crn_object_repr(value, LONGEST_SHOWN, &shown);
    crn_status status =
        crn_fail_at(err, CRN_FORMAT, value->offset, "expected %s, got %s", expected,
                    shown.status == CRN_OK ? shown.data : crn_object_kind_name(value));
    crn_text_free(&shown);
    return status;
}

static crn_status store_bool(bool *at, const crn_object *value, crn_error *err)
{
    int64_t integer;
    if (crn_object_as_bool(value, at))
        return CRN_OK;
    if (!crn_object_as_int(value, &integer) || (integer != 0 && integer != 1))
        return wrong_type(value, "a bool", err);
    *at = integer == 1;
    return CRN_OK;
}

static crn_status store_string(const char **at, const crn_object *value, crn_error *err)
{
    const char *text = crn_object_text(value);
    if (text == NULL && !crn_object_is_none(value))
        return wrong_type(value, "a str", err);
    if (text != NULL && strlen(text) != value->as.bytes.size)
        return wrong_type(value, "a str without NUL", err);
    *at = text;
    return CRN_OK;
}

static crn_status store_array(crn_array *at, const crn_object *value, crn_error *err)
{
    crn_array array = CRN_ARRAY_INIT;
    if (!crn_object_is_none(value))
        CRN_TRY(crn_object_to_array(value, &array, err));
    crn_array_free(at);
    *at = array;
    return CRN_OK;
}

static crn_status store_model(struct crn_model **at, const crn_object *value,
                              const crn_field_context *context, crn_error *err)
{
    struct crn_model *model = NULL;
    if (!crn_object_is_none(value)) {
        if (context->read_model == NULL)
            return wrong_type(value, "None", err);
        CRN_TRY(context->read_model(context->context, value, &model, err));
    }
    crn_model_destroy(*at);
    *at = model;
    return CRN_OK;
}

static crn_status store_models(crn_model_list *at, const crn_object *value,
                               const crn_field_context *context, crn_error *err)
{
    crn_model_list list = {0};
    crn_status status = crn_model_list_read(&list, value, context, err);
    if (status != CRN_OK) {
        crn_model_list_free(&list, crn_model_destroy);
        return status;
    }
    crn_model_list_free(at, crn_model_destroy);
    *at = list;
    return CRN_OK;
}

crn_status crn_field_store(const crn_field *field, void *self, const crn_object *value,
                           const crn_field_context *context, crn_error *err)
{
    void *at = crn_field_at(field, self);
    if (field->type == CRN_FIELD_STRING || field->type == CRN_FIELD_OBJECT) {
        value = crn_object_plain(context->document, value);
        if (value == NULL)
            return crn_arena_fail(context->document->arena, err);
    }
    switch (field->type) {
    case CRN_FIELD_BOOL:
        return store_bool(at, value, err);
    case CRN_FIELD_INT:
        return crn_object_as_int(value, at) ? CRN_OK : wrong_type(value, "an int", err);
    case CRN_FIELD_REAL:
        return crn_object_as_double(value, at) ? CRN_OK : wrong_type(value, "a float", err);
    case CRN_FIELD_STRING:
        return store_string(at, value, err);
    case CRN_FIELD_OBJECT:
        *(const crn_object **)at = value;
        return CRN_OK;
    case CRN_FIELD_ARRAY:
        return store_array(at, value, err);
    case CRN_FIELD_MODEL:
        return store_model(at, value, context, err);
    case CRN_FIELD_MODELS:
        return store_models(at, value, context, err);
    }
    return crn_fail(err, CRN_INTERNAL, "row '%s' has no known type", field->name);
}

crn_object *crn_field_default(const crn_field *field, crn_document *document, crn_error *err)
{
    crn_object *value = NULL;
    if (crn_expression_parse(document, field->dflt, strlen(field->dflt), &value, err) != CRN_OK)
        return NULL;
    value->offset = CRN_NO_OFFSET;
    return value;
}

void crn_field_clear(const crn_field *field, void *self,
                     void (*destroy_model)(struct crn_model *))
{
    void *at = crn_field_at(field, self);
    if (field->type == CRN_FIELD_ARRAY) {
        crn_array_free(at);
    } else if (field->type == CRN_FIELD_MODEL) {
        struct crn_model **model = at;
        if (*model != NULL && destroy_model != NULL)
            destroy_model(*model);
        *model = NULL;
    } else if (field->type == CRN_FIELD_MODELS) {
        crn_model_list_free(at, destroy_model);
    }
}

/* ---- out of the struct ---- */

/* Numbers without axes become Python's own; the pickles of every NumPy version then load them.
 */
static crn_object *array_value(const crn_array *array, crn_document *document)
{
    if (array->data == NULL)
        return crn_object_none(document);
    if (array->ndim > 0 || !crn_dtype_is_number(array->dtype))
        return crn_object_array(document, array);
    if (crn_dtype_is_float(array->dtype))
        return crn_object_float(document, crn_array_get(array, 0));
    int64_t value = 0;
    if (crn_array_copy_to(array, CRN_INT64, 0, &value, NULL) != CRN_OK)
        return NULL;
    return array->dtype == CRN_BOOL ? crn_object_bool(document, value != 0)
                                    : crn_object_int(document, value);
}

/* A whole number of a row whose default is an int, as intercept_scaling=1: repr() would
 * tell 1.0 from it. */
static bool is_spelled_as_int(const crn_field *field, double value)
{
    int64_t usual;
    return field->dflt != NULL && crn_parse_int(field->dflt, strlen(field->dflt), &usual) &&
           value >= -0x1p53 && value <= 0x1p53 && value == (double)(int64_t)value;
}

static crn_object *expression_of(const crn_model *model, crn_document *document, void *context,
                                 crn_error *err)
{
    (void)context;
    (void)err;
    return crn_model_expression(model, document);
}

crn_object *crn_field_value(const crn_field *field, const void *self, crn_document *document)
{
    const void *at = crn_field_at_const(field, self);
    switch (field->type) {
    case CRN_FIELD_BOOL:
        return crn_object_bool(document, *(const bool *)at);
    case CRN_FIELD_INT:
        return crn_object_int(document, *(const int64_t *)at);
    case CRN_FIELD_REAL:
        if (is_spelled_as_int(field, *(const double *)at))
            return crn_object_int(document, (int64_t) * (const double *)at);
        return crn_object_float(document, *(const double *)at);
    case CRN_FIELD_STRING:
        if (*(const char *const *)at == NULL)
            return crn_object_none(document);
        return crn_object_str(document, *(const char *const *)at);
    case CRN_FIELD_OBJECT:
        if (*(crn_object *const *)at == NULL)
            return crn_object_none(document);
        return *(crn_object *const *)at;
    case CRN_FIELD_ARRAY:
        return array_value(at, document);
    case CRN_FIELD_MODEL:
        if (*(const crn_model *const *)at == NULL)
            return crn_object_none(document);
        return crn_model_expression(*(const crn_model *const *)at, document);
    case CRN_FIELD_MODELS:
        return crn_model_list_write(at, document, expression_of, NULL, NULL);
    }
    return NULL;
}
