/* SPDX-License-Identifier: BSD-3-Clause */
/* Functional models whose calls stand in a row, from their records
 * (keras/src/models/functional.py, 3.15, and "Model" and "Functional" of Keras 2): one input,
 * one output, every call on one tensor. A layer may be called several times. */
#include "keras/models/functional.h"

#include <stdlib.h>
#include <string.h>

#include "keras/layers/core/input_layer.h"

enum { MOST_CALLS = 4096 };

/* One call of a layer as the record tells it: "layer, node, tensor" that it is called on. */
typedef struct node {
    size_t layer;
    int64_t index; /* among the calls of that layer */
    const char *from;
    int64_t from_index;
} node;

typedef struct reader {
    crn_network *network;
    const crn_object *records;
    node *nodes;
    size_t count, capacity;
} reader;

static crn_status refuse(const char *what, crn_error *err)
{
    return crn_fail(
        err, CRN_UNSUPPORTED,
        "Functional models with %s are not supported; those whose layers stand in a "
        "row, and Sequential, are",
        what);
}

/* ---- tensors ---- */

static bool is_list(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

/* ["dense", 0, 0]: the layer's name, which of its calls, which output. */
static bool read_history(const crn_object *history, const char **name, int64_t *index)
{
    int64_t tensor;
    *name = crn_object_text(crn_object_item(history, 0));
    return *name != NULL && crn_object_as_int(crn_object_item(history, 1), index) &&
           crn_object_as_int(crn_object_item(history, 2), &tensor) && tensor == 0;
}

/* An option of the call that asks for something: training=True, a mask, other tensors. */
static bool asks_for_something(const crn_object *kwargs)
{
    for (size_t i = 0; i < crn_object_length(kwargs); i++) {
        const crn_object *value = kwargs->as.items.at[2 * i + 1];
        bool on = false;
        bool off = crn_object_is_none(value) || (crn_object_is(value, CRN_OBJ_BOOL) &&
                                                 crn_object_as_bool(value, &on) && !on);
        if (!off)
            return true;
    }
    return false;
}

/* Keras 3: {"args": [tensor], "kwargs": {}}; Keras 2: [["dense", 0, 0, {}]]. */
static crn_status read_node(const crn_object *call, node *out, crn_error *err)
{
    const crn_object *tensors = call, *kwargs = NULL, *history;
    if (crn_object_is(call, CRN_OBJ_DICT)) {
        tensors = crn_object_get(call, "args");
        kwargs = crn_object_get(call, "kwargs");
    }
    if (!is_list(tensors))
        return crn_fail(err, CRN_FORMAT,
                        "an inbound node is neither a list nor a dict with args");
    if (crn_object_length(tensors) != 1)
        return refuse("layers that are called on several tensors", err);
    history = crn_object_item(tensors, 0);
    if (crn_object_is(history, CRN_OBJ_DICT))
        history = crn_object_get(crn_object_get(history, "config"), "keras_history");
    else
        kwargs = crn_object_item(history, 3);
    if (asks_for_something(kwargs))
        return refuse("options in their calls", err);
    if (!read_history(history, &out->from, &out->from_index))
        return crn_fail(err, CRN_FORMAT, "an inbound node does not tell what it is called on");
    return CRN_OK;
}

static crn_status read_nodes(reader *r, size_t layer, crn_error *err)
{
    const crn_object *calls =
        crn_object_get(crn_object_item(r->records, layer), "inbound_nodes");
    for (size_t i = 0; i < crn_object_length(calls); i++) {
        if (r->count >= MOST_CALLS)
            return crn_fail(err, CRN_LIMIT, "a model has at most %d calls", MOST_CALLS);
        CRN_TRY(crn_grow((void **)&r->nodes, &r->capacity, r->count, sizeof *r->nodes, err));
        node *at = &r->nodes[r->count];
        *at = (node){.layer = layer, .index = (int64_t)i};
        CRN_TRY(read_node(crn_object_item(calls, i), at, err));
        r->count++;
    }
    return CRN_OK;
}

static crn_status read_layers(reader *r, crn_error *err)
{
    for (size_t i = 0; i < crn_object_length(r->records); i++) {
        crn_layer *layer = NULL;
        crn_status status =
            crn_layer_read(crn_object_item(r->records, i), r->network->document, &layer, err);
        if (status == CRN_OK)
            status = crn_network_add_layer(r->network, layer, err);
        if (status == CRN_OK)
            status = read_nodes(r, i, err);
        if (status != CRN_OK) {
            crn_where(err, "layers[%zu]", i);
            return status;
        }
    }
    return CRN_OK;
}

/* ---- the row ---- */

/* The only node that is called on that output; *several when there is more than one. */
static const node *next_node(const reader *r, const char *name, int64_t index, bool *several)
{
    const node *found = NULL;
    for (size_t i = 0; i < r->count; i++) {
        if (r->nodes[i].from_index != index || strcmp(r->nodes[i].from, name) != 0)
            continue;
        *several = *several || found != NULL;
        found = &r->nodes[i];
    }
    return found;
}

static crn_status add_call(crn_network *network, crn_layer *layer, crn_error *err)
{
    const size_t i = network->call_count;
    CRN_TRY(crn_grow((void **)&network->calls, &network->call_capacity, i,
                     sizeof *network->calls, err));
    network->calls[i] = (crn_layer_call){.layer = layer};
    network->call_count++;
    if (i == 0)
        return CRN_OK;
    network->calls[i].in = crn_calloc(1, sizeof *network->calls[i].in);
    if (network->calls[i].in == NULL)
        return crn_no_memory(err);
    network->calls[i].in->call = (int)i - 1;
    network->calls[i].n_in = 1;
    return CRN_OK;
}

/* The one tensor of input_layers or output_layers: ["dense", 0, 0], or that in a list. */
static crn_status read_port(const crn_object *ports, const char *what, const char **name,
                            int64_t *index, crn_error *err)
{
    if (is_list(ports) && is_list(crn_object_item(ports, 0))) {
        if (crn_object_length(ports) != 1)
            return refuse(what, err);
        ports = crn_object_item(ports, 0);
    }
    if (crn_object_is(ports, CRN_OBJ_DICT))
        return refuse(what, err);
    if (!read_history(ports, name, index))
        return crn_fail(err, CRN_FORMAT,
                        "the record does not tell the model's input or output");
    return CRN_OK;
}

static crn_layer *layer_named(const crn_network *network, const char *name)
{
    for (size_t i = 0; i < network->layer_count; i++) {
        if (strcmp(network->layers[i]->name, name) == 0)
            return network->layers[i];
    }
    return NULL;
}

/* From the input on, call by call; every node has to be met, and the last is the output. */
static crn_status connect(reader *r, const crn_object *config, crn_error *err)
{
    const char *name, *last;
    int64_t index, last_index;
    bool several = false;
    crn_network *network = r->network;
    CRN_TRY(read_port(crn_object_get(config, "input_layers"), "several inputs", &name, &index,
                      err));
    CRN_TRY(read_port(crn_object_get(config, "output_layers"), "several outputs", &last,
                      &last_index, err));
    crn_layer *input = layer_named(network, name);
    if (input == NULL || !crn_layer_is_input(input) || index != 0)
        return crn_fail(err, CRN_FORMAT, "the model's input '%s' is no InputLayer", name);
    CRN_TRY(add_call(network, input, err));
    const node *at;
    while (network->call_count <= r->count &&
           (at = next_node(r, name, index, &several)) != NULL && !several) {
        CRN_TRY(add_call(network, network->layers[at->layer], err));
        name = network->layers[at->layer]->name;
        index = at->index;
    }
    if (several || network->call_count != r->count + 1)
        return refuse("branches", err);
    if (strcmp(name, last) != 0 || index != last_index)
        return refuse("an output that is not that of the last layer", err);
    return CRN_OK;
}

/* Keras orders the layers of a model by their place in the graph, not as the record lists them.
 */
static crn_status order_layers(crn_network *network, crn_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < network->call_count; i++) {
        for (size_t k = count; k < network->layer_count; k++) {
            if (network->layers[k] != network->calls[i].layer)
                continue;
            crn_layer *first = network->layers[count];
            network->layers[count++] = network->layers[k];
            network->layers[k] = first;
            break;
        }
    }
    return count == network->layer_count ? CRN_OK
                                         : refuse("layers that are not connected", err);
}

