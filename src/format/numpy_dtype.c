/* SPDX-License-Identifier: BSD-3-Clause */
/* What numpy.dtype.__reduce__ writes (numpy/_core/src/multiarray/descriptor.c): dtype(code,
 * align, copy) with the state (version, byteorder, subdtype, names, fields, itemsize,
 * alignment, flags, ...). */
#include "format/numpy_dtype.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "array bytes are taken as they lie in the file: a little-endian machine is needed"
#endif

/* Places in the state tuple. */
enum {
    STATE_ORDER = 1,
    STATE_SUBDTYPE = 2,
    STATE_FIELDS = 4,
    STATE_ITEMSIZE = 5,
    STATE_SIZE = 8
};

static crn_status malformed(const crn_object *object, const char *what, crn_error *err)
{
    uint64_t offset = object != NULL ? object->offset : CRN_NO_OFFSET;
    return crn_fail_at(err, CRN_FORMAT, offset, "a NumPy %s", what);
}

bool crn_numpy_plain_int(const crn_object *object, int64_t *out)
{
    return (crn_object_is(object, CRN_OBJ_INT) || crn_object_is(object, CRN_OBJ_BOOL)) &&
           crn_object_as_int(object, out);
}

/* "f8" -> 'f' and 8; "U9" -> 'U' and 36. */
static bool read_code(const crn_object *code, char *kind, int64_t *size)
{
    if (!crn_object_is(code, CRN_OBJ_STR) || code->as.bytes.size < 1)
        return false;
    const char *text = code->as.bytes.at;
    *kind = text[0];
    *size = 0;
    if (code->as.bytes.size > 1 && !crn_parse_int(text + 1, code->as.bytes.size - 1, size))
        return false;
    if (*kind == 'U' && __builtin_mul_overflow(*size, 4, size))
        return false;
    return *size >= 0;
}

/* In what units a big-endian element is to be swapped. */
static int64_t swap_unit(char kind, int64_t itemsize)
{
    switch (kind) {
    case 'U':
        return 4;
    case 'c':
        return itemsize / 2;
    case 'S':
    case 'V':
    case 'O':
        return 0;
    default:
        return itemsize;
    }
}

static crn_status read_state(const crn_object *object, const crn_object *state, char kind,
                             crn_numpy_dtype *out, crn_error *err)
{
    if (!crn_object_is(state, CRN_OBJ_TUPLE) || crn_object_length(state) < STATE_SIZE)
        return malformed(object, "dtype's state is not a tuple of 8 or more items", err);
    int64_t itemsize;
    if (!crn_numpy_plain_int(crn_object_item(state, STATE_ITEMSIZE), &itemsize))
        return malformed(object, "dtype's itemsize is not an int", err);
    if (itemsize >= 0)
        out->itemsize = itemsize;
    if (crn_object_is_str(crn_object_item(state, STATE_ORDER), ">"))
        out->swapped = swap_unit(kind, out->itemsize);
    const crn_object *fields = crn_object_item(state, STATE_FIELDS);
    if (crn_object_is(fields, CRN_OBJ_DICT))
        out->fields = fields;
    return CRN_OK;
}

crn_status crn_numpy_dtype_read(const crn_object *object, crn_numpy_dtype *out, crn_error *err)
{
    char kind;
    *out = (crn_numpy_dtype){.dtype = CRN_RECORD};
    if (!crn_object_is(object, CRN_OBJ_INSTANCE) ||
        !crn_object_is_global(object->as.instance->callable, "numpy", "dtype"))
        return malformed(object, "dtype was expected", err);
    const crn_instance *instance = object->as.instance;
    if (!read_code(crn_object_item(instance->args, 0), &kind, &out->itemsize))
        return malformed(object, "dtype has no type code", err);
    if (instance->state != NULL)
        CRN_TRY(read_state(object, instance->state, kind, out, err));
    if (out->fields == NULL && !crn_dtype_from_kind(kind, out->itemsize, &out->dtype))
        out->dtype = CRN_RECORD;
    return CRN_OK;
}

