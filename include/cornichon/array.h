/* SPDX-License-Identifier: BSD-3-Clause */
/** @file array.h
 *  Arrays as they cross the API: a pointer, an element type, a shape and strides in bytes, as
 * in NumPy.
 *
 *  One struct serves both uses. With `owner == NULL` it borrows: the caller's memory must
 * outlive the call it is given to (inputs). With an owner it holds a reference to the memory,
 * which crn_array_free() drops (outputs). Copying the struct copies no reference: free one of
 * the copies.
 *
 *      double rows[2][4] = {{5.1, 3.5, 1.4, 0.2}, {6.2, 2.9, 4.3, 1.3}};
 *      crn_array x = crn_array_view_2d(rows, CRN_FLOAT64, 2, 4);
 *      crn_array y = CRN_ARRAY_INIT;
 *      crn_model_predict(model, CRN_PREDICT, &x, &y, &err);
 *      ...
 *      crn_array_free(&y);
 *
 *  Thread safety: an array is a plain value; reading one from several threads is safe. */
#ifndef CORNICHON_ARRAY_H
#define CORNICHON_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cornichon/limits.h"
#include "cornichon/status.h"

CRN_BEGIN_DECLS

/** Element types: enumerator, number, NumPy's name, bytes (0: set per array by `itemsize`). */
#define CRN_DTYPE_MAP(X)                                                                       \
    X(BOOL, 1, "bool", 1)                                                                      \
    X(INT8, 2, "int8", 1)                                                                      \
    X(INT16, 3, "int16", 2)                                                                    \
    X(INT32, 4, "int32", 4)                                                                    \
    X(INT64, 5, "int64", 8)                                                                    \
    X(UINT8, 6, "uint8", 1)                                                                    \
    X(UINT16, 7, "uint16", 2)                                                                  \
    X(UINT32, 8, "uint32", 4)                                                                  \
    X(UINT64, 9, "uint64", 8)                                                                  \
    X(FLOAT16, 10, "float16", 2)                                                               \
    X(BFLOAT16, 11, "bfloat16", 2)                                                             \
    X(FLOAT32, 12, "float32", 4)                                                               \
    X(FLOAT64, 13, "float64", 8)                                                               \
    X(COMPLEX64, 14, "complex64", 8)                                                           \
    X(COMPLEX128, 15, "complex128", 16)                                                        \
    X(STRING, 16, "str", 0)                                                                    \
    X(BYTES, 17, "bytes", 0)                                                                   \
    X(RECORD, 18, "void", 0)                                                                   \
    X(OBJECT, 19, "object", 24)                                                                \
    X(DATETIME, 20, "datetime64", 8)                                                           \
    X(CSR, 21, "csr", 0)

/** CRN_STRING is NumPy's `<U`: fixed width, UTF-32 in the machine's byte order, padded with
 * NULs; itemsize is 4 x the longest length. CRN_BYTES is NumPy's `S`. CRN_OBJECT is an array of
 * crn_cell, for rows of mixed values. CRN_RECORD (structured) arrays only occur inside files,
 * never as inputs or outputs of a model. */
typedef enum crn_dtype {
    CRN_NO_DTYPE = 0,
#define CRN_DTYPE_ENUM(name, number, text, size) CRN_##name = number,
    CRN_DTYPE_MAP(CRN_DTYPE_ENUM)
#undef CRN_DTYPE_ENUM
} crn_dtype;

/** What a cell holds. All-zero is None. */
typedef enum crn_cell_kind {
    CRN_CELL_NONE = 0,  /**< Python's None; a missing float is a CRN_CELL_FLOAT that is NaN */
    CRN_CELL_BOOL = 1,  /**< as.integer is 0 or 1 */
    CRN_CELL_INT = 2,   /**< as.integer */
    CRN_CELL_FLOAT = 3, /**< as.real */
    CRN_CELL_TEXT = 4,  /**< as.text: `size` bytes of UTF-8, without a NUL behind them */
    CRN_CELL_LIST = 5,  /**< as.items: `size` cells */
    CRN_CELL_DICT =
        6 /**< as.items: `size` entries, 2 x size cells: key, value, key, value ... */
} crn_cell_kind;

/** One Python value: an element of a CRN_OBJECT array. Lists and dicts stand in arrays whose
 * rows are single cells, for models that take such rows (a DictVectorizer takes dicts, a
 * MultiLabelBinarizer lists of labels).
 *
 *      crn_cell row[] = {{CRN_CELL_TEXT, {.text = "Lima"}, 4}, {CRN_CELL_FLOAT, {.real = 7.5}, 0}};
 *      crn_array x = crn_array_view_2d(row, CRN_OBJECT, 1, 2);
 *
 * A cell points to its text or items. In an array with an owner they belong to that owner and
 * go with it; in a borrowing array they are the caller's, and must outlive the call. */
