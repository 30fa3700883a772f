/* SPDX-License-Identifier: BSD-3-Clause */
/* Pickles and joblib files <-> documents of Python values.
 *
 * The reader is a virtual machine with the whole opcode set of protocols 0-5 that calls
 * nothing: GLOBAL, REDUCE, NEWOBJ, BUILD, INST, OBJ are recorded as objects. Arrays of an
 * uncompressed joblib file stay in place, as views into the mapped file. A document that was
 * not touched is written as the same bytes. */
#ifndef CRN_FORMAT_PICKLE_H
#define CRN_FORMAT_PICKLE_H

#include "format/object.h"

typedef enum crn_codec {
    CRN_CODEC_NONE,
    CRN_CODEC_ZLIB,
    CRN_CODEC_GZIP,
    CRN_CODEC_BZ2,
    CRN_CODEC_LZMA,
    CRN_CODEC_XZ,
    CRN_CODEC_LZ4,
    CRN_CODEC_ZFILE /* joblib <= 0.9 */
} crn_codec;

const char *crn_codec_name(crn_codec codec); /* joblib's name: "zlib" */

/* What joblib >= 1.2 writes as numpy_array_alignment_bytes. */
enum { CRN_JOBLIB_ALIGNMENT = 16 };

/* How a document was, or is to be, stored. Kept in crn_document.container by the reader. */
typedef struct crn_pickle_style {
    crn_codec codec;
    int level;     /* of the codec; -1: joblib's default */
    int protocol;  /* 0-5 */
    bool joblib;   /* arrays behind NumpyArrayWrapper objects; false: plain pickle.dump */
    int alignment; /* numpy_array_alignment_bytes; 0: the key is absent (joblib <= 1.1) */
    bool framed;   /* protocol >= 4: FRAME opcodes as Python's pickler writes them */
    int numpy;     /* 1: numpy.core, 2: numpy._core; 0: as the objects say */
} crn_pickle_style;

/* True when the bytes begin like a pickle or one of joblib's containers. */
bool crn_pickle_sniff(const uint8_t *bytes, size_t size);

/* Reads a file's bytes (a reference of `file` is kept by the document while arrays need it).
 * `directory` is where joblib <= 0.9 files keep companion arrays, by bare name; NULL refuses
 * those files. */
crn_status crn_pickle_read(crn_buffer *file, const char *directory, const crn_limits *limits,
                           crn_document **out, crn_error *err);

/* The style found by the reader; NULL for a document that was built. */
const crn_pickle_style *crn_document_pickle_style(const crn_document *document);

/* The bytes of the document. style NULL: as it was read (same bytes, before compression). */
crn_status crn_pickle_write(const crn_document *document, const crn_pickle_style *style,
                            crn_text *out, crn_error *err);

/* A NumPy array, scalar or dtype that the pickle holds as recorded calls (_reconstruct,
 * _frombuffer, scalar, NumpyArrayWrapper ...): decoded into `out` (which owns or shares its
 * memory). An object array whose elements are all str becomes CRN_STRING; other object arrays
 * are CRN_DTYPE. A Python list or number is converted as numpy.asarray would. */
crn_status crn_object_to_array(const crn_object *object, crn_array *out, crn_error *err);

/* The elements of an array of dtype object in C order, as a LIST, and its shape; NULL for
 * anything else. An array in Fortran order of more than one axis is NULL, too: scikit-learn has
 * none. */
const crn_object *crn_object_array_elements(const crn_object *object, int32_t *ndim,
                                            int64_t *shape);

/* One field of an array of records (a tree's nodes), in the array's shape: a strided view of
 * it, or a dense copy where the field is big-endian or not aligned. CRN_NOT_FOUND when there is
 * no such field. */
crn_status crn_object_to_field(const crn_object *object, const char *name, crn_array *out,
                               crn_error *err);

/* Several fields of the same array, which is decoded once. A name behind a '?' may be missing:
 * it gives no array. */
crn_status crn_object_to_fields(const crn_object *object, int count, const char *const *names,
                                crn_array *out, crn_error *err);

/* One field of a built array of records. */
typedef struct crn_record_field {
    const char *name;
    crn_dtype dtype; /* a number */
    int64_t offset;  /* bytes */
} crn_record_field;

/* An INSTANCE standing for a dense array of dtype CRN_RECORD whose records have these fields;
 * shares memory as crn_object_array() does. NULL when memory is out. */
crn_object *crn_object_array_of_records(crn_document *document, const crn_array *array,
                                        const crn_record_field *fields, int count);

#endif
