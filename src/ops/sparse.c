/* SPDX-License-Identifier: BSD-3-Clause */
/* What operations on sparse values have in common. */
#include "ops/sparse.h"

#include <stdlib.h>
#include <string.h>

#include "base/csr.h"

crn_type crn_type_sparse(crn_dtype dtype, int64_t n)
{
    crn_type type = crn_type_vector(dtype, n);
    type.sparse = true;
    return type;
}

crn_status crn_sparse_grow(crn_sparse *block, int64_t entries, size_t itemsize, crn_error *err)
{
    enum { LEAST = 64 };
    size_t bytes;
    if (entries <= block->capacity)
        return CRN_OK;
    int64_t capacity = entries > INT64_MAX / 4 ? entries : entries + entries / 2 + LEAST;
    if (!crn_mul_size((size_t)capacity, itemsize > sizeof(int32_t) ? itemsize : sizeof(int32_t),
                      &bytes))
        return crn_no_memory(err);
    int32_t *indices = realloc(block->indices, (size_t)capacity * sizeof *indices);
    if (indices == NULL)
        return crn_no_memory(err);
    block->indices = indices;
    void *values = realloc(block->values, (size_t)capacity * itemsize);
    if (values == NULL)
        return crn_no_memory(err);
    block->values = values;
    block->capacity = capacity;
    return CRN_OK;
}

void crn_sparse_free(crn_sparse *block)
{
    free(block->starts);
    free(block->indices);
    free(block->values);
}

bool crn_sparse_reserve(const crn_call *call, int k, int64_t entries)
{
    crn_sparse *block = call->out[k];
    if (crn_sparse_grow(block, entries, (size_t)call->out_types[k].itemsize, call->failure) ==
        CRN_OK)
        return true;
    memset(block->starts, 0, (size_t)(call->rows + 1) * sizeof *block->starts);
    return false;
}

bool crn_sparse_copy_pattern(const crn_call *call, int k)
{
    const crn_sparse *in = call->in[0];
    crn_sparse *out = call->out[k];
    if (in == out)
        return true;
    const int64_t first = in->starts[0], count = crn_sparse_count(in, call->rows);
    if (!crn_sparse_reserve(call, k, count))
        return false;
    for (int64_t i = 0; i <= call->rows; i++)
        out->starts[i] = in->starts[i] - first;
    if (count > 0)
        memcpy(out->indices, in->indices + first, (size_t)count * sizeof *out->indices);
    return true;
}

void crn_sparse_row_to_dense(const crn_sparse *block, int64_t row, const crn_type *type,
                             void *out)
{
    const int64_t begin = block->starts[row], end = block->starts[row + 1];
    memset(out, 0, (size_t)(type->shape[0] * type->itemsize));
    if (begin < end)
        crn_csr_scatter(type->dtype, block->indices + begin,
                        (const char *)block->values + begin * type->itemsize, end - begin, out);
}

#define APPEND(type)                                                                           \
    for (int64_t j = 0; j < n; j++) {                                                          \
        block->indices[count] = (int32_t)(columns + j);                                        \
        ((type *)block->values)[count] = ((const type *)row)[j];                               \
        count += ((const type *)row)[j] != 0;                                                  \
    }                                                                                          \
    break

int64_t crn_sparse_append_dense(crn_sparse *block, int64_t count, const void *row,
                                crn_dtype dtype, int64_t n, int64_t columns)
{
    switch (crn_dtype_size(dtype)) {
    case 8:
        if (dtype == CRN_FLOAT64) {
            APPEND(double);
        }
        APPEND(uint64_t);
    case 4:
        if (dtype == CRN_FLOAT32) {
            APPEND(float);
        }
        APPEND(uint32_t);
    case 2:
        APPEND(uint16_t);
    default:
        APPEND(uint8_t);
    }
    return count;
}
