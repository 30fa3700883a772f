/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/plain_value.h"

#include "format/numpy_object.h"
#include "format/pickle.h"
#include "model/model.h"

/* {label: weight}, (min, max): parameters are not deeper. Bounds what a file full of loops can
 * ask for. */
enum { DEEPEST = 3 };

static crn_object *plain_string(crn_document *document, const crn_array *scalar)
{
    crn_array vector = *scalar;
    crn_text text = CRN_TEXT_INIT;
    vector.ndim = 1;
    vector.shape[0] = 1;
    vector.strides[0] = vector.itemsize;
    crn_label_text(&vector, 0, &text);
    crn_object *out =
        text.status == CRN_OK
            ? crn_object_str_n(document, text.data != NULL ? text.data : "", text.size)
            : NULL;
    crn_text_free(&text);
    return out;
}

/* The value itself where Python has no such number. */
static const crn_object *plain_scalar(crn_document *document, const crn_object *value)
{
    crn_array scalar;
    int64_t integer;
    const crn_object *out = value;
    if (crn_object_to_array(value, &scalar, NULL) != CRN_OK)
        return value;
    if (scalar.dtype == CRN_STRING)
        out = plain_string(document, &scalar);
    else if (scalar.dtype == CRN_BOOL)
        out = crn_object_bool(document, crn_array_get(&scalar, 0) != 0.0);
    else if (crn_dtype_is_float(scalar.dtype))
        out = crn_object_float(document, crn_array_get(&scalar, 0));
    else if (crn_object_as_int(value, &integer))
        out = crn_object_int(document, integer);
    crn_array_free(&scalar);
    return out;
}

static bool is_container(const crn_object *value)
{
    return crn_object_is(value, CRN_OBJ_TUPLE) || crn_object_is(value, CRN_OBJ_LIST) ||
           crn_object_is(value, CRN_OBJ_DICT);
}

static bool has_scalars(const crn_object *value, int depth)
{
    if (crn_object_is(value, CRN_OBJ_INSTANCE))
        return crn_object_is_numpy_scalar(value);
    if (!is_container(value) || depth == DEEPEST)
        return false;
    for (size_t i = 0; i < value->as.items.count; i++) {
        if (has_scalars(value->as.items.at[i], depth + 1))
            return true;
    }
    return false;
}

static const crn_object *plain(crn_document *document, const crn_object *value, int depth)
{
    if (!has_scalars(value, depth))
        return value;
    if (!is_container(value))
        return plain_scalar(document, value);
    crn_object *copy = crn_object_new(document, value->kind);
    for (size_t i = 0; i < value->as.items.count && copy != NULL; i++) {
        crn_object *item = (crn_object *)plain(document, value->as.items.at[i], depth + 1);
        if (item == NULL || !crn_object_items_extend(document, &copy->as.items, &item, 1))
            return NULL;
    }
    return copy;
}

const crn_object *crn_object_plain(crn_document *document, const crn_object *value)
{
    return plain(document, value, 0);
}
