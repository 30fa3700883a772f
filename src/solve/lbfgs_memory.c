/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/lbfgs_memory.h"

#include <cblas.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "solve/lapack.h"

crn_status crn_lbfgs_memory_create(crn_lbfgs_memory *memory, int64_t n, int m, crn_error *err)
{
    *memory = (crn_lbfgs_memory){.theta = 1.0};
    if (n < 1 || m < 1)
        return crn_fail(err, CRN_ARGUMENT, "L-BFGS needs at least one variable and one pair");
    if (n > INT_MAX || m > 1000)
        return crn_fail(err, CRN_LIMIT, "L-BFGS takes at most %d variables and 1000 pairs",
                        INT_MAX);
    size_t pairs, mm = (size_t)m * (size_t)m;
    if (!crn_mul_size((size_t)n, 2 * (size_t)m, &pairs))
        return crn_no_memory(err);
    memory->s = crn_calloc(pairs + 7 * mm + 2 * (size_t)m, sizeof(double));
    if (memory->s == NULL)
        return crn_no_memory(err);
    memory->n = (int)n;
    memory->m = m;
    memory->y = memory->s + pairs / 2;
    memory->sy = memory->s + pairs;
    memory->ss = memory->sy + mm;
    memory->yy = memory->ss + mm;
    memory->factors = memory->yy + mm;
    memory->work = memory->factors + 4 * mm;
    return CRN_OK;
}

void crn_lbfgs_memory_free(crn_lbfgs_memory *memory)
{
    free(memory->s);
    *memory = (crn_lbfgs_memory){0};
}

void crn_lbfgs_memory_reset(crn_lbfgs_memory *memory)
{
    memory->count = 0;
    memory->head = 0;
    memory->theta = 1.0;
    memory->changed = false;
}

/* The i-th oldest step or gradient change. */
static double *pair_of(const crn_lbfgs_memory *memory, double *ring, int i)
{
    return ring + (size_t)((memory->head + i) % memory->m) * (size_t)memory->n;
}

/* Drops the oldest row and column. */
static void shift_products(double *products, int m)
{
    for (int i = 0; i + 1 < m; i++)
        memmove(products + (size_t)i * (size_t)m, products + (size_t)(i + 1) * (size_t)m + 1,
                (size_t)(m - 1) * sizeof(double));
}

/* The middle matrix of the compact form, T = theta S'S + L D^-1 L', must be positive definite.
 * The factors of target() would do without it; L-BFGS-B tests it and starts over when it is
 * not. */
static bool middle_is_positive_definite(crn_lbfgs_memory *memory)
{
    int m = memory->m, count = memory->count, ld = 2 * m, info = 0;
    double *t = memory->factors;
    for (int i = 0; i < count; i++)
        for (int j = i; j < count; j++) {
            double sum = 0.0;
            for (int k = 0; k < i; k++)
                sum += memory->sy[i * m + k] * memory->sy[j * m + k] / memory->sy[k * m + k];
            t[i + ld * j] = sum + memory->theta * memory->ss[i * m + j];
        }
    dpotrf_("U", &count, t, &ld, &info, 1);
    return info == 0;
}

bool crn_lbfgs_memory_update(crn_lbfgs_memory *memory, const double *s, const double *y,
                             double yy, double sy, double ss)
{
    int n = memory->n, m = memory->m;
    if (memory->count < m) {
        memory->count++;
    } else {
        memory->head = (memory->head + 1) % m;
        shift_products(memory->sy, m);
        shift_products(memory->ss, m);
        shift_products(memory->yy, m);
    }
    int last = memory->count - 1;
    memcpy(pair_of(memory, memory->s, last), s, (size_t)n * sizeof *s);
    memcpy(pair_of(memory, memory->y, last), y, (size_t)n * sizeof *y);
    memory->theta = yy / sy;
    memory->changed = true;

    for (int j = 0; j < last; j++) {
        const double *sj = pair_of(memory, memory->s, j), *yj = pair_of(memory, memory->y, j);
        memory->sy[last * m + j] = cblas_ddot(n, s, 1, yj, 1);
        memory->sy[j * m + last] = cblas_ddot(n, sj, 1, y, 1);
        memory->ss[j * m + last] = memory->ss[last * m + j] = cblas_ddot(n, sj, 1, s, 1);
        memory->yy[j * m + last] = memory->yy[last * m + j] = cblas_ddot(n, yj, 1, y, 1);
    }
    memory->sy[last * m + last] = sy;
    memory->ss[last * m + last] = ss;
    memory->yy[last * m + last] = yy;
    return middle_is_positive_definite(memory);
}