static crn_status make_ports(crn_network *network, crn_error *err)
{
    network->inputs = crn_calloc(1, sizeof *network->inputs);
    network->outputs = crn_calloc(1, sizeof *network->outputs);
    if (network->inputs == NULL || network->outputs == NULL)
        return crn_no_memory(err);
    network->input_count = network->output_count = 1;
    network->outputs[0].call = (int)network->call_count - 1;
    return CRN_OK;
}

bool crn_network_is_functional(const crn_network *network)
{
    return strcmp(network->class_name, "Functional") == 0;
}

crn_status crn_functional_read(crn_network *network, const crn_object *config, crn_error *err)
{
    reader r = {.network = network, .records = crn_object_get(config, "layers")};
    crn_status status = CRN_OK;
    if (!is_list(r.records))
        return crn_fail(err, CRN_FORMAT, "the layers of a Functional model are not a list");
    CRN_TRY_OR_DONE(read_layers(&r, err));
    CRN_TRY_OR_DONE(connect(&r, config, err));
    CRN_TRY_OR_DONE(order_layers(network, err));
    CRN_TRY_OR_DONE(make_ports(network, err));
    CRN_TRY_OR_DONE(crn_network_build(network, NULL, err));
done:
    free(r.nodes);
    return status;
}

/* ---- writing ---- */

