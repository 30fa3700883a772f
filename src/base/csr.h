/* SPDX-License-Identifier: BSD-3-Clause */
/* Sparse matrices by rows (crn_csr of cornichon/array.h): making, checking, copying. */
#ifndef CRN_BASE_CSR_H
#define CRN_BASE_CSR_H

#include "base/dtype.h"

/* A matrix with room for `entries` values of a number dtype, in one block of memory that *out
 * owns: all zero, to be filled through crn_array_csr(). */
crn_status crn_csr_create(crn_dtype dtype, int64_t rows, int64_t columns, int64_t entries,
                          crn_array *out, crn_error *err);

/* The matrix behind a CRN_CSR array, cut to the rows of the array. */
crn_csr crn_array_csr(const crn_array *array);

/* The values that the array's rows hold, as a vector of numbers. */
crn_array crn_csr_values(const crn_array *array);

/* CRN_ARGUMENT unless the array is a matrix whose indptr rises and whose indices lie inside. */
crn_status crn_csr_check(const crn_array *array, crn_error *err);

/* A copy that owns its memory and whose indptr begins with 0. The array is checked already. */
crn_status crn_csr_copy(const crn_array *array, crn_array *out, crn_error *err);

/* toarray(): all elements as dense memory of a number dtype. The array is checked already. */
void crn_csr_to_dense(const crn_array *array, crn_dtype dtype, void *out);

/* Adds the n values of a row to places of dense numbers of the same dtype that were zero. */
void crn_csr_scatter(crn_dtype dtype, const int32_t *indices, const void *values, int64_t n,
                     void *row);

#endif
