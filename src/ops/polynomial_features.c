/* SPDX-License-Identifier: BSD-3-Clause */
/* polynomial_features: all products of features up to a degree, in the order and with the
 * multiplications of sklearn/preprocessing/_polynomial.py (1.9): the terms of a degree are
 * those of the degree below times each feature. Input: x (rows, n) float64. */
#include <stdio.h>
#include <string.h>

#include "ops/features.h"
#include "ops/infer.h"

/* The number of terms of one degree, at most CRN_MOST_COLUMNS + 1: a binomial coefficient, by
 * the shorter of the two ways. */
static int64_t terms_of(int64_t n, int64_t degree, bool interaction_only)
{
    const int64_t of = interaction_only ? n : n + degree - 1;
    const int64_t steps = degree < of - degree ? degree : of - degree;
    int64_t count = 1;
    if (steps > 0 && of > CRN_MOST_COLUMNS)
        return CRN_MOST_COLUMNS + 1;
    for (int64_t k = 1; k <= steps && count <= CRN_MOST_COLUMNS; k++)
        count = count * (of - steps + k) / k; /* C(of - steps + k, k) after each step */
    return count;
}

int64_t crn_polynomial_columns(const crn_polynomial *self, int64_t n, bool whole)
{
    int64_t total = self->include_bias;
    int64_t most = self->max_degree;
    if (n < 1 || n > CRN_MOST_COLUMNS || self->min_degree < 0)
        return -1;
    if (self->interaction_only && most > n)
        most = n;
    if (most > CRN_MOST_COLUMNS)
        return -1; /* one term a degree at least */
    const int64_t first = whole || self->min_degree < 1 ? 1 : self->min_degree;
    for (int64_t degree = first; degree <= most; degree++) {
        const int64_t terms = terms_of(n, degree, self->interaction_only);
        total += terms;
        if (terms > CRN_MOST_COLUMNS || total > CRN_MOST_COLUMNS)
            return -1;
    }
    return total;
}

static crn_status polynomial_features_infer(const void *attributes, const crn_type *in,
                                            int n_in, crn_type *out, crn_error *err)
{
    const crn_polynomial *a = attributes;
    CRN_TRY(crn_infer_count("polynomial_features", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_DTYPE, "polynomial_features: rows of float64 are needed");
    const int64_t columns = crn_polynomial_columns(a, in[0].shape[0], false);
    if (columns < 0 || crn_polynomial_columns(a, in[0].shape[0], true) < 0)
        return crn_fail(err, CRN_LIMIT, "more than %d polynomial features", CRN_MOST_COLUMNS);
    if (columns == 0)
        return crn_fail(err, CRN_ARGUMENT,
                        "Setting degree to zero and include_bias to False would result in an "
                        "empty output array.");
    out[0] = in[0];
    out[0].shape[0] = columns;
    return CRN_OK;
}

/* All terms of a row. first and next: [n + 1] where the terms begin that are multiplied by no
 * feature before the i-th, in the degree below and in this one. */
static void expand(const crn_polynomial *a, int64_t n, const double *x, int64_t *first,
                   int64_t *next, double *out)
{
    int64_t column = a->include_bias;
    const int64_t most = a->interaction_only && a->max_degree > n ? n : a->max_degree;
    if (a->include_bias)
        out[0] = 1.0;
    if (most < 1)
        return;
    for (int64_t i = 0; i < n; i++, column++) {
        out[column] = x[i];
        first[i] = column;
    }
    first[n] = column;
    for (int64_t degree = 2; degree <= most; degree++) {
        const int64_t end = first[n];
        for (int64_t i = 0; i < n; i++) {
            next[i] = column;
            for (int64_t k = first[i + (a->interaction_only ? 1 : 0)]; k < end; k++)
                out[column++] = out[k] * x[i];
        }
        next[n] = column;
        memcpy(first, next, ((size_t)n + 1) * sizeof *first);
    }
}

static void polynomial_features_forward(const crn_call *call)
{
    const crn_polynomial *a = call->attributes;
    const int64_t n = call->in_types[0].shape[0], columns = call->out_types[0].shape[0];
    const int64_t whole = crn_polynomial_columns(a, n, true);
    int64_t *first = call->scratch, *next = first + n + 1;
    double *all = (double *)(next + n + 1);
    const double *x = call->in[0];
    double *out = call->out[0];
    for (int64_t row = 0; row < call->rows; row++, x += n, out += columns) {
        if (columns == whole) {
            expand(a, n, x, first, next, out);
            continue;
        }
        expand(a, n, x, first, next, all);
        const int64_t bias = a->include_bias, kept = columns - bias;
        if (bias)
            out[0] = 1.0;
        memcpy(out + bias, all + whole - kept, (size_t)kept * sizeof *out);
    }
}

static size_t polynomial_features_scratch(const void *attributes, const crn_type *in, int n_in,
                                          int64_t rows)
{
    (void)n_in, (void)rows;
    const int64_t n = in[0].shape[0];
    const int64_t whole = crn_polynomial_columns(attributes, n, true);
    return 2 * ((size_t)n + 1) * sizeof(int64_t) + (size_t)whole * sizeof(double);
}

static void polynomial_features_cost(const void *attributes, const crn_type *in,
                                     const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = (double)crn_type_size(&out[0]);
}

static void polynomial_features_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_polynomial *a = attributes;
    snprintf(buffer, size, "degree=(%lld, %lld)%s", (long long)a->min_degree,
             (long long)a->max_degree, a->interaction_only ? " interaction_only" : "");
}

const crn_op crn_op_polynomial_features = {
    .name = "polynomial_features",
    .attributes_size = sizeof(crn_polynomial),
    .n_out = 1,
    .infer = polynomial_features_infer,
    .forward = polynomial_features_forward,
    .scratch = polynomial_features_scratch,
    .cost = polynomial_features_cost,
    .describe = polynomial_features_describe,
};

crn_value crn_polynomial_features(crn_graph *graph, crn_value x, const crn_polynomial *self)
{
    return crn_graph_add(graph, &crn_op_polynomial_features, self, &x, 1);
}
