/* SPDX-License-Identifier: BSD-3-Clause */
/* Object headers, the lists of messages that describe groups and datasets: version 1 (plain)
 * and version 2
 * ("OHDR", with checksums), each with its continuation blocks. HDF5 File Format
 * Specification 3.0, IV.A. */
#include <stdlib.h>

#include "format/hdf5_reader.h"

/* A 16-bit count bounds the messages of a version 1 header; we hold version 2 to the same. */
enum { MOST_MESSAGES = 65535 };

enum { LAST_KNOWN_TYPE = 0x17 }; /* file space info */
enum { FAIL_IF_UNKNOWN = 0x80 };

void crn_h5_header_free(crn_h5_header *header)
{
    free(header->messages);
    *header = (crn_h5_header){0};
}

const crn_h5_message *crn_h5_message_find(const crn_h5_header *header, uint16_t type)
{
    for (size_t i = 0; i < header->count; i++)
        if (header->messages[i].type == type)
            return &header->messages[i];
    return NULL;
}

static crn_status add_message(crn_h5_header *header, crn_h5_message message, crn_error *err)
{
    if (header->count == MOST_MESSAGES)
        return crn_fail_at(err, CRN_LIMIT, message.body.base,
                           "an HDF5 object header has over %d messages", MOST_MESSAGES);
    if (message.type > LAST_KNOWN_TYPE && (message.flags & FAIL_IF_UNKNOWN) != 0)
        return crn_fail_at(err, CRN_UNSUPPORTED, message.body.base,
                           "HDF5 header message 0x%x is not supported", message.type);
    CRN_TRY(crn_grow((void **)&header->messages, &header->capacity, header->count,
                     sizeof *header->messages, err));
    header->messages[header->count++] = message;
    return CRN_OK;
}

/* ---- version 1 ---- */

enum { V1_MESSAGE_HEADER = 8 };

static crn_status read_block_v1(crn_bytes block, uint32_t *left, crn_h5_header *out,
                                crn_error *err)
{
    while (*left > 0 && crn_bytes_left(&block) >= V1_MESSAGE_HEADER) {
        crn_h5_message message;
        uint16_t size;
        CRN_TRY(crn_bytes_u16(&block, &message.type, err));
        CRN_TRY(crn_bytes_u16(&block, &size, err));
        CRN_TRY(crn_bytes_u8(&block, &message.flags, err));
        CRN_TRY(crn_h5_skip(&block, 3, err));
        CRN_TRY(crn_h5_slice(&block, size, &message.body, err));
        CRN_TRY(add_message(out, message, err));
        --*left;
    }
    return CRN_OK;
}

/* The next continuation message at or behind *at: where its block is. False when there is none.
 */
static crn_status next_continuation(const crn_h5_reader *reader, const crn_h5_header *header,
                                    size_t *at, uint64_t *address, uint64_t *size, bool *found,
                                    crn_error *err)
{
    *found = false;
    while (*at < header->count && header->messages[*at].type != CRN_H5_CONTINUATION)
        ++*at;
    if (*at == header->count)
        return CRN_OK;
    crn_bytes body = header->messages[(*at)++].body;
    CRN_TRY(crn_h5_offset(reader, &body, address, err));
    CRN_TRY(crn_h5_length(reader, &body, size, err));
    *found = true;
    return CRN_OK;
}

static crn_status read_v1(crn_h5_reader *reader, uint64_t address, crn_h5_header *out,
                          crn_error *err)
{
    enum { PREFIX = 16 }; /* padded to 8 bytes before the messages */
    crn_bytes in;
    uint16_t count;
    uint32_t size;
    CRN_TRY(crn_h5_block(reader, address, PREFIX, &in, err));
    CRN_TRY(crn_h5_skip(&in, 2, err)); /* version, reserved */
    CRN_TRY(crn_bytes_u16(&in, &count, err));
    CRN_TRY(crn_h5_skip(&in, 4, err)); /* reference count */
    CRN_TRY(crn_bytes_u32(&in, &size, err));

    uint32_t left = count;
    uint64_t block_size = size, block = address + PREFIX;
    size_t at = 0;
    bool more = true;
    while (more) {
        CRN_TRY(crn_h5_block(reader, block, block_size, &in, err));
        CRN_TRY(read_block_v1(in, &left, out, err));
        CRN_TRY(next_continuation(reader, out, &at, &block, &block_size, &more, err));
    }
    return CRN_OK;
}

