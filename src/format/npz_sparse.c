/* SPDX-License-Identifier: BSD-3-Clause */
/* Sparse matrices as scipy.sparse.save_npz() keeps them (scipy/sparse/_matrix_io.py 1.17): an
 * .npz of the arrays format, shape, data, indices and indptr. */
#include <string.h>

#include "base/csr.h"
#include "format/npy.h"
#include "format/zip.h"

bool crn_npz_is_sparse(crn_buffer *file, const crn_limits *limits)
{
    crn_zip *zip = NULL;
    if (crn_zip_read(file, limits, &zip, NULL) != CRN_OK)
        return false;
    const bool sparse = crn_zip_find(zip, "format.npy") >= 0 &&
                        crn_zip_find(zip, "shape.npy") >= 0 &&
                        crn_zip_find(zip, "data.npy") >= 0;
    crn_zip_destroy(zip);
    return sparse;
}

/* ---- reading ---- */

typedef struct members {
    bool by_row;                     /* csr; else csc */
    int64_t rows, columns;           /* of the matrix */
    crn_array data, indices, indptr; /* (stored), int64 (stored), int64 (lines + 1) */
} members;

static void free_members(members *m)
{
    crn_array_free(&m->data);
    crn_array_free(&m->indices);
    crn_array_free(&m->indptr);
}

static crn_status read_format(crn_buffer *file, const crn_limits *limits, members *m,
                              crn_error *err)
{
    crn_array format = CRN_ARRAY_INIT;
    char name[4] = "";
    CRN_TRY(crn_npz_read(file, "format", limits, &format, err));
    if (format.dtype == CRN_BYTES && format.ndim == 0 && format.itemsize == 3)
        memcpy(name, format.data, 3);
    crn_array_free(&format);
    m->by_row = strcmp(name, "csr") == 0;
    if (m->by_row || strcmp(name, "csc") == 0)
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED,
                    "a sparse matrix of format '%s': csr and csc are supported", name);
}

static crn_status read_shape(crn_buffer *file, const crn_limits *limits, members *m,
                             crn_error *err)
{
    crn_array shape = CRN_ARRAY_INIT;
    CRN_TRY(crn_npz_read(file, "shape", limits, &shape, err));
    const bool pair = crn_dtype_is_integer(shape.dtype) && crn_array_size(&shape) == 2;
    m->rows = pair ? (int64_t)crn_array_get(&shape, 0) : -1;
    m->columns = pair ? (int64_t)crn_array_get(&shape, 1) : -1;
    crn_array_free(&shape);
    if (m->rows < 0 || m->columns < 0 || m->rows > INT32_MAX || m->columns > INT32_MAX)
        return crn_fail(err, CRN_FORMAT, "a sparse matrix: its shape is no pair of lengths");
    return CRN_OK;
}

static crn_status read_integers(crn_buffer *file, const char *name, const crn_limits *limits,
                                crn_array *out, crn_error *err)
{
    crn_array given = CRN_ARRAY_INIT;
    CRN_TRY(crn_npz_read(file, name, limits, &given, err));
    crn_status status = CRN_OK;
    if (!crn_dtype_is_integer(given.dtype) || given.ndim != 1)
        status =
            crn_fail(err, CRN_FORMAT, "a sparse matrix: %s is no vector of integers", name);
    else
        status = crn_array_astype(&given, CRN_INT64, out, err);
    crn_array_free(&given);
    return status;
}

static crn_status malformed(const char *what, crn_error *err)
{
    return crn_fail(err, CRN_FORMAT, "a sparse matrix: %s", what);
}

static crn_status check_members(const members *m, crn_error *err)
{
    enum { MOST_EMPTY_ROWS = 1 << 24 };
    const int64_t lines = m->by_row ? m->rows : m->columns;
    const int64_t width = m->by_row ? m->columns : m->rows;
    const int64_t *indptr = m->indptr.data, *indices = m->indices.data;
    if (!crn_dtype_is_number(m->data.dtype) || m->data.ndim != 1)
        return malformed("data is no vector of numbers", err);
    if (m->indptr.shape[0] != lines + 1)
        return malformed("indptr does not fit its shape", err);
    if (m->indices.shape[0] != m->data.shape[0])
        return malformed("data and indices differ in length", err);
    if (!m->by_row && m->rows - m->data.shape[0] > MOST_EMPTY_ROWS)
        return crn_fail(err, CRN_LIMIT, "a sparse matrix has more than %d empty rows",
                        MOST_EMPTY_ROWS);
    bool rises = indptr[0] == 0 && indptr[lines] <= m->data.shape[0];
    for (int64_t i = 0; i < lines; i++)
        rises = rises && indptr[i] <= indptr[i + 1];
    if (!rises)
        return malformed("indptr does not rise from 0 to the length of data", err);
    for (int64_t k = 0; k < indptr[lines]; k++) {
        if (indices[k] < 0 || indices[k] >= width)
            return malformed("an index lies outside of its shape", err);
    }
    return CRN_OK;
}

