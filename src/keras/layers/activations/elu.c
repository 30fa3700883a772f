/* SPDX-License-Identifier: BSD-3-Clause */
/* ELU, as keras/src/layers/activations/elu.py (3.15): x where x > 0, else alpha (exp(x) - 1).
 */
#include "keras/layers/layer.h"
#include "ops/activation.h"

typedef struct elu {
    crn_layer_config base;
    const crn_object *alpha; /* a number, also NumPy's */
    float slope;             /* the same */
} elu;

static const crn_field fields[] = {
    CRN_PARAM(elu, alpha, OBJECT, "1.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    elu *config = layer->config;
    return crn_layer_slope(layer, "alpha", config->alpha, &config->slope, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const elu *config = layer->config;
    (void)n_in;
    return crn_activate(lowering->graph, in[0],
                        (crn_activation){.kind = CRN_ELU, .a = config->slope});
}

const crn_layer_type crn_layer_ELU = {
    .base = {.name = "ELU", .module = "keras.layers", .size = sizeof(elu), .fields = fields},
    .infer = crn_layer_same_shape,
    .lower = lower,
    .trains = true,
    .supports_masking = true,
    .in_float64 = true,
    .check = check,
};
