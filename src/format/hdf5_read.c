/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading an HDF5 file: find the superblock, then walk the objects from the root group on. The
 * walk keeps its own list instead of recursing: nodes are appended while the ones before them
 * are read. HDF5 File Format Specification 3.0, II. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "format/hdf5_reader.h"

static const uint8_t signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

/* ---- superblock ---- */

/* The signature is at 0, or behind a user block of 512, 1024, 2048 ... bytes. */
static bool find_signature(const uint8_t *bytes, size_t size, size_t *at)
{
    for (*at = 0; *at < size && size - *at >= sizeof signature;
         *at = *at == 0 ? 512 : *at * 2) {
        if (memcmp(bytes + *at, signature, sizeof signature) == 0)
            return true;
        if (*at > SIZE_MAX / 2)
            break;
    }
    return false;
}

bool crn_h5_sniff(const uint8_t *bytes, size_t size)
{
    size_t at;
    return find_signature(bytes, size, &at);
}

static crn_status read_widths(crn_h5_reader *reader, crn_bytes *in, crn_error *err)
{
    CRN_TRY(crn_bytes_u8(in, &reader->offset_size, err));
    CRN_TRY(crn_bytes_u8(in, &reader->length_size, err));
    uint8_t offset = reader->offset_size, length = reader->length_size;
    if ((offset != 2 && offset != 4 && offset != 8) ||
        (length != 2 && length != 4 && length != 8))
        return crn_fail_at(err, CRN_UNSUPPORTED, in->base,
                           "HDF5 addresses of %d and lengths of %d bytes are not supported",
                           offset, length);
    return CRN_OK;
}

/* Versions 0 and 1: the root group is the object of a symbol table entry. */
static crn_status read_superblock_v0(crn_h5_reader *reader, crn_bytes *in, uint8_t version,
                                     uint64_t *base, uint64_t *end, crn_error *err)
{
    uint64_t unused;
    CRN_TRY(crn_h5_skip(in, 4, err)); /* versions of the parts, all 0 */
    CRN_TRY(read_widths(reader, in, err));
    CRN_TRY(crn_h5_skip(in, version == 0 ? 9 : 13, err)); /* sizes of B-trees, flags */
    CRN_TRY(crn_h5_offset(reader, in, base, err));
    CRN_TRY(crn_h5_offset(reader, in, &unused, err)); /* free space */
    CRN_TRY(crn_h5_offset(reader, in, end, err));
    CRN_TRY(crn_h5_offset(reader, in, &unused, err)); /* driver information */
    CRN_TRY(crn_h5_length(reader, in, &unused, err)); /* the root has no name */
    return crn_h5_offset(reader, in, &reader->root, err);
}

static crn_status read_superblock_v2(crn_h5_reader *reader, crn_bytes *in, uint64_t *base,
                                     uint64_t *end, crn_error *err)
{
    uint64_t unused;
    CRN_TRY(read_widths(reader, in, err));
    CRN_TRY(crn_h5_skip(in, 1, err)); /* flags */
    CRN_TRY(crn_h5_offset(reader, in, base, err));
    CRN_TRY(crn_h5_offset(reader, in, &unused, err)); /* extension */
    CRN_TRY(crn_h5_offset(reader, in, end, err));
    CRN_TRY(crn_h5_offset(reader, in, &reader->root, err));
    CRN_TRY(crn_h5_skip(in, 4, err)); /* checksum */
    if (!crn_h5_checksum_holds(in->data, in->position))
        return crn_fail_at(err, CRN_FORMAT, in->base,
                           "the checksum of the HDF5 superblock does not hold");
    return CRN_OK;
}

static crn_status read_superblock(crn_h5_reader *reader, crn_error *err)
{
    crn_bytes in = reader->bytes;
    uint64_t base, end;
    uint8_t version;
    CRN_TRY(crn_h5_skip(&in, sizeof signature, err));
    CRN_TRY(crn_bytes_u8(&in, &version, err));
    if (version > 3)
        return crn_fail_at(err, CRN_UNSUPPORTED, in.base,
                           "version %d of the HDF5 superblock is not supported", version);
    if (version < 2)
        CRN_TRY(read_superblock_v0(reader, &in, version, &base, &end, err));
    else
        CRN_TRY(read_superblock_v2(reader, &in, &base, &end, err));
    /* The end counts from the start of the file, user block and all. */
    if (end < base || end - base > reader->bytes.size)
        return crn_fail_at(err, CRN_FORMAT, in.base,
                           "truncated file: the HDF5 superblock says that it has %" PRIu64
                           " bytes, it has %zu",
                           end, reader->bytes.size);
    return CRN_OK;
}

/* ---- objects ---- */

/* A second hard link to a dataset shares what was read; to a group it would make a cycle or a
 * bush. */
