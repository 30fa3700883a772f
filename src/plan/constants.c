/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on constants alone are run once, when the plan is made; operations that no output
 * depends on are dropped. */
#include <stdlib.h>

#include "plan/steps.h"

static bool is_constant(const crn_graph *graph, crn_value value)
{
    return value == CRN_NO_VALUE || graph->values[value].role == CRN_VALUE_CONSTANT;
}

static bool has_constant_inputs(const crn_graph *graph, const crn_graph_node *node)
{
    for (int k = 0; k < node->n_in; k++) {
        if (!is_constant(graph, node->in[k]))
            return false;
    }
    return true;
}

/* Arrays for the node's outputs, in the order of the node. */
static crn_status create_outputs(crn_graph *graph, const crn_graph_node *node, void **out,
                                 crn_error *err)
{
    for (int k = 0; k < node->op->n_out; k++) {
        crn_value_info *info = &graph->values[node->out[k]];
        CRN_TRY(crn_array_create(info->type.dtype, info->type.itemsize, info->type.ndim,
                                 info->type.shape, &info->array, err));
        out[k] = info->array.data;
    }
    return CRN_OK;
}

static crn_status run_once(crn_graph *graph, const crn_graph_node *node, crn_error *err)
{
    crn_status status = CRN_NO_MEMORY;
    const crn_op *op = node->op;
    const void **in = crn_calloc((size_t)node->n_in, sizeof *in);
    void **out = crn_calloc((size_t)op->n_out, sizeof *out);
    crn_type *types = crn_calloc((size_t)(node->n_in + op->n_out), sizeof *types);
    crn_buffer *scratch = NULL;
    if (in == NULL || out == NULL || types == NULL)
        goto done;
    for (int k = 0; k < node->n_in; k++) {
        types[k] = *crn_graph_type(graph, node->in[k]);
        in[k] = node->in[k] == CRN_NO_VALUE ? NULL : graph->values[node->in[k]].array.data;
    }
    for (int k = 0; k < op->n_out; k++)
        types[node->n_in + k] = *crn_graph_type(graph, node->out[k]);
    size_t bytes =
        op->scratch == NULL ? 0 : op->scratch(node->attributes, types, node->n_in, 1);
    scratch = crn_buffer_create(bytes);
    if (scratch == NULL)
        goto done;
    CRN_TRY_OR_DONE(create_outputs(graph, node, out, err));
    op->forward(&(crn_call){.attributes = node->attributes,
                            .rows = 1,
                            .n_in = node->n_in,
                            .n_out = op->n_out,
                            .in = in,
                            .out = out,
                            .in_types = types,
                            .out_types = types + node->n_in,
                            .scratch = crn_buffer_data(scratch),
                            .kernels = crn_kernels_best()});
    for (int k = 0; k < op->n_out; k++)
        graph->values[node->out[k]].role = CRN_VALUE_CONSTANT;
done:
    crn_buffer_release(scratch);
    free(types);
    free(out);
    free(in);
    return status == CRN_OK ? CRN_OK : crn_no_memory(err);
}

/* Keeps `node` as the next one of those that stay. */
static void keep(crn_graph *graph, size_t *kept, crn_graph_node node)
{
    for (int k = 0; k < node.op->n_out; k++)
        graph->values[node.out[k]].node = (int32_t)*kept;
    graph->nodes[(*kept)++] = node;
}

crn_status crn_plan_fold_constants(crn_graph *graph, crn_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        crn_graph_node node = graph->nodes[i];
        if (has_constant_inputs(graph, &node)) {
            CRN_TRY(run_once(graph, &node, err));
            continue;
        }
        keep(graph, &kept, node);
    }
    graph->node_count = kept;
    return CRN_OK;
}

/* Marks the values that the outputs depend on, from the last node backwards. */
static void mark_needed(const crn_graph *graph, bool *needed)
{
    for (size_t i = 0; i < graph->output_count; i++)
        needed[graph->outputs[i]] = true;
    for (size_t i = graph->node_count; i-- > 0;) {
        const crn_graph_node *node = &graph->nodes[i];
        bool wanted = false;
        for (int k = 0; k < node->op->n_out; k++)
            wanted = wanted || needed[node->out[k]];
        for (int k = 0; wanted && k < node->n_in; k++) {
            if (node->in[k] != CRN_NO_VALUE)
                needed[node->in[k]] = true;
        }
    }
}

static bool makes_a_needed_value(const crn_graph_node *node, const bool *needed)
{
    for (int k = 0; k < node->op->n_out; k++) {
        if (needed[node->out[k]])
            return true;
    }
    return false;
}

crn_status crn_plan_drop_unneeded(crn_graph *graph, crn_error *err)
{
    bool *needed = crn_calloc(graph->value_count, sizeof *needed);
    if (needed == NULL)
        return crn_no_memory(err);
    mark_needed(graph, needed);
    size_t kept = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        if (makes_a_needed_value(&graph->nodes[i], needed))
            keep(graph, &kept, graph->nodes[i]);
    }
    graph->node_count = kept;
    free(needed);
    return CRN_OK;
}
