/* SPDX-License-Identifier: BSD-3-Clause */
/* Attention and AdditiveAttention, as keras/src/layers/attention/attention.py and
 * additive_attention.py (3.15): called on [query, value] or [query, value, key]. */
#include <string.h>

#include "keras/layers/layer.h"
#include "ops/attention.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/tensor.h"

typedef struct attention {
    crn_layer_config base;
    bool use_scale;
    const char *score_mode;
    double dropout;
    const crn_object *seed;
    bool causal; /* Keras 2's way to say use_causal_mask */
} attention;

static const crn_field attention_fields[] = {
    CRN_PARAM(attention, use_scale, BOOL, "False", NULL),
    CRN_PARAM(attention, score_mode, STRING, "'dot'", NULL),
    CRN_PARAM(attention, dropout, REAL, "0.0", NULL),
    CRN_PARAM_SINCE(attention, seed, OBJECT, "None", NULL, "3.0", NULL),
    CRN_PARAM_SINCE(attention, causal, BOOL, "False", NULL, NULL, "3.0"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field additive_fields[] = {
    CRN_PARAM(attention, use_scale, BOOL, "True", NULL),
    CRN_PARAM(attention, dropout, REAL, "0.0", NULL),
    CRN_PARAM_SINCE(attention, seed, OBJECT, "None", NULL, "3.0", NULL),
    CRN_PARAM_SINCE(attention, causal, BOOL, "False", NULL, NULL, "3.0"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool is_additive(const crn_layer *layer)
{
    return layer->type == &crn_layer_AdditiveAttention;
}

static bool concatenates(const crn_layer *layer)
{
    const attention *config = layer->config;
    return !is_additive(layer) && strcmp(config->score_mode, "concat") == 0;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    const attention *config = layer->config;
    if (is_additive(layer) || (config->score_mode != NULL &&
                               (strcmp(config->score_mode, "dot") == 0 || concatenates(layer))))
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "Invalid value for argument score_mode. Expected one of {'dot', 'concat'}. "
                    "Received: score_mode=%s",
                    config->score_mode != NULL ? config->score_mode : "None");
}

static bool takes_argument(const crn_layer *layer, const char *name)
{
    (void)layer;
    return strcmp(name, "return_attention_scores") == 0 || strcmp(name, "use_causal_mask") == 0;
}

/* Of call(), NULL behind the last. */
static const char *const arguments_in_order[] = {
    "inputs", "mask", "training", "return_attention_scores", "use_causal_mask", NULL};

static bool flag(const crn_layer_arguments *arguments, const char *name, int place)
{
    bool on = false;
    const crn_object *value = crn_layer_argument(arguments, name, place);
    return crn_object_is(value, CRN_OBJ_BOOL) && crn_object_as_bool(value, &on) && on;
}

static bool returns_scores(const crn_layer_arguments *arguments)
{
    return flag(arguments, "return_attention_scores", 3);
}

/* ---- inputs ---- */

enum { QUERY, VALUE, KEY, MOST_INPUTS };

/* The list that the layer is called on: places of its tensors; the key's is the value's where
 * there is none. */
static crn_status find_inputs(const crn_layer *layer, const crn_layer_arguments *arguments,
                              int n_in, int *at, crn_error *err)
{
    const crn_object *list = crn_layer_argument(arguments, "inputs", 0);
    const int count = list != NULL ? (int)crn_object_length(list) : n_in;
    if (count != 2 && count != MOST_INPUTS)
        return crn_fail(err, CRN_SHAPE,
                        "%s layer \"%s\" accepts inputs list of length 2 or 3, namely [query, "
                        "value] or [query, value, key]. Received length: %d.",
                        layer->type->base.name, layer->name, count);
    for (int i = 0; i < count; i++) {
        at[i] = list != NULL
                    ? crn_layer_argument_tensor(arguments, crn_object_item(list, (size_t)i))
                    : i;
        if (at[i] < 0 || at[i] >= n_in)
            return crn_fail(err, CRN_ARGUMENT, "layer \"%s\" is called on what is no tensor",
                            layer->name);
    }
    if (count == 2)
        at[KEY] = at[VALUE];
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    int at[MOST_INPUTS];
    CRN_TRY(find_inputs(layer, call->arguments, call->n_in, at, err));
    const crn_type *query = &call->in[at[QUERY]], *value = &call->in[at[VALUE]],
                   *key = &call->in[at[KEY]];
    if (query->ndim < 2 || value->ndim != query->ndim || key->ndim != query->ndim)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\": query, value and key must have the same number of axes, "
                        "at least 3",
                        layer->name);
    call->out[0] = *query;
    call->out[0].dtype = CRN_FLOAT32;
    call->out[0].itemsize = (int64_t)crn_dtype_size(CRN_FLOAT32);
    call->out[0].shape[query->ndim - 1] = value->shape[query->ndim - 1];
    if (!returns_scores(call->arguments))
        return CRN_OK;
    call->n_out = 2;
    call->out[1] = call->out[0];
    call->out[1].shape[query->ndim - 1] = key->shape[query->ndim - 2];
    return CRN_OK;
}

/* ---- weights ---- */

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const attention *config = layer->config;
    const char *initializer = is_additive(layer) ? "glorot_uniform" : "ones";
    crn_object *object = crn_object_str(layer->document, initializer);
    int64_t width = 1;
    int at[MOST_INPUTS];
    if (object == NULL)
        return crn_arena_fail(layer->document->arena, err);
    CRN_TRY(find_inputs(layer, layer->arguments, n_in, at, err));
    if (is_additive(layer))
        CRN_TRY(crn_layer_known_axis(layer, &in[at[QUERY]], -1, &width, err));
    if (config->use_scale)
        CRN_TRY(crn_layer_add_weight(layer, "scale", is_additive(layer) ? 1 : 0, &width, true,
                                     object, NULL, NULL, err));
    if (!concatenates(layer))
        return CRN_OK;
    return crn_layer_add_weight(layer, "concat_score_weight", 0, &width, true, object, NULL,
                                NULL, err);
}

static float scalar(const crn_layer *layer, size_t i)
{
    return *(const float *)layer->weights[i].array.data;
}

/* ---- lowering ---- */

static crn_attention_attributes attributes_of(const crn_layer *layer,
                                              const crn_layer_arguments *arguments)
{
    const attention *config = layer->config;
    const bool scaled = config->use_scale && !is_additive(layer);
    return (crn_attention_attributes){
        .score = is_additive(layer) || concatenates(layer) ? CRN_SCORE_ADDITIVE : CRN_SCORE_DOT,
        .hiding = CRN_HIDE_BY_SHIFT,
        .scale = scaled ? scalar(layer, 0) : 1.0f,
        .factor = concatenates(layer) ? scalar(layer, scaled ? 1 : 0) : 1.0f,
        .causal = config->causal || flag(arguments, "use_causal_mask", 4)};
}

/* The mask of an input: the argument's, else the one that travels with it. */
static crn_value mask_of(const crn_layer_io *io, const int *at, int which)
{
    const crn_object *list = crn_layer_argument(io->arguments, "mask", 1);
    if (list == NULL || crn_object_is_none(list))
        return io->in_masks[at[which]];
    const int given =
        crn_layer_argument_tensor(io->arguments, crn_object_item(list, (size_t)which));
    return given >= 0 ? io->in[given] : CRN_NO_VALUE;
}

/* (..., time, width) as (batch, time, 1 head, width). */
static crn_value as_head(crn_graph *graph, crn_value x)
{
    const crn_value y = crn_cast(graph, x, CRN_FLOAT32);
    const crn_type *type = crn_graph_type(graph, y);
    int64_t shape[] = {1, 1, 1, 1};
    if (type->ndim < 2)
        return CRN_NO_VALUE;
    for (int32_t i = 0; i < type->ndim - 2; i++)
        shape[0] *= type->shape[i];
    shape[1] = type->shape[type->ndim - 2];
    shape[3] = type->shape[type->ndim - 1];
    return crn_reshape(graph, y, 4, shape);
}

/* (..., time) as (batch, 1, 1, time). */
static crn_value as_key_mask(crn_graph *graph, crn_value mask)
{
    const crn_type *type = crn_graph_type(graph, mask);
    int64_t shape[] = {1, 1, 1, 1};
    if (mask == CRN_NO_VALUE || type->ndim < 1)
        return CRN_NO_VALUE;
    for (int32_t i = 0; i < type->ndim - 1; i++)
        shape[0] *= type->shape[i];
    shape[3] = type->shape[type->ndim - 1];
    return crn_reshape(graph, mask, 4, shape);
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const attention *config = layer->config;
    crn_graph *graph = lowering->graph;
    int at[MOST_INPUTS];
    if (find_inputs(layer, io->arguments, io->n_in, at, &graph->error) != CRN_OK)
        return;
    const crn_attention_attributes how = attributes_of(layer, io->arguments);
    const crn_value query_mask = mask_of(io, at, QUERY);
    const crn_value weights = is_additive(layer) && config->use_scale
                                  ? crn_layer_weight_value(layer, lowering, 0)
                                  : CRN_NO_VALUE;
    crn_type type = *crn_graph_type(graph, io->in[at[QUERY]]);
    const crn_value y =
        crn_attention(graph, as_head(graph, io->in[at[QUERY]]), as_head(graph, io->in[at[KEY]]),
                      as_head(graph, io->in[at[VALUE]]),
                      as_key_mask(graph, mask_of(io, at, VALUE)), weights, &how);
    type.shape[type.ndim - 1] = crn_graph_type(graph, y)->shape[3];
    io->out[0] = crn_reshape(graph, y, type.ndim, type.shape);
    if (query_mask != CRN_NO_VALUE)
        io->out[0] = crn_choose(graph, crn_expand_axis(graph, query_mask, type.ndim - 1),
                                io->out[0], crn_number(graph, CRN_FLOAT32, 0.0));
    io->out_masks[0] = query_mask;
    if (!returns_scores(io->arguments))
        return;
    io->n_out = 2;
    const crn_value scores = crn_graph_output_of(graph, y, 1);
    type.shape[type.ndim - 1] = crn_graph_type(graph, scores)->shape[3];
    io->out[1] = crn_reshape(graph, scores, type.ndim, type.shape);
}

#define ATTENTION(class_, fields_)                                                             \
    const crn_layer_type crn_layer_##class_ = {                                                \
        .base = {.name = #class_,                                                              \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(attention),                                                    \
                 .fields = fields_},                                                           \
        .infer_many = infer,                                                                   \
        .lower_many = lower,                                                                   \
        .build = build,                                                                        \
        .built_by_call = true,                                                                 \
        .check = check,                                                                        \
        .takes_argument = takes_argument,                                                      \
        .arguments = arguments_in_order,                                                       \
    }

ATTENTION(Attention, attention_fields);
ATTENTION(AdditiveAttention, additive_fields);
