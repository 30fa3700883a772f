/* SPDX-License-Identifier: BSD-3-Clause */
/* bisect: the leaf of a binary tree of points, nearer child by nearer child. Inputs: scores,
 * children, labels. Children are inside and below their parents by construction of the graph.
 */
#include "ops/bisect.h"

#include "ops/infer.h"
#include "ops/neighbor_query.h"

static crn_status bisect_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("bisect", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1 || in[0].shape[0] < 1)
        return crn_fail(err, CRN_SHAPE, "bisect: takes float64 (rows, nodes)");
    const int64_t nodes = in[0].shape[0];
    CRN_TRY(crn_infer_constant("bisect", &in[1], CRN_INT64, 2, (int64_t[]){nodes, 2}, err));
    CRN_TRY(crn_infer_constant("bisect", &in[2], CRN_INT64, 1, &nodes, err));
    out[0] = in[0];
    out[0].dtype = CRN_INT64;
    out[0].itemsize = sizeof(int64_t);
    out[0].ndim = 0;
    return CRN_OK;
}

static void bisect_forward(const crn_call *call)
{
    const int64_t nodes = call->in_types[0].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const double *scores = call->in[0];
    const int64_t *children = call->in[1], *labels = call->in[2];
    int64_t *y = call->out[0];
    for (int64_t row = 0; row < rows; row++, scores += nodes) {
        int64_t node = 0;
        while (children[2 * node] > node) {
            const int64_t left = children[2 * node], right = children[2 * node + 1];
            node = scores[right] > scores[left] ? right : left;
        }
        y[row] = labels[node];
    }
}

static void bisect_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes, (void)in, (void)out;
    cost->multiply_adds = 32;
}

const crn_op crn_op_bisect = {
    .name = "bisect",
    .n_out = 1,
    .infer = bisect_infer,
    .forward = bisect_forward,
    .cost = bisect_cost,
};

crn_value crn_bisect(crn_graph *graph, crn_value scores, crn_value children, crn_value labels)
{
    return crn_graph_add(graph, &crn_op_bisect, NULL, (crn_value[]){scores, children, labels},
                         3);
}
