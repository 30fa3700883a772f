/* SPDX-License-Identifier: BSD-3-Clause */
/* LeakyReLU, as keras/src/layers/activations/leaky_relu.py (3.15): x where x > 0, else
 * negative_slope x. Keras 2 calls the slope alpha; 0.3 is the default of both. */
#include "keras/layers/layer.h"
#include "ops/activation.h"

typedef struct leaky_relu {
    crn_layer_config base;
    const crn_object *negative_slope; /* a number, also NumPy's */
    float slope;
} leaky_relu;

static const crn_field fields[] = {
    CRN_LAYER_RENAMED(leaky_relu, negative_slope, OBJECT, "0.3", "alpha"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    leaky_relu *config = layer->config;
    return crn_layer_slope(layer, "negative_slope", config->negative_slope, &config->slope,
                           err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const leaky_relu *config = layer->config;
    (void)n_in;
    return crn_activate(lowering->graph, in[0],
                        (crn_activation){.kind = CRN_LEAKY_RELU, .a = config->slope});
}

const crn_layer_type crn_layer_LeakyReLU = {
    .base = {.name = "LeakyReLU",
             .module = "keras.layers",
             .size = sizeof(leaky_relu),
             .fields = fields},
    .infer = crn_layer_same_shape,
    .lower = lower,
    .trains = true,
    .supports_masking = true,
    .in_float64 = true,
    .check = check,
};
