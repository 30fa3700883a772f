/* SPDX-License-Identifier: BSD-3-Clause */
/* Sparse matrices by rows, in scipy.sparse's layout (scipy/sparse/_csr.py 1.17). */
#include "base/csr.h"

#include <string.h>

crn_array crn_array_view_csr(const crn_csr *csr, int64_t rows, int64_t columns)
{
    /* As with dense views: the API takes inputs as const but has one array type. */
    return (crn_array){
        .data = (void *)(uintptr_t)csr, .dtype = CRN_CSR, .ndim = 2, .shape = {rows, columns}};
}

/* Bytes of a part of the block, rounded up so that the next part is aligned. */
static bool add_part(int64_t count, size_t itemsize, size_t *total)
{
    enum { ALIGN = 64 };
    size_t bytes;
    if (count < 0 || !crn_mul_size((size_t)count, itemsize, &bytes) || bytes > SIZE_MAX / 8)
        return false;
    *total += (bytes + ALIGN - 1) / ALIGN * ALIGN;
    return *total <= SIZE_MAX / 4;
}

crn_status crn_csr_create(crn_dtype dtype, int64_t rows, int64_t columns, int64_t entries,
                          crn_array *out, crn_error *err)
{
    size_t at[4] = {0};
    bool fits = rows < INT64_MAX && add_part(1, sizeof(crn_csr), &at[0]);
    at[1] = at[0];
    fits = fits && add_part(rows + 1, sizeof(int64_t), &at[1]);
    at[2] = at[1];
    fits = fits && add_part(entries, crn_dtype_size(dtype), &at[2]);
    at[3] = at[2];
    fits = fits && add_part(entries, sizeof(int32_t), &at[3]);
    crn_buffer *owner = fits ? crn_buffer_create(at[3]) : NULL;
    if (owner == NULL)
        return crn_no_memory(err);
    char *block = crn_buffer_data(owner);
    crn_csr *csr = crn_buffer_data(owner);
    *csr = (crn_csr){.indptr = (int64_t *)(void *)(block + at[0]),
                     .indices = (int32_t *)(void *)(block + at[2]),
                     .values = block + at[1],
                     .dtype = dtype};
    *out = crn_array_view_csr(csr, rows, columns);
    out->owner = owner;
    return CRN_OK;
}

crn_csr crn_array_csr(const crn_array *array)
{
    crn_csr csr = *(const crn_csr *)array->data;
    csr.indptr += array->strides[0];
    return csr;
}

crn_array crn_csr_values(const crn_array *array)
{
    const crn_csr csr = crn_array_csr(array);
    const int64_t begin = csr.indptr[0], end = csr.indptr[array->shape[0]];
    const char *values = csr.values;
    return crn_array_view_1d(
        values == NULL ? NULL : values + begin * (int64_t)crn_dtype_size(csr.dtype), csr.dtype,
        end - begin);
}

static crn_status malformed(const char *what, crn_error *err)
{
    return crn_fail(err, CRN_ARGUMENT, "a sparse matrix: %s", what);
}

crn_status crn_csr_check(const crn_array *array, crn_error *err)
{
    if (array->data == NULL || array->ndim != 2 || array->shape[0] < 0 || array->shape[1] < 0)
        return malformed("it has no rows and columns", err);
    const crn_csr csr = crn_array_csr(array);
    const int64_t rows = array->shape[0];
    if (!crn_dtype_is_number(csr.dtype))
        return crn_fail(err, CRN_DTYPE, "a sparse matrix of %s", crn_dtype_name(csr.dtype));
    if (csr.indptr == NULL || csr.indptr[0] < 0)
        return malformed("its indptr begins below 0", err);
    for (int64_t i = 0; i < rows; i++) {
        if (csr.indptr[i] > csr.indptr[i + 1])
            return malformed("its indptr does not rise", err);
    }
    if (csr.indptr[rows] > csr.indptr[0] && (csr.indices == NULL || csr.values == NULL))
        return malformed("it has no indices or no values", err);
    bool outside = false;
    for (int64_t k = csr.indptr[0]; k < csr.indptr[rows]; k++)
        outside |= csr.indices[k] < 0 || csr.indices[k] >= array->shape[1];
    return outside ? malformed("an index lies outside of its columns", err) : CRN_OK;
}

