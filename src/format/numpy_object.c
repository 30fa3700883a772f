/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy objects of pickles as arrays: what ndarray.__reduce__ and __reduce_ex__
 * (numpy/_core/src/ multiarray/methods.c) and numpy scalars (scalartypes.c.src) write, in NumPy
 * 1 and 2. */
#include "format/numpy_object.h"

#include <string.h>

#include "format/joblib_array.h"
#include "format/numpy_dtype.h"
#include "format/pickle.h"
#include "format/pickle_text.h"
#include "format/scipy_sparse.h"

/* Places in the state of _reconstruct: (version, shape, dtype, is_fortran, data). */
enum { STATE_SHAPE = 1, STATE_DTYPE = 2, STATE_FORTRAN = 3, STATE_DATA = 4, STATE_SIZE = 5 };
/* Arguments of _frombuffer(buffer, dtype, shape, order) and scalar(dtype, data). */
enum { BUFFER_DATA = 0, BUFFER_DTYPE = 1, BUFFER_SHAPE = 2, BUFFER_ORDER = 3 };
enum { SCALAR_DTYPE = 0, SCALAR_DATA = 1 };

/* A call of that function of numpy.core (NumPy 1) or numpy._core (NumPy 2). */
static bool is_call(const crn_object *object, const char *module1, const char *module2,
                    const char *name)
{
    if (!crn_object_is(object, CRN_OBJ_INSTANCE) || object->as.instance->how != CRN_BY_REDUCE)
        return false;
    const crn_object *callable = object->as.instance->callable;
    return crn_object_is_global(callable, module1, name) ||
           crn_object_is_global(callable, module2, name);
}

static bool is_reconstruct(const crn_object *object)
{
    return is_call(object, "numpy.core.multiarray", "numpy._core.multiarray", "_reconstruct");
}

static bool is_frombuffer(const crn_object *object)
{
    return is_call(object, "numpy.core.numeric", "numpy._core.numeric", "_frombuffer");
}

static bool is_scalar(const crn_object *object)
{
    return is_call(object, "numpy.core.multiarray", "numpy._core.multiarray", "scalar");
}

bool crn_object_is_plain_array(const crn_object *object)
{
    return is_reconstruct(object) || is_frombuffer(object);
}

bool crn_object_is_numpy_scalar(const crn_object *object)
{
    const crn_array *array = crn_object_as_array(object);
    return array != NULL ? array->ndim == 0 : is_scalar(object);
}

static crn_status malformed(const crn_object *object, const char *what, crn_error *err)
{
    return crn_fail_at(err, CRN_FORMAT, object->offset, "a NumPy %s", what);
}

/* ---- the bytes of an array ---- */

/* Protocols 0-2 write bytes as text of Latin-1 characters: _codecs.encode(text, 'latin1'). */
static bool decode_latin1(const crn_object *text, crn_text *scratch)
{
    if (!crn_object_is(text, CRN_OBJ_STR))
        return false;
    size_t position = 0;
    uint32_t c;
    while (crn_pickle_next_code_point(text->as.bytes.at, text->as.bytes.size, &position, &c)) {
        if (c > 0xff)
            return false;
        crn_text_add_char(scratch, (char)c);
    }
    return true;
}

/* What `data` holds as bytes: itself, or decoded into `scratch`. */
static crn_status bytes_of(const crn_object *data, crn_text *scratch, crn_numpy_raw *raw,
                           size_t *size, crn_error *err)
{
    if (data == NULL)
        return crn_fail(err, CRN_FORMAT, "a NumPy array has no data");
    switch (data->kind) {
    case CRN_OBJ_STR: /* a string of Python 2 that happens to be ASCII */
    case CRN_OBJ_BYTES:
    case CRN_OBJ_BYTEARRAY:
        raw->bytes = data->as.bytes.at;
        *size = data->as.bytes.size;
        return CRN_OK;
    case CRN_OBJ_INSTANCE:
        break;
    default:
        return malformed(data, "array's data is not bytes", err);
    }
    const crn_instance *call = data->as.instance;
    bool is_text = crn_object_is_global(call->callable, "_codecs", "encode");
    bool is_empty = crn_object_is_global(call->callable, "builtins", "bytes") &&
                    crn_object_length(call->args) == 0;
    if (!is_empty && (!is_text || !decode_latin1(crn_object_item(call->args, 0), scratch)))
        return malformed(data, "array's data is not bytes", err);
    raw->bytes = scratch->data;
    *size = scratch->size;
    return crn_text_status(scratch, err);
}

