/* SPDX-License-Identifier: BSD-3-Clause */
/* The calls of a Functional model as records tell them (keras/src/models/functional.py and
 * keras/src/ops/node.py, 3.15; keras/engine/functional.py, 2.15). */
#include "keras/models/functional.h"

#include <string.h>

#include "keras/layers/core/input_layer.h"
#include "keras/models/functional_call.h"

bool crn_network_is_functional(const crn_network *network)
{
    return strcmp(network->class_name, "Functional") == 0;
}

int64_t crn_functional_earlier_calls(const crn_layer *layer, bool keras_2, bool port)
{
    const crn_network *inner = layer->network;
    if (inner == NULL || inner->layer_count == 0)
        return 0;
    return keras_2 ? crn_layer_is_input(inner->layers[0])
                   : port && crn_network_is_functional(inner);
}

/* ["dense", 0, 0] */
static crn_object *history_of(const crn_network *network, crn_tensor tensor, bool keras_2,
                              bool port, crn_document *document)
{
    const crn_layer_call *call = &network->calls[tensor.call];
    const int64_t node = call->node + crn_functional_earlier_calls(call->layer, keras_2, port);
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    bool made = crn_object_append(document, out, crn_object_str(document, call->layer->name)) &&
                crn_object_append(document, out, crn_object_int(document, node)) &&
                crn_object_append(document, out, crn_object_int(document, tensor.output));
    return made ? out : NULL;
}

/* ---- calls ---- */

/* What is being written: one call. */
typedef struct writer {
    const crn_network *network;
    const crn_layer_call *call;
    crn_document *document;
    bool keras_2;
} writer;

static crn_object *keras_3_tensor(const writer *w, crn_tensor tensor)
{
    crn_document *document = w->document;
    const crn_type *type = &w->network->calls[tensor.call].out[tensor.output];
    crn_object *out = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *config = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *shape = crn_input_layer_batch_shape(document, type);
    const char *dtype =
        crn_dtype_is_number(type->dtype) ? crn_dtype_name(type->dtype) : "string";
    bool made = crn_object_set(document, config, "shape", shape) &&
                crn_object_set(document, config, "dtype", crn_object_str(document, dtype)) &&
                crn_object_set(document, config, "keras_history",
                               history_of(w->network, tensor, false, false, document)) &&
                crn_object_set(document, out, "class_name",
                               crn_object_str(document, "__keras_tensor__")) &&
                crn_object_set(document, out, "config", config);
    return made ? out : NULL;
}

/* A copy of an argument with the tensors in it in the dialect's form. As deep as arguments are
 * read. */
static crn_object *argument(const writer *w, const crn_object *value)
{
    const int tensor = crn_layer_argument_tensor(&w->call->arguments, value);
    if (tensor >= 0)
        return w->keras_2
                   ? history_of(w->network, w->call->in[tensor], true, false, w->document)
                   : keras_3_tensor(w, w->call->in[tensor]);
    const bool dict = crn_object_is(value, CRN_OBJ_DICT);
    if (!dict && !crn_object_is(value, CRN_OBJ_LIST) && !crn_object_is(value, CRN_OBJ_TUPLE))
        return (crn_object *)value;
    crn_object *out = crn_object_new(w->document, dict ? CRN_OBJ_DICT : CRN_OBJ_LIST);
    for (size_t i = 0; i < crn_object_length(value) && out != NULL; i++) {
        const char *key = dict ? crn_object_text(value->as.items.at[2 * i]) : NULL;
        crn_object *item =
            argument(w, dict ? value->as.items.at[2 * i + 1] : crn_object_item(value, i));
        bool made = dict ? key != NULL && crn_object_set(w->document, out, key, item)
                         : crn_object_append(w->document, out, item);
        if (!made)
            return NULL;
    }
    return out;
}

