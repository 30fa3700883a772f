/* SPDX-License-Identifier: BSD-3-Clause */
/* Functional models from their records (keras/src/models/functional.py, 3.15, and "Model" and
 * "Functional" of Keras 2). Calls and layers come in the order in which Keras runs and lists
 * them, map_graph() of keras/src/ops/function.py: whatever the order of the record. */
#include <stdlib.h>
#include <string.h>

#include "keras/layers/core/input_layer.h"
#include "keras/models/functional.h"
#include "keras/models/functional_call.h"

enum { MOST_CALLS = 1 << 14, NOT_MET = -1 };

/* A call, and what map_graph() keeps of it. */
typedef struct node {
    size_t layer;
    int64_t index; /* among the calls of that layer */
    crn_recorded_call call;
    size_t *from; /* [tensor_count]: the nodes that make its tensors */
    int next;     /* the tensor to look at next, in the walk */
    int place;    /* of its call, once finished */
    bool in_progress;
    int64_t depth;
} node;

typedef struct reader {
    crn_network *network;
    const crn_object *records;
    bool keras_2; /* the calls are in Keras 2's form */
    node *nodes;  /* layer by layer */
    size_t count, capacity;
    size_t *first;    /* [layer_count + 1]: the first node of each layer */
    int64_t *met;     /* [layer_count]: the how many-th layer that the walk met */
    int64_t *depths;  /* [layer_count] */
    size_t *finished; /* [count]: nodes in the order of their calls */
    size_t finished_count;
    int64_t met_count;
} reader;

