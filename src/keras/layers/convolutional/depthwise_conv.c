/* SPDX-License-Identifier: BSD-3-Clause */
/* DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D and SeparableConv2D, as
 * keras/src/layers/convolutional/base_depthwise_conv.py and base_separable_conv.py (3.15): each
 * channel convolved by itself; the separable ones then mix the channels of each place. */
#include "keras/layers/convolutional/sliding.h"
#include "ops/convolution.h"

typedef struct depthwise {
    crn_layer_config base;
    int64_t filters; /* separable */
    const crn_object *kernel_size, *strides, *dilation_rate;
    const char *padding, *data_format;
    int64_t depth_multiplier;
    const crn_object *activation;
    bool use_bias;
    const crn_object *depthwise_initializer, *pointwise_initializer, *bias_initializer;
    const crn_object *depthwise_regularizer, *pointwise_regularizer, *bias_regularizer;
    const crn_object *depthwise_constraint, *pointwise_constraint, *bias_constraint;
    /* Keras 2 leaves these of its base class in the config; nothing reads them. */
    const crn_object *groups, *kernel_initializer, *kernel_regularizer, *kernel_constraint;
    crn_sliding sliding; /* once checked */
} depthwise;

#define INHERITED                                                                              \
    CRN_LAYER_ARGUMENT(depthwise, groups), CRN_LAYER_ARGUMENT(depthwise, kernel_initializer),  \
        CRN_LAYER_ARGUMENT(depthwise, kernel_regularizer),                                     \
        CRN_LAYER_ARGUMENT(depthwise, kernel_constraint)

#define DEPTHWISE_FIELDS(ones)                                                                 \
    CRN_PARAM(depthwise, kernel_size, OBJECT, NULL, NULL),                                     \
        CRN_PARAM(depthwise, strides, OBJECT, ones, NULL),                                     \
        CRN_PARAM(depthwise, padding, STRING, "'valid'", NULL),                                \
        CRN_PARAM(depthwise, depth_multiplier, INT, "1", NULL),                                \
        CRN_PARAM(depthwise, data_format, STRING, "None", NULL),                               \
        CRN_PARAM(depthwise, dilation_rate, OBJECT, ones, NULL),                               \
        CRN_PARAM(depthwise, activation, OBJECT, "None", NULL),                                \
        CRN_PARAM(depthwise, use_bias, BOOL, "True", NULL),                                    \
        CRN_PARAM(depthwise, depthwise_initializer, OBJECT, "'glorot_uniform'", NULL),         \
        CRN_PARAM(depthwise, bias_initializer, OBJECT, "'zeros'", NULL),                       \
        CRN_PARAM(depthwise, depthwise_regularizer, OBJECT, "None", NULL),                     \
        CRN_PARAM(depthwise, bias_regularizer, OBJECT, "None", NULL),                          \
        CRN_LAYER_ACTIVITY_REGULARIZER,                                                        \
        CRN_PARAM(depthwise, depthwise_constraint, OBJECT, "None", NULL),                      \
        CRN_PARAM(depthwise, bias_constraint, OBJECT, "None", NULL), INHERITED,                \
        CRN_LAYER_FIELDS, CRN_FIELDS_END

#define SEPARABLE_FIELDS(ones)                                                                 \
    CRN_PARAM(depthwise, filters, INT, NULL, NULL),                                            \
        CRN_PARAM(depthwise, kernel_size, OBJECT, NULL, NULL),                                 \
        CRN_PARAM(depthwise, strides, OBJECT, ones, NULL),                                     \
        CRN_PARAM(depthwise, padding, STRING, "'valid'", NULL),                                \
        CRN_PARAM(depthwise, data_format, STRING, "None", NULL),                               \
        CRN_PARAM(depthwise, dilation_rate, OBJECT, ones, NULL),                               \
        CRN_PARAM(depthwise, depth_multiplier, INT, "1", NULL),                                \
        CRN_PARAM(depthwise, activation, OBJECT, "None", NULL),                                \
        CRN_PARAM(depthwise, use_bias, BOOL, "True", NULL),                                    \
        CRN_PARAM(depthwise, depthwise_initializer, OBJECT, "'glorot_uniform'", NULL),         \
        CRN_PARAM(depthwise, pointwise_initializer, OBJECT, "'glorot_uniform'", NULL),         \
        CRN_PARAM(depthwise, bias_initializer, OBJECT, "'zeros'", NULL),                       \
        CRN_PARAM(depthwise, depthwise_regularizer, OBJECT, "None", NULL),                     \
        CRN_PARAM(depthwise, pointwise_regularizer, OBJECT, "None", NULL),                     \
        CRN_PARAM(depthwise, bias_regularizer, OBJECT, "None", NULL),                          \
        CRN_LAYER_ACTIVITY_REGULARIZER,                                                        \
        CRN_PARAM(depthwise, depthwise_constraint, OBJECT, "None", NULL),                      \
        CRN_PARAM(depthwise, pointwise_constraint, OBJECT, "None", NULL),                      \
        CRN_PARAM(depthwise, bias_constraint, OBJECT, "None", NULL), INHERITED,                \
        CRN_LAYER_FIELDS, CRN_FIELDS_END

static const crn_field depthwise_fields_1d[] = {DEPTHWISE_FIELDS("1")};
static const crn_field depthwise_fields_2d[] = {DEPTHWISE_FIELDS("(1, 1)")};
static const crn_field separable_fields_1d[] = {SEPARABLE_FIELDS("1")};
static const crn_field separable_fields_2d[] = {SEPARABLE_FIELDS("(1, 1)")};

static bool is_separable(const crn_layer *layer)
{
    return layer->type == &crn_layer_SeparableConv1D ||
           layer->type == &crn_layer_SeparableConv2D;
}

