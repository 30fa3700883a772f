/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls of MultiHeadAttention and GroupedQueryAttention: shapes, masks and operations
 * (keras/src/layers/attention/multi_head_attention.py, 3.15; keras/src/layers/attention of 2.15
 * where noted). Axes that are attended over are brought behind the others and become one. */
#include "keras/layers/attention/multi_head.h"

#include <math.h>
#include <string.h>

#include "ops/activation.h"
#include "ops/affine.h"
#include "ops/attention.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/tensor.h"

/* ---- arguments ---- */

/* In the order of call(), Keras 3. */
enum {
    PLACE_QUERY,
    PLACE_VALUE,
    PLACE_KEY,
    PLACE_QUERY_MASK,
    PLACE_VALUE_MASK,
    PLACE_KEY_MASK,
    PLACE_ATTENTION_MASK,
    PLACE_SCORES,
    PLACE_TRAINING,
    PLACE_CAUSAL
};

static int find_tensor(const crn_layer_arguments *arguments, int n_in, const char *name,
                       int place)
{
    if (arguments == NULL || (arguments->args == NULL && arguments->kwargs == NULL))
        return place <= PLACE_KEY && place < n_in ? place : -1;
    return crn_layer_argument_tensor(arguments, crn_layer_argument(arguments, name, place));
}

crn_status crn_attention_tensors_find(const crn_layer *layer,
                                      const crn_layer_arguments *arguments, int n_in,
                                      crn_attention_tensors *out, crn_error *err)
{
    out->query = find_tensor(arguments, n_in, "query", PLACE_QUERY);
    out->value = find_tensor(arguments, n_in, "value", PLACE_VALUE);
    out->key = find_tensor(arguments, n_in, "key", PLACE_KEY);
    out->key_given = out->key >= 0;
    if (!out->key_given)
        out->key = out->value;
    if (out->query >= 0 && out->value >= 0)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE, "Layer \"%s\" must be called on a query and a value",
                    layer->name);
}

bool crn_attention_flag(const crn_layer_arguments *arguments, const char *name, int place)
{
    bool on = false;
    const crn_object *value = crn_layer_argument(arguments, name, place);
    return crn_object_is(value, CRN_OBJ_BOOL) && crn_object_as_bool(value, &on) && on;
}

const char *const crn_attention_arguments[] = {
    [PLACE_QUERY] = "query",
    [PLACE_VALUE] = "value",
    [PLACE_KEY] = "key",
    [PLACE_QUERY_MASK] = "query_mask",
    [PLACE_VALUE_MASK] = "value_mask",
    [PLACE_KEY_MASK] = "key_mask",
    [PLACE_ATTENTION_MASK] = "attention_mask",
    [PLACE_SCORES] = "return_attention_scores",
    [PLACE_TRAINING] = "training",
    [PLACE_CAUSAL] = "use_causal_mask",
    [PLACE_CAUSAL + 1] = NULL,
};

bool crn_attention_takes_argument(const crn_layer *layer, const char *name)
{
    (void)layer;
    for (int i = 0; crn_attention_arguments[i] != NULL; i++) {
        if (strcmp(crn_attention_arguments[i], name) == 0)
            return true;
    }
    return false;
}

/* ---- axes ---- */

