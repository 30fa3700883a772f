/* SPDX-License-Identifier: BSD-3-Clause */
/* The filter pipeline of chunked datasets, undone: deflate, shuffle and fletcher32, which are
 * the ones that h5py builds in and h5repack offers. HDF5 File Format Specification 3.0,
 * IV.A.2.l. */
#include "format/codec.h"
#include "format/hdf5_reader.h"

static const char *filter_name(uint16_t filter)
{
    switch (filter) {
    case 4:
        return "szip";
    case 5:
        return "nbit";
    case 6:
        return "scaleoffset";
    case 32000:
        return "lzf";
    case 32001:
        return "blosc";
    case 32004:
        return "lz4";
    case 32008:
        return "bitshuffle";
    case 32015:
        return "zstd";
    default:
        return "unknown";
    }
}

/* Version 1 always stores a name, padded to 8 bytes, and pads an odd number of values; version
 * 2 stores a name for foreign filters only. */
static crn_status read_filter(crn_bytes *in, uint8_t version, uint16_t *filter, crn_error *err)
{
    enum { FIRST_FOREIGN = 256 };
    uint16_t name_size = 0, flags, values;
    CRN_TRY(crn_bytes_u16(in, filter, err));
    if (version == 1 || *filter >= FIRST_FOREIGN)
        CRN_TRY(crn_bytes_u16(in, &name_size, err));
    CRN_TRY(crn_bytes_u16(in, &flags, err));
    CRN_TRY(crn_bytes_u16(in, &values, err));
    CRN_TRY(crn_h5_skip(in, version == 1 ? (name_size + 7U) / 8 * 8 : name_size, err));
    return crn_h5_skip(in, 4U * (values + (version == 1 ? values % 2U : 0U)), err);
}

crn_status crn_h5_pipeline_read(crn_bytes *in, crn_h5_pipeline *out, crn_error *err)
{
    uint8_t version, count, deflates = 0;
    CRN_TRY(crn_bytes_u8(in, &version, err));
    CRN_TRY(crn_bytes_u8(in, &count, err));
    if (version != 1 && version != 2)
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "version %d of the HDF5 filter message is not supported", version);
    if (version == 1)
        CRN_TRY(crn_h5_skip(in, 6, err));
    *out = (crn_h5_pipeline){.count = count};
    for (unsigned i = 0; i < count; i++) {
        uint16_t filter;
        CRN_TRY(read_filter(in, version, &filter, err));
        if (filter < CRN_H5_DEFLATE || filter > CRN_H5_FLETCHER32)
            return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                               "HDF5 filter %d (%s) is not supported: repack the file with "
                               "h5repack -f GZIP=6",
                               filter, filter_name(filter));
        deflates += filter == CRN_H5_DEFLATE;
        if (i == CRN_H5_MAX_FILTERS || deflates > 1)
            return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                               "HDF5 pipelines of %d filters are not supported", count);
        out->filter[i] = filter;
    }
    return CRN_OK;
}

/* The bytes of a number lie one after the other again; bytes over a whole number of elements
 * stay. */
static void unshuffle(const uint8_t *in, size_t size, size_t element, uint8_t *out)
{
    size_t count = size / element;
    for (size_t byte = 0; byte < element; byte++)
        for (size_t i = 0; i < count; i++)
            out[i * element + byte] = in[byte * count + i];
    memcpy(out + count * element, in + count * element, size - count * element);
}

/* Fletcher's sum of big-endian 16-bit words modulo 65535; an odd last byte is the high one of
 * its word. 360 words are the most whose sums cannot overflow 32 bits. */
static uint32_t fletcher32(const uint8_t *bytes, size_t size)
{
    enum { MOST_WORDS = 360 };
    uint32_t low = 0, high = 0;
    size_t at = 0;
    while (at < size) {
        for (unsigned word = 0; word < MOST_WORDS && at < size; word++, at += 2) {
            low += (uint32_t)bytes[at] << 8 | (at + 1 < size ? bytes[at + 1] : 0U);
            high += low;
        }
        low = (low & 0xffff) + (low >> 16);
        high = (high & 0xffff) + (high >> 16);
    }
    low = (low & 0xffff) + (low >> 16);
    high = (high & 0xffff) + (high >> 16);
    return high << 16 | low;
}

static crn_status check_fletcher32(crn_bytes *data, crn_error *err)
{
    if (data->size < 4)
        return crn_fail_at(err, CRN_FORMAT, data->base, "an HDF5 chunk ends early");
    const uint8_t *end = data->data + data->size - 4;
    uint32_t stored = (uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 |
                      (uint32_t)end[3] << 24;
    data->size -= 4;
    if (stored != fletcher32(data->data, data->size))
        return crn_fail_at(err, CRN_FORMAT, data->base,
                           "the fletcher32 checksum of an HDF5 chunk does not hold");
    return CRN_OK;
}

/* Bytes that filter `last` was given when the chunk was written: each fletcher32 before it
 * added 4. */
static size_t size_before(const crn_h5_pipeline *pipeline, uint32_t mask, unsigned last,
                          size_t size)
{
    for (unsigned i = 0; i < last; i++)
        if ((mask >> i & 1) == 0 && pipeline->filter[i] == CRN_H5_FLETCHER32)
            size += 4;
    return size;
}

crn_status crn_h5_pipeline_undo(const crn_h5_pipeline *pipeline, uint32_t mask,
                                uint32_t element, crn_bytes stored, uint8_t *scratch,
                                uint8_t *out, size_t size, crn_error *err)
{
    const size_t most = size + 4 * CRN_H5_MAX_FILTERS;
    crn_bytes data = stored;
    for (unsigned i = pipeline->count; i-- > 0;) {
        if ((mask >> i & 1) != 0)
            continue;
        const size_t before = size_before(pipeline, mask, i, size);
        if (pipeline->filter[i] == CRN_H5_FLETCHER32) {
            CRN_TRY(check_fletcher32(&data, err));
            continue;
        }
        /* The two halves of the scratch take turns. */
        uint8_t *to = data.data == scratch ? scratch + most : scratch;
        if (pipeline->filter[i] == CRN_H5_DEFLATE) {
            CRN_TRY(crn_inflate_zlib(data.data, data.size, to, before, err));
        } else {
            if (data.size != before)
                return crn_fail_at(err, CRN_FORMAT, data.base,
                                   "an HDF5 chunk has %zu bytes where %zu are expected",
                                   data.size, before);
            unshuffle(data.data, data.size, element, to);
        }
        data = crn_bytes_of(to, before);
        data.base = stored.base;
    }
    if (data.size != size)
        return crn_fail_at(err, CRN_FORMAT, data.base,
                           "an HDF5 chunk has %zu bytes where %zu are expected", data.size,
                           size);
    memcpy(out, data.data, size);
    return CRN_OK;
}
