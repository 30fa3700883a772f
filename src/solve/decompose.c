/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/decompose.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "solve/lapack.h"

static crn_status check_shape(int64_t rows, int64_t columns, crn_error *err)
{
    if (rows < 1 || columns < 1)
        return crn_fail(err, CRN_ARGUMENT, "cannot decompose a matrix of shape (%lld, %lld)",
                        (long long)rows, (long long)columns);
    if (rows > INT_MAX || columns > INT_MAX)
        return crn_fail(err, CRN_LIMIT, "LAPACK takes no matrix of shape (%lld, %lld)",
                        (long long)rows, (long long)columns);
    return CRN_OK;
}

static crn_status check_info(int info, const char *what, crn_error *err)
{
    if (info == 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "%s did not converge: does the input hold NaN or infinity?", what);
}

/* The size that a query left in work[0]: LAPACK counts in doubles there. */
static int queried(double size)
{
    return size < INT_MAX ? (int)size : INT_MAX;
}

void crn_transpose(const double *x, int64_t rows, int64_t columns, double *out)
{
    enum { SQUARE = 32 }; /* both squares stay in the first cache */
    for (int64_t i0 = 0; i0 < rows; i0 += SQUARE)
        for (int64_t j0 = 0; j0 < columns; j0 += SQUARE)
            for (int64_t i = i0; i < rows && i < i0 + SQUARE; i++)
                for (int64_t j = j0; j < columns && j < j0 + SQUARE; j++)
                    out[j * rows + i] = x[i * columns + j];
}

/* dgesdd on a (m, n), u (m, k), vt (k, n), all in Fortran order. */
static crn_status gesdd(double *a, int m, int n, double *u, double *s, double *vt,
                        crn_error *err)
{
    int k = m < n ? m : n, info = 0, query = -1;
    double size;
    int *integers = crn_calloc(8 * (size_t)k, sizeof(int));
    if (integers == NULL)
        return crn_no_memory(err);
    dgesdd_("S", &m, &n, a, &m, s, u, &m, vt, &k, &size, &query, integers, &info, 1);
    int work_size = queried(size);
    double *work = crn_calloc((size_t)work_size, sizeof(double));
    crn_status status = CRN_OK;
    if (work == NULL) {
        status = crn_no_memory(err);
    } else {
        dgesdd_("S", &m, &n, a, &m, s, u, &m, vt, &k, work, &work_size, integers, &info, 1);
        status = check_info(info, "SVD", err);
    }
    free(work);
    free(integers);
    return status;
}

crn_status crn_svd(const double *x, int64_t rows, int64_t columns, double *u, double *s,
                   double *vt, crn_error *err)
{
    CRN_TRY(check_shape(rows, columns, err));
    int64_t k = rows < columns ? rows : columns;
    size_t total, size_a = (size_t)rows * (size_t)columns; /* each below 2^31 */
    size_t size_u = (size_t)rows * (size_t)k, size_vt = (size_t)k * (size_t)columns;
    if (__builtin_add_overflow(size_a, size_u + size_vt, &total))
        return crn_no_memory(err);
    double *a = crn_calloc(total, sizeof(double)); /* Fortran order: a, u, vt */
    if (a == NULL)
        return crn_no_memory(err);
    crn_transpose(x, rows, columns, a);
    double *fortran_u = a + size_a, *fortran_vt = fortran_u + size_u;
    crn_status status = gesdd(a, (int)rows, (int)columns, fortran_u, s, fortran_vt, err);
    if (status == CRN_OK && u != NULL)
        crn_transpose(fortran_u, k, rows, u);
    if (status == CRN_OK && vt != NULL)
        crn_transpose(fortran_vt, columns, k, vt);
    free(a);
    return status;
}

crn_status crn_eigh(double *a, int64_t n, double *values, crn_error *err)
{
    CRN_TRY(check_shape(n, n, err));
    int size = (int)n, info = 0, query = -1, integer_size = 0;
    double size_of_work;
    dsyevd_("V", "L", &size, a, &size, values, &size_of_work, &query, &integer_size, &query,
            &info, 1, 1);
    int work_size = queried(size_of_work);
    double *work = crn_calloc((size_t)work_size, sizeof(double));
    int *integers = crn_calloc((size_t)integer_size, sizeof(int));
    crn_status status = CRN_OK;
    if (work == NULL || integers == NULL) {
        status = crn_no_memory(err);
    } else {
        dsyevd_("V", "L", &size, a, &size, values, work, &work_size, integers, &integer_size,
                &info, 1, 1);
        status = check_info(info, "the eigenvalue decomposition", err);
    }
    free(work);
    free(integers);
    return status;
}

crn_status crn_qr_q(double *a, int64_t rows, int64_t columns, crn_error *err)
{
    CRN_TRY(check_shape(rows, columns, err));
    int m = (int)rows, n = (int)columns, k = m < n ? m : n, info = 0, query = -1;
    double size_geqrf, size_orgqr;
    double *tau = crn_calloc((size_t)k, sizeof(double));
    if (tau == NULL)
        return crn_no_memory(err);
    dgeqrf_(&m, &n, a, &m, tau, &size_geqrf, &query, &info);
    dorgqr_(&m, &k, &k, a, &m, tau, &size_orgqr, &query, &info);
    int work_size = queried(fmax(size_geqrf, size_orgqr));
    double *work = crn_calloc((size_t)work_size, sizeof(double));
    crn_status status = CRN_OK;
    if (work == NULL) {
        status = crn_no_memory(err);
    } else {
        dgeqrf_(&m, &n, a, &m, tau, work, &work_size, &info);
        dorgqr_(&m, &k, &k, a, &m, tau, work, &work_size, &info);
    }
    free(work);
    free(tau);
    return status;
}

crn_status crn_lu_pl(double *a, int64_t rows, int64_t columns, crn_error *err)
{
    CRN_TRY(check_shape(rows, columns, err));
    int m = (int)rows, n = (int)columns, k = m < n ? m : n, info = 0;
    int *pivots = crn_calloc((size_t)k, sizeof(int));
    if (pivots == NULL)
        return crn_no_memory(err);
    dgetrf_(&m, &n, a, &m, pivots, &info); /* a singular U is no failure: L is wanted */
    for (int j = 0; j < k; j++) {
        double *column = a + (size_t)j * (size_t)m;
        memset(column, 0, (size_t)j * sizeof *column);
        column[j] = 1.0;
    }
    for (int i = k - 1; i >= 0; i--)
        if (pivots[i] != i + 1)
            cblas_dswap(k, a + i, m, a + pivots[i] - 1, m);
    free(pivots);
    return CRN_OK;
}

/* The sign of the entry of largest magnitude (the first such; a NaN counts as largest) among n
 * that lie `stride` apart. */
static double leading_sign(const double *v, int64_t n, int64_t stride)
{
    double leader = v[0];
    for (int64_t i = 1; i < n && !isnan(leader); i++)
        if (!(fabs(v[i * stride]) <= fabs(leader)))
            leader = v[i * stride];
    if (isnan(leader))
        return leader;
    return (double)((leader > 0) - (leader < 0));
}

void crn_svd_flip(double *u, int64_t rows, double *vt, int64_t columns, int64_t k, bool u_based)
{
    for (int64_t i = 0; i < k; i++) {
        double sign =
            u_based ? leading_sign(u + i, rows, k) : leading_sign(vt + i * columns, columns, 1);
        for (int64_t j = 0; u != NULL && j < rows; j++)
            u[j * k + i] *= sign;
        for (int64_t j = 0; vt != NULL && j < columns; j++)
            vt[i * columns + j] *= sign;
    }
}