static bool is_list(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

static bool is_given(const crn_object *object)
{
    return object != NULL && !crn_object_is_none(object);
}

static bool holds(const int32_t *axes, int32_t count, int32_t axis)
{
    for (int32_t i = 0; i < count; i++) {
        if (axes[i] == axis)
            return true;
    }
    return false;
}

/* ndim: axes of the query's item. Axes count the batch, and negative ones the head's axis that
 * the projection makes of the last. */
crn_status crn_attention_axes_find(const crn_layer *layer, const crn_heads *heads, int32_t ndim,
                                   crn_attention_axes *out, crn_error *err)
{
    const crn_object *axes = heads->attention_axes;
    *out = (crn_attention_axes){0};
    for (int32_t i = 0; !is_given(axes) && i < ndim - 1; i++)
        out->axes[out->count++] = i;
    const size_t count = !is_given(axes) ? 0 : is_list(axes) ? crn_object_length(axes) : 1;
    for (size_t i = 0; i < count; i++) {
        int64_t axis;
        const crn_object *one = is_list(axes) ? crn_object_item(axes, i) : axes;
        if (!crn_object_as_int(one, &axis))
            axis = INT32_MAX;
        axis = axis < 0 ? axis + ndim : axis - 1;
        if (axis < 0 || axis >= ndim - 1 || holds(out->axes, out->count, (int32_t)axis))
            return crn_fail(err, CRN_ARGUMENT,
                            "%s: attention_axes must name axes of the sequence, each once",
                            layer->type->base.name);
        out->axes[out->count++] = (int32_t)axis;
    }
    for (int32_t i = 0; i < ndim - 1; i++) {
        if (!holds(out->axes, out->count, i))
            out->batch[out->batch_count++] = i;
    }
    return CRN_OK;
}

crn_status crn_heads_output_shape(const crn_layer *layer, const crn_heads *heads, int64_t width,
                                  int64_t *shape, int32_t *ndim, crn_error *err)
{
    const crn_object *given = heads->output_shape;
    const size_t count = !is_given(given) ? 1 : is_list(given) ? crn_object_length(given) : 1;
    shape[0] = width;
    for (size_t i = 0; is_given(given) && i < count; i++) {
        const crn_object *one = is_list(given) ? crn_object_item(given, i) : given;
        if (i >= CRN_MAX_NDIM - 2 || !crn_object_as_int(one, &shape[i]) || shape[i] < 1)
            return crn_fail(
                err, CRN_ARGUMENT,
                "%s: Invalid `output_shape`: positive ints are expected, %d at most",
                layer->type->base.name, CRN_MAX_NDIM - 2);
    }
    *ndim = (int32_t)count;
    return CRN_OK;
}

size_t crn_heads_weight(const crn_heads *heads, crn_projection which)
{
    const size_t place = (size_t)which - (which > CRN_PROJECT_GATE && !heads->use_gate);
    return place * (heads->use_bias ? 2 : 1);
}

/* ---- shapes ---- */

static crn_status too_many_axes(const crn_layer *layer, crn_error *err)
{
    return crn_fail(err, CRN_UNSUPPORTED, "%s: outputs of so many axes are not supported",
                    layer->type->base.name);
}

/* (batch axes..., heads, query axes..., key axes...) */
static crn_status infer_scores(const crn_layer *layer, const crn_heads *heads,
                               const crn_type *query, const crn_type *key, crn_type *out,
                               crn_error *err)
{
    crn_attention_axes axes;
    CRN_TRY(crn_attention_axes_find(layer, heads, query->ndim, &axes, err));
    if (axes.batch_count + 1 + 2 * axes.count > CRN_MAX_NDIM - 1)
        return too_many_axes(layer, err);
    *out = *query;
    out->ndim = 0;
    for (int32_t i = 0; i < axes.batch_count; i++)
        out->shape[out->ndim++] = query->shape[axes.batch[i]];
    out->shape[out->ndim++] = heads->queries;
    for (int32_t i = 0; i < axes.count; i++)
        out->shape[out->ndim++] = query->shape[axes.axes[i]];
    for (int32_t i = 0; i < axes.count; i++)
        out->shape[out->ndim++] = key->shape[axes.axes[i]];
    return CRN_OK;
}

crn_status crn_heads_infer(const crn_layer *layer, const crn_heads *heads,
                           crn_layer_shapes *call, crn_error *err)
{
    crn_attention_tensors at;
    crn_attention_axes axes;
    int64_t shape[CRN_MAX_NDIM];
    int32_t count;
    CRN_TRY(crn_attention_tensors_find(layer, call->arguments, call->n_in, &at, err));
    const crn_type *query = &call->in[at.query], *key = &call->in[at.key],
                   *value = &call->in[at.value];
    if (query->ndim < 2 || key->ndim != query->ndim || value->ndim != query->ndim)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\": query, key and value must have the same number of axes, "
                        "at least 3",
                        layer->name);
    CRN_TRY(crn_attention_axes_find(layer, heads, query->ndim, &axes, err));
    CRN_TRY(crn_heads_output_shape(layer, heads, query->shape[query->ndim - 1], shape, &count,
                                   err));
    if (query->ndim - 1 + count > CRN_MAX_NDIM - 1)
        return too_many_axes(layer, err);
    call->out[0] = *query;
    call->out[0].dtype = CRN_FLOAT32;
    call->out[0].itemsize = (int64_t)crn_dtype_size(CRN_FLOAT32);
    call->out[0].ndim--;
    for (int32_t i = 0; i < count; i++)
        call->out[0].shape[call->out[0].ndim++] = shape[i];
    if (!crn_attention_flag(call->arguments, "return_attention_scores", PLACE_SCORES))
        return CRN_OK;
    call->n_out = 2;
    CRN_TRY(infer_scores(layer, heads, query, key, &call->out[1], err));
    call->out[1].dtype = CRN_FLOAT32;
    call->out[1].itemsize = (int64_t)crn_dtype_size(CRN_FLOAT32);
    return CRN_OK;
}

