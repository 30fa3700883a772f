/* SPDX-License-Identifier: BSD-3-Clause */
/* neighbor_votes: the summed weights of each class among a row's neighbors. Inputs: weights;
 * indices, or absent when neighbor j is sample j; labels (samples), which are inside by
 * construction of the graph. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/neighbor_query.h"
#include "ops/neighbors.h"

static crn_status votes_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    const crn_neighbor_votes_attributes *a = attributes;
    CRN_TRY(crn_infer_count("neighbor_votes", n_in, 3, 3, err));
    if (a->classes < 1 || a->outlier < 0 || a->outlier >= a->classes)
        return crn_fail(err, CRN_ARGUMENT, "neighbor_votes: no such classes");
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "neighbor_votes: takes float64 (rows, k)");
    const bool all = in[1].dtype == CRN_NO_DTYPE;
    if (!all && (in[1].dtype != CRN_INT64 || in[1].ndim != 1 || in[1].rows != in[0].rows ||
                 in[1].shape[0] != in[0].shape[0]))
        return crn_infer_misfit("neighbor_votes", &in[0], &in[1], err);
    const int64_t samples = all ? in[0].shape[0] : -1;
    CRN_TRY(crn_infer_constant("neighbor_votes", &in[2], CRN_INT64, 1, &samples, err));
    out[0] = in[0];
    out[0].shape[0] = a->classes;
    return CRN_OK;
}

/* Returns whether the row has neighbors. */
static bool count_votes(int64_t k, const double *weights, const int64_t *indices,
                        const int64_t *labels, double *votes)
{
    bool any = false;
    for (int64_t i = 0; i < k; i++) {
        any = any || weights[i] != 0;
        votes[labels[indices != NULL ? indices[i] : i]] += weights[i];
    }
    return any;
}

static void to_shares(int64_t classes, double *votes)
{
    double sum = 0;
    for (int64_t c = 0; c < classes; c++)
        sum += votes[c];
    for (int64_t c = 0; sum != 0 && c < classes; c++)
        votes[c] /= sum;
}

static void votes_forward(const crn_call *call)
{
    const crn_neighbor_votes_attributes *a = call->attributes;
    const int64_t k = call->in_types[0].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const double *weights = call->in[0];
    const int64_t *indices = call->in[1], *labels = call->in[2];
    double *votes = call->out[0];
    memset(votes, 0, (size_t)(rows * a->classes) * sizeof *votes);
    for (int64_t row = 0; row < rows; row++, weights += k, votes += a->classes) {
        const int64_t *at = indices != NULL ? indices + row * k : NULL;
        if (!count_votes(k, weights, at, labels, votes)) {
            votes[a->outlier] += a->empty == CRN_NO_NEIGHBORS_CLASS;
            if (a->empty == CRN_NO_NEIGHBORS_FAIL)
                crn_fail(
                    call->failure, CRN_ARGUMENT,
                    "No neighbors found for test samples, you can try using larger radius, "
                    "giving a label for outliers, or considering removing them from your "
                    "dataset.");
        }
        if (a->share)
            to_shares(a->classes, votes);
    }
}

static void votes_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = 2.0 * (double)crn_type_size(&in[0]) + (double)crn_type_size(&out[0]);
}

static void votes_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_neighbor_votes_attributes *a = attributes;
    snprintf(buffer, size, "%lld classes%s", (long long)a->classes, a->share ? ", shares" : "");
}

const crn_op crn_op_neighbor_votes = {
    .name = "neighbor_votes",
    .attributes_size = sizeof(crn_neighbor_votes_attributes),
    .n_out = 1,
    .infer = votes_infer,
    .forward = votes_forward,
    .cost = votes_cost,
    .describe = votes_describe,
};

crn_value crn_neighbor_votes(crn_graph *graph, crn_value weights, crn_value indices,
                             crn_value labels, const crn_neighbor_votes_attributes *how)
{
    const crn_value in[3] = {weights, indices, labels};
    return crn_graph_add(graph, &crn_op_neighbor_votes, how, in, 3);
}
