/* SPDX-License-Identifier: BSD-3-Clause */
/* nmf_descent: NMF.transform by coordinate descent, as _fit_coordinate_descent of
 * sklearn/decomposition/_nmf.py (1.9) with _cdnmf_fast (Cichocki and Phan, IEICE Trans.
 * E92-A(3), 2009). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/nonnegative.h"

static crn_status nmf_descent_infer(const void *attributes, const crn_type *in, int n_in,
                                    crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("nmf_descent", n_in, 2, 2, err));
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 ||
        in[1].dtype != CRN_FLOAT64 || in[1].rows || in[1].ndim != 2 ||
        in[1].shape[1] != in[0].shape[0])
        return crn_infer_misfit("nmf_descent", &in[0], &in[1], err);
    out[0] = crn_type_vector(CRN_FLOAT64, in[1].shape[0]);
    return CRN_OK;
}

/* H H.T (k, k), X H.T (rows, k), and the order of the components. */
static size_t nmf_descent_scratch(const void *attributes, const crn_type *in, int n_in,
                                  int64_t rows)
{
    (void)attributes, (void)n_in;
    const size_t k = (size_t)in[1].shape[0];
    return k * (k + (size_t)rows + 1) * sizeof(double);
}

typedef struct problem {
    int64_t rows, k;
    const double *hht; /* (k, k) with the l2 penalty */
    const double *xht; /* (rows, k) with the l1 penalty */
    double *w;         /* (rows, k) */
} problem;

/* One round over all components and rows; returns how far W was from optimal. */
static double descend(const problem *p, const int64_t *order)
{
    double violation = 0.0;
    for (int64_t s = 0; s < p->k; s++) {
        const int64_t t = order[s];
        const double hess = p->hht[t * p->k + t];
        for (int64_t i = 0; i < p->rows; i++) {
            double *w = p->w + i * p->k;
            double grad = -p->xht[i * p->k + t];
            for (int64_t r = 0; r < p->k; r++)
                grad += p->hht[t * p->k + r] * w[r];
            const double projected = w[t] == 0.0 && grad > 0.0 ? 0.0 : grad;
            violation += fabs(projected);
            if (hess != 0.0) {
                const double next = w[t] - grad / hess;
                w[t] = next > 0.0 ? next : 0.0;
            }
        }
    }
    return violation;
}

static void solve(const crn_nmf_descent_attributes *at, const problem *p, int64_t *order)
{
    crn_random_state random = at->random;
    double first = 0.0;
    memset(p->w, 0, (size_t)(p->rows * p->k) * sizeof *p->w);
    for (int64_t t = 0; t < p->k; t++)
        order[t] = t;
    for (int64_t round = 0; round < at->max_iter; round++) {
        if (at->shuffle)
            crn_random_state_permutation(&random, p->k, order);
        const double violation = descend(p, order);
        if (round == 0)
            first = violation;
        if (first == 0.0 || violation / first <= at->tol)
            return;
    }
}

static void nmf_descent_forward(const crn_call *call)
{
    const crn_nmf_descent_attributes *at = call->attributes;
    const int64_t k = call->in_types[1].shape[0], n = call->in_types[1].shape[1];
    const double *h = call->in[1];
    double *hht = call->scratch, *xht = hht + k * k;
    int64_t *order = (int64_t *)(xht + call->rows * k);
    call->kernels->affine_f64(k, n, k, h, h, 1, NULL, hht, NULL);
    call->kernels->affine_f64(call->rows, n, k, call->in[0], h, 1, NULL, xht, NULL);
    for (int64_t t = 0; t < k; t++)
        hht[t * k + t] += at->l2;
    for (int64_t i = 0; at->l1 != 0.0 && i < call->rows * k; i++)
        xht[i] -= at->l1;
    const problem p = {.rows = call->rows, .k = k, .hht = hht, .xht = xht, .w = call->out[0]};
    solve(at, &p, order);
}

/* Some ten rounds. */
static void nmf_descent_cost(const void *attributes, const crn_type *in, const crn_type *out,
                             crn_cost *cost)
{
    (void)attributes;
    const double k = (double)crn_type_size(&out[0]);
    cost->multiply_adds = k * (double)crn_type_size(&in[0]) + 10.0 * k * k;
}

static void nmf_descent_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_nmf_descent_attributes *at = attributes;
    snprintf(buffer, size, "max_iter=%lld tol=%g", (long long)at->max_iter, at->tol);
}

const crn_op crn_op_nmf_descent = {
    .name = "nmf_descent",
    .attributes_size = sizeof(crn_nmf_descent_attributes),
    .flags = CRN_OP_ALL_ROWS,
    .n_out = 1,
    .infer = nmf_descent_infer,
    .scratch = nmf_descent_scratch,
    .forward = nmf_descent_forward,
    .cost = nmf_descent_cost,
    .describe = nmf_descent_describe,
};

crn_value crn_nmf_descent(crn_graph *graph, crn_value x, crn_value components,
                          const crn_nmf_descent_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_nmf_descent, attributes, (crn_value[]){x, components},
                         2);
}