typedef struct crn_cell {
    crn_cell_kind kind;
    union {
        int64_t integer;
        double real;
        const char *text;
        const struct crn_cell *items;
    } as;
    uint64_t size; /**< of a text, in bytes; of a list or dict, in entries; else 0 */
} crn_cell;

/** What `data` of a CRN_CSR array points at: scipy.sparse's csr_matrix. Row i has the values
 * [indptr[i], indptr[i + 1]); those that stand in the same column are added. Inputs are never
 * written. */
typedef struct crn_csr {
    int64_t *indptr;  /**< [rows + 1], rising; need not begin with 0 */
    int32_t *indices; /**< columns, in any order */
    void *values;     /**< numbers of `dtype` */
    crn_dtype dtype;
} crn_csr;

/** An array or a view of one. All-zero is "no array". A sparse matrix has dtype CRN_CSR, shape
 * (rows, columns), a crn_csr as its data, and in strides[0] the number of the crn_csr's row that
 * is its first (crn_array_rows() raises it). Models take one wherever they take a matrix, and
 * transformers whose result is sparse in Python give one; crn_array_astype() makes it dense. */
typedef struct crn_array {
    void *data; /**< first element; NULL: no array */
    crn_dtype dtype;
    int32_t ndim; /**< 0..CRN_MAX_NDIM; 0 is a scalar */
    int64_t itemsize;
    int64_t shape[CRN_MAX_NDIM];
    int64_t strides[CRN_MAX_NDIM]; /**< bytes; may be negative; 0 repeats */
    struct crn_buffer *owner;      /**< reference that crn_array_free() drops; NULL: borrowed */
} crn_array;

#ifdef __cplusplus
#define CRN_ARRAY_INIT                                                                         \
    {                                                                                          \
    }
#else
#define CRN_ARRAY_INIT                                                                         \
    {                                                                                          \
        0                                                                                      \
    }
#endif

/** NumPy's name of a dtype: "float64"; "?" for a number outside the enum. Thread-safe. */
CRN_API const char *crn_dtype_name(crn_dtype dtype);

/** Bytes of one element; 0 for CRN_STRING, CRN_BYTES, CRN_RECORD and unknown numbers.
 * Thread-safe. */
CRN_API size_t crn_dtype_size(crn_dtype dtype);

/** Borrows `data` as a C-contiguous vector of n elements. dtype must have a fixed size. Never
 * fails. */
CRN_API crn_array crn_array_view_1d(const void *data, crn_dtype dtype, int64_t n);

/** Borrows `data` as a C-contiguous (rows, columns) matrix. dtype must have a fixed size. Never
 * fails. */
CRN_API crn_array crn_array_view_2d(const void *data, crn_dtype dtype, int64_t rows,
                                    int64_t columns);

/** Borrows a sparse matrix as an array. Never fails. */
CRN_API crn_array crn_array_view_csr(const crn_csr *csr, int64_t rows, int64_t columns);

/** Allocates a C-contiguous array of zeros. itemsize: bytes of an element for CRN_STRING and
 * CRN_BYTES, ignored (may be 0) for the others. *out owns its memory. Errors: CRN_NO_MEMORY,
 * CRN_ARGUMENT. */
CRN_API CRN_MUST_CHECK crn_status crn_array_create(crn_dtype dtype, int64_t itemsize,
                                                   int32_t ndim, const int64_t *shape,
                                                   crn_array *out, crn_error *err);

/** Copies `in` to a new C-contiguous array of `dtype`, converting elements as NumPy's astype
 * does (float to integer truncates; numbers and strings are not converted into each other:
 * CRN_DTYPE). Any of them becomes CRN_OBJECT; cells become numbers where Python's float() takes
 * them, and None becomes NaN. A copy of cells owns its texts and lists. A sparse matrix becomes
 * dense, or is copied as CRN_CSR. Errors: CRN_NO_MEMORY, CRN_DTYPE, CRN_ARGUMENT ("could not
 * convert string to float: 'x'", a malformed sparse matrix). */
CRN_API CRN_MUST_CHECK crn_status crn_array_astype(const crn_array *in, crn_dtype dtype,
                                                   crn_array *out, crn_error *err);

/** Number of elements: the product of the shape; 1 for a scalar. Never fails. */
CRN_API int64_t crn_array_size(const crn_array *array);

/** True when the elements lie in C order without gaps. */
CRN_API bool crn_array_is_contiguous(const crn_array *array);

/** Rows [begin, end) of the first axis, borrowed from `array`. The caller keeps 0 <= begin <=
 * end <= shape[0]. */
CRN_API crn_array crn_array_rows(const crn_array *array, int64_t begin, int64_t end);

/** Drops the reference, if any, and zeroes the struct. NULL and borrowed arrays are fine. */
CRN_API void crn_array_free(crn_array *array);

CRN_END_DECLS

#endif
