/* SPDX-License-Identifier: BSD-3-Clause */
/* What all layers share: weights, and their values in a graph. Reading configs is layer_read.c.
 */
#include "keras/layers/layer.h"

#include <stdio.h>
#include <stdlib.h>

#include "keras/dtype_policy.h"
#include "keras/models/network.h"
#include "keras/naming.h"

static const crn_keras_class *const classes[] = {
#define CRN_LAYER(name, path) &crn_layer_##name.base,
#include "keras/layers/layers.def"
#undef CRN_LAYER
};

const crn_keras_kind crn_layers = {"layer", classes, sizeof classes / sizeof *classes};

const char *crn_layer_python_name(const crn_layer *layer)
{
    return layer->type->python_name != NULL ? layer->type->python_name : layer->type->base.name;
}

void crn_layer_free_weights(crn_layer *layer)
{
    for (size_t i = 0; i < layer->weight_count; i++)
        crn_array_free(&layer->weights[i].array);
    layer->weight_count = 0;
    layer->built = false;
    for (size_t i = 0; i < layer->child_count; i++)
        crn_layer_free_weights(layer->children[i].layer);
    if (layer->network != NULL)
        crn_network_free_weights(layer->network);
}

void crn_layer_destroy(crn_layer *layer)
{
    if (layer == NULL)
        return;
    crn_layer_free_weights(layer);
    for (size_t i = 0; i < layer->child_count; i++)
        crn_layer_destroy(layer->children[i].layer);
    crn_network_destroy(layer->network);
    free(layer->children);
    free(layer->weights);
    free(layer->config);
    crn_document_release(layer->document);
    free(layer);
}

/* ---- children ---- */

static crn_status take_child(crn_layer *layer, const char *path, crn_layer *child,
                             crn_error *err)
{
    if (child->depth + 1 > CRN_DEEPEST_LAYER)
        return crn_fail(err, CRN_LIMIT, "layers are nested more than %d deep",
                        CRN_DEEPEST_LAYER);
    if (child->name == NULL)
        child->name = crn_snake_case(child->document, crn_layer_python_name(child));
    if (child->name == NULL)
        return crn_arena_fail(child->document->arena, err);
    CRN_TRY(crn_grow((void **)&layer->children, &layer->child_capacity, layer->child_count,
                     sizeof *layer->children, err));
    layer->children[layer->child_count++] = (crn_layer_child){.path = path, .layer = child};
    if (layer->depth < child->depth + 1)
        layer->depth = child->depth + 1;
    crn_layer_adopt(child, layer->keras, layer->weight_budget);
    return CRN_OK;
}

crn_status crn_layer_add_child(crn_layer *layer, const char *path, crn_layer *child,
                               crn_error *err)
{
    crn_status status = take_child(layer, path, child, err);
    if (status != CRN_OK)
        crn_layer_destroy(child);
    return status;
}

void crn_layer_adopt(crn_layer *layer, int keras, uint64_t *weight_budget)
{
    layer->keras = keras;
    layer->weight_budget = weight_budget;
    for (size_t i = 0; i < layer->child_count; i++)
        crn_layer_adopt(layer->children[i].layer, keras, weight_budget);
    if (layer->network != NULL)
        crn_network_adopt(layer->network, keras);
}

/* ---- weights ---- */

/* So that a config of a few bytes cannot make us take all memory. */
static crn_status spend(const crn_layer *layer, const crn_weight_spec *spec, crn_dtype dtype,
                        crn_error *err)
{
    size_t bytes;
    CRN_TRY(
        crn_shape_bytes((int64_t)crn_dtype_size(dtype), spec->ndim, spec->shape, &bytes, err));
    if (layer->weight_budget == NULL)
        return CRN_OK;
    if (bytes > *layer->weight_budget)
        return crn_fail(
            err, CRN_LIMIT,
            "weight '%s' of layer \"%s\" needs %zu bytes, more than this model may have",
            spec->name, layer->name, bytes);
    *layer->weight_budget -= bytes;
    return CRN_OK;
}

crn_status crn_layer_add_weight_as(crn_layer *layer, const crn_weight_spec *spec,
                                   crn_error *err)
{
    const crn_dtype own = layer->compute == CRN_FLOAT64 ? CRN_FLOAT64 : CRN_FLOAT32;
    const crn_dtype dtype = spec->dtype != CRN_NO_DTYPE ? spec->dtype : own;
    CRN_TRY(crn_grow((void **)&layer->weights, &layer->weight_capacity, layer->weight_count,
                     sizeof *layer->weights, err));
    crn_layer_weight *weight = &layer->weights[layer->weight_count];
    *weight = (crn_layer_weight){.name = spec->name,
                                 .object = spec->object,
                                 .scope = spec->scope,
                                 .trainable = spec->trainable};
    if (spec->initializer != NULL)
        CRN_TRY(crn_initializer_read(spec->initializer, layer->document, &weight->initializer,
                                     err));
    if (spec->regularizer != NULL)
        CRN_TRY(crn_regularizer_read(spec->regularizer, layer->document, &weight->regularizer,
                                     err));
    if (spec->constraint != NULL)
        CRN_TRY(
            crn_constraint_read(spec->constraint, layer->document, &weight->constraint, err));
    CRN_TRY(spend(layer, spec, dtype, err));
    CRN_TRY(crn_array_create(dtype, 0, spec->ndim, spec->shape, &weight->array, err));
    layer->weight_count++;
    return CRN_OK;
}

crn_status crn_layer_add_weight(crn_layer *layer, const char *name, int32_t ndim,
                                const int64_t *shape, bool trainable,
                                const crn_object *initializer, const crn_object *regularizer,
                                const crn_object *constraint, crn_error *err)
{
    const crn_weight_spec spec = {.name = name,
                                  .ndim = ndim,
                                  .shape = shape,
                                  .trainable = trainable,
                                  .initializer = initializer,
                                  .regularizer = regularizer,
                                  .constraint = constraint};
    return crn_layer_add_weight_as(layer, &spec, err);
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

/* What a weight is cast to: the layer's precision; none for indices and counts. */
static crn_dtype weight_precision(const crn_layer *layer, const crn_layer_weight *weight)
{
    return layer->compute != CRN_NO_DTYPE && crn_dtype_is_float(weight->array.dtype)
               ? layer->compute
               : weight->array.dtype;
}

crn_value crn_layer_weight_value(const crn_layer *layer, crn_lowering *lowering, size_t i)
{
    const crn_layer_weight *weight = &layer->weights[i];
    crn_value *value = &lowering->weights[weight->index];
    if (*value != CRN_NO_VALUE)
        return *value;
    if (lowering->training)
        *value = crn_graph_variable(lowering->graph, &weight->array, weight->learns);
    else
        *value = crn_dtype_policy_constant(lowering->graph, &weight->array,
                                           weight_precision(layer, weight));
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

crn_status crn_layer_known_axis(const crn_layer *layer, const crn_type *in, int32_t axis,
                                int64_t *out, crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    const int32_t at = axis < 0 ? axis + in->ndim : axis;
    *out = at >= 0 && at < in->ndim ? in->shape[at] : -1;
    if (*out > 0)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE,
                    "%s of the inputs to layer \"%s\" should be defined and at "
                    "least 1. Full input shape received: %s",
                    axis == -1 ? "The last dimension" : "An axis that the weights depend on",
                    layer->name, crn_layer_shape_text(in, shape, sizeof shape));
}

crn_status crn_layer_same_shape(const crn_layer *layer, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    *out = in[0];
    return CRN_OK;
}
