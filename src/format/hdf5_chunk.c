/* SPDX-License-Identifier: BSD-3-Clause */
/* Chunked datasets: the layout message, and the chunks unpacked into one dense array. The
 * indexes that list the chunks are in hdf5_chunk_index.c. HDF5 File Format Specification 3.0,
 * IV.A.2.i. */
#include <stdlib.h>

#include "format/hdf5_reader.h"

crn_status crn_h5_chunks_add(crn_h5_reader *reader, crn_h5_chunks *chunks, crn_h5_chunk chunk,
                             crn_error *err)
{
    bool whole = true;
    for (int32_t i = 0; i < chunks->space->ndim; i++) {
        uint64_t length = (uint64_t)chunks->space->shape[i], origin = chunk.origin[i];
        if (origin % chunks->shape[i] != 0)
            return crn_fail(err, CRN_FORMAT,
                            "an HDF5 chunk does not lie on the grid of chunks");
        if (origin >= length)
            return CRN_OK;
        whole = whole && length - origin >= chunks->shape[i];
    }
    if (!whole && chunks->whole_only)
        chunk.mask = UINT32_MAX;
    CRN_TRY(crn_h5_charge(reader, chunk.size, err));
    CRN_TRY(crn_grow((void **)&chunks->at, &chunks->capacity, chunks->count, sizeof *chunks->at,
                     err));
    chunks->at[chunks->count++] = chunk;
    chunks->stored += chunk.size; /* the budget bounds the sum */
    return CRN_OK;
}

/* ---- layout message ---- */

/* The chunk's shape; the last number is the size of an element. */
static crn_status read_chunk_shape(crn_bytes *in, uint8_t axes, unsigned width,
                                   crn_h5_chunks *chunks, crn_error *err)
{
    if (chunks->space->ndim == 0 || axes != chunks->space->ndim + 1)
        return crn_fail_at(err, CRN_FORMAT, in->base,
                           "HDF5 chunks of %d axes in a dataset of %d axes", axes - 1,
                           chunks->space->ndim);
    const uint64_t most_bytes =
        SIZE_MAX / 8; /* the scratch of filters is three times as large */
    uint64_t element;
    chunks->bytes = chunks->element;
    for (int32_t i = 0; i < chunks->space->ndim; i++) {
        CRN_TRY(crn_h5_number(in, width, &chunks->shape[i], err));
        if (chunks->shape[i] == 0 ||
            __builtin_mul_overflow(chunks->bytes, chunks->shape[i], &chunks->bytes) ||
            chunks->bytes > most_bytes)
            return crn_fail_at(err, CRN_FORMAT, in->base, "HDF5 chunks of impossible measures");
    }
    CRN_TRY(crn_h5_number(in, width, &element, err));
    if (element != chunks->element)
        return crn_fail_at(err, CRN_FORMAT, in->base,
                           "HDF5 chunks have elements of another size than their dataset");
    return CRN_OK;
}

static crn_status read_layout_v3(crn_h5_reader *reader, crn_bytes in, crn_h5_chunks *chunks,
                                 crn_error *err)
{
    uint8_t axes;
    uint64_t address;
    CRN_TRY(crn_bytes_u8(&in, &axes, err));
    CRN_TRY(crn_h5_offset(reader, &in, &address, err));
    CRN_TRY(read_chunk_shape(&in, axes, 4, chunks, err));
    if (address == CRN_H5_UNDEFINED)
        return CRN_OK;
    return crn_h5_chunks_in_btree1(reader, address, chunks, err);
}

/* The whole dataset as one chunk, which the message itself describes. */
static crn_status read_single(crn_h5_reader *reader, crn_bytes in, uint8_t flags,
                              crn_h5_chunks *chunks, crn_error *err)
{
    enum { SINGLE_IS_FILTERED = 0x02 };
    crn_h5_chunk chunk = {.size = chunks->bytes};
    if ((flags & SINGLE_IS_FILTERED) != 0) {
        CRN_TRY(crn_h5_length(reader, &in, &chunk.size, err));
        CRN_TRY(crn_bytes_u32(&in, &chunk.mask, err));
    }
    CRN_TRY(crn_h5_offset(reader, &in, &chunk.address, err));
    if (chunk.address == CRN_H5_UNDEFINED)
        return CRN_OK;
    return crn_h5_chunks_add(reader, chunks, chunk, err);
}

static crn_status read_layout_v4(crn_h5_reader *reader, crn_bytes in, crn_h5_chunks *chunks,
                                 crn_error *err)
{
    enum { WHOLE_ONLY = 0x01 };
    enum { SINGLE = 1, LAST_INDEX = 5 };
    static const struct {
        crn_h5_chunk_index read;
        uint8_t parameters; /* bytes that repeat what the index's own header says */
    } indexes[LAST_INDEX + 1] = {[2] = {crn_h5_chunks_implicit, 0},
                                 [3] = {crn_h5_chunks_in_fixed_array, 1},
                                 [4] = {crn_h5_chunks_in_extensible_array, 5},
                                 [5] = {crn_h5_chunks_in_btree2, 6}};
    uint8_t flags, axes, width, index;
    uint64_t address;
    CRN_TRY(crn_bytes_u8(&in, &flags, err));
    CRN_TRY(crn_bytes_u8(&in, &axes, err));
    CRN_TRY(crn_bytes_u8(&in, &width, err));
    CRN_TRY(read_chunk_shape(&in, axes, width, chunks, err));
    chunks->whole_only = (flags & WHOLE_ONLY) != 0;
    CRN_TRY(crn_bytes_u8(&in, &index, err));
    if (index == SINGLE)
        return read_single(reader, in, flags, chunks, err);
    if (index > LAST_INDEX || indexes[index].read == NULL)
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "HDF5 chunk index %d is not supported", index);
    CRN_TRY(crn_h5_skip(&in, indexes[index].parameters, err));
    CRN_TRY(crn_h5_offset(reader, &in, &address, err));
    if (address == CRN_H5_UNDEFINED)
        return CRN_OK;
    return indexes[index].read(reader, address, chunks, err);
}

