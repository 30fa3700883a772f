/* SPDX-License-Identifier: BSD-3-Clause */
/* csr and csc matrices of scipy.sparse (0.14 to 1.17), which pickle their attributes: data,
 * indices, indptr, _shape. Line i of a csr matrix is row i: the values data[indptr[i]:indptr[i
 * + 1]] stand in the columns indices[indptr[i]:indptr[i + 1]]; values in the same place are
 * added. csc has columns for lines. */
#include "format/scipy_sparse.h"

#include <string.h>

#include "format/numpy_dtype.h"
#include "format/pickle.h"

typedef struct sparse {
    int64_t lines, width;             /* of a csr matrix (lines, width) */
    crn_array data, indices, indptr;  /* (stored), (stored), (lines + 1) */
    int64_t line_stride, item_stride; /* in the dense matrix, in elements */
} sparse;

/* Dense matrices of up to so many elements are always made; larger ones when the file stores
 * one in so many. */
enum { ALWAYS_DENSE = 1 << 20, MOST_PER_STORED = 1024 };

/* 'r' or 'c'; 0 for other objects. */
static char format_of(const crn_object *object)
{
    static const char *const names[] = {"csr_matrix", "csr_array", "csc_matrix", "csc_array"};
    const crn_object *cls = crn_object_class(object);
    if (!crn_object_is(cls, CRN_OBJ_GLOBAL))
        return 0;
    const char *module = crn_object_text(cls->as.global.module);
    const char *name = crn_object_text(cls->as.global.name);
    if (module == NULL || name == NULL ||
        strncmp(module, "scipy.sparse", strlen("scipy.sparse")) != 0)
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return names[i][2];
    }
    return 0;
}

bool crn_object_is_sparse(const crn_object *object)
{
    return format_of(object) != 0;
}

static crn_status malformed(const crn_object *object, const char *what, crn_error *err)
{
    return crn_fail_at(err, CRN_FORMAT, object->offset, "a sparse matrix: %s", what);
}

static void sparse_free(sparse *matrix)
{
    crn_array_free(&matrix->data);
    crn_array_free(&matrix->indices);
    crn_array_free(&matrix->indptr);
}

static crn_status read_vector(const crn_object *state, const char *name, bool integers,
                              crn_array *out, crn_error *err)
{
    const crn_object *value = crn_object_get(state, name);
    if (crn_object_is_sparse(
            value)) /* sparse matrices inside of themselves would have no end */
        return crn_fail(err, CRN_FORMAT, "a sparse matrix: %s is not a vector", name);
    CRN_TRY(crn_object_to_array(value, out, err));
    const bool good = integers ? crn_dtype_is_integer(out->dtype)
                               : crn_dtype_is_integer(out->dtype) ||
                                     crn_dtype_is_float(out->dtype) || out->dtype == CRN_BOOL;
    if (!good)
        return crn_fail(err, CRN_DTYPE, "a sparse matrix: %s holds %s", name,
                        crn_dtype_name(out->dtype));
    if (out->ndim != 1)
        return crn_fail(err, CRN_FORMAT, "a sparse matrix: %s is not a vector", name);
    return CRN_OK;
}

static crn_status read_shape(const crn_object *object, char format, sparse *out, crn_error *err)
{
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    const crn_object *given = crn_object_get(object->as.instance->state, "_shape");
    if (given == NULL)
        return malformed(object, "it has no _shape", err);
    CRN_TRY(crn_numpy_shape_read(given, &ndim, shape, err));
    if (ndim != 2)
        return malformed(object, "_shape is not a pair", err);
    const bool by_row = format == 'r';
    out->lines = shape[by_row ? 0 : 1];
    out->width = shape[by_row ? 1 : 0];
    out->line_stride = by_row ? shape[1] : 1;
    out->item_stride = by_row ? 1 : shape[1];
    return CRN_OK;
}

/* Index i as an int64. */
static int64_t index_at(const crn_array *indices, int64_t i)
{
    int64_t value = -1;
    crn_array one = crn_array_rows(indices, i, i + 1);
    return crn_array_copy_to(&one, CRN_INT64, 0, &value, NULL) == CRN_OK ? value : -1;
}