static bool is_list(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

/* ---- layers and nodes ---- */

static crn_status add_node(reader *r, size_t layer, int64_t index, const crn_object *call,
                           crn_error *err)
{
    if (r->count >= MOST_CALLS)
        return crn_fail(err, CRN_LIMIT, "a model has at most %d calls", MOST_CALLS);
    CRN_TRY(crn_grow((void **)&r->nodes, &r->capacity, r->count, sizeof *r->nodes, err));
    node *at = &r->nodes[r->count];
    *at = (node){.layer = layer, .index = index, .place = NOT_MET};
    if (call != NULL)
        CRN_TRY(crn_recorded_call_read(call, r->network->document, &at->call, err));
    r->keras_2 = r->keras_2 || is_list(call);
    r->count++;
    return CRN_OK;
}

/* An option of the call that the layer does not know and that asks for something. `training` of
 * Keras 2 is such a one; predict() of Keras 3 puts its own in the place of that of the record. */
static crn_status check_arguments(const crn_layer *layer, const crn_object *kwargs,
                                  bool keras_2, crn_error *err)
{
    const crn_layer_type *type = layer->type;
    for (size_t i = 0; i < crn_object_length(kwargs); i++) {
        const char *name = crn_object_text(kwargs->as.items.at[2 * i]);
        const crn_object *value = kwargs->as.items.at[2 * i + 1];
        bool on = true;
        if (crn_object_is_none(value) ||
            (crn_object_is(value, CRN_OBJ_BOOL) && crn_object_as_bool(value, &on) && !on))
            continue;
        bool known = name != NULL && !keras_2 && strcmp(name, "training") == 0;
        known = known || (name != NULL && type->takes_argument != NULL &&
                          type->takes_argument(layer, name));
        known =
            known || (name != NULL && type->lower_many != NULL && strcmp(name, "mask") == 0);
        if (!known)
            return crn_fail(err, CRN_UNSUPPORTED,
                            "layer \"%s\" is called with the argument %s, which %s does not "
                            "support",
                            layer->name, name != NULL ? name : "?", type->base.name);
    }
    return CRN_OK;
}

static crn_status read_nodes(reader *r, size_t i, crn_error *err)
{
    const crn_object *calls = crn_object_get(crn_object_item(r->records, i), "inbound_nodes");
    const crn_layer *layer = r->network->layers[i];
    r->first[i] = r->count;
    if (crn_layer_is_input(layer))
        return add_node(r, i, 0, NULL, err);
    for (size_t k = 0; k < crn_object_length(calls); k++) {
        CRN_TRY(add_node(r, i, (int64_t)k, crn_object_item(calls, k), err));
        CRN_TRY(check_arguments(layer, r->nodes[r->count - 1].call.arguments.kwargs,
                                is_list(crn_object_item(calls, k)), err));
    }
    return CRN_OK;
}

static crn_status read_layer(reader *r, size_t i, crn_error *err)
{
    crn_layer *layer = NULL;
    CRN_TRY(crn_layer_read(crn_object_item(r->records, i), r->network->document, &layer, err));
    return crn_network_add_layer(r->network, layer, err);
}

static crn_status read_layers(reader *r, crn_error *err)
{
    const size_t count = crn_object_length(r->records);
    r->first = crn_calloc(count + 1, sizeof *r->first);
    r->met = crn_calloc(count, sizeof *r->met);
    r->depths = crn_calloc(count, sizeof *r->depths);
    if (r->first == NULL || r->met == NULL || r->depths == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        crn_status status = read_layer(r, i, err);
        if (status == CRN_OK)
            status = read_nodes(r, i, err);
        if (status != CRN_OK) {
            crn_where(err, "layers[%zu]", i);
            return status;
        }
        r->met[i] = r->depths[i] = NOT_MET;
    }
    r->first[count] = r->count;
    r->finished = crn_calloc(r->count, sizeof *r->finished);
    return r->finished != NULL ? CRN_OK : crn_no_memory(err);
}

/* ---- tensors to nodes ---- */

/* port: it stands among the inputs or outputs of the model. */
static crn_status find_node(const reader *r, const crn_history *history, bool port, size_t *out,
                            crn_error *err)
{
    for (size_t i = 0; i < r->network->layer_count; i++) {
        const crn_layer *layer = r->network->layers[i];
        if (strcmp(layer->name, history->layer) != 0)
            continue;
        const int64_t index =
            history->node - crn_functional_earlier_calls(layer, r->keras_2, port);
        if (index < 0 || (size_t)index >= r->first[i + 1] - r->first[i])
            break;
        *out = r->first[i] + (size_t)index;
        return CRN_OK;
    }
    return crn_fail(err, CRN_FORMAT, "there is no call %lld of a layer \"%s\"",
                    (long long)history->node, history->layer);
}

static crn_status resolve(reader *r, crn_error *err)
{
    for (size_t i = 0; i < r->count; i++) {
        node *at = &r->nodes[i];
        at->from = crn_calloc((size_t)at->call.arguments.tensor_count, sizeof *at->from);
        if (at->from == NULL)
            return crn_no_memory(err);
        for (int k = 0; k < at->call.arguments.tensor_count; k++)
            CRN_TRY(find_node(r, &at->call.from[k], false, &at->from[k], err));
    }
    return CRN_OK;
}

/* ---- the walk from the outputs ---- */

static void enter(reader *r, size_t n)
{
    node *at = &r->nodes[n];
    at->in_progress = true;
    if (r->met[at->layer] == NOT_MET)
        r->met[at->layer] = r->met_count++;
}

static void leave(reader *r, size_t n)
{
    r->nodes[n].in_progress = false;
    r->nodes[n].place = (int)r->finished_count;
    r->finished[r->finished_count++] = n;
}

/* Depth first, a node behind those it depends on. `path` has room for all nodes. */
static crn_status walk(reader *r, size_t start, size_t *path, crn_error *err)
{
    size_t length = 0;
    if (r->nodes[start].place != NOT_MET)
        return CRN_OK;
    enter(r, start);
    path[length++] = start;
    while (length > 0) {
        node *at = &r->nodes[path[length - 1]];
        if (at->next == at->call.arguments.tensor_count) {
            leave(r, path[--length]);
            continue;
        }
        const size_t from = at->from[at->next++];
        if (r->nodes[from].in_progress)
            return crn_fail(err, CRN_FORMAT, "the calls of layer \"%s\" form a cycle",
                            r->network->layers[r->nodes[from].layer]->name);
        if (r->nodes[from].place != NOT_MET)
            continue;
        enter(r, from);
        path[length++] = from;
    }
    return CRN_OK;
}

/* The longest way to an output. Those that the walk finished last are the nearest to one. */
static void measure(reader *r)
{
    for (size_t i = r->finished_count; i-- > 0;) {
        node *at = &r->nodes[r->finished[i]];
        if (r->depths[at->layer] > at->depth)
            at->depth = r->depths[at->layer];
        r->depths[at->layer] = at->depth;
        for (int k = 0; k < at->call.arguments.tensor_count; k++) {
            node *from = &r->nodes[at->from[k]];
            if (from->depth < at->depth + 1)
                from->depth = at->depth + 1;
        }
    }
}

/* ---- the model's inputs and outputs ---- */

typedef struct ports {
    crn_history items[CRN_MOST_TENSORS];
    size_t count;
} ports;

static crn_status read_ports(const crn_object *object, ports *out, int depth, crn_error *err);

static crn_status read_port_list(const crn_object *object, ports *out, int depth,
                                 crn_error *err)
{
    const bool dict = crn_object_is(object, CRN_OBJ_DICT);
    for (size_t i = 0; i < crn_object_length(object); i++)
        CRN_TRY(read_ports(dict ? object->as.items.at[2 * i + 1] : crn_object_item(object, i),
                           out, depth + 1, err));
    return CRN_OK;
}

/* ["dense", 0, 0], or lists or dicts of that. */
static crn_status read_ports(const crn_object *object, ports *out, int depth, crn_error *err)
{
    enum { DEEPEST = 4 };
    crn_history history;
    if (crn_history_read(object, &history)) {
        if (out->count >= CRN_MOST_TENSORS)
            return crn_fail(err, CRN_LIMIT, "a model has at most %d inputs and outputs",
                            CRN_MOST_TENSORS);
        out->items[out->count++] = history;
        return CRN_OK;
    }
    if (depth > DEEPEST || (!is_list(object) && !crn_object_is(object, CRN_OBJ_DICT)))
        return crn_fail(err, CRN_FORMAT,
                        "the record does not tell the model's inputs or outputs");
    return read_port_list(object, out, depth, err);
}

static crn_status make_ports(const reader *r, const ports *given, crn_tensor **out,
                             size_t *count, crn_error *err)
{
    *out = crn_calloc(given->count, sizeof **out);
    if (*out == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < given->count; i++) {
        size_t n;
        CRN_TRY(find_node(r, &given->items[i], true, &n, err));
        if (given->items[i].output < 0 || given->items[i].output >= CRN_MOST_TENSORS)
            return crn_fail(err, CRN_FORMAT, "layer \"%s\" has no output %lld",
                            given->items[i].layer, (long long)given->items[i].output);
        (*out)[i] = (crn_tensor){r->nodes[n].place, (int)given->items[i].output};
    }
    *count = given->count;
    return CRN_OK;
}

static crn_status walk_from(reader *r, const ports *given, size_t *path, crn_error *err)
{
    for (size_t i = 0; i < given->count; i++) {
        size_t n;
        CRN_TRY(find_node(r, &given->items[i], true, &n, err));
        CRN_TRY(walk(r, n, path, err));
    }
    return CRN_OK;
}

static crn_status check_inputs(const reader *r, const ports *inputs, crn_error *err)
{
    for (size_t i = 0; i < inputs->count; i++) {
        size_t n;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(inputs->items[k].layer, inputs->items[i].layer) == 0)
                return crn_fail(err, CRN_FORMAT, "the model's input '%s' is listed twice",
                                inputs->items[i].layer);
        }
        CRN_TRY(find_node(r, &inputs->items[i], true, &n, err));
        if (!crn_layer_is_input(r->network->layers[r->nodes[n].layer]))
            return crn_fail(err, CRN_UNSUPPORTED, "the model's input '%s' is no InputLayer",
                            inputs->items[i].layer);
    }
    return CRN_OK;
}

