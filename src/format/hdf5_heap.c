/* SPDX-License-Identifier: BSD-3-Clause */
/* Where HDF5 keeps things of varying length: global heap collections ("GCOL", variable-length
 * strings) and fractal heaps ("FRHP", dense links and attributes). HDF5 File Format
 * Specification 3.0, III.E and III.G. */
#include <inttypes.h>
#include <stdlib.h>

#include "format/hdf5_reader.h"

/* ---- global heap ---- */

/* Eight bytes and a length, padded to a multiple of eight: of a collection and of each object
 * in it. */
enum { HEAP_HEADER = 16 };

typedef struct heap_object {
    uint32_t index;
    crn_bytes bytes;
} heap_object;

/* A collection that was read, its objects by index. Lives in the tree's arena. */
typedef struct collection {
    heap_object *objects;
    size_t count;
} collection;

static int compare_index(const void *a, const void *b)
{
    const heap_object *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* The next object of a collection; index 0 is the free space at its end. */
static crn_status next_object(const crn_h5_reader *reader, crn_bytes *in, heap_object *out,
                              crn_error *err)
{
    uint16_t index;
    uint64_t size;
    CRN_TRY(crn_bytes_u16(in, &index, err));
    CRN_TRY(crn_h5_skip(in, 6, err)); /* reference count, reserved */
    CRN_TRY(crn_h5_length(reader, in, &size, err));
    CRN_TRY(crn_h5_skip(in, 8 - reader->length_size, err));
    out->index = index;
    if (index == 0)
        return CRN_OK;
    CRN_TRY(crn_h5_slice(in, size, &out->bytes, err));
    uint64_t padding = (8 - size % 8) % 8;
    return crn_h5_skip(in, padding < crn_bytes_left(in) ? padding : crn_bytes_left(in), err);
}

static crn_status read_objects(crn_h5_reader *reader, crn_bytes in, heap_object *out,
                               size_t *count, crn_error *err)
{
    *count = 0;
    while (crn_bytes_left(&in) >= HEAP_HEADER) {
        heap_object object;
        CRN_TRY(next_object(reader, &in, &object, err));
        if (object.index == 0)
            break;
        if (out != NULL)
            out[*count] = object;
        ++*count;
    }
    return CRN_OK;
}

static crn_status read_collection(crn_h5_reader *reader, uint64_t address, collection **out,
                                  crn_error *err)
{
    crn_bytes in;
    uint64_t size;
    CRN_TRY(crn_h5_structure(reader, address, HEAP_HEADER, "GCOL", 1, &in, err));
    CRN_TRY(crn_h5_skip(&in, 3, err));
    CRN_TRY(crn_h5_length(reader, &in, &size, err));
    CRN_TRY(crn_h5_block(reader, address, size, &in, err));
    CRN_TRY(crn_bytes_seek(&in, HEAP_HEADER, err));

    collection *heap = crn_arena_alloc(reader->h5->arena, 1, sizeof *heap);
    if (heap == NULL)
        return crn_arena_fail(reader->h5->arena, err);
    CRN_TRY(read_objects(reader, in, NULL, &heap->count, err));
    heap->objects = crn_arena_alloc(reader->h5->arena, heap->count, sizeof *heap->objects);
    if (heap->objects == NULL)
        return crn_arena_fail(reader->h5->arena, err);
    CRN_TRY(read_objects(reader, in, heap->objects, &heap->count, err));
    qsort(heap->objects, heap->count, sizeof *heap->objects, compare_index);
    *out = heap;
    return crn_h5_map_put(&reader->heaps, address, heap, err);
}

crn_status crn_h5_global_heap_object(crn_h5_reader *reader, uint64_t address, uint32_t index,
                                     crn_bytes *out, crn_error *err)
{
    collection *heap = crn_h5_map_get(&reader->heaps, address);
    if (heap == NULL)
        CRN_TRY(read_collection(reader, address, &heap, err));
    const heap_object key = {.index = index};
    const heap_object *found =
        bsearch(&key, heap->objects, heap->count, sizeof key, compare_index);
    if (found == NULL)
        return crn_fail_at(err, CRN_FORMAT, reader->bytes.base + address,
                           "the HDF5 global heap has no object %" PRIu32, index);
    *out = found->bytes;
    return CRN_OK;
}

/* ---- fractal heap ---- */

crn_status crn_h5_fractal_heap_read(crn_h5_reader *reader, uint64_t address,
                                    crn_h5_fractal_heap *out, crn_error *err)
{
    const uint64_t offset = reader->offset_size, length = reader->length_size;
    crn_bytes in;
    uint16_t filter_size, start_rows;
    uint8_t flags;
    uint32_t most_managed;
    CRN_TRY(
        crn_h5_checked(reader, address, 26 + 3 * offset + 12 * length, "FRHP", 0, &in, err));
    CRN_TRY(crn_bytes_u16(&in, &out->id_size, err));
    CRN_TRY(crn_bytes_u16(&in, &filter_size, err));
    if (filter_size != 0)
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "filtered HDF5 fractal heaps are not supported");
    CRN_TRY(crn_bytes_u8(&in, &flags, err));
    CRN_TRY(crn_bytes_u32(&in, &most_managed, err));
    CRN_TRY(crn_h5_skip(&in, length, err)); /* next id of a huge object */
    CRN_TRY(crn_h5_offset(reader, &in, &out->huge_btree, err));
    CRN_TRY(crn_h5_skip(&in, offset + 9 * length, err)); /* free space and statistics */
    CRN_TRY(crn_bytes_u16(&in, &out->width, err));
    CRN_TRY(crn_h5_length(reader, &in, &out->start_block, err));
    CRN_TRY(crn_h5_length(reader, &in, &out->most_direct, err));
    CRN_TRY(crn_bytes_u16(&in, &out->most_bits, err));
    CRN_TRY(crn_bytes_u16(&in, &start_rows, err));
    CRN_TRY(crn_h5_offset(reader, &in, &out->root, err));
    CRN_TRY(crn_bytes_u16(&in, &out->rows, err));

    if (out->width == 0 || out->start_block == 0 || out->most_direct < out->start_block ||
        out->most_direct > UINT32_MAX || out->most_bits == 0 || out->most_bits > 64)
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "an HDF5 fractal heap of impossible measures");
    out->offset_size = (uint8_t)((out->most_bits + 7) / 8);
    unsigned by_block = (crn_h5_log2(out->most_direct) + 7) / 8;
    unsigned by_object = crn_h5_log2(most_managed) / 8 + 1;
    out->length_size = (uint8_t)(by_block < by_object ? by_block : by_object);
    return CRN_OK;
}

