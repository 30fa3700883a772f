/* SPDX-License-Identifier: BSD-3-Clause */
/* Least angle regression, and the lasso by it, on the Gram matrix, as _lars_path_solver of
 * sklearn/linear_model/_least_angle.py (1.9) (Efron, Hastie, Johnstone and Tibshirani, Ann.
 * Statist. 32(2), 2004). scikit-learn swaps rows and columns of a copy of the Gram matrix; here
 * `order` says where they are. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "ops/sparse_coder.h"

static const double tiny = (double)FLT_MIN, slack = (double)FLT_EPSILON;

typedef struct path {
    const crn_coding *coding;
    bool is_lasso, positive;
    int64_t k, most, active;
    bool dropped;
    double *l;               /* (most, most) the factor of the active atoms' Gram matrix */
    double *spare_l;         /* (most, most) */
    double *sign;            /* (most) of the active correlations */
    double *step;            /* (most) the equiangular direction */
    double *cov;             /* (2 k) the correlations of the others, from cov[begin] on */
    double *angle;           /* (k) of the others with the direction */
    double *coef, *previous; /* (k) */
    int64_t *order;          /* (k) where the atoms stand; the active ones first */
    int64_t *chosen;         /* (most) the active atoms */
    int64_t begin;
    double alpha, previous_alpha;
} path;

size_t crn_lars_scratch(int64_t k, int64_t most)
{
    const size_t m = (size_t)most + 1;
    return 2 * m * m + 3 * m + 5 * (size_t)k;
}

static void lay_out(path *p, double *scratch)
{
    const int64_t m = p->most + 1;
    p->l = scratch;
    p->spare_l = p->l + m * m;
    p->sign = p->spare_l + m * m;
    p->step = p->sign + m;
    p->chosen = (int64_t *)(p->step + m);
    p->cov = (double *)(p->chosen + m);
    p->angle = p->cov + 2 * p->k;
    p->coef = p->coding->code;
    p->previous = p->angle + p->k;
    p->order = (int64_t *)(p->previous + p->k);
}

static double gram(const path *p, int64_t i, int64_t j)
{
    return p->coding->gram[p->order[i] * p->k + p->order[j]];
}

static void swap_numbers(double *a, double *b)
{
    const double kept = *a;
    *a = *b;
    *b = kept;
}

static void swap_atoms(path *p, int64_t i, int64_t j)
{
    const int64_t kept = p->order[i];
    p->order[i] = p->order[j];
    p->order[j] = kept;
}

/* How many atoms are not active. */
static int64_t others(const path *p)
{
    return p->k - p->active;
}

/* The largest correlation of the others: its place among them; -1 when there are none. */
static int64_t strongest(const path *p)
{
    const double *cov = p->cov + p->begin;
    int64_t best = others(p) > 0 ? 0 : -1;
    for (int64_t i = 1; i < others(p); i++) {
        if (p->positive ? cov[i] > cov[best] : fabs(cov[i]) > fabs(cov[best]))
            best = i;
    }
    return best;
}

/* ---- one more atom ---- */

/* Appends the atom at `place` of the others to the active set. False: it depends on those that
 * are active, and is left out for good. */
static bool append(path *p, int64_t place)
{
    static const double dependent = 1e-7;
    const int64_t m = p->active, stride = p->most + 1;
    double *cov = p->cov + p->begin, *row = p->l + m * stride, norm2 = 0.0;
    p->sign[m] = p->positive || cov[place] > 0.0 ? 1.0 : cov[place] < 0.0 ? -1.0 : 0.0;
    swap_numbers(&cov[place], &cov[0]);
    swap_atoms(p, place + m, m);
    for (int64_t j = 0; j < m; j++)
        row[j] = gram(p, m, j);
    crn_solve_lower(p->l, stride, m, row);
    for (int64_t j = 0; j < m; j++)
        norm2 += row[j] * row[j];
    row[m] = fmax(sqrt(fabs(gram(p, m, m) - norm2)), DBL_EPSILON);
    if (row[m] < dependent) {
        cov[0] = 0.0;
        swap_numbers(&cov[place], &cov[0]);
        return false;
    }
    p->chosen[m] = p->order[m];
    p->begin++;
    p->active++;
    return true;
}

