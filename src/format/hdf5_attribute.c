/* SPDX-License-Identifier: BSD-3-Clause */
/* Attributes, in the object header or dense in a fractal heap, and the decoding of text that
 * they share with datasets. HDF5 File Format Specification 3.0, IV.A.2.m and IV.A.2.v. */
#include <inttypes.h>

#include "format/hdf5_reader.h"

/* ---- text ---- */

static size_t trimmed_size(const char *text, size_t size, uint8_t padding)
{
    if (padding == CRN_H5_SPACE_PADDED) {
        while (size > 0 && text[size - 1] == ' ')
            size--;
        return size;
    }
    if (padding == CRN_H5_NULL_TERMINATED)
        return strnlen(text, size);
    while (size > 0 && text[size - 1] == '\0')
        size--;
    return size;
}

/* One element: length, address of a collection, index in it. h5py ends the string at a NUL. */
static crn_status read_variable(crn_h5_reader *reader, crn_bytes *in, crn_bytes *out,
                                crn_error *err)
{
    uint32_t size, index;
    uint64_t collection;
    CRN_TRY(crn_bytes_u32(in, &size, err));
    CRN_TRY(crn_h5_offset(reader, in, &collection, err));
    CRN_TRY(crn_bytes_u32(in, &index, err));
    *out = crn_bytes_of("", 0);
    if (size == 0 || collection == 0 || collection == CRN_H5_UNDEFINED)
        return CRN_OK;
    CRN_TRY(crn_h5_global_heap_object(reader, collection, index, out, err));
    if (size > out->size)
        return crn_fail_at(err, CRN_FORMAT, in->base,
                           "an HDF5 string of %" PRIu32 " bytes is stored in %zu", size,
                           out->size);
    out->size = strnlen((const char *)out->data, size);
    return CRN_OK;
}

crn_status crn_h5_text_read(crn_h5_reader *reader, const crn_h5_type *type,
                            const crn_h5_space *space, crn_bytes data, crn_h5_attribute *out,
                            crn_error *err)
{
    out->is_scalar = space->ndim == 0;
    out->variable = type->kind == CRN_H5_VARIABLE_TEXT;
    out->utf8 = type->utf8;
    if (out->variable && type->size != 8U + reader->offset_size)
        return crn_fail_at(err, CRN_FORMAT, data.base,
                           "HDF5 variable-length strings of %" PRIu32 " bytes", type->size);
    if (space->count > data.size / type->size)
        return crn_fail_at(err, CRN_FORMAT, data.base, "an HDF5 text value ends early");
    CRN_TRY(crn_h5_charge(reader, space->count * type->size, err));
    CRN_TRY(crn_h5_text_room(reader->h5, out, (size_t)space->count, err));
    for (size_t i = 0; i < out->text_count; i++) {
        crn_bytes text;
        if (out->variable)
            CRN_TRY(read_variable(reader, &data, &text, err));
        else
            CRN_TRY(crn_h5_slice(&data, type->size, &text, err));
        size_t size = out->variable
                          ? text.size
                          : trimmed_size((const char *)text.data, text.size, type->padding);
        if (size > reader->limits.text_bytes)
            return crn_fail_at(err, CRN_LIMIT, text.base,
                               "a string of %zu bytes is over the limit text_bytes = %" PRIu64,
                               size, reader->limits.text_bytes);
        CRN_TRY(crn_h5_charge(reader, size, err));
        CRN_TRY(crn_h5_text_put(reader->h5, out, i, (const char *)text.data, size, err));
    }
    return CRN_OK;
}

/* ---- one attribute ---- */

/* The parts of an attribute message, whatever its version. */
typedef struct attribute_parts {
    crn_bytes name, type, space, data;
    bool shared_type, shared_space;
} attribute_parts;

