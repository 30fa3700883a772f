/* SPDX-License-Identifier: BSD-3-Clause */
/* A network as operations of a graph: each call lowers its layer on the values of the calls
 * before it. */
#include <stdlib.h>

#include "keras/layers/core/input_layer.h"
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
    for (size_t i = 0; i < network->layer_count && out->batch == 0; i++) {
        if (crn_layer_is_input(network->layers[i]))
            out->batch = crn_input_layer_batch(network->layers[i]);
    }
    return CRN_OK;
}

void crn_lowering_free(crn_lowering *lowering)
{
    free(lowering->weights);
    free(lowering->penalties);
    *lowering = (crn_lowering){0};
}

/* The values that calls gave, and their masks: those of call i from first[i] on. */
typedef struct tensors {
    const crn_network *network;
    size_t *first;
    crn_value *values, *masks;
} tensors;

static void free_tensors(tensors *t)
{
    free(t->first);
    free(t->values);
    free(t->masks);
}

static crn_status create_tensors(const crn_network *network, tensors *t, crn_error *err)
{
    size_t count = 0;
    *t = (tensors){.network = network};
    t->first = crn_calloc(network->call_count, sizeof *t->first);
    for (size_t i = 0; i < network->call_count && t->first != NULL; i++) {
        t->first[i] = count;
        count += (size_t)network->calls[i].n_out;
    }
    t->values = crn_calloc(count, sizeof *t->values);
    t->masks = crn_calloc(count, sizeof *t->masks);
    if (t->first != NULL && t->values != NULL && t->masks != NULL)
        return CRN_OK;
    free_tensors(t);
    return crn_no_memory(err);
}

/* Which of the model's inputs a call stands for; -1: none. */
static int input_of(const crn_network *network, size_t call)
{
    for (size_t i = 0; i < network->input_count; i++) {
        if ((size_t)network->inputs[i].call == call)
            return (int)i;
    }
    return -1;
}

static void lower_call(const tensors *t, crn_lowering *lowering, size_t i)
{
    crn_value in[CRN_MOST_TENSORS], in_masks[CRN_MOST_TENSORS];
    crn_value out[CRN_MOST_TENSORS], out_masks[CRN_MOST_TENSORS];
    const crn_layer_call *call = &t->network->calls[i];
    crn_layer_io io = {.arguments = &call->arguments,
                       .n_in = call->n_in,
                       .in = in,
                       .in_masks = in_masks,
                       .out = out,
                       .out_masks = out_masks};
    for (int k = 0; k < call->n_in; k++) {
        const size_t at = t->first[call->in[k].call] + (size_t)call->in[k].output;
        in[k] = t->values[at];
        in_masks[k] = t->masks[at];
    }
    crn_layer_lower(call->layer, lowering, &io);
    for (int k = 0; k < call->n_out; k++) {
        t->values[t->first[i] + (size_t)k] = out[k];
        t->masks[t->first[i] + (size_t)k] = out_masks[k];
    }
}

static void lower_calls(const tensors *t, crn_lowering *lowering, const crn_value *in,
                        const crn_value *in_masks)
{
    for (size_t i = 0; i < t->network->call_count; i++) {
        const int input = input_of(t->network, i);
        if (input < 0) {
            lower_call(t, lowering, i);
            continue;
        }
        t->values[t->first[i]] = in[input];
        t->masks[t->first[i]] = in_masks != NULL ? in_masks[input] : CRN_NO_VALUE;
    }
}

crn_status crn_network_lower(const crn_network *network, crn_lowering *lowering,
                             const crn_value *in, const crn_value *in_masks, crn_value *out,
                             crn_value *out_masks, crn_error *err)
{
    tensors t;
    if (!network->built)
        return crn_fail(err, CRN_STATE,
                        "Model \"%s\" is not built: the shape of its input is not known",
                        network->name);
    CRN_TRY(create_tensors(network, &t, err));
    lower_calls(&t, lowering, in, in_masks);
    for (size_t i = 0; i < network->output_count; i++) {
        const size_t at =
            t.first[network->outputs[i].call] + (size_t)network->outputs[i].output;
        out[i] = t.values[at];
        if (out_masks != NULL)
            out_masks[i] = t.masks[at];
    }
    free_tensors(&t);
    return crn_graph_status(lowering->graph, err);
}