static int32_t rank_of(const crn_layer *layer)
{
    return layer->type == &crn_layer_DepthwiseConv1D ||
                   layer->type == &crn_layer_SeparableConv1D
               ? 1
               : 2;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    depthwise *config = layer->config;
    const crn_sliding_config window = {"kernel_size",
                                       config->kernel_size,
                                       config->strides,
                                       config->dilation_rate,
                                       config->padding,
                                       config->data_format,
                                       .may_be_causal =
                                           layer->type == &crn_layer_SeparableConv1D};
    if (config->depth_multiplier < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid value for argument `depth_multiplier`. Expected a strictly "
                        "positive value. Received depth_multiplier=%lld.",
                        (long long)config->depth_multiplier);
    if (is_separable(layer) && config->filters < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid value for argument `filters`. Expected a strictly positive "
                        "value. Received filters=%lld.",
                        (long long)config->filters);
    CRN_TRY(crn_sliding_read(layer, rank_of(layer), &window, &config->sliding, err));
    return crn_layer_activation_check(layer, config->activation, err);
}

/* Channels after the first step; CRN_LIMIT for more than anything can hold. */
static crn_status count_channels(const crn_layer *layer, const crn_type *in, int64_t *channels,
                                 int64_t *multiplied, crn_error *err)
{
    const depthwise *config = layer->config;
    CRN_TRY(crn_layer_known_axis(layer, in, crn_sliding_channel_axis(&config->sliding),
                                 channels, err));
    if (__builtin_mul_overflow(*channels, config->depth_multiplier, multiplied))
        return crn_fail(err, CRN_LIMIT, "layer \"%s\" would have too many channels",
                        layer->name);
    return CRN_OK;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const depthwise *config = layer->config;
    int64_t channels = 0, multiplied = 0;
    CRN_TRY(crn_sliding_check_input(layer, &config->sliding, in, n_in, err));
    CRN_TRY(count_channels(layer, &in[0], &channels, &multiplied, err));
    return crn_sliding_infer(layer, &config->sliding, in, n_in,
                             is_separable(layer) ? config->filters : multiplied, out, err);
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const depthwise *config = layer->config;
    const int32_t rank = config->sliding.rank;
    const bool separable = is_separable(layer);
    int64_t kernel[4] = {0}, pointwise[4] = {1, 1, 1, 1}, channels = 0, multiplied = 0;
    (void)n_in;
    CRN_TRY(count_channels(layer, &in[0], &channels, &multiplied, err));
    for (int32_t k = 0; k < rank; k++)
        kernel[k] = config->sliding.size[k];
    kernel[rank] = channels;
    kernel[rank + 1] = config->depth_multiplier;
    CRN_TRY(crn_layer_add_weight(layer, separable ? "depthwise_kernel" : "kernel", rank + 2,
                                 kernel, true, config->depthwise_initializer,
                                 config->depthwise_regularizer, config->depthwise_constraint,
                                 err));
    pointwise[rank] = multiplied;
    pointwise[rank + 1] = config->filters;
    if (separable)
        CRN_TRY(crn_layer_add_weight(
            layer, "pointwise_kernel", rank + 2, pointwise, true, config->pointwise_initializer,
            config->pointwise_regularizer, config->pointwise_constraint, err));
    if (!config->use_bias)
        return CRN_OK;
    return crn_layer_add_weight(layer, "bias", 1, separable ? &config->filters : &multiplied,
                                true, config->bias_initializer, config->bias_regularizer,
                                config->bias_constraint, err);
}

/* Over each place by itself. */
static crn_window pointwise_window(const crn_type *x)
{
    crn_window window = {{crn_window_point(), crn_window_point(), crn_window_point()}};
    for (int32_t k = 0; k < x->ndim - 1; k++)
        window.axis[CRN_WINDOW_AXES - (x->ndim - 1) + k] =
            crn_window_axis_of(x->shape[k], 1, 1, 1, 0, 0);
    return window;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const depthwise *config = layer->config;
    const bool separable = is_separable(layer);
    crn_graph *graph = lowering->graph;
    (void)n_in;
    crn_value x = crn_sliding_enter(&config->sliding, graph, in[0]);
    crn_value bias = config->use_bias
                         ? crn_layer_weight_value(layer, lowering, layer->weight_count - 1)
                         : CRN_NO_VALUE;
    crn_window window = crn_sliding_window(&config->sliding, crn_graph_type(graph, x));
    x = crn_depthwise_convolution(graph, x, &window, crn_layer_weight_value(layer, lowering, 0),
                                  config->depth_multiplier, separable ? CRN_NO_VALUE : bias);
    if (separable) {
        window = pointwise_window(crn_graph_type(graph, x));
        x = crn_convolution(graph, x, &window, crn_layer_weight_value(layer, lowering, 1), 1,
                            bias);
    }
    x = crn_sliding_leave(&config->sliding, graph, x);
    return crn_layer_activate(layer, lowering, x, config->activation);
}

#define DEPTHWISE_TYPE(class_, table, others)                                                  \
    const crn_layer_type crn_layer_##class_ = {                                                \
        .base = {.name = #class_,                                                              \
                 .other_names = others,                                                        \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(depthwise),                                                    \
                 .fields = table},                                                             \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .build = build,                                                                        \
        .built_by_call = true,                                                                 \
        .check = check,                                                                        \
    }

DEPTHWISE_TYPE(DepthwiseConv1D, depthwise_fields_1d, NULL);
DEPTHWISE_TYPE(DepthwiseConv2D, depthwise_fields_2d, NULL);
DEPTHWISE_TYPE(SeparableConv1D, separable_fields_1d, "SeparableConvolution1D");
DEPTHWISE_TYPE(SeparableConv2D, separable_fields_2d, "SeparableConvolution2D");
