/* SPDX-License-Identifier: BSD-3-Clause */
/* The ground that the HDF5 reader stands on: blocks of the file by address, each checked
 * against the file's end and taken off the budget, and the numbers whose width the file
 * chooses. */
#include <inttypes.h>
#include <stdlib.h>

#include "format/hdf5_reader.h"

crn_status crn_h5_charge(crn_h5_reader *reader, uint64_t bytes, crn_error *err)
{
    if (bytes > reader->budget)
        return crn_fail(err, CRN_FORMAT,
                        "the HDF5 file's structures overlap or form a loop: reading them takes "
                        "more bytes than the file has");
    reader->budget -= bytes;
    return CRN_OK;
}

crn_status crn_h5_at(const crn_h5_reader *reader, uint64_t address, uint64_t size,
                     crn_bytes *out, crn_error *err)
{
    if (address > reader->bytes.size || size > reader->bytes.size - address)
        return crn_fail_at(err, CRN_FORMAT, reader->bytes.base,
                           "the HDF5 file ends early: %" PRIu64 " bytes at address %" PRIu64
                           " are wanted, the file has %zu",
                           size, address, reader->bytes.size);
    *out = crn_bytes_of(reader->bytes.data + address, (size_t)size);
    out->base = reader->bytes.base + address;
    return CRN_OK;
}

crn_status crn_h5_block(crn_h5_reader *reader, uint64_t address, uint64_t size, crn_bytes *out,
                        crn_error *err)
{
    CRN_TRY(crn_h5_at(reader, address, size, out, err));
    return crn_h5_charge(reader, size, err);
}

crn_status crn_h5_structure(crn_h5_reader *reader, uint64_t address, uint64_t size,
                            const char signature[4], uint8_t version, crn_bytes *out,
                            crn_error *err)
{
    CRN_TRY(crn_h5_block(reader, address, size, out, err));
    const uint8_t *start = crn_bytes_take(out, 4, err);
    uint8_t found;
    if (start == NULL)
        return CRN_FORMAT;
    if (memcmp(start, signature, 4) != 0)
        return crn_fail_at(err, CRN_FORMAT, out->base, "no HDF5 %.4s structure here",
                           signature);
    CRN_TRY(crn_bytes_u8(out, &found, err));
    if (found != version)
        return crn_fail_at(err, CRN_UNSUPPORTED, out->base,
                           "version %d of the HDF5 %.4s structure is not supported", found,
                           signature);
    return CRN_OK;
}

crn_status crn_h5_checked(crn_h5_reader *reader, uint64_t address, uint64_t size,
                          const char signature[4], uint8_t version, crn_bytes *out,
                          crn_error *err)
{
    CRN_TRY(crn_h5_structure(reader, address, size, signature, version, out, err));
    if (!crn_h5_checksum_holds(out->data, out->size))
        return crn_fail_at(err, CRN_FORMAT, out->base,
                           "the checksum of the HDF5 %.4s structure does not hold", signature);
    out->size -= 4;
    return CRN_OK;
}

crn_status crn_h5_number(crn_bytes *in, unsigned size, uint64_t *out, crn_error *err)
{
    if (size == 0 || size > 8)
        return crn_fail_at(err, CRN_FORMAT, crn_bytes_offset(in),
                           "a number of %u bytes in HDF5", size);
    const uint8_t *bytes = crn_bytes_take(in, size, err);
    if (bytes == NULL)
        return CRN_FORMAT;
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    *out = value;
    return CRN_OK;
}

crn_status crn_h5_offset(const crn_h5_reader *reader, crn_bytes *in, uint64_t *out,
                         crn_error *err)
{
    CRN_TRY(crn_h5_number(in, reader->offset_size, out, err));
    unsigned bits = 8U * reader->offset_size;
    if (bits < 64 && *out == (UINT64_C(1) << bits) - 1)
        *out = CRN_H5_UNDEFINED;
    return CRN_OK;
}

crn_status crn_h5_length(const crn_h5_reader *reader, crn_bytes *in, uint64_t *out,
                         crn_error *err)
{
    return crn_h5_number(in, reader->length_size, out, err);
}

crn_status crn_h5_skip(crn_bytes *in, uint64_t size, crn_error *err)
{
    return crn_bytes_take(in, size, err) != NULL ? CRN_OK : CRN_FORMAT;
}

crn_status crn_h5_slice(crn_bytes *in, uint64_t size, crn_bytes *out, crn_error *err)
{
    uint64_t base = crn_bytes_offset(in);
    const uint8_t *bytes = crn_bytes_take(in, size, err);
    if (bytes == NULL)
        return CRN_FORMAT;
    *out = crn_bytes_of(bytes, (size_t)size);
    out->base = base;
    return CRN_OK;
}

unsigned crn_h5_log2(uint64_t value)
{
    return value == 0 ? 0 : 63U - (unsigned)__builtin_clzll(value);
}

void crn_h5_swap(uint8_t *bytes, size_t count, size_t size)
{
    for (uint8_t *at = bytes; count > 0; count--, at += size)
        for (size_t i = 0; i < size / 2; i++) {
            uint8_t low = at[i];
            at[i] = at[size - 1 - i];
            at[size - 1 - i] = low;
        }
}

crn_status crn_h5_refuse(crn_h5_reader *reader, const crn_error *cause, const char **reason,
                         crn_error *err)
{
    *reason = crn_arena_text(reader->h5->arena, cause->message, strlen(cause->message));
    return *reason != NULL ? CRN_OK : crn_arena_fail(reader->h5->arena, err);
}

/* ---- addresses to values ---- */

/* The slot of an address, or the free one where it would go. */
static size_t find_slot(const crn_h5_map *map, uint64_t address)
{
    size_t i = (size_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (map->capacity - 1);
    while (map->slots[i].value != NULL && map->slots[i].address != address)
        i = (i + 1) & (map->capacity - 1);
    return i;
}

void *crn_h5_map_get(const crn_h5_map *map, uint64_t address)
{
    return map->capacity == 0 ? NULL : map->slots[find_slot(map, address)].value;
}

static crn_status widen(crn_h5_map *map, crn_error *err)
{
    crn_h5_map wider = {.count = map->count,
                        .capacity = map->capacity == 0 ? 64 : map->capacity * 2};
    wider.slots = crn_calloc(wider.capacity, sizeof *wider.slots);
    if (wider.slots == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].value != NULL)
            wider.slots[find_slot(&wider, map->slots[i].address)] = map->slots[i];
    free(map->slots);
    *map = wider;
    return CRN_OK;
}

crn_status crn_h5_map_put(crn_h5_map *map, uint64_t address, void *value, crn_error *err)
{
    if (map->count >= map->capacity / 2)
        CRN_TRY(widen(map, err));
    map->slots[find_slot(map, address)] = (crn_h5_map_slot){address, value};
    map->count++;
    return CRN_OK;
}
