/* SPDX-License-Identifier: BSD-3-Clause */
/* nmf_update: the transform of NMF(solver='mu') and of MiniBatchNMF by multiplicative updates,
 * as _multiplicative_update_w and _beta_divergence of sklearn/decomposition/_nmf.py (1.9)
 * (Fevotte and Idier, Neural Computation 23(9), 2011). */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/nonnegative.h"

static const double epsilon = (double)FLT_EPSILON;

static crn_status nmf_update_infer(const void *attributes, const crn_type *in, int n_in,
                                   crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("nmf_update", n_in, 2, 2, err));
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 ||
        in[1].dtype != CRN_FLOAT64 || in[1].rows || in[1].ndim != 2 ||
        in[1].shape[1] != in[0].shape[0])
        return crn_infer_misfit("nmf_update", &in[0], &in[1], err);
    out[0] = crn_type_vector(CRN_FLOAT64, in[1].shape[0]);
    return CRN_OK;
}

typedef struct problem {
    const crn_nmf_update_attributes *at;
    double gamma; /* exponent of the updates, in (0, 1] */
    int64_t rows, n, k;
    const double *x, *h;             /* (rows, n), (k, n) */
    double *w;                       /* (rows, k) */
    double *before;                  /* (rows, k) W of the round before */
    double *xht;                     /* (rows, k) beta 2 */
    double *hht;                     /* (k, k) beta 2 */
    double *h_sum;                   /* (k) beta 1 */
    double *wh, *powers;             /* (n) of one row */
    double *numerator, *denominator; /* (k) of one row */
} problem;

static size_t nmf_update_scratch(const void *attributes, const crn_type *in, int n_in,
                                 int64_t rows)
{
    (void)attributes, (void)n_in;
    const size_t k = (size_t)in[1].shape[0], n = (size_t)in[1].shape[1];
    return (k * (2 * (size_t)rows + k + 3) + 2 * n) * sizeof(double);
}

static double floored(const problem *p, double value)
{
    return (p->at->floors_zeros ? value == 0.0 : value < epsilon) ? epsilon : value;
}

/* wh (n) = row i of W H. */
static void multiply_row(const problem *p, int64_t i)
{
    const double *w = p->w + i * p->k;
    memset(p->wh, 0, (size_t)p->n * sizeof *p->wh);
    for (int64_t t = 0; t < p->k; t++) {
        for (int64_t j = 0; j < p->n; j++)
            p->wh[j] += w[t] * p->h[t * p->n + j];
    }
}

/* out (k) = H v. */
static void times_components(const problem *p, const double *v, double *out)
{
    for (int64_t t = 0; t < p->k; t++) {
        out[t] = 0.0;
        for (int64_t j = 0; j < p->n; j++)
            out[t] += v[j] * p->h[t * p->n + j];
    }
}

/* ---- one update ---- */

/* x times WH to the power beta - 2. */
static double weight(double beta, double x, double wh)
{
    if (beta == 1.0)
        return x / wh;
    if (beta == 0.0) {
        const double inverse = 1.0 / wh;
        return inverse * inverse * x;
    }
    return pow(wh, beta - 2.0) * x;
}

/* Numerator and denominator of row i, before the penalties. */
static void frobenius_parts(const problem *p, int64_t i)
{
    const double *w = p->w + i * p->k;
    for (int64_t t = 0; t < p->k; t++) {
        p->numerator[t] = p->xht[i * p->k + t];
        p->denominator[t] = 0.0;
        for (int64_t r = 0; r < p->k; r++)
            p->denominator[t] += w[r] * p->hht[r * p->k + t];
    }
}

static void divergence_parts(const problem *p, int64_t i)
{
    const double beta = p->at->beta, *x = p->x + i * p->n;
    multiply_row(p, i);
    for (int64_t j = 0; j < p->n; j++)
        p->powers[j] = weight(beta, x[j], beta < 2.0 ? floored(p, p->wh[j]) : p->wh[j]);
    times_components(p, p->powers, p->numerator);
    if (beta == 1.0) {
        memcpy(p->denominator, p->h_sum, (size_t)p->k * sizeof *p->h_sum);
        return;
    }
    for (int64_t j = 0; j < p->n; j++)
        p->powers[j] = pow(beta < 1.0 ? floored(p, p->wh[j]) : p->wh[j], beta - 1.0);
    times_components(p, p->powers, p->denominator);
}

