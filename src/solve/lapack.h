/* SPDX-License-Identifier: BSD-3-Clause */
/* The LAPACK routines that we call, declared by hand: Debian's OpenBLAS ships their Fortran
 * symbols but no header for them. Matrices are column-major. The trailing size_t arguments are
 * the lengths of the character arguments, which gfortran's calling convention passes behind the
 * others. */
#ifndef CRN_SOLVE_LAPACK_H
#define CRN_SOLVE_LAPACK_H

#include <stddef.h>

/* Singular value decomposition, divide and conquer. */
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s,
             double *u, const int *ldu, double *vt, const int *ldvt, double *work,
             const int *lwork, int *iwork, int *info, size_t jobz_length);

/* Eigenvalues and eigenvectors of a symmetric matrix, divide and conquer. */
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda,
             double *w, double *work, const int *lwork, int *iwork, const int *liwork,
             int *info, size_t jobz_length, size_t uplo_length);

/* QR: the reflectors, then Q out of them. */
void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work,
             const int *lwork, int *info);
void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda,
             const double *tau, double *work, const int *lwork, int *info);

/* LU with partial pivoting, and the inverse from it. */
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *ipiv, int *info);
void dgetri_(const int *n, double *a, const int *lda, const int *ipiv, double *work,
             const int *lwork, int *info);

/* Cholesky factors and systems, triangular systems. */
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info,
             size_t uplo_length);
void dpotrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda,
             double *b, const int *ldb, int *info, size_t uplo_length);
void dtrtrs_(const char *uplo, const char *trans, const char *diag, const int *n,
             const int *nrhs, const double *a, const int *lda, double *b, const int *ldb,
             int *info, size_t uplo_length, size_t trans_length, size_t diag_length);

/* Symmetric indefinite systems (Bunch-Kaufman), with the reciprocal condition number. */
void dsytrf_(const char *uplo, const int *n, double *a, const int *lda, int *ipiv, double *work,
             const int *lwork, int *info, size_t uplo_length);
void dsycon_(const char *uplo, const int *n, const double *a, const int *lda, const int *ipiv,
             const double *anorm, double *rcond, double *work, int *iwork, int *info,
             size_t uplo_length);
void dsytrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda,
             const int *ipiv, double *b, const int *ldb, int *info, size_t uplo_length);

#endif
