/* SPDX-License-Identifier: BSD-3-Clause */
/* What arrays are made of, inside the library: converting and copying strided elements. */
#ifndef CRN_BASE_DTYPE_H
#define CRN_BASE_DTYPE_H

#include "base/memory.h"
#include "cornichon/array.h"

/* The size of an object array's elements in NumPy, so in files: `O8`. */
enum { CRN_POINTER_BYTES = 8 };

/* NumPy's array-interface spelling: 'f', 8 -> CRN_FLOAT64; 'U', 36 -> CRN_STRING. False for a
 * code we do not know. kind is one of "biufcUSVOM" and size is in bytes. */
bool crn_dtype_from_kind(char kind, int64_t size, crn_dtype *out);
char crn_dtype_kind(crn_dtype dtype);
bool crn_dtype_is_float(crn_dtype dtype);   /* float16, bfloat16, float32, float64 */
bool crn_dtype_is_integer(crn_dtype dtype); /* signed and unsigned, not bool */
bool crn_dtype_is_number(crn_dtype dtype);  /* bool, integers, floats; not complex */

/* Sets ndim, shape and C-order strides from dtype and itemsize. The caller has checked the
 * sizes. */
void crn_array_set_shape(crn_array *array, int32_t ndim, const int64_t *shape);

/* Number of bytes of a dense array of this shape; CRN_LIMIT when it overflows or a length is
 * negative. */
crn_status crn_shape_bytes(int64_t itemsize, int32_t ndim, const int64_t *shape, size_t *bytes,
                           crn_error *err);

/* Copies every element of `in`, in C order, to dense memory as `dtype` (number to number, or
 * the same string kind to itemsize-wide slots, numbers to cells and cells to numbers; cells to
 * cells share texts and items). CRN_DTYPE when there is no such conversion, CRN_ARGUMENT for a
 * cell that is no number. */
crn_status crn_array_copy_to(const crn_array *in, crn_dtype dtype, int64_t itemsize, void *out,
                             crn_error *err);

/* Element i of a dense C-order walk as double; 0 for non-numbers. For small arrays and
 * messages. */
double crn_array_get(const crn_array *array, int64_t i);

/* A second reference to the same memory: retains the owner. */
crn_array crn_array_share(const crn_array *array);

/* Half-precision formats to and from float (round to nearest even). */
float crn_half_to_float(uint16_t half);
uint16_t crn_float_to_half(float value);
float crn_bfloat_to_float(uint16_t bits);
uint16_t crn_float_to_bfloat(float value);

#endif
