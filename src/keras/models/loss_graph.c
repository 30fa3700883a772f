/* SPDX-License-Identifier: BSD-3-Clause */
/* The graph of a batch and its loss. */
#include "keras/models/loss_graph.h"

#include <stdlib.h>

#include "ops/elementwise.h"

static crn_value add_input(crn_graph *graph, const char *name, const crn_array *array)
{
    if (array == NULL)
        return CRN_NO_VALUE;
    crn_type type = crn_fit_data_type(array);
    return crn_graph_input(graph, name, &type);
}

static crn_status emit(const crn_network *network, const crn_fit_data *data,
                       crn_lowering *lowering, crn_loss_graph *out, crn_error *err)
{
    crn_graph *graph = out->graph;
    crn_value x = add_input(graph, "x", crn_fit_data_array(data, CRN_FIT_X));
    crn_value y = add_input(graph, "y", crn_fit_data_array(data, CRN_FIT_Y));
    crn_value weight = add_input(graph, "weight", crn_fit_data_array(data, CRN_FIT_WEIGHT));
    CRN_TRY(crn_network_lower(network, lowering, &x, &out->prediction, err));
    out->loss = crn_loss_add(graph, &network->compiled.loss, out->prediction, y, weight);
    for (size_t i = 0; i < lowering->penalty_count; i++)
        out->loss = crn_binary(graph, out->loss, lowering->penalties[i], CRN_BINARY_ADD);
    return crn_graph_status(graph, err);
}

crn_status crn_loss_graph_create(const crn_network *network, const crn_fit_data *data, bool training,
                                 crn_loss_graph *out, crn_error *err)
{
    *out = (crn_loss_graph){.loss = CRN_NO_VALUE};
    CRN_TRY(crn_graph_create(&out->graph, err));
    out->graph->training = training;
    out->weights = crn_calloc(network->weight_count, sizeof *out->weights);
    crn_status status = out->weights == NULL ? crn_no_memory(err) : CRN_OK;
    for (size_t i = 0; status == CRN_OK && i < network->weight_count; i++)
        out->weights[i] = CRN_NO_VALUE;
    crn_lowering lowering = {.graph = out->graph,
                             .training = training,
                             .penalize = true,
                             .weights = out->weights};
    if (status == CRN_OK)
        status = emit(network, data, &lowering, out, err);
    free(lowering.penalties);
    if (status != CRN_OK)
        crn_loss_graph_free(out);
    return status;
}

void crn_loss_graph_free(crn_loss_graph *graph)
{
    crn_graph_destroy(graph->graph);
    free(graph->weights);
    *graph = (crn_loss_graph){.loss = CRN_NO_VALUE};
}
