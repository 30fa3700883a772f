/* SPDX-License-Identifier: BSD-3-Clause */
/* Dropout, as keras/src/layers/regularization/dropout.py (3.15): nothing at inference. The
 * random numbers of training are the trainer's own, so `seed` is kept for configs alone. */
#include "keras/layers/layer.h"
#include "ops/training.h"

typedef struct dropout {
    crn_layer_config base;
    double rate;
    const crn_object *noise_shape, *seed;
} dropout;

static const crn_field fields[] = {
    CRN_PARAM(dropout, rate, REAL, NULL, "[0, 1]"),
    CRN_PARAM(dropout, noise_shape, OBJECT, "None", NULL),
    CRN_PARAM(dropout, seed, OBJECT, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const dropout *config = layer->config;
    if (config->rate >= 0.0 && config->rate <= 1.0)
        return CRN_OK;
    return crn_fail(
        err, CRN_ARGUMENT,
        "Invalid value received for argument `rate`. Expected a float value between "
        "0 and 1. Received: rate=%g",
        config->rate);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const dropout *config = layer->config;
    (void)n_in;
    if (!lowering->training || config->rate == 0.0)
        return in[0];
    if (crn_layer_refuse(layer, "noise_shape", config->noise_shape, &lowering->graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    return crn_dropout(lowering->graph, in[0], (float)config->rate);
}

const crn_layer_type crn_layer_Dropout = {
    .base = {.name = "Dropout",
             .module = "keras.layers",
             .size = sizeof(dropout),
             .fields = fields},
    .infer = crn_layer_same_shape,
    .lower = lower,
    .trains = true,
    .supports_masking = true,
    .in_float64 = true,
    .check = check,
};