/* Every InputLayer that the outputs depend on is an input of the model. */
static crn_status check_ends(const reader *r, crn_error *err)
{
    const crn_network *network = r->network;
    for (size_t i = 0; i < r->finished_count; i++) {
        const crn_layer *layer = network->layers[r->nodes[r->finished[i]].layer];
        bool given = !crn_layer_is_input(layer);
        for (size_t k = 0; k < network->input_count && !given; k++)
            given = network->inputs[k].call == (int)i;
        if (!given)
            return crn_fail(err, CRN_FORMAT, "InputLayer \"%s\" is no input of the model",
                            layer->name);
    }
    return CRN_OK;
}

/* ---- the network ---- */

static crn_status make_call(reader *r, node *at, crn_error *err)
{
    crn_network *network = r->network;
    CRN_TRY(crn_network_add_call(network, network->layers[at->layer], err));
    crn_layer_call *call = &network->calls[network->call_count - 1];
    call->node = at->index;
    call->n_in = at->call.arguments.tensor_count;
    call->in = crn_calloc((size_t)call->n_in, sizeof *call->in);
    if (call->in == NULL)
        return crn_no_memory(err);
    for (int k = 0; k < call->n_in; k++) {
        const int64_t output = at->call.from[k].output;
        call->in[k].call = r->nodes[at->from[k]].place;
        call->in[k].output = output >= 0 && output < CRN_MOST_TENSORS ? (int)output : -1;
    }
    call->arguments = at->call.arguments; /* with its tensors */
    at->call.arguments = (crn_layer_arguments){0};
    return CRN_OK;
}

