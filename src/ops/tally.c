/* SPDX-License-Identifier: BSD-3-Clause */
/* tally: what each class gets from the votes of several classifiers, where the i-th gives
 * hit[i] to the class that it names and miss[i] to all others. Added in the classifiers' order,
 * as numpy.bincount does for VotingClassifier and sum() for AdaBoostClassifier. Inputs: the
 * votes, then a constant (votes, 2) of hits and misses. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"

static crn_status tally_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    const int64_t classes = *(const int64_t *)attributes;
    CRN_TRY(crn_infer_count("tally", n_in, 2, INT32_MAX, err));
    if (classes < 1 || classes > INT32_MAX)
        return crn_fail(err, CRN_ARGUMENT, "tally: %lld classes", (long long)classes);
    const crn_type *weights = &in[n_in - 1];
    for (int i = 0; i < n_in - 1; i++) {
        if (in[i].dtype != CRN_INT64)
            return crn_fail(err, CRN_DTYPE, "tally: takes int64 indices, not %s",
                            crn_dtype_name(in[i].dtype));
        if (!in[i].rows || in[i].ndim != 0)
            return crn_infer_misfit("tally", &in[0], &in[i], err);
    }
    if (weights->dtype != CRN_FLOAT64 || weights->rows || weights->ndim != 2 ||
        weights->shape[0] != n_in - 1 || weights->shape[1] != 2)
        return crn_infer_misfit("tally", &in[0], weights, err);
    out[0] = crn_type_vector(CRN_FLOAT64, classes);
    return CRN_OK;
}

static void tally_forward(const crn_call *call)
{
    const int64_t classes = *(const int64_t *)call->attributes;
    const int votes = call->n_in - 1;
    const double *weights = call->in[votes]; /* (votes, 2): hit, miss */
    double *sums = call->out[0];             /* (rows, classes) */
    memset(sums, 0, (size_t)(call->rows * classes) * sizeof *sums);
    for (int v = 0; v < votes; v++) {
        const int64_t *index = call->in[v];
        const double hit = weights[2 * v], miss = weights[2 * v + 1];
        for (int64_t row = 0; row < call->rows; row++) {
            double *sum = sums + row * classes;
            for (int64_t c = 0; c < classes && miss != 0.0; c++)
                sum[c] += c == index[row] ? 0.0 : miss;
            sum[index[row]] += hit;
        }
    }
}

static void tally_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 4.0 * (double)crn_type_size(&out[0]);
}

static void tally_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "classes=%lld", (long long)*(const int64_t *)attributes);
}

const crn_op crn_op_tally = {
    .name = "tally",
    .attributes_size = sizeof(int64_t),
    .n_out = 1,
    .infer = tally_infer,
    .forward = tally_forward,
    .cost = tally_cost,
    .describe = tally_describe,
};

crn_value crn_tally(crn_graph *graph, const crn_value *votes, int count, int64_t classes,
                    const double *weights)
{
    crn_value *in = crn_arena_alloc(graph->arena, (size_t)count + 1, sizeof *in);
    if (in == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    memcpy(in, votes, (size_t)count * sizeof *in);
    in[count] = crn_graph_numbers(graph, CRN_FLOAT64, weights, 2 * (int64_t)count, 2);
    return crn_graph_add(graph, &crn_op_tally, &classes, in, count + 1);
}
