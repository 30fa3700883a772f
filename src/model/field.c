/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of fields: finding rows, defaults, copies, and versions. */
#include "model/field.h"

#include <string.h>

#include "model/field_value.h"

/* True when `name` is one of the words in `words`, which blanks separate. */
static bool is_among(const char *name, const char *words)
{
    size_t size = strlen(name);
    while (words != NULL && *words != '\0') {
        size_t length = strcspn(words, " ");
        if (length == size && memcmp(words, name, size) == 0)
            return true;
        words += length + strspn(words + length, " ");
    }
    return false;
}

const crn_field *crn_field_find(const crn_field *fields, const char *name)
{
    for (const crn_field *field = fields; field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0)
            return field;
    }
    for (const crn_field *field = fields; field->name != NULL; field++) {
        if (is_among(name, field->old_names))
            return field;
    }
    return NULL;
}

static bool has_default(const crn_field *field)
{
    return field->dflt != NULL && field->flags & (CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL);
}

crn_status crn_fields_default(const crn_field *fields, void *self,
                              const crn_field_context *context, crn_error *err)
{
    for (const crn_field *field = fields; field->name != NULL; field++) {
        crn_object *value = NULL;
        if (has_default(field))
            value = crn_field_default(field, context->document, err);
        else if (field->type == CRN_FIELD_OBJECT)
            value = crn_object_none(context->document);
        else
            continue;
        if (value == NULL)
            return crn_arena_fail(context->document->arena, err);
        if (crn_field_store(field, self, value, context, err) != CRN_OK)
            return crn_where(err, "%s", field->name);
    }
    return CRN_OK;
}

static size_t size_of(crn_field_type type)
{
    switch (type) {
    case CRN_FIELD_BOOL:
        return sizeof(bool);
    case CRN_FIELD_INT:
        return sizeof(int64_t);
    case CRN_FIELD_REAL:
        return sizeof(double);
    default:
        return sizeof(void *);
    }
}

void crn_fields_copy_params(const crn_field *fields, const void *self, void *fresh)
{
    for (const crn_field *field = fields; field->name != NULL; field++) {
        if (!(field->flags & CRN_FIELD_PARAM) || field->type == CRN_FIELD_MODEL ||
            field->type == CRN_FIELD_MODELS)
            continue;
        const void *from = crn_field_at_const(field, self);
        void *to = crn_field_at(field, fresh);
        if (field->type == CRN_FIELD_ARRAY) {
            crn_array_free(to);
            *(crn_array *)to = crn_array_share(from);
        } else {
            memcpy(to, from, size_of(field->type));
        }
    }
}

void crn_fields_free(const crn_field *fields, void *self,
                     void (*destroy_model)(struct crn_model *))
{
    for (const crn_field *field = fields; field->name != NULL; field++)
        crn_field_clear(field, self, destroy_model);
}

/* ---- versions ---- */

/* The number at *text, which moves behind it and the dot that follows. Anything else ends the
 * version. */
static long next_part(const char **text)
{
    enum { MOST = 100000000 };
    long value = 0;
    while (**text >= '0' && **text <= '9') {
        if (value < MOST)
            value = value * 10 + (**text - '0');
        (*text)++;
    }
    if (**text == '.')
        (*text)++;
    else
        *text += strlen(*text);
    return value;
}

int crn_version_compare(const char *a, const char *b)
{
    while (*a != '\0' || *b != '\0') {
        long left = next_part(&a), right = next_part(&b);
        if (left != right)
            return left < right ? -1 : 1;
    }
    return 0;
}

bool crn_field_in_version(const crn_field *field, const char *version)
{
    if (field->since != NULL && crn_version_compare(version, field->since) < 0)
        return false;
    return field->until == NULL || crn_version_compare(version, field->until) < 0;
}
