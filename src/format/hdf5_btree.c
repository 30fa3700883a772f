/* SPDX-License-Identifier: BSD-3-Clause */
/* The two B-trees of HDF5, walked from end to end: version 1 ("TREE", under old groups and
 * chunks) and version 2 ("BTHD", under dense links, attributes and chunks). HDF5 File Format
 * Specification 3.0, III.A. Both walks keep their own stack; a child's level must be one less
 * than its parent's. */
#include <stdlib.h>

#include "format/hdf5_reader.h"

/* A node that is still to be visited. */
typedef struct pending_node {
    uint64_t address;
    uint64_t records; /* version 2 */
    unsigned level;
    bool is_root;
} pending_node;

typedef struct pending_nodes {
    pending_node *at;
    size_t count, capacity;
} pending_nodes;

static crn_status push(pending_nodes *pending, pending_node node, crn_error *err)
{
    CRN_TRY(crn_grow((void **)&pending->at, &pending->capacity, pending->count,
                     sizeof *pending->at, err));
    pending->at[pending->count++] = node;
    return CRN_OK;
}

/* ---- version 1 ---- */

typedef struct btree1 {
    crn_h5_reader *reader;
    uint8_t type;
    size_t key_size;
    crn_h5_visit visit;
    void *context;
} btree1;

static crn_status visit_node1(const btree1 *tree, pending_node node, pending_nodes *pending,
                              crn_error *err)
{
    crn_h5_reader *reader = tree->reader;
    const uint64_t prefix = 8 + 2 * (uint64_t)reader->offset_size;
    crn_bytes in;
    CRN_TRY(crn_h5_at(reader, node.address, prefix, &in, err));
    const uint64_t used = in.data[6] | (uint64_t)in.data[7] << 8;
    if (memcmp(in.data, "TREE", 4) != 0 || in.data[4] != tree->type ||
        (!node.is_root && in.data[5] != node.level))
        return crn_fail_at(err, CRN_FORMAT, in.base, "no HDF5 B-tree node of type %d here",
                           tree->type);
    node.level = in.data[5];
    CRN_TRY(crn_h5_block(
        reader, node.address,
        prefix + used * (tree->key_size + reader->offset_size) + tree->key_size, &in, err));
    CRN_TRY(crn_bytes_seek(&in, prefix, err));
    for (uint64_t i = 0; i < used; i++) {
        crn_bytes key;
        uint64_t child;
        CRN_TRY(crn_h5_slice(&in, tree->key_size, &key, err));
        CRN_TRY(crn_h5_offset(reader, &in, &child, err));
        if (node.level == 0)
            CRN_TRY(tree->visit(tree->context, key, child, err));
        else
            CRN_TRY(
                push(pending, (pending_node){.address = child, .level = node.level - 1}, err));
    }
    return CRN_OK;
}

crn_status crn_h5_btree1_walk(crn_h5_reader *reader, uint64_t address, uint8_t type,
                              size_t key_size, crn_h5_visit visit, void *context,
                              crn_error *err)
{
    const btree1 tree = {reader, type, key_size, visit, context};
    pending_nodes pending = {0};
    crn_status status =
        push(&pending, (pending_node){.address = address, .is_root = true}, err);
    while (status == CRN_OK && pending.count > 0)
        status = visit_node1(&tree, pending.at[--pending.count], &pending, err);
    free(pending.at);
    return status;
}

/* ---- version 2 ---- */

/* Signature, version, type and checksum of a node. */
enum { NODE_OVERHEAD = 10, MOST_LEVELS = 32 };

typedef struct btree2 {
    crn_h5_reader *reader;
    uint8_t type;
    size_t record_size;
    unsigned count_bytes; /* of the number of records in a child */
    unsigned
        total_bytes[MOST_LEVELS]; /* of the number of records below a child at this level */
    crn_h5_visit visit;
    void *context;
} btree2;

/* Bytes that hold numbers up to `most`. */
static unsigned width_of(uint64_t most)
{
    return crn_h5_log2(most) / 8 + 1;
}

/* The widths of the counts follow from how many records fit into nodes of each level. */
static crn_status set_widths(btree2 *tree, uint32_t node_size, unsigned depth, crn_error *err)
{
    if (depth >= MOST_LEVELS || tree->record_size == 0 ||
        node_size < NODE_OVERHEAD + tree->record_size)
        return crn_fail(err, CRN_FORMAT, "an HDF5 B-tree of impossible measures");
    uint64_t most = (node_size - NODE_OVERHEAD) / tree->record_size;
    uint64_t below = most;
    tree->count_bytes = width_of(most);
    tree->total_bytes[0] = 0;
    for (unsigned level = 1; level <= depth; level++) {
        uint64_t pointer =
            tree->reader->offset_size + tree->count_bytes + tree->total_bytes[level - 1];
        if (node_size < NODE_OVERHEAD + pointer)
            return crn_fail(err, CRN_FORMAT, "an HDF5 B-tree of impossible measures");
        most = (node_size - (NODE_OVERHEAD + pointer)) / (tree->record_size + pointer);
        if (__builtin_mul_overflow(most + 1, below, &below) ||
            __builtin_add_overflow(below, most, &below))
            return crn_fail(err, CRN_FORMAT, "an HDF5 B-tree of impossible measures");
        tree->total_bytes[level] = width_of(below);
    }
    return CRN_OK;
}

