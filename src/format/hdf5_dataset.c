/* SPDX-License-Identifier: BSD-3-Clause */
/* A dataset: type, shape and layout into an array or text. Contiguous numbers stay in the file
 * where their alignment and byte order allow. HDF5 File Format Specification 3.0, IV.A.2.f and
 * IV.A.2.i. */
#include <inttypes.h>
#include <stdlib.h>

#include "format/hdf5_reader.h"

enum { LAYOUT_COMPACT = 0, LAYOUT_CONTIGUOUS = 1, LAYOUT_CHUNKED = 2, LAYOUT_VIRTUAL = 3 };

crn_status crn_h5_unpack(crn_h5_reader *reader, uint64_t stored, uint64_t unpacked,
                         crn_error *err)
{
    enum { FREE_BYTES = 1024 * 1024 }; /* the ratio counts past these, see limits.h */
    uint64_t allowed;
    reader->stored += stored;
    if (__builtin_add_overflow(reader->unpacked, unpacked, &reader->unpacked) ||
        reader->unpacked > reader->limits.inflated_bytes)
        return crn_fail(err, CRN_LIMIT,
                        "chunked HDF5 data is over the limit inflated_bytes = %" PRIu64,
                        reader->limits.inflated_bytes);
    if (__builtin_mul_overflow(reader->stored, reader->limits.inflate_ratio, &allowed) ||
        reader->unpacked <= FREE_BYTES || reader->unpacked - FREE_BYTES <= allowed)
        return CRN_OK;
    return crn_fail(err, CRN_LIMIT,
                    "HDF5 datasets of %" PRIu64 " bytes are stored in %" PRIu64
                    ", over the limit inflate_ratio = %" PRIu64,
                    reader->unpacked, reader->stored, reader->limits.inflate_ratio);
}

/* ---- data that was never written ---- */

/* The bytes of the fill value; size 0 where none is defined. */
static crn_status read_fill_value(const crn_h5_header *header, crn_bytes *out, crn_error *err)
{
    enum { V3_DEFINED = 0x20 };
    const crn_h5_message *message = crn_h5_message_find(header, CRN_H5_FILL_VALUE);
    *out = crn_bytes_of("", 0);
    if (message == NULL)
        return CRN_OK;
    crn_bytes in = message->body;
    uint8_t version, flags = 0, defined;
    uint32_t size;
    CRN_TRY(crn_bytes_u8(&in, &version, err));
    if (version < 1 || version > 3)
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "version %d of the HDF5 fill value message is not supported",
                           version);
    if (version == 3) {
        CRN_TRY(crn_bytes_u8(&in, &flags, err));
        defined = (flags & V3_DEFINED) != 0;
    } else {
        CRN_TRY(crn_h5_skip(&in, 2, err)); /* when to allocate and to write it */
        CRN_TRY(crn_bytes_u8(&in, &defined, err));
    }
    if (version > 1 && defined == 0)
        return CRN_OK;
    CRN_TRY(crn_bytes_u32(&in, &size, err));
    return crn_h5_slice(&in, size <= INT32_MAX ? size : 0, out, err);
}

crn_status crn_h5_fill(const crn_h5_header *header, uint32_t element, uint64_t count,
                       crn_buffer **out, crn_error *err)
{
    crn_bytes value;
    CRN_TRY(read_fill_value(header, &value, err));
    crn_buffer *buffer = crn_buffer_create((size_t)(element * count));
    if (buffer == NULL)
        return crn_no_memory(err);
    uint8_t *to = crn_buffer_data(buffer);
    for (uint64_t i = 0; value.size == element && i < count; i++)
        memcpy(to + i * element, value.data, element);
    *out = buffer;
    return CRN_OK;
}

/* ---- layouts ---- */

/* The elements as they are stored, dense, and who owns them (one reference). */
typedef struct stored_data {
    crn_bytes bytes;
    crn_buffer *owner;
    bool is_ours; /* in a buffer of this dataset alone, which may be changed */
} stored_data;

