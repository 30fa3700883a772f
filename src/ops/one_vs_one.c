/* SPDX-License-Identifier: BSD-3-Clause */
/* one_vs_one: what LIBSVM's svm_predict_values, svm_predict and svm_predict_probability do once
 * the kernels are summed. Inputs: sums and intercept, or decisions (and two constants of the
 * sigmoids). */
#include "ops/one_vs_one.h"

#include <math.h>
#include <stdio.h>

#include "ops/infer.h"

static bool is_pairs(const crn_type *type, int64_t pairs)
{
    return !type->rows && type->dtype == CRN_FLOAT64 && type->ndim == 1 &&
           type->shape[0] == pairs;
}

/* More classes would overflow nothing, but their pairs would not fit into any file. */
enum { MOST_CLASSES = 1 << 20 };

static crn_status one_vs_one_infer(const void *attributes, const crn_type *in, int n_in,
                                   crn_type *out, crn_error *err)
{
    const crn_one_vs_one_attributes *a = attributes;
    CRN_TRY(crn_infer_count("one_vs_one", n_in, 1, 3, err));
    const int64_t n = a->classes, pairs = n > 0 && n <= MOST_CLASSES ? n * (n - 1) / 2 : 0;
    const bool sums = a->kind == CRN_PAIR_DECISIONS;
    if (n < 2 || n > MOST_CLASSES || in[0].dtype != CRN_FLOAT64 || !in[0].rows)
        return crn_fail(err, CRN_ARGUMENT,
                        "one_vs_one: rows of float64 and 2 classes are needed");
    const bool fits = sums ? in[0].ndim == 2 && in[0].shape[0] == n && in[0].shape[1] == n - 1
                           : in[0].ndim == 1 && in[0].shape[0] == pairs;
    const int constants = sums ? 1 : a->kind == CRN_PAIR_PROBABILITIES ? 2 : 0;
    if (!fits || n_in != 1 + constants)
        return crn_fail(err, CRN_SHAPE, "one_vs_one: inputs do not fit %lld classes",
                        (long long)n);
    for (int i = 1; i < n_in; i++) {
        if (!is_pairs(&in[i], pairs))
            return crn_infer_misfit("one_vs_one", &in[0], &in[i], err);
    }
    out[0] = in[0];
    out[0].ndim = a->kind == CRN_PAIR_VOTES ? 0 : 1;
    out[0].shape[0] = sums ? pairs : n;
    if (a->kind == CRN_PAIR_VOTES) {
        out[0].dtype = CRN_INT64;
        out[0].itemsize = sizeof(int64_t);
    }
    return CRN_OK;
}

static void decisions(int64_t n, const double *sums, const double *intercept, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++)
            *out++ = sums[i * (n - 1) + j - 1] + sums[j * (n - 1) + i] + *intercept++;
    }
}

/* Votes of each class in votes[n]. */
static void count_votes(int64_t n, const double *d, double *votes)
{
    for (int64_t i = 0; i < n; i++)
        votes[i] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++)
            votes[*d++ > 0 ? i : j] += 1.0;
    }
}

static int64_t elected(int64_t n, const double *votes)
{
    int64_t best = 0;
    for (int64_t i = 1; i < n; i++) {
        if (votes[i] > votes[best])
            best = i;
    }
    return best;
}

/* Here a decision of 0 is for i. */
static void scores(int64_t n, const double *d, double *sums, double *out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = sums[i] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++, d++) {
            sums[i] += *d;
            sums[j] -= *d;
            out[*d < 0 ? j : i] += 1.0;
        }
    }
    for (int64_t i = 0; i < n; i++)
        out[i] += sums[i] / (3.0 * (fabs(sums[i]) + 1.0));
}

/* ---- probabilities ---- */

/* 1 / (1 + exp(t)), kept away from 0 and 1. */
static double pair_probability(double t)
{
    const double least = 1e-7;
    const double p = t >= 0 ? exp(-t) / (1.0 + exp(-t)) : 1.0 / (1.0 + exp(t));
    return p < least ? least : p > 1.0 - least ? 1.0 - least : p;
}

/* The quadratic form of the least squares: q[t][t] = sum over j of r[j][t]^2, q[t][j] =
 * -r[j][t] r[t][j], where r[i][j] is the probability of i against j. */
static void quadratic_form(int64_t n, const double *r, double *q)
{
    for (int64_t t = 0; t < n; t++) {
        q[t * n + t] = 0.0;
        for (int64_t j = 0; j < n; j++) {
            if (j == t)
                continue;
            q[t * n + t] += r[j * n + t] * r[j * n + t];
            q[t * n + j] = -r[j * n + t] * r[t * n + j];
        }
    }
}

/* q p, and p' q p. */
static double multiply(int64_t n, const double *q, const double *p, double *qp)
{
    double total = 0.0;
    for (int64_t t = 0; t < n; t++) {
        qp[t] = 0.0;
        for (int64_t j = 0; j < n; j++)
            qp[t] += q[t * n + j] * p[j];
        total += p[t] * qp[t];
    }
    return total;
}

static bool is_settled(int64_t n, const double *qp, double total)
{
    double most = 0.0;
    for (int64_t t = 0; t < n; t++)
        most = fmax(most, fabs(qp[t] - total));
    return most < 0.005 / (double)n;
}

