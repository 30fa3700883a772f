/* SPDX-License-Identifier: BSD-3-Clause */
/* RepeatVector, as keras/src/layers/reshaping/repeat_vector.py (3.15): each vector n times, as
 * n steps of time. */
#include "keras/layers/layer.h"
#include "ops/tensor.h"

typedef struct repeat_vector {
    crn_layer_config base;
    int64_t n;
} repeat_vector;

static const crn_field fields[] = {
    CRN_PARAM(repeat_vector, n, INT, NULL, "> 0"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const repeat_vector *config = layer->config;
    if (config->n > 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "Argument `n` should be a positive integer. Received: n=%lld",
                    (long long)config->n);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const repeat_vector *config = layer->config;
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 2, err));
    if (in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE,
                        "Input 0 of layer \"%s\" is incompatible with the layer: expected "
                        "ndim=2, found ndim=%d. Full shape received: %s",
                        layer->name, in[0].ndim + 1,
                        crn_layer_shape_text(&in[0], shape, sizeof shape));
    *out = in[0];
    out->ndim = 2;
    out->shape[0] = config->n;
    out->shape[1] = in[0].shape[0];
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const repeat_vector *config = layer->config;
    const int64_t shape[] = {config->n, crn_graph_type(lowering->graph, in[0])->shape[0]};
    (void)n_in;
    return crn_broadcast_to(lowering->graph, in[0], 2, shape);
}

const crn_layer_type crn_layer_RepeatVector = {
    .base = {.name = "RepeatVector",
             .module = "keras.layers",
             .size = sizeof(repeat_vector),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .check = check,
};
