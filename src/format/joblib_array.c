/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the arrays of joblib files (joblib/numpy_pickle.py 1.6.0, numpy_pickle_compat.py for
 * <= 0.9). */
#include "format/joblib_array.h"

#include <string.h>

#include "base/file.h"
#include "format/codec.h"
#include "format/joblib_records.h"
#include "format/npy.h"
#include "format/numpy_dtype.h"
#include "format/numpy_object.h"

crn_wrapper_kind crn_wrapper_kind_of(const crn_object *object)
{
    static const char *const modules[] = {
        "joblib.numpy_pickle", "sklearn.externals.joblib.numpy_pickle",
        "joblib.numpy_pickle_compat", "sklearn.externals.joblib.numpy_pickle_compat"};
    static const char *const names[] = {[CRN_NUMPY_ARRAY_WRAPPER] = "NumpyArrayWrapper",
                                        [CRN_NDARRAY_WRAPPER] = "NDArrayWrapper",
                                        [CRN_ZNDARRAY_WRAPPER] = "ZNDArrayWrapper"};
    const crn_object *cls = crn_object_class(object);
    if (cls == NULL)
        return CRN_NO_WRAPPER;
    for (int kind = CRN_NUMPY_ARRAY_WRAPPER; kind <= CRN_ZNDARRAY_WRAPPER; kind++)
        for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
            if (crn_object_is_global(cls, modules[i], names[kind]))
                return (crn_wrapper_kind)kind;
    return CRN_NO_WRAPPER;
}

static crn_status malformed(const crn_object *object, const char *what, crn_error *err)
{
    return crn_fail_at(err, CRN_FORMAT, object->offset, "a joblib array wrapper %s", what);
}

/* The instance's array becomes `array`, whose reference goes to the document unless it is the
 * file's, which the document has already. */
static crn_status give_array(crn_pickle_stream *stream, crn_instance *instance,
                             crn_array *array, crn_error *err)
{
    const crn_joblib_reader *reader = stream->context;
    crn_array *kept = crn_arena_alloc(stream->document->arena, 1, sizeof *kept);
    if (kept == NULL) {
        crn_array_free(array);
        return crn_arena_fail(stream->document->arena, err);
    }
    *kept = *array;
    instance->array = kept;
    if (array->owner == NULL)
        return CRN_OK;
    if (array->owner == reader->file) {
        crn_buffer_release(array->owner);
        return CRN_OK;
    }
    return crn_document_keep(stream->document, array->owner, err);
}

/* ---- joblib >= 0.10 ---- */

static crn_status read_order(const crn_object *object, const crn_object *state, bool *fortran,
                             crn_error *err)
{
    const crn_object *order = crn_object_get(state, "order");
    *fortran = crn_object_is_str(order, "F");
    if (!*fortran && !crn_object_is_str(order, "C"))
        return malformed(object, "has an order that is neither 'C' nor 'F'", err);
    return CRN_OK;
}

/* numpy_array_alignment_bytes: the key came with joblib 1.2; 0 when it is absent or None. */
static crn_status read_alignment(crn_joblib_reader *reader, const crn_object *object,
                                 const crn_object *state, int64_t *bytes, crn_error *err)
{
    const crn_object *value = crn_object_get(state, "numpy_array_alignment_bytes");
    *bytes = 0;
    if (value != NULL && !crn_object_is_none(value) &&
        (!crn_numpy_plain_int(value, bytes) || *bytes < 1 || *bytes > 255))
        return malformed(object, "has an alignment that is not from 1 to 255", err);
    if (!reader->found_wrapper)
        reader->alignment = (int)*bytes;
    reader->found_wrapper = true;
    return CRN_OK;
}

/* One byte says how many more there are before an aligned array. */
static crn_status skip_padding(crn_pickle_stream *stream, int64_t alignment, crn_error *err)
{
    uint8_t padding;
    if (alignment == 0)
        return CRN_OK;
    CRN_TRY(crn_bytes_u8(stream->in, &padding, err));
    return crn_bytes_take(stream->in, padding, err) == NULL ? CRN_FORMAT : CRN_OK;
}

/* An object array is a whole pickle of its own: numpy's _reconstruct with a list as its data.
 */