crn_status crn_numpy_dtype_field(const crn_numpy_dtype *record, const char *name,
                                 crn_numpy_dtype *field, int64_t *offset, crn_error *err)
{
    const crn_object *entry = crn_object_get(record->fields, name);
    if (entry == NULL)
        return crn_fail(err, CRN_NOT_FOUND, "the records have no field '%s'", name);
    if (!crn_numpy_plain_int(crn_object_item(entry, 1), offset))
        return malformed(entry, "dtype's field has no offset", err);
    CRN_TRY(crn_numpy_dtype_read(crn_object_item(entry, 0), field, err));
    if (*offset < 0 || field->itemsize > record->itemsize - *offset)
        return malformed(entry, "dtype's field lies outside its record", err);
    return CRN_OK;
}

crn_status crn_numpy_shape_read(const crn_object *object, int32_t *ndim, int64_t *shape,
                                crn_error *err)
{
    size_t count = crn_object_length(object);
    if (!crn_object_is(object, CRN_OBJ_TUPLE))
        return malformed(object, "array's shape is not a tuple", err);
    if (count > CRN_MAX_NDIM)
        return crn_fail_at(err, CRN_UNSUPPORTED, object->offset,
                           "an array of %zu axes; at most %d are read", count, CRN_MAX_NDIM);
    *ndim = (int32_t)count;
    for (size_t i = 0; i < count; i++)
        if (!crn_numpy_plain_int(crn_object_item(object, i), &shape[i]) || shape[i] < 0)
            return malformed(object, "array's shape holds something other than lengths", err);
    return CRN_OK;
}

crn_status crn_numpy_raw_measure(crn_numpy_raw *raw, crn_error *err)
{
    /* Elements of no size cost no bytes, so the file would not bound how many there are. */
    enum { MOST_EMPTY = 1 << 24 };
    size_t elements;
    CRN_TRY(crn_shape_bytes(raw->dtype.itemsize, raw->ndim, raw->shape, &raw->size, err));
    if (raw->dtype.itemsize > 0)
        return CRN_OK;
    CRN_TRY(crn_shape_bytes(1, raw->ndim, raw->shape, &elements, err));
    if (elements > MOST_EMPTY)
        return crn_fail(err, CRN_LIMIT, "an array of %zu elements of no size", elements);
    return CRN_OK;
}

static void swap_copy(uint8_t *to, const uint8_t *from, size_t size, size_t unit)
{
    if (unit == 0) {
        memcpy(to, from, size);
        return;
    }
    for (size_t begin = 0; begin + unit <= size; begin += unit)
        for (size_t i = 0; i < unit; i++)
            to[begin + i] = from[begin + unit - 1 - i];
}

/* What the address of an element must be a multiple of. Records hold doubles. */
static size_t alignment_of(crn_dtype dtype)
{
    switch (dtype) {
    case CRN_STRING:
        return 4;
    case CRN_BYTES:
        return 1;
    case CRN_RECORD:
    case CRN_COMPLEX128:
        return 8;
    case CRN_COMPLEX64:
        return 4;
    default:
        return crn_dtype_size(dtype);
    }
}

static void set_fortran_strides(crn_array *array)
{
    int64_t stride = array->itemsize;
    for (int32_t i = 0; i < array->ndim; i++) {
        array->strides[i] = stride;
        stride *= array->shape[i] > 0 ? array->shape[i] : 1;
    }
}

crn_status crn_numpy_raw_array(const crn_numpy_raw *raw, crn_buffer *owner, crn_array *out,
                               crn_error *err)
{
    *out = (crn_array){.dtype = raw->dtype.dtype, .itemsize = raw->dtype.itemsize};
    crn_array_set_shape(out, raw->ndim, raw->shape);
    if (raw->fortran)
        set_fortran_strides(out);
    bool aligned = (uintptr_t)raw->bytes % alignment_of(out->dtype) == 0;
    if (owner != NULL && aligned && raw->dtype.swapped == 0) {
        out->data = (void *)(uintptr_t)raw->bytes;
        out->owner = crn_buffer_retain(owner);
        return CRN_OK;
    }
    out->owner = crn_buffer_create(raw->size);
    if (out->owner == NULL) {
        *out = (crn_array){0};
        return crn_no_memory(err);
    }
    out->data = crn_buffer_data(out->owner);
    if (raw->size > 0)
        swap_copy(out->data, raw->bytes, raw->size, (size_t)raw->dtype.swapped);
    return CRN_OK;
}
