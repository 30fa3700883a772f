/* SPDX-License-Identifier: BSD-3-Clause */
/* Add, Subtract, Multiply, Average, Maximum and Minimum, as keras/src/layers/merging (3.15):
 * one function of two tensors over all inputs, from the first on. Items are broadcast from
 * their last axes, so that an input with fewer axes gets axes of 1 behind the batch. */
#include "keras/layers/merging/merge.h"

#include "ops/elementwise.h"
#include "ops/tensor.h"

typedef enum masking {
    MASKS_TRAVEL,   /* they change no number */
    MASKS_ARE_ONES, /* Keras 3, Multiply: masked elements are 1, and 0 where all are masked */
    MASKS_GIVE_WAY  /* Keras 3, Maximum and Minimum: the other input's element counts */
} masking;

typedef struct merge_type {
    const crn_layer_type *layer;
    crn_binary_kind kind;
    crn_pairwise_kind whole; /* the same of int64 */
    masking masking;
    bool averages;
    int exactly; /* inputs; 0: any number */
} merge_type;

static const crn_field fields[] = {
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const merge_type *type_of(const crn_layer *layer)
{
    static const merge_type types[] = {
        {&crn_layer_Add, CRN_BINARY_ADD, CRN_PAIR_ADD, MASKS_TRAVEL, false, 0},
        {&crn_layer_Subtract, CRN_BINARY_SUBTRACT, CRN_PAIR_SUBTRACT, MASKS_TRAVEL, false, 2},
        {&crn_layer_Multiply, CRN_BINARY_MULTIPLY, CRN_PAIR_MULTIPLY, MASKS_ARE_ONES, false, 0},
        {&crn_layer_Average, CRN_BINARY_ADD, CRN_PAIR_ADD, MASKS_TRAVEL, true, 0},
        {&crn_layer_Maximum, CRN_BINARY_MAXIMUM, CRN_PAIR_MAXIMUM, MASKS_GIVE_WAY, false, 0},
        {&crn_layer_Minimum, CRN_BINARY_MINIMUM, CRN_PAIR_MINIMUM, MASKS_GIVE_WAY, false, 0},
    };
    for (size_t i = 1; i < sizeof types / sizeof *types; i++) {
        if (types[i].layer == layer->type)
            return &types[i];
    }
    return &types[0];
}

/* ---- types ---- */

crn_dtype crn_merge_dtype(const crn_type *in, int n_in, bool floating)
{
    crn_dtype dtype = in[0].dtype;
    for (int i = 0; i < n_in; i++) {
        if (floating || crn_dtype_is_float(in[i].dtype))
            return CRN_FLOAT32;
        if (in[i].dtype != dtype)
            dtype = CRN_INT64;
    }
    return dtype;
}

void crn_merge_promote(crn_graph *graph, const crn_value *in, int n_in, bool floating,
                       crn_value *out)
{
    crn_type types[CRN_MOST_TENSORS];
    for (int i = 0; i < n_in; i++)
        types[i] = *crn_graph_type(graph, in[i]);
    for (int i = 0; i < n_in && graph->error.code == CRN_OK; i++)
        out[i] = crn_cast(graph, in[i], crn_merge_dtype(types, n_in, floating));
}

/* An open length stays open. */
static bool broadcast_length(int64_t a, int64_t b, int64_t *out)
{
    *out = a < 0 || b < 0 ? -1 : a == 1 ? b : a;
    return a < 0 || b < 0 || a == b || a == 1 || b == 1;
}

static crn_status broadcast(const crn_type *a, const crn_type *b, crn_type *out, crn_error *err)
{
    char first[CRN_SHAPE_TEXT], second[CRN_SHAPE_TEXT];
    const crn_type *longer = a->ndim >= b->ndim ? a : b, *shorter = longer == a ? b : a;
    crn_type made = *longer;
    for (int32_t i = 1; i <= shorter->ndim; i++) {
        if (!broadcast_length(longer->shape[longer->ndim - i],
                              shorter->shape[shorter->ndim - i], &made.shape[made.ndim - i]))
            return crn_fail(err, CRN_SHAPE,
                            "Inputs have incompatible shapes. Received shapes %s and %s",
                            crn_layer_shape_text(a, first, sizeof first),
                            crn_layer_shape_text(b, second, sizeof second));
    }
    *out = made;
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const merge_type *type = type_of(layer);
    if (call->n_in < 1 || (type->exactly > 0 && call->n_in != type->exactly))
        return crn_fail(err, CRN_SHAPE,
                        "A `%s` layer should be called on %s %d inputs. Received: %d",
                        layer->type->base.name, type->exactly > 0 ? "exactly" : "at least",
                        type->exactly > 0 ? type->exactly : 1, call->n_in);
    call->out[0] = call->in[0];
    for (int i = 1; i < call->n_in; i++)
        CRN_TRY(broadcast(&call->out[0], &call->in[i], &call->out[0], err));
    call->out[0].dtype = crn_merge_dtype(call->in, call->n_in, type->averages);
    call->out[0].itemsize = (int64_t)crn_dtype_size(call->out[0].dtype);
    return CRN_OK;
}

/* ---- masks ---- */

crn_value crn_merge_masks(const crn_layer *layer, crn_graph *graph, const crn_value *masks,
                          int count)
{
    crn_value out = CRN_NO_VALUE;
    for (int i = 0; i < count; i++) {
        if (masks[i] == CRN_NO_VALUE) {
            if (layer->keras != 2)
                return CRN_NO_VALUE;
            continue;
        }
        out = out == CRN_NO_VALUE
                  ? masks[i]
                  : crn_pairwise(graph, out, masks[i],
                                 layer->keras == 2 ? CRN_PAIR_AND : CRN_PAIR_OR);
    }
    return out;
}

/* With an axis for the features behind its own. */
static crn_value over_features(crn_graph *graph, crn_value mask)
{
    return crn_expand_axis(graph, mask, crn_graph_type(graph, mask)->ndim);
}

/* ---- numbers ---- */

static crn_value combine(const merge_type *type, crn_graph *graph, crn_value a, crn_value b)
{
    return crn_dtype_is_float(crn_graph_type(graph, a)->dtype)
               ? crn_binary(graph, a, b, type->kind)
               : crn_pairwise(graph, a, b, type->whole);
}

static crn_value multiply_masked(const merge_type *type, crn_graph *graph, const crn_value *in,
                                 const crn_value *masks, int n_in)
{
    crn_value out = CRN_NO_VALUE, kept = CRN_NO_VALUE;
    bool all = true;
    for (int i = 0; i < n_in; i++) {
        crn_value x = in[i];
        all = all && masks[i] != CRN_NO_VALUE;
        if (masks[i] != CRN_NO_VALUE) {
            const crn_value mask = over_features(graph, masks[i]);
            x = crn_choose(graph, mask, x,
                           crn_number(graph, crn_graph_type(graph, x)->dtype, 1.0));
            kept = kept == CRN_NO_VALUE ? mask : crn_pairwise(graph, kept, mask, CRN_PAIR_OR);
        }
        out = i == 0 ? x : combine(type, graph, out, x);
    }
    return all ? crn_choose(graph, kept, out,
                            crn_number(graph, crn_graph_type(graph, out)->dtype, 0.0))
               : out;
}

static crn_value choose_masked(const merge_type *type, crn_graph *graph, const crn_value *in,
                               const crn_value *masks, int n_in)
{
    crn_value out = in[0];
    crn_value kept = masks[0] != CRN_NO_VALUE ? over_features(graph, masks[0]) : CRN_NO_VALUE;
    for (int i = 1; i < n_in; i++) {
        crn_value x = in[i], mask = CRN_NO_VALUE;
        if (masks[i] != CRN_NO_VALUE) {
            mask = over_features(graph, masks[i]);
            x = crn_choose(graph, mask, x, out);
        }
        if (kept != CRN_NO_VALUE)
            out = crn_choose(graph, kept, out, x);
        kept = mask != CRN_NO_VALUE && kept != CRN_NO_VALUE
                   ? crn_pairwise(graph, kept, mask, CRN_PAIR_OR)
                   : CRN_NO_VALUE;
        out = combine(type, graph, out, x);
    }
    return out;
}

static crn_value merge(const crn_layer *layer, crn_graph *graph, const crn_value *in,
                       const crn_value *masks, int n_in)
{
    const merge_type *type = type_of(layer);
    bool masked = false;
    for (int i = 0; i < n_in; i++)
        masked = masked || masks[i] != CRN_NO_VALUE;
    if (masked && layer->keras != 2 && type->masking == MASKS_ARE_ONES)
        return multiply_masked(type, graph, in, masks, n_in);
    if (masked && layer->keras != 2 && type->masking == MASKS_GIVE_WAY)
        return choose_masked(type, graph, in, masks, n_in);
    crn_value out = in[0];
    for (int i = 1; i < n_in; i++)
        out = combine(type, graph, out, in[i]);
    if (!type->averages || n_in == 1)
        return out;
    return crn_binary(graph, out, crn_number(graph, CRN_FLOAT32, n_in), CRN_BINARY_DIVIDE);
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    crn_value in[CRN_MOST_TENSORS];
    crn_graph *graph = lowering->graph;
    crn_merge_promote(graph, io->in, io->n_in, type_of(layer)->averages, in);
    if (graph->error.code != CRN_OK)
        return;
    io->out[0] = merge(layer, graph, in, io->in_masks, io->n_in);
    io->out_masks[0] = crn_merge_masks(layer, graph, io->in_masks, io->n_in);
}

#define MERGE(class_)                                                                          \
    const crn_layer_type crn_layer_##class_ = {                                                \
        .base = {.name = #class_,                                                              \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(crn_layer_config),                                             \
                 .fields = fields},                                                            \
        .infer_many = infer,                                                                   \
        .lower_many = lower,                                                                   \
    }

MERGE(Add);
MERGE(Subtract);
MERGE(Multiply);
MERGE(Average);
MERGE(Maximum);
MERGE(Minimum);