crn_status crn_csr_copy(const crn_array *array, crn_array *out, crn_error *err)
{
    const crn_csr from = crn_array_csr(array);
    const crn_array values = crn_csr_values(array);
    const int64_t rows = array->shape[0], first = from.indptr[0], n = values.shape[0];
    CRN_TRY(crn_csr_create(from.dtype, rows, array->shape[1], n, out, err));
    crn_csr to = crn_array_csr(out);
    for (int64_t i = 0; i <= rows; i++)
        to.indptr[i] = from.indptr[i] - first;
    if (n > 0) {
        memcpy(to.indices, from.indices + first, (size_t)n * sizeof *to.indices);
        memcpy(to.values, values.data, (size_t)(n * values.itemsize));
    }
    return CRN_OK;
}

#define SCATTER(type)                                                                          \
    for (int64_t k = 0; k < n; k++)                                                            \
        ((type *)row)[indices[k]] =                                                            \
            (type)(((type *)row)[indices[k]] + ((const type *)values)[k]);                     \
    break

void crn_csr_scatter(crn_dtype dtype, const int32_t *indices, const void *values, int64_t n,
                     void *row)
{
    switch (dtype) {
    case CRN_FLOAT64:
        SCATTER(double);
    case CRN_FLOAT32:
        SCATTER(float);
    case CRN_INT64:
    case CRN_UINT64:
        SCATTER(uint64_t);
    case CRN_INT32:
    case CRN_UINT32:
        SCATTER(uint32_t);
    case CRN_INT16:
    case CRN_UINT16:
        SCATTER(uint16_t);
    case CRN_INT8:
    case CRN_UINT8:
        SCATTER(uint8_t);
    default:
        for (int64_t k = 0; k < n; k++) {
            const size_t size = crn_dtype_size(dtype);
            memcpy((char *)row + (size_t)indices[k] * size,
                   (const char *)values + (size_t)k * size, size);
        }
        break;
    }
}

/* One row, its values converted in small blocks. */
static void row_to_dense(const crn_csr *csr, int64_t begin, int64_t end, crn_dtype dtype,
                         void *row)
{
    enum { BLOCK = 256 };
    double block[BLOCK]; /* room for BLOCK values of any number type */
    const int64_t itemsize = (int64_t)crn_dtype_size(csr->dtype);
    if (csr->dtype == dtype) {
        crn_csr_scatter(dtype, csr->indices + begin,
                        (const char *)csr->values + begin * itemsize, end - begin, row);
        return;
    }
    for (int64_t k = begin; k < end; k += BLOCK) {
        const int64_t n = end - k < BLOCK ? end - k : BLOCK;
        const crn_array part =
            crn_array_view_1d((const char *)csr->values + k * itemsize, csr->dtype, n);
        /* From number to number: it cannot fail. */
        (void)!crn_array_copy_to(&part, dtype, 0, block, NULL);
        crn_csr_scatter(dtype, csr->indices + k, block, n, row);
    }
}

void crn_csr_to_dense(const crn_array *array, crn_dtype dtype, void *out)
{
    const crn_csr csr = crn_array_csr(array);
    const size_t bytes = (size_t)array->shape[1] * crn_dtype_size(dtype);
    for (int64_t i = 0; i < array->shape[0]; i++) {
        char *row = (char *)out + (size_t)i * bytes;
        memset(row, 0, bytes);
        if (csr.indptr[i] < csr.indptr[i + 1])
            row_to_dense(&csr, csr.indptr[i], csr.indptr[i + 1], dtype, row);
    }
}
