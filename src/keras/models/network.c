/* SPDX-License-Identifier: BSD-3-Clause */
/* A network as a structure: layers added and named, shapes taken through its calls, weights
 * made and initialised. */
#include "keras/models/network.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "keras/models/sequential.h"
#include "keras/naming.h"

enum {
    MOST_LAYERS = 4096,
    MOST_ITEM = 1 << 28 /* elements between two layers, for one row: 1 GiB */
};

/* ---- making and freeing ---- */

crn_status crn_network_create(crn_document *document, const char *class_name, const char *name,
                              crn_network **out, crn_error *err)
{
    crn_network *network = crn_calloc(1, sizeof *network);
    if (network == NULL)
        return crn_no_memory(err);
    network->document = crn_document_retain(document);
    network->class_name = class_name;
    network->name = name != NULL ? name : crn_snake_case(document, class_name);
    network->weight_bytes = crn_limits_complete(NULL).memory_bytes;
    network->keras = 3;
    if (network->name == NULL) {
        crn_network_destroy(network);
        return crn_arena_fail(document->arena, err);
    }
    *out = network;
    return CRN_OK;
}

void crn_network_free_calls(crn_network *network)
{
    for (size_t i = 0; i < network->call_count; i++) {
        free(network->calls[i].in);
        free(network->calls[i].out);
        free((void *)network->calls[i].arguments.tensors);
    }
    free(network->calls);
    free(network->inputs);
    free(network->outputs);
    network->calls = NULL;
    network->inputs = network->outputs = NULL;
    network->call_count = network->call_capacity = 0;
    network->input_count = network->output_count = 0;
}

void crn_network_destroy(crn_network *network)
{
    if (network == NULL)
        return;
    for (size_t i = 0; i < network->layer_count; i++)
        crn_layer_destroy(network->layers[i]);
    free(network->layers);
    crn_network_free_calls(network);
    free(network->weights);
    crn_compilation_free(&network->compiled);
    crn_document_release(network->document);
    free(network);
}

/* ---- layers ---- */

static bool has_layer_named(const crn_network *network, const char *name)
{
    for (size_t i = 0; i < network->layer_count; i++) {
        if (strcmp(network->layers[i]->name, name) == 0)
            return true;
    }
    return false;
}

/* "dense", then "dense_1": those of a class that came without a name are counted. */
static const char *automatic_name(const crn_network *network, const crn_layer *layer)
{
    const char *base = crn_snake_case(network->document, crn_layer_python_name(layer));
    size_t place = 0;
    for (size_t i = 0; i < network->layer_count; i++) {
        const crn_layer *other = network->layers[i];
        const crn_layer_config *config = other->config;
        place += other->type == layer->type && config->name == NULL;
    }
    return base != NULL ? crn_numbered_name(network->document, base, place) : NULL;
}

static crn_status take_layer(crn_network *network, crn_layer *layer, crn_error *err)
{
    if (network->layer_count >= MOST_LAYERS)
        return crn_fail(err, CRN_LIMIT, "a model has at most %d layers", MOST_LAYERS);
    if (layer->name == NULL)
        layer->name = automatic_name(network, layer);
    if (layer->name == NULL)
        return crn_arena_fail(network->document->arena, err);
    if (has_layer_named(network, layer->name))
        return crn_fail(
            err, CRN_ARGUMENT,
            "All layers added to a %s model should have unique names. Name '%s' is "
            "already the name of a layer in this model. Update the `name` argument to "
            "pass a unique name.",
            network->class_name, layer->name);
    CRN_TRY(crn_grow((void **)&network->layers, &network->layer_capacity, network->layer_count,
                     sizeof(crn_layer *), err));
    crn_layer_adopt(layer, network->keras, &network->weight_budget);
    network->layers[network->layer_count++] = layer;
    return CRN_OK;
}

crn_status crn_network_add_layer(crn_network *network, crn_layer *layer, crn_error *err)
{
    crn_status status = take_layer(network, layer, err);
    if (status != CRN_OK)
        crn_layer_destroy(layer);
    return status;
}

void crn_network_adopt(crn_network *network, int keras)
{
    network->keras = keras;
    for (size_t i = 0; i < network->layer_count; i++)
        crn_layer_adopt(network->layers[i], keras, &network->weight_budget);
}

crn_status crn_network_add_call(crn_network *network, crn_layer *layer, crn_error *err)
{
    CRN_TRY(crn_grow((void **)&network->calls, &network->call_capacity, network->call_count,
                     sizeof *network->calls, err));
    network->calls[network->call_count++] = (crn_layer_call){.layer = layer};
    return CRN_OK;
}

/* ---- shapes and weights ---- */