/* Version 1 pads each part to 8 bytes. */
static crn_status take_part(crn_bytes *in, uint64_t size, bool padded, crn_bytes *out,
                            crn_error *err)
{
    CRN_TRY(crn_h5_slice(in, size, out, err));
    return padded ? crn_h5_skip(in, (8 - size % 8) % 8, err) : CRN_OK;
}

static crn_status read_parts(crn_bytes in, attribute_parts *out, crn_error *err)
{
    enum { SHARED_TYPE = 0x01, SHARED_SPACE = 0x02 };
    uint8_t version, flags;
    uint16_t name_size, type_size, space_size;
    CRN_TRY(crn_bytes_u8(&in, &version, err));
    CRN_TRY(crn_bytes_u8(&in, &flags, err));
    CRN_TRY(crn_bytes_u16(&in, &name_size, err));
    CRN_TRY(crn_bytes_u16(&in, &type_size, err));
    CRN_TRY(crn_bytes_u16(&in, &space_size, err));
    if (version < 1 || version > 3)
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "version %d of the HDF5 attribute message is not supported",
                           version);
    if (version == 3)
        CRN_TRY(crn_h5_skip(&in, 1, err)); /* character set of the name */
    out->shared_type = version > 1 && (flags & SHARED_TYPE) != 0;
    out->shared_space = version > 1 && (flags & SHARED_SPACE) != 0;
    CRN_TRY(take_part(&in, name_size, version == 1, &out->name, err));
    CRN_TRY(take_part(&in, type_size, version == 1, &out->type, err));
    CRN_TRY(take_part(&in, space_size, version == 1, &out->space, err));
    return crn_h5_slice(&in, crn_bytes_left(&in), &out->data, err);
}

static crn_status read_numbers(crn_h5_reader *reader, const crn_h5_type *type,
                               const crn_h5_space *space, crn_bytes data, crn_h5_attribute *out,
                               crn_error *err)
{
    uint64_t size;
    CRN_TRY(crn_h5_value_size(type, space, &size, err));
    const uint8_t *bytes = crn_bytes_take(&data, size, err);
    if (bytes == NULL)
        return CRN_FORMAT;
    CRN_TRY(crn_h5_charge(reader, size, err));
    uint8_t *copy = crn_arena_alloc(reader->h5->arena, (size_t)size, 1);
    if (copy == NULL)
        return crn_arena_fail(reader->h5->arena, err);
    memcpy(copy, bytes, (size_t)size);
    if (type->swapped)
        crn_h5_swap(copy, (size_t)space->count, type->size);
    out->array = (crn_array){.data = copy, .dtype = type->dtype, .itemsize = type->size};
    crn_array_set_shape(&out->array, space->ndim, space->shape);
    return CRN_OK;
}

static crn_status read_value(crn_h5_reader *reader, attribute_parts *parts,
                             crn_h5_attribute *out, crn_error *err)
{
    crn_h5_type type;
    crn_h5_space space;
    if (parts->shared_space)
        return crn_fail_at(err, CRN_UNSUPPORTED, parts->space.base,
                           "HDF5 dataspaces shared through a heap are not supported");
    CRN_TRY(crn_h5_type_read_message(reader, &parts->type, parts->shared_type, &type, err));
    CRN_TRY(crn_h5_space_read(reader, &parts->space, &space, err));
    if (space.is_null)
        return crn_fail(err, CRN_UNSUPPORTED, "it is empty (null dataspace)");
    if (type.kind == CRN_H5_OPAQUE2)
        return crn_fail(err, CRN_UNSUPPORTED, "the HDF5 datatype opaque is not supported here");
    if (type.kind == CRN_H5_NUMBER)
        return read_numbers(reader, &type, &space, parts->data, out, err);
    return crn_h5_text_read(reader, &type, &space, parts->data, out, err);
}

