/* SPDX-License-Identifier: BSD-3-Clause */
/* The members of a group: old style (symbol table: version 1 B-tree, "SNOD" nodes, local heap
 * of names) and new style (link messages, or dense links in a fractal heap). Only hard links
 * are followed. HDF5 File Format Specification 3.0, III.B to III.D, IV.A.2.c, IV.A.2.g,
 * IV.A.2.r. */
#include <stdlib.h>

#include "format/hdf5_reader.h"

/* The group being read; names of symbol tables are in `names`. */
typedef struct group_reader {
    crn_h5_reader *reader;
    crn_h5_node *node;
    crn_bytes names;
    crn_h5_fractal_heap heap;
} group_reader;

static crn_status add_member(group_reader *group, const char *name, size_t size,
                             uint64_t address, crn_h5_node **out, crn_error *err)
{
    crn_h5_reader *reader = group->reader;
    CRN_TRY(crn_h5_charge(reader, size, err));
    if (reader->h5->node_count >= reader->limits.objects)
        return crn_fail(err, CRN_LIMIT, "more HDF5 objects than the limit objects = %llu",
                        (unsigned long long)reader->limits.objects);
    if (size == 0 || memchr(name, '/', size) != NULL || memchr(name, '\0', size) != NULL)
        return crn_fail_at(err, CRN_FORMAT, group->node->offset,
                           "an HDF5 link's name is empty or has a '/' or NUL in it");
    CRN_TRY(crn_h5_node_create(reader->h5, name, size, out, err));
    (*out)->offset = address;
    return crn_h5_node_adopt(group->node, *out, false, err);
}

/* A link that is not followed: its node is only made to name it. */
static crn_status refuse_link(group_reader *group, const char *name, size_t size,
                              const char *kind, crn_error *err)
{
    crn_h5_node *node;
    CRN_TRY(add_member(group, name, size, CRN_NO_OFFSET, &node, err));
    return crn_h5_where(
        node,
        crn_fail_at(err, CRN_UNSUPPORTED, group->node->offset,
                    "HDF5 %s links are not supported: a model file must hold all "
                    "of its data",
                    kind),
        err);
}

/* ---- old style ---- */

static crn_status read_symbol(group_reader *group, crn_bytes *in, crn_error *err)
{
    enum { SOFT_LINK = 2 };
    const crn_h5_reader *reader = group->reader;
    uint64_t name_at, address;
    uint32_t cache_type;
    CRN_TRY(crn_h5_length(reader, in, &name_at, err));
    CRN_TRY(crn_h5_offset(reader, in, &address, err));
    CRN_TRY(crn_bytes_u32(in, &cache_type, err));
    CRN_TRY(crn_h5_skip(in, 20, err)); /* reserved, scratch */

    crn_bytes names = group->names;
    CRN_TRY(crn_bytes_seek(&names, name_at, err));
    const char *name = (const char *)names.data + names.position;
    const char *end = memchr(name, '\0', crn_bytes_left(&names));
    if (end == NULL)
        return crn_fail_at(err, CRN_FORMAT, crn_bytes_offset(&names),
                           "an HDF5 link's name does not end");
    if (cache_type == SOFT_LINK)
        return refuse_link(group, name, (size_t)(end - name), "soft", err);
    crn_h5_node *node;
    return add_member(group, name, (size_t)(end - name), address, &node, err);
}

static crn_status visit_symbol_node(void *context, crn_bytes key, uint64_t child,
                                    crn_error *err)
{
    group_reader *group = context;
    crn_h5_reader *reader = group->reader;
    crn_bytes in;
    uint16_t count;
    (void)key;
    CRN_TRY(crn_h5_structure(reader, child, 8, "SNOD", 1, &in, err));
    CRN_TRY(crn_h5_skip(&in, 1, err));
    CRN_TRY(crn_bytes_u16(&in, &count, err));
    uint64_t entry = 24 + (uint64_t)reader->length_size + reader->offset_size;
    CRN_TRY(crn_h5_block(reader, child + 8, count * entry, &in, err));
    for (unsigned i = 0; i < count; i++)
        CRN_TRY(read_symbol(group, &in, err));
    return CRN_OK;
}

static crn_status read_symbol_table(group_reader *group, crn_bytes in, crn_error *err)
{
    enum { GROUP_NODES = 0 };
    crn_h5_reader *reader = group->reader;
    uint64_t btree, heap, size, data;
    CRN_TRY(crn_h5_offset(reader, &in, &btree, err));
    CRN_TRY(crn_h5_offset(reader, &in, &heap, err));

    CRN_TRY(crn_h5_structure(reader, heap,
                             8 + 2 * (uint64_t)reader->length_size + reader->offset_size,
                             "HEAP", 0, &in, err));
    CRN_TRY(crn_h5_skip(&in, 3, err));
    CRN_TRY(crn_h5_length(reader, &in, &size, err));
    CRN_TRY(crn_h5_skip(&in, reader->length_size, err)); /* free list */
    CRN_TRY(crn_h5_offset(reader, &in, &data, err));
    CRN_TRY(crn_h5_block(reader, data, size, &group->names, err));
    return crn_h5_btree1_walk(reader, btree, GROUP_NODES, reader->length_size,
                              visit_symbol_node, group, err);
}

