/* SPDX-License-Identifier: BSD-3-Clause */
/* HDF5, the subset that Keras, h5py and their users' repacking produce (docs/formats/hdf5.md):
 * superblocks 0 to 3, both group styles, contiguous, compact and chunked data, deflate, shuffle
 * and fletcher32. The reader works over one bounded buffer and refuses links that leave the
 * file, external and virtual storage and foreign filters before it touches data. The writer
 * emits what h5py writes: superblock 0, symbol tables, contiguous data. */
#ifndef CRN_FORMAT_HDF5_H
#define CRN_FORMAT_HDF5_H

#include "base/dtype.h"
#include "base/memory.h"
#include "base/text.h"

/* A tree of groups, datasets and attributes; owns all of it. */
typedef struct crn_h5 crn_h5;
typedef struct crn_h5_node crn_h5_node;

/* An attribute, or the content of a text dataset: numbers, or one string (scalar), or a list of
 * them. */
typedef struct crn_h5_attribute {
    const char *name;
    bool is_text;
    bool is_scalar;      /* text: scalar dataspace */
    bool variable;       /* text: variable-length strings */
    bool utf8;           /* text: character set UTF-8, else ASCII */
    size_t text_count;   /* text: number of strings; several axes are flattened */
    const char **text;   /* text: each NUL-terminated */
    size_t *text_size;   /* text: bytes of each, without padding, up to a NUL as in h5py */
    crn_array array;     /* numbers: dense, native byte order; lives as long as the tree */
    const char *refused; /* why the value could not be read (its type ...); NULL: it was */
} crn_h5_attribute;

struct crn_h5_node {
    const char *name; /* last part of the path; "" for the root */
    crn_h5_node *parent;
    bool is_dataset;
    crn_h5_node **children; /* of a group, in name order, as HDF5 iterates */
    size_t child_count, child_capacity;
    crn_h5_attribute *attributes;
    size_t attribute_count, attribute_capacity;
    crn_array array; /* of a numeric dataset: a view into the file where stored contiguously */
    crn_h5_attribute text; /* of a text dataset (is_text) */
    const char *refused;   /* why a dataset could not be read; NULL: it was */
    uint64_t offset;       /* of its object header in the file, for messages */
    size_t index; /* among all nodes of the tree, the root 0, parents before children */
};

bool crn_h5_sniff(const uint8_t *bytes, size_t size); /* signature at 0, 512, 1024, ... */

/* Reads all metadata and chunked data; contiguous data stays in `file`, which is retained. A
 * dataset or attribute of a type or filter that we do not support is kept with a reason in
 * `refused`; soft and external links, external storage and virtual datasets refuse the file
 * (err->where is their path). */
crn_status crn_h5_read(crn_buffer *file, const crn_limits *limits, crn_h5 **out,
                       crn_error *err);
/* An empty file to be filled and written. */
crn_status crn_h5_create(crn_h5 **out, crn_error *err);
void crn_h5_destroy(crn_h5 *h5); /* NULL is fine */

crn_h5_node *crn_h5_root(crn_h5 *h5);
/* By path relative to `from` ("model_weights/dense"); NULL when there is none. */
crn_h5_node *crn_h5_find(const crn_h5_node *from, const char *path);
/* The path from the root, "layers/dense/vars/0"; "/" for the root itself. */
void crn_h5_path(const crn_h5_node *node, crn_text *out);
/* The numbers of a dataset, as one more reference to its memory. Fails, with the path in
 * err->where, for groups (CRN_FORMAT), text (CRN_DTYPE) and datasets that could not be read
 * (CRN_UNSUPPORTED). */
crn_status crn_h5_dataset_array(const crn_h5_node *node, crn_array *out, crn_error *err);
const crn_h5_attribute *crn_h5_attribute_find(const crn_h5_node *node, const char *name);
/* One string: scalar or one element, fixed or variable; NULL otherwise. */
const char *crn_h5_attribute_text(const crn_h5_node *node, const char *name);

/* ---- building ---- */

/* The group at a path, made with its parents where missing. */
crn_status crn_h5_group(crn_h5 *h5, crn_h5_node *from, const char *path, crn_h5_node **out,
                        crn_error *err);
/* A dataset of numbers at a path; bfloat16 as Keras stores it: 2-byte opaque with an attribute
 * dtype. The array's memory is shared if it has an owner and lies in C order, else copied. */
crn_status crn_h5_dataset(crn_h5 *h5, crn_h5_node *from, const char *path,
                          const crn_array *array, crn_h5_node **out, crn_error *err);
/* Scalar variable-length string, ASCII or UTF-8 character set. */
crn_status crn_h5_set_text(crn_h5 *h5, crn_h5_node *node, const char *name, const char *text,
                           size_t size, bool utf8, crn_error *err);
/* 1-D fixed-length, null-padded ASCII strings as wide as the longest; count 0 writes an empty
 * float64 vector as h5py does. Over 64512 bytes: split into name0, name1, ... as Keras does. */
crn_status crn_h5_set_names(crn_h5 *h5, crn_h5_node *node, const char *name,
                            const char *const *names, size_t count, crn_error *err);
crn_status crn_h5_set_number(crn_h5 *h5, crn_h5_node *node, const char *name,
                             const crn_array *array, crn_error *err);

/* The bytes of the file: reproducible, no dates. `out` is empty; its cap, if 0, becomes that of
 * files. */
crn_status crn_h5_write(const crn_h5 *h5, crn_text *out, crn_error *err);

#endif