/* ---- lowering ---- */

typedef struct lowerer {
    const crn_layer *layer;
    const crn_heads *heads;
    crn_lowering *lowering;
    crn_graph *graph;
    crn_layer_io *io;
    crn_attention_tensors at;
    crn_attention_axes axes;
    int64_t batch, queries, keys; /* the axes, each kind as one */
} lowerer;

/* Elements of the axes that are listed. */
static int64_t length_of(const crn_type *type, const int32_t *axes, int32_t count)
{
    int64_t length = 1;
    for (int32_t i = 0; i < count; i++)
        length *= type->shape[axes[i]];
    return length;
}

/* x W + b over the last `bound` axes of x, giving (..., n): W as a matrix. */
static crn_value project(const lowerer *l, crn_value x, crn_projection which, int32_t bound)
{
    const size_t at = crn_heads_weight(l->heads, which);
    const crn_type *kernel_type =
        crn_graph_type(l->graph, crn_layer_weight_value(l->layer, l->lowering, at));
    int64_t matrix[2] = {1, 1};
    for (int32_t i = 0; i < kernel_type->ndim; i++)
        matrix[i >= bound] *= kernel_type->shape[i];
    const crn_value kernel =
        crn_reshape(l->graph, crn_layer_weight_value(l->layer, l->lowering, at), 2, matrix);
    crn_value bias = CRN_NO_VALUE;
    if (l->heads->use_bias)
        bias = crn_reshape(l->graph, crn_layer_weight_value(l->layer, l->lowering, at + 1), 1,
                           &matrix[1]);
    return crn_affine(l->graph, x, kernel, false, bias);
}

/* The batch's axes first, then those that are attended over, then the width. */
static crn_value bring_forward(const lowerer *l, crn_value x)
{
    int32_t order[CRN_MAX_NDIM], count = 0;
    bool moves = false;
    for (int32_t i = 0; i < l->axes.batch_count; i++)
        order[count++] = l->axes.batch[i];
    for (int32_t i = 0; i < l->axes.count; i++)
        order[count++] = l->axes.axes[i];
    order[count] = count;
    for (int32_t i = 0; i < count; i++)
        moves = moves || order[i] != i;
    x = crn_cast(l->graph, x, CRN_FLOAT32);
    return moves ? crn_permute(l->graph, x, order) : x;
}

/* (batch, time, heads, width) of one of the inputs. */
static crn_value to_heads(const lowerer *l, crn_value x, crn_projection which, int64_t time,
                          int64_t heads, int64_t width)
{
    const int64_t shape[] = {l->batch, time, heads, width};
    return crn_reshape(l->graph, project(l, x, which, 1), 4, shape);
}

/* ---- masks ---- */

/* As (batch axes..., heads, Tq, Tk), 1 where it says nothing; ones go before the last two. */
static crn_value spread_mask(const lowerer *l, crn_value mask)
{
    const int32_t ndim = l->axes.batch_count + 3;
    while (mask != CRN_NO_VALUE && crn_graph_type(l->graph, mask)->ndim < ndim) {
        const int32_t last = crn_graph_type(l->graph, mask)->ndim;
        mask = crn_expand_axis(l->graph, mask, last >= 2 ? last - 2 : 0);
    }
    return mask;
}

static crn_value to_bool(crn_graph *graph, crn_value mask)
{
    const crn_dtype dtype = crn_graph_type(graph, mask)->dtype;
    if (dtype == CRN_BOOL || mask == CRN_NO_VALUE)
        return mask;
    return crn_pairwise(graph, mask, crn_number(graph, dtype, 0.0), CRN_PAIR_NOT_EQUAL);
}

static void join(const lowerer *l, crn_value mask, crn_value *all)
{
    mask = spread_mask(l, mask);
    if (mask == CRN_NO_VALUE)
        return;
    *all = *all == CRN_NO_VALUE ? mask : crn_pairwise(l->graph, *all, mask, CRN_PAIR_AND);
}

