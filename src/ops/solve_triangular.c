/* SPDX-License-Identifier: BSD-3-Clause */
/* solve_triangular: forward substitution for each row. Inputs: x, lower. */
#include "ops/gaussian_process.h"
#include "ops/infer.h"

static crn_status solve_triangular_infer(const void *attributes, const crn_type *in, int n_in,
                                         crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("solve_triangular", n_in, 2, 2, err));
    const crn_type *x = &in[0], *lower = &in[1];
    if (x->dtype != CRN_FLOAT64 || x->ndim != 1 || lower->dtype != CRN_FLOAT64 || lower->rows ||
        lower->ndim != 2 || lower->shape[0] != x->shape[0] || lower->shape[1] != x->shape[0])
        return crn_infer_misfit("solve_triangular", x, lower, err);
    out[0] = *x;
    return CRN_OK;
}

/* Eight sums at once, which become vectors, in the same order for every row. */
static double dot(int64_t n, const double *a, const double *b)
{
    double sum[8] = {0}, rest = 0;
    int64_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (int k = 0; k < 8; k++)
            sum[k] += a[i + k] * b[i + k];
    }
    for (; i < n; i++)
        rest += a[i] * b[i];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7])) +
           rest;
}

/* All rows meet a line of the triangle while it is in the cache. */
static void solve_triangular_forward(const crn_call *call)
{
    const int64_t n = call->in_types[0].shape[0];
    const double *x = call->in[0], *line = call->in[1];
    double *v = call->out[0];
    for (int64_t i = 0; i < n; i++, line += n) {
        for (int64_t row = 0; row < call->rows; row++) {
            const int64_t at = row * n;
            v[at + i] = (x[at + i] - dot(i, line, v + at)) / line[i];
        }
    }
}

static void solve_triangular_cost(const void *attributes, const crn_type *in,
                                  const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&in[1]);
    cost->bytes = 4.0 * (double)crn_type_size(&in[1]);
}

const crn_op crn_op_solve_triangular = {
    .name = "solve_triangular",
    .n_out = 1,
    .infer = solve_triangular_infer,
    .forward = solve_triangular_forward,
    .cost = solve_triangular_cost,
};

crn_value crn_solve_triangular(crn_graph *graph, crn_value x, crn_value lower)
{
    return crn_graph_add(graph, &crn_op_solve_triangular, NULL, (crn_value[]){x, lower}, 2);
}