static crn_status read_nested(crn_pickle_stream *stream, crn_object *object, crn_numpy_raw *raw,
                              crn_stored_array *stored, crn_error *err)
{
    enum { STATE_DATA = 4 };
    crn_pickle_stream nested = {.in = stream->in,
                                .document = stream->document,
                                .objects_left = stream->objects_left,
                                .text_bytes = stream->text_bytes};
    CRN_TRY(crn_pickle_run(&nested, err));
    stored->nested = nested.root;
    stored->nested_protocol = nested.protocol;
    stored->nested_framed = nested.framed;
    crn_instance *instance = object->as.instance;
    if (crn_object_is(nested.root, CRN_OBJ_INSTANCE))
        instance->elements = crn_object_item(nested.root->as.instance->state, STATE_DATA);
    size_t count;
    CRN_TRY(crn_shape_bytes(1, raw->ndim, raw->shape, &count, err));
    if (!crn_object_is(instance->elements, CRN_OBJ_LIST) ||
        crn_object_length(instance->elements) != count)
        return malformed(object,
                         "of dtype object is not followed by as many objects as its shape says",
                         err);
    crn_array array = {.dtype = CRN_OBJECT, .itemsize = CRN_POINTER_BYTES};
    crn_array_set_shape(&array, raw->ndim, raw->shape);
    return give_array(stream, instance, &array, err);
}

static crn_status read_following(crn_pickle_stream *stream, crn_object *object, crn_error *err)
{
    crn_joblib_reader *reader = stream->context;
    const crn_object *state = object->as.instance->state;
    crn_numpy_raw raw = {0};
    int64_t alignment;
    if (!crn_object_is(state, CRN_OBJ_DICT))
        return malformed(object, "has no dict as its state", err);
    CRN_TRY(crn_numpy_dtype_read(crn_object_get(state, "dtype"), &raw.dtype, err));
    CRN_TRY(crn_numpy_shape_read(crn_object_get(state, "shape"), &raw.ndim, raw.shape, err));
    CRN_TRY(read_order(object, state, &raw.fortran, err));
    CRN_TRY(read_alignment(reader, object, state, &alignment, err));

    crn_stored_array *stored = crn_arena_alloc(stream->document->arena, 1, sizeof *stored);
    if (stored == NULL)
        return crn_arena_fail(stream->document->arena, err);
    object->as.instance->stored = stored;
    if (raw.dtype.dtype == CRN_OBJECT)
        return read_nested(stream, object, &raw, stored, err);

    CRN_TRY(skip_padding(stream, alignment, err));
    CRN_TRY(crn_numpy_raw_measure(&raw, err));
    raw.bytes = crn_bytes_take(stream->in, raw.size, err);
    if (raw.bytes == NULL)
        return CRN_FORMAT;
    stored->bytes = raw.bytes;
    stored->size = raw.size;
    crn_array array;
    CRN_TRY(crn_numpy_raw_array(&raw, reader->file, &array, err));
    return give_array(stream, object->as.instance, &array, err);
}

/* ---- joblib <= 0.9 ---- */

/* Opens the file that the wrapper names, which must be a bare name. */
static crn_status open_companion(const crn_joblib_reader *reader, const crn_object *object,
                                 crn_buffer **out, crn_error *err)
{
    const crn_object *filename = crn_object_get(object->as.instance->state, "filename");
    const char *name = crn_object_text(filename);
    if (name == NULL || name[0] == '\0' || strlen(name) != filename->as.bytes.size)
        return malformed(object, "names no file", err);
    if (strchr(name, '/') != NULL || strchr(name, '\\') != NULL || strcmp(name, "..") == 0 ||
        strcmp(name, ".") == 0 || strcmp(name, "-") == 0)
        return crn_fail_at(
            err, CRN_FORMAT, object->offset,
            "a joblib array wrapper names the file '%.100s', which is not a bare name", name);
    if (reader->directory == NULL)
        return crn_fail_at(
            err, CRN_UNSUPPORTED, object->offset,
            "the array lies in the file '%.100s' beside the model, and it is not known "
            "where that is",
            name);
    crn_text path = CRN_TEXT_INIT;
    crn_text_printf(&path, "%s/%s", reader->directory, name);
    crn_status status = crn_text_status(&path, err);
    if (status == CRN_OK)
        status = crn_file_read(path.data, reader->limits->file_bytes, out, err);
    crn_text_free(&path);
    return status;
}