/* ---- one step ---- */

static void solve_signs(const path *p, const double *l)
{
    const int64_t stride = p->most + 1;
    memcpy(p->step, p->sign, (size_t)p->active * sizeof *p->step);
    crn_solve_lower(l, stride, p->active, p->step);
    crn_solve_lower_transposed(l, stride, p->active, p->step);
}

static double sum_of_signed(const path *p)
{
    double sum = 0.0;
    for (int64_t i = 0; i < p->active; i++)
        sum += p->step[i] * p->sign[i];
    return sum;
}

/* The direction, and its length: it makes equal angles with all active atoms. */
static double direction(const path *p)
{
    enum { MOST_TRIES = 64 };
    const int64_t stride = p->most + 1;
    solve_signs(p, p->l);
    if (p->active == 1 && p->step[0] == 0.0) {
        p->step[0] = 1.0;
        return 1.0;
    }
    double length = 1.0 / sqrt(sum_of_signed(p));
    if (!isfinite(length)) {
        memcpy(p->spare_l, p->l, (size_t)(stride * stride) * sizeof *p->l);
        for (int i = 0; i < MOST_TRIES && !isfinite(length); i++) {
            for (int64_t j = 0; j < p->active; j++)
                p->spare_l[j * stride + j] += ldexp(DBL_EPSILON, i);
            solve_signs(p, p->spare_l);
            length = 1.0 / sqrt(fmax(sum_of_signed(p), DBL_EPSILON));
        }
    }
    for (int64_t i = 0; i < p->active; i++)
        p->step[i] *= length;
    return length;
}

static void angles(const path *p)
{
    static const double digits = 1e15; /* numpy.around(decimals=15) */
    for (int64_t i = 0; i < others(p); i++) {
        double sum = 0.0;
        for (int64_t j = 0; j < p->active; j++)
            sum += gram(p, j, p->active + i) * p->step[j];
        p->angle[i] = rint(sum * digits) / digits;
    }
}

/* How far until another atom correlates as much as the active ones. */
static double reach(const path *p, double largest, double length)
{
    const double *cov = p->cov + p->begin;
    double least = DBL_MAX;
    for (int64_t i = 0; i < others(p); i++) {
        const double up = (largest - cov[i]) / (length - p->angle[i] + tiny);
        const double down = (largest + cov[i]) / (length + p->angle[i] + tiny);
        if (up > 0.0 && up < least)
            least = up;
        if (!p->positive && down > 0.0 && down < least)
            least = down;
    }
    return fmin(least, largest / length);
}

/* Takes row and column `out` from the factor: Givens rotations, as cholesky_delete. */
static void delete_from_factor(const path *p, int64_t out)
{
    const int64_t stride = p->most + 1, n = p->active;
    for (int64_t i = out; i < n - 1; i++)
        memcpy(p->l + i * stride, p->l + (i + 1) * stride, (size_t)(i + 2) * sizeof *p->l);
    for (int64_t i = out; i < n - 1; i++) {
        double *diagonal = p->l + i * stride + i;
        const double a = diagonal[0], b = diagonal[1], size = hypot(a, b);
        if (size == 0.0)
            continue;
        const double c = a / size, s = b / size;
        diagonal[0] = size;
        diagonal[1] = 0.0;
        for (int64_t j = i + 1; j < n - 1; j++) {
            double *at = p->l + j * stride + i;
            const double x = at[0], y = at[1];
            at[0] = c * x + s * y;
            at[1] = c * y - s * x;
        }
    }
}