static crn_status share_object(crn_h5_reader *reader, const crn_h5_node *seen,
                               crn_h5_node *node, crn_error *err)
{
    enum { LEAST_ATTRIBUTE = 24 }; /* bytes of one in a file */
    if (!seen->is_dataset)
        return crn_fail_at(err, CRN_UNSUPPORTED, node->offset,
                           "several HDF5 links to one group are not supported");
    CRN_TRY(crn_h5_charge(reader, seen->attribute_count * LEAST_ATTRIBUTE, err));
    node->is_dataset = true;
    node->array = crn_array_share(&seen->array);
    node->text = seen->text;
    node->refused = seen->refused;
    for (size_t i = 0; i < seen->attribute_count; i++) {
        crn_h5_attribute *attribute;
        CRN_TRY(crn_h5_attribute_add(node, &attribute, err));
        *attribute = seen->attributes[i];
    }
    return CRN_OK;
}

static bool is_group(const crn_h5_header *header)
{
    return crn_h5_message_find(header, CRN_H5_SYMBOL_TABLE) != NULL ||
           crn_h5_message_find(header, CRN_H5_LINK_INFO) != NULL ||
           crn_h5_message_find(header, CRN_H5_LINK) != NULL;
}

/* node->offset is still the address as its link has it. */
static crn_status read_object(crn_h5_reader *reader, crn_h5_node *node, crn_error *err)
{
    const uint64_t address = node->offset;
    crn_h5_header header = {0};
    crn_h5_node *seen = crn_h5_map_get(&reader->nodes, address);
    node->offset = reader->bytes.base + address;
    if (seen != NULL)
        return share_object(reader, seen, node, err);
    CRN_TRY(crn_h5_map_put(&reader->nodes, address, node, err));

    crn_status status;
    CRN_TRY_OR_DONE(crn_h5_header_read(reader, address, &header, err));
    CRN_TRY_OR_DONE(crn_h5_attributes_read(reader, &header, node, err));
    if (is_group(&header))
        CRN_TRY_OR_DONE(crn_h5_group_read(reader, &header, node, err));
    else
        CRN_TRY_OR_DONE(crn_h5_dataset_read(reader, &header, node, err));
done:
    crn_h5_header_free(&header);
    return status;
}

static crn_status check_depth(const crn_h5_reader *reader, const crn_h5_node *node,
                              crn_error *err)
{
    uint64_t depth = 0;
    for (const crn_h5_node *at = node; at->parent != NULL; at = at->parent)
        if (++depth > reader->limits.nesting)
            return crn_fail_at(
                err, CRN_LIMIT, node->offset,
                "HDF5 groups are nested deeper than the limit nesting = %" PRIu64,
                reader->limits.nesting);
    return CRN_OK;
}

static crn_status read_objects(crn_h5_reader *reader, crn_error *err)
{
    crn_h5 *h5 = reader->h5;
    h5->nodes[0]->offset = reader->root;
    for (size_t i = 0; i < h5->node_count; i++) {
        crn_h5_node *node = h5->nodes[i];
        crn_status status = check_depth(reader, node, err);
        if (status == CRN_OK)
            status = read_object(reader, node, err);
        if (status != CRN_OK)
            return crn_h5_where(node, status, err);
    }
    if (h5->nodes[0]->is_dataset)
        return crn_fail_at(err, CRN_FORMAT, h5->nodes[0]->offset,
                           "the HDF5 root is not a group");
    return CRN_OK;
}

/* ---- the whole file ---- */

crn_status crn_h5_read(crn_buffer *file, const crn_limits *limits, crn_h5 **out, crn_error *err)
{
    enum { PASSES = 4, SMALL_FILE = 64 * 1024 };
    const uint8_t *data = crn_buffer_data(file);
    const size_t size = crn_buffer_size(file);
    size_t at;
    crn_h5_reader reader = {.file = file, .limits = crn_limits_complete(limits)};
    if (size > reader.limits.file_bytes)
        return crn_fail(err, CRN_LIMIT,
                        "the file has %zu bytes, over the limit file_bytes = %" PRIu64, size,
                        reader.limits.file_bytes);
    if (!find_signature(data, size, &at))
        return crn_fail_at(err, CRN_FORMAT, 0, "not an HDF5 file: no HDF5 signature");
    reader.bytes = crn_bytes_of(data + at, size - at);
    reader.bytes.base = at;
    reader.budget = PASSES * (uint64_t)reader.bytes.size + SMALL_FILE;

    crn_status status = crn_h5_tree_create(reader.limits.memory_bytes, &reader.h5, err);
    if (status == CRN_OK)
        status = read_superblock(&reader, err);
    if (status == CRN_OK)
        status = read_objects(&reader, err);
    free(reader.nodes.slots);
    free(reader.heaps.slots);
    if (status == CRN_OK)
        *out = reader.h5;
    else
        crn_h5_destroy(reader.h5);
    return status;
}
