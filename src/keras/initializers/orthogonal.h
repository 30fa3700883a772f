/* SPDX-License-Identifier: BSD-3-Clause */
/* The orthogonal initializer, for initializer.c. */
#ifndef CRN_KERAS_INITIALIZERS_ORTHOGONAL_H
#define CRN_KERAS_INITIALIZERS_ORTHOGONAL_H

#include "base/dtype.h"
#include "base/random.h"

/* Fills `out`, seen as (product of all axes but the last, last axis), with `gain` times a
 * random matrix whose shorter side is orthonormal. Errors: CRN_SHAPE below two axes,
 * CRN_NO_MEMORY. */
crn_status crn_orthogonal_fill(double gain, crn_generator *generator, const crn_array *out,
                               crn_error *err);

#endif
