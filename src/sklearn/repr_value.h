/* SPDX-License-Identifier: BSD-3-Clause */
/* repr() of what stands in parameters and is no estimator. */
#ifndef CRN_SKLEARN_REPR_VALUE_H
#define CRN_SKLEARN_REPR_VALUE_H

#include "format/object.h"

/* A function, class, array, NumPy number, kernel, splitter, scorer ... as a bare name that
 * prints as Python prints the value, without the address where Python has one. NULL for what
 * expressions print themselves (literals, containers, estimators), and when memory is out. */
crn_object *crn_value_as_name(const crn_object *value, crn_document *scratch);

#endif
