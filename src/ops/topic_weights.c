/* SPDX-License-Identifier: BSD-3-Clause */
/* topic_weights: LatentDirichletAllocation.transform, as _update_doc_distribution of
 * sklearn/decomposition/_lda.py and _online_lda_fast (1.9) (Hoffman, Blei and Bach, NIPS
 * 2010). */
#include "ops/topic_weights.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"

static crn_status topic_weights_infer(const void *attributes, const crn_type *in, int n_in,
                                      crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("topic_weights", n_in, 2, 2, err));
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 ||
        in[1].dtype != CRN_FLOAT64 || in[1].rows || in[1].ndim != 2 ||
        in[1].shape[0] != in[0].shape[0])
        return crn_infer_misfit("topic_weights", &in[0], &in[1], err);
    out[0] = crn_type_vector(CRN_FLOAT64, in[1].shape[1]);
    return CRN_OK;
}

/* The places of a row's words, and two vectors of topics. */
static size_t topic_weights_scratch(const void *attributes, const crn_type *in, int n_in,
                                    int64_t rows)
{
    (void)attributes, (void)n_in, (void)rows;
    return (size_t)in[1].shape[0] * sizeof(int64_t) +
           2 * (size_t)in[1].shape[1] * sizeof(double);
}

/* scikit-learn's own digamma, good to about 1e-9: what it stops by depends on it. */
static double psi(double x)
{
    static const double euler = 0.577215664901532860606512090082402431;
    double result = 0.0;
    if (x <= 1e-6)
        return -euler - 1.0 / x;
    for (; x < 6.0; x += 1.0)
        result -= 1.0 / x;
    double r = 1.0 / x;
    result += log(x) - 0.5 * r;
    r *= r;
    return result - r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0)));
}

/* exp(E[log(weights)]) under a Dirichlet distribution, once `prior` is added to its
 * parameters. */
static void expectation(double *weights, double prior, int64_t k, double *out)
{
    double total = 0.0;
    for (int64_t t = 0; t < k; t++) {
        weights[t] += prior;
        total += weights[t];
    }
    const double whole = psi(total);
    for (int64_t t = 0; t < k; t++)
        out[t] = exp(psi(weights[t]) - whole);
}

typedef struct document {
    const double *counts;  /* (n) */
    const int64_t *places; /* [used] words that occur */
    int64_t used, k;
    const double *words; /* (n, k) */
} document;

/* next (k) = expected (k) times what the words say about the topics. */
static void attribute(const document *d, const double *expected, double *next)
{
    for (int64_t t = 0; t < d->k; t++)
        next[t] = 0.0;
    for (int64_t i = 0; i < d->used; i++) {
        const double *word = d->words + d->places[i] * d->k;
        double norm = 0.0;
        for (int64_t t = 0; t < d->k; t++)
            norm += expected[t] * word[t];
        const double share = d->counts[d->places[i]] / (norm + DBL_EPSILON);
        for (int64_t t = 0; t < d->k; t++)
            next[t] += share * word[t];
    }
    for (int64_t t = 0; t < d->k; t++)
        next[t] *= expected[t];
}

static double mean_change(const double *a, const double *b, int64_t k)
{
    double sum = 0.0;
    for (int64_t t = 0; t < k; t++)
        sum += fabs(a[t] - b[t]);
    return sum / (double)k;
}

static void weigh(const crn_topic_weights_attributes *at, const document *d, double *expected,
                  double *next, double *weights)
{
    for (int64_t t = 0; t < d->k; t++)
        weights[t] = 1.0;
    expectation(weights, 0.0, d->k, expected);
    for (int64_t round = 0; round < at->max_iter; round++) {
        attribute(d, expected, next);
        expectation(next, at->prior, d->k, expected);
        const double change = mean_change(weights, next, d->k);
        for (int64_t t = 0; t < d->k; t++)
            weights[t] = next[t];
        if (change < at->tol)
            break;
    }
    double sum = 0.0;
    for (int64_t t = 0; t < d->k; t++)
        sum += weights[t];
    for (int64_t t = 0; t < d->k; t++)
        weights[t] /= sum;
}

static void topic_weights_forward(const crn_call *call)
{
    const int64_t n = call->in_types[1].shape[0], k = call->in_types[1].shape[1];
    int64_t *places = call->scratch;
    double *expected = (double *)(places + n), *next = expected + k;
    for (int64_t row = 0; row < call->rows; row++) {
        document d = {.counts = (const double *)call->in[0] + row * n,
                      .places = places,
                      .k = k,
                      .words = call->in[1]};
        for (int64_t j = 0; j < n; j++) {
            if (d.counts[j] != 0.0)
                places[d.used++] = j;
        }
        weigh(call->attributes, &d, expected, next, (double *)call->out[0] + row * k);
    }
}

/* Some twenty rounds over a tenth of the words. */
static void topic_weights_cost(const void *attributes, const crn_type *in, const crn_type *out,
                               crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = 4.0 * (double)crn_type_size(&in[1]);
}

static void topic_weights_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_topic_weights_attributes *at = attributes;
    snprintf(buffer, size, "max_iter=%lld tol=%g", (long long)at->max_iter, at->tol);
}

const crn_op crn_op_topic_weights = {
    .name = "topic_weights",
    .attributes_size = sizeof(crn_topic_weights_attributes),
    .n_out = 1,
    .infer = topic_weights_infer,
    .scratch = topic_weights_scratch,
    .forward = topic_weights_forward,
    .cost = topic_weights_cost,
    .describe = topic_weights_describe,
};

crn_value crn_topic_weights(crn_graph *graph, crn_value x, crn_value words,
                            const crn_topic_weights_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_topic_weights, attributes, (crn_value[]){x, words}, 2);
}