/* ---- unpacking ---- */

/* Copies the part of a chunk that lies in the dataset, row by row along the last axis. */
static void place_chunk(const crn_h5_chunks *chunks, const crn_h5_chunk *chunk,
                        const uint8_t *from, uint8_t *to)
{
    const int32_t last = chunks->space->ndim - 1;
    uint64_t at[CRN_MAX_NDIM] = {0}, extent[CRN_MAX_NDIM];
    for (int32_t i = 0; i <= last; i++) {
        uint64_t left = (uint64_t)chunks->space->shape[i] - chunk->origin[i];
        extent[i] = left < chunks->shape[i] ? left : chunks->shape[i];
    }
    for (;;) {
        uint64_t source = 0, target = 0;
        for (int32_t i = 0; i <= last; i++) {
            source = source * chunks->shape[i] + at[i];
            target = target * (uint64_t)chunks->space->shape[i] + chunk->origin[i] + at[i];
        }
        memcpy(to + target * chunks->element, from + source * chunks->element,
               (size_t)(extent[last] * chunks->element));
        int32_t axis = last - 1;
        while (axis >= 0 && ++at[axis] == extent[axis])
            at[axis--] = 0;
        if (axis < 0)
            return;
    }
}

static crn_status unpack_chunks(crn_h5_reader *reader, const crn_h5_chunks *chunks,
                                const crn_h5_pipeline *pipeline, uint8_t *to, crn_error *err)
{
    const size_t size = (size_t)chunks->bytes;
    crn_status status = CRN_OK;
    /* One chunk unpacked, and the two halves of the filters' scratch. */
    uint8_t *memory = chunks->filtered ? malloc(3 * size + 8 * CRN_H5_MAX_FILTERS) : NULL;
    if (chunks->filtered && memory == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < chunks->count && status == CRN_OK; i++) {
        const crn_h5_chunk *chunk = &chunks->at[i];
        crn_bytes stored;
        CRN_TRY_OR_DONE(crn_h5_at(reader, chunk->address, chunk->size, &stored, err));
        if (!chunks->filtered && stored.size != size)
            CRN_TRY_OR_DONE(crn_fail_at(err, CRN_FORMAT, stored.base,
                                        "an HDF5 chunk has %zu bytes where %zu are expected",
                                        stored.size, size));
        if (chunks->filtered)
            CRN_TRY_OR_DONE(crn_h5_pipeline_undo(pipeline, chunk->mask, chunks->element, stored,
                                                 memory + size, memory, size, err));
        place_chunk(chunks, chunk, chunks->filtered ? memory : stored.data, to);
    }
done:
    free(memory);
    return status;
}

crn_status crn_h5_chunked_read(crn_h5_reader *reader, crn_bytes layout, uint8_t version,
                               const crn_h5_header *header, const crn_h5_type *type,
                               const crn_h5_space *space, crn_buffer **out, crn_error *err)
{
    crn_h5_pipeline pipeline = {0};
    const crn_h5_message *filters = crn_h5_message_find(header, CRN_H5_FILTERS);
    if (filters != NULL) {
        crn_bytes body = filters->body;
        CRN_TRY(crn_h5_pipeline_read(&body, &pipeline, err));
    }
    crn_h5_chunks chunks = {
        .space = space, .element = type->size, .filtered = pipeline.count > 0};
    crn_buffer *buffer = NULL;
    crn_status status;
    uint64_t size, unpacked;
    CRN_TRY(crn_h5_value_size(type, space, &size, err));
    if (version == 3)
        CRN_TRY_OR_DONE(read_layout_v3(reader, layout, &chunks, err));
    else
        CRN_TRY_OR_DONE(read_layout_v4(reader, layout, &chunks, err));

    /* A chunk may be larger than the dataset, which can grow into it. */
    unpacked = chunks.count > 0 && chunks.bytes > size ? chunks.bytes : size;
    CRN_TRY_OR_DONE(crn_h5_unpack(reader, chunks.stored, unpacked, err));
    CRN_TRY_OR_DONE(crn_h5_fill(header, type->size, space->count, &buffer, err));
    CRN_TRY_OR_DONE(unpack_chunks(reader, &chunks, &pipeline, crn_buffer_data(buffer), err));
done:
    free(chunks.at);
    if (status == CRN_OK)
        *out = buffer;
    else
        crn_buffer_release(buffer);
    return status;
}