static crn_status push_children(const btree2 *tree, crn_bytes in, pending_node node,
                                pending_nodes *pending, crn_error *err)
{
    for (uint64_t i = 0; i <= node.records; i++) {
        pending_node child = {.level = node.level - 1};
        CRN_TRY(crn_h5_offset(tree->reader, &in, &child.address, err));
        CRN_TRY(crn_h5_number(&in, tree->count_bytes, &child.records, err));
        CRN_TRY(crn_h5_skip(&in, tree->total_bytes[node.level - 1], err));
        CRN_TRY(push(pending, child, err));
    }
    return CRN_OK;
}

static crn_status visit_node2(const btree2 *tree, pending_node node, pending_nodes *pending,
                              crn_error *err)
{
    uint64_t size = NODE_OVERHEAD;
    uint64_t pointer = tree->reader->offset_size + tree->count_bytes;
    if (node.level > 0)
        size += (node.records + 1) * (pointer + tree->total_bytes[node.level - 1]);
    if (node.records > tree->reader->bytes.size / tree->record_size)
        return crn_fail(err, CRN_FORMAT, "an HDF5 B-tree node is larger than the file");
    size += node.records * tree->record_size;

    crn_bytes in;
    uint8_t type;
    CRN_TRY(crn_h5_checked(tree->reader, node.address, size, node.level > 0 ? "BTIN" : "BTLF",
                           0, &in, err));
    CRN_TRY(crn_bytes_u8(&in, &type, err));
    if (type != tree->type)
        return crn_fail_at(err, CRN_FORMAT, in.base, "an HDF5 B-tree of type %d, not %d", type,
                           tree->type);
    for (uint64_t i = 0; i < node.records; i++) {
        crn_bytes record;
        CRN_TRY(crn_h5_slice(&in, tree->record_size, &record, err));
        CRN_TRY(tree->visit(tree->context, record, 0, err));
    }
    return node.level > 0 ? push_children(tree, in, node, pending, err) : CRN_OK;
}

/* The header, up to the root. record_size is 0 when the tree says it (chunks with filters). */
static crn_status read_header2(btree2 *tree, uint64_t address, pending_node *root,
                               crn_error *err)
{
    const crn_h5_reader *reader = tree->reader;
    crn_bytes in;
    uint8_t type;
    uint32_t node_size;
    uint16_t record_size, depth, records;
    CRN_TRY(crn_h5_checked(tree->reader, address,
                           22 + (uint64_t)reader->offset_size + reader->length_size, "BTHD", 0,
                           &in, err));
    CRN_TRY(crn_bytes_u8(&in, &type, err));
    CRN_TRY(crn_bytes_u32(&in, &node_size, err));
    CRN_TRY(crn_bytes_u16(&in, &record_size, err));
    CRN_TRY(crn_bytes_u16(&in, &depth, err));
    CRN_TRY(crn_h5_skip(&in, 2, err)); /* when to split and merge */
    CRN_TRY(crn_h5_offset(reader, &in, &root->address, err));
    CRN_TRY(crn_bytes_u16(&in, &records, err));
    if (type != tree->type || (tree->record_size != 0 && record_size != tree->record_size))
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "an HDF5 B-tree of type %d with records of %d bytes is not expected "
                           "here",
                           type, record_size);
    tree->record_size = record_size;
    root->records = records;
    root->level = depth;
    return set_widths(tree, node_size, depth, err);
}

crn_status crn_h5_btree2_walk(crn_h5_reader *reader, uint64_t address, uint8_t type,
                              size_t record_size, crn_h5_visit visit, void *context,
                              crn_error *err)
{
    btree2 tree = {.reader = reader,
                   .type = type,
                   .record_size = record_size,
                   .visit = visit,
                   .context = context};
    pending_node root = {0};
    CRN_TRY(read_header2(&tree, address, &root, err));
    if (root.address == CRN_H5_UNDEFINED)
        return CRN_OK;
    pending_nodes pending = {0};
    crn_status status = push(&pending, root, err);
    while (status == CRN_OK && pending.count > 0)
        status = visit_node2(&tree, pending.at[--pending.count], &pending, err);
    free(pending.at);
    return status;
}
