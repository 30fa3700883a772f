/* SPDX-License-Identifier: BSD-3-Clause */
/* neighbor_means: the weighted sum, or mean, of the targets of a row's neighbors. Inputs:
 * weights; indices, or absent when neighbor j is sample j; targets (samples, outputs). Indices
 * are inside by construction of the graph. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/neighbor_query.h"
#include "ops/neighbors.h"

static crn_status means_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("neighbor_means", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "neighbor_means: takes float64 (rows, k)");
    const bool all = in[1].dtype == CRN_NO_DTYPE;
    if (!all && (in[1].dtype != CRN_INT64 || in[1].ndim != 1 || in[1].rows != in[0].rows ||
                 in[1].shape[0] != in[0].shape[0]))
        return crn_infer_misfit("neighbor_means", &in[0], &in[1], err);
    const int64_t shape[2] = {all ? in[0].shape[0] : -1, -1};
    CRN_TRY(crn_infer_constant("neighbor_means", &in[2], CRN_FLOAT64, 2, shape, err));
    out[0] = in[0];
    out[0].shape[0] = in[2].shape[1];
    return CRN_OK;
}

static void means_forward(const crn_call *call)
{
    const crn_neighbor_means_attributes *a = call->attributes;
    const int64_t k = call->in_types[0].shape[0], outputs = call->out_types[0].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const double *weights = call->in[0], *targets = call->in[2];
    const int64_t *indices = call->in[1];
    double *y = call->out[0];
    memset(y, 0, (size_t)(rows * outputs) * sizeof *y);
    for (int64_t row = 0; row < rows; row++, weights += k, y += outputs) {
        double total = 0;
        for (int64_t i = 0; i < k; i++) {
            const int64_t sample = indices != NULL ? indices[row * k + i] : i;
            if (weights[i] == 0)
                continue;
            total += weights[i];
            for (int64_t o = 0; o < outputs; o++)
                y[o] += targets[sample * outputs + o] * weights[i];
        }
        for (int64_t o = 0; a->mean && o < outputs; o++)
            y[o] = total == 0 ? a->empty : y[o] / total;
    }
}

static void means_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = (double)crn_type_size(&in[0]) * (double)(1 + crn_type_size(&out[0]));
}

static void means_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_neighbor_means_attributes *a = attributes;
    snprintf(buffer, size, "%s", a->mean ? "mean" : "sum");
}

const crn_op crn_op_neighbor_means = {
    .name = "neighbor_means",
    .attributes_size = sizeof(crn_neighbor_means_attributes),
    .n_out = 1,
    .infer = means_infer,
    .forward = means_forward,
    .cost = means_cost,
    .describe = means_describe,
};

crn_value crn_neighbor_means(crn_graph *graph, crn_value weights, crn_value indices,
                             crn_value targets, const crn_neighbor_means_attributes *how)
{
    const crn_value in[3] = {weights, indices, targets};
    return crn_graph_add(graph, &crn_op_neighbor_means, how, in, 3);
}
