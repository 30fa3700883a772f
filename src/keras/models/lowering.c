/* SPDX-License-Identifier: BSD-3-Clause */
/* A network as operations of a graph: each call lowers its layer on the values of the calls
 * before it. */
#include <stdlib.h>

#include "keras/models/network.h"

crn_status crn_lowering_begin(const crn_network *network, crn_graph *graph, bool training,
                              crn_lowering *out, crn_error *err)
{
    *out = (crn_lowering){.graph = graph, .training = training, .penalize = training};
    graph->training = training;
    out->weights = crn_calloc(network->weight_count, sizeof *out->weights);
    if (out->weights == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < network->weight_count; i++)
        out->weights[i] = CRN_NO_VALUE;
    return CRN_OK;
}

void crn_lowering_free(crn_lowering *lowering)
{
    free(lowering->weights);
    free(lowering->penalties);
    *lowering = (crn_lowering){0};
}

/* The model's input that this call stands for, or the values that it is called on. */
static int gather(const crn_network *network, size_t call, const crn_value *in,
                  const crn_value *values, crn_value *out)
{
    for (size_t i = 0; i < network->input_count; i++) {
        if ((size_t)network->inputs[i].call == call) {
            out[0] = in[i];
            return 1;
        }
    }
    const crn_layer_call *at = &network->calls[call];
    for (int i = 0; i < at->n_in; i++)
        out[i] = values[at->in[i].call];
    return at->n_in;
}

crn_status crn_network_lower(const crn_network *network, crn_lowering *lowering,
                             const crn_value *in, crn_value *out, crn_error *err)
{
    if (!network->built)
        return crn_fail(err, CRN_STATE,
                        "Model \"%s\" is not built: the shape of its input is not known",
                        network->name);
    crn_value *values = crn_calloc(network->call_count, sizeof *values);
    if (values == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < network->call_count; i++) {
        crn_value given[CRN_MAX_PORTS];
        const crn_layer *layer = network->calls[i].layer;
        int n_in = gather(network, i, in, values, given);
        values[i] = layer->type->lower(layer, lowering, given, n_in);
    }
    for (size_t i = 0; i < network->output_count; i++)
        out[i] = values[network->outputs[i].call];
    free(values);
    return crn_graph_status(lowering->graph, err);
}
