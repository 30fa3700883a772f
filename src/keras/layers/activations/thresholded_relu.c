/* SPDX-License-Identifier: BSD-3-Clause */
/* ThresholdedReLU of Keras 2 (keras/src/layers/activation/thresholded_relu.py, 2.15): x where x
 * > theta, else 0. */
#include "keras/layers/layer.h"
#include "ops/activation.h"

typedef struct thresholded_relu {
    crn_layer_config base;
    const crn_object *theta; /* a number, also NumPy's */
    float threshold;
} thresholded_relu;

static const crn_field fields[] = {
    CRN_PARAM(thresholded_relu, theta, OBJECT, "1.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    thresholded_relu *config = layer->config;
    return crn_layer_slope(layer, "theta", config->theta, &config->threshold, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const thresholded_relu *config = layer->config;
    (void)n_in;
    return crn_activate(lowering->graph, in[0],
                        (crn_activation){.kind = CRN_THRESHOLD, .a = config->threshold});
}

const crn_layer_type crn_layer_ThresholdedReLU = {
    .base = {.name = "ThresholdedReLU",
             .module = "keras.layers",
             .size = sizeof(thresholded_relu),
             .fields = fields},
    .infer = crn_layer_same_shape,
    .lower = lower,
    .supports_masking = true,
    .check = check,
};
