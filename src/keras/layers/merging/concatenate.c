/* SPDX-License-Identifier: BSD-3-Clause */
/* Concatenate, as keras/src/layers/merging/concatenate.py (3.15): the inputs joined along one
 * axis of their items. */
#include "keras/layers/merging/merge.h"

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/tensor.h"

typedef struct concatenate {
    crn_layer_config base;
    int64_t axis; /* the batch axis counts */
} concatenate;

static const crn_field fields[] = {
    CRN_PARAM(concatenate, axis, INT, "-1", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status find_axis(const crn_layer *layer, const crn_type *in, int32_t *out,
                            crn_error *err)
{
    const int64_t axis = ((const concatenate *)layer->config)->axis;
    const int64_t of_item = axis < 0 ? axis + in->ndim : axis - 1;
    if (of_item < 0 || of_item >= in->ndim)
        return crn_fail(err, axis == 0 ? CRN_UNSUPPORTED : CRN_ARGUMENT,
                        "Concatenate: axis %lld is none of the %d axes of an item",
                        (long long)axis, in->ndim);
    *out = (int32_t)of_item;
    return CRN_OK;
}

/* A length that one input leaves open is the other's. */
static crn_status join(crn_type *out, const crn_type *in, int32_t axis, crn_error *err)
{
    char first[CRN_SHAPE_TEXT], second[CRN_SHAPE_TEXT];
    bool fits = in->ndim == out->ndim;
    for (int32_t i = 0; i < out->ndim && fits; i++) {
        int64_t *length = &out->shape[i];
        const int64_t more = in->shape[i];
        if (i == axis && (*length < 0 || more < 0))
            *length = -1;
        else if (i == axis)
            fits = !__builtin_add_overflow(*length, more, length);
        else if (*length < 0)
            *length = more;
        else
            fits = more < 0 || *length == more;
    }
    if (fits)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE,
                    "A `Concatenate` layer requires inputs with matching shapes except for the "
                    "concatenation axis. Received: input_shape=[%s, %s]",
                    crn_layer_shape_text(out, first, sizeof first),
                    crn_layer_shape_text(in, second, sizeof second));
}

static crn_status infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    int32_t axis;
    if (call->n_in < 1)
        return crn_fail(
            err, CRN_SHAPE,
            "A `Concatenate` layer should be called on a list of at least 1 input.");
    CRN_TRY(find_axis(layer, &call->in[0], &axis, err));
    call->out[0] = call->in[0];
    for (int i = 1; i < call->n_in; i++)
        CRN_TRY(join(&call->out[0], &call->in[i], axis, err));
    call->out[0].dtype = crn_merge_dtype(call->in, call->n_in, false);
    call->out[0].itemsize = (int64_t)crn_dtype_size(call->out[0].dtype);
    return CRN_OK;
}

/* ---- masks ---- */

/* True for every row and every place that a mask of x has. */
static crn_value nothing_masked(crn_graph *graph, crn_value x)
{
    const crn_type type = *crn_graph_type(graph, x);
    return crn_repeat(
        graph, x,
        crn_broadcast_to(graph, crn_number(graph, CRN_BOOL, 1.0), type.ndim - 1, type.shape));
}

/* Joined along the features, a step counts when Keras 3 finds any input's, and Keras 2 all that
 * are masked; along another axis the masks are joined as the inputs are. */
static crn_value join_masks(const crn_layer *layer, crn_graph *graph, const crn_layer_io *io,
                            int32_t axis)
{
    crn_value masks[CRN_MOST_TENSORS];
    const int32_t ndim = crn_graph_type(graph, io->in[0])->ndim;
    bool any = false;
    for (int i = 0; i < io->n_in; i++)
        any = any || io->in_masks[i] != CRN_NO_VALUE;
    if (!any)
        return CRN_NO_VALUE;
    if (axis == ndim - 1 && layer->keras == 2)
        return crn_merge_masks(layer, graph, io->in_masks, io->n_in);
    for (int i = 0; i < io->n_in; i++) {
        masks[i] = io->in_masks[i];
        if (masks[i] == CRN_NO_VALUE)
            masks[i] = nothing_masked(graph, io->in[i]);
        else if (crn_graph_type(graph, masks[i])->ndim != ndim - 1)
            return crn_graph_fail(graph, CRN_UNSUPPORTED,
                                  "Concatenate: a mask that has not all axes of its tensor but "
                                  "the last is not supported");
    }
    return axis == ndim - 1 ? crn_merge_masks(layer, graph, masks, io->n_in)
                            : crn_concat(graph, masks, io->n_in, axis);
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    int32_t axis;
    crn_value in[CRN_MOST_TENSORS];
    crn_graph *graph = lowering->graph;
    crn_merge_promote(graph, io->in, io->n_in, false, in);
    if (graph->error.code != CRN_OK ||
        find_axis(layer, crn_graph_type(graph, in[0]), &axis, &graph->error) != CRN_OK)
        return;
    io->out[0] = crn_concat(graph, in, io->n_in, axis);
    io->out_masks[0] = join_masks(layer, graph, io, axis);
}

const crn_layer_type crn_layer_Concatenate = {
    .base = {.name = "Concatenate",
             .module = "keras.layers",
             .size = sizeof(concatenate),
             .fields = fields},
    .infer_many = infer,
    .lower_many = lower,
};