/* The arguments behind the first, each by its name. */
static crn_object *keras_2_kwargs(const writer *w)
{
    const crn_layer_arguments *arguments = &w->call->arguments;
    const char *const *names = w->call->layer->type->arguments;
    if (names == NULL && arguments->kwargs != NULL)
        return argument(w, arguments->kwargs);
    crn_object *out = crn_object_new(w->document, CRN_OBJ_DICT);
    for (size_t i = 1; names != NULL && names[i - 1] != NULL && names[i] != NULL; i++) {
        const crn_object *value = crn_layer_argument(arguments, names[i], (int)i);
        if (value != NULL && !crn_object_set(w->document, out, names[i], argument(w, value)))
            return NULL;
    }
    return out;
}

/* The tensors of the first argument, each ["dense", 0, 0, {kwargs}]. */
static crn_object *keras_2_node(const writer *w)
{
    crn_document *document = w->document;
    const char *const *names = w->call->layer->type->arguments;
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    crn_object *kwargs = keras_2_kwargs(w);
    const crn_object *first =
        crn_layer_argument(&w->call->arguments, names != NULL ? names[0] : "inputs", 0);
    const bool one =
        first == NULL || crn_layer_argument_tensor(&w->call->arguments, first) >= 0;
    const size_t count = one ? 1 : crn_object_length(first);
    for (size_t i = 0; i < count; i++) {
        const crn_object *value = one ? first : crn_object_item(first, i);
        const int tensor = crn_layer_argument_tensor(&w->call->arguments, value);
        crn_object *triple = history_of(w->network, w->call->in[tensor >= 0 ? tensor : 0], true,
                                        false, document);
        if (!crn_object_append(document, triple, kwargs) ||
            !crn_object_append(document, out, triple))
            return NULL;
    }
    return out;
}

/* {"args": [the tensor], "kwargs": {}} */
static crn_object *keras_3_node(const writer *w)
{
    crn_document *document = w->document;
    const crn_layer_arguments *arguments = &w->call->arguments;
    crn_object *out = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *kwargs = arguments->kwargs != NULL ? argument(w, arguments->kwargs)
                                                   : crn_object_new(document, CRN_OBJ_DICT);
    bool made = crn_object_set(document, out, "args", argument(w, arguments->args)) &&
                crn_object_set(document, out, "kwargs", kwargs);
    return made ? out : NULL;
}

bool crn_functional_write_layer(const crn_network *network, const crn_layer *layer,
                                crn_keras_dialect dialect, crn_document *document,
                                crn_object *record)
{
    crn_object *nodes = crn_object_new(document, CRN_OBJ_LIST);
    for (size_t i = 0; i < network->call_count; i++) {
        const writer w = {network, &network->calls[i], document, dialect == CRN_KERAS_2};
        if (w.call->layer != layer || crn_layer_is_input(layer))
            continue;
        if (!crn_object_append(document, nodes,
                               w.keras_2 ? keras_2_node(&w) : keras_3_node(&w)))
            return false;
    }
    return crn_object_set(document, record, "name", crn_object_str(document, layer->name)) &&
           crn_object_set(document, record, "inbound_nodes", nodes);
}

/* ---- inputs and outputs ---- */

/* Lists in all versions but the newest, which writes a single one by itself. */
static crn_object *ports(const crn_network *network, const crn_tensor *tensors, size_t count,
                         crn_keras_dialect dialect, crn_document *document)
{
    if (dialect == CRN_KERAS_NEWEST && count == 1)
        return history_of(network, tensors[0], false, true, document);
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    for (size_t i = 0; i < count; i++) {
        if (!crn_object_append(
                document, out,
                history_of(network, tensors[i], dialect == CRN_KERAS_2, true, document)))
            return NULL;
    }
    return out;
}

bool crn_functional_write_ports(const crn_network *network, crn_keras_dialect dialect,
                                crn_document *document, crn_object *config)
{
    return crn_object_set(
               document, config, "input_layers",
               ports(network, network->inputs, network->input_count, dialect, document)) &&
           crn_object_set(
               document, config, "output_layers",
               ports(network, network->outputs, network->output_count, dialect, document));
}