static const crn_type *type_of(const crn_network *network, crn_tensor tensor)
{
    return &network->calls[tensor.call].out[tensor.output];
}

const crn_type *crn_network_input_type(const crn_network *network, size_t i)
{
    return type_of(network, network->inputs[i]);
}

const crn_type *crn_network_output_type(const crn_network *network, size_t i)
{
    return type_of(network, network->outputs[i]);
}

/* Weights are made by the first call; the others have to fit them, which infer_many() sees to
 * itself. */
static crn_status check_further_call(const crn_layer *layer, const crn_type *in, crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    const crn_type *first = &layer->input;
    if (layer->weight_count == 0 || first->ndim == 0 || !layer->type->built_by_call ||
        (in->ndim > 0 && in->shape[in->ndim - 1] == first->shape[first->ndim - 1]))
        return CRN_OK;
    return crn_fail(
        err, CRN_SHAPE,
        "Input 0 of layer \"%s\" is incompatible with the layer: expected axis -1 of "
        "input shape to have value %lld, but received input with shape %s",
        layer->name, (long long)first->shape[first->ndim - 1],
        crn_layer_shape_text(in, shape, sizeof shape));
}

/* What a config of a few bytes may ask of predict. */
static crn_status check_size(const crn_layer *layer, const crn_type *type, crn_error *err)
{
    int64_t size = 1;
    char shape[CRN_SHAPE_TEXT];
    for (int32_t i = 0; i < type->ndim; i++) {
        bool fits = type->shape[i] < 0 || !__builtin_mul_overflow(size, type->shape[i], &size);
        if (!fits || size > MOST_ITEM)
            return crn_fail(
                err, CRN_LIMIT,
                "the output of layer \"%s\" would hold more than %d numbers a row: %s",
                layer->name, MOST_ITEM, crn_layer_shape_text(type, shape, sizeof shape));
    }
    return CRN_OK;
}

/* What one call gives; call->out are at most CRN_MOST_TENSORS. */
static crn_status infer_call(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    CRN_TRY(crn_layer_infer(layer, call, err));
    for (int i = 0; i < call->n_out; i++)
        CRN_TRY(check_size(layer, &call->out[i], err));
    return CRN_OK;
}

static crn_status build_layer(crn_layer *layer, const crn_layer_shapes *call, crn_error *err)
{
    if (layer->built)
        return call->n_in == 1 ? check_further_call(layer, &call->in[0], err) : CRN_OK;
    layer->arguments = call->arguments;
    const crn_status status = crn_layer_build(layer, call->in, call->n_in, err);
    layer->arguments = NULL;
    CRN_TRY(status);
    layer->output = call->out[0];
    return CRN_OK;
}

static crn_status build_call_on(crn_layer_call *call, const crn_type *in, crn_error *err)
{
    crn_layer *layer = call->layer;
    crn_type out[CRN_MOST_TENSORS] = {{0}};
    crn_layer_shapes shapes = {
        .arguments = &call->arguments, .n_in = call->n_in, .in = in, .out = out};
    CRN_TRY(infer_call(layer, &shapes, err));
    CRN_TRY(build_layer(layer, &shapes, err));
    free(call->out);
    call->out = crn_calloc((size_t)shapes.n_out, sizeof *call->out);
    if (call->out == NULL)
        return crn_no_memory(err);
    memcpy(call->out, out, (size_t)shapes.n_out * sizeof *out);
    call->n_out = shapes.n_out;
    return CRN_OK;
}

/* An output that a call does not have cannot be asked for. */
static crn_status check_tensor(const crn_network *network, crn_tensor tensor, crn_error *err)
{
    const crn_layer_call *from = &network->calls[tensor.call];
    if (tensor.output >= 0 && tensor.output < from->n_out)
        return CRN_OK;
    return crn_fail(err, CRN_FORMAT, "layer \"%s\" has no output %d", from->layer->name,
                    tensor.output);
}

static crn_status build_call(crn_network *network, crn_layer_call *call, crn_error *err)
{
    crn_status status = CRN_OK;
    crn_type *in = crn_calloc((size_t)call->n_in, sizeof *in);
    if (in == NULL)
        return crn_no_memory(err);
    for (int i = 0; i < call->n_in && status == CRN_OK; i++) {
        status = check_tensor(network, call->in[i], err);
        if (status == CRN_OK)
            in[i] = *type_of(network, call->in[i]);
    }
    if (status == CRN_OK)
        status = build_call_on(call, in, err);
    if (status != CRN_OK)
        crn_where(err, "layers[%s]", call->layer->name);
    free(in);
    return status;
}

