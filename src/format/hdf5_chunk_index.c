/* SPDX-License-Identifier: BSD-3-Clause */
/* How HDF5 finds chunks: B-trees of version 1 and 2, no index at all (implicit), fixed arrays
 * and extensible arrays. HDF5 File Format Specification 3.0, III.A, VII.A to VII.D. Arrays
 * number the grid of chunks over the dataset's maximum shape; an unlimited axis is the slowest
 * whatever its place. */
#include <inttypes.h>

#include "format/hdf5_reader.h"

/* ---- B-trees ---- */

typedef struct chunk_walk {
    crn_h5_reader *reader;
    crn_h5_chunks *chunks;
} chunk_walk;

/* Key: stored size, filter mask, first element along each axis and, always 0, inside an
 * element. */
static crn_status visit_btree1(void *context, crn_bytes key, uint64_t child, crn_error *err)
{
    chunk_walk *walk = context;
    crn_h5_chunk chunk = {.address = child};
    uint32_t size;
    CRN_TRY(crn_bytes_u32(&key, &size, err));
    CRN_TRY(crn_bytes_u32(&key, &chunk.mask, err));
    chunk.size = size;
    for (int32_t i = 0; i < walk->chunks->space->ndim; i++)
        CRN_TRY(crn_bytes_u64(&key, &chunk.origin[i], err));
    return crn_h5_chunks_add(walk->reader, walk->chunks, chunk, err);
}

crn_status crn_h5_chunks_in_btree1(crn_h5_reader *reader, uint64_t address,
                                   crn_h5_chunks *chunks, crn_error *err)
{
    enum { CHUNK_NODES = 1 };
    chunk_walk walk = {reader, chunks};
    size_t key_size = 8 + 8 * ((size_t)chunks->space->ndim + 1);
    return crn_h5_btree1_walk(reader, address, CHUNK_NODES, key_size, visit_btree1, &walk, err);
}

/* What arrays and filtered B-tree records say of a chunk: address and, with filters, stored
 * size and mask. The width of the stored size is what is left of the record's. */
static crn_status read_element(const crn_h5_reader *reader, const crn_h5_chunks *chunks,
                               crn_bytes *in, size_t size, crn_h5_chunk *out, crn_error *err)
{
    *out = (crn_h5_chunk){.size = chunks->bytes};
    CRN_TRY(crn_h5_offset(reader, in, &out->address, err));
    if (!chunks->filtered)
        return CRN_OK;
    if (size < reader->offset_size + 5U)
        return crn_fail_at(err, CRN_FORMAT, in->base, "an HDF5 chunk record of %zu bytes",
                           size);
    CRN_TRY(crn_h5_number(in, (unsigned)(size - reader->offset_size - 4), &out->size, err));
    return crn_bytes_u32(in, &out->mask, err);
}

static crn_status visit_btree2(void *context, crn_bytes record, uint64_t child, crn_error *err)
{
    chunk_walk *walk = context;
    const crn_h5_chunks *chunks = walk->chunks;
    const size_t scaled = 8 * (size_t)chunks->space->ndim;
    crn_h5_chunk chunk;
    (void)child;
    if (record.size < scaled)
        return crn_fail_at(err, CRN_FORMAT, record.base, "an HDF5 chunk record of %zu bytes",
                           record.size);
    CRN_TRY(read_element(walk->reader, chunks, &record, record.size - scaled, &chunk, err));
    for (int32_t i = 0; i < chunks->space->ndim; i++) {
        uint64_t index;
        CRN_TRY(crn_bytes_u64(&record, &index, err));
        if (__builtin_mul_overflow(index, chunks->shape[i], &chunk.origin[i]))
            return crn_fail_at(err, CRN_FORMAT, record.base,
                               "an HDF5 chunk is out of all bounds");
    }
    return crn_h5_chunks_add(walk->reader, walk->chunks, chunk, err);
}

crn_status crn_h5_chunks_in_btree2(crn_h5_reader *reader, uint64_t address,
                                   crn_h5_chunks *chunks, crn_error *err)
{
    enum { CHUNKS = 10, FILTERED_CHUNKS = 11 };
    chunk_walk walk = {reader, chunks};
    return crn_h5_btree2_walk(reader, address, chunks->filtered ? FILTERED_CHUNKS : CHUNKS, 0,
                              visit_btree2, &walk, err);
}

/* ---- the grid of chunks ---- */

/* How many chunks lie along each axis, the slowest first. */
typedef struct chunk_grid {
    int32_t axis[CRN_MAX_NDIM];    /* of the dataset */
    uint64_t length[CRN_MAX_NDIM]; /* the first is not used: what is left of an index */
    uint64_t count; /* all chunks of a limited shape; UINT64_MAX where it overflows */
} chunk_grid;

