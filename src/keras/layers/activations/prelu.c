/* SPDX-License-Identifier: BSD-3-Clause */
/* PReLU, as keras/src/layers/activations/prelu.py (3.15): relu(x) - alpha relu(-x), with an
 * alpha for each place of an item but along the shared axes. */
#include "keras/layers/layer.h"
#include "ops/activation.h"
#include "ops/elementwise.h"

typedef struct prelu {
    crn_layer_config base;
    const crn_object *alpha_initializer, *alpha_regularizer, *alpha_constraint;
    const crn_object *shared_axes; /* an int or ints, the batch axis counts; None */
    uint64_t shared;               /* the same: bit i for axis i of the item */
} prelu;

static const crn_field fields[] = {
    CRN_PARAM(prelu, alpha_initializer, OBJECT, "'Zeros'", NULL),
    CRN_PARAM(prelu, alpha_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(prelu, alpha_constraint, OBJECT, "None", NULL),
    CRN_PARAM(prelu, shared_axes, OBJECT, "None", NULL),
    CRN_LAYER_ACTIVITY_REGULARIZER,
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool share(const crn_object *axis, uint64_t *shared)
{
    int64_t value;
    if (!crn_object_as_int(axis, &value) || value < 1 || value >= CRN_MAX_NDIM)
        return false;
    *shared |= (uint64_t)1 << (value - 1);
    return true;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    prelu *config = layer->config;
    const crn_object *axes = config->shared_axes;
    bool fits = true;
    if (axes == NULL || crn_object_is_none(axes))
        return CRN_OK;
    if (crn_object_is(axes, CRN_OBJ_INT))
        fits = share(axes, &config->shared);
    for (size_t i = 0; i < crn_object_length(axes) && fits; i++)
        fits = share(crn_object_item(axes, i), &config->shared);
    if (fits)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "PReLU: shared_axes must be axes of an item, counted from 1");
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const prelu *config = layer->config;
    int64_t shape[CRN_MAX_NDIM];
    (void)n_in;
    for (int32_t i = 0; i < in[0].ndim; i++) {
        shape[i] = 1;
        if (!(config->shared >> i & 1))
            CRN_TRY(crn_layer_known_axis(layer, &in[0], i, &shape[i], err));
    }
    return crn_layer_add_weight(layer, "alpha", in[0].ndim, shape, true,
                                config->alpha_initializer, config->alpha_regularizer,
                                config->alpha_constraint, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    crn_graph *graph = lowering->graph;
    const crn_activation relu = crn_activation_default(CRN_RELU);
    (void)n_in;
    crn_value below = crn_activate(graph, crn_unary(graph, in[0], CRN_UNARY_NEGATE), relu);
    below = crn_binary(graph, below, crn_layer_weight_value(layer, lowering, 0),
                       CRN_BINARY_MULTIPLY);
    return crn_layer_penalize(
        layer, lowering,
        crn_binary(graph, crn_activate(graph, in[0], relu), below, CRN_BINARY_SUBTRACT));
}

const crn_layer_type crn_layer_PReLU = {
    .base = {.name = "PReLU",
             .module = "keras.layers",
             .size = sizeof(prelu),
             .fields = fields},
    .infer = crn_layer_same_shape,
    .lower = lower,
    .supports_masking = true,
    .build = build,
    .built_by_call = true,
    .check = check,
};
