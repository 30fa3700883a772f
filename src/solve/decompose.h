/* SPDX-License-Identifier: BSD-3-Clause */
/* Matrix decompositions through LAPACK, with the drivers that scipy.linalg and numpy.linalg
 * call, on the same orientation of the matrix, so that signs and rounding are theirs as far as
 * the BLAS allows.
 *
 * Matrices are in C order unless a comment says "Fortran order": columns one after another.
 * Errors of all: CRN_NO_MEMORY, CRN_LIMIT (an axis of 2^31 and more), CRN_ARGUMENT (no
 * convergence, which only NaN or infinity in the matrix brings about; an empty matrix). */
#ifndef CRN_SOLVE_DECOMPOSE_H
#define CRN_SOLVE_DECOMPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* out (columns, rows) = x (rows, columns) transposed. The two must not overlap. */
void crn_transpose(const double *x, int64_t rows, int64_t columns, double *out);

/* x (rows, columns) = U diag(s) Vt with k = min(rows, columns) singular values, largest first:
 * scipy.linalg.svd(x, full_matrices=False), by dgesdd. u: (rows, k) or NULL; s: (k,); vt: (k,
 * columns) or NULL. */
crn_status crn_svd(const double *x, int64_t rows, int64_t columns, double *u, double *s,
                   double *vt, crn_error *err);

/* The eigenvalues of a symmetric a (n, n), smallest first, and its eigenvectors, which replace
 * a, one a row: numpy.linalg.eigh, whose eigenvectors are the transpose, by dsyevd. */
crn_status crn_eigh(double *a, int64_t n, double *values, crn_error *err);

/* Q of scipy.linalg.qr(a, mode="economic"): the first min(rows, columns) columns of a, in
 * place; a (rows, columns) is in Fortran order. */
crn_status crn_qr_q(double *a, int64_t rows, int64_t columns, crn_error *err);

/* PL of scipy.linalg.lu(a, permute_l=True): the first min(rows, columns) columns of a, in
 * place; a (rows, columns) is in Fortran order. */
crn_status crn_lu_pl(double *a, int64_t rows, int64_t columns, crn_error *err);

/* Makes the signs of a singular value decomposition unique: the entry of largest magnitude of
 * each column of u (u_based), or of each row of vt, becomes positive.
 * sklearn.utils.extmath.svd_flip. u: (rows, k); vt: (k, columns); the one that does not decide
 * may be NULL. */
void crn_svd_flip(double *u, int64_t rows, double *vt, int64_t columns, int64_t k,
                  bool u_based);

#endif