static crn_status read_attribute(crn_h5_reader *reader, crn_bytes message, uint8_t flags,
                                 crn_h5_node *node, crn_error *err)
{
    attribute_parts parts;
    if ((flags & CRN_H5_SHARED) != 0)
        return crn_fail_at(err, CRN_UNSUPPORTED, message.base,
                           "HDF5 attributes shared through a heap are not supported");
    CRN_TRY(read_parts(message, &parts, err));
    size_t name_size = strnlen((const char *)parts.name.data, parts.name.size);
    CRN_TRY(crn_h5_charge(reader, name_size, err));

    crn_h5_attribute *attribute;
    const char *name =
        crn_arena_text(reader->h5->arena, (const char *)parts.name.data, name_size);
    if (name == NULL)
        return crn_arena_fail(reader->h5->arena, err);
    CRN_TRY(crn_h5_attribute_add(node, &attribute, err));
    crn_error cause = CRN_ERROR_INIT;
    crn_status status = read_value(reader, &parts, attribute, &cause);
    if (status == CRN_UNSUPPORTED) {
        *attribute = (crn_h5_attribute){0};
        status = crn_h5_refuse(reader, &cause, &attribute->refused, err);
    } else if (status != CRN_OK) {
        crn_fail_at(err, status, cause.offset, "attribute \"%s\": %s", name, cause.message);
    }
    attribute->name = name;
    return status;
}

/* ---- all of an object ---- */

typedef struct dense_attributes {
    crn_h5_reader *reader;
    crn_h5_node *node;
    crn_h5_fractal_heap heap;
} dense_attributes;

static crn_status visit_dense(void *context, crn_bytes record, uint64_t child, crn_error *err)
{
    dense_attributes *dense = context;
    crn_bytes id, message;
    uint8_t flags;
    (void)child;
    CRN_TRY(crn_h5_slice(&record, dense->heap.id_size, &id, err));
    CRN_TRY(crn_bytes_u8(&record, &flags, err));
    if ((flags & CRN_H5_SHARED) == 0)
        CRN_TRY(crn_h5_fractal_heap_object(dense->reader, &dense->heap, id, &message, err));
    else
        message = id;
    return read_attribute(dense->reader, message, flags, dense->node, err);
}

static crn_status read_dense(crn_h5_reader *reader, crn_bytes in, crn_h5_node *node,
                             crn_error *err)
{
    enum { TRACKS_CREATION_ORDER = 0x01, ATTRIBUTE_NAMES = 8 };
    dense_attributes dense = {.reader = reader, .node = node};
    uint8_t version, flags;
    uint64_t heap, btree;
    CRN_TRY(crn_bytes_u8(&in, &version, err));
    CRN_TRY(crn_bytes_u8(&in, &flags, err));
    if (version != 0)
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "version %d of the HDF5 attribute info message is not supported",
                           version);
    if ((flags & TRACKS_CREATION_ORDER) != 0)
        CRN_TRY(crn_h5_skip(&in, 2, err));
    CRN_TRY(crn_h5_offset(reader, &in, &heap, err));
    CRN_TRY(crn_h5_offset(reader, &in, &btree, err));
    if (heap == CRN_H5_UNDEFINED)
        return CRN_OK;
    CRN_TRY(crn_h5_fractal_heap_read(reader, heap, &dense.heap, err));
    return crn_h5_btree2_walk(reader, btree, ATTRIBUTE_NAMES, 9 + (size_t)dense.heap.id_size,
                              visit_dense, &dense, err);
}

crn_status crn_h5_attributes_read(crn_h5_reader *reader, const crn_h5_header *header,
                                  crn_h5_node *node, crn_error *err)
{
    for (size_t i = 0; i < header->count; i++) {
        const crn_h5_message *message = &header->messages[i];
        if (message->type == CRN_H5_ATTRIBUTE)
            CRN_TRY(read_attribute(reader, message->body, message->flags, node, err));
        else if (message->type == CRN_H5_ATTRIBUTE_INFO)
            CRN_TRY(read_dense(reader, message->body, node, err));
    }
    return CRN_OK;
}
