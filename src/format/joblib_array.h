/* SPDX-License-Identifier: BSD-3-Clause */
/* The arrays that joblib keeps outside the pickle proper: behind a wrapper's BUILD, or in files
 * beside. */
#ifndef CRN_FORMAT_JOBLIB_ARRAY_H
#define CRN_FORMAT_JOBLIB_ARRAY_H

#include "format/pickle_machine.h"

typedef enum crn_wrapper_kind {
    CRN_NO_WRAPPER,
    CRN_NUMPY_ARRAY_WRAPPER, /* joblib >= 0.10: the bytes follow */
    CRN_NDARRAY_WRAPPER,     /* joblib <= 0.9: an .npy file beside the pickle */
    CRN_ZNDARRAY_WRAPPER     /* joblib <= 0.9, compressed: a zlib file of the bare bytes */
} crn_wrapper_kind;

/* By the class of an instance, in joblib or in scikit-learn's bundled copy of it. */
crn_wrapper_kind crn_wrapper_kind_of(const crn_object *object);

/* How the file held an array (crn_instance.stored). */
typedef struct crn_stored_array {
    const void *bytes; /* as they lie in the file; NULL for object arrays and companion files */
    size_t size;
    crn_object *nested; /* the root of an object array's own pickle; else NULL */
    int nested_protocol;
    bool nested_framed;
    crn_object
        *dtype; /* of records in a companion file, whose wrapper does not tell it; else NULL */
} crn_stored_array;

/* What the reader of a joblib file knows while it runs. */
typedef struct crn_joblib_reader {
    crn_buffer *file;      /* the stream's bytes, kept by the document */
    const char *directory; /* of companion files; NULL: none are read */
    const crn_limits *limits;
    bool found_wrapper; /* of joblib >= 0.10 */
    bool found_legacy;  /* of joblib <= 0.9 */
    bool found_plain;   /* an array as pickle.dump writes it */
    int alignment;      /* of the first wrapper; 0: it has no such key */
} crn_joblib_reader;

/* The `made` hook of a joblib stream, whose context is a crn_joblib_reader: gives a wrapper its
 * array. */
crn_status crn_joblib_made(crn_pickle_stream *stream, crn_object *object, crn_error *err);

#endif
