/* SPDX-License-Identifier: BSD-3-Clause */
/* densify: a sparse value as dense rows, scipy's toarray(). */
#include "ops/infer.h"
#include "ops/sparse.h"

static crn_status densify_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("densify", n_in, 1, 1, err));
    CRN_TRY(crn_infer_present("densify", &in[0], err));
    out[0] = in[0];
    out[0].sparse = false;
    return CRN_OK;
}

static void densify_forward(const crn_call *call)
{
    const crn_type *type = &call->in_types[0];
    for (int64_t i = 0; i < call->rows; i++)
        crn_sparse_row_to_dense(call->in[0], i, type,
                                (char *)call->out[0] + i * type->shape[0] * type->itemsize);
}

static void densify_cost(const void *attributes, const crn_type *in, const crn_type *out,
                         crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.25 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_densify = {
    .name = "densify",
    .flags = CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = densify_infer,
    .forward = densify_forward,
    .cost = densify_cost,
};

/* The dense form that a graph has of x already, so that several readers share one. */
static crn_value find_dense(const crn_graph *graph, crn_value x)
{
    for (size_t i = graph->node_count; i-- > 0;) {
        const crn_graph_node *node = &graph->nodes[i];
        if (node->op == &crn_op_densify && node->in[0] == x)
            return node->out[0];
        if (graph->values[x].role == CRN_VALUE_NODE && (int32_t)i <= graph->values[x].node)
            break;
    }
    return CRN_NO_VALUE;
}

crn_value crn_densify(crn_graph *graph, crn_value x)
{
    if (x == CRN_NO_VALUE || !crn_graph_type(graph, x)->sparse)
        return x;
    const crn_value found = find_dense(graph, x);
    return found != CRN_NO_VALUE ? found : crn_graph_add(graph, &crn_op_densify, NULL, &x, 1);
}
