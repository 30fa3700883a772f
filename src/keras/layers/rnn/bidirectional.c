/* SPDX-License-Identifier: BSD-3-Clause */
/* Bidirectional, as keras/src/layers/rnn/bidirectional.py (3.15): a layer that walks forwards,
 * one that walks backwards and whose sequence is turned round again, and both merged. */
#include <string.h>

#include "keras/layers/rnn/rnn.h"
#include "keras/naming.h"
#include "ops/elementwise.h"
#include "ops/tensor.h"

typedef struct bidirectional {
    crn_layer_config base;
    const crn_object *layer, *merge_mode, *weights, *backward_layer, *num_constants;
    crn_binary_kind merge; /* of sum, mul, ave */
} bidirectional;

static const crn_field fields[] = {
    CRN_PARAM(bidirectional, layer, OBJECT, NULL, NULL),
    CRN_PARAM(bidirectional, merge_mode, OBJECT, "'concat'", NULL),
    CRN_LAYER_ARGUMENT(bidirectional, weights),
    CRN_PARAM(bidirectional, backward_layer, OBJECT, "None", NULL),
    CRN_LAYER_ARGUMENT(bidirectional, num_constants),
    CRN_LAYER_KEYWORD(crn_layer_config, activity_regularizer, OBJECT, "None"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool is_mode(const bidirectional *config, const char *name)
{
    return crn_object_is_str(config->merge_mode, name);
}

static bool is_pair(const bidirectional *config)
{
    return config->merge_mode == NULL || crn_object_is_none(config->merge_mode);
}

static const crn_layer *forward_of(const crn_layer *layer)
{
    return layer->children[0].layer;
}

static const crn_layer *backward_of(const crn_layer *layer)
{
    return layer->children[1].layer;
}

static const crn_rnn_config *options_of(const crn_layer *layer)
{
    return crn_layer_rnn_config(forward_of(layer));
}

/* ---- the two layers ---- */

/* "forward_lstm", whether or not the name has the prefix. */
static crn_status name_child(crn_layer *child, const char *prefix, crn_error *err)
{
    crn_document *document = child->document;
    const char *name =
        child->name != NULL ? child->name : crn_snake_case(document, child->type->base.name);
    crn_text text = CRN_TEXT_INIT;
    if (name == NULL)
        return crn_arena_fail(document->arena, err);
    const size_t size = strlen(prefix);
    crn_text_printf(&text, "%s%s", prefix,
                    strncmp(name, prefix, size) == 0 ? name + size : name);
    crn_status status = crn_text_status(&text, err);
    const crn_object *kept = status == CRN_OK ? crn_object_str(document, text.data) : NULL;
    crn_text_free(&text);
    CRN_TRY(status);
    child->name = crn_object_text(kept);
    return child->name != NULL ? CRN_OK : crn_arena_fail(document->arena, err);
}

static crn_status read_child(crn_layer *layer, const crn_object *record, const char *path,
                             crn_error *err)
{
    crn_layer *child;
    CRN_TRY(crn_layer_read(record, layer->document, &child, err));
    if (crn_layer_rnn_config(child) == NULL) {
        crn_fail(err, CRN_UNSUPPORTED, "Bidirectional: the layer %s is not supported",
                 child->type->base.name);
        crn_layer_destroy(child);
        return CRN_UNSUPPORTED;
    }
    CRN_TRY(crn_layer_add_child(layer, path, child, err));
    crn_rnn_config *options = crn_layer_rnn_config(child);
    options->zero_output_for_mask = options->return_sequences;
    return CRN_OK;
}

static crn_status read_children(crn_layer *layer, crn_error *err)
{
    const bidirectional *config = layer->config;
    const crn_object *given = config->backward_layer;
    const bool derived = given == NULL || crn_object_is_none(given);
    CRN_TRY(read_child(layer, config->layer, "forward_layer", err));
    CRN_TRY(read_child(layer, derived ? config->layer : given, "backward_layer", err));
    crn_rnn_config *backward = crn_layer_rnn_config(backward_of(layer));
    if (derived) {
        backward->go_backwards = !options_of(layer)->go_backwards;
        CRN_TRY(name_child(layer->children[1].layer, "backward_", err));
    }
    backward->flip = true;
    return name_child(layer->children[0].layer, "forward_", err);
}

static crn_status check_agreement(const crn_layer *layer, crn_error *err)
{
    const crn_rnn_config *a = options_of(layer), *b = crn_layer_rnn_config(backward_of(layer));
    if (a->go_backwards == b->go_backwards)
        return crn_fail(err, CRN_ARGUMENT,
                        "Forward layer and backward layer should have different `go_backwards` "
                        "value.");
    if (a->stateful != b->stateful || a->return_sequences != b->return_sequences ||
        a->return_state != b->return_state)
        return crn_fail(err, CRN_ARGUMENT,
                        "Forward layer and backward layer are expected to have the same value "
                        "for the attributes stateful, return_sequences and return_state");
    return CRN_OK;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    bidirectional *config = layer->config;
    int64_t constants = 0;
    config->merge = is_mode(config, "mul") ? CRN_BINARY_MULTIPLY : CRN_BINARY_ADD;
    if (!is_pair(config) && !is_mode(config, "sum") && !is_mode(config, "mul") &&
        !is_mode(config, "ave") && !is_mode(config, "concat"))
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid merge mode. Merge mode should be one of {\"sum\", \"mul\", "
                        "\"ave\", \"concat\", None}");
    if (!crn_object_as_int(config->num_constants, &constants) || constants != 0)
        CRN_TRY(crn_layer_refuse(layer, "num_constants", config->num_constants, err));
    CRN_TRY(read_children(layer, err));
    return check_agreement(layer, err);
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    (void)n_in;
    CRN_TRY(crn_layer_build(layer->children[0].layer, in, 1, err));
    return crn_layer_build(layer->children[1].layer, in, 1, err);
}

/* ---- calls ---- */

/* One direction: a call on the sequence and its half of the states. */
typedef struct direction {
    const crn_layer *layer;
    int state_begin, state_count;
} direction;

static void split_states(const crn_layer *layer, const crn_rnn_call *call, direction *out)
{
    const int half = call->state_count / 2;
    out[0] = (direction){forward_of(layer), 0, half};
    out[1] = (direction){backward_of(layer), half, call->state_count - half};
}

static crn_status infer_direction(const direction *d, const crn_rnn_call *call,
                                  const crn_layer_shapes *whole, crn_type *out, int *n_out,
                                  crn_error *err)
{
    crn_type in[CRN_MOST_TENSORS];
    in[0] = whole->in[0];
    for (int k = 0; k < d->state_count && 1 + k < CRN_MOST_TENSORS; k++)
        in[1 + k] = whole->in[call->states[d->state_begin + k]];
    crn_layer_shapes shapes = {.n_in = 1 + d->state_count, .in = in, .out = out};
    CRN_TRY(crn_layer_infer(d->layer, &shapes, err));
    *n_out = shapes.n_out;
    return CRN_OK;
}

static crn_status infer_many(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const bidirectional *config = layer->config;
    crn_rnn_call given;
    direction both[2];
    crn_type out[2][CRN_MOST_TENSORS] = {{{.ndim = 0}}};
    int n_out[2] = {0};
    CRN_TRY(crn_rnn_arguments_read(layer, call->arguments, call->n_in, "initial_state", &given,
                                   err));
    split_states(layer, &given, both);
    for (int k = 0; k < 2; k++)
        CRN_TRY(infer_direction(&both[k], &given, call, out[k], &n_out[k], err));
    if (n_out[0] + n_out[1] > CRN_MOST_TENSORS)
        return crn_fail(err, CRN_LIMIT, "Bidirectional: more than %d states", CRN_MOST_TENSORS);
    crn_type *last = &out[1][0], *merged = &call->out[0];
    *merged = out[0][0];
    if (is_mode(config, "concat"))
        merged->shape[merged->ndim - 1] += last->shape[last->ndim - 1];
    else if (!is_pair(config) && !crn_type_equal(merged, last))
        return crn_fail(err, CRN_SHAPE,
                        "Bidirectional: the two layers give different shapes, which "
                        "merge_mode cannot join");
    if (is_pair(config))
        call->out[call->n_out++] = *last;
    for (int k = 0; k < 2; k++) {
        for (int i = 1; i < n_out[k]; i++)
            call->out[call->n_out++] = out[k][i];
    }
    return CRN_OK;
}

static crn_value merge(const crn_layer *layer, crn_graph *graph, crn_value a, crn_value b)
{
    const bidirectional *config = layer->config;
    if (is_mode(config, "concat"))
        return crn_concat(graph, (crn_value[]){a, b}, 2, -1);
    const crn_value y = crn_binary(graph, a, b, config->merge);
    if (!is_mode(config, "ave"))
        return y;
    return crn_binary(graph, y, crn_number(graph, CRN_FLOAT32, 2.0), CRN_BINARY_DIVIDE);
}

/* A direction on its inputs; what it gives is in out. */
static int lower_direction(const direction *d, const crn_rnn_call *call, crn_value mask,
                           crn_lowering *lowering, const crn_layer_io *io, crn_value *out)
{
    crn_value in[CRN_MOST_TENSORS], in_masks[CRN_MOST_TENSORS], out_masks[CRN_MOST_TENSORS];
    in[0] = io->in[0];
    in_masks[0] = mask;
    for (int k = 0; k < d->state_count && 1 + k < CRN_MOST_TENSORS; k++) {
        in[1 + k] = io->in[call->states[d->state_begin + k]];
        in_masks[1 + k] = CRN_NO_VALUE;
    }
    crn_layer_io child = {.n_in = 1 + d->state_count,
                          .in = in,
                          .in_masks = in_masks,
                          .out = out,
                          .out_masks = out_masks};
    crn_layer_lower(d->layer, lowering, &child);
    return child.n_out;
}

static void lower_many(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const bidirectional *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_rnn_call call;
    direction both[2];
    crn_value out[2][CRN_MOST_TENSORS];
    int n_out[2];
    if (crn_rnn_arguments_read(layer, io->arguments, io->n_in, "initial_state", &call,
                               &graph->error) != CRN_OK)
        return;
    const crn_value mask = crn_rnn_call_mask(layer, &call, lowering, io);
    split_states(layer, &call, both);
    for (int k = 0; k < 2; k++)
        n_out[k] = lower_direction(&both[k], &call, mask, lowering, io, out[k]);
    io->out[0] = is_pair(config) ? out[0][0] : merge(layer, graph, out[0][0], out[1][0]);
    if (is_pair(config))
        io->out[io->n_out++] = out[1][0];
    io->out[0] = crn_layer_penalize(layer, lowering, io->out[0]);
    for (int k = 0; k < io->n_out && options_of(layer)->return_sequences; k++)
        io->out_masks[k] = crn_rnn_call_out_mask(&call, mask, io);
    for (int k = 0; k < 2; k++) {
        for (int i = 1; i < n_out[k]; i++)
            io->out[io->n_out++] = out[k][i];
    }
}

const crn_layer_type crn_layer_Bidirectional = {
    .base = {.name = "Bidirectional",
             .module = "keras.layers",
             .size = sizeof(bidirectional),
             .fields = fields},
    .infer_many = infer_many,
    .lower_many = lower_many,
    .build = build,
    .check = check,
    .takes_argument = crn_rnn_takes_argument,
    .built_by_call = true,
};
