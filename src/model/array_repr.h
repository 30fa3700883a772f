/* SPDX-License-Identifier: BSD-3-Clause */
/* repr() of NumPy arrays and scalars. */
#ifndef CRN_MODEL_ARRAY_REPR_H
#define CRN_MODEL_ARRAY_REPR_H

#include "base/text.h"
#include "cornichon/array.h"

/* "array([1., 2.])", over several lines where 75 columns do not suffice, with "..." in the
 * middle of more than 1000 elements. as_objects: the strings are elements of an object array.
 * False, and nothing added, for complex numbers, records, dates and more than four axes. */
bool crn_array_repr(const crn_array *array, bool as_objects, crn_text *out);

/* NumPy 2's "np.float64(0.5)", NumPy 1's "0.5" of an array without axes. */
void crn_numpy_scalar_repr(const crn_array *scalar, int numpy, crn_text *out);

#endif
