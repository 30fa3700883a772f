/* SPDX-License-Identifier: BSD-3-Clause */
/* Identity, as keras/src/layers/core/identity.py (3.15). */
#include "keras/layers/layer.h"

static const crn_field fields[] = {
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    (void)layer, (void)lowering, (void)n_in;
    return in[0];
}

const crn_layer_type crn_layer_Identity = {
    .base = {.name = "Identity",
             .module = "keras.layers",
             .size = sizeof(crn_layer_config),
             .fields = fields},
    .infer = crn_layer_same_shape,
    .lower = lower,
    .supports_masking = true,
};
