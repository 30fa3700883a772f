/* SPDX-License-Identifier: BSD-3-Clause */
/* TimeDistributed, as keras/src/layers/rnn/time_distributed.py (3.15): a layer on every step,
 * which becomes the same layer on as many more rows. */
#include <string.h>

#include "keras/layers/layer.h"
#include "ops/rows.h"

typedef struct time_distributed {
    crn_layer_config base;
    const crn_object *layer;
} time_distributed;

static const crn_field fields[] = {
    CRN_PARAM(time_distributed, layer, OBJECT, NULL, NULL),
    CRN_LAYER_KEYWORD(crn_layer_config, activity_regularizer, OBJECT, "None"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const time_distributed *config = layer->config;
    crn_layer *child;
    CRN_TRY(crn_layer_read(config->layer, layer->document, &child, err));
    return crn_layer_add_child(layer, "layer", child, err);
}

/* The type of one step. */
static crn_type step_of(const crn_type *in)
{
    crn_type step = *in;
    step.ndim--;
    memmove(step.shape, step.shape + 1, (size_t)step.ndim * sizeof *step.shape);
    return step;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    crn_type outs[CRN_MOST_TENSORS] = {{.ndim = 0}};
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    if (in[0].ndim < 2)
        return crn_fail(err, CRN_SHAPE,
                        "`TimeDistributed` Layer should be passed an `input_shape` with at "
                        "least 3 dimensions, received: %s",
                        crn_layer_shape_text(&in[0], shape, sizeof shape));
    const crn_type step = step_of(&in[0]);
    crn_layer_shapes call = {.n_in = 1, .in = &step, .out = outs};
    CRN_TRY(crn_layer_infer(layer->children[0].layer, &call, err));
    if (call.n_out != 1 || outs[0].ndim + 1 >= CRN_MAX_NDIM)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "TimeDistributed: a layer with several outputs, or with too many axes");
    *out = outs[0];
    memmove(out->shape + 1, out->shape, (size_t)out->ndim * sizeof *out->shape);
    out->shape[0] = in[0].shape[0];
    out->ndim++;
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const crn_type step = step_of(&in[0]);
    (void)n_in;
    return crn_layer_build(layer->children[0].layer, &step, 1, err);
}

/* The layer sees that part of a mask that says more than which steps count. */
static void lower_many(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    crn_graph *graph = lowering->graph;
    crn_value out[CRN_MOST_TENSORS], out_masks[CRN_MOST_TENSORS];
    const crn_type *mask = crn_graph_type(graph, io->in_masks[0]);
    const bool inner = io->in_masks[0] != CRN_NO_VALUE && mask->ndim > 1;
    const int64_t steps = crn_graph_type(graph, io->in[0])->shape[0];
    const crn_value in = crn_fold(graph, io->in[0]);
    const crn_value in_mask = inner ? crn_fold(graph, io->in_masks[0]) : CRN_NO_VALUE;
    crn_layer_lower(
        layer->children[0].layer, lowering,
        &(crn_layer_io){
            .n_in = 1, .in = &in, .in_masks = &in_mask, .out = out, .out_masks = out_masks});
    io->out[0] = crn_layer_penalize(layer, lowering, crn_unfold(graph, out[0], steps));
    io->out_masks[0] = io->in_masks[0];
}

const crn_layer_type crn_layer_TimeDistributed = {
    .base = {.name = "TimeDistributed",
             .module = "keras.layers",
             .size = sizeof(time_distributed),
             .fields = fields},
    .infer = infer,
    .lower_many = lower_many,
    .build = build,
    .check = check,
    .built_by_call = true,
};
