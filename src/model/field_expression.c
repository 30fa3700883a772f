/* SPDX-License-Identifier: BSD-3-Clause */
/* From a struct back to the constructor call, as scikit-learn's repr() prints it: only the
 * parameters whose repr differs from the default's, in alphabetical order
 * (sklearn/utils/_pprint.py, 1.9). */
#include <math.h>
#include <string.h>

#include "model/expression.h"
#include "model/field_value.h"

/* REAL rows keep 1 and 1.0 as the same number; all others differ when their reprs do. */
static bool is_same(const crn_field *field, const crn_object *a, const crn_object *b)
{
    double x, y;
    if (field->type == CRN_FIELD_REAL && crn_object_as_double(a, &x) &&
        crn_object_as_double(b, &y))
        return x == y || (isnan(x) && isnan(y));
    crn_text left = CRN_TEXT_INIT, right = CRN_TEXT_INIT;
    crn_object_repr(a, 0, &left);
    crn_object_repr(b, 0, &right);
    bool same =
        left.status == CRN_OK && right.status == CRN_OK && strcmp(left.data, right.data) == 0;
    crn_text_free(&left);
    crn_text_free(&right);
    return same;
}

bool crn_field_is_default(const crn_field *field, const void *self, crn_document *document)
{
    const crn_object *value = crn_field_value(field, self, document);
    const crn_object *usual =
        field->dflt != NULL ? crn_field_default(field, document, NULL) : NULL;
    return value != NULL && usual != NULL && is_same(field, value, usual);
}

/* The parameter whose name comes next behind `last`; NULL past the end. */
static const crn_field *next_by_name(const crn_field *fields, const char *last)
{
    const crn_field *next = NULL;
    for (const crn_field *field = fields; field->name != NULL; field++) {
        if (!(field->flags & CRN_FIELD_PARAM) || field->until != NULL ||
            strcmp(field->name, last) <= 0)
            continue;
        if (next == NULL || strcmp(field->name, next->name) < 0)
            next = field;
    }
    return next;
}

crn_object *crn_fields_expression(const crn_field *fields, const void *self,
                                  const char *class_name, crn_document *document)
{
    crn_object *callable = crn_object_global(document, "", class_name);
    crn_object *call =
        callable != NULL ? crn_object_instance(document, CRN_BY_CALL, callable) : NULL;
    crn_object *kwargs = crn_object_new(document, CRN_OBJ_DICT);
    if (call == NULL || kwargs == NULL)
        return NULL;
    call->as.instance->kwargs = kwargs;
    const crn_field *field = next_by_name(fields, "");
    for (; field != NULL; field = next_by_name(fields, field->name)) {
        crn_object *value = crn_field_value(field, self, document);
        crn_object *usual =
            field->dflt != NULL ? crn_field_default(field, document, NULL) : NULL;
        if (value == NULL || (field->dflt != NULL && usual == NULL))
            return NULL;
        if (usual != NULL && is_same(field, value, usual))
            continue;
        if (!crn_object_set(document, kwargs, field->name, value))
            return NULL;
    }
    return call;
}

void crn_fields_repr(const crn_field *fields, const void *self, const char *class_name,
                     crn_document *scratch, crn_text *out)
{
    const crn_object *call = crn_fields_expression(fields, self, class_name, scratch);
    if (call != NULL)
        crn_expression_print(call, out);
    else if (out->status == CRN_OK)
        out->status = CRN_NO_MEMORY;
}