static chunk_grid make_grid(const crn_h5_chunks *chunks)
{
    const crn_h5_space *space = chunks->space;
    chunk_grid grid = {.count = 1};
    int32_t n = 0;
    for (int32_t i = 0; i < space->ndim; i++)
        if (space->most[i] == CRN_H5_UNDEFINED)
            grid.axis[n++] = i;
    for (int32_t i = 0; i < space->ndim; i++)
        if (space->most[i] != CRN_H5_UNDEFINED)
            grid.axis[n++] = i;
    for (int32_t i = 0; i < space->ndim; i++) {
        uint64_t most = space->most[grid.axis[i]], chunk = chunks->shape[grid.axis[i]];
        grid.length[i] = most / chunk + (most % chunk != 0 || most == 0);
        if (__builtin_mul_overflow(grid.count, grid.length[i], &grid.count))
            grid.count = UINT64_MAX;
    }
    return grid;
}

/* The chunk of this number; its place on the grid becomes its origin. */
static crn_status add_numbered(crn_h5_reader *reader, crn_h5_chunks *chunks,
                               const chunk_grid *grid, uint64_t number, crn_h5_chunk chunk,
                               crn_error *err)
{
    if (chunk.address == CRN_H5_UNDEFINED)
        return CRN_OK;
    for (int32_t i = chunks->space->ndim - 1; i >= 0; i--) {
        uint64_t index = i > 0 ? number % grid->length[i] : number;
        number /= grid->length[i];
        if (__builtin_mul_overflow(index, chunks->shape[grid->axis[i]],
                                   &chunk.origin[grid->axis[i]]))
            return crn_fail(err, CRN_FORMAT, "an HDF5 chunk is out of all bounds");
    }
    return crn_h5_chunks_add(reader, chunks, chunk, err);
}

/* Elements `number` and on, `count` of them, of an array. */
static crn_status add_elements(crn_h5_reader *reader, crn_h5_chunks *chunks,
                               const chunk_grid *grid, crn_bytes *in, size_t size,
                               uint64_t number, uint64_t count, crn_error *err)
{
    for (uint64_t i = 0; i < count; i++) {
        crn_bytes element;
        crn_h5_chunk chunk;
        CRN_TRY(crn_h5_slice(in, size, &element, err));
        CRN_TRY(read_element(reader, chunks, &element, size, &chunk, err));
        CRN_TRY(add_numbered(reader, chunks, grid, number + i, chunk, err));
    }
    return CRN_OK;
}

crn_status crn_h5_chunks_implicit(crn_h5_reader *reader, uint64_t address,
                                  crn_h5_chunks *chunks, crn_error *err)
{
    const chunk_grid grid = make_grid(chunks);
    if (grid.count > reader->bytes.size / chunks->bytes)
        return crn_fail(err, CRN_FORMAT, "HDF5 chunks are larger than the file");
    for (uint64_t i = 0; i < grid.count; i++) {
        crn_h5_chunk chunk = {.address = address + i * chunks->bytes, .size = chunks->bytes};
        CRN_TRY(add_numbered(reader, chunks, &grid, i, chunk, err));
    }
    return CRN_OK;
}

/* ---- what both kinds of array have ---- */

/* Signature, version, client (0: chunks, 1: chunks with filters) and checksum. */
enum { ARRAY_OVERHEAD = 10, CHECKSUM = 4 };

static crn_status open_array(crn_h5_reader *reader, uint64_t address, uint64_t size,
                             const char signature[4], const crn_h5_chunks *chunks,
                             crn_bytes *out, crn_error *err)
{
    uint8_t client;
    CRN_TRY(crn_h5_checked(reader, address, size, signature, 0, out, err));
    CRN_TRY(crn_bytes_u8(out, &client, err));
    if (client != (chunks->filtered ? 1 : 0))
        return crn_fail_at(err, CRN_FORMAT, out->base,
                           "an HDF5 chunk index and the filters of its dataset do not agree");
    return CRN_OK;
}

/* A page is elements and a checksum, without signature. */
static crn_status add_page(crn_h5_reader *reader, crn_h5_chunks *chunks, const chunk_grid *grid,
                           uint64_t address, size_t size, uint64_t number, uint64_t count,
                           crn_error *err)
{
    crn_bytes in;
    uint64_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > UINT64_MAX - CHECKSUM)
        return crn_fail(err, CRN_FORMAT, "a page of an HDF5 chunk index is too large");
    CRN_TRY(crn_h5_block(reader, address, bytes + CHECKSUM, &in, err));
    if (!crn_h5_checksum_holds(in.data, in.size))
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "the checksum of a page of an HDF5 chunk index does not hold");
    return add_elements(reader, chunks, grid, &in, size, number, count, err);
}