/* A mask of steps as one of scores: with an axis for the keys behind it, or for the queries
 * before its last. */
static crn_value of_queries(const lowerer *l, crn_value mask)
{
    return mask == CRN_NO_VALUE
               ? mask
               : crn_expand_axis(l->graph, mask, crn_graph_type(l->graph, mask)->ndim);
}

static crn_value of_keys(const lowerer *l, crn_value mask)
{
    return mask == CRN_NO_VALUE
               ? mask
               : crn_expand_axis(l->graph, mask, crn_graph_type(l->graph, mask)->ndim - 1);
}

/* The argument's tensor, or else the mask that travels with the input. */
static crn_value step_mask(const lowerer *l, const char *name, int place, int input)
{
    const int given = find_tensor(l->io->arguments, l->io->n_in, name, place);
    if (given >= 0)
        return to_bool(l->graph, l->io->in[given]);
    return l->io->in_masks[input];
}

/* The attention mask with all query's axes as one and all keys' as one. */
static crn_value attention_mask(const lowerer *l)
{
    const int given =
        find_tensor(l->io->arguments, l->io->n_in, "attention_mask", PLACE_ATTENTION_MASK);
    if (given < 0)
        return CRN_NO_VALUE;
    const crn_value mask = to_bool(l->graph, l->io->in[given]);
    const crn_type *type = crn_graph_type(l->graph, mask);
    const int32_t kept = type->ndim - 2 * l->axes.count;
    int64_t shape[CRN_MAX_NDIM];
    if (l->axes.count == 1 || kept < 0)
        return mask;
    memcpy(shape, type->shape, (size_t)kept * sizeof *shape);
    shape[kept] = l->queries;
    shape[kept + 1] = l->keys;
    return crn_reshape(l->graph, mask, kept + 2, shape);
}

