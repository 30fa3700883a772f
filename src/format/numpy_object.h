/* SPDX-License-Identifier: BSD-3-Clause */
/* What calls that a pickle records mean as NumPy arrays and scalars; the public side is in
 * pickle.h. */
#ifndef CRN_FORMAT_NUMPY_OBJECT_H
#define CRN_FORMAT_NUMPY_OBJECT_H

#include "format/object.h"

/* An array as pickle.dump writes it: _reconstruct or _frombuffer. */
bool crn_object_is_plain_array(const crn_object *object);

/* A NumPy scalar or an array of no axes: not a copy of something large. */
bool crn_object_is_numpy_scalar(const crn_object *object);

/* numpy.asarray of a list, tuple, number or string. */
crn_status crn_python_to_array(const crn_object *object, crn_array *out, crn_error *err);

/* An array of `count` str objects as CRN_STRING; CRN_DTYPE when one is something else. */
crn_status crn_strings_to_array(crn_object *const *strings, size_t count, int32_t ndim,
                                const int64_t *shape, crn_array *out, crn_error *err);

#endif
