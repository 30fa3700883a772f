/* SPDX-License-Identifier: BSD-3-Clause */
/* A pickle's state or a Keras config into a struct: what is missing, what is of the wrong type,
 * and whether the shapes agree. */
#include <stdio.h>
#include <string.h>

#include "model/field_value.h"

/* ---- reading ---- */

const crn_object *crn_field_find_value(const crn_field *field, const crn_object *state)
{
    const crn_object *value = crn_object_get(state, field->name);
    const char *words = field->old_names;
    while (value == NULL && words != NULL && *words != '\0') {
        char name[64];
        size_t length = strcspn(words, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, words);
        value = crn_object_get(state, name);
        words += length + strspn(words + length, " ");
    }
    return value;
}

static bool is_required(const crn_field *field)
{
    return field->flags & CRN_FIELD_FITTED && !(field->flags & CRN_FIELD_OPTIONAL);
}

/* A model that fit was never called on has none of the attributes that fit sets. */
static bool is_fitted(const crn_field *fields, const crn_object *state)
{
    bool any_required = false;
    for (const crn_field *field = fields; field->name != NULL; field++) {
        if (!(field->flags & CRN_FIELD_FITTED))
            continue;
        if (crn_field_find_value(field, state) != NULL)
            return true;
        any_required |= is_required(field);
    }
    return !any_required;
}

static crn_status read_missing(const crn_field *field, void *self, bool fitted,
                               const crn_field_context *context, crn_error *err)
{
    if (field->dflt != NULL) {
        const crn_object *value = crn_field_default(field, context->document, err);
        if (value == NULL)
            return crn_arena_fail(context->document->arena, err);
        return crn_field_store(field, self, value, context, err);
    }
    if (is_required(field) && fitted)
        return crn_fail(err, CRN_FORMAT, "%s has no attribute '%s'", context->class_name,
                        field->name);
    return CRN_OK;
}

/* None in the place of what need not be there is no value, as n_features_in_ of 0.24's
 * dummies. */
static bool is_optional_number(const crn_field *field)
{
    return field->flags & CRN_FIELD_FITTED && field->flags & CRN_FIELD_OPTIONAL &&
           (field->type == CRN_FIELD_INT || field->type == CRN_FIELD_REAL);
}

crn_status crn_fields_read(const crn_field *fields, void *self, const crn_object *state,
                           const crn_field_context *context, bool *fitted, crn_error *err)
{
    if (!crn_object_is(state, CRN_OBJ_DICT))
        return crn_fail(err, CRN_FORMAT, "the state of %s is %s, not a dict",
                        context->class_name,
                        state == NULL ? "missing" : crn_object_kind_name(state));
    bool is = is_fitted(fields, state);
    for (const crn_field *field = fields; field->name != NULL; field++) {
        const crn_object *value = crn_field_find_value(field, state);
        if (is_optional_number(field) && crn_object_is_none(value))
            value = NULL;
        crn_status status = value != NULL ? crn_field_store(field, self, value, context, err)
                                          : read_missing(field, self, is, context, err);
        if (status != CRN_OK) {
            crn_where(err, "%s", field->name);
            return status;
        }
    }
    *fitted = is;
    return crn_fields_check_shapes(fields, self, err);
}

/* ---- shapes ---- */

enum { MAX_BINDINGS = 24 };

/* Lengths by name: those of INT rows, and those that an array bound first. */
typedef struct binding {
    const char *name;
    size_t size;
    int64_t length;
} binding;

typedef struct bindings {
    binding at[MAX_BINDINGS];
    size_t count;
} bindings;

static void bind_length(bindings *all, const char *name, size_t size, int64_t length)
{
    if (all->count < MAX_BINDINGS)
        all->at[all->count++] = (binding){.name = name, .size = size, .length = length};
}

static const binding *find_binding(const bindings *all, const char *name, size_t size)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->at[i].size == size && memcmp(all->at[i].name, name, size) == 0)
            return &all->at[i];
    }
    return NULL;
}

/* The next word of a shape, without blanks; false at the end. */
static bool next_axis(const char **shape, const char **word, size_t *size)
{
    *word = *shape + strspn(*shape, " ,");
    *size = strcspn(*word, " ,");
    *shape = *word + *size;
    return *size > 0;
}

/* Binds what is not bound yet; false when an axis has another length than its word says. */
static bool matches(bindings *all, const char *shape, const crn_array *array)
{
    const char *word;
    size_t size;
    int32_t axis = 0;
    for (; next_axis(&shape, &word, &size); axis++) {
        if (axis >= array->ndim)
            return false;
        int64_t expected;
        const binding *bound = find_binding(all, word, size);
        if (bound != NULL)
            expected = bound->length;
        else if (!crn_parse_int(word, size, &expected))
            bind_length(all, word, size, expected = array->shape[axis]);
        if (array->shape[axis] != expected)
            return false;
    }
    return axis == array->ndim;
}

static void say_shape(const crn_array *array, crn_text *out)
{
    crn_text_add_char(out, '(');
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(out, i == 0 ? "%lld" : ", %lld", (long long)array->shape[i]);
    crn_text_add_string(out, array->ndim == 1 ? ",)" : ")");
}

/* "(n_components_=2, n_features_in_=4)" */
static void say_expected(const bindings *all, const char *shape, crn_text *out)
{
    const char *word, *joint = "(";
    size_t size;
    while (next_axis(&shape, &word, &size)) {
        const binding *bound = find_binding(all, word, size);
        crn_text_printf(out, "%s%.*s", joint, (int)size, word);
        if (bound != NULL)
            crn_text_printf(out, "=%lld", (long long)bound->length);
        joint = ", ";
    }
    crn_text_add_string(out, joint[0] == '(' ? "()" : ")");
}

static crn_status wrong_shape(const bindings *all, const crn_field *field,
                              const crn_array *array, crn_error *err)
{
    crn_text has = CRN_TEXT_INIT, expected = CRN_TEXT_INIT;
    say_shape(array, &has);
    say_expected(all, field->shape, &expected);
    crn_status status = CRN_SHAPE;
    if (has.status != CRN_OK || expected.status != CRN_OK)
        status = crn_no_memory(err);
    else
        crn_fail(err, CRN_SHAPE, "%s has shape %s, expected %s", field->name, has.data,
                 expected.data);
    crn_text_free(&has);
    crn_text_free(&expected);
    crn_where(err, "%s", field->name);
    return status;
}

crn_status crn_fields_check_shapes(const crn_field *fields, const void *self, crn_error *err)
{
    bindings all = {.count = 0};
    for (const crn_field *field = fields; field->name != NULL; field++) {
        /* A negative length is one that the file does not say. */
        if (field->type != CRN_FIELD_INT ||
            *(const int64_t *)crn_field_at_const(field, self) < 0)
            continue;
        bind_length(&all, field->name, strlen(field->name),
                    *(const int64_t *)crn_field_at_const(field, self));
    }
    for (const crn_field *field = fields; field->name != NULL; field++) {
        if (field->type != CRN_FIELD_ARRAY || field->shape == NULL)
            continue;
        const crn_array *array = crn_field_at_const(field, self);
        if (array->data != NULL && !matches(&all, field->shape, array))
            return wrong_shape(&all, field, array, err);
    }
    return CRN_OK;
}
