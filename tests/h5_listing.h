/* SPDX-License-Identifier: BSD-3-Clause */
/* An HDF5 tree as text, one line for each group, dataset and attribute.
 * tools/make_hdf5_golden.py writes the same from what h5py reads, so that whole files
 * are compared as two texts. */
#ifndef CRN_TESTS_H5_LISTING_H
#define CRN_TESTS_H5_LISTING_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "format/hdf5.h"

/* Size, checksum and the first bytes of a string. */
static inline void list_string(crn_text *out, const char *text, size_t size)
{
    enum { SHOWN = 24 };
    crn_text_printf(out, " %zu %08lx '", size, crc32(0, (const Bytef *)text, (uInt)size));
    for (size_t i = 0; i < size && i < SHOWN; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte > 0x7e || byte == '\'' || byte == '\\')
            crn_text_printf(out, "\\x%02x", byte);
        else
            crn_text_add_char(out, (char)byte);
    }
    crn_text_add_string(out, "'");
}

static inline void list_value(crn_text *out, const char *refused, const crn_h5_attribute *text,
                              const crn_array *array)
{
    if (refused != NULL) {
        crn_text_add_string(out, " refused\n");
        return;
    }
    if (text->is_text) {
        crn_text_printf(out, " text %s %s %s %zu", text->variable ? "variable" : "fixed",
                        text->utf8 ? "utf8" : "ascii", text->is_scalar ? "scalar" : "list",
                        text->text_count);
        for (size_t i = 0; i < text->text_count; i++)
            list_string(out, text->text[i], text->text_size[i]);
        crn_text_add_char(out, '\n');
        return;
    }
    crn_text_printf(out, " %s (", crn_dtype_name(array->dtype));
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(out, "%" PRId64 ",", array->shape[i]);
    size_t size = (size_t)(crn_array_size(array) * array->itemsize);
    crn_text_printf(out, ") %08lx\n", crc32(0, (const Bytef *)array->data, (uInt)size));
}

static inline int list_order(const void *a, const void *b)
{
    return strcmp((*(const crn_h5_attribute *const *)a)->name,
                  (*(const crn_h5_attribute *const *)b)->name);
}

static inline void list_attributes(crn_text *out, const crn_h5_node *node)
{
    const crn_h5_attribute **sorted = calloc(node->attribute_count + 1, sizeof *sorted);
    for (size_t i = 0; sorted != NULL && i < node->attribute_count; i++)
        sorted[i] = &node->attributes[i];
    if (sorted != NULL)
        qsort(sorted, node->attribute_count, sizeof *sorted, list_order);
    for (size_t i = 0; sorted != NULL && i < node->attribute_count; i++) {
        crn_h5_path(node, out);
        crn_text_printf(out, " @%s", sorted[i]->name);
        list_value(out, sorted[i]->refused, sorted[i], &sorted[i]->array);
    }
    free(sorted);
}

/* In depth-first order, the members of a group by name. Test files are not deep. */
static inline void list_node(crn_text *out, const crn_h5_node *node)
{
    crn_h5_path(node, out);
    if (node->is_dataset)
        list_value(out, node->refused, &node->text, &node->array);
    else
        crn_text_add_string(out, " group\n");
    list_attributes(out, node);
    for (size_t i = 0; i < node->child_count; i++)
        list_node(out, node->children[i]);
}

#endif