/* ---- new style ---- */

static crn_status read_link(group_reader *group, crn_bytes in, crn_error *err)
{
    enum {
        NAME_SIZE_MASK = 0x03,
        HAS_CREATION_ORDER = 0x04,
        HAS_TYPE = 0x08,
        HAS_CHARACTER_SET = 0x10
    };
    enum { HARD = 0, SOFT = 1, EXTERNAL = 64 };
    uint8_t version, flags, type = HARD;
    uint64_t size, address;
    CRN_TRY(crn_bytes_u8(&in, &version, err));
    CRN_TRY(crn_bytes_u8(&in, &flags, err));
    if (version != 1)
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "version %d of the HDF5 link message is not supported", version);
    if ((flags & HAS_TYPE) != 0)
        CRN_TRY(crn_bytes_u8(&in, &type, err));
    if ((flags & HAS_CREATION_ORDER) != 0)
        CRN_TRY(crn_h5_skip(&in, 8, err));
    if ((flags & HAS_CHARACTER_SET) != 0)
        CRN_TRY(crn_h5_skip(&in, 1, err));
    CRN_TRY(crn_h5_number(&in, 1U << (flags & NAME_SIZE_MASK), &size, err));
    const uint8_t *name = crn_bytes_take(&in, size, err);
    if (name == NULL)
        return CRN_FORMAT;
    if (type != HARD)
        return refuse_link(group, (const char *)name, (size_t)size,
                           type == SOFT       ? "soft"
                           : type == EXTERNAL ? "external"
                                              : "user-defined",
                           err);
    CRN_TRY(crn_h5_offset(group->reader, &in, &address, err));
    crn_h5_node *node;
    return add_member(group, (const char *)name, (size_t)size, address, &node, err);
}

static crn_status visit_dense_link(void *context, crn_bytes record, uint64_t child,
                                   crn_error *err)
{
    group_reader *group = context;
    crn_bytes link;
    (void)child;
    CRN_TRY(crn_h5_skip(&record, 4, err)); /* hash of the name */
    CRN_TRY(crn_h5_fractal_heap_object(group->reader, &group->heap, record, &link, err));
    return read_link(group, link, err);
}

static crn_status read_dense_links(group_reader *group, crn_bytes in, crn_error *err)
{
    enum { TRACKS_CREATION_ORDER = 0x01, LINK_NAMES = 5 };
    crn_h5_reader *reader = group->reader;
    uint8_t version, flags;
    uint64_t heap, btree;
    CRN_TRY(crn_bytes_u8(&in, &version, err));
    CRN_TRY(crn_bytes_u8(&in, &flags, err));
    if (version != 0)
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "version %d of the HDF5 link info message is not supported",
                           version);
    if ((flags & TRACKS_CREATION_ORDER) != 0)
        CRN_TRY(crn_h5_skip(&in, 8, err));
    CRN_TRY(crn_h5_offset(reader, &in, &heap, err));
    CRN_TRY(crn_h5_offset(reader, &in, &btree, err));
    if (heap == CRN_H5_UNDEFINED)
        return CRN_OK;
    CRN_TRY(crn_h5_fractal_heap_read(reader, heap, &group->heap, err));
    return crn_h5_btree2_walk(reader, btree, LINK_NAMES, 4 + (size_t)group->heap.id_size,
                              visit_dense_link, group, err);
}

static int compare_nodes(const void *a, const void *b)
{
    return strcmp((*(crn_h5_node *const *)a)->name, (*(crn_h5_node *const *)b)->name);
}

crn_status crn_h5_group_read(crn_h5_reader *reader, const crn_h5_header *header,
                             crn_h5_node *node, crn_error *err)
{
    group_reader group = {.reader = reader, .node = node};
    for (size_t i = 0; i < header->count; i++) {
        const crn_h5_message *message = &header->messages[i];
        if (message->type == CRN_H5_SYMBOL_TABLE)
            CRN_TRY(read_symbol_table(&group, message->body, err));
        else if (message->type == CRN_H5_LINK_INFO)
            CRN_TRY(read_dense_links(&group, message->body, err));
        else if (message->type == CRN_H5_LINK)
            CRN_TRY(read_link(&group, message->body, err));
    }
    if (node->child_count > 1)
        qsort(node->children, node->child_count, sizeof *node->children, compare_nodes);
    for (size_t i = 1; i < node->child_count; i++)
        if (compare_nodes(&node->children[i - 1], &node->children[i]) == 0)
            return crn_fail_at(err, CRN_FORMAT, node->offset,
                               "two HDF5 links are called \"%s\"", node->children[i]->name);
    return CRN_OK;
}