static crn_status check_inputs(const crn_network *network, const crn_type *inputs,
                               crn_error *err)
{
    for (size_t i = 0; i < network->input_count; i++) {
        char expected[CRN_SHAPE_TEXT], found[CRN_SHAPE_TEXT];
        const crn_type *type = crn_network_input_type(network, i);
        bool fits = type->ndim == inputs[i].ndim;
        for (int32_t k = 0; k < type->ndim && fits; k++)
            fits = type->shape[k] < 0 || inputs[i].shape[k] < 0 ||
                   type->shape[k] == inputs[i].shape[k];
        if (!fits)
            return crn_fail(
                err, CRN_SHAPE,
                "Input %zu of layer \"%s\" is incompatible with the layer: expected "
                "shape=%s, found shape=%s",
                i, network->name, crn_layer_shape_text(type, expected, sizeof expected),
                crn_layer_shape_text(&inputs[i], found, sizeof found));
    }
    return CRN_OK;
}

/* Back to how it was before build(): no weights, and no InputLayer that build() made. */
static void take_down(crn_network *network, size_t layer_count)
{
    crn_network_free_weights(network);
    if (network->layer_count > layer_count)
        crn_sequential_disconnect(network);
}

void crn_network_free_weights(crn_network *network)
{
    for (size_t i = 0; i < network->layer_count; i++)
        crn_layer_free_weights(network->layers[i]);
    free(network->weights);
    network->weights = NULL;
    network->weight_count = 0;
    network->built = false;
}

static crn_status build_calls(crn_network *network, const crn_type *inputs, crn_error *err)
{
    if (network->call_count == 0)
        CRN_TRY(crn_sequential_connect(network, inputs, err));
    network->weight_budget = network->weight_bytes;
    for (size_t i = 0; i < network->call_count; i++)
        CRN_TRY(build_call(network, &network->calls[i], err));
    for (size_t i = 0; i < network->output_count; i++)
        CRN_TRY(check_tensor(network, network->outputs[i], err));
    return inputs != NULL ? check_inputs(network, inputs, err) : CRN_OK;
}

crn_status crn_network_build(crn_network *network, const crn_type *inputs, crn_error *err)
{
    const size_t layer_count = network->layer_count;
    if (network->built)
        return inputs != NULL ? check_inputs(network, inputs, err) : CRN_OK;
    crn_status status = build_calls(network, inputs, err);
    if (status == CRN_OK)
        status = crn_network_number_weights(network, err);
    if (status != CRN_OK)
        take_down(network, layer_count);
    network->built = status == CRN_OK;
    return status;
}

/* ---- shapes for other inputs ---- */

/* The shapes of the model's inputs stand for the calls of their InputLayers. */
static const crn_type *given_input(const crn_network *network, size_t call,
                                   const crn_type *inputs)
{
    for (size_t i = 0; i < network->input_count; i++) {
        if ((size_t)network->inputs[i].call == call)
            return &inputs[i];
    }
    return NULL;
}

static crn_status infer_into(const crn_layer_call *call, crn_type *const *types, crn_type **out,
                             crn_error *err)
{
    crn_type in[CRN_MOST_TENSORS] = {{0}}, made[CRN_MOST_TENSORS] = {{0}};
    crn_layer_shapes shapes = {
        .arguments = &call->arguments, .n_in = call->n_in, .in = in, .out = made};
    for (int i = 0; i < call->n_in; i++)
        in[i] = types[call->in[i].call][call->in[i].output];
    CRN_TRY(infer_call(call->layer, &shapes, err));
    *out = crn_calloc((size_t)shapes.n_out, sizeof **out);
    if (*out == NULL)
        return crn_no_memory(err);
    memcpy(*out, made, (size_t)shapes.n_out * sizeof *made);
    return CRN_OK;
}

crn_status crn_network_infer(const crn_network *network, const crn_type *inputs, crn_type *out,
                             crn_error *err)
{
    crn_status status = CRN_OK;
    CRN_TRY(check_inputs(network, inputs, err));
    crn_type **types = crn_calloc(network->call_count, sizeof(crn_type *));
    if (types == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < network->call_count; i++) {
        const crn_type *given = given_input(network, i, inputs);
        if (given == NULL)
            CRN_TRY_OR_DONE(infer_into(&network->calls[i], types, &types[i], err));
        else if ((types[i] = crn_calloc(1, sizeof *types[i])) != NULL)
            *types[i] = *given;
        else
            CRN_TRY_OR_DONE(crn_no_memory(err));
    }
    for (size_t i = 0; i < network->output_count; i++)
        out[i] = types[network->outputs[i].call][network->outputs[i].output];
done:
    for (size_t i = 0; i < network->call_count; i++)
        free(types[i]);
    free(types);
    return status;
}