/* The bits of a map stand high bit first. Pages whose bit is not set were never written. */
static bool bit_is_set(const uint8_t *map, uint64_t bit)
{
    return (map[bit / 8] & 0x80U >> bit % 8) != 0;
}

/* ---- fixed array ---- */

crn_status crn_h5_chunks_in_fixed_array(crn_h5_reader *reader, uint64_t address,
                                        crn_h5_chunks *chunks, crn_error *err)
{
    const chunk_grid grid = make_grid(chunks);
    const uint64_t offset = reader->offset_size;
    crn_bytes in;
    uint8_t size, page_bits;
    uint64_t count, block;
    CRN_TRY(open_array(reader, address, ARRAY_OVERHEAD + 2 + reader->length_size + offset,
                       "FAHD", chunks, &in, err));
    CRN_TRY(crn_bytes_u8(&in, &size, err));
    CRN_TRY(crn_bytes_u8(&in, &page_bits, err));
    CRN_TRY(crn_h5_length(reader, &in, &count, err));
    CRN_TRY(crn_h5_offset(reader, &in, &block, err));
    if (block == CRN_H5_UNDEFINED)
        return CRN_OK;
    if (size == 0 || page_bits > 32 || count > reader->bytes.size / size)
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "an HDF5 fixed array of impossible measures");

    const uint64_t page = UINT64_C(1) << page_bits;
    const uint64_t pages = count > page ? (count + page - 1) / page : 0;
    const uint64_t map_size = (pages + 7) / 8;
    const uint64_t whole = ARRAY_OVERHEAD + offset + (pages > 0 ? map_size : count * size);
    CRN_TRY(open_array(reader, block, whole, "FADB", chunks, &in, err));
    CRN_TRY(crn_h5_skip(&in, offset, err)); /* of the header */
    if (pages == 0)
        return add_elements(reader, chunks, &grid, &in, size, 0, count, err);
    const uint8_t *map = crn_bytes_take(&in, map_size, err);
    if (map == NULL)
        return CRN_FORMAT;
    for (uint64_t i = 0; i < pages; i++) {
        uint64_t first = i * page, here = count - first < page ? count - first : page;
        if (bit_is_set(map, i))
            CRN_TRY(add_page(reader, chunks, &grid,
                             block + whole + i * (page * size + CHECKSUM), size, first, here,
                             err));
    }
    return CRN_OK;
}

/* ---- extensible array ---- */

/* Elements are in the index block, then in data blocks that double in number and size by turns;
 * the later data blocks are listed in super blocks. */
typedef struct extensible_array {
    crn_h5_reader *reader;
    crn_h5_chunks *chunks;
    chunk_grid grid;
    uint8_t size, most_bits, in_index, least_block, least_pointers, page_bits;
    unsigned position_bytes; /* of a block's place in the array, stored in each block */
} extensible_array;

/* The data blocks that belong together, by their level. */
typedef struct block_level {
    uint64_t blocks;   /* how many data blocks */
    uint64_t elements; /* in each */
    uint64_t first;    /* number of the first element */
    uint64_t pages;    /* in each block; 0: not paged */
} block_level;

static block_level level_of(const extensible_array *array, unsigned level)
{
    block_level out = {.blocks = UINT64_C(1) << level / 2,
                       .elements = (UINT64_C(1) << (level + 1) / 2) * array->least_block};
    out.first = array->in_index + ((UINT64_C(1) << level) - 1) * array->least_block;
    uint64_t page = UINT64_C(1) << array->page_bits;
    out.pages = out.elements > page ? out.elements / page : 0;
    return out;
}

static crn_status add_data_block(const extensible_array *array, const block_level *level,
                                 uint64_t block, uint64_t address, const uint8_t *map,
                                 crn_error *err)
{
    const uint64_t page = UINT64_C(1) << array->page_bits, size = array->size;
    uint64_t whole = ARRAY_OVERHEAD + array->reader->offset_size + array->position_bytes;
    if (level->pages == 0)
        whole += level->elements * size;
    const uint64_t first = level->first + block * level->elements;
    crn_bytes in;
    if (address == CRN_H5_UNDEFINED)
        return CRN_OK;
    CRN_TRY(open_array(array->reader, address, whole, "EADB", array->chunks, &in, err));
    CRN_TRY(crn_h5_skip(&in, array->reader->offset_size + array->position_bytes, err));
    if (level->pages == 0)
        return add_elements(array->reader, array->chunks, &array->grid, &in, size, first,
                            level->elements, err);
    for (uint64_t i = 0; i < level->pages; i++)
        if (map == NULL || bit_is_set(map, block * level->pages + i))
            CRN_TRY(add_page(array->reader, array->chunks, &array->grid,
                             address + whole + i * (page * size + CHECKSUM), size,
                             first + i * page, page, err));
    return CRN_OK;
}