/* Which of its layer's calls a call is. */
static int64_t call_index(const crn_network *network, size_t call)
{
    int64_t index = 0;
    for (size_t i = 0; i < call; i++)
        index += network->calls[i].layer == network->calls[call].layer;
    return index;
}

/* ["dense", 0, 0] of a call's output. */
static crn_object *history_of(const crn_network *network, size_t call, crn_document *document)
{
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    crn_object *name = crn_object_str(document, network->calls[call].layer->name);
    bool made =
        crn_object_append(document, out, name) &&
        crn_object_append(document, out, crn_object_int(document, call_index(network, call))) &&
        crn_object_append(document, out, crn_object_int(document, 0));
    return made ? out : NULL;
}

/* [["dense", 0, 0, {}]] */
static crn_object *keras_2_node(const crn_network *network, size_t from, crn_document *document)
{
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    crn_object *history = history_of(network, from, document);
    bool made = crn_object_append(document, history, crn_object_new(document, CRN_OBJ_DICT)) &&
                crn_object_append(document, out, history);
    return made ? out : NULL;
}

/* {"args": [the tensor], "kwargs": {}} */
static crn_object *keras_3_node(const crn_network *network, size_t from, crn_document *document)
{
    crn_object *out = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *args = crn_object_new(document, CRN_OBJ_LIST);
    crn_object *tensor = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *config = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *shape = crn_input_layer_batch_shape(document, &network->calls[from].output);
    bool made =
        crn_object_set(document, config, "shape", shape) &&
        crn_object_set(document, config, "dtype", crn_object_str(document, "float32")) &&
        crn_object_set(document, config, "keras_history",
                       history_of(network, from, document)) &&
        crn_object_set(document, tensor, "class_name",
                       crn_object_str(document, "__keras_tensor__")) &&
        crn_object_set(document, tensor, "config", config) &&
        crn_object_append(document, args, tensor) &&
        crn_object_set(document, out, "args", args) &&
        crn_object_set(document, out, "kwargs", crn_object_new(document, CRN_OBJ_DICT));
    return made ? out : NULL;
}

bool crn_functional_write_layer(const crn_network *network, const crn_layer *layer,
                                crn_keras_dialect dialect, crn_document *document,
                                crn_object *record)
{
    crn_object *nodes = crn_object_new(document, CRN_OBJ_LIST);
    for (size_t i = 1; i < network->call_count; i++) {
        const size_t from = (size_t)network->calls[i].in->call;
        if (network->calls[i].layer != layer)
            continue;
        if (!crn_object_append(document, nodes,
                               dialect == CRN_KERAS_2 ? keras_2_node(network, from, document)
                                                      : keras_3_node(network, from, document)))
            return false;
    }
    return crn_object_set(document, record, "name", crn_object_str(document, layer->name)) &&
           crn_object_set(document, record, "inbound_nodes", nodes);
}

/* Lists of one in all versions but the newest, which writes the one itself. */
static crn_object *port(const crn_network *network, size_t call, crn_keras_dialect dialect,
                        crn_document *document)
{
    crn_object *history = history_of(network, call, document);
    if (dialect == CRN_KERAS_NEWEST)
        return history;
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    return crn_object_append(document, out, history) ? out : NULL;
}

bool crn_functional_write_ports(const crn_network *network, crn_keras_dialect dialect,
                                crn_document *document, crn_object *config)
{
    return crn_object_set(document, config, "input_layers",
                          port(network, (size_t)network->inputs[0].call, dialect, document)) &&
           crn_object_set(document, config, "output_layers",
                          port(network, (size_t)network->outputs[0].call, dialect, document));
}
