/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameter `dtype` of encoders and vectorizers. */
#ifndef CRN_SKLEARN_DTYPE_PARAMETER_H
#define CRN_SKLEARN_DTYPE_PARAMETER_H

#include "format/object.h"

/* The type of numbers that a value says to NumPy: np.float32, a dtype object, float, int, bool,
 * or a name as 'int32'. Errors: CRN_UNSUPPORTED for any other. */
crn_status crn_dtype_of_parameter(const crn_object *value, crn_dtype *out, crn_error *err);

#endif