/* A copy of the data of _reconstruct, _frombuffer or scalar as the array that dtype and shape
 * say. */
static crn_status copy_raw(const crn_object *object, const crn_object *data, crn_numpy_raw *raw,
                           crn_array *out, crn_error *err)
{
    crn_text scratch = CRN_TEXT_INIT;
    size_t size = 0;
    crn_status status;
    CRN_TRY_OR_DONE(crn_numpy_raw_measure(raw, err));
    CRN_TRY_OR_DONE(bytes_of(data, &scratch, raw, &size, err));
    if (size != raw->size)
        status = crn_fail_at(err, CRN_FORMAT, object->offset,
                             "a NumPy array has %zu bytes, but its shape and dtype want %zu",
                             size, raw->size);
    else
        status = crn_numpy_raw_array(raw, NULL, out, err);
done:
    crn_text_free(&scratch);
    return status;
}

static crn_status reconstruct_to_array(const crn_object *object, crn_array *out, crn_error *err)
{
    const crn_object *state = object->as.instance->state;
    crn_numpy_raw raw = {0};
    if (!crn_object_is(state, CRN_OBJ_TUPLE) || crn_object_length(state) < STATE_SIZE)
        return malformed(object, "array's state is not a tuple of 5 items", err);
    CRN_TRY(
        crn_numpy_shape_read(crn_object_item(state, STATE_SHAPE), &raw.ndim, raw.shape, err));
    CRN_TRY(crn_numpy_dtype_read(crn_object_item(state, STATE_DTYPE), &raw.dtype, err));
    const crn_object *data = crn_object_item(state, STATE_DATA);
    int64_t fortran;
    if (!crn_numpy_plain_int(crn_object_item(state, STATE_FORTRAN), &fortran))
        return malformed(object, "array's state does not say whether it is in Fortran order",
                         err);
    raw.fortran = fortran != 0;
    if (raw.dtype.dtype != CRN_OBJECT)
        return copy_raw(object, data, &raw, out, err);
    if (!crn_object_is(data, CRN_OBJ_LIST))
        return malformed(object, "array of dtype object has no list as its data", err);
    return crn_strings_to_array(data->as.items.at, data->as.items.count, raw.ndim, raw.shape,
                                out, err);
}

/* The list in the state of a _reconstruct()ed array of dtype object. */
static const crn_object *reconstructed_elements(const crn_object *object, int32_t *ndim,
                                                int64_t *shape)
{
    const crn_object *state = object->as.instance->state;
    crn_numpy_raw raw = {0};
    int64_t fortran;
    size_t count;
    if (!crn_object_is(state, CRN_OBJ_TUPLE) || crn_object_length(state) < STATE_SIZE ||
        crn_numpy_shape_read(crn_object_item(state, STATE_SHAPE), ndim, shape, NULL) !=
            CRN_OK ||
        crn_numpy_dtype_read(crn_object_item(state, STATE_DTYPE), &raw.dtype, NULL) != CRN_OK ||
        !crn_numpy_plain_int(crn_object_item(state, STATE_FORTRAN), &fortran))
        return NULL;
    const crn_object *data = crn_object_item(state, STATE_DATA);
    if (raw.dtype.dtype != CRN_OBJECT || (fortran != 0 && *ndim > 1) ||
        !crn_object_is(data, CRN_OBJ_LIST) ||
        crn_shape_bytes(1, *ndim, shape, &count, NULL) != CRN_OK ||
        count != crn_object_length(data))
        return NULL;
    return data;
}