static void update_row(const problem *p, int64_t i)
{
    double *w = p->w + i * p->k;
    const crn_nmf_update_attributes *at = p->at;
    if (at->beta == 2.0)
        frobenius_parts(p, i);
    else
        divergence_parts(p, i);
    for (int64_t t = 0; t < p->k; t++) {
        double denominator = p->denominator[t];
        if (at->l1 > 0.0 && at->beta != 1.0)
            denominator += at->l1;
        if (at->l2 > 0.0)
            denominator += at->l2 * w[t];
        const double change = p->numerator[t] / (denominator == 0.0 ? epsilon : denominator);
        w[t] *= p->gamma != 1.0 ? pow(change, p->gamma) : change;
    }
}

static void sum_components(const problem *p)
{
    for (int64_t t = 0; t < p->k; t++) {
        p->h_sum[t] = 0.0;
        for (int64_t j = 0; j < p->n; j++)
            p->h_sum[t] += p->h[t * p->n + j];
    }
}

/* scikit-learn adds the l1 penalty of beta 1 in place to sums that NMF keeps from round to
 * round, and MiniBatchNMF computes anew. */
static void update(const problem *p)
{
    if (p->at->mini_batch)
        sum_components(p);
    for (int64_t t = 0; p->at->l1 > 0.0 && t < p->k; t++)
        p->h_sum[t] += p->at->l1;
    for (int64_t i = 0; i < p->rows; i++)
        update_row(p, i);
}

/* ---- when to stop ---- */

/* What row i adds to the divergence of X and W H. */
static double row_divergence(const problem *p, int64_t i)
{
    const double beta = p->at->beta, *x = p->x + i * p->n;
    double sum = 0.0;
    multiply_row(p, i);
    for (int64_t j = 0; j < p->n; j++) {
        const double wh = p->wh[j];
        if (beta == 2.0) {
            sum += (x[j] - wh) * (x[j] - wh) / 2.0;
            continue;
        }
        if (beta == 1.0)
            sum += wh;
        else if (beta == 0.0)
            sum -= 1.0;
        else
            sum += pow(wh, beta) / beta;
        if (x[j] <= epsilon)
            continue;
        const double safe = floored(p, wh), ratio = x[j] / safe;
        if (beta == 1.0)
            sum += x[j] * log(ratio) - x[j];
        else if (beta == 0.0)
            sum += ratio - log(ratio);
        else
            sum +=
                (pow(x[j], beta) - beta * x[j] * pow(safe, beta - 1.0)) / (beta * (beta - 1.0));
    }
    return sum;
}

static double error(const problem *p)
{
    double sum = 0.0;
    for (int64_t i = 0; i < p->rows; i++)
        sum += row_divergence(p, i);
    return sqrt(2.0 * (sum > 0.0 ? sum : 0.0));
}

/* Did the last round change W little, against its size? */
static bool has_settled(const problem *p)
{
    double change = 0.0, size = 0.0;
    for (int64_t i = 0; i < p->rows * p->k; i++) {
        change += (p->w[i] - p->before[i]) * (p->w[i] - p->before[i]);
        size += p->w[i] * p->w[i];
    }
    return p->at->tol > 0.0 && sqrt(change) / sqrt(size) <= p->at->tol;
}

static void solve_mini_batch(const problem *p)
{
    const size_t bytes = (size_t)(p->rows * p->k) * sizeof *p->w;
    for (int64_t round = 0; round < p->at->max_iter; round++) {
        memcpy(p->before, p->w, bytes);
        update(p);
        if (has_settled(p))
            return;
    }
}

