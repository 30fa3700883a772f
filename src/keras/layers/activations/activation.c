/* SPDX-License-Identifier: BSD-3-Clause */
/* Activation, as keras/src/layers/activations/activation.py (3.15): a function of
 * keras.activations as a layer. */
#include "keras/layers/layer.h"

typedef struct activation {
    crn_layer_config base;
    const crn_object *activation;
} activation;

static const crn_field fields[] = {
    CRN_PARAM(activation, activation, OBJECT, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const activation *config = layer->config;
    return crn_layer_activation_check(layer, config->activation, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const activation *config = layer->config;
    CRN_TRY(crn_layer_same_shape(layer, in, n_in, out, err));
    if (out->ndim > 0 && out->shape[out->ndim - 1] > 0 &&
        crn_layer_activation_halves(layer, config->activation))
        out->shape[out->ndim - 1] /= 2;
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const activation *config = layer->config;
    (void)n_in;
    return crn_layer_activate(layer, lowering, in[0], config->activation);
}

const crn_layer_type crn_layer_Activation = {
    .base = {.name = "Activation",
             .module = "keras.layers",
             .size = sizeof(activation),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .trains = true,
    .supports_masking = true,
    .in_float64 = true,
    .check = check,
};
