/* SPDX-License-Identifier: BSD-3-Clause */
/* Datatype and dataspace messages: what one element is, and how many there are. HDF5 File
 * Format Specification 3.0, IV.A.2.b and IV.A.2.d; the choice of types is what h5py stores
 * NumPy arrays as. */
#include <inttypes.h>

#include "format/hdf5_reader.h"

enum { MACHINE_IS_BIG_ENDIAN = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ };

enum {
    CLASS_FIXED_POINT = 0,
    CLASS_FLOATING_POINT = 1,
    CLASS_STRING = 3,
    CLASS_OPAQUE = 5,
    CLASS_ENUMERATION = 8,
    CLASS_VARIABLE_LENGTH = 9,
    CLASS_COUNT = 12
};

/* The fields that every class has; `bits` are the class's own flags. */
typedef struct type_head {
    uint8_t class, version;
    uint32_t bits, size;
} type_head;

static crn_status read_head(crn_bytes *in, type_head *out, crn_error *err)
{
    uint8_t first;
    uint64_t bits;
    CRN_TRY(crn_bytes_u8(in, &first, err));
    CRN_TRY(crn_h5_number(in, 3, &bits, err));
    CRN_TRY(crn_bytes_u32(in, &out->size, err));
    out->class = first & 0x0f;
    out->version = first >> 4;
    out->bits = (uint32_t)bits;
    if (out->version < 1 || out->version > 5)
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "version %d of the HDF5 datatype message is not supported",
                           out->version);
    if (out->size == 0)
        return crn_fail_at(err, CRN_FORMAT, in->base, "an HDF5 datatype of size 0");
    return CRN_OK;
}

static crn_status read_fixed_point(crn_bytes *in, const type_head *head, crn_h5_type *out,
                                   crn_error *err)
{
    enum { BIG_ENDIAN_BIT = 0x01, SIGNED_BIT = 0x08 };
    uint16_t bit_offset, precision;
    CRN_TRY(crn_bytes_u16(in, &bit_offset, err));
    CRN_TRY(crn_bytes_u16(in, &precision, err));
    char kind = (head->bits & SIGNED_BIT) != 0 ? 'i' : 'u';
    if (bit_offset != 0 || precision != 8 * head->size || head->size > 8 ||
        !crn_dtype_from_kind(kind, head->size, &out->dtype))
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "HDF5 integers of %u bits in %" PRIu32 " bytes are not supported",
                           precision, head->size);
    out->kind = CRN_H5_NUMBER;
    out->swapped = ((head->bits & BIG_ENDIAN_BIT) != 0) != (bool)MACHINE_IS_BIG_ENDIAN;
    return CRN_OK;
}

/* Where a floating-point type keeps its parts. The sign is the highest bit, the mantissa the
 * lowest. */
typedef struct float_layout {
    crn_dtype dtype;
    uint8_t bytes, exponent_bits, mantissa_bits;
    uint32_t bias;
} float_layout;

static const float_layout float_layouts[] = {
    {CRN_FLOAT16, 2, 5, 10, 15},
    {CRN_BFLOAT16, 2, 8, 7, 127},
    {CRN_FLOAT32, 4, 8, 23, 127},
    {CRN_FLOAT64, 8, 11, 52, 1023},
};

static crn_status read_floating_point(crn_bytes *in, const type_head *head, crn_h5_type *out,
                                      crn_error *err)
{
    enum { BIG_ENDIAN_BIT = 0x01, VAX_BIT = 0x40, NORMALIZATION = 0x30, IMPLIED_ONE = 0x20 };
    uint16_t bit_offset, precision;
    CRN_TRY(crn_bytes_u16(in, &bit_offset, err));
    CRN_TRY(crn_bytes_u16(in, &precision, err));
    const uint8_t *parts = crn_bytes_take(in, 4, err);
    uint32_t bias;
    if (parts == NULL)
        return CRN_FORMAT;
    CRN_TRY(crn_bytes_u32(in, &bias, err));

    const uint8_t exponent_at = parts[0], exponent_bits = parts[1];
    const uint8_t mantissa_at = parts[2], mantissa_bits = parts[3];
    for (size_t i = 0; i < sizeof float_layouts / sizeof float_layouts[0]; i++) {
        const float_layout *layout = &float_layouts[i];
        uint32_t sign_at = head->bits >> 8 & 0xff;
        if (head->size == layout->bytes && bit_offset == 0 && precision == 8U * layout->bytes &&
            exponent_bits == layout->exponent_bits && mantissa_bits == layout->mantissa_bits &&
            exponent_at == mantissa_bits && mantissa_at == 0 && bias == layout->bias &&
            sign_at == precision - 1U && (head->bits & VAX_BIT) == 0 &&
            (head->bits & NORMALIZATION) == IMPLIED_ONE) {
            out->kind = CRN_H5_NUMBER;
            out->dtype = layout->dtype;
            out->swapped = ((head->bits & BIG_ENDIAN_BIT) != 0) != (bool)MACHINE_IS_BIG_ENDIAN;
            return CRN_OK;
        }
    }
    return crn_fail_at(
        err, CRN_UNSUPPORTED, in->base,
        "HDF5 floating-point numbers of %u bits (exponent %d, mantissa %d) are not "
        "supported",
        precision, exponent_bits, mantissa_bits);
}

