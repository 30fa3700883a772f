/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of the HDF5 writer share. The file is appended to in one pass, what is pointed
 * to before what points to it: strings, then for each node from the last to the first its data
 * and its header. Only the superblock is set in afterwards. Only src/format/hdf5_write*.c
 * include this. */
#ifndef CRN_FORMAT_HDF5_WRITER_H
#define CRN_FORMAT_HDF5_WRITER_H

#include "format/hdf5_reader.h"

enum { CRN_H5_ADDRESS = 8, CRN_H5_SUPERBLOCK = 96 }; /* bytes */
/* The defaults of libhdf5: a symbol node holds up to 2 x 4 members, a B-tree node up to 2 x 16
 * children. */
enum { CRN_H5_LEAF_K = 4, CRN_H5_INTERNAL_K = 16 };

/* Where a string lies in the global heap. Empty ones do too: h5dump shows others as NULL. */
typedef struct crn_h5_reference {
    uint64_t collection;
    uint32_t index;
} crn_h5_reference;

typedef struct crn_h5_writer {
    crn_text *out;                /* its size is the next address */
    uint64_t *header;             /* address of each node's object header, by index */
    crn_h5_reference *references; /* of all variable-length strings, in the order of writing */
    size_t reference_count, reference_capacity;
    size_t next_reference;
} crn_h5_writer;

void crn_h5_put(crn_text *out, uint64_t value, unsigned size); /* little-endian */
void crn_h5_put_zeros(crn_text *out, size_t count);
void crn_h5_put_padding(crn_text *out); /* zeros up to a multiple of 8 */

/* ---- hdf5_write_heap.c ---- */

/* Writes all variable-length strings and notes where they are. */
crn_status crn_h5_write_strings(crn_h5_writer *writer, const crn_h5 *h5, crn_error *err);

/* ---- hdf5_write_message.c ---- */

/* The messages of an object header that is being made. */
typedef struct crn_h5_messages {
    crn_text bytes;
    size_t count;
} crn_h5_messages;

crn_status crn_h5_add_message(crn_h5_messages *messages, uint16_t type, uint8_t flags,
                              const crn_text *body, crn_error *err);
void crn_h5_put_array_type(crn_text *out, crn_dtype dtype);
void crn_h5_put_text_type(crn_text *out, const crn_h5_attribute *text);
void crn_h5_put_shape(crn_text *out, int32_t ndim, const int64_t *shape);
void crn_h5_put_text_shape(crn_text *out, const crn_h5_attribute *text);
/* All strings as they are stored: fixed width, or references. */
void crn_h5_put_text(crn_h5_writer *writer, crn_text *out, const crn_h5_attribute *text);
void crn_h5_put_array(crn_text *out, const crn_array *array);
crn_status crn_h5_add_attributes(crn_h5_writer *writer, crn_h5_messages *messages,
                                 const crn_h5_node *node, crn_error *err);

/* ---- hdf5_write_group.c ---- */

/* The members of a group: local heap, symbol nodes, B-tree. `body` gets the symbol table
 * message. */
crn_status crn_h5_write_members(crn_h5_writer *writer, const crn_h5_node *group, crn_text *body,
                                crn_error *err);

#endif
