/* SPDX-License-Identifier: BSD-3-Clause */
/* The graph of a batch and its loss. */
#include "keras/models/loss_graph.h"

#include "ops/elementwise.h"

static crn_value add_input(crn_graph *graph, const char *name, const crn_array *array)
{
    if (array == NULL)
        return CRN_NO_VALUE;
    crn_type type = crn_fit_data_type(array);
    return crn_graph_input(graph, name, &type);
}

/* Penalties of weights that no operation has read: BatchNormalization at inference folds its
 * own. */
static void penalize_others(const crn_network *network, crn_lowering *lowering)
{
    for (size_t i = 0; i < network->weight_count; i++) {
        const crn_weight_place *place = &network->weights[i];
        if (place->layer->weights[place->i].regularizer.cls != NULL)
            crn_layer_weight_value(place->layer, lowering, place->i);
    }
}

static crn_status emit(const crn_network *network, const crn_fit_data *data,
                       crn_loss_graph *out, crn_error *err)
{
    crn_graph *graph = out->graph;
    crn_lowering *lowering = &out->lowering;
    crn_value x = add_input(graph, "x", crn_fit_data_array(data, CRN_FIT_X));
    crn_value y = add_input(graph, "y", crn_fit_data_array(data, CRN_FIT_Y));
    crn_value weight = add_input(graph, "weight", crn_fit_data_array(data, CRN_FIT_WEIGHT));
    lowering->penalize = true;
    CRN_TRY(crn_network_lower(network, lowering, &x, NULL, &out->prediction, NULL, err));
    penalize_others(network, lowering);
    out->loss = crn_loss_add(graph, &network->compiled.loss, out->prediction, y, weight);
    for (size_t i = 0; i < lowering->penalty_count; i++)
        out->loss = crn_binary(graph, out->loss, lowering->penalties[i], CRN_BINARY_ADD);
    return crn_graph_status(graph, err);
}

crn_status crn_loss_graph_create(const crn_network *network, const crn_fit_data *data,
                                 bool training, crn_loss_graph *out, crn_error *err)
{
    *out = (crn_loss_graph){.loss = CRN_NO_VALUE};
    CRN_TRY(crn_graph_create(&out->graph, err));
    crn_status status = crn_lowering_begin(network, out->graph, training, &out->lowering, err);
    if (status == CRN_OK)
        status = emit(network, data, out, err);
    if (status != CRN_OK)
        crn_loss_graph_free(out);
    return status;
}

void crn_loss_graph_free(crn_loss_graph *graph)
{
    crn_graph_destroy(graph->graph);
    crn_lowering_free(&graph->lowering);
    *graph = (crn_loss_graph){.loss = CRN_NO_VALUE};
}