/* h5py stores NumPy's bool as an enumeration of int8: FALSE = 0, TRUE = 1. */
static crn_status read_enumeration(crn_bytes *in, const type_head *head, crn_h5_type *out,
                                   crn_error *err)
{
    static const char padded[] = "FALSE\0\0\0TRUE\0\0\0\0\0\1";
    static const char tight[] = "FALSE\0TRUE\0\0\1";
    type_head base;
    crn_h5_type base_type = {0};
    CRN_TRY(read_head(in, &base, err));
    if (base.class == CLASS_FIXED_POINT && base.size == 1 && head->size == 1 &&
        (head->bits & 0xffff) == 2) {
        CRN_TRY(read_fixed_point(in, &base, &base_type, err));
        const char *wanted = head->version < 3 ? padded : tight;
        size_t size = head->version < 3 ? sizeof padded - 1 : sizeof tight - 1;
        if (crn_bytes_left(in) >= size && memcmp(in->data + in->position, wanted, size) == 0) {
            out->kind = CRN_H5_NUMBER;
            out->dtype = CRN_BOOL;
            return CRN_OK;
        }
    }
    return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                       "HDF5 enumerations other than h5py's bool are not supported");
}

static crn_status read_string(const crn_bytes *in, const type_head *head, crn_h5_type *out,
                              crn_error *err)
{
    out->kind = CRN_H5_FIXED_TEXT;
    out->padding = head->bits & 0x0f;
    out->utf8 = (head->bits >> 4 & 0x0f) == 1;
    if (out->padding > CRN_H5_SPACE_PADDED)
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "HDF5 string padding %d is not supported", out->padding);
    return CRN_OK;
}

static crn_status read_variable_length(const crn_bytes *in, const type_head *head,
                                       crn_h5_type *out, crn_error *err)
{
    if ((head->bits & 0x0f) != 1)
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "HDF5 variable-length sequences are not supported, only strings");
    out->kind = CRN_H5_VARIABLE_TEXT;
    out->utf8 = (head->bits >> 8 & 0x0f) == 1;
    return CRN_OK;
}

static crn_status read_other(const crn_bytes *in, const type_head *head, crn_h5_type *out,
                             crn_error *err)
{
    static const char *const names[CLASS_COUNT] = {
        "fixed-point", "floating-point",  "time",     "string",
        "bitfield",    "opaque",          "compound", "reference",
        "enumeration", "variable-length", "array",    "complex"};
    if (head->class == CLASS_OPAQUE && head->size == 2) {
        out->kind = CRN_H5_OPAQUE2;
        return CRN_OK;
    }
    if (head->class >= CLASS_COUNT)
        return crn_fail_at(err, CRN_FORMAT, in->base, "HDF5 datatype class %d does not exist",
                           head->class);
    return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                       "the HDF5 datatype %s (%" PRIu32 " bytes) is not supported",
                       names[head->class], head->size);
}

crn_status crn_h5_type_read(crn_bytes *in, crn_h5_type *out, crn_error *err)
{
    type_head head;
    CRN_TRY(read_head(in, &head, err));
    *out = (crn_h5_type){.size = head.size};
    switch (head.class) {
    case CLASS_FIXED_POINT:
        return read_fixed_point(in, &head, out, err);
    case CLASS_FLOATING_POINT:
        return read_floating_point(in, &head, out, err);
    case CLASS_STRING:
        return read_string(in, &head, out, err);
    case CLASS_ENUMERATION:
        return read_enumeration(in, &head, out, err);
    case CLASS_VARIABLE_LENGTH:
        return read_variable_length(in, &head, out, err);
    default:
        return read_other(in, &head, out, err);
    }
}

/* Version 1 and 2 of a shared message: 1 or 2 bytes of version and type, (6 reserved,) an
 * address. Version 3 may also point into a heap of shared messages, which h5py never makes. */