static crn_status read_contiguous(crn_h5_reader *reader, crn_bytes in,
                                  const crn_h5_header *header, const crn_h5_type *type,
                                  uint64_t size, stored_data *out, crn_error *err)
{
    uint64_t address, stored;
    CRN_TRY(crn_h5_offset(reader, &in, &address, err));
    CRN_TRY(crn_h5_length(reader, &in, &stored, err));
    if (address == CRN_H5_UNDEFINED || size == 0) {
        CRN_TRY(crn_h5_unpack(reader, 0, size, err));
        CRN_TRY(crn_h5_fill(header, type->size, size / type->size, &out->owner, err));
        out->bytes = crn_bytes_of(crn_buffer_data(out->owner), (size_t)size);
        out->is_ours = true;
        return CRN_OK;
    }
    if (stored < size)
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "an HDF5 dataset of %" PRIu64 " bytes is stored in %" PRIu64, size,
                           stored);
    CRN_TRY(crn_h5_at(reader, address, size, &out->bytes, err));
    out->owner = crn_buffer_retain(reader->file);
    return CRN_OK;
}

static crn_status read_compact(crn_h5_reader *reader, crn_bytes in, uint64_t size,
                               stored_data *out, crn_error *err)
{
    uint16_t stored;
    CRN_TRY(crn_bytes_u16(&in, &stored, err));
    if (stored < size)
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "an HDF5 dataset of %" PRIu64 " bytes is stored in %d", size,
                           stored);
    CRN_TRY(crn_h5_slice(&in, size, &out->bytes, err));
    out->owner = crn_buffer_retain(reader->file);
    return CRN_OK;
}

static crn_status read_layout(crn_h5_reader *reader, const crn_h5_header *header,
                              const crn_h5_type *type, const crn_h5_space *space,
                              stored_data *out, crn_error *err)
{
    crn_bytes in = crn_h5_message_find(header, CRN_H5_LAYOUT)->body;
    uint8_t version, class;
    uint64_t size;
    CRN_TRY(crn_h5_value_size(type, space, &size, err));
    CRN_TRY(crn_bytes_u8(&in, &version, err));
    CRN_TRY(crn_bytes_u8(&in, &class, err));
    if (version < 3 || version > 5) /* 5 (HDF5 2.0) is 4 with wider sizes in chunk indexes */
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "version %d of the HDF5 layout message is not supported", version);
    switch (class) {
    case LAYOUT_COMPACT:
        return read_compact(reader, in, size, out, err);
    case LAYOUT_CONTIGUOUS:
        return read_contiguous(reader, in, header, type, size, out, err);
    case LAYOUT_CHUNKED:
        CRN_TRY(
            crn_h5_chunked_read(reader, in, version, header, type, space, &out->owner, err));
        out->bytes = crn_bytes_of(crn_buffer_data(out->owner), (size_t)size);
        out->is_ours = true;
        return CRN_OK;
    default:
        return crn_fail_at(err, CRN_FORMAT, in.base, "HDF5 layout class %d does not exist",
                           class);
    }
}

/* ---- from bytes to arrays ---- */

/* A copy of its own where the bytes are not aligned for their type or not in our byte order. */
static crn_status own_copy(crn_h5_reader *reader, stored_data *data, crn_error *err)
{
    CRN_TRY(crn_h5_charge(reader, data->bytes.size, err));
    crn_buffer *copy = crn_buffer_create(data->bytes.size);
    if (copy == NULL)
        return crn_no_memory(err);
    if (data->bytes.size > 0)
        memcpy(crn_buffer_data(copy), data->bytes.data, data->bytes.size);
    crn_buffer_release(data->owner);
    data->owner = copy;
    data->bytes = crn_bytes_of(crn_buffer_data(copy), data->bytes.size);
    data->is_ours = true;
    return CRN_OK;
}

static crn_status make_array(crn_h5_reader *reader, const crn_h5_type *type,
                             const crn_h5_space *space, stored_data *data, crn_array *out,
                             crn_error *err)
{
    bool aligned = (uintptr_t)data->bytes.data % type->size == 0;
    if (!data->is_ours && (!aligned || type->swapped))
        CRN_TRY(own_copy(reader, data, err));
    if (type->swapped)
        crn_h5_swap((uint8_t *)data->bytes.data, (size_t)space->count, type->size);
    out->data = (void *)data->bytes.data;
    out->dtype = type->dtype;
    out->itemsize = type->size;
    crn_array_set_shape(out, space->ndim, space->shape);
    out->owner = data->owner;
    data->owner = NULL;
    return CRN_OK;
}

