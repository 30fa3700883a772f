/* SPDX-License-Identifier: BSD-3-Clause */
/* Python lists, tuples, numbers and strings as arrays: numpy.asarray for the cases that models
 * hold. */
#include <stdlib.h>

#include "format/numpy_object.h"
#include "format/pickle.h"
#include "format/pickle_text.h"

/* What a leaf is, in the order of NumPy's promotion among numbers. */
typedef enum leaf_kind {
    NO_LEAF,
    BOOL_LEAF,
    INT_LEAF,
    FLOAT_LEAF,
    STRING_LEAF,
    OTHER_LEAF
} leaf_kind;

static leaf_kind kind_of_leaf(const crn_object *object)
{
    int64_t integer;
    double real;
    bool boolean;
    if (object->kind == CRN_OBJ_STR)
        return STRING_LEAF;
    if (crn_object_as_bool(object, &boolean))
        return BOOL_LEAF;
    if (crn_object_as_int(object, &integer))
        return INT_LEAF;
    return crn_object_as_double(object, &real) ? FLOAT_LEAF : OTHER_LEAF;
}

static bool is_sequence(const crn_object *object)
{
    return object->kind == CRN_OBJ_LIST || object->kind == CRN_OBJ_TUPLE;
}

/* The leaves of nested sequences in C order, and what they have in common. */
typedef struct leaves {
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    leaf_kind kind;
    crn_object **at; /* malloc'd */
    size_t count, capacity;
} leaves;

/* The shape that the first element of each level suggests. */
static crn_status measure(const crn_object *object, leaves *l, crn_error *err)
{
    while (is_sequence(object)) {
        if (l->ndim == CRN_MAX_NDIM)
            return crn_fail_at(err, CRN_UNSUPPORTED, object->offset,
                               "a list is nested deeper than the %d axes an array may have",
                               CRN_MAX_NDIM);
        l->shape[l->ndim++] = (int64_t)crn_object_length(object);
        if (crn_object_length(object) == 0)
            break;
        object = crn_object_item(object, 0);
    }
    return CRN_OK;
}

static crn_status add_leaf(const crn_object *object, leaves *l, crn_error *err)
{
    leaf_kind kind = kind_of_leaf(object);
    if (kind == OTHER_LEAF)
        return crn_fail_at(err, CRN_DTYPE, object->offset,
                           "expected numbers or strings, got %s", crn_object_kind_name(object));
    bool mixed = l->kind != NO_LEAF && (kind == STRING_LEAF) != (l->kind == STRING_LEAF);
    if (mixed)
        return crn_fail_at(err, CRN_DTYPE, object->offset,
                           "a list holds both numbers and strings");
    l->kind = kind > l->kind ? kind : l->kind;
    void *grown = l->at;
    crn_status status = crn_grow(&grown, &l->capacity, l->count, sizeof *l->at, err);
    l->at = (crn_object **)grown;
    if (status == CRN_OK)
        l->at[l->count++] = (crn_object *)(uintptr_t)object;
    return status;
}

/* Recursion as deep as the array has axes: at most CRN_MAX_NDIM. */
static crn_status collect(const crn_object *object, int32_t axis, leaves *l, crn_error *err)
{
    bool wanted = axis < l->ndim;
    if (is_sequence(object) != wanted ||
        (wanted && (int64_t)crn_object_length(object) != l->shape[axis]))
        return crn_fail_at(
            err, CRN_SHAPE, object->offset,
            "setting an array element with a sequence: the list has an inhomogeneous "
            "shape after %d dimensions",
            (int)axis);
    if (!wanted)
        return add_leaf(object, l, err);
    for (size_t i = 0; i < crn_object_length(object); i++)
        CRN_TRY(collect(crn_object_item(object, i), axis + 1, l, err));
    return CRN_OK;
}

static crn_status numbers_to_array(const leaves *l, crn_array *out, crn_error *err)
{
    crn_dtype dtype = l->kind == BOOL_LEAF  ? CRN_BOOL
                      : l->kind == INT_LEAF ? CRN_INT64
                                            : CRN_FLOAT64;
    CRN_TRY(crn_array_create(dtype, 0, l->ndim, l->shape, out, err));
    for (size_t i = 0; i < l->count; i++) {
        int64_t integer = 0;
        if (dtype == CRN_FLOAT64)
            crn_object_as_double(l->at[i], (double *)out->data + i);
        else if (dtype == CRN_INT64)
            crn_object_as_int(l->at[i], (int64_t *)out->data + i);
        else if (crn_object_as_int(l->at[i], &integer))
            ((uint8_t *)out->data)[i] = integer != 0;
    }
    return CRN_OK;
}

crn_status crn_python_to_array(const crn_object *object, crn_array *out, crn_error *err)
{
    leaves l = {0};
    *out = (crn_array){0};
    crn_status status = measure(object, &l, err);
    if (status == CRN_OK)
        status = collect(object, 0, &l, err);
    if (status == CRN_OK && l.kind == STRING_LEAF)
        status = crn_strings_to_array(l.at, l.count, l.ndim, l.shape, out, err);
    else if (status == CRN_OK)
        status = numbers_to_array(&l, out, err);
    free(l.at);
    return status;
}

/* ---- strings ---- */

/* The code points of a str, or of a numpy.str_, into `slot`; NULL: they are only counted. */
static crn_status read_string(const crn_object *string, uint32_t *slot, size_t *length,
                              crn_error *err)
{
    crn_array scalar = CRN_ARRAY_INIT;
    size_t position = 0;
    uint32_t c;
    *length = 0;
    if (string->kind == CRN_OBJ_STR) {
        while (crn_pickle_next_code_point(string->as.bytes.at, string->as.bytes.size, &position,
                                          &c)) {
            if (slot != NULL)
                slot[*length] = c;
            ++*length;
        }
        return CRN_OK;
    }
    if (!crn_object_is(string, CRN_OBJ_INSTANCE) ||
        crn_object_to_array(string, &scalar, NULL) != CRN_OK || scalar.dtype != CRN_STRING ||
        scalar.ndim != 0) {
        crn_array_free(&scalar);
        return crn_fail_at(err, CRN_DTYPE, string->offset,
                           "expected an array of strings, but it holds %s",
                           crn_object_kind_name(string));
    }
    const uint32_t *points = scalar.data; /* padded with 0 */
    const size_t most = (size_t)scalar.itemsize / sizeof *points;
    for (; *length < most && points[*length] != 0; ++*length) {
        if (slot != NULL)
            slot[*length] = points[*length];
    }
    crn_array_free(&scalar);
    return CRN_OK;
}

crn_status crn_strings_to_array(crn_object *const *strings, size_t count, int32_t ndim,
                                const int64_t *shape, crn_array *out, crn_error *err)
{
    size_t wanted, longest = 1;
    CRN_TRY(crn_shape_bytes(1, ndim, shape, &wanted, err));
    if (wanted != count)
        return crn_fail(err, CRN_FORMAT, "an array has %zu objects, but its shape wants %zu",
                        count, wanted);
    for (size_t i = 0; i < count; i++) {
        size_t length;
        CRN_TRY(read_string(strings[i], NULL, &length, err));
        longest = length > longest ? length : longest;
    }
    CRN_TRY(crn_array_create(CRN_STRING, (int64_t)longest * 4, ndim, shape, out, err));
    uint32_t *slot = out->data; /* (count, longest) */
    for (size_t i = 0; i < count; i++, slot += longest) {
        size_t length;
        CRN_TRY(read_string(strings[i], slot, &length, err));
    }
    return CRN_OK;
}