static crn_status read_named_type_address(const crn_h5_reader *reader, crn_bytes *in,
                                          uint64_t *address, crn_error *err)
{
    enum { IN_OBJECT_HEADER = 2 };
    uint8_t version, type;
    CRN_TRY(crn_bytes_u8(in, &version, err));
    CRN_TRY(crn_bytes_u8(in, &type, err));
    if (version < 1 || version > 3 || (version == 3 && type != IN_OBJECT_HEADER))
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "HDF5 messages shared through a heap are not supported");
    if (version == 1)
        CRN_TRY(crn_h5_skip(in, 6, err));
    return crn_h5_offset(reader, in, address, err);
}

crn_status crn_h5_type_read_message(crn_h5_reader *reader, crn_bytes *in, bool shared,
                                    crn_h5_type *out, crn_error *err)
{
    if (!shared)
        return crn_h5_type_read(in, out, err);
    uint64_t address;
    crn_h5_header header = {0};
    CRN_TRY(read_named_type_address(reader, in, &address, err));
    crn_status status = crn_h5_header_read(reader, address, &header, err);
    if (status == CRN_OK) {
        const crn_h5_message *message = crn_h5_message_find(&header, CRN_H5_DATATYPE);
        crn_bytes body = message != NULL ? message->body : (crn_bytes){0};
        if (message == NULL || (message->flags & CRN_H5_SHARED) != 0)
            status = crn_fail_at(err, CRN_FORMAT, in->base,
                                 "the named HDF5 datatype has no datatype message");
        else
            status = crn_h5_type_read(&body, out, err);
    }
    crn_h5_header_free(&header);
    return status;
}

/* ---- shapes ---- */

static crn_status read_shape(const crn_h5_reader *reader, crn_bytes *in, bool has_most,
                             crn_h5_space *out, crn_error *err)
{
    enum { WIDEST_NUMBER = 8 };
    int64_t stride = WIDEST_NUMBER; /* must not overflow even where another axis is 0 */
    out->count = 1;
    for (int32_t i = 0; i < out->ndim; i++) {
        uint64_t length;
        CRN_TRY(crn_h5_length(reader, in, &length, err));
        if (__builtin_mul_overflow(stride, length > 0 ? length : 1, &stride))
            return crn_fail_at(err, CRN_FORMAT, in->base, "an HDF5 dataspace is too large");
        out->count *= length;
        out->shape[i] = (int64_t)length;
        out->most[i] = length;
    }
    for (int32_t i = 0; has_most && i < out->ndim; i++) {
        CRN_TRY(crn_h5_length(reader, in, &out->most[i], err));
        unsigned bits = 8U * reader->length_size;
        if (bits < 64 && out->most[i] == (UINT64_C(1) << bits) - 1)
            out->most[i] = CRN_H5_UNDEFINED;
        if (out->most[i] < (uint64_t)out->shape[i])
            return crn_fail_at(err, CRN_FORMAT, in->base,
                               "an HDF5 dataspace is larger than its maximum");
    }
    return CRN_OK;
}

crn_status crn_h5_space_read(const crn_h5_reader *reader, crn_bytes *in, crn_h5_space *out,
                             crn_error *err)
{
    enum { HAS_MAXIMUM = 0x01, TYPE_NULL = 2 };
    uint8_t version, ndim, flags, type = 0;
    CRN_TRY(crn_bytes_u8(in, &version, err));
    CRN_TRY(crn_bytes_u8(in, &ndim, err));
    CRN_TRY(crn_bytes_u8(in, &flags, err));
    if (version != 1 && version != 2)
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "version %d of the HDF5 dataspace message is not supported",
                           version);
    if (version == 1)
        CRN_TRY(crn_h5_skip(in, 5, err));
    else
        CRN_TRY(crn_bytes_u8(in, &type, err));
    *out = (crn_h5_space){.is_null = type == TYPE_NULL, .ndim = ndim};
    if (ndim > CRN_MAX_NDIM) {
        out->ndim = 0;
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "arrays of %d axes are not supported (at most %d)", ndim,
                           CRN_MAX_NDIM);
    }
    return read_shape(reader, in, (flags & HAS_MAXIMUM) != 0, out, err);
}

crn_status crn_h5_value_size(const crn_h5_type *type, const crn_h5_space *space, uint64_t *out,
                             crn_error *err)
{
    if (__builtin_mul_overflow(space->count, (uint64_t)type->size, out))
        return crn_fail(err, CRN_FORMAT, "an HDF5 value is too large");
    return CRN_OK;
}
