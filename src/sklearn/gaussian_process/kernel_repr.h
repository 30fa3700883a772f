/* SPDX-License-Identifier: BSD-3-Clause */
/* repr() of the kernels of Gaussian processes. */
#ifndef CRN_SKLEARN_GAUSSIAN_PROCESS_KERNEL_REPR_H
#define CRN_SKLEARN_GAUSSIAN_PROCESS_KERNEL_REPR_H

#include "format/object.h"

/* "1**2 * RBF(length_scale=1.5)" of a recorded kernel, or of a constructor call of one. False,
 * with `out` as it was, for what is no kernel. */
bool crn_kernel_repr(const crn_object *object, crn_text *out);

#endif
