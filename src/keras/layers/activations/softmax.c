/* SPDX-License-Identifier: BSD-3-Clause */
/* Softmax, as keras/src/layers/activations/softmax.py (3.15), over one axis or several, with a
 * mask of the shape of its input. */
#include "keras/layers/layer.h"
#include "ops/elementwise.h"
#include "ops/tensor.h"

typedef struct softmax {
    crn_layer_config base;
    const crn_object *axis; /* an int, or a list of ints */
} softmax;

static const crn_field fields[] = {
    CRN_PARAM(softmax, axis, OBJECT, "-1", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

/* An axis as one of the item's, counted from 0; CRN_ARGUMENT when it is the batch's or none. */
static crn_status find_axis(const crn_object *axis, const crn_type *in, int32_t *out,
                            crn_error *err)
{
    int64_t value;
    if (axis == NULL || !crn_object_as_int(axis, &value))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "Softmax: an axis other than an int or ints is not supported");
    const int64_t of_item = value < 0 ? value + in->ndim : value - 1;
    if (of_item < 0 || of_item >= in->ndim)
        return crn_fail(err, CRN_ARGUMENT,
                        "Softmax: axis %lld is none of the %d axes of an item",
                        (long long)value, in->ndim);
    *out = (int32_t)of_item;
    return CRN_OK;
}

static crn_status find_axes(const crn_layer *layer, const crn_type *in, int32_t *out,
                            int32_t *count, crn_error *err)
{
    const crn_object *axis = ((const softmax *)layer->config)->axis;
    const bool several =
        crn_object_is(axis, CRN_OBJ_LIST) || crn_object_is(axis, CRN_OBJ_TUPLE);
    const size_t length = several ? crn_object_length(axis) : 1;
    if (length < 1 || length >= CRN_MAX_NDIM)
        return crn_fail(err, CRN_ARGUMENT, "Softmax: axis names no axis, or too many");
    for (size_t i = 0; i < length; i++) {
        CRN_TRY(find_axis(several ? crn_object_item(axis, i) : axis, in, &out[i], err));
        for (size_t k = 0; k < i; k++) {
            if (out[k] == out[i])
                return crn_fail(err, CRN_ARGUMENT, "Softmax: axis names axis %d twice",
                                out[i] + 1);
        }
    }
    *count = (int32_t)length;
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    int32_t axes[CRN_MAX_NDIM], count;
    const crn_object *mask = crn_layer_argument(call->arguments, "mask", 1);
    const bool masked = crn_layer_argument_tensor(call->arguments, mask) >= 0;
    CRN_TRY(crn_layer_same_shape(layer, call->in, call->n_in - masked, &call->out[0], err));
    return find_axes(layer, &call->in[0], axes, &count, err);
}

/* Given in the call, or the one that came with the input. */
static crn_value find_mask(const crn_layer_io *io)
{
    const int given =
        crn_layer_argument_tensor(io->arguments, crn_layer_argument(io->arguments, "mask", 1));
    return given >= 0 ? io->in[given] : io->in_masks[0];
}

/* Elements that are masked out far below the others, as both versions write it. */
static crn_value press_down(const crn_layer *layer, crn_graph *graph, crn_value x,
                            crn_value mask)
{
    const crn_value low = crn_number(graph, CRN_FLOAT32, -1e9);
    if (layer->keras != 2)
        return crn_choose(graph, mask, x, low);
    return crn_binary(graph, x,
                      crn_choose(graph, mask, crn_number(graph, CRN_FLOAT32, 0.0), low),
                      CRN_BINARY_ADD);
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    int32_t axes[CRN_MAX_NDIM], count;
    crn_graph *graph = lowering->graph;
    crn_value x = io->in[0], mask = find_mask(io);
    const crn_type type = *crn_graph_type(graph, x);
    if (find_axes(layer, &type, axes, &count, &graph->error) != CRN_OK)
        return;
    if (mask != CRN_NO_VALUE) {
        if (crn_graph_type(graph, mask)->ndim != type.ndim) {
            crn_graph_fail(graph, CRN_UNSUPPORTED,
                           "Softmax: a mask with other axes than the input is not supported");
            return;
        }
        if (crn_graph_type(graph, mask)->dtype != CRN_BOOL)
            mask = crn_pairwise(graph, crn_cast(graph, mask, CRN_FLOAT32),
                                crn_number(graph, CRN_FLOAT32, 0.5), CRN_PAIR_GREATER);
        x = press_down(layer, graph, x, mask);
    }
    x = crn_softmax_axes(graph, x, CRN_SOFTMAX, axes, count);
    if (mask != CRN_NO_VALUE && layer->keras != 2)
        x = crn_choose(graph, mask, x, crn_number(graph, CRN_FLOAT32, 0.0));
    io->out[0] = x;
    io->out_masks[0] = io->in_masks[0];
}

const crn_layer_type crn_layer_Softmax = {
    .base = {.name = "Softmax",
             .module = "keras.layers",
             .size = sizeof(softmax),
             .fields = fields},
    .infer_many = infer,
    .lower_many = lower,
    .trains = true,
};