/* The rows of a csr matrix, as they stand. */
static crn_status take_rows(const members *m, crn_array *out, crn_error *err)
{
    const int64_t count = ((const int64_t *)m->indptr.data)[m->rows];
    CRN_TRY(crn_csr_create(m->data.dtype, m->rows, m->columns, count, out, err));
    const crn_csr csr = crn_array_csr(out);
    memcpy(csr.indptr, m->indptr.data, (size_t)(m->rows + 1) * sizeof *csr.indptr);
    for (int64_t k = 0; k < count; k++)
        csr.indices[k] = (int32_t)((const int64_t *)m->indices.data)[k];
    if (count == 0)
        return CRN_OK;
    const crn_array stored = crn_array_rows(&m->data, 0, count);
    return crn_array_copy_to(&stored, csr.dtype, 0, csr.values, err);
}

/* The rows of a csc matrix: its entries are dealt to them, column after column. */
static crn_status deal_columns(const members *m, crn_array *out, crn_error *err)
{
    const int64_t *indptr = m->indptr.data, *indices = m->indices.data;
    const int64_t count = indptr[m->columns];
    const size_t itemsize = crn_dtype_size(m->data.dtype);
    crn_array dense = CRN_ARRAY_INIT;
    CRN_TRY(crn_array_astype(&m->data, m->data.dtype, &dense, err));
    const crn_status status =
        crn_csr_create(m->data.dtype, m->rows, m->columns, count, out, err);
    if (status == CRN_OK) {
        const crn_csr csr = crn_array_csr(out);
        /* indptr[row + 1] is where the next entry of the row goes, and so its end at last */
        for (int64_t k = 0; k < count; k++) {
            if (indices[k] + 2 <= m->rows)
                csr.indptr[indices[k] + 2]++;
        }
        for (int64_t i = 1; i <= m->rows; i++)
            csr.indptr[i] += csr.indptr[i - 1];
        for (int64_t j = 0; j < m->columns; j++) {
            for (int64_t k = indptr[j]; k < indptr[j + 1]; k++) {
                const int64_t to = csr.indptr[indices[k] + 1]++;
                csr.indices[to] = (int32_t)j;
                memcpy((char *)csr.values + (size_t)to * itemsize,
                       (const char *)dense.data + (size_t)k * itemsize, itemsize);
            }
        }
    }
    crn_array_free(&dense);
    return status;
}

crn_status crn_npz_read_sparse(crn_buffer *file, const crn_limits *limits, crn_array *out,
                               crn_error *err)
{
    members m = {0};
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(read_format(file, limits, &m, err));
    CRN_TRY_OR_DONE(read_shape(file, limits, &m, err));
    CRN_TRY_OR_DONE(crn_npz_read(file, "data", limits, &m.data, err));
    CRN_TRY_OR_DONE(read_integers(file, "indices", limits, &m.indices, err));
    CRN_TRY_OR_DONE(read_integers(file, "indptr", limits, &m.indptr, err));
    CRN_TRY_OR_DONE(check_members(&m, err));
    status = m.by_row ? take_rows(&m, out, err) : deal_columns(&m, out, err);
done:
    free_members(&m);
    return status;
}

/* ---- writing ---- */

static crn_status write_members(const crn_array *array, crn_text *out, crn_error *err)
{
    static const char *const names[] = {"indices", "indptr", "format", "shape", "data"};
    enum { MEMBERS = sizeof names / sizeof *names };
    const crn_csr csr = crn_array_csr(array);
    crn_array arrays[MEMBERS] = {
        crn_array_view_1d(csr.indices, CRN_INT32, csr.indptr[array->shape[0]]),
        crn_array_view_1d(csr.indptr, CRN_INT64, array->shape[0] + 1),
        {.data = (char[]){'c', 's', 'r'}, .dtype = CRN_BYTES, .itemsize = 3},
        crn_array_view_1d(array->shape, CRN_INT64, 2),
        crn_csr_values(array)};
    crn_array narrow = CRN_ARRAY_INIT;
    /* scipy has one type for both kinds of indices. */
    if (csr.indptr[array->shape[0]] <= INT32_MAX) {
        CRN_TRY(crn_array_astype(&arrays[1], CRN_INT32, &narrow, err));
        arrays[1] = narrow;
    }
    const crn_status status = crn_npz_write(names, arrays, MEMBERS, out, err);
    crn_array_free(&narrow);
    return status;
}

crn_status crn_npz_write_sparse(const crn_array *array, crn_text *out, crn_error *err)
{
    crn_array from_zero = CRN_ARRAY_INIT;
    CRN_TRY(crn_csr_check(array, err));
    CRN_TRY(crn_csr_copy(array, &from_zero, err));
    const crn_status status = write_members(&from_zero, out, err);
    crn_array_free(&from_zero);
    return status;
}