/* The active atom `out` goes back to the others, as the first of them. */
static void drop(path *p, int64_t out)
{
    const crn_coding *c = p->coding;
    const int64_t atom = p->chosen[out];
    delete_from_factor(p, out);
    p->active--;
    for (int64_t i = out; i < p->active; i++) {
        swap_atoms(p, i, i + 1);
        p->chosen[i] = p->chosen[i + 1];
        p->sign[i] = p->sign[i + 1];
    }
    double rest = c->cov[atom];
    for (int64_t j = 0; j < p->k; j++)
        rest -= c->gram[atom * p->k + j] * p->coef[j];
    p->begin--;
    p->cov[p->begin] = rest;
}

/* The last active atom whose coefficient would meet zero within `gamma`, and where; -1:
 * none. */
static int64_t first_to_vanish(const path *p, double gamma, double *where)
{
    double least = DBL_MAX;
    int64_t found = -1;
    for (int64_t i = 0; i < p->active; i++) {
        const double ratio = -p->coef[p->chosen[i]] / (p->step[i] + tiny);
        if (ratio > 0.0 && ratio <= least) {
            least = ratio;
            found = i;
        }
    }
    *where = least;
    return found >= 0 && least < gamma ? found : -1;
}

static void advance(path *p, double largest)
{
    const double length = direction(p);
    angles(p);
    double gamma = reach(p, largest, length), where;
    const int64_t vanishing = first_to_vanish(p, gamma, &where);
    p->dropped = vanishing >= 0;
    if (p->dropped) {
        p->sign[vanishing] = -p->sign[vanishing];
        if (p->is_lasso)
            gamma = where;
    }
    memcpy(p->previous, p->coef, (size_t)p->k * sizeof *p->coef);
    p->previous_alpha = p->alpha;
    memset(p->coef, 0, (size_t)p->k * sizeof *p->coef);
    for (int64_t i = 0; i < p->active; i++)
        p->coef[p->chosen[i]] = p->previous[p->chosen[i]] + gamma * p->step[i];
    for (int64_t i = 0; i < others(p); i++)
        p->cov[p->begin + i] -= gamma * p->angle[i];
    if (p->dropped && p->is_lasso)
        drop(p, vanishing);
}

/* ---- the path ---- */

/* At the penalty that was asked for: between the last two points of the path. */
static void interpolate(path *p, double least, bool first)
{
    if (!(fabs(p->alpha - least) > slack) || first)
        return;
    const double share = (p->previous_alpha - least) / (p->previous_alpha - p->alpha);
    for (int64_t i = 0; i < p->k; i++)
        p->coef[i] = p->previous[i] + share * (p->coef[i] - p->previous[i]);
}

static void follow(path *p, double least, int64_t max_iter)
{
    for (int64_t round = 0;;) {
        const int64_t place = strongest(p);
        const double signed_cov = place >= 0 ? p->cov[p->begin + place] : 0.0;
        const double largest = p->positive ? signed_cov : fabs(signed_cov);
        p->alpha = largest / (double)p->coding->n;
        if (!(p->alpha > least + slack)) {
            interpolate(p, least, round == 0);
            return;
        }
        if (round >= max_iter || p->active >= p->k)
            return;
        if (!p->dropped && !append(p, place))
            continue;
        if (p->is_lasso && round > 0 && p->previous_alpha < p->alpha)
            return;
        advance(p, largest);
        round++;
    }
}

void crn_lars_code(const crn_coding *coding)
{
    const crn_sparse_code_attributes *at = coding->attributes;
    path p = {.coding = coding,
              .is_lasso = at->kind == CRN_CODE_LASSO_LARS,
              .positive = at->positive,
              .k = coding->k,
              .begin = coding->k};
    const int64_t max_iter = p.is_lasso ? at->max_iter : at->nonzero;
    p.most = max_iter < p.k ? max_iter : p.k;
    lay_out(&p, coding->scratch);
    for (int64_t i = 0; i < p.k; i++) {
        p.order[i] = i;
        p.coef[i] = p.previous[i] = 0.0;
        p.cov[p.begin + i] = coding->cov[i];
    }
    const double least = p.is_lasso ? at->alpha / (double)coding->n : 0.0;
    follow(&p, least, max_iter);
}
