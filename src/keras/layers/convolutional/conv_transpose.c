/* SPDX-License-Identifier: BSD-3-Clause */
/* Conv1DTranspose, Conv2DTranspose and Conv3DTranspose, as
 * keras/src/layers/convolutional/base_conv_transpose.py and keras/src/backend/common/
 * backend_utils.py (3.15) with the TensorFlow backend: the gradient of a convolution. */
#include "keras/layers/convolutional/sliding.h"
#include "ops/convolution.h"

typedef struct conv_transpose {
    crn_layer_config base;
    int64_t filters;
    const crn_object *kernel_size, *strides, *output_padding, *dilation_rate;
    const char *padding, *data_format;
    const crn_object *activation;
    bool use_bias;
    const crn_object *kernel_initializer, *bias_initializer;
    const crn_object *kernel_regularizer, *bias_regularizer;
    const crn_object *kernel_constraint, *bias_constraint;
    const crn_object *groups; /* Keras 2 leaves it in the config: 1 */
    /* once checked */
    crn_sliding sliding;
    bool has_output_padding;
    int64_t extra[CRN_WINDOW_AXES];
} conv_transpose;

#define TRANSPOSE_FIELDS(ones)                                                                 \
    CRN_PARAM(conv_transpose, filters, INT, NULL, NULL),                                       \
        CRN_PARAM(conv_transpose, kernel_size, OBJECT, NULL, NULL),                            \
        CRN_PARAM(conv_transpose, strides, OBJECT, ones, NULL),                                \
        CRN_PARAM(conv_transpose, padding, STRING, "'valid'", NULL),                           \
        CRN_PARAM(conv_transpose, output_padding, OBJECT, "None", NULL),                       \
        CRN_PARAM(conv_transpose, data_format, STRING, "None", NULL),                          \
        CRN_PARAM(conv_transpose, dilation_rate, OBJECT, ones, NULL),                          \
        CRN_PARAM(conv_transpose, activation, OBJECT, "None", NULL),                           \
        CRN_PARAM(conv_transpose, use_bias, BOOL, "True", NULL),                               \
        CRN_PARAM(conv_transpose, kernel_initializer, OBJECT, "'glorot_uniform'", NULL),       \
        CRN_PARAM(conv_transpose, bias_initializer, OBJECT, "'zeros'", NULL),                  \
        CRN_PARAM(conv_transpose, kernel_regularizer, OBJECT, "None", NULL),                   \
        CRN_PARAM(conv_transpose, bias_regularizer, OBJECT, "None", NULL),                     \
        CRN_LAYER_ACTIVITY_REGULARIZER,                                                        \
        CRN_PARAM(conv_transpose, kernel_constraint, OBJECT, "None", NULL),                    \
        CRN_PARAM(conv_transpose, bias_constraint, OBJECT, "None", NULL),                      \
        CRN_LAYER_ARGUMENT(conv_transpose, groups), CRN_LAYER_FIELDS, CRN_FIELDS_END

static const crn_field fields_1d[] = {TRANSPOSE_FIELDS("1")};
static const crn_field fields_2d[] = {TRANSPOSE_FIELDS("(1, 1)")};
static const crn_field fields_3d[] = {TRANSPOSE_FIELDS("(1, 1, 1)")};

enum { KERNEL, BIAS };

static int32_t rank_of(const crn_layer *layer)
{
    return layer->type == &crn_layer_Conv1DTranspose   ? 1
           : layer->type == &crn_layer_Conv2DTranspose ? 2
                                                       : 3;
}

static crn_status check_dilation(const crn_layer *layer, const crn_sliding *s, crn_error *err)
{
    bool strides = false, dilates = false;
    for (int32_t k = 0; k < s->rank; k++) {
        strides = strides || s->stride[k] > 1;
        dilates = dilates || s->dilation[k] > 1;
    }
    if (!strides || !dilates)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "%s: `strides > 1` not supported in conjunction with `dilation_rate > 1`.",
                    layer->type->base.name);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    conv_transpose *config = layer->config;
    const crn_sliding_config window = {
        "kernel_size",   config->kernel_size, config->strides,       config->dilation_rate,
        config->padding, config->data_format, .may_be_causal = false};
    int64_t groups = 1;
    if (config->filters < 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid value for argument `filters`. Expected a strictly positive "
                        "value. Received filters=%lld.",
                        (long long)config->filters);
    if (config->groups != NULL && !crn_object_is_none(config->groups) &&
        !(crn_object_as_int(config->groups, &groups) && groups == 1))
        return crn_layer_refuse(layer, "groups", config->groups, err);
    CRN_TRY(crn_sliding_read(layer, rank_of(layer), &window, &config->sliding, err));
    CRN_TRY(check_dilation(layer, &config->sliding, err));
    config->has_output_padding = !crn_object_is_none(config->output_padding);
    if (config->has_output_padding)
        CRN_TRY(crn_sliding_tuple(layer, "output_padding", config->output_padding,
                                  config->sliding.rank, 0, config->extra, err));
    return crn_layer_activation_check(layer, config->activation, err);
}