/* ---- version 2 ---- */

enum {
    V2_SIZE_MASK = 0x03,
    V2_CREATION_ORDER = 0x04,
    V2_ATTRIBUTE_PHASE = 0x10,
    V2_TIMES = 0x20
};

static crn_status read_block_v2(crn_bytes block, uint8_t flags, crn_h5_header *out,
                                crn_error *err)
{
    size_t header = (flags & V2_CREATION_ORDER) != 0 ? 6 : 4;
    while (crn_bytes_left(&block) >= header) { /* fewer bytes are a gap */
        crn_h5_message message;
        uint8_t type;
        uint16_t size;
        CRN_TRY(crn_bytes_u8(&block, &type, err));
        CRN_TRY(crn_bytes_u16(&block, &size, err));
        CRN_TRY(crn_bytes_u8(&block, &message.flags, err));
        CRN_TRY(crn_h5_skip(&block, header - 4, err));
        CRN_TRY(crn_h5_slice(&block, size, &message.body, err));
        message.type = type;
        CRN_TRY(add_message(out, message, err));
    }
    return CRN_OK;
}

static crn_status read_v2(crn_h5_reader *reader, uint64_t address, crn_h5_header *out,
                          crn_error *err)
{
    enum { START = 6, CHECKSUM = 4 }; /* signature, version, flags */
    crn_bytes in;
    CRN_TRY(crn_h5_block(reader, address, START, &in, err));
    uint8_t flags = in.data[START - 1];
    uint64_t prefix = START + ((flags & V2_TIMES) != 0 ? 16 : 0) +
                      ((flags & V2_ATTRIBUTE_PHASE) != 0 ? 4 : 0);
    unsigned size_bytes = 1U << (flags & V2_SIZE_MASK);
    CRN_TRY(crn_h5_block(reader, address, prefix + size_bytes, &in, err));
    CRN_TRY(crn_h5_skip(&in, prefix, err));
    uint64_t size;
    CRN_TRY(crn_h5_number(&in, size_bytes, &size, err));
    if (size > reader->bytes.size)
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "an HDF5 object header is larger than the file");

    CRN_TRY(crn_h5_checked(reader, address, prefix + size_bytes + size + CHECKSUM, "OHDR", 2,
                           &in, err));
    CRN_TRY(crn_bytes_seek(&in, prefix + size_bytes, err));
    CRN_TRY(read_block_v2(in, flags, out, err));
    for (size_t at = 0;;) {
        uint64_t block, block_size;
        bool more;
        CRN_TRY(next_continuation(reader, out, &at, &block, &block_size, &more, err));
        if (!more)
            return CRN_OK;
        /* A continuation block has no version byte: only its signature and checksum are
         * checked. */
        CRN_TRY(crn_h5_block(reader, block, block_size, &in, err));
        if (in.size < 4 + CHECKSUM || memcmp(in.data, "OCHK", 4) != 0 ||
            !crn_h5_checksum_holds(in.data, in.size))
            return crn_fail_at(err, CRN_FORMAT, in.base,
                               "no valid HDF5 object header continuation here");
        in.size -= CHECKSUM;
        in.position = 4;
        CRN_TRY(read_block_v2(in, flags, out, err));
    }
}

crn_status crn_h5_header_read(crn_h5_reader *reader, uint64_t address, crn_h5_header *out,
                              crn_error *err)
{
    crn_bytes in;
    CRN_TRY(crn_h5_block(reader, address, 4, &in, err));
    if (memcmp(in.data, "OHDR", 4) == 0)
        return read_v2(reader, address, out, err);
    if (in.data[0] == 1)
        return read_v1(reader, address, out, err);
    return crn_fail_at(err, CRN_FORMAT, in.base, "no HDF5 object header here");
}
