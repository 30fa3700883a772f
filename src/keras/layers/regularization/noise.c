/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers of noise, which do nothing at inference: AlphaDropout, GaussianDropout,
 * GaussianNoise and SpatialDropout1D to 3D, as keras/src/layers/regularization/ (3.15) and
 * keras/src/layers/regularization/ (2.15). */
#include "keras/layers/layer.h"

typedef struct noise {
    crn_layer_config base;
    double amount; /* rate or stddev */
    const crn_object *noise_shape, *seed, *data_format;
} noise;

static crn_status refuse_rate(const noise *config, crn_error *err)
{
    return crn_fail(
        err, CRN_ARGUMENT,
        "Invalid value received for argument `rate`. Expected a float value between "
        "0 and 1. Received: rate=%g",
        config->amount);
}

static crn_status check_rate(crn_layer *layer, crn_error *err)
{
    const noise *config = layer->config;
    return config->amount >= 0.0 && config->amount <= 1.0 ? CRN_OK : refuse_rate(config, err);
}

static crn_status check_stddev(crn_layer *layer, crn_error *err)
{
    const noise *config = layer->config;
    if (config->amount >= 0.0)
        return CRN_OK;
    return crn_fail(
        err, CRN_ARGUMENT,
        "Invalid value received for argument `stddev`. Expected a float value greater than or "
        "equal to 0. Received: stddev=%g",
        config->amount);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const noise *config = layer->config;
    (void)n_in;
    if (!lowering->training || config->amount == 0.0)
        return in[0];
    return crn_graph_fail(lowering->graph, CRN_UNSUPPORTED,
                          "%s: training with this noise is not supported",
                          layer->type->base.name);
}

#define AMOUNT(name_)                                                                          \
    {                                                                                          \
        .name = name_, .type = CRN_FIELD_REAL, .flags = CRN_FIELD_PARAM,                       \
        .offset = offsetof(noise, amount)                                                      \
    }
#define SEED CRN_PARAM_SINCE(noise, seed, OBJECT, "None", NULL, "3.0", NULL)

static const crn_field alpha_dropout_fields[] = {
    AMOUNT("rate"),
    CRN_PARAM_SINCE(noise, noise_shape, OBJECT, "None", NULL, "3.0", NULL),
    CRN_PARAM(noise, seed, OBJECT, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field gaussian_dropout_fields[] = {
    AMOUNT("rate"),
    CRN_PARAM(noise, seed, OBJECT, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field gaussian_noise_fields[] = {
    AMOUNT("stddev"),
    CRN_PARAM(noise, seed, OBJECT, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field spatial_dropout_1d_fields[] = {
    AMOUNT("rate"),
    SEED,
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field spatial_dropout_fields[] = {
    AMOUNT("rate"), CRN_PARAM_SINCE(noise, data_format, OBJECT, "None", NULL, "3.0", NULL),
    SEED,           CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

#define NOISE(class_, fields_, check_)                                                         \
    const crn_layer_type crn_layer_##class_ = {                                                \
        .base = {.name = #class_,                                                              \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(noise),                                                        \
                 .fields = fields_},                                                           \
        .infer = crn_layer_same_shape,                                                         \
        .lower = lower,                                                                        \
        .supports_masking = true,                                                              \
        .check = check_,                                                                       \
    };

NOISE(AlphaDropout, alpha_dropout_fields, check_rate)
NOISE(GaussianDropout, gaussian_dropout_fields, check_rate)
NOISE(GaussianNoise, gaussian_noise_fields, check_stddev)
NOISE(SpatialDropout1D, spatial_dropout_1d_fields, check_rate)
NOISE(SpatialDropout2D, spatial_dropout_fields, check_rate)
NOISE(SpatialDropout3D, spatial_dropout_fields, check_rate)