/* All masks of a call in one (batch, heads, Tq, Tk). */
static crn_value merge_masks(const lowerer *l)
{
    crn_value all = CRN_NO_VALUE, query = l->io->in_masks[l->at.query];
    if (!l->heads->own_query_mask)
        query = step_mask(l, "query_mask", PLACE_QUERY_MASK, l->at.query);
    const crn_value value = step_mask(l, "value_mask", PLACE_VALUE_MASK, l->at.value);
    const crn_value key =
        l->at.key_given ? step_mask(l, "key_mask", PLACE_KEY_MASK, l->at.key) : CRN_NO_VALUE;
    if (l->axes.count != 1 &&
        (query != CRN_NO_VALUE || value != CRN_NO_VALUE || key != CRN_NO_VALUE))
        return crn_graph_fail(
            l->graph, CRN_UNSUPPORTED,
            "%s: masks of steps over several attention_axes are not supported",
            l->layer->type->base.name);
    join(l, of_queries(l, query), &all);
    join(l, of_keys(l, value), &all);
    join(l, of_keys(l, key), &all);
    join(l, attention_mask(l), &all);
    if (all == CRN_NO_VALUE || l->graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    const crn_type type = *crn_graph_type(l->graph, all);
    const int32_t before = type.ndim - 3;
    int64_t shape[4] = {1, type.shape[before], type.shape[before + 1], type.shape[before + 2]};
    for (int32_t i = 0; i < before; i++)
        shape[0] *= type.shape[i];
    return crn_reshape(l->graph, all, 4, shape);
}

/* ---- the call ---- */

static crn_attention_attributes attributes_of(const lowerer *l, bool scores)
{
    /* Keras 3 leaves the softmax to dot_product_attention() where it can. */
    const bool product =
        !l->heads->dropout && !scores && l->axes.count + l->axes.batch_count == 1;
    return (crn_attention_attributes){
        .score = CRN_SCORE_DOT,
        .hiding = l->layer->keras == 2 ? CRN_HIDE_BY_SHIFT
                  : product            ? CRN_HIDE_BY_VALUE
                                       : CRN_HIDE_AND_CLEAR,
        .scale = (float)(1.0 / sqrt((double)l->heads->key_dim)),
        .factor = 1.0f,
        .causal = crn_attention_flag(l->io->arguments, "use_causal_mask", PLACE_CAUSAL),
        .window = l->heads->window};
}

static crn_value gate(const lowerer *l, crn_value query, crn_value attended)
{
    const crn_value opened = crn_activate(l->graph, project(l, query, CRN_PROJECT_GATE, 1),
                                          (crn_activation){.kind = CRN_SIGMOID});
    const crn_type *type = crn_graph_type(l->graph, opened);
    return crn_binary(l->graph, crn_reshape(l->graph, attended, type->ndim, type->shape),
                      opened, CRN_BINARY_MULTIPLY);
}

/* (batch, Tq, heads, value_dim) back to the query's axes, and the output's behind them. */
static crn_value from_heads(const lowerer *l, crn_value query, crn_value attended)
{
    const crn_type moved = *crn_graph_type(l->graph, query);
    int64_t shape[CRN_MAX_NDIM], last[CRN_MAX_NDIM];
    int32_t back[CRN_MAX_NDIM], count, at = 0;
    memcpy(shape, moved.shape, sizeof shape);
    shape[moved.ndim - 1] = l->heads->queries * l->heads->value_dim;
    attended = crn_reshape(l->graph, attended, moved.ndim, shape);
    if (l->heads->use_gate)
        attended = gate(l, query, attended);
    const crn_value y = project(l, attended, CRN_PROJECT_OUTPUT, 2);
    if (crn_heads_output_shape(l->layer, l->heads, moved.shape[moved.ndim - 1], last, &count,
                               &l->graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    memcpy(shape + moved.ndim - 1, last, (size_t)count * sizeof *shape);
    for (int32_t i = 0; i < l->axes.batch_count; i++)
        back[l->axes.batch[i]] = at++;
    for (int32_t i = 0; i < l->axes.count; i++)
        back[l->axes.axes[i]] = at++;
    for (int32_t i = 0; i < count; i++)
        back[at + i] = at + i;
    return crn_permute(l->graph, crn_reshape(l->graph, y, moved.ndim - 1 + count, shape), back);
}

static crn_value attend(const lowerer *l, crn_value query, crn_value key, crn_value value,
                        bool scores)
{
    const crn_heads *h = l->heads;
    const crn_attention_attributes how = attributes_of(l, scores);
    const crn_value mask = merge_masks(l);
    const crn_value q =
        to_heads(l, query, CRN_PROJECT_QUERY, l->queries, h->queries, h->key_dim);
    const crn_value k = to_heads(l, key, CRN_PROJECT_KEY, l->keys, h->keys, h->key_dim);
    const crn_value v = to_heads(l, value, CRN_PROJECT_VALUE, l->keys, h->keys, h->value_dim);
    return crn_attention(l->graph, q, k, v, mask, CRN_NO_VALUE, &how);
}

void crn_heads_lower(const crn_layer *layer, const crn_heads *heads, crn_lowering *lowering,
                     crn_layer_io *io)
{
    lowerer l = {.layer = layer,
                 .heads = heads,
                 .lowering = lowering,
                 .graph = lowering->graph,
                 .io = io};
    crn_error *err = &l.graph->error;
    const bool scores =
        crn_attention_flag(io->arguments, "return_attention_scores", PLACE_SCORES);
    if (crn_attention_tensors_find(layer, io->arguments, io->n_in, &l.at, err) != CRN_OK)
        return;
    const crn_type query_type = *crn_graph_type(l.graph, io->in[l.at.query]);
    const crn_type key_type = *crn_graph_type(l.graph, io->in[l.at.key]);
    if (crn_attention_axes_find(layer, heads, query_type.ndim, &l.axes, err) != CRN_OK)
        return;
    l.batch = length_of(&query_type, l.axes.batch, l.axes.batch_count);
    l.queries = length_of(&query_type, l.axes.axes, l.axes.count);
    l.keys = length_of(&key_type, l.axes.axes, l.axes.count);
    const crn_value query = bring_forward(&l, io->in[l.at.query]);
    const crn_value attended = attend(&l, query, bring_forward(&l, io->in[l.at.key]),
                                      bring_forward(&l, io->in[l.at.value]), scores);
    io->out[0] = crn_layer_penalize(layer, lowering, from_heads(&l, query, attended));
    io->out_masks[0] = io->in_masks[l.at.query];
    if (!scores)
        return;
    crn_type type;
    io->n_out = 2;
    if (infer_scores(layer, heads, &query_type, &key_type, &type, err) == CRN_OK)
        io->out[1] = crn_reshape(l.graph, crn_graph_output_of(l.graph, attended, 1), type.ndim,
                                 type.shape);
}