/* Bytes of a block in a row of an indirect block: 1, 1, 2, 4, 8 ... times the starting size. */
static uint64_t row_block(const crn_h5_fractal_heap *heap, unsigned row)
{
    return row == 0 ? heap->start_block : heap->start_block << (row - 1);
}

/* The child of an indirect block that covers *position, which becomes relative to that child.
 */
static crn_status find_child(const crn_h5_fractal_heap *heap, unsigned rows, uint64_t *position,
                             unsigned *row, uint64_t *entry, crn_error *err)
{
    const unsigned most = 63 - crn_h5_log2(heap->start_block) - crn_h5_log2(heap->width);
    for (*row = 0; *row < rows && *row < most; ++*row) {
        uint64_t block = row_block(heap, *row);
        if (*position < block * heap->width) {
            *entry = (uint64_t)*row * heap->width + *position / block;
            *position %= block;
            return CRN_OK;
        }
        *position -= block * heap->width;
    }
    return crn_fail(err, CRN_FORMAT, "an HDF5 heap ID points outside its heap");
}

/* From the root down to the direct block that covers *position. */
static crn_status find_direct_block(crn_h5_reader *reader, const crn_h5_fractal_heap *heap,
                                    uint64_t *position, uint64_t *block, uint64_t *block_size,
                                    crn_error *err)
{
    enum { PREFIX = 5 }; /* signature, version */
    const uint64_t header = PREFIX + (uint64_t)reader->offset_size + heap->offset_size;
    *block = heap->root;
    *block_size = heap->start_block;
    for (unsigned rows = heap->rows; rows > 0;) {
        uint64_t entry = 0;
        unsigned row = 0;
        crn_bytes in;
        CRN_TRY(find_child(heap, rows, position, &row, &entry, err));
        CRN_TRY(crn_h5_structure(reader, *block, header, "FHIB", 0, &in, err));
        CRN_TRY(
            crn_h5_at(reader, *block, header + (entry + 1) * reader->offset_size, &in, err));
        CRN_TRY(crn_bytes_seek(&in, header + entry * reader->offset_size, err));
        CRN_TRY(crn_h5_offset(reader, &in, block, err));
        *block_size = row_block(heap, row);
        /* Rows of blocks over the largest direct size hold indirect blocks. Theirs has at most
         * as many rows as the number of the row that it is in, so the walk ends. */
        unsigned below = crn_h5_log2(*block_size) + 1;
        unsigned first = crn_h5_log2(heap->start_block) + crn_h5_log2(heap->width);
        rows = *block_size > heap->most_direct && below > first ? below - first : 0;
    }
    return CRN_OK;
}

