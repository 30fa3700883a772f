/* SPDX-License-Identifier: BSD-3-Clause */
/* What all layers share: made from a config, given weights, asked for their values in a graph. */
#include "keras/layers/layer.h"

#include <stdlib.h>
#include <string.h>

static const crn_keras_class *const classes[] = {
#define CRN_LAYER(name, path) &crn_layer_##name.base,
#include "keras/layers/layers.def"
#undef CRN_LAYER
};

const crn_keras_kind crn_layers = {"layer", classes, sizeof classes / sizeof *classes};

/* ---- making ------------------------------------------------------------------------------------ */

static crn_layer_config *config_of(const crn_layer *layer)
{
    return layer->config;
}

/* Only float32 computes so far: "float32", or a policy record of that name. */
static crn_status check_dtype(const crn_layer *layer, crn_error *err)
{
    const crn_object *policy = config_of(layer)->dtype;
    if (crn_object_is(policy, CRN_OBJ_DICT))
        policy = crn_object_get(crn_object_get(policy, "config"), "name");
    if (policy == NULL || crn_object_is_none(policy) || crn_object_is_str(policy, "float32"))
        return CRN_OK;
    const char *name = crn_object_text(policy);
    return crn_fail(err, CRN_UNSUPPORTED, "%s: the dtype policy %s is not supported; float32 is",
                    layer->type->base.name, name != NULL ? name : "of this record");
}

static crn_status settle(crn_layer *layer, crn_error *err)
{
    const crn_layer_config *config = config_of(layer);
    layer->name = config->name;
    layer->trainable = config->trainable;
    CRN_TRY(check_dtype(layer, err));
    if (config->activity_regularizer != NULL)
        CRN_TRY(crn_regularizer_read(config->activity_regularizer, layer->document,
                                     &layer->activity_regularizer, err));
    return layer->type->check != NULL ? layer->type->check(layer, err) : CRN_OK;
}

crn_status crn_layer_read(const crn_object *object, crn_document *document, crn_layer **out,
                          crn_error *err)
{
    const crn_keras_class *cls;
    void *config = NULL;
    CRN_TRY(crn_keras_class_read(&crn_layers, object, document, &cls, &config, err));
    crn_layer *layer = crn_calloc(1, sizeof *layer);
    if (layer == NULL) {
        free(config);
        return crn_no_memory(err);
    }
    layer->type = (const crn_layer_type *)cls; /* base is its first member */
    layer->config = config;
    layer->document = crn_document_retain(document);
    crn_status status = settle(layer, err);
    if (status != CRN_OK) {
        crn_layer_destroy(layer);
        return status;
    }
    *out = layer;
    return CRN_OK;
}

void crn_layer_destroy(crn_layer *layer)
{
    if (layer == NULL)
        return;
    for (size_t i = 0; i < layer->weight_count; i++)
        crn_array_free(&layer->weights[i].array);
    free(layer->weights);
    free(layer->config);
    crn_document_release(layer->document);
    free(layer);
}

crn_status crn_layer_refuse(const crn_layer *layer, const char *option, const crn_object *value,
                            crn_error *err)
{
    if (value == NULL || crn_object_is_none(value))
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED, "%s: the option %s is not supported",
                    layer->type->base.name, option);
}

/* ---- weights ----------------------------------------------------------------------------------- */

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
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, ndim, shape, &weight->array, err));
    layer->weight_count++;
    return CRN_OK;
}

static crn_status note_penalty(crn_lowering *lowering, const crn_regularizer *regularizer,
                               crn_value value)
{
    crn_graph *graph = lowering->graph;
    if (regularizer->cls == NULL || value == CRN_NO_VALUE)
        return CRN_OK;
    CRN_TRY(crn_grow((void **)&lowering->penalties, &lowering->penalty_capacity,
                     lowering->penalty_count, sizeof *lowering->penalties, &graph->error));
    lowering->penalties[lowering->penalty_count++] = crn_regularizer_add(graph, regularizer, value);
    return CRN_OK;
}

crn_value crn_layer_weight_value(const crn_layer *layer, crn_lowering *lowering, size_t i)
{
    const crn_layer_weight *weight = &layer->weights[i];
    crn_value *value = &lowering->weights[layer->first_weight + i];
    if (*value != CRN_NO_VALUE)
        return *value;
    if (!lowering->training) {
        *value = crn_graph_constant(lowering->graph, &weight->array);
        return *value;
    }
    *value = crn_graph_variable(lowering->graph, &weight->array,
                                layer->trainable && weight->trainable);
    return note_penalty(lowering, &weight->regularizer, *value) == CRN_OK ? *value : CRN_NO_VALUE;
}

crn_value crn_layer_penalize(const crn_layer *layer, crn_lowering *lowering, crn_value x)
{
    if (!lowering->training)
        return x;
    return note_penalty(lowering, &layer->activity_regularizer, x) == CRN_OK ? x : CRN_NO_VALUE;
}