const crn_object *crn_object_array_elements(const crn_object *object, int32_t *ndim,
                                            int64_t *shape)
{
    if (!crn_object_is(object, CRN_OBJ_INSTANCE))
        return NULL;
    const crn_instance *instance = object->as.instance;
    if (instance->elements != NULL) {
        *ndim = instance->array->ndim;
        memcpy(shape, instance->array->shape, sizeof instance->array->shape);
        return instance->elements;
    }
    return is_reconstruct(object) ? reconstructed_elements(object, ndim, shape) : NULL;
}

static crn_status frombuffer_to_array(const crn_object *object, crn_array *out, crn_error *err)
{
    const crn_object *args = object->as.instance->args;
    crn_numpy_raw raw = {0};
    CRN_TRY(crn_numpy_dtype_read(crn_object_item(args, BUFFER_DTYPE), &raw.dtype, err));
    CRN_TRY(
        crn_numpy_shape_read(crn_object_item(args, BUFFER_SHAPE), &raw.ndim, raw.shape, err));
    raw.fortran = crn_object_is_str(crn_object_item(args, BUFFER_ORDER), "F");
    if (raw.dtype.dtype == CRN_OBJECT)
        return malformed(object, "array of dtype object cannot be made from bytes", err);
    return copy_raw(object, crn_object_item(args, BUFFER_DATA), &raw, out, err);
}

static crn_status scalar_to_array(const crn_object *object, crn_array *out, crn_error *err)
{
    const crn_object *args = object->as.instance->args;
    crn_numpy_raw raw = {0};
    CRN_TRY(crn_numpy_dtype_read(crn_object_item(args, SCALAR_DTYPE), &raw.dtype, err));
    if (raw.dtype.dtype == CRN_OBJECT)
        return crn_fail_at(err, CRN_DTYPE, object->offset, "a NumPy scalar of dtype object");
    return copy_raw(object, crn_object_item(args, SCALAR_DATA), &raw, out, err);
}

crn_status crn_object_to_array(const crn_object *object, crn_array *out, crn_error *err)
{
    *out = (crn_array){0};
    if (object == NULL)
        return crn_fail(err, CRN_NOT_FOUND, "there is no value that could be an array");
    if (object->kind != CRN_OBJ_INSTANCE)
        return crn_python_to_array(object, out, err);
    const crn_instance *instance = object->as.instance;
    if (instance->elements != NULL)
        return crn_strings_to_array(instance->elements->as.items.at,
                                    instance->elements->as.items.count, instance->array->ndim,
                                    instance->array->shape, out, err);
    if (instance->array != NULL) {
        *out = crn_array_share(instance->array);
        return CRN_OK;
    }
    if (is_reconstruct(object))
        return reconstruct_to_array(object, out, err);
    if (is_frombuffer(object))
        return frombuffer_to_array(object, out, err);
    if (is_scalar(object))
        return scalar_to_array(object, out, err);
    if (crn_object_is_sparse(object))
        return crn_sparse_to_array(object, out, err);
    return crn_fail_at(err, CRN_DTYPE, object->offset, "expected an array, got %s",
                       crn_object_kind_name(object));
}

/* ---- fields of records ---- */

/* The dtype object that describes the array which `object` is; NULL when there is none. */
static const crn_object *dtype_of(const crn_object *object)
{
    if (!crn_object_is(object, CRN_OBJ_INSTANCE))
        return NULL;
    const crn_instance *instance = object->as.instance;
    if (is_reconstruct(object))
        return crn_object_item(instance->state, STATE_DTYPE);
    if (is_frombuffer(object))
        return crn_object_item(instance->args, BUFFER_DTYPE);
    if (is_scalar(object))
        return crn_object_item(instance->args, SCALAR_DTYPE);
    if (instance->stored != NULL && instance->stored->dtype != NULL)
        return instance->stored->dtype;
    const crn_object *dtype = crn_object_get(instance->state, "dtype");
    /* joblib <= 0.9, compressed: (1, shape, dtype, fortran) */
    return dtype != NULL
               ? dtype
               : crn_object_item(crn_object_get(instance->state, "state"), STATE_DTYPE);
}

