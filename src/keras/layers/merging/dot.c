/* SPDX-License-Identifier: BSD-3-Clause */
/* Dot, as keras/src/layers/merging/dot.py (3.15): the sum of products along one axis of each of
 * two tensors, whose vectors there may be scaled to length 1 before. */
#include "keras/layers/merging/merge.h"

#include "ops/elementwise.h"
#include "ops/tensor.h"

typedef struct dot {
    crn_layer_config base;
    const crn_object *axes; /* an int, or one for each input; the batch axis counts */
    bool normalize;
} dot;

static const crn_field fields[] = {
    CRN_PARAM(dot, axes, OBJECT, NULL, NULL),
    CRN_PARAM(dot, normalize, BOOL, "False", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool axis_given(const dot *config, int input, int64_t *out)
{
    const crn_object *axes = config->axes;
    if (crn_object_length(axes) == 2)
        axes = crn_object_item(axes, (size_t)input);
    return axes != NULL && crn_object_as_int(axes, out);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    int64_t axis;
    for (int i = 0; i < 2; i++) {
        if (!axis_given(layer->config, i, &axis))
            return crn_fail(err, CRN_ARGUMENT,
                            "Invalid format for argument `axes`: it should be an int or "
                            "contain two ints");
    }
    return CRN_OK;
}

/* As axes of the items. */
static crn_status find_axes(const crn_layer *layer, const crn_type *const *in, int32_t *out,
                            crn_error *err)
{
    for (int i = 0; i < 2; i++) {
        int64_t axis = 0;
        (void)axis_given(layer->config, i, &axis);
        const int64_t of_item = axis < 0 ? axis + in[i]->ndim : axis - 1;
        if (of_item < 0 || of_item >= in[i]->ndim)
            return crn_fail(err, axis == 0 ? CRN_UNSUPPORTED : CRN_ARGUMENT,
                            "Dot: axis %lld is none of the %d axes of an item", (long long)axis,
                            in[i]->ndim);
        out[i] = (int32_t)of_item;
    }
    return CRN_OK;
}

static void append_others(const crn_type *in, int32_t axis, crn_type *out)
{
    for (int32_t i = 0; i < in->ndim && out->ndim < CRN_MAX_NDIM - 1; i++) {
        if (i != axis)
            out->shape[out->ndim++] = in->shape[i];
    }
}

static crn_status infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    int32_t axes[2];
    char first[CRN_SHAPE_TEXT], second[CRN_SHAPE_TEXT];
    const crn_type *in[] = {&call->in[0], &call->in[1]};
    if (call->n_in != 2)
        return crn_fail(err, CRN_SHAPE,
                        "A `Dot` layer should be called on a list of 2 inputs.");
    CRN_TRY(find_axes(layer, in, axes, err));
    const int64_t a = in[0]->shape[axes[0]], b = in[1]->shape[axes[1]];
    if ((a != b && a >= 0 && b >= 0) || in[0]->ndim + in[1]->ndim >= CRN_MAX_NDIM)
        return crn_fail(err, CRN_SHAPE,
                        "Incompatible input shapes: axis values %lld (at axis %d) != %lld (at "
                        "axis %d). Full input shapes: %s, %s",
                        (long long)a, axes[0] + 1, (long long)b, axes[1] + 1,
                        crn_layer_shape_text(in[0], first, sizeof first),
                        crn_layer_shape_text(in[1], second, sizeof second));
    call->out[0] = crn_type_rows(CRN_FLOAT32, 0, NULL);
    append_others(in[0], axes[0], &call->out[0]);
    append_others(in[1], axes[1], &call->out[0]);
    if (call->out[0].ndim == 0)
        call->out[0].shape[call->out[0].ndim++] = 1;
    return CRN_OK;
}

/* The axis last, and the others one; for the second input they stand behind it. */
static crn_value arrange(const crn_layer *layer, crn_graph *graph, crn_value x, int32_t axis,
                         bool second)
{
    const dot *config = layer->config;
    int32_t order[CRN_MAX_NDIM] = {0}, ndim = crn_graph_type(graph, x)->ndim, n = 0;
    const int32_t turned[] = {1, 0};
    for (int32_t i = 0; i < ndim; i++) {
        if (i != axis)
            order[n++] = i;
    }
    order[n] = axis;
    const int64_t shape[] = {-1, crn_graph_type(graph, x)->shape[axis]};
    x = crn_reshape(graph, crn_permute(graph, x, order), 2, shape);
    if (config->normalize) {
        const crn_value floor =
            crn_number(graph, CRN_FLOAT32, layer->keras == 2 ? 1e-12 : 1e-14);
        crn_value norm = crn_reduce_axis(graph, crn_binary(graph, x, x, CRN_BINARY_MULTIPLY),
                                         CRN_AXIS_SUM, 1);
        norm = crn_unary(graph, crn_binary(graph, norm, floor, CRN_BINARY_MAXIMUM),
                         CRN_UNARY_SQRT);
        x = crn_binary(graph, x, crn_expand_axis(graph, norm, 1), CRN_BINARY_DIVIDE);
    }
    return second ? crn_permute(graph, x, turned) : x;
}

static void lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    int32_t axes[2];
    crn_graph *graph = lowering->graph;
    crn_value in[] = {crn_cast(graph, io->in[0], CRN_FLOAT32),
                      crn_cast(graph, io->in[1], CRN_FLOAT32)};
    const crn_type types[] = {*crn_graph_type(graph, in[0]), *crn_graph_type(graph, in[1])};
    crn_type out = crn_type_rows(CRN_FLOAT32, 0, NULL);
    if (graph->error.code != CRN_OK ||
        find_axes(layer, (const crn_type *const[]){&types[0], &types[1]}, axes,
                  &graph->error) != CRN_OK)
        return;
    append_others(&types[0], axes[0], &out);
    append_others(&types[1], axes[1], &out);
    if (out.ndim == 0)
        out.shape[out.ndim++] = 1;
    io->out[0] = crn_reshape(graph,
                             crn_matmul(graph, arrange(layer, graph, in[0], axes[0], false),
                                        arrange(layer, graph, in[1], axes[1], true)),
                             out.ndim, out.shape);
}

const crn_layer_type crn_layer_Dot = {
    .base = {.name = "Dot", .module = "keras.layers", .size = sizeof(dot), .fields = fields},
    .infer_many = infer,
    .lower_many = lower,
    .check = check,
};
