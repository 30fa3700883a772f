/* SPDX-License-Identifier: BSD-3-Clause */
/* The lasso by coordinate descent on the Gram matrix, as enet_coordinate_descent_gram of
 * sklearn/linear_model/_cd_fast (1.5). */
#include <math.h>

#include "ops/sparse_coder.h"

/* Gram times code. */
size_t crn_lasso_descent_scratch(int64_t k)
{
    return (size_t)k;
}

static void add(int64_t k, double factor, const double *row, double *to)
{
    for (int64_t j = 0; j < k; j++)
        to[j] += factor * row[j];
}

static double soft_threshold(double value, double penalty, bool positive)
{
    const double size = fabs(value) - penalty;
    if ((positive && value < 0.0) || !(size > 0.0))
        return 0.0;
    return value > 0.0 ? size : -size;
}

/* One round; returns the largest change of an element against the largest element. */
static double descend(const crn_coding *c, double penalty, double *product)
{
    double largest = 0.0, change = 0.0;
    for (int64_t i = 0; i < c->k; i++) {
        const double *row = c->gram + i * c->k, before = c->code[i];
        if (row[i] == 0.0)
            continue;
        if (before != 0.0)
            add(c->k, -before, row, product);
        c->code[i] =
            soft_threshold(c->cov[i] - product[i], penalty, c->attributes->positive) / row[i];
        if (c->code[i] != 0.0)
            add(c->k, c->code[i], row, product);
        change = fmax(change, fabs(c->code[i] - before));
        largest = fmax(largest, fabs(c->code[i]));
    }
    return largest > 0.0 ? change / largest : 0.0;
}

static double duality_gap(const crn_coding *c, double penalty, const double *product)
{
    double explained = 0.0, fitted2 = 0.0, dual = 0.0, l1 = 0.0;
    for (int64_t i = 0; i < c->k; i++) {
        const double rest = c->cov[i] - product[i];
        explained += c->code[i] * c->cov[i];
        fitted2 += c->code[i] * product[i];
        l1 += fabs(c->code[i]);
        dual = fmax(dual, c->attributes->positive ? rest : fabs(rest));
    }
    const double residual2 = c->norm2 + fitted2 - 2.0 * explained;
    const double scale = dual > penalty ? penalty / dual : 1.0;
    const double gap =
        dual > penalty ? 0.5 * (residual2 + residual2 * scale * scale) : residual2;
    return gap + penalty * l1 - scale * c->norm2 + scale * explained;
}

void crn_lasso_descent_code(const crn_coding *coding)
{
    const double tolerance = coding->attributes->tol, penalty = coding->attributes->alpha;
    double *product = coding->scratch;
    for (int64_t i = 0; i < coding->k; i++)
        coding->code[i] = product[i] = 0.0;
    for (int64_t round = 0; round < coding->attributes->max_iter; round++) {
        if (descend(coding, penalty, product) < tolerance &&
            duality_gap(coding, penalty, product) < tolerance * coding->norm2)
            return;
    }
}