/* Keras writes bfloat16 as 2-byte opaque, and nothing else so; Keras 3 says so in an attribute
 * (keras/src/saving/saving_lib.py, 3.15), Keras 2 does not. */
static crn_status resolve_opaque(const crn_h5_node *node, crn_h5_type *type, crn_error *err)
{
    if (type->kind != CRN_H5_OPAQUE2)
        return CRN_OK;
    const char *dtype = crn_h5_attribute_text(node, "dtype");
    if (dtype != NULL && strcmp(dtype, "bfloat16") != 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "the HDF5 datatype opaque (2 bytes) is not supported for %s", dtype);
    type->kind = CRN_H5_NUMBER;
    type->dtype = CRN_BFLOAT16;
    type->swapped = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    return CRN_OK;
}

static crn_status read_value(crn_h5_reader *reader, const crn_h5_header *header,
                             crn_h5_node *node, crn_error *err)
{
    const crn_h5_message *type_message = crn_h5_message_find(header, CRN_H5_DATATYPE);
    const crn_h5_message *space_message = crn_h5_message_find(header, CRN_H5_DATASPACE);
    if (type_message == NULL || space_message == NULL ||
        crn_h5_message_find(header, CRN_H5_LAYOUT) == NULL)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "it is neither a group nor a dataset (a named datatype)");
    crn_h5_type type;
    crn_h5_space space;
    crn_bytes type_body = type_message->body, space_body = space_message->body;
    CRN_TRY(crn_h5_type_read_message(reader, &type_body,
                                     (type_message->flags & CRN_H5_SHARED) != 0, &type, err));
    if ((space_message->flags & CRN_H5_SHARED) != 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "HDF5 dataspaces shared through a heap are not supported");
    CRN_TRY(crn_h5_space_read(reader, &space_body, &space, err));
    if (space.is_null)
        return crn_fail(err, CRN_UNSUPPORTED, "it is empty (null dataspace)");
    CRN_TRY(resolve_opaque(node, &type, err));

    stored_data data = {0};
    crn_status status = read_layout(reader, header, &type, &space, &data, err);
    if (status == CRN_OK && type.kind == CRN_H5_NUMBER)
        status = make_array(reader, &type, &space, &data, &node->array, err);
    else if (status == CRN_OK)
        status = crn_h5_text_read(reader, &type, &space, data.bytes, &node->text, err);
    crn_buffer_release(data.owner);
    return status;
}

/* Storage outside of this dataset is refused whatever its type: it could name any file of the
 * reader's. */
static crn_status refuse_foreign_storage(const crn_h5_header *header, const crn_h5_node *node,
                                         crn_error *err)
{
    const crn_h5_message *layout = crn_h5_message_find(header, CRN_H5_LAYOUT);
    if (crn_h5_message_find(header, CRN_H5_EXTERNAL_FILES) != NULL)
        return crn_fail_at(
            err, CRN_UNSUPPORTED, node->offset,
            "HDF5 datasets with external storage are not supported: a model file "
            "must hold all of its data");
    if (layout != NULL && layout->body.size >= 2 && layout->body.data[0] >= 3 &&
        layout->body.data[1] == LAYOUT_VIRTUAL)
        return crn_fail_at(
            err, CRN_UNSUPPORTED, node->offset,
            "virtual HDF5 datasets are not supported: a model file must hold all "
            "of its data");
    return CRN_OK;
}

crn_status crn_h5_dataset_read(crn_h5_reader *reader, const crn_h5_header *header,
                               crn_h5_node *node, crn_error *err)
{
    CRN_TRY(refuse_foreign_storage(header, node, err));
    node->is_dataset = true;
    crn_error cause = CRN_ERROR_INIT;
    crn_status status = read_value(reader, header, node, &cause);
    if (status == CRN_UNSUPPORTED) {
        node->text = (crn_h5_attribute){0};
        return crn_h5_refuse(reader, &cause, &node->refused, err);
    }
    if (status != CRN_OK)
        crn_fail_at(err, status, cause.offset, "%s", cause.message);
    return status;
}
