/* SPDX-License-Identifier: BSD-3-Clause */
/* What all layers share: weights, and their values in a graph. Reading configs is layer_read.c.
 */
#include "keras/layers/layer.h"

#include <stdio.h>
#include <stdlib.h>

static const crn_keras_class *const classes[] = {
#define CRN_LAYER(name, path) &crn_layer_##name.base,
#include "keras/layers/layers.def"
#undef CRN_LAYER
};

const crn_keras_kind crn_layers = {"layer", classes, sizeof classes / sizeof *classes};

void crn_layer_free_weights(crn_layer *layer)
{
    for (size_t i = 0; i < layer->weight_count; i++)
        crn_array_free(&layer->weights[i].array);
    layer->weight_count = layer->first_weight = 0;
    layer->built = false;
}

void crn_layer_destroy(crn_layer *layer)
{
    if (layer == NULL)
        return;
    crn_layer_free_weights(layer);
    free(layer->weights);
    free(layer->config);
    crn_document_release(layer->document);
    free(layer);
}

/* ---- weights ---- */

/* So that a config of a few bytes cannot make us take all memory. */
static crn_status spend(const crn_layer *layer, const char *name, int32_t ndim,
                        const int64_t *shape, crn_error *err)
{
    size_t bytes;
    CRN_TRY(crn_shape_bytes((int64_t)sizeof(float), ndim, shape, &bytes, err));
    if (layer->weight_budget == NULL)
        return CRN_OK;
    if (bytes > *layer->weight_budget)
        return crn_fail(
            err, CRN_LIMIT,
            "weight '%s' of layer \"%s\" needs %zu bytes, more than this model may have", name,
            layer->name, bytes);
    *layer->weight_budget -= bytes;
    return CRN_OK;
}

crn_status crn_layer_add_weight(crn_layer *layer, const char *name, int32_t ndim,
                                const int64_t *shape, bool trainable,
                                const crn_object *initializer, const crn_object *regularizer,
                                const crn_object *constraint, crn_error *err)
{
    CRN_TRY(crn_grow((void **)&layer->weights, &layer->weight_capacity, layer->weight_count,
                     sizeof *layer->weights, err));
    crn_layer_weight *weight = &layer->weights[layer->weight_count];
    *weight = (crn_layer_weight){.name = name, .trainable = trainable};
    if (initializer != NULL)
        CRN_TRY(crn_initializer_read(initializer, layer->document, &weight->initializer, err));
    if (regularizer != NULL)
        CRN_TRY(crn_regularizer_read(regularizer, layer->document, &weight->regularizer, err));
    if (constraint != NULL)
        CRN_TRY(crn_constraint_read(constraint, layer->document, &weight->constraint, err));
    CRN_TRY(spend(layer, name, ndim, shape, err));
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, ndim, shape, &weight->array, err));
    layer->weight_count++;
    return CRN_OK;
}

static crn_status note_penalty(crn_lowering *lowering, const crn_regularizer *regularizer,
                               crn_value value)
{
    crn_graph *graph = lowering->graph;
    if (!lowering->penalize || regularizer->cls == NULL || value == CRN_NO_VALUE)
        return CRN_OK;
    CRN_TRY(crn_grow((void **)&lowering->penalties, &lowering->penalty_capacity,
                     lowering->penalty_count, sizeof *lowering->penalties, &graph->error));
    lowering->penalties[lowering->penalty_count++] =
        crn_regularizer_add(graph, regularizer, value);
    return CRN_OK;
}

crn_value crn_layer_weight_value(const crn_layer *layer, crn_lowering *lowering, size_t i)
{
    const crn_layer_weight *weight = &layer->weights[i];
    crn_value *value = &lowering->weights[layer->first_weight + i];
    if (*value != CRN_NO_VALUE)
        return *value;
    *value = lowering->training ? crn_graph_variable(lowering->graph, &weight->array,
                                                     layer->trainable && weight->trainable)
                                : crn_graph_constant(lowering->graph, &weight->array);
    if (!layer->trainable && layer->keras != 2)
        return *value; /* Keras 3 regularizes trainable weights alone */
    return note_penalty(lowering, &weight->regularizer, *value) == CRN_OK ? *value
                                                                          : CRN_NO_VALUE;
}

crn_value crn_layer_penalize(const crn_layer *layer, crn_lowering *lowering, crn_value x)
{
    return note_penalty(lowering, &layer->activity_regularizer, x) == CRN_OK ? x : CRN_NO_VALUE;
}

/* ---- shapes ---- */

const char *crn_layer_shape_text(const crn_type *type, char *buffer, size_t size)
{
    size_t used = (size_t)snprintf(buffer, size, "(None");
    for (int32_t i = 0; i < type->ndim && used < size; i++) {
        int more = type->shape[i] < 0 ? snprintf(buffer + used, size - used, ", None")
                                      : snprintf(buffer + used, size - used, ", %lld",
                                                 (long long)type->shape[i]);
        used += (size_t)more;
    }
    if (used < size)
        snprintf(buffer + used, size - used, type->ndim == 0 ? ",)" : ")");
    return buffer;
}

crn_status crn_layer_check_input(const crn_layer *layer, const crn_type *in, int n_in,
                                 int min_ndim, crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    if (n_in != 1)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\" expects 1 input(s), but it received %d input tensors.",
                        layer->name, n_in);
    if (in[0].ndim + 1 >= min_ndim)
        return CRN_OK;
    return crn_fail(
        err, CRN_SHAPE,
        "Input 0 of layer \"%s\" is incompatible with the layer: expected min_ndim=%d, "
        "found ndim=%d. Full shape received: %s",
        layer->name, min_ndim, in[0].ndim + 1,
        crn_layer_shape_text(&in[0], shape, sizeof shape));
}

crn_status crn_layer_same_shape(const crn_layer *layer, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    *out = in[0];
    return CRN_OK;
}
