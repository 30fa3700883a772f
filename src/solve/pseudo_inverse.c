/* SPDX-License-Identifier: BSD-3-Clause */
/* Moore-Penrose inverses as scipy/linalg/_basic.py (1.17) computes them: by singular values, or
 * by eigenvalues where the matrix is symmetric. */
#include "solve/pseudo_inverse.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "base/memory.h"
#include "solve/decompose.h"

/* Values of no more than this share of the largest count as zero. */
static double cut_off(const double *values, int64_t n, int64_t longest)
{
    double most = 0.0;
    for (int64_t i = 0; i < n; i++)
        most = fabs(values[i]) > most ? fabs(values[i]) : most;
    return most * (double)longest * DBL_EPSILON;
}

crn_status crn_pinv(const double *x, int64_t rows, int64_t columns, double *out, crn_error *err)
{
    const int64_t k = rows < columns ? rows : columns;
    size_t u_size, vt_size;
    if (!crn_mul_size((size_t)rows, (size_t)k, &u_size) ||
        !crn_mul_size((size_t)k, (size_t)columns, &vt_size) || rows > INT32_MAX ||
        columns > INT32_MAX)
        return crn_fail(err, CRN_LIMIT, "the matrix is too large to invert");
    double *u = crn_calloc(u_size, sizeof *u);    /* (rows, k) */
    double *vt = crn_calloc(vt_size, sizeof *vt); /* (k, columns) */
    double *s = crn_calloc((size_t)k, sizeof *s);
    crn_status status = u != NULL && vt != NULL && s != NULL
                            ? crn_svd(x, rows, columns, u, s, vt, err)
                            : crn_no_memory(err);
    if (status == CRN_OK) {
        const double least = cut_off(s, k, rows > columns ? rows : columns);
        for (int64_t i = 0; i < rows * k; i++)
            u[i] = s[i % k] > least ? u[i] / s[i % k] : 0.0;
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasTrans, (int)columns, (int)rows, (int)k, 1.0,
                    vt, (int)columns, u, (int)k, 0.0, out, (int)rows);
    }
    free(u);
    free(vt);
    free(s);
    return status;
}

crn_status crn_pinvh(double *a, int64_t n, crn_error *err)
{
    size_t size;
    if (n > INT32_MAX || !crn_mul_size((size_t)n, (size_t)n, &size))
        return crn_fail(err, CRN_LIMIT, "the matrix is too large to invert");
    double *values = crn_calloc((size_t)n, sizeof *values);
    double *vectors = crn_calloc(size, sizeof *vectors); /* (n, n), one a row */
    double *scaled = crn_calloc(size, sizeof *scaled);
    crn_status status = CRN_OK;
    if (values == NULL || vectors == NULL || scaled == NULL) {
        status = crn_no_memory(err);
    } else {
        memcpy(vectors, a, size * sizeof *vectors);
        status = crn_eigh(vectors, n, values, err);
    }
    if (status == CRN_OK) {
        const double least = cut_off(values, n, n);
        for (int64_t i = 0; i < n * n; i++) {
            const double value = values[i / n];
            scaled[i] = fabs(value) > least ? vectors[i] / value : 0.0;
        }
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n, (int)n, (int)n, 1.0,
                    scaled, (int)n, vectors, (int)n, 0.0, a, (int)n);
    }
    free(values);
    free(vectors);
    free(scaled);
    return status;
}
