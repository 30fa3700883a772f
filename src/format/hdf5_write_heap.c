/* SPDX-License-Identifier: BSD-3-Clause */
/* Variable-length strings into global heap collections. They are visited in the order in which
 * the nodes are written, so that the writer takes up the references one after the other. */
#include "format/hdf5_writer.h"

enum {
    LEAST_COLLECTION = 4096, /* libhdf5 makes none smaller */
    COLLECTION_HEADER = 16,
    OBJECT_HEADER = 16,
    ALIGNMENT = 8
};

/* A collection that is being filled. */
typedef struct open_collection {
    crn_text objects;
    uint32_t count;
} open_collection;

/* Writes the collection; what is left of the least size is one free object of index 0. */
static void close_collection(crn_h5_writer *writer, open_collection *open)
{
    if (open->count == 0)
        return;
    size_t used = COLLECTION_HEADER + open->objects.size;
    size_t size = used < LEAST_COLLECTION ? LEAST_COLLECTION : used;
    crn_text_add_bytes(writer->out, "GCOL\1\0\0\0", 8);
    crn_h5_put(writer->out, size, CRN_H5_ADDRESS);
    crn_text_add_bytes(writer->out, open->objects.data, open->objects.size);
    if (size - used >= OBJECT_HEADER) {
        crn_h5_put(writer->out, 0, 8);
        crn_h5_put(writer->out, size - used, CRN_H5_ADDRESS);
        used += OBJECT_HEADER;
    }
    crn_h5_put_zeros(writer->out, size - used);
    crn_text_clear(&open->objects);
    open->count = 0;
}

static crn_status add_string(crn_h5_writer *writer, open_collection *open, const char *text,
                             size_t size, crn_error *err)
{
    size_t room = OBJECT_HEADER + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (COLLECTION_HEADER + open->objects.size + room > LEAST_COLLECTION)
        close_collection(writer, open);
    crn_h5_reference reference = {.collection = writer->out->size, .index = ++open->count};
    crn_h5_put(&open->objects, reference.index, 8); /* no counted references */
    crn_h5_put(&open->objects, size, CRN_H5_ADDRESS);
    crn_text_add_bytes(&open->objects, text, size);
    crn_h5_put_padding(&open->objects);
    CRN_TRY(crn_grow((void **)&writer->references, &writer->reference_capacity,
                     writer->reference_count, sizeof *writer->references, err));
    writer->references[writer->reference_count++] = reference;
    return CRN_OK;
}

static crn_status add_text(crn_h5_writer *writer, open_collection *open,
                           const crn_h5_attribute *text, crn_error *err)
{
    for (size_t i = 0; text->is_text && text->variable && i < text->text_count; i++) {
        if (text->text_size[i] > UINT32_MAX)
            return crn_fail(err, CRN_LIMIT, "HDF5 strings hold at most 4 GiB");
        CRN_TRY(add_string(writer, open, text->text[i], text->text_size[i], err));
    }
    return CRN_OK;
}

crn_status crn_h5_write_strings(crn_h5_writer *writer, const crn_h5 *h5, crn_error *err)
{
    open_collection open = {.count = 0};
    crn_status status = CRN_OK;
    open.objects.cap = writer->out->cap;
    for (size_t i = h5->node_count; i-- > 0 && status == CRN_OK;) {
        const crn_h5_node *node = h5->nodes[i];
        status = add_text(writer, &open, &node->text, err);
        for (size_t j = 0; j < node->attribute_count && status == CRN_OK; j++)
            status = add_text(writer, &open, &node->attributes[j], err);
    }
    close_collection(writer, &open);
    if (status == CRN_OK)
        status = crn_text_status(&open.objects, err);
    crn_text_free(&open.objects);
    return status;
}
