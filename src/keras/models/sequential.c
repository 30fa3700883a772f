/* SPDX-License-Identifier: BSD-3-Clause */
/* Sequential: a constructor expression, or a record of Keras 1 to 3, as
 * keras/src/models/sequential.py (3.15) and its forerunners read and write them. */
#include "keras/models/sequential.h"

#include <stdlib.h>
#include <string.h>

#include "keras/layers/core/input_layer.h"

/* ---- one layer behind the other ---- */

/* Moves the layer that was added last to the front. */
static void move_to_front(crn_network *network)
{
    crn_layer *last = network->layers[network->layer_count - 1];
    memmove(network->layers + 1, network->layers,
            (network->layer_count - 1) * sizeof *network->layers);
    network->layers[0] = last;
}

/* An InputLayer in front; Keras 2 names it after the first layer. */
static crn_status insert_input(crn_network *network, crn_object *batch_shape, crn_error *err)
{
    crn_document *document = network->document;
    const char *name = NULL;
    crn_layer *layer = NULL;
    if (network->keras == 2) {
        crn_text text = CRN_TEXT_INIT;
        crn_text_printf(&text, "%s_input", network->layers[0]->name);
        if (text.status == CRN_OK)
            name = crn_arena_text(document->arena, text.data, text.size);
        crn_text_free(&text);
    }
    CRN_TRY(crn_input_layer_create(document, batch_shape, name, &layer, err));
    CRN_TRY(crn_network_add_layer(network, layer, err));
    move_to_front(network);
    return CRN_OK;
}

static crn_status connect_layers(crn_network *network, crn_error *err)
{
    network->inputs = crn_calloc(1, sizeof *network->inputs);
    network->outputs = crn_calloc(1, sizeof *network->outputs);
    if (network->inputs == NULL || network->outputs == NULL)
        return crn_no_memory(err);
    network->input_count = network->output_count = 1;
    network->outputs[0].call = (int)network->layer_count - 1;
    for (size_t i = 0; i < network->layer_count; i++) {
        CRN_TRY(crn_network_add_call(network, network->layers[i], err));
        crn_layer_call *call = &network->calls[i];
        if (i == 0)
            continue;
        call->in = crn_calloc(1, sizeof *call->in);
        if (call->in == NULL)
            return crn_no_memory(err);
        call->n_in = 1;
        call->in[0].call = (int)i - 1;
    }
    return CRN_OK;
}

crn_status crn_sequential_connect(crn_network *network, const crn_type *inputs, crn_error *err)
{
    if (network->layer_count == 0)
        return crn_fail(err, CRN_STATE,
                        "Sequential model %s cannot be built because it has no layers.",
                        network->name);
    if (!crn_layer_is_input(network->layers[0])) {
        if (inputs == NULL)
            return crn_fail(err, CRN_STATE,
                            "Sequential model '%s' has no defined input shape yet.",
                            network->name);
        crn_object *shape = crn_input_layer_batch_shape(network->document, &inputs[0]);
        if (shape == NULL)
            return crn_arena_fail(network->document->arena, err);
        CRN_TRY(insert_input(network, shape, err));
    }
    crn_status status = connect_layers(network, err);
    if (status != CRN_OK)
        crn_network_free_calls(network);
    return status;
}

void crn_sequential_disconnect(crn_network *network)
{
    crn_network_free_calls(network);
    crn_layer_destroy(network->layers[0]);
    network->layer_count--;
    memmove(network->layers, network->layers + 1,
            network->layer_count * sizeof *network->layers);
}

/* ---- the shape that the first layer tells ---- */

/* What a model in first place takes; NULL for other layers. */
static const crn_type *inner_input(const crn_layer *layer)
{
    const crn_network *network = layer->network;
    if (network == NULL || network->layer_count == 0)
        return NULL;
    const crn_layer *first = network->input_count > 0
                                 ? network->calls[network->inputs[0].call].layer
                                 : network->layers[0];
    return crn_layer_is_input(first) ? &first->output : NULL;
}