static crn_status read_managed(crn_h5_reader *reader, const crn_h5_fractal_heap *heap,
                               crn_bytes id, crn_bytes *out, crn_error *err)
{
    uint64_t position, size, block, block_size;
    CRN_TRY(crn_h5_number(&id, heap->offset_size, &position, err));
    CRN_TRY(crn_h5_number(&id, heap->length_size, &size, err));
    CRN_TRY(find_direct_block(reader, heap, &position, &block, &block_size, err));
    if (position > block_size || size > block_size - position)
        return crn_fail_at(err, CRN_FORMAT, id.base,
                           "an HDF5 heap ID points outside its block");
    crn_bytes in;
    CRN_TRY(crn_h5_structure(reader, block, 5, "FHDB", 0, &in, err));
    CRN_TRY(crn_h5_at(reader, block, block_size, &in, err));
    return crn_h5_block(reader, block + position, size, out, err);
}

static crn_status read_tiny(const crn_h5_fractal_heap *heap, crn_bytes id, uint8_t first,
                            crn_bytes *out, crn_error *err)
{
    enum { MOST_SHORT = 17 }; /* longer IDs have 12 bits of length */
    uint64_t size = (first & 0x0fU) + 1U;
    if (heap->id_size > MOST_SHORT) {
        uint8_t low;
        CRN_TRY(crn_bytes_u8(&id, &low, err));
        size = ((first & 0x0fU) << 8 | low) + 1U;
    }
    return crn_h5_slice(&id, size, out, err);
}

/* Looks for one huge object's record: address, length, ID. */
typedef struct huge_search {
    const crn_h5_reader *reader;
    uint64_t id, address, size;
    bool found;
} huge_search;

static crn_status visit_huge(void *context, crn_bytes record, uint64_t child, crn_error *err)
{
    huge_search *search = context;
    uint64_t address, size, id;
    (void)child;
    CRN_TRY(crn_h5_offset(search->reader, &record, &address, err));
    CRN_TRY(crn_h5_length(search->reader, &record, &size, err));
    CRN_TRY(crn_h5_length(search->reader, &record, &id, err));
    if (id == search->id) {
        search->found = true;
        search->address = address;
        search->size = size;
    }
    return CRN_OK;
}

/* Objects too large for the heap's blocks: the ID holds where they are, or a key into a B-tree.
 */
static crn_status read_huge(crn_h5_reader *reader, const crn_h5_fractal_heap *heap,
                            crn_bytes id, crn_bytes *out, crn_error *err)
{
    enum { HUGE_INDIRECT = 1 }; /* type of B-tree */
    const size_t offset = reader->offset_size, length = reader->length_size;
    huge_search search = {.reader = reader};
    if (heap->id_size - 1U >= offset + length) {
        CRN_TRY(crn_h5_offset(reader, &id, &search.address, err));
        CRN_TRY(crn_h5_length(reader, &id, &search.size, err));
        return crn_h5_block(reader, search.address, search.size, out, err);
    }
    size_t key_size = heap->id_size - 1U < length ? heap->id_size - 1U : length;
    CRN_TRY(crn_h5_number(&id, (unsigned)key_size, &search.id, err));
    CRN_TRY(crn_h5_btree2_walk(reader, heap->huge_btree, HUGE_INDIRECT, offset + 2 * length,
                               visit_huge, &search, err));
    if (!search.found)
        return crn_fail_at(err, CRN_FORMAT, id.base, "an HDF5 heap has no object of this ID");
    return crn_h5_block(reader, search.address, search.size, out, err);
}

crn_status crn_h5_fractal_heap_object(crn_h5_reader *reader, const crn_h5_fractal_heap *heap,
                                      crn_bytes id, crn_bytes *out, crn_error *err)
{
    enum { MANAGED = 0, HUGE_OBJECT = 1, TINY = 2 };
    uint8_t first;
    CRN_TRY(crn_bytes_u8(&id, &first, err));
    switch (first >> 4) { /* version 0, then the type */
    case MANAGED:
        return read_managed(reader, heap, id, out, err);
    case HUGE_OBJECT:
        return read_huge(reader, heap, id, out, err);
    case TINY:
        return read_tiny(heap, id, first, out, err);
    default:
        return crn_fail_at(err, CRN_FORMAT, id.base, "an HDF5 heap ID of unknown type");
    }
}
