/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/randomized_svd.h"

#include <cblas.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "solve/decompose.h"

/* M is x, or its transpose when that has more rows. Q is kept in Fortran order, that is as Q'
 * in C order, so that LAPACK works in place and the products need no copies. */
typedef struct finder {
    const double *x;
    int rows, columns; /* of x */
    bool transposed;
    int m, n; /* shape of M: m >= n */
    crn_normalizer normalizer;
    int width;       /* columns of Q so far */
    double *q;       /* (m, width) */
    double *other_q; /* (n, width) */
} finder;

/* out = M Q, or M' Q: out (width, p) in C order = q (width, p') times M' or M. */
static void multiply(const finder *f, bool with_transpose, const double *q, double *out)
{
    bool by_x = with_transpose != f->transposed; /* q x, else q x' */
    int p = by_x ? f->columns : f->rows, inner = by_x ? f->rows : f->columns;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, by_x ? CblasNoTrans : CblasTrans, f->width, p,
                inner, 1.0, q, inner, f->x, f->columns, 0.0, out, p);
}

static crn_status normalize(finder *f, double *q, int rows, crn_error *err)
{
    if (f->normalizer == CRN_NORMALIZER_NONE)
        return CRN_OK;
    if (f->normalizer == CRN_NORMALIZER_QR)
        CRN_TRY(crn_qr_q(q, rows, f->width, err));
    else
        CRN_TRY(crn_lu_pl(q, rows, f->width, err));
    if (f->width > rows)
        f->width = rows;
    return CRN_OK;
}

/* q (m, width): an orthonormal basis of most of M's range. */
static crn_status find_range(finder *f, int64_t n_iter, crn_random_state *random,
                             crn_error *err)
{
    for (int64_t i = 0; i < f->n; i++) /* RandomState.normal(size=(n, width)) */
        for (int64_t j = 0; j < f->width; j++)
            f->other_q[j * f->n + i] = crn_random_state_normal(random);
    for (int64_t i = 0; i < n_iter; i++) {
        multiply(f, false, f->other_q, f->q);
        CRN_TRY(normalize(f, f->q, f->m, err));
        multiply(f, true, f->q, f->other_q);
        CRN_TRY(normalize(f, f->other_q, f->n, err));
    }
    multiply(f, false, f->other_q, f->q);
    f->normalizer = CRN_NORMALIZER_QR;
    return normalize(f, f->q, f->m, err);
}

typedef struct outputs {
    double *u, *s, *vt;
    int64_t n_components;
    bool flip_sign;
} outputs;

/* M = left diag(s) right, cut to the wanted components, in the orientation of x. */
static void write_outputs(const finder *f, double *left, const double *s, double *right,
                          int rank, const outputs *out)
{
    int64_t k = out->n_components;
    if (out->flip_sign) /* by the left vectors of x */
        crn_svd_flip(left, f->m, right, f->n, rank, !f->transposed);
    memcpy(out->s, s, (size_t)k * sizeof *s);
    for (int64_t c = 0; c < k; c++) {
        double *vt = out->vt + c * f->columns;
        for (int64_t j = 0; j < f->columns; j++)
            vt[j] = f->transposed ? left[j * rank + c] : right[c * f->n + j];
        for (int64_t i = 0; out->u != NULL && i < f->rows; i++)
            out->u[i * k + c] = f->transposed ? right[c * f->n + i] : left[i * rank + c];
    }
}

/* The decomposition of the small matrix Q' M gives that of M. */
static crn_status decompose_range(const finder *f, const outputs *out, crn_error *err)
{
    int width = f->width, rank = width < f->n ? width : f->n;
    size_t size_b = (size_t)width * (size_t)f->n, size_left = (size_t)f->m * (size_t)rank;
    size_t size_right = (size_t)rank * (size_t)f->n, size_hat = (size_t)width * (size_t)rank;
    double *b =
        crn_calloc(size_b + size_left + size_right + size_hat + (size_t)rank, sizeof(double));
    if (b == NULL)
        return crn_no_memory(err);
    double *left = b + size_b, *right = left + size_left, *left_hat = right + size_right;
    double *s = left_hat + size_hat;
    multiply(f, true, f->q, b); /* (width, n) = Q' M */
    crn_status status = crn_svd(b, width, f->n, left_hat, s, right, err);
    if (status == CRN_OK) {
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, f->m, rank, width, 1.0, f->q, f->m,
                    left_hat, rank, 0.0, left, rank);
        write_outputs(f, left, s, right, rank, out);
    }
    free(b);
    return status;
}

static crn_status check(int64_t rows, int64_t columns,
                        const crn_randomized_svd_options *options, crn_error *err)
{
    int64_t most = rows < columns ? rows : columns;
    if (rows > INT_MAX || columns > INT_MAX)
        return crn_fail(err, CRN_LIMIT, "LAPACK takes no matrix of shape (%lld, %lld)",
                        (long long)rows, (long long)columns);
    if (options->n_components < 1 || options->n_components > most)
        return crn_fail(
            err, CRN_ARGUMENT,
            "n_components=%lld must be between 1 and min(n_samples, n_features)=%lld",
            (long long)options->n_components, (long long)most);
    if (options->n_oversamples < 0 || options->n_oversamples > INT_MAX - options->n_components)
        return crn_fail(err, CRN_ARGUMENT, "n_oversamples=%lld is out of range",
                        (long long)options->n_oversamples);
    return CRN_OK;
}

crn_status crn_randomized_svd(const double *x, int64_t rows, int64_t columns,
                              const crn_randomized_svd_options *options,
                              crn_random_state *random, double *u, double *s, double *vt,
                              crn_error *err)
{
    CRN_TRY(check(rows, columns, options, err));
    int64_t n_iter = options->n_iter, most = rows < columns ? rows : columns;
    if (n_iter < 0)
        n_iter = (double)options->n_components < 0.1 * (double)most ? 7 : 4;
    finder f = {
        .x = x, .rows = (int)rows, .columns = (int)columns, .transposed = rows < columns};
    f.m = f.transposed ? f.columns : f.rows;
    f.n = (int)most;
    f.width = (int)(options->n_components + options->n_oversamples);
    f.normalizer = options->normalizer;
    if (f.normalizer == CRN_NORMALIZER_AUTO)
        f.normalizer = n_iter <= 2 ? CRN_NORMALIZER_NONE : CRN_NORMALIZER_LU;
    size_t room; /* both factors are below 2^31 */
    if (!crn_mul_size((size_t)f.m + (size_t)f.n, (size_t)f.width, &room))
        return crn_no_memory(err);
    f.q = crn_calloc(room, sizeof(double));
    if (f.q == NULL)
        return crn_no_memory(err);
    f.other_q = f.q + (size_t)f.m * (size_t)f.width;
    outputs out = {.u = u,
                   .s = s,
                   .vt = vt,
                   .n_components = options->n_components,
                   .flip_sign = options->flip_sign};
    crn_status status = find_range(&f, n_iter, random, err);
    if (status == CRN_OK)
        status = decompose_range(&f, &out, err);
    free(f.q);
    return status;
}
