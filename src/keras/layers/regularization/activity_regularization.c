/* SPDX-License-Identifier: BSD-3-Clause */
/* ActivityRegularization, as keras/src/layers/regularization/activity_regularization.py (3.15):
 * x itself, and a penalty for it in the loss. */
#include "keras/layers/layer.h"

typedef struct activity_regularization {
    crn_layer_config base;
    double l1, l2;
} activity_regularization;

static const crn_field fields[] = {
    CRN_PARAM(activity_regularization, l1, REAL, "0.0", NULL),
    CRN_PARAM(activity_regularization, l2, REAL, "0.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const activity_regularization *config = layer->config;
    crn_regularizer *regularizer = &layer->activity_regularizer;
    CRN_TRY(crn_regularizer_read(crn_object_str(layer->document, "L1L2"), layer->document,
                                 regularizer, err));
    regularizer->config = (crn_regularizer_config){.l1 = config->l1, .l2 = config->l2};
    return regularizer->cls->check(&regularizer->config, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    (void)n_in;
    return crn_layer_penalize(layer, lowering, in[0]);
}

const crn_layer_type crn_layer_ActivityRegularization = {
    .base = {.name = "ActivityRegularization",
             .module = "keras.layers",
             .size = sizeof(activity_regularization),
             .fields = fields},
    .infer = crn_layer_same_shape,
    .lower = lower,
    .supports_masking = true,
    .check = check,
};
