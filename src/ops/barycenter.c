/* SPDX-License-Identifier: BSD-3-Clause */
/* barycenter: the weights that reconstruct a row from its neighbors, as barycenter_weights() of
 * sklearn/manifold/_locally_linear.py (1.9). Inputs: x; indices, which are inside by
 * construction of the graph; samples. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/manifold.h"
#include "ops/neighbor_query.h"

static crn_status barycenter_infer(const void *attributes, const crn_type *in, int n_in,
                                   crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("barycenter", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "barycenter: takes float64 (rows, features)");
    if (in[1].dtype != CRN_INT64 || in[1].ndim != 1 || in[1].rows != in[0].rows ||
        in[1].shape[0] < 1)
        return crn_infer_misfit("barycenter", &in[0], &in[1], err);
    if (in[1].shape[0] > CRN_MAX_BARYCENTER)
        return crn_fail(err, CRN_LIMIT, "barycenter: %lld neighbors; at most %d are taken",
                        (long long)in[1].shape[0], CRN_MAX_BARYCENTER);
    const int64_t shape[2] = {-1, in[0].shape[0]};
    CRN_TRY(crn_infer_constant("barycenter", &in[2], CRN_FLOAT64, 2, shape, err));
    out[0] = in[0];
    out[0].shape[0] = in[1].shape[0];
    return CRN_OK;
}

/* The neighbors relative to the row (k, features), and their Gram matrix (k, k). */
static size_t barycenter_scratch(const void *attributes, const crn_type *in, int n_in,
                                 int64_t rows)
{
    (void)attributes, (void)n_in, (void)rows;
    const size_t k = (size_t)in[1].shape[0];
    return k * ((size_t)in[0].shape[0] + k) * sizeof(double);
}

static double dot(int64_t n, const double *x, const double *y)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++)
        sum += x[j] * y[j];
    return sum;
}

/* C C' with reg times its trace (or reg alone, where that is 0) added to the diagonal; the
 * lower triangle. */
static void gram(int64_t k, int64_t features, double reg, const double *c, double *g)
{
    double trace = 0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t j = 0; j <= i; j++)
            g[i * k + j] = dot(features, c + i * features, c + j * features);
        trace += g[i * k + i];
    }
    for (int64_t i = 0; i < k; i++)
        g[i * k + i] += trace > 0 ? reg * trace : reg;
}

/* g = L L' in place of the lower triangle; false: g is not positive definite. */
static bool cholesky(int64_t k, double *g)
{
    for (int64_t i = 0; i < k; i++) {
        for (int64_t j = 0; j <= i; j++) {
            const double rest = g[i * k + j] - dot(j, g + i * k, g + j * k);
            if (i == j && !(rest > 0))
                return false;
            g[i * k + j] = i == j ? sqrt(rest) : rest / g[j * k + j];
        }
    }
    return true;
}

/* L L' w = (1, 1 ... 1), and then sum(w) = 1. */
static void solve(int64_t k, const double *g, double *w)
{
    double sum = 0;
    for (int64_t i = 0; i < k; i++)
        w[i] = (1 - dot(i, g + i * k, w)) / g[i * k + i];
    for (int64_t i = k - 1; i >= 0; i--) {
        for (int64_t j = i + 1; j < k; j++)
            w[i] -= g[j * k + i] * w[j];
        w[i] /= g[i * k + i];
        sum += w[i];
    }
    for (int64_t i = 0; i < k; i++)
        w[i] /= sum;
}

static void barycenter_forward(const crn_call *call)
{
    const crn_barycenter_attributes *a = call->attributes;
    const int64_t features = call->in_types[0].shape[0], k = call->in_types[1].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const double *x = call->in[0], *samples = call->in[2];
    const int64_t *indices = call->in[1];
    double *w = call->out[0], *c = call->scratch, *g = c + k * features;
    for (int64_t row = 0; row < rows; row++, x += features, indices += k, w += k) {
        for (int64_t i = 0; i < k; i++) {
            for (int64_t j = 0; j < features; j++)
                c[i * features + j] = samples[indices[i] * features + j] - x[j];
        }
        gram(k, features, a->reg, c, g);
        if (cholesky(k, g)) {
            solve(k, g, w);
            continue;
        }
        for (int64_t i = 0; i < k; i++)
            w[i] = (double)NAN;
        crn_fail(call->failure, CRN_ARGUMENT,
                 "the neighbors of a row do not determine its weights: "
                 "the matrix is not positive definite");
    }
}

static void barycenter_cost(const void *attributes, const crn_type *in, const crn_type *out,
                            crn_cost *cost)
{
    (void)attributes;
    const double k = (double)crn_type_size(&out[0]);
    cost->multiply_adds = k * k * ((double)crn_type_size(&in[0]) + k / 3);
}

static void barycenter_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "reg=%g", ((const crn_barycenter_attributes *)attributes)->reg);
}

const crn_op crn_op_barycenter = {
    .name = "barycenter",
    .attributes_size = sizeof(crn_barycenter_attributes),
    .n_out = 1,
    .infer = barycenter_infer,
    .scratch = barycenter_scratch,
    .forward = barycenter_forward,
    .cost = barycenter_cost,
    .describe = barycenter_describe,
};

crn_value crn_barycenter(crn_graph *graph, crn_value x, crn_value indices, crn_value samples,
                         double reg)
{
    const crn_barycenter_attributes attributes = {.reg = reg};
    return crn_graph_add(graph, &crn_op_barycenter, &attributes,
                         (crn_value[]){x, indices, samples}, 3);
}
