/* SPDX-License-Identifier: BSD-3-Clause */
/* Constructor arguments into a struct, with the errors that Python and scikit-learn give. */
#include <string.h>

#include "model/expression.h"
#include "model/field_constraint.h"
#include "model/field_value.h"

enum { LONGEST_SHOWN = 80, MAX_PARAMS = 128 };

typedef struct argument_list {
    const crn_field *fields;
    void *self;
    const crn_field_context *context;
    bool given[MAX_PARAMS]; /* by row */
} argument_list;

static crn_status refuse_value(const crn_field *field, const crn_object *value,
                               const char *class_name, crn_error *err)
{
    crn_text expectation = CRN_TEXT_INIT, shown = CRN_TEXT_INIT;
    crn_field_expectation(field, &expectation);
    crn_object_repr(value, LONGEST_SHOWN, &shown);
    crn_status status = crn_text_status(&expectation, err);
    if (status == CRN_OK)
        status = crn_text_status(&shown, err);
    if (status == CRN_OK)
        status = crn_fail_at(err, CRN_ARGUMENT, value->offset,
                             "The '%s' parameter of %s must be %s. Got %s instead.",
                             field->name, class_name, expectation.data, shown.data);
    crn_text_free(&expectation);
    crn_text_free(&shown);
    return status;
}

static crn_status set_argument(argument_list *list, const crn_field *field,
                               const crn_object *value, crn_error *err)
{
    const char *class_name = list->context->class_name;
    size_t row = (size_t)(field - list->fields);
    if (row < MAX_PARAMS && list->given[row])
        return crn_fail_at(err, CRN_ARGUMENT, value->offset,
                           "%s() got multiple values for argument '%s'", class_name,
                           field->name);
    if (row < MAX_PARAMS)
        list->given[row] = true;
    if (!crn_field_accepts(field, value))
        return refuse_value(field, value, class_name, err);
    crn_status status = crn_field_store(field, list->self, value, list->context, err);
    const bool child = field->type == CRN_FIELD_MODEL || field->type == CRN_FIELD_MODELS;
    return status != CRN_OK && child ? crn_where(err, "%s", field->name) : status;
}

/* A parameter of the newest version; those that are gone only occur in files. */
static bool is_param(const crn_field *field)
{
    return field->flags & CRN_FIELD_PARAM && field->until == NULL;
}

/* Name of the i-th row that is a parameter, for the search of the nearest one; NULL for other
 * rows. */
static const char *param_name_at(const void *fields, size_t i)
{
    const crn_field *field = (const crn_field *)fields + i;
    return is_param(field) ? field->name : NULL;
}

static crn_status unknown_keyword(const argument_list *list, const crn_object *keyword,
                                  crn_error *err)
{
    const char *name = crn_object_text(keyword);
    size_t count = 0;
    while (list->fields[count].name != NULL)
        count++;
    const char *nearest = crn_nearest_name(name, count, param_name_at, list->fields);
    if (nearest == NULL)
        return crn_fail_at(err, CRN_NOT_FOUND, keyword->offset, "%s has no parameter '%s'",
                           list->context->class_name, name);
    return crn_fail_at(err, CRN_NOT_FOUND, keyword->offset,
                       "%s has no parameter '%s'; did you mean '%s'?",
                       list->context->class_name, name, nearest);
}

static bool is_positional(const crn_field *field)
{
    return is_param(field) && !(field->flags & CRN_FIELD_KEYWORD);
}

static crn_status set_positional(argument_list *list, const crn_object *args, crn_error *err)
{
    const crn_field *field = list->fields;
    size_t count = crn_object_length(args);
    for (size_t i = 0; i < count; i++) {
        const crn_object *value = crn_object_item(args, i);
        while (field->name != NULL && !is_positional(field))
            field++;
        if (field->name == NULL)
            return crn_fail_at(err, CRN_ARGUMENT, value->offset,
                               "%s takes %zu positional argument%s but %zu were given",
                               list->context->class_name, i, i == 1 ? "" : "s", count);
        CRN_TRY(set_argument(list, field, value, err));
        field++;
    }
    return CRN_OK;
}

static crn_status require_all(const argument_list *list, const crn_object *call, crn_error *err)
{
    if (!list->context->requires_all)
        return CRN_OK;
    for (size_t row = 0; row < MAX_PARAMS && list->fields[row].name != NULL; row++) {
        const crn_field *field = &list->fields[row];
        if (is_param(field) && field->dflt == NULL && !list->given[row])
            return crn_fail_at(err, CRN_ARGUMENT, call->offset,
                               "%s() missing 1 required argument: '%s'",
                               list->context->class_name, field->name);
    }
    return CRN_OK;
}

crn_status crn_fields_from_call(const crn_field *fields, void *self, const crn_object *call,
                                const crn_field_context *context, crn_error *err)
{
    argument_list list = {.fields = fields, .self = self, .context = context};
    if (!crn_object_is(call, CRN_OBJ_INSTANCE))
        return require_all(&list, call, err); /* a class's name alone: no arguments */
    const crn_instance *instance = call->as.instance;
    CRN_TRY(set_positional(&list, instance->args, err));
    size_t count = crn_object_length(instance->kwargs);
    for (size_t i = 0; i < count; i++) {
        const crn_object *keyword = instance->kwargs->as.items.at[2 * i];
        const crn_field *field = crn_field_find(fields, crn_object_text(keyword));
        if (field == NULL || !is_param(field))
            return unknown_keyword(&list, keyword, err);
        CRN_TRY(set_argument(&list, field, instance->kwargs->as.items.at[2 * i + 1], err));
    }
    return require_all(&list, call, err);
}