/* A field that lies askew in memory, or in big-endian order, as a dense array. */
static crn_status copy_field(const crn_array *field, int64_t swapped, crn_array *out,
                             crn_error *err)
{
    /* Every record's field, byte by byte, through an array of bytes of that width. */
    crn_array bytes = *field, dense = CRN_ARRAY_INIT;
    bytes.dtype = CRN_BYTES;
    CRN_TRY(
        crn_array_create(CRN_BYTES, field->itemsize, field->ndim, field->shape, &dense, err));
    crn_status status = crn_array_copy_to(&bytes, CRN_BYTES, field->itemsize, dense.data, err);
    if (status == CRN_OK) {
        crn_numpy_raw raw = {.dtype = {field->dtype, field->itemsize, swapped, NULL},
                             .ndim = field->ndim,
                             .bytes = dense.data};
        memcpy(raw.shape, field->shape, sizeof raw.shape);
        status = crn_numpy_raw_measure(&raw, err);
        if (status == CRN_OK)
            status = crn_numpy_raw_array(&raw, dense.owner, out, err);
    }
    crn_array_free(&dense);
    return status;
}

static crn_status field_of(const crn_array *array, const crn_numpy_dtype *record,
                           const char *name, crn_array *out, crn_error *err)
{
    crn_numpy_dtype dtype;
    int64_t offset;
    CRN_TRY(crn_numpy_dtype_field(record, name, &dtype, &offset, err));
    crn_array field = *array;
    field.data = (char *)array->data + offset;
    field.dtype = dtype.dtype;
    field.itemsize = dtype.itemsize;
    uint64_t askew = (uint64_t)(uintptr_t)field.data;
    for (int32_t i = 0; i < field.ndim; i++)
        askew |= (uint64_t)field.strides[i];
    bool aligned =
        askew % (crn_dtype_size(dtype.dtype) > 0 ? crn_dtype_size(dtype.dtype) : 8) == 0;
    if (!aligned || dtype.swapped != 0)
        return copy_field(&field, dtype.swapped, out, err);
    *out = crn_array_share(&field);
    return CRN_OK;
}

crn_status crn_object_to_fields(const crn_object *object, int count, const char *const *names,
                                crn_array *out, crn_error *err)
{
    crn_numpy_dtype record;
    crn_array array = CRN_ARRAY_INIT;
    for (int i = 0; i < count; i++)
        out[i] = (crn_array){0};
    CRN_TRY(crn_object_to_array(object, &array, err));
    crn_status status;
    CRN_TRY_OR_DONE(crn_numpy_dtype_read(dtype_of(object), &record, err));
    if (record.fields == NULL || record.itemsize != array.itemsize) {
        status =
            crn_fail_at(err, CRN_DTYPE, object->offset, "expected an array of records, got %s",
                        crn_dtype_name(array.dtype));
        goto done;
    }
    for (int i = 0; i < count; i++) {
        const bool optional = names[i][0] == '?';
        const char *name = names[i] + optional;
        if (!optional || crn_object_get(record.fields, name) != NULL)
            CRN_TRY_OR_DONE(field_of(&array, &record, name, &out[i], err));
    }
done:
    for (int i = 0; i < count && status != CRN_OK; i++)
        crn_array_free(&out[i]);
    crn_array_free(&array);
    return status;
}

crn_status crn_object_to_field(const crn_object *object, const char *name, crn_array *out,
                               crn_error *err)
{
    return crn_object_to_fields(object, 1, &name, out, err);
}
