/* SPDX-License-Identifier: BSD-3-Clause */
/* ReLU, as keras/src/layers/activations/relu.py (3.15): max_value where x >= max_value, x where
 * x >= threshold, else negative_slope (x - threshold). */
#include <math.h>

#include "keras/layers/layer.h"
#include "ops/activation.h"

typedef struct relu {
    crn_layer_config base;
    const crn_object *max_value, *negative_slope, *threshold; /* numbers, also NumPy's */
    crn_activation activation;
} relu;

static const crn_field fields[] = {
    CRN_PARAM(relu, max_value, OBJECT, "None", NULL),
    CRN_PARAM(relu, negative_slope, OBJECT, "0.0", NULL),
    CRN_PARAM(relu, threshold, OBJECT, "0.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    relu *config = layer->config;
    crn_activation *activation = &config->activation;
    *activation = (crn_activation){.kind = CRN_RELU, .b = INFINITY};
    if (!crn_object_is_none(config->max_value))
        CRN_TRY(crn_layer_slope(layer, "max_value", config->max_value, &activation->b, err));
    CRN_TRY(
        crn_layer_slope(layer, "negative_slope", config->negative_slope, &activation->a, err));
    return crn_layer_slope(layer, "threshold", config->threshold, &activation->c, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const relu *config = layer->config;
    (void)n_in;
    return crn_activate(lowering->graph, in[0], config->activation);
}

const crn_layer_type crn_layer_ReLU = {
    .base = {.name = "ReLU", .module = "keras.layers", .size = sizeof(relu), .fields = fields},
    .infer = crn_layer_same_shape,
    .lower = lower,
    .trains = true,
    .supports_masking = true,
    .in_float64 = true,
    .check = check,
};