typedef struct placed_layer {
    crn_layer *layer;
    int64_t depth, met;
} placed_layer;

static int by_place(const void *a, const void *b)
{
    const placed_layer *x = a, *y = b;
    if (x->depth != y->depth)
        return x->depth < y->depth ? 1 : -1;
    return (x->met > y->met) - (x->met < y->met);
}

/* From the inputs to the outputs, by depth. Layers that no output depends on go. */
static crn_status order_layers(reader *r, crn_error *err)
{
    crn_network *network = r->network;
    size_t count = 0;
    placed_layer *placed = crn_calloc(network->layer_count, sizeof *placed);
    if (placed == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < network->layer_count; i++) {
        if (r->met[i] == NOT_MET)
            crn_layer_destroy(network->layers[i]);
        else
            placed[count++] = (placed_layer){network->layers[i], r->depths[i], r->met[i]};
    }
    qsort(placed, count, sizeof *placed, by_place);
    for (size_t i = 0; i < count; i++)
        network->layers[i] = placed[i].layer;
    network->layer_count = count;
    free(placed);
    return CRN_OK;
}

static crn_status connect(reader *r, const crn_object *config, crn_error *err)
{
    ports inputs = {.count = 0}, outputs = {.count = 0};
    crn_network *network = r->network;
    CRN_TRY(read_ports(crn_object_get(config, "input_layers"), &inputs, 0, err));
    CRN_TRY(read_ports(crn_object_get(config, "output_layers"), &outputs, 0, err));
    if (inputs.count == 0 || outputs.count == 0)
        return crn_fail(err, CRN_FORMAT, "the model has no input or no output");
    CRN_TRY(check_inputs(r, &inputs, err));
    size_t *path = crn_calloc(r->count, sizeof *path);
    if (path == NULL)
        return crn_no_memory(err);
    crn_status status = walk_from(r, &outputs, path, err);
    measure(r);
    if (status == CRN_OK) /* those that no output depends on: at depth 0 */
        status = walk_from(r, &inputs, path, err);
    free(path);
    CRN_TRY(status);
    CRN_TRY(make_ports(r, &inputs, &network->inputs, &network->input_count, err));
    CRN_TRY(make_ports(r, &outputs, &network->outputs, &network->output_count, err));
    CRN_TRY(check_ends(r, err));
    for (size_t i = 0; i < r->finished_count; i++)
        CRN_TRY(make_call(r, &r->nodes[r->finished[i]], err));
    return order_layers(r, err);
}

crn_status crn_functional_read(crn_network *network, const crn_object *config, crn_error *err)
{
    reader r = {.network = network, .records = crn_object_get(config, "layers")};
    crn_status status = CRN_OK;
    if (!is_list(r.records))
        return crn_fail(err, CRN_FORMAT, "the layers of a Functional model are not a list");
    CRN_TRY_OR_DONE(read_layers(&r, err));
    CRN_TRY_OR_DONE(resolve(&r, err));
    CRN_TRY_OR_DONE(connect(&r, config, err));
done:
    for (size_t i = 0; i < r.count; i++) {
        crn_recorded_call_free(&r.nodes[i].call);
        free(r.nodes[i].from);
    }
    free(r.nodes);
    free(r.first);
    free(r.met);
    free(r.depths);
    free(r.finished);
    return status;
}
