/* SPDX-License-Identifier: BSD-3-Clause */
/* A group's members as a symbol table: names in a local heap, members in symbol nodes of eight,
 * a B-tree of as many levels as it takes over those. HDF5 File Format Specification 3.0,
 * III.A.1, III.B to III.D. */
#include <stdlib.h>

#include "format/hdf5_writer.h"

enum { MOST_SYMBOLS = 2 * CRN_H5_LEAF_K, MOST_CHILDREN = 2 * CRN_H5_INTERNAL_K };
enum { SYMBOL = 40 }; /* bytes of a symbol table entry */
enum { BTREE_NODE = 24 + MOST_CHILDREN * CRN_H5_ADDRESS + (MOST_CHILDREN + 1) * 8 };

/* A node of the level below: where it is, and the last name in it as an offset in the heap. */
typedef struct tree_child {
    uint64_t address, last_name;
} tree_child;

/* Header and names. The heap begins with the empty name; nothing in it is free. */
static uint64_t write_names(crn_h5_writer *writer, const crn_h5_node *group, uint64_t *name_at)
{
    enum { HEAP_HEADER = 32, EMPTY_NAME = 8, NO_FREE_BLOCK = 1 };
    uint64_t size = EMPTY_NAME;
    for (size_t i = 0; i < group->child_count; i++) {
        name_at[i] = size;
        size += (strlen(group->children[i]->name) / 8 + 1) * 8;
    }
    const uint64_t address = writer->out->size;
    crn_text_add_bytes(writer->out, "HEAP\0\0\0\0", 8);
    crn_h5_put(writer->out, size, CRN_H5_ADDRESS);
    crn_h5_put(writer->out, NO_FREE_BLOCK, CRN_H5_ADDRESS);
    crn_h5_put(writer->out, address + HEAP_HEADER, CRN_H5_ADDRESS);
    crn_h5_put_zeros(writer->out, EMPTY_NAME);
    for (size_t i = 0; i < group->child_count; i++) {
        const char *name = group->children[i]->name;
        crn_text_add_bytes(writer->out, name, strlen(name) + 1);
        crn_h5_put_padding(writer->out);
    }
    return address;
}

/* Symbol nodes, each full but the last; children[] gets them. Returns how many. */
static size_t write_symbols(crn_h5_writer *writer, const crn_h5_node *group,
                            const uint64_t *name_at, tree_child *children)
{
    size_t nodes = 0;
    for (size_t first = 0; first < group->child_count; first += MOST_SYMBOLS) {
        size_t left = group->child_count - first;
        size_t count = left < MOST_SYMBOLS ? left : MOST_SYMBOLS;
        children[nodes++] = (tree_child){writer->out->size, name_at[first + count - 1]};
        crn_text_add_bytes(writer->out, "SNOD\1\0", 6);
        crn_h5_put(writer->out, count, 2);
        for (size_t i = first; i < first + count; i++) {
            crn_h5_put(writer->out, name_at[i], CRN_H5_ADDRESS);
            crn_h5_put(writer->out, writer->header[group->children[i]->index], CRN_H5_ADDRESS);
            crn_h5_put_zeros(writer->out, SYMBOL - 2 * CRN_H5_ADDRESS); /* nothing cached */
        }
        crn_h5_put_zeros(writer->out, (MOST_SYMBOLS - count) * SYMBOL);
    }
    return nodes;
}

/* One B-tree node over `count` children. `before` is the last name before them. */
static void write_tree_node(crn_text *out, unsigned level, uint64_t left, uint64_t right,
                            uint64_t before, const tree_child *children, size_t count)
{
    crn_text_add_bytes(out, "TREE\0", 5); /* of groups */
    crn_h5_put(out, level, 1);
    crn_h5_put(out, count, 2);
    crn_h5_put(out, left, CRN_H5_ADDRESS);
    crn_h5_put(out, right, CRN_H5_ADDRESS);
    crn_h5_put(out, before, 8);
    for (size_t i = 0; i < count; i++) {
        crn_h5_put(out, children[i].address, CRN_H5_ADDRESS);
        crn_h5_put(out, children[i].last_name, 8);
    }
    crn_h5_put_zeros(out, (MOST_CHILDREN - count) * (CRN_H5_ADDRESS + 8));
}

/* One level over `count` children, which are replaced by its nodes. Returns how many these are.
 */
static size_t write_level(crn_h5_writer *writer, unsigned level, tree_child *children,
                          size_t count)
{
    const uint64_t start = writer->out->size;
    uint64_t before = 0;
    size_t nodes = 0;
    for (size_t first = 0; nodes == 0 || first < count; first += MOST_CHILDREN, nodes++) {
        size_t here = count - first < MOST_CHILDREN ? count - first : MOST_CHILDREN;
        uint64_t address = start + nodes * BTREE_NODE;
        uint64_t left = nodes > 0 ? address - BTREE_NODE : CRN_H5_UNDEFINED;
        uint64_t right = first + here < count ? address + BTREE_NODE : CRN_H5_UNDEFINED;
        uint64_t last_name = here > 0 ? children[first + here - 1].last_name : 0;
        write_tree_node(writer->out, level, left, right, before, children + first, here);
        children[nodes] = (tree_child){address, last_name};
        before = last_name;
    }
    return nodes;
}

crn_status crn_h5_write_members(crn_h5_writer *writer, const crn_h5_node *group, crn_text *body,
                                crn_error *err)
{
    crn_status status = CRN_OK;
    uint64_t *name_at = crn_calloc(group->child_count, sizeof *name_at);
    tree_child *children = crn_calloc(group->child_count / MOST_SYMBOLS + 1, sizeof *children);
    if (name_at == NULL || children == NULL) {
        status = crn_no_memory(err);
        goto done;
    }
    crn_h5_put_padding(writer->out);
    uint64_t heap = write_names(writer, group, name_at);
    size_t count = write_symbols(writer, group, name_at, children);
    unsigned level = 0;
    do {
        count = write_level(writer, level++, children, count);
    } while (count > 1);
    crn_h5_put(body, children[0].address, CRN_H5_ADDRESS);
    crn_h5_put(body, heap, CRN_H5_ADDRESS);
done:
    free(name_at);
    free(children);
    return status;
}
