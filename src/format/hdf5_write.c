/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing an HDF5 file as h5py with default settings lays it out: superblock 0, version 1
 * object headers without times, symbol-table groups, contiguous data. HDF5 File Format
 * Specification 3.0, II.A and IV.A. */
#include <stdlib.h>

#include "format/hdf5_writer.h"

void crn_h5_put(crn_text *out, uint64_t value, unsigned size)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    crn_text_add_bytes(out, bytes, size);
}

void crn_h5_put_zeros(crn_text *out, size_t count)
{
    static const uint8_t zeros[64];
    for (; count > sizeof zeros; count -= sizeof zeros)
        crn_text_add_bytes(out, zeros, sizeof zeros);
    crn_text_add_bytes(out, zeros, count);
}

void crn_h5_put_padding(crn_text *out)
{
    crn_h5_put_zeros(out, (8 - out->size % 8) % 8);
}

/* ---- objects ---- */

/* The header behind everything that its messages point to. */
static crn_status write_header(crn_h5_writer *writer, const crn_h5_node *node,
                               const crn_h5_messages *messages, crn_error *err)
{
    CRN_TRY(crn_text_status(&messages->bytes, err));
    if (messages->count > UINT16_MAX || messages->bytes.size > UINT32_MAX)
        return crn_fail(err, CRN_LIMIT, "an HDF5 object has too many attributes");
    writer->header[node->index] = writer->out->size;
    crn_h5_put(writer->out, 1, 2); /* version, reserved */
    crn_h5_put(writer->out, messages->count, 2);
    crn_h5_put(writer->out, 1, 4); /* links to this object */
    crn_h5_put(writer->out, messages->bytes.size, 8);
    crn_text_add_bytes(writer->out, messages->bytes.data, messages->bytes.size);
    return CRN_OK;
}

/* Storage is allocated late and filled only if a fill value is set: libhdf5's defaults for
 * contiguous data. */
static const uint8_t fill_value[8] = {2, 2, 2, 1};

/* Puts the elements into the file. The body is the layout message: where they are and how many
 * bytes. */
static void write_elements(crn_h5_writer *writer, const crn_h5_node *node, crn_text *body)
{
    enum { LAYOUT_VERSION = 3, CONTIGUOUS = 1 };
    crn_h5_put_padding(writer->out);
    uint64_t address = writer->out->size;
    if (node->text.is_text)
        crn_h5_put_text(writer, writer->out, &node->text);
    else
        crn_h5_put_array(writer->out, &node->array);
    uint64_t size = writer->out->size - address;
    crn_h5_put_padding(writer->out);

    crn_h5_put(body, LAYOUT_VERSION, 1);
    crn_h5_put(body, CONTIGUOUS, 1);
    crn_h5_put(body, size > 0 ? address : CRN_H5_UNDEFINED, CRN_H5_ADDRESS);
    crn_h5_put(body, size, CRN_H5_ADDRESS);
}

static crn_status add_dataset(crn_h5_writer *writer, const crn_h5_node *node,
                              crn_h5_messages *messages, crn_text *body, crn_error *err)
{
    enum { CONSTANT = 1 }; /* message flag */
    if (node->text.is_text)
        crn_h5_put_text_shape(body, &node->text);
    else
        crn_h5_put_shape(body, node->array.ndim, node->array.shape);
    CRN_TRY(crn_h5_add_message(messages, CRN_H5_DATASPACE, 0, body, err));
    crn_text_clear(body);
    if (node->text.is_text)
        crn_h5_put_text_type(body, &node->text);
    else
        crn_h5_put_array_type(body, node->array.dtype);
    CRN_TRY(crn_h5_add_message(messages, CRN_H5_DATATYPE, CONSTANT, body, err));
    crn_text_clear(body);
    crn_text_add_bytes(body, fill_value, sizeof fill_value);
    CRN_TRY(crn_h5_add_message(messages, CRN_H5_FILL_VALUE, CONSTANT, body, err));
    crn_text_clear(body);
    write_elements(writer, node, body);
    return crn_h5_add_message(messages, CRN_H5_LAYOUT, 0, body, err);
}

