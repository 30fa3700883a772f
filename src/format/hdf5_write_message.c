/* SPDX-License-Identifier: BSD-3-Clause */
/* The messages of object headers: datatypes, dataspaces, attributes, and the values behind
 * them. The versions and flags are those that h5py's files have. HDF5 File Format
 * Specification 3.0, IV.A.2. */
#include "format/hdf5_writer.h"

enum { MOST_MESSAGE = 65528 }; /* 16-bit size, a multiple of 8 */

crn_status crn_h5_add_message(crn_h5_messages *messages, uint16_t type, uint8_t flags,
                              const crn_text *body, crn_error *err)
{
    CRN_TRY(crn_text_status(body, err));
    if (body->size > MOST_MESSAGE)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "object header message is too large (%zu bytes, at most %d)",
                        body->size, MOST_MESSAGE);
    crn_h5_put(&messages->bytes, type, 2);
    crn_h5_put(&messages->bytes, (body->size + 7) / 8 * 8, 2);
    crn_h5_put(&messages->bytes, flags, 4);
    crn_text_add_bytes(&messages->bytes, body->data, body->size);
    crn_h5_put_padding(&messages->bytes);
    messages->count++;
    return CRN_OK;
}

/* ---- datatypes ---- */

/* Class with version 1, class bits, size of an element. */
static void put_head(crn_text *out, uint8_t class_and_version, uint32_t bits, uint32_t size)
{
    crn_h5_put(out, class_and_version, 1);
    crn_h5_put(out, bits, 3);
    crn_h5_put(out, size, 4);
}

static void put_integer_type(crn_text *out, uint32_t size, bool is_signed)
{
    enum { SIGNED_BIT = 0x08 };
    put_head(out, 0x10, is_signed ? SIGNED_BIT : 0, size);
    crn_h5_put(out, 0, 2); /* bit offset */
    crn_h5_put(out, 8 * (uint64_t)size, 2);
}

static void put_float_type(crn_text *out, uint32_t size, uint8_t exponent_bits,
                           uint8_t mantissa_bits, uint32_t bias)
{
    enum { IMPLIED_ONE = 0x20 };
    put_head(out, 0x11, IMPLIED_ONE | (8 * size - 1) << 8, size);
    crn_h5_put(out, 0, 2); /* bit offset */
    crn_h5_put(out, 8 * (uint64_t)size, 2);
    crn_h5_put(out, mantissa_bits, 1); /* where the exponent is */
    crn_h5_put(out, exponent_bits, 1);
    crn_h5_put(out, 0, 1); /* where the mantissa is */
    crn_h5_put(out, mantissa_bits, 1);
    crn_h5_put(out, bias, 4);
}

/* h5py's bool: an enumeration of int8. */
static void put_bool_type(crn_text *out)
{
    static const char members[] = "FALSE\0\0\0TRUE\0\0\0\0\0\1";
    put_head(out, 0x18, 2, 1);
    put_integer_type(out, 1, true);
    crn_text_add_bytes(out, members, sizeof members - 1);
}

void crn_h5_put_array_type(crn_text *out, crn_dtype dtype)
{
    switch (dtype) {
    case CRN_BOOL:
        put_bool_type(out);
        return;
    case CRN_FLOAT16:
        put_float_type(out, 2, 5, 10, 15);
        return;
    case CRN_FLOAT32:
        put_float_type(out, 4, 8, 23, 127);
        return;
    case CRN_FLOAT64:
        put_float_type(out, 8, 11, 52, 1023);
        return;
    case CRN_BFLOAT16:
        put_head(out, 0x15, 0, 2); /* opaque with an empty tag */
        return;
    default:
        put_integer_type(out, (uint32_t)crn_dtype_size(dtype), crn_dtype_kind(dtype) == 'i');
        return;
    }
}

/* Fixed strings are as wide as the longest. */
static size_t text_width(const crn_h5_attribute *text)
{
    size_t width = 1;
    for (size_t i = 0; i < text->text_count; i++)
        width = text->text_size[i] > width ? text->text_size[i] : width;
    return width;
}

void crn_h5_put_text_type(crn_text *out, const crn_h5_attribute *text)
{
    enum { IS_STRING = 1, REFERENCE_SIZE = 16 };
    if (text->variable) {
        put_head(out, 0x19, IS_STRING | (text->utf8 ? 0x100U : 0), REFERENCE_SIZE);
        put_integer_type(out, 1, false);
    } else {
        put_head(out, 0x13, CRN_H5_NULL_PADDED | (text->utf8 ? 0x10U : 0),
                 (uint32_t)text_width(text));
    }
}

/* ---- dataspaces and values ---- */