/* The subspace problem without bounds (section 5.1 of Byrd, Lu, Nocedal and Zhu, SIAM J. Sci.
 * Comput. 16, 1995) has the indefinite matrix
 *
 *     K = [ -D - Y'Y / theta   -R' ]       D, R: diagonal and upper triangle of S'Y
 *         [ -R                  0  ]
 *
 * of which we keep a factorisation L E L' with E = diag(-I, I), its transposed L in the upper
 * triangle of `factors`. */
static bool factorize(crn_lbfgs_memory *memory)
{
    int m = memory->m, count = memory->count, ld = 2 * m, info = 0;
    double *k = memory->factors;
    for (int j = 0; j < count; j++) {
        for (int i = 0; i <= j; i++)
            k[i + ld * j] = memory->yy[j * m + i] / memory->theta;
        k[j + ld * j] += memory->sy[j * m + j];
        /* column j of the right-hand block: R' */
        for (int i = 0; i < count; i++)
            k[i + ld * (count + j)] = i < j ? 0.0 : memory->sy[j * m + i];
    }
    dpotrf_("U", &count, k, &ld, &info, 1);
    if (info != 0)
        return false;
    double *right = k + ld * count;
    dtrtrs_("U", "T", "N", &count, &count, k, &ld, right, &ld, &info, 1, 1, 1);
    if (info != 0)
        return false;
    for (int i = 0; i < count; i++)
        for (int j = i; j < count; j++)
            right[count + i + ld * j] = cblas_ddot(count, right + ld * i, 1, right + ld * j, 1);
    dpotrf_("U", &count, right + count, &ld, &info, 1);
    return info == 0;
}

/* work = K^-1 work. */
static bool solve_with_factors(crn_lbfgs_memory *memory)
{
    int size = 2 * memory->count, ld = 2 * memory->m, one = 1, info = 0;
    dtrtrs_("U", "T", "N", &size, &one, memory->factors, &ld, memory->work, &size, &info, 1, 1,
            1);
    if (info != 0)
        return false;
    for (int i = 0; i < memory->count; i++)
        memory->work[i] = -memory->work[i];
    dtrtrs_("U", "N", "N", &size, &one, memory->factors, &ld, memory->work, &size, &info, 1, 1,
            1);
    return info == 0;
}

bool crn_lbfgs_memory_target(crn_lbfgs_memory *memory, const double *x, const double *gradient,
                             double *target)
{
    int n = memory->n, count = memory->count;
    double theta = memory->theta, *work = memory->work;
    if (count == 0) {
        for (int i = 0; i < n; i++)
            target[i] = x[i] - gradient[i];
        return true;
    }
    if (memory->changed && !factorize(memory))
        return false;
    memory->changed = false;
    for (int j = 0; j < count; j++) {
        work[j] = -cblas_ddot(n, pair_of(memory, memory->y, j), 1, gradient, 1);
        work[count + j] = -theta * cblas_ddot(n, pair_of(memory, memory->s, j), 1, gradient, 1);
    }
    if (!solve_with_factors(memory))
        return false;
    for (int i = 0; i < n; i++)
        target[i] = -gradient[i];
    for (int j = 0; j < count; j++) {
        cblas_daxpy(n, work[j] / theta, pair_of(memory, memory->y, j), 1, target, 1);
        cblas_daxpy(n, work[count + j], pair_of(memory, memory->s, j), 1, target, 1);
    }
    for (int i = 0; i < n; i++)
        target[i] = x[i] + target[i] * (1.0 / theta);
    return true;
}