static crn_status read_records(crn_pickle_stream *stream, crn_object *object, crn_buffer *file,
                               crn_array *array, crn_error *err)
{
    crn_numpy_raw raw;
    crn_stored_array *stored = crn_arena_alloc(stream->document->arena, 1, sizeof *stored);
    if (stored == NULL)
        return crn_arena_fail(stream->document->arena, err);
    CRN_TRY(crn_joblib_records_read(stream->document, file, &raw, &stored->dtype, err));
    CRN_TRY(crn_numpy_raw_array(&raw, NULL, array, err));
    /* The copy has the very bytes of the file, and stays as long as the document. */
    stored->bytes = array->data;
    stored->size = raw.size;
    object->as.instance->stored = stored;
    return CRN_OK;
}

static crn_status read_npy(crn_pickle_stream *stream, crn_object *object, crn_error *err)
{
    crn_buffer *file = NULL;
    crn_array array = CRN_ARRAY_INIT;
    CRN_TRY(open_companion(stream->context, object, &file, err));
    crn_status status = crn_joblib_records_sniff(file)
                            ? read_records(stream, object, file, &array, err)
                            : crn_npy_read(file, &array, err);
    crn_buffer_release(file);
    return status == CRN_OK ? give_array(stream, object->as.instance, &array, err) : status;
}

/* The wrapper's state has what numpy's __setstate__ wants but for the bytes: (1, shape, dtype,
 * fortran). */
static crn_status read_npy_z(crn_pickle_stream *stream, crn_object *object, crn_error *err)
{
    enum { SHAPE = 1, DTYPE = 2, FORTRAN = 3 };
    const crn_joblib_reader *reader = stream->context;
    const crn_object *state = crn_object_get(object->as.instance->state, "state");
    crn_buffer *file = NULL, *inflated = NULL;
    crn_numpy_raw raw = {0};
    crn_array array = CRN_ARRAY_INIT;
    int64_t fortran;
    CRN_TRY(crn_numpy_shape_read(crn_object_item(state, SHAPE), &raw.ndim, raw.shape, err));
    CRN_TRY(crn_numpy_dtype_read(crn_object_item(state, DTYPE), &raw.dtype, err));
    if (!crn_numpy_plain_int(crn_object_item(state, FORTRAN), &fortran) ||
        raw.dtype.dtype == CRN_OBJECT)
        return malformed(object, "has no state of a numeric array", err);
    raw.fortran = fortran != 0;
    CRN_TRY(crn_numpy_raw_measure(&raw, err));
    CRN_TRY(open_companion(reader, object, &file, err));
    crn_status status =
        crn_codec_inflate(CRN_CODEC_ZFILE, crn_buffer_data(file), crn_buffer_size(file),
                          reader->limits, &inflated, err);
    crn_buffer_release(file);
    CRN_TRY(status);
    raw.bytes = crn_buffer_data(inflated);
    if (crn_buffer_size(inflated) != raw.size)
        status = malformed(object, "names a file whose size does not fit the shape", err);
    else
        status = crn_numpy_raw_array(&raw, inflated, &array, err);
    crn_buffer_release(inflated);
    return status == CRN_OK ? give_array(stream, object->as.instance, &array, err) : status;
}

crn_status crn_joblib_made(crn_pickle_stream *stream, crn_object *object, crn_error *err)
{
    crn_joblib_reader *reader = stream->context;
    crn_wrapper_kind kind = crn_wrapper_kind_of(object);
    if (kind == CRN_NO_WRAPPER) {
        reader->found_plain |= crn_object_is_plain_array(object);
        return CRN_OK;
    }
    if (object->as.instance->state == NULL)
        return CRN_OK;
    if (kind == CRN_NUMPY_ARRAY_WRAPPER)
        return read_following(stream, object, err);
    reader->found_legacy = true;
    return kind == CRN_NDARRAY_WRAPPER ? read_npy(stream, object, err)
                                       : read_npy_z(stream, object, err);
}