static crn_status add_super_block(const extensible_array *array, unsigned number,
                                  uint64_t address, crn_error *err)
{
    const block_level level = level_of(array, number);
    const uint64_t offset = array->reader->offset_size;
    const uint64_t map_size = level.blocks * ((level.pages + 7) / 8);
    crn_bytes in;
    if (address == CRN_H5_UNDEFINED)
        return CRN_OK;
    CRN_TRY(open_array(array->reader, address,
                       ARRAY_OVERHEAD + offset + array->position_bytes + map_size +
                           level.blocks * offset,
                       "EASB", array->chunks, &in, err));
    CRN_TRY(crn_h5_skip(&in, offset + array->position_bytes, err));
    const uint8_t *map = crn_bytes_take(&in, map_size, err);
    if (map == NULL)
        return CRN_FORMAT;
    for (uint64_t i = 0; i < level.blocks; i++) {
        uint64_t block;
        CRN_TRY(crn_h5_offset(array->reader, &in, &block, err));
        CRN_TRY(add_data_block(array, &level, i, block, map, err));
    }
    return CRN_OK;
}

/* The first elements, the addresses of the first data blocks, those of the super blocks behind
 * them. */
static crn_status add_index_block(const extensible_array *array, uint64_t address,
                                  crn_error *err)
{
    crn_h5_reader *reader = array->reader;
    const uint64_t offset = reader->offset_size;
    const unsigned levels = 1U + array->most_bits - crn_h5_log2(array->least_block);
    const unsigned direct = 2 * crn_h5_log2(array->least_pointers);
    const uint64_t blocks = 2 * ((uint64_t)array->least_pointers - 1);
    const unsigned supers = levels > direct ? levels - direct : 0;
    crn_bytes in;
    CRN_TRY(open_array(reader, address,
                       ARRAY_OVERHEAD + offset + (uint64_t)array->in_index * array->size +
                           (blocks + supers) * offset,
                       "EAIB", array->chunks, &in, err));
    CRN_TRY(crn_h5_skip(&in, offset, err)); /* of the header */
    CRN_TRY(add_elements(reader, array->chunks, &array->grid, &in, array->size, 0,
                         array->in_index, err));
    for (unsigned i = 0; i < direct; i++) {
        const block_level level = level_of(array, i);
        for (uint64_t j = 0; j < level.blocks; j++) {
            uint64_t block;
            CRN_TRY(crn_h5_offset(reader, &in, &block, err));
            CRN_TRY(add_data_block(array, &level, j, block, NULL, err));
        }
    }
    for (unsigned i = direct; i < direct + supers; i++) {
        uint64_t block;
        CRN_TRY(crn_h5_offset(reader, &in, &block, err));
        CRN_TRY(add_super_block(array, i, block, err));
    }
    return CRN_OK;
}

static bool is_power_of_2(uint8_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

crn_status crn_h5_chunks_in_extensible_array(crn_h5_reader *reader, uint64_t address,
                                             crn_h5_chunks *chunks, crn_error *err)
{
    enum { STATISTICS = 6, MOST_BITS = 56 };
    extensible_array array = {.reader = reader, .chunks = chunks, .grid = make_grid(chunks)};
    const uint64_t statistics = STATISTICS * (uint64_t)reader->length_size;
    crn_bytes in;
    uint64_t block;
    CRN_TRY(open_array(reader, address, ARRAY_OVERHEAD + 6 + statistics + reader->offset_size,
                       "EAHD", chunks, &in, err));
    CRN_TRY(crn_bytes_u8(&in, &array.size, err));
    CRN_TRY(crn_bytes_u8(&in, &array.most_bits, err));
    CRN_TRY(crn_bytes_u8(&in, &array.in_index, err));
    CRN_TRY(crn_bytes_u8(&in, &array.least_block, err));
    CRN_TRY(crn_bytes_u8(&in, &array.least_pointers, err));
    CRN_TRY(crn_bytes_u8(&in, &array.page_bits, err));
    CRN_TRY(crn_h5_skip(&in, statistics, err));
    CRN_TRY(crn_h5_offset(reader, &in, &block, err));
    if (array.size == 0 || !is_power_of_2(array.least_block) ||
        !is_power_of_2(array.least_pointers) || array.most_bits > MOST_BITS ||
        array.most_bits < crn_h5_log2(array.least_block) || array.page_bits > 32)
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "an HDF5 extensible array of impossible measures");
    array.position_bytes = (array.most_bits + 7U) / 8;
    return block == CRN_H5_UNDEFINED ? CRN_OK : add_index_block(&array, block, err);
}