static void solve(const problem *p)
{
    enum { BETWEEN_CHECKS = 10 };
    const double first = error(p);
    double previous = first;
    sum_components(p);
    for (int64_t round = 1; round <= p->at->max_iter; round++) {
        update(p);
        for (int64_t i = 0; p->at->beta < 1.0 && i < p->rows * p->k; i++)
            p->w[i] = p->w[i] < DBL_EPSILON ? 0.0 : p->w[i];
        if (!(p->at->tol > 0.0) || round % BETWEEN_CHECKS != 0)
            continue;
        const double now = error(p);
        if ((previous - now) / first < p->at->tol)
            return;
        previous = now;
    }
}

/* ---- the operation ---- */

/* Every element of W begins with sqrt(mean(X) / k). Returns the smallest of X. */
static double start(const problem *p)
{
    double sum = 0.0, least = p->x[0];
    for (int64_t i = 0; i < p->rows * p->n; i++) {
        sum += p->x[i];
        least = p->x[i] < least ? p->x[i] : least;
    }
    const double mean = sum / (double)(p->rows * p->n);
    for (int64_t i = 0; i < p->rows * p->k; i++)
        p->w[i] = sqrt(mean / (double)p->k);
    return least;
}

static void lay_out(problem *p, double *scratch)
{
    p->before = scratch;
    p->xht = p->before + p->rows * p->k;
    p->hht = p->xht + p->rows * p->k;
    p->h_sum = p->hht + p->k * p->k;
    p->numerator = p->h_sum + p->k;
    p->denominator = p->numerator + p->k;
    p->wh = p->denominator + p->k;
    p->powers = p->wh + p->n;
}

static void nmf_update_forward(const crn_call *call)
{
    const crn_nmf_update_attributes *at = call->attributes;
    const double beta = at->beta;
    problem p = {.at = at,
                 .gamma = beta < 1.0   ? 1.0 / (2.0 - beta)
                          : beta > 2.0 ? 1.0 / (beta - 1.0)
                                       : 1.0,
                 .rows = call->rows,
                 .n = call->in_types[1].shape[1],
                 .k = call->in_types[1].shape[0],
                 .x = call->in[0],
                 .h = call->in[1],
                 .w = call->out[0]};
    if (p.n == 0 || p.rows == 0)
        return;
    lay_out(&p, call->scratch);
    const double least = start(&p);
    if (least == 0.0 && beta <= 0.0 && !at->mini_batch)
        (void)!crn_fail(call->failure, CRN_ARGUMENT,
                        "When beta_loss <= 0 and X contains zeros, the solver may diverge. "
                        "Please add small values to X, or use a positive beta_loss.");
    if (beta == 2.0) {
        call->kernels->affine_f64(p.k, p.n, p.k, p.h, p.h, 1, NULL, p.hht, NULL);
        call->kernels->affine_f64(p.rows, p.n, p.k, p.x, p.h, 1, NULL, p.xht, NULL);
    }
    if (at->mini_batch)
        solve_mini_batch(&p);
    else
        solve(&p);
}

/* Some fifty rounds. */
static void nmf_update_cost(const void *attributes, const crn_type *in, const crn_type *out,
                            crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = 50.0 * (double)crn_type_size(&out[0]) * (double)crn_type_size(&in[0]);
}

static void nmf_update_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_nmf_update_attributes *at = attributes;
    snprintf(buffer, size, "beta=%g max_iter=%lld tol=%g", at->beta, (long long)at->max_iter,
             at->tol);
}

const crn_op crn_op_nmf_update = {
    .name = "nmf_update",
    .attributes_size = sizeof(crn_nmf_update_attributes),
    .flags = CRN_OP_ALL_ROWS,
    .n_out = 1,
    .infer = nmf_update_infer,
    .scratch = nmf_update_scratch,
    .forward = nmf_update_forward,
    .cost = nmf_update_cost,
    .describe = nmf_update_describe,
};

crn_value crn_nmf_update(crn_graph *graph, crn_value x, crn_value components,
                         const crn_nmf_update_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_nmf_update, attributes, (crn_value[]){x, components},
                         2);
}
