/* SPDX-License-Identifier: BSD-3-Clause */
/* Moore-Penrose inverses, with the cut-offs of scipy.linalg (1.17). Matrices are in C order. */
#ifndef CRN_SOLVE_PSEUDO_INVERSE_H
#define CRN_SOLVE_PSEUDO_INVERSE_H

#include <stdint.h>

#include "base/error.h"

/* out (columns, rows) = scipy.linalg.pinv(x), x (rows, columns). Errors: those of crn_svd(). */
crn_status crn_pinv(const double *x, int64_t rows, int64_t columns, double *out,
                    crn_error *err);

/* a (n, n) = scipy.linalg.pinvh(a) for a symmetric a. Errors: those of crn_eigh(). */
crn_status crn_pinvh(double *a, int64_t n, crn_error *err);

#endif