/* [None, 4] from batch_input_shape, input_shape or input_dim; *out stays NULL without them. */
static crn_status declared_shape(crn_network *network, crn_object **out, crn_error *err)
{
    crn_document *document = network->document;
    const crn_layer_config *config = network->layers[0]->config;
    const crn_object *whole = config->batch_input_shape, *item = config->input_shape;
    const crn_object *width = config->input_dim;
    const crn_type *inner = inner_input(network->layers[0]);
    if (inner != NULL) {
        *out = crn_input_layer_batch_shape(document, inner);
        return *out != NULL ? CRN_OK : crn_arena_fail(document->arena, err);
    }
    if (whole != NULL && !crn_object_is_none(whole)) {
        *out = crn_input_layer_join(document, crn_object_item(whole, 0), NULL);
        for (size_t i = 1; i < crn_object_length(whole) && *out != NULL; i++) {
            if (!crn_object_append(document, *out, crn_object_item(whole, i)))
                *out = NULL;
        }
        return *out != NULL ? CRN_OK : crn_arena_fail(document->arena, err);
    }
    if (item != NULL && !crn_object_is_none(item)) {
        *out = crn_input_layer_join(document, NULL, item);
        return *out != NULL ? CRN_OK : crn_arena_fail(document->arena, err);
    }
    int64_t length;
    if (width == NULL || !crn_object_as_int(width, &length))
        return CRN_OK;
    crn_type type = crn_type_vector(CRN_FLOAT32, length);
    *out = crn_input_layer_batch_shape(document, &type);
    return *out != NULL ? CRN_OK : crn_arena_fail(document->arena, err);
}

/* An InputLayer in front, where the shape is told by the first layer or by `build_shape`. */
static crn_status settle(crn_network *network, crn_object *build_shape, crn_error *err)
{
    crn_object *shape = NULL;
    if (network->layer_count == 0)
        return CRN_OK;
    if (!crn_layer_is_input(network->layers[0])) {
        CRN_TRY(declared_shape(network, &shape, err));
        if (shape == NULL && !crn_object_is_none(build_shape))
            shape = build_shape;
        if (shape != NULL)
            CRN_TRY(insert_input(network, shape, err));
    }
    return CRN_OK;
}

/* ---- reading ---- */

static crn_status add_layer(crn_network *network, const crn_object *object, size_t i,
                            crn_error *err)
{
    crn_layer *layer = NULL;
    crn_status status = crn_layer_read(object, network->document, &layer, err);
    if (status != CRN_OK) {
        crn_where(err, "layers[%zu]", i);
        return status;
    }
    bool second = crn_layer_is_input(layer) && network->layer_count > 0;
    CRN_TRY(crn_network_add_layer(network, layer, err));
    if (second)
        return crn_fail(
            err, CRN_ARGUMENT,
            "Sequential model '%s' has already been configured to use another input "
            "shape. You cannot add a different Input layer to it.",
            network->name);
    return CRN_OK;
}

static crn_status add_layers(crn_network *network, const crn_object *layers, crn_error *err)
{
    if (!crn_object_is(layers, CRN_OBJ_LIST) && !crn_object_is(layers, CRN_OBJ_TUPLE))
        return crn_fail(err, CRN_FORMAT, "the layers of a Sequential are not a list");
    for (size_t i = 0; i < crn_object_length(layers); i++)
        CRN_TRY(add_layer(network, crn_object_item(layers, i), i, err));
    return CRN_OK;
}

/* Sequential(layers=None, trainable=True, name=None) */
typedef struct arguments {
    const crn_object *layers;
    bool trainable;
    const char *name;
} arguments;

static const crn_field argument_fields[] = {
    CRN_PARAM(arguments, layers, OBJECT, "None", NULL),
    CRN_PARAM(arguments, trainable, BOOL, "True", NULL),
    CRN_PARAM(arguments, name, STRING, "None", NULL),
    CRN_FIELDS_END,
};

crn_status crn_sequential_read_call(const crn_object *call, crn_document *document,
                                    crn_network **network, crn_error *err)
{
    arguments given = {0};
    const crn_field_context context = {.document = document, .class_name = "Sequential"};
    CRN_TRY(crn_fields_default(argument_fields, &given, &context, err));
    CRN_TRY(crn_fields_from_call(argument_fields, &given, call, &context, err));
    CRN_TRY(crn_network_create(document, "Sequential", given.name, network, err));
    if (!crn_object_is_none(given.layers))
        CRN_TRY(add_layers(*network, given.layers, err));
    for (size_t i = 0; i < (*network)->layer_count && !given.trainable; i++)
        (*network)->layers[i]->trainable = false;
    return settle(*network, NULL, err);
}

crn_status crn_sequential_read(crn_network *network, const crn_object *config, crn_error *err)
{
    const bool bare = crn_object_is(config, CRN_OBJ_LIST);
    CRN_TRY(add_layers(network, bare ? config : crn_object_get(config, "layers"), err));
    return settle(network, crn_object_get(config, "build_input_shape"), err);
}