static crn_status write_node(crn_h5_writer *writer, const crn_h5_node *node, crn_error *err)
{
    crn_h5_messages messages = {.count = 0};
    crn_text body = CRN_TEXT_INIT;
    crn_status status;
    if (node->refused != NULL)
        CRN_TRY_OR_DONE(crn_fail_at(err, CRN_UNSUPPORTED, node->offset, "%s", node->refused));
    if (node->is_dataset) {
        CRN_TRY_OR_DONE(add_dataset(writer, node, &messages, &body, err));
    } else {
        CRN_TRY_OR_DONE(crn_h5_write_members(writer, node, &body, err));
        CRN_TRY_OR_DONE(crn_h5_add_message(&messages, CRN_H5_SYMBOL_TABLE, 0, &body, err));
    }
    CRN_TRY_OR_DONE(crn_h5_add_attributes(writer, &messages, node, err));
    CRN_TRY_OR_DONE(write_header(writer, node, &messages, err));
    status = crn_text_status(writer->out, err);
done:
    crn_text_free(&messages.bytes);
    crn_text_free(&body);
    return status;
}

/* ---- superblock ---- */

static crn_status set_superblock(crn_h5_writer *writer, crn_error *err)
{
    static const uint8_t start[16] = {
        0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n',
        /* versions of superblock, free space, root, shared messages */
        0, 0, 0, 0, 0, CRN_H5_ADDRESS, CRN_H5_ADDRESS, 0};
    crn_text block = CRN_TEXT_INIT;
    crn_text_add_bytes(&block, start, sizeof start);
    crn_h5_put(&block, CRN_H5_LEAF_K, 2);
    crn_h5_put(&block, CRN_H5_INTERNAL_K, 2);
    crn_h5_put(&block, 0, 4);                             /* flags */
    crn_h5_put(&block, 0, CRN_H5_ADDRESS);                /* base address */
    crn_h5_put(&block, CRN_H5_UNDEFINED, CRN_H5_ADDRESS); /* free space */
    crn_h5_put(&block, writer->out->size, CRN_H5_ADDRESS);
    crn_h5_put(&block, CRN_H5_UNDEFINED, CRN_H5_ADDRESS); /* driver information */
    crn_h5_put(&block, 0, CRN_H5_ADDRESS);                /* the root's name */
    crn_h5_put(&block, writer->header[0], CRN_H5_ADDRESS);
    crn_h5_put_zeros(&block, CRN_H5_SUPERBLOCK - block.size); /* nothing cached */
    crn_status status = crn_text_status(&block, err);
    if (status == CRN_OK)
        memcpy(writer->out->data, block.data, CRN_H5_SUPERBLOCK);
    crn_text_free(&block);
    return status;
}

crn_status crn_h5_write(const crn_h5 *h5, crn_text *out, crn_error *err)
{
    enum { FILE_GIB = 64 }; /* the limit that readers have, see limits.h */
    crn_h5_writer writer = {.out = out};
    crn_status status;
    if (out->cap == 0)
        out->cap = (size_t)FILE_GIB << 30;
    writer.header = crn_calloc(h5->node_count, sizeof *writer.header);
    if (writer.header == NULL)
        return crn_no_memory(err);
    crn_h5_put_zeros(out, CRN_H5_SUPERBLOCK);
    CRN_TRY_OR_DONE(crn_h5_write_strings(&writer, h5, err));
    for (size_t i = h5->node_count; i-- > 0;) {
        status = write_node(&writer, h5->nodes[i], err);
        if (status != CRN_OK) {
            crn_h5_where(h5->nodes[i], status, err);
            goto done;
        }
    }
    status = set_superblock(&writer, err);
done:
    free(writer.header);
    free(writer.references);
    return status;
}