/* Minimises p' q p on the simplex, one coordinate after the other. */
static void couple(int64_t n, const double *q, double *qp, double *p)
{
    const int64_t most = n > 100 ? n : 100;
    for (int64_t t = 0; t < n; t++)
        p[t] = 1.0 / (double)n;
    for (int64_t step = 0; step < most; step++) {
        double total = multiply(n, q, p, qp);
        if (is_settled(n, qp, total))
            return;
        for (int64_t t = 0; t < n; t++) {
            const double diff = (total - qp[t]) / q[t * n + t], scale = 1.0 + diff;
            p[t] += diff;
            total = (total + diff * (diff * q[t * n + t] + 2.0 * qp[t])) / scale / scale;
            for (int64_t j = 0; j < n; j++) {
                qp[j] = (qp[j] + diff * q[t * n + j]) / scale;
                p[j] /= scale;
            }
        }
    }
}

/* scratch: (2 n + 1) n numbers. */
static void probabilities(int64_t n, const double *d, const double *a, const double *b,
                          double *scratch, double *p)
{
    double *r = scratch, *q = r + n * n, *qp = q + n * n;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++, d++, a++, b++) {
            r[i * n + j] = pair_probability(*d * *a + *b);
            r[j * n + i] = 1.0 - r[i * n + j];
        }
    }
    quadratic_form(n, r, q);
    couple(n, q, qp, p);
}

/* ---- the operation ---- */

static void one_vs_one_forward(const crn_call *call)
{
    const crn_one_vs_one_attributes *at = call->attributes;
    const int64_t n = at->classes;
    const int64_t n_in = crn_type_size(&call->in_types[0]);
    const int64_t n_out = crn_type_size(&call->out_types[0]);
    const double *in = call->in[0];
    double *scratch = call->scratch, *out = call->out[0];
    for (int64_t row = 0; row < call->rows; row++, in += n_in) {
        switch (at->kind) {
        case CRN_PAIR_DECISIONS:
            decisions(n, in, call->in[1], out + row * n_out);
            break;
        case CRN_PAIR_VOTES:
            count_votes(n, in, scratch);
            ((int64_t *)call->out[0])[row] = elected(n, scratch);
            break;
        case CRN_PAIR_SCORES:
            scores(n, in, scratch, out + row * n_out);
            break;
        case CRN_PAIR_PROBABILITIES:
            probabilities(n, in, call->in[1], call->in[2], scratch, out + row * n_out);
            break;
        }
    }
}

static size_t one_vs_one_scratch(const void *attributes, const crn_type *in, int n_in,
                                 int64_t rows)
{
    (void)in, (void)n_in, (void)rows;
    const crn_one_vs_one_attributes *a = attributes;
    const size_t n = (size_t)a->classes;
    return (a->kind == CRN_PAIR_PROBABILITIES ? (2 * n + 1) * n : n) * sizeof(double);
}

static void one_vs_one_cost(const void *attributes, const crn_type *in, const crn_type *out,
                            crn_cost *cost)
{
    (void)out;
    const crn_one_vs_one_attributes *a = attributes;
    const double n = (double)a->classes;
    cost->multiply_adds =
        a->kind == CRN_PAIR_PROBABILITIES ? 20.0 * n * n * n : (double)crn_type_size(&in[0]);
}

static void one_vs_one_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"decisions", "votes", "scores", "probabilities"};
    snprintf(buffer, size, "%s", names[((const crn_one_vs_one_attributes *)attributes)->kind]);
}

const crn_op crn_op_one_vs_one = {
    .name = "one_vs_one",
    .attributes_size = sizeof(crn_one_vs_one_attributes),
    .n_out = 1,
    .infer = one_vs_one_infer,
    .forward = one_vs_one_forward,
    .scratch = one_vs_one_scratch,
    .cost = one_vs_one_cost,
    .describe = one_vs_one_describe,
};

static crn_value add(crn_graph *graph, crn_one_vs_one_kind kind, int64_t classes,
                     const crn_value *in, int n_in)
{
    const crn_one_vs_one_attributes attributes = {.kind = kind, .classes = classes};
    return crn_graph_add(graph, &crn_op_one_vs_one, &attributes, in, n_in);
}

crn_value crn_pair_decisions(crn_graph *graph, crn_value sums, crn_value intercept)
{
    const int64_t classes = crn_graph_type(graph, sums)->shape[0];
    return add(graph, CRN_PAIR_DECISIONS, classes, (crn_value[]){sums, intercept}, 2);
}

crn_value crn_pair_votes(crn_graph *graph, crn_value pairs, int64_t classes)
{
    return add(graph, CRN_PAIR_VOTES, classes, &pairs, 1);
}

crn_value crn_pair_scores(crn_graph *graph, crn_value pairs, int64_t classes)
{
    return add(graph, CRN_PAIR_SCORES, classes, &pairs, 1);
}

crn_value crn_pair_probabilities(crn_graph *graph, crn_value pairs, int64_t classes,
                                 crn_value a, crn_value b)
{
    return add(graph, CRN_PAIR_PROBABILITIES, classes, (crn_value[]){pairs, a, b}, 3);
}
