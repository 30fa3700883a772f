/* SPDX-License-Identifier: BSD-3-Clause */
/* vote: the most frequent of several class indices a row; ties go to the smallest, as
 * scipy.stats.mode gives them to VotingClassifier and KNeighborsClassifier. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"

static crn_status vote_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    int64_t classes = *(const int64_t *)attributes;
    CRN_TRY(crn_infer_count("vote", n_in, 1, INT16_MAX, err));
    if (classes < 1 || classes > INT32_MAX)
        return crn_fail(err, CRN_ARGUMENT, "vote: %lld classes", (long long)classes);
    for (int i = 0; i < n_in; i++) {
        if (in[i].dtype != CRN_INT64)
            return crn_fail(err, CRN_DTYPE, "vote: takes int64 indices, not %s",
                            crn_dtype_name(in[i].dtype));
        if (!crn_type_equal(&in[i], &in[0]))
            return crn_infer_misfit("vote", &in[0], &in[i], err);
    }
    out[0] = in[0];
    return CRN_OK;
}

/* One counter for each class. */
static size_t vote_scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    (void)in, (void)n_in, (void)rows;
    return (size_t) * (const int64_t *)attributes * sizeof(int32_t);
}

static void vote_forward(const crn_call *call)
{
    int64_t classes = *(const int64_t *)call->attributes;
    int64_t count = crn_type_count(&call->out_types[0], call->rows);
    int32_t *votes = call->scratch; /* (classes) */
    memset(votes, 0, (size_t)classes * sizeof *votes);
    for (int64_t i = 0; i < count; i++) {
        int64_t best = ((const int64_t *)call->in[0])[i];
        for (int v = 0; v < call->n_in; v++) {
            int64_t index = ((const int64_t *)call->in[v])[i];
            int32_t now = ++votes[index];
            if (now > votes[best] || (now == votes[best] && index < best))
                best = index;
        }
        for (int v = 0; v < call->n_in; v++)
            votes[((const int64_t *)call->in[v])[i]] = 0;
        ((int64_t *)call->out[0])[i] = best;
    }
}

static void vote_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 4.0 * (double)crn_type_size(&out[0]);
}

static void vote_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "classes=%lld", (long long)*(const int64_t *)attributes);
}

const crn_op crn_op_vote = {
    .name = "vote",
    .attributes_size = sizeof(int64_t),
    .n_out = 1,
    .infer = vote_infer,
    .scratch = vote_scratch,
    .forward = vote_forward,
    .cost = vote_cost,
    .describe = vote_describe,
};

crn_value crn_vote(crn_graph *graph, const crn_value *votes, int count, int64_t classes)
{
    return crn_graph_add(graph, &crn_op_vote, &classes, votes, count);
}
