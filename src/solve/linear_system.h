/* SPDX-License-Identifier: BSD-3-Clause */
/* Square systems of linear equations, inverses and determinants through LAPACK. Matrices are
 * (n, n) in C order; a symmetric one is the same in either order. All calls that overwrite say
 * so. Errors of all: CRN_NO_MEMORY, CRN_LIMIT (n of 2^31 and more). */
#ifndef CRN_SOLVE_LINEAR_SYSTEM_H
#define CRN_SOLVE_LINEAR_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* b = a^-1 b for a symmetric positive definite a, by Cholesky:
 * scipy.linalg.solve(assume_a="pos"). b: (right_sides, n), one right-hand side a row.
 * Overwrites a. *definite is false, and b unchanged, when a is not positive definite. */
crn_status crn_cholesky_solve(double *a, int64_t n, double *b, int64_t right_sides,
                              bool *definite, crn_error *err);

/* b (n,) = a^-1 b for a symmetric a, by Bunch and Kaufman: scipy.linalg.solve(assume_a="sym").
 * Overwrites a. *regular is false when a is singular, or so close to it (reciprocal condition
 * below 2^-52) that SciPy raises or warns. */
crn_status crn_symmetric_solve(double *a, int64_t n, double *b, bool *regular, crn_error *err);

/* a = a^-1 by LU: scipy.linalg.inv. *regular is false when a is exactly singular. */
crn_status crn_inverse(double *a, int64_t n, bool *regular, crn_error *err);

/* log(det(a)), -inf when the determinant is not positive: sklearn.utils.extmath.fast_logdet. */
crn_status crn_log_determinant(const double *a, int64_t n, double *log_determinant,
                               crn_error *err);

#endif
