/* SPDX-License-Identifier: BSD-3-Clause */
/* numpy.dtype objects of pickles, and arrays made of raw bytes that such a dtype describes. */
#ifndef CRN_FORMAT_NUMPY_DTYPE_H
#define CRN_FORMAT_NUMPY_DTYPE_H

#include "format/object.h"

typedef struct crn_numpy_dtype {
    crn_dtype
        dtype; /* CRN_RECORD: structured, or a type that we carry but cannot compute with */
    int64_t itemsize;
    int64_t swapped;          /* bytes of each unit that lies in big-endian order; 0: none */
    const crn_object *fields; /* of a structured dtype, {name: (dtype, offset)}; else NULL */
} crn_numpy_dtype;

/* A Python int or bool. What describes a NumPy object must not be a NumPy scalar itself: that
 * would need a dtype again, without end. */
bool crn_numpy_plain_int(const crn_object *object, int64_t *out);

/* Reads a recorded numpy.dtype(code, align, copy) with its state. */
crn_status crn_numpy_dtype_read(const crn_object *object, crn_numpy_dtype *out, crn_error *err);

/* A field of a structured dtype and its offset in the record. CRN_NOT_FOUND when there is none.
 */
crn_status crn_numpy_dtype_field(const crn_numpy_dtype *record, const char *name,
                                 crn_numpy_dtype *field, int64_t *offset, crn_error *err);

/* A tuple of lengths, of at most CRN_MAX_NDIM axes. */
crn_status crn_numpy_shape_read(const crn_object *object, int32_t *ndim, int64_t *shape,
                                crn_error *err);

/* Raw bytes as NumPy keeps them. */
typedef struct crn_numpy_raw {
    crn_numpy_dtype dtype;
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    bool fortran; /* the first axis runs fastest */
    const void *bytes;
    size_t size;
} crn_numpy_raw;

/* The number of bytes that dtype and shape want; sets raw->size. */
crn_status crn_numpy_raw_measure(crn_numpy_raw *raw, crn_error *err);

/* The array: a view that retains `owner` when the bytes are in native order and aligned for
 * their type, else (or without an owner) a copy. */
crn_status crn_numpy_raw_array(const crn_numpy_raw *raw, crn_buffer *owner, crn_array *out,
                               crn_error *err);

#endif