/* Outputs along an axis of n; the taps of input i begin at output i * stride - before. */
static crn_window_axis axis_of(const conv_transpose *config, int k, int64_t n)
{
    const crn_sliding *s = &config->sliding;
    const int64_t size = s->size[k], stride = s->stride[k];
    const int64_t reach = (size - 1) * s->dilation[k] + 1;
    const int64_t full = (n - 1) * stride + reach;
    const bool same = s->padding == CRN_PADDING_SAME;
    int64_t outputs = same ? n * stride : full + (stride > reach ? stride - reach : 0);
    if (config->has_output_padding)
        outputs = full + config->extra[k] - (same ? reach / 2 * 2 : 0);
    const int64_t cut = same && full > outputs ? full - outputs : 0;
    return (crn_window_axis){.n_in = n,
                             .n_out = outputs,
                             .size = size,
                             .stride = stride,
                             .dilation = s->dilation[k],
                             .before = cut / 2,
                             .out_step = 1,
                             .tap_step = 1};
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const conv_transpose *config = layer->config;
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_sliding_check_input(layer, &config->sliding, in, n_in, err));
    *out = in[0];
    for (int32_t k = 0; k < config->sliding.rank; k++) {
        int64_t *length = &out->shape[crn_sliding_first_axis(&config->sliding) + k];
        if (*length < 0)
            continue;
        *length = axis_of(config, k, *length).n_out;
        if (*length < 1)
            return crn_fail(err, CRN_SHAPE,
                            "Computed output size would be negative or zero: layer \"%s\" got "
                            "an input of shape %s",
                            layer->name, crn_layer_shape_text(&in[0], shape, sizeof shape));
    }
    out->shape[crn_sliding_channel_axis(&config->sliding)] = config->filters;
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const conv_transpose *config = layer->config;
    const int32_t rank = config->sliding.rank;
    int64_t kernel[CRN_WINDOW_AXES + 2];
    (void)n_in;
    for (int32_t k = 0; k < rank; k++)
        kernel[k] = config->sliding.size[k];
    kernel[rank] = config->filters;
    CRN_TRY(crn_layer_known_axis(layer, &in[0], crn_sliding_channel_axis(&config->sliding),
                                 &kernel[rank + 1], err));
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
    const conv_transpose *config = layer->config;
    const crn_sliding *sliding = &config->sliding;
    crn_graph *graph = lowering->graph;
    crn_window window = {{crn_window_point(), crn_window_point(), crn_window_point()}};
    (void)n_in;
    crn_value x = crn_sliding_enter(sliding, graph, in[0]);
    for (int32_t k = 0; k < sliding->rank; k++)
        window.axis[CRN_WINDOW_AXES - sliding->rank + k] =
            axis_of(config, k, crn_graph_type(graph, x)->shape[k]);
    x = crn_transposed_convolution(
        graph, x, &window, crn_layer_weight_value(layer, lowering, KERNEL),
        config->use_bias ? crn_layer_weight_value(layer, lowering, BIAS) : CRN_NO_VALUE);
    x = crn_sliding_leave(sliding, graph, x);
    return crn_layer_activate(layer, lowering, x, config->activation);
}

#define TRANSPOSE_TYPE(rank, other)                                                            \
    const crn_layer_type crn_layer_Conv##rank##DTranspose = {                                  \
        .base = {.name = "Conv" #rank "DTranspose",                                            \
                 .other_names = other,                                                         \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(conv_transpose),                                               \
                 .fields = fields_##rank##d},                                                  \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .build = build,                                                                        \
        .built_by_call = true,                                                                 \
        .check = check,                                                                        \
    }

TRANSPOSE_TYPE(1, "Convolution1DTranspose");
TRANSPOSE_TYPE(2, "Convolution2DTranspose");
TRANSPOSE_TYPE(3, "Convolution3DTranspose");