static crn_status check(const crn_object *object, const sparse *matrix, crn_error *err)
{
    const int64_t stored = matrix->data.shape[0];
    if (matrix->indices.shape[0] != stored)
        return malformed(object, "data and indices differ in length", err);
    if (matrix->indptr.shape[0] - 1 != matrix->lines)
        return malformed(object, "indptr does not fit _shape", err);
    int64_t end = 0;
    for (int64_t i = 0; i <= matrix->lines; i++) {
        const int64_t begin = end;
        end = index_at(&matrix->indptr, i);
        if (end < begin || end > stored || (i == 0 && end != 0))
            return malformed(object, "indptr does not rise from 0 to the length of data", err);
    }
    for (int64_t k = 0; k < end; k++) {
        const int64_t place = index_at(&matrix->indices, k);
        if (place < 0 || place >= matrix->width)
            return malformed(object, "an index lies outside of _shape", err);
    }
    return CRN_OK;
}

static crn_status check_dense_size(const crn_object *object, const sparse *matrix,
                                   crn_error *err)
{
    const int64_t end = index_at(&matrix->indptr, matrix->lines);
    size_t cells;
    if (!crn_mul_size((size_t)matrix->lines, (size_t)matrix->width, &cells) ||
        (cells > ALWAYS_DENSE && cells / MOST_PER_STORED > (size_t)end))
        return crn_fail_at(
            err, CRN_LIMIT, object->offset,
            "a sparse matrix of %lld by %lld with %lld values is too large to be made dense",
            (long long)matrix->lines, (long long)matrix->width, (long long)end);
    return CRN_OK;
}

static void scatter(const sparse *matrix, double *dense)
{
    for (int64_t i = 0; i < matrix->lines; i++) {
        const int64_t end = index_at(&matrix->indptr, i + 1);
        for (int64_t k = index_at(&matrix->indptr, i); k < end; k++)
            dense[i * matrix->line_stride +
                  index_at(&matrix->indices, k) * matrix->item_stride] +=
                crn_array_get(&matrix->data, k);
    }
}

/* The parts of the object's state, checked. */
static crn_status read_parts(const crn_object *object, sparse *matrix, crn_error *err)
{
    const crn_object *state = object->as.instance->state;
    CRN_TRY(read_shape(object, format_of(object), matrix, err));
    CRN_TRY(read_vector(state, "data", false, &matrix->data, err));
    CRN_TRY(read_vector(state, "indices", true, &matrix->indices, err));
    CRN_TRY(read_vector(state, "indptr", true, &matrix->indptr, err));
    return check(object, matrix, err);
}

crn_status crn_sparse_to_array(const crn_object *object, crn_array *out, crn_error *err)
{
    const char format = format_of(object);
    sparse matrix = {0};
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(read_parts(object, &matrix, err));
    CRN_TRY_OR_DONE(check_dense_size(object, &matrix, err));
    const int64_t shape[2] = {format == 'r' ? matrix.lines : matrix.width,
                              format == 'r' ? matrix.width : matrix.lines};
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT64, 0, 2, shape, out, err));
    scatter(&matrix, out->data);
done:
    sparse_free(&matrix);
    return status;
}

crn_status crn_sparse_diagonal(const crn_object *object, crn_array *out, crn_error *err)
{
    sparse matrix = {0};
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(read_parts(object, &matrix, err));
    if (matrix.lines != matrix.width)
        CRN_TRY_OR_DONE(malformed(object, "it is not square", err));
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT64, 0, 1, &matrix.lines, out, err));
    for (int64_t i = 0; i < matrix.lines; i++) {
        const int64_t end = index_at(&matrix.indptr, i + 1);
        for (int64_t k = index_at(&matrix.indptr, i); k < end; k++) {
            if (index_at(&matrix.indices, k) == i)
                ((double *)out->data)[i] += crn_array_get(&matrix.data, k);
        }
    }
done:
    sparse_free(&matrix);
    return status;
}
