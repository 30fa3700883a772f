/* SPDX-License-Identifier: BSD-3-Clause */
/* Conv1D, Conv2D and Conv3D, as keras/src/layers/convolutional/base_conv.py (3.15): activation(x
 * convolved with kernel + bias). A convolution in as many groups as channels is depthwise. */
#include "keras/layers/convolutional/sliding.h"
#include "ops/convolution.h"

typedef struct conv {
    crn_layer_config base;
    int64_t filters;
    const crn_object *kernel_size, *strides, *dilation_rate;
    const char *padding, *data_format;
    int64_t groups;
    const crn_object *activation;
    bool use_bias;
    const crn_object *kernel_initializer, *bias_initializer;
    const crn_object *kernel_regularizer, *bias_regularizer;
    const crn_object *kernel_constraint, *bias_constraint;
    const crn_object *lora_rank, *lora_alpha; /* refused unless None */
    crn_sliding sliding;                      /* once checked */
} conv;

/* One for each rank: the defaults differ. */
#define CONV_FIELDS(ones)                                                                      \
    CRN_PARAM(conv, filters, INT, NULL, NULL),                                                 \
        CRN_PARAM(conv, kernel_size, OBJECT, NULL, NULL),                                      \
        CRN_PARAM(conv, strides, OBJECT, ones, NULL),                                          \
        CRN_PARAM(conv, padding, STRING, "'valid'", NULL),                                     \
        CRN_PARAM(conv, data_format, STRING, "None", NULL),                                    \
        CRN_PARAM(conv, dilation_rate, OBJECT, ones, NULL),                                    \
        CRN_PARAM(conv, groups, INT, "1", NULL),                                               \
        CRN_PARAM(conv, activation, OBJECT, "None", NULL),                                     \
        CRN_PARAM(conv, use_bias, BOOL, "True", NULL),                                         \
        CRN_PARAM(conv, kernel_initializer, OBJECT, "'glorot_uniform'", NULL),                 \
        CRN_PARAM(conv, bias_initializer, OBJECT, "'zeros'", NULL),                            \
        CRN_PARAM(conv, kernel_regularizer, OBJECT, "None", NULL),                             \
        CRN_PARAM(conv, bias_regularizer, OBJECT, "None", NULL),                               \
        CRN_LAYER_ACTIVITY_REGULARIZER,                                                        \
        CRN_PARAM(conv, kernel_constraint, OBJECT, "None", NULL),                              \
        CRN_PARAM(conv, bias_constraint, OBJECT, "None", NULL),                                \
        CRN_LAYER_ARGUMENT(conv, lora_rank), CRN_LAYER_ARGUMENT(conv, lora_alpha),             \
        CRN_LAYER_FIELDS, CRN_FIELDS_END

static const crn_field fields_1d[] = {CONV_FIELDS("1")};
static const crn_field fields_2d[] = {CONV_FIELDS("(1, 1)")};
static const crn_field fields_3d[] = {CONV_FIELDS("(1, 1, 1)")};

enum { KERNEL, BIAS };

static int32_t rank_of(const crn_layer *layer)
{
    return layer->type == &crn_layer_Conv1D ? 1 : layer->type == &crn_layer_Conv2D ? 2 : 3;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    conv *config = layer->config;
    const int32_t rank = rank_of(layer);
    const crn_sliding_config window = {
        "kernel_size",   config->kernel_size, config->strides,           config->dilation_rate,
        config->padding, config->data_format, .may_be_causal = rank == 1};
    if (config->filters < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid value for argument `filters`. Expected a strictly positive "
                        "value. Received filters=%lld.",
                        (long long)config->filters);
    if (config->groups < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "The number of groups must be a positive integer. Received: "
                        "groups=%lld.",
                        (long long)config->groups);
    if (config->filters % config->groups != 0)
        return crn_fail(err, CRN_ARGUMENT,
                        "The number of filters must be evenly divisible by the number of "
                        "groups. Received: groups=%lld, filters=%lld.",
                        (long long)config->groups, (long long)config->filters);
    CRN_TRY(crn_sliding_read(layer, rank, &window, &config->sliding, err));
    CRN_TRY(crn_layer_refuse(layer, "lora_rank", config->lora_rank, err));
    return crn_layer_activation_check(layer, config->activation, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const conv *config = layer->config;
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_sliding_infer(layer, &config->sliding, in, n_in, config->filters, out, err));
    int64_t channels = 0;
    CRN_TRY(crn_layer_known_axis(layer, &in[0], crn_sliding_channel_axis(&config->sliding),
                                 &channels, err));
    if (channels % config->groups == 0)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE,
                    "The number of input channels must be evenly divisible by the number of "
                    "groups. Received groups=%lld, but the input has %lld channels (full input "
                    "shape is %s).",
                    (long long)config->groups, (long long)channels,
                    crn_layer_shape_text(&in[0], shape, sizeof shape));
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const conv *config = layer->config;
    const int32_t rank = config->sliding.rank;
    int64_t kernel[CRN_WINDOW_AXES + 2];
    (void)n_in;
    for (int32_t k = 0; k < rank; k++)
        kernel[k] = config->sliding.size[k];
    kernel[rank] = in[0].shape[crn_sliding_channel_axis(&config->sliding)] / config->groups;
    kernel[rank + 1] = config->filters;
    CRN_TRY(crn_layer_add_weight(layer, "kernel", rank + 2, kernel, true,
                                 config->kernel_initializer, config->kernel_regularizer,
                                 config->kernel_constraint, err));
    if (!config->use_bias)
        return CRN_OK;
    return crn_layer_add_weight(layer, "bias", 1, &config->filters, true,
                                config->bias_initializer, config->bias_regularizer,
                                config->bias_constraint, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const conv *config = layer->config;
    crn_graph *graph = lowering->graph;
    (void)n_in;
    crn_value x = crn_sliding_enter(&config->sliding, graph, in[0]);
    crn_value kernel = crn_layer_weight_value(layer, lowering, KERNEL);
    crn_value bias =
        config->use_bias ? crn_layer_weight_value(layer, lowering, BIAS) : CRN_NO_VALUE;
    const crn_type *type = crn_graph_type(graph, x);
    const crn_window window = crn_sliding_window(&config->sliding, type);
    const int64_t channels = type->shape[config->sliding.rank];
    x = channels > 1 && channels == config->groups
            ? crn_depthwise_convolution(graph, x, &window, kernel, config->filters / channels,
                                        bias)
            : crn_convolution(graph, x, &window, kernel, config->groups, bias);
    x = crn_sliding_leave(&config->sliding, graph, x);
    return crn_layer_activate(layer, lowering, x, config->activation);
}

#define CONV_TYPE(rank, others)                                                                \
    const crn_layer_type crn_layer_Conv##rank##D = {                                           \
        .base = {.name = "Conv" #rank "D",                                                     \
                 .other_names = others,                                                        \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(conv),                                                         \
                 .fields = fields_##rank##d},                                                  \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .build = build,                                                                        \
        .built_by_call = true,                                                                 \
        .check = check,                                                                        \
    }

CONV_TYPE(1, "Convolution1D");
CONV_TYPE(2, "Convolution2D");
CONV_TYPE(3, "Convolution3D");