void crn_h5_put_shape(crn_text *out, int32_t ndim, const int64_t *shape)
{
    enum { VERSION = 1, HAS_MAXIMUM = 1 };
    crn_h5_put(out, VERSION, 1);
    crn_h5_put(out, (uint64_t)ndim, 1);
    crn_h5_put(out, ndim > 0 ? HAS_MAXIMUM : 0, 6);
    for (int pass = 0; pass < 2; pass++) /* the shape, and the same as its maximum */
        for (int32_t i = 0; i < ndim; i++)
            crn_h5_put(out, (uint64_t)shape[i], 8);
}

void crn_h5_put_text_shape(crn_text *out, const crn_h5_attribute *text)
{
    int64_t count = (int64_t)text->text_count;
    crn_h5_put_shape(out, text->is_scalar ? 0 : 1, &count);
}

void crn_h5_put_text(crn_h5_writer *writer, crn_text *out, const crn_h5_attribute *text)
{
    const size_t width = text_width(text);
    for (size_t i = 0; i < text->text_count; i++) {
        if (!text->variable) {
            crn_text_add_bytes(out, text->text[i], text->text_size[i]);
            crn_h5_put_zeros(out, width - text->text_size[i]);
            continue;
        }
        const crn_h5_reference *reference = &writer->references[writer->next_reference++];
        crn_h5_put(out, text->text_size[i], 4);
        crn_h5_put(out, reference->collection, CRN_H5_ADDRESS);
        crn_h5_put(out, reference->index, 4);
    }
}

/* Numbers are stored little-endian. */
void crn_h5_put_array(crn_text *out, const crn_array *array)
{
    const size_t size = (size_t)(crn_array_size(array) * array->itemsize);
    if (size == 0)
        return;
    size_t start = out->size;
    crn_text_add_bytes(out, array->data, size);
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ && out->status == CRN_OK)
        crn_h5_swap((uint8_t *)out->data + start, (size_t)crn_array_size(array),
                    (size_t)array->itemsize);
}

/* ---- attributes ---- */

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

/* Version 1, whose parts are padded; version 3 where the name needs a character set. */
static void put_attribute(crn_text *out, const char *name, const crn_text *type,
                          const crn_text *shape, const crn_text *value)
{
    enum { UTF8 = 1 };
    const bool plain = is_ascii(name);
    crn_h5_put(out, plain ? 1 : 3, 2); /* version; reserved or flags */
    crn_h5_put(out, strlen(name) + 1, 2);
    crn_h5_put(out, type->size, 2);
    crn_h5_put(out, shape->size, 2);
    if (!plain)
        crn_h5_put(out, UTF8, 1);
    crn_text_add_bytes(out, name, strlen(name) + 1);
    for (int i = 0; i < 2; i++) {
        const crn_text *part = i == 0 ? type : shape;
        if (plain)
            crn_h5_put_padding(out);
        crn_text_add_bytes(out, part->data, part->size);
    }
    if (plain)
        crn_h5_put_padding(out);
    if (value->size > 0)
        crn_text_add_bytes(out, value->data, value->size);
}

static crn_status add_attribute(crn_h5_writer *writer, crn_h5_messages *messages,
                                const crn_h5_attribute *attribute, crn_error *err)
{
    if (attribute->refused != NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s", attribute->refused);
    crn_text type = CRN_TEXT_INIT, shape = CRN_TEXT_INIT, value = CRN_TEXT_INIT,
             body = CRN_TEXT_INIT;
    if (attribute->is_text) {
        crn_h5_put_text_type(&type, attribute);
        crn_h5_put_text_shape(&shape, attribute);
        crn_h5_put_text(writer, &value, attribute);
    } else {
        crn_h5_put_array_type(&type, attribute->array.dtype);
        crn_h5_put_shape(&shape, attribute->array.ndim, attribute->array.shape);
        crn_h5_put_array(&value, &attribute->array);
    }
    crn_status status;
    CRN_TRY_OR_DONE(crn_text_status(&type, err));
    CRN_TRY_OR_DONE(crn_text_status(&shape, err));
    CRN_TRY_OR_DONE(crn_text_status(&value, err));
    put_attribute(&body, attribute->name, &type, &shape, &value);
    status = crn_h5_add_message(messages, CRN_H5_ATTRIBUTE, 0, &body, err);
done:
    crn_text_free(&type);
    crn_text_free(&shape);
    crn_text_free(&value);
    crn_text_free(&body);
    return status;
}

crn_status crn_h5_add_attributes(crn_h5_writer *writer, crn_h5_messages *messages,
                                 const crn_h5_node *node, crn_error *err)
{
    for (size_t i = 0; i < node->attribute_count; i++) {
        const crn_h5_attribute *attribute = &node->attributes[i];
        crn_error cause = CRN_ERROR_INIT;
        crn_status status = add_attribute(writer, messages, attribute, &cause);
        if (status != CRN_OK)
            return crn_fail(err, status, "attribute \"%s\": %s", attribute->name,
                            cause.message);
    }
    return CRN_OK;
}
