/* SPDX-License-Identifier: BSD-3-Clause */
/* Dense, as keras/src/layers/core/dense.py (3.15): activation(x kernel + bias) over the last
 * axis. */
#include "keras/layers/layer.h"
#include "ops/affine.h"

typedef struct dense {
    crn_layer_config base;
    int64_t units;
    const crn_object *activation;
    bool use_bias;
    const crn_object *kernel_initializer, *bias_initializer;
    const crn_object *kernel_regularizer, *bias_regularizer;
    const crn_object *kernel_constraint, *bias_constraint;
    const crn_object *lora_rank, *lora_alpha, *quantization_config;
} dense;

static const crn_field fields[] = {
    CRN_PARAM(dense, units, INT, NULL, "> 0"),
    CRN_PARAM(dense, activation, OBJECT, "None", NULL),
    CRN_PARAM(dense, use_bias, BOOL, "True", NULL),
    CRN_PARAM(dense, kernel_initializer, OBJECT, "'glorot_uniform'", NULL),
    CRN_PARAM(dense, bias_initializer, OBJECT, "'zeros'", NULL),
    CRN_PARAM(dense, kernel_regularizer, OBJECT, "None", NULL),
    CRN_PARAM(dense, bias_regularizer, OBJECT, "None", NULL),
    CRN_LAYER_ACTIVITY_REGULARIZER,
    CRN_PARAM(dense, kernel_constraint, OBJECT, "None", NULL),
    CRN_PARAM(dense, bias_constraint, OBJECT, "None", NULL),
    CRN_LAYER_ARGUMENT(dense, lora_rank),
    CRN_LAYER_ARGUMENT(dense, lora_alpha),
    CRN_PARAM_SINCE(dense, quantization_config, OBJECT, "None", NULL, "3.12", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

enum { KERNEL, BIAS };

static crn_status check(crn_layer *layer, crn_error *err)
{
    const dense *config = layer->config;
    if (config->units < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Received an invalid value for `units`, expected a positive integer. "
                        "Received: units=%lld",
                        (long long)config->units);
    if (!crn_object_is(layer->record, CRN_OBJ_DICT)) /* a file's kernel has it merged in */
        CRN_TRY(crn_layer_refuse(layer, "lora_rank", config->lora_rank, err));
    CRN_TRY(crn_layer_refuse(layer, "quantization_config", config->quantization_config, err));
    return crn_layer_activation_check(layer, config->activation, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const dense *config = layer->config;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 2, err));
    *out = in[0];
    out->shape[out->ndim - 1] = config->units;
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const dense *config = layer->config;
    int64_t width;
    (void)n_in;
    CRN_TRY(crn_layer_known_axis(layer, &in[0], -1, &width, err));
    const int64_t kernel[] = {width, config->units};
    CRN_TRY(crn_layer_add_weight(layer, "kernel", 2, kernel, true, config->kernel_initializer,
                                 config->kernel_regularizer, config->kernel_constraint, err));
    if (!config->use_bias)
        return CRN_OK;
    return crn_layer_add_weight(layer, "bias", 1, &config->units, true,
                                config->bias_initializer, config->bias_regularizer,
                                config->bias_constraint, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const dense *config = layer->config;
    (void)n_in;
    crn_value bias =
        config->use_bias ? crn_layer_weight_value(layer, lowering, BIAS) : CRN_NO_VALUE;
    crn_value y = crn_affine(lowering->graph, in[0],
                             crn_layer_weight_value(layer, lowering, KERNEL), false, bias);
    return crn_layer_activate(layer, lowering, y, config->activation);
}

const crn_layer_type crn_layer_Dense = {
    .base = {.name = "Dense",
             .module = "keras.layers",
             .size = sizeof(dense),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .trains = true,
    .supports_masking = true,
    .in_float64 = true,
    .build = build,
    .built_by_call = true,
    .check = check,
};
