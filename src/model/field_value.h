/* SPDX-License-Identifier: BSD-3-Clause */
/* One value between a Python object and its place in a struct; what the files field_*.c share.
 */
#ifndef CRN_MODEL_FIELD_VALUE_H
#define CRN_MODEL_FIELD_VALUE_H

#include "model/field.h"

/* The place of a row in its struct. */
static inline void *crn_field_at(const crn_field *field, void *self)
{
    return (char *)self + field->offset;
}

static inline const void *crn_field_at_const(const crn_field *field, const void *self)
{
    return (const char *)self + field->offset;
}

/* Converts a value to the row's type and puts it in its place, freeing what was there. A value
 * of another type is CRN_FORMAT: "expected a float, got 'abc'", at the value's offset. */
crn_status crn_field_store(const crn_field *field, void *self, const crn_object *value,
                           const crn_field_context *context, crn_error *err);

/* The row's default, parsed; NULL with an error. */
crn_object *crn_field_default(const crn_field *field, crn_document *document, crn_error *err);

/* Frees what the row owns and leaves nothing in its place. */
void crn_field_clear(const crn_field *field, void *self,
                     void (*destroy_model)(struct crn_model *));

#endif
