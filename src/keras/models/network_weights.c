/* SPDX-License-Identifier: BSD-3-Clause */
/* The weights of a network over all its layers, in the order of model.weights
 * (keras/src/layers/layer.py, 3.15): of a layer its own, then those of its children. */
#include <stdlib.h>

#include "keras/models/network.h"

/* ---- numbering ---- */

typedef struct numbering {
    crn_network *network;
    size_t capacity;
} numbering;

static crn_status number_layers(numbering *n, crn_layer *const *layers, size_t count,
                                bool trainable, crn_error *err);

static crn_status number_own(numbering *n, crn_layer *layer, bool trainable, crn_error *err)
{
    crn_network *network = n->network;
    for (size_t i = 0; i < layer->weight_count; i++) {
        crn_layer_weight *weight = &layer->weights[i];
        CRN_TRY(crn_grow((void **)&network->weights, &n->capacity, network->weight_count,
                         sizeof *network->weights, err));
        weight->learns = trainable && weight->trainable;
        weight->index = network->weight_count;
        network->weights[network->weight_count++] = (crn_weight_place){layer, i};
    }
    return CRN_OK;
}

/* As deep as layers are nested: CRN_DEEPEST_LAYER. */
static crn_status number_layer(numbering *n, crn_layer *layer, bool trainable, crn_error *err)
{
    trainable = trainable && layer->trainable;
    CRN_TRY(number_own(n, layer, trainable, err));
    for (size_t i = 0; i < layer->child_count; i++)
        CRN_TRY(number_layer(n, layer->children[i].layer, trainable, err));
    if (layer->network == NULL)
        return CRN_OK;
    return number_layers(n, layer->network->layers, layer->network->layer_count, trainable,
                         err);
}

static crn_status number_layers(numbering *n, crn_layer *const *layers, size_t count,
                                bool trainable, crn_error *err)
{
    for (size_t i = 0; i < count; i++)
        CRN_TRY(number_layer(n, layers[i], trainable, err));
    return CRN_OK;
}

crn_status crn_network_number_weights(crn_network *network, crn_error *err)
{
    numbering n = {.network = network};
    free(network->weights);
    network->weights = NULL;
    network->weight_count = 0;
    return number_layers(&n, network->layers, network->layer_count, true, err);
}

/* ---- reading them ---- */

/* The optimizer writes into the weights that it was built for. */
static crn_status move_optimizer(const crn_network *network, crn_error *err)
{
    crn_array *weights;
    size_t count;
    crn_optimizer *optimizer = network->compiled.optimizer;
    if (optimizer == NULL || !crn_optimizer_is_built(optimizer))
        return CRN_OK;
    CRN_TRY(crn_network_trainable(network, &weights, &count, err));
    crn_optimizer_move(optimizer, weights);
    for (size_t i = 0; i < count; i++)
        crn_array_free(&weights[i]);
    free(weights);
    return CRN_OK;
}

crn_status crn_network_own_weights(crn_network *network, crn_error *err)
{
    for (size_t i = 0; i < network->weight_count; i++) {
        crn_layer_weight *weight = crn_network_weight(network, i, NULL);
        crn_array own = CRN_ARRAY_INIT;
        if (!weight->borrowed)
            continue;
        CRN_TRY(crn_array_astype(&weight->array, weight->array.dtype, &own, err));
        crn_array_free(&weight->array);
        weight->array = own;
        weight->borrowed = false;
    }
    return move_optimizer(network, err);
}

crn_status crn_network_initialize(crn_network *network, uint64_t seed, crn_error *err)
{
    crn_generator generator;
    CRN_TRY(crn_network_own_weights(network, err));
    crn_generator_seed(&generator, seed);
    for (size_t i = 0; i < network->weight_count; i++) {
        crn_layer *layer;
        crn_layer_weight *weight = crn_network_weight(network, i, &layer);
        if (weight->initializer.cls == NULL)
            continue; /* zeros */
        crn_status status =
            crn_initializer_fill(&weight->initializer, &generator, &weight->array, err);
        if (status != CRN_OK) {
            crn_where(err, "%s/%s", layer->name, weight->name);
            return status;
        }
    }
    network->has_weights = true;
    return CRN_OK;
}

crn_layer_weight *crn_network_weight(const crn_network *network, size_t i, crn_layer **layer)
{
    if (i >= network->weight_count)
        return NULL;
    const crn_weight_place *place = &network->weights[i];
    if (layer != NULL)
        *layer = place->layer;
    return &place->layer->weights[place->i];
}

crn_status crn_network_trainable(const crn_network *network, crn_array **weights, size_t *count,
                                 crn_error *err)
{
    *count = 0;
    *weights = crn_calloc(network->weight_count, sizeof **weights);
    if (*weights == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < network->weight_count; i++) {
        const crn_layer_weight *weight = crn_network_weight(network, i, NULL);
        if (weight->learns)
            (*weights)[(*count)++] = crn_array_share(&weight->array);
    }
    return CRN_OK;
}
