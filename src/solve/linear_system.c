/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/linear_system.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "solve/lapack.h"

static crn_status check_size(int64_t n, crn_error *err)
{
    if (n < 1 || n > INT_MAX / 64) /* work arrays take 64 columns */
        return crn_fail(err, CRN_LIMIT, "a system of %lld equations", (long long)n);
    return CRN_OK;
}

crn_status crn_cholesky_solve(double *a, int64_t n, double *b, int64_t right_sides,
                              bool *definite, crn_error *err)
{
    CRN_TRY(check_size(n, err));
    if (right_sides < 0 || right_sides > INT_MAX)
        return crn_fail(err, CRN_LIMIT, "%lld right-hand sides", (long long)right_sides);
    int size = (int)n, sides = (int)right_sides, info = 0;
    dpotrf_("U", &size, a, &size, &info, 1);
    *definite = info == 0;
    if (*definite && sides > 0)
        dpotrs_("U", &size, &sides, a, &size, b, &size, &info, 1);
    return CRN_OK;
}

/* The 1-norm of a symmetric matrix. */
static double one_norm(const double *a, int64_t n)
{
    double largest = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double sum = 0.0;
        for (int64_t j = 0; j < n; j++)
            sum += fabs(a[i * n + j]);
        if (!(sum <= largest)) /* a NaN stays */
            largest = sum;
    }
    return largest;
}

crn_status crn_symmetric_solve(double *a, int64_t n, double *b, bool *regular, crn_error *err)
{
    CRN_TRY(check_size(n, err));
    int size = (int)n, work_size = 64 * size, one = 1, info = 0;
    int *integers = crn_calloc(2 * (size_t)n, sizeof(int));
    double *work = crn_calloc((size_t)work_size, sizeof(double));
    crn_status status = CRN_OK;
    if (integers == NULL || work == NULL) {
        status = crn_no_memory(err);
        goto done;
    }
    double norm = one_norm(a, n), rcond = 0.0;
    dsytrf_("U", &size, a, &size, integers, work, &work_size, &info, 1);
    if (info == 0)
        dsycon_("U", &size, a, &size, integers, &norm, &rcond, work, integers + n, &info, 1);
    *regular = info == 0 && rcond >= DBL_EPSILON;
    if (*regular)
        dsytrs_("U", &size, &one, a, &size, integers, b, &size, &info, 1);
done:
    free(integers);
    free(work);
    return status;
}

crn_status crn_inverse(double *a, int64_t n, bool *regular, crn_error *err)
{
    CRN_TRY(check_size(n, err));
    int size = (int)n, work_size = 64 * size, info = 0;
    int *pivots = crn_calloc((size_t)n, sizeof(int));
    double *work = crn_calloc((size_t)work_size, sizeof(double));
    crn_status status = CRN_OK;
    if (pivots == NULL || work == NULL) {
        status = crn_no_memory(err);
        goto done;
    }
    /* the inverse of the transpose is the transpose of the inverse: C order needs no change */
    dgetrf_(&size, &size, a, &size, pivots, &info);
    if (info == 0)
        dgetri_(&size, a, &size, pivots, work, &work_size, &info);
    *regular = info == 0;
done:
    free(pivots);
    free(work);
    return status;
}

crn_status crn_log_determinant(const double *a, int64_t n, double *log_determinant,
                               crn_error *err)
{
    CRN_TRY(check_size(n, err));
    int size = (int)n, info = 0, sign = 1;
    size_t count = (size_t)n * (size_t)n; /* n < 2^25 */
    double *lu = crn_calloc(count, sizeof(double)), sum = 0.0;
    int *pivots = crn_calloc((size_t)n, sizeof(int));
    crn_status status = CRN_OK;
    if (lu == NULL || pivots == NULL) {
        status = crn_no_memory(err);
        goto done;
    }
    memcpy(lu, a, count * sizeof *lu);
    dgetrf_(&size, &size, lu, &size, pivots, &info);
    for (int i = 0; i < size; i++) {
        double diagonal = lu[(size_t)i * ((size_t)n + 1)];
        if ((diagonal < 0) != (pivots[i] != i + 1))
            sign = -sign;
        sum += log(fabs(diagonal));
    }
    *log_determinant = info == 0 && sign > 0 ? sum : -INFINITY;
done:
    free(lu);
    free(pivots);
    return status;
}
