/* SPDX-License-Identifier: BSD-3-Clause */
/* Orthogonal matching pursuit with a growing Cholesky factor, as _gram_omp of
 * sklearn/linear_model/_omp.py (1.9) (Rubinstein, Zibulevsky and Elad, CS Technion 40(8),
 * 2008). */
#include <float.h>
#include <math.h>
#include <string.h>

#include "ops/sparse_coder.h"

/* The factor, three vectors of k, and the order of the atoms. */
size_t crn_omp_scratch(int64_t k, int64_t most)
{
    return (size_t)most * (size_t)most + 4 * (size_t)k;
}

typedef struct pursuit {
    const crn_coding *coding;
    int64_t active, most;
    double *l;        /* (most, most) lower */
    double *cov;      /* (k) in the order of `order` */
    double *residual; /* (k) correlations with what is left */
    double *gamma;    /* (k) coefficients of the active atoms */
    int64_t *order;   /* (k) the active atoms first */
} pursuit;

static double gram(const pursuit *p, int64_t i, int64_t j)
{
    return p->coding->gram[p->order[i] * p->coding->k + p->order[j]];
}

/* The place of the largest residual correlation; -1: nothing useful is left. */
static int64_t choose(const pursuit *p)
{
    int64_t best = 0;
    for (int64_t i = 1; i < p->coding->k; i++) {
        if (fabs(p->residual[i]) > fabs(p->residual[best]))
            best = i;
    }
    const double size = p->residual[best] * p->residual[best];
    return best < p->active || !(size >= DBL_EPSILON) ? -1 : best;
}

/* Another row of the factor; false when the atom depends on those before. */
static bool extend(const pursuit *p, int64_t atom)
{
    double *row = p->l + p->active * p->most, norm2 = 0.0;
    for (int64_t j = 0; j < p->active; j++)
        row[j] = gram(p, atom, j);
    crn_solve_lower(p->l, p->most, p->active, row);
    for (int64_t j = 0; j < p->active; j++)
        norm2 += row[j] * row[j];
    const double rest = gram(p, atom, atom) - norm2;
    if (p->active > 0 && !(rest > DBL_EPSILON))
        return false;
    row[p->active] = sqrt(rest);
    return true;
}

static void activate(pursuit *p, int64_t atom)
{
    const int64_t index = p->order[atom];
    const double cov = p->cov[atom];
    p->order[atom] = p->order[p->active];
    p->order[p->active] = index;
    p->cov[atom] = p->cov[p->active];
    p->cov[p->active] = cov;
    p->active++;
}

/* Least squares on the active atoms, and what they leave. */
static void refit(const pursuit *p)
{
    memcpy(p->gamma, p->cov, (size_t)p->active * sizeof *p->gamma);
    crn_solve_lower(p->l, p->most, p->active, p->gamma);
    crn_solve_lower_transposed(p->l, p->most, p->active, p->gamma);
    for (int64_t i = 0; i < p->coding->k; i++) {
        double explained = 0.0;
        for (int64_t j = 0; j < p->active; j++)
            explained += gram(p, i, j) * p->gamma[j];
        p->residual[i] = p->cov[i] - explained;
    }
}

void crn_omp_code(const crn_coding *coding)
{
    const int64_t k = coding->k, most = coding->attributes->nonzero;
    pursuit p = {.coding = coding, .most = most, .l = coding->scratch};
    p.cov = p.l + most * most;
    p.residual = p.cov + k;
    p.gamma = p.residual + k;
    p.order = (int64_t *)(p.gamma + k);
    for (int64_t i = 0; i < k; i++) {
        p.order[i] = i;
        p.cov[i] = p.residual[i] = coding->cov[i];
        coding->code[i] = 0.0;
    }
    while (p.active < most) {
        const int64_t atom = choose(&p);
        if (atom < 0 || !extend(&p, atom))
            break;
        activate(&p, atom);
        refit(&p);
    }
    for (int64_t i = 0; i < p.active; i++)
        coding->code[p.order[i]] = p.gamma[i];
}
