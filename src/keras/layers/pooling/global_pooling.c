/* SPDX-License-Identifier: BSD-3-Clause */
/* GlobalMaxPooling1D to 3D and GlobalAveragePooling1D to 3D, as
 * keras/src/layers/pooling/base_global_pooling.py and global_average_pooling1d.py (3.15). The
 * average of steps leaves out those that are masked. */
#include "keras/layers/convolutional/sliding.h"
#include "ops/convolution.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/tensor.h"

typedef struct global_pooling {
    crn_layer_config base;
    const char *data_format;
    bool keepdims;
    crn_sliding sliding; /* once checked: rank and place of the channels */
} global_pooling;

static const crn_field fields[] = {
    CRN_PARAM(global_pooling, data_format, STRING, "None", NULL),
    CRN_PARAM(global_pooling, keepdims, BOOL, "False", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static int32_t rank_of(const crn_layer *layer)
{
    const crn_layer_type *type = layer->type;
    return type == &crn_layer_GlobalMaxPooling1D || type == &crn_layer_GlobalAveragePooling1D
               ? 1
           : type == &crn_layer_GlobalMaxPooling2D || type == &crn_layer_GlobalAveragePooling2D
               ? 2
               : 3;
}

static bool takes_most(const crn_layer *layer)
{
    return layer->type == &crn_layer_GlobalMaxPooling1D ||
           layer->type == &crn_layer_GlobalMaxPooling2D ||
           layer->type == &crn_layer_GlobalMaxPooling3D;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    global_pooling *config = layer->config;
    config->sliding.rank = rank_of(layer);
    return crn_sliding_channels_first(layer, config->data_format,
                                      &config->sliding.channels_first, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const global_pooling *config = layer->config;
    const bool masked = layer->type->lower_many != NULL && n_in == 2; /* as an argument */
    CRN_TRY(crn_sliding_check_input(layer, &config->sliding, in, masked ? 1 : n_in, err));
    const int32_t channel_axis = crn_sliding_channel_axis(&config->sliding);
    *out = in[0];
    for (int32_t k = 0; k < out->ndim; k++)
        out->shape[k] = k == channel_axis ? out->shape[k] : 1;
    if (!config->keepdims) {
        out->shape[0] = in[0].shape[channel_axis];
        out->ndim = 1;
    }
    return CRN_OK;
}

/* (channels) with the axes that it was over, if they are wanted. */
static crn_value keep_axes(const global_pooling *config, crn_graph *graph, crn_value x,
                           int64_t channels)
{
    int64_t shape[CRN_WINDOW_AXES + 1] = {1, 1, 1, 1};
    const int32_t axis = config->keepdims ? crn_sliding_channel_axis(&config->sliding) : 0;
    shape[axis] = channels;
    return crn_reshape(graph, x, config->keepdims ? config->sliding.rank + 1 : 1, shape);
}

/* Sums of the steps that the mask leaves, over how many they are: x (steps, channels). */
static crn_value masked_mean(crn_graph *graph, crn_value x, crn_value mask)
{
    const int64_t steps = crn_graph_type(graph, x)->shape[0];
    crn_value kept = crn_cast(graph, mask, CRN_FLOAT32);
    crn_value count =
        crn_reshape(graph, crn_reduce(graph, kept, CRN_REDUCE_SUM), 1, (const int64_t[]){1});
    x = crn_binary(graph, x, crn_reshape(graph, kept, 2, (const int64_t[]){steps, 1}),
                   CRN_BINARY_MULTIPLY);
    x = crn_permute(graph, x, (const int32_t[]){1, 0});
    return crn_binary(graph, crn_reduce(graph, x, CRN_REDUCE_SUM), count, CRN_BINARY_DIVIDE);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const global_pooling *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_sliding all = config->sliding;
    (void)n_in;
    crn_value x = crn_sliding_enter(&all, graph, in[0]);
    const crn_type *type = crn_graph_type(graph, x);
    const int64_t channels = type->shape[all.rank];
    for (int32_t k = 0; k < all.rank; k++) {
        all.size[k] = type->shape[k];
        all.stride[k] = all.dilation[k] = 1;
    }
    const crn_window window = crn_sliding_window(&all, type);
    x = crn_pool(graph, x, takes_most(layer) ? CRN_POOL_MAX : CRN_POOL_AVERAGE, &window);
    return keep_axes(config, graph, x, channels);
}

static void lower_masked(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const global_pooling *config = layer->config;
    crn_graph *graph = lowering->graph;
    const int given =
        crn_layer_argument_tensor(io->arguments, crn_layer_argument(io->arguments, "mask", 1));
    const crn_value mask = given >= 0 ? io->in[given] : io->in_masks[0];
    if (mask == CRN_NO_VALUE) {
        io->out[0] = lower(layer, lowering, io->in, 1);
        return;
    }
    crn_value x = crn_sliding_enter(&config->sliding, graph, io->in[0]);
    const int64_t channels = crn_graph_type(graph, x)->shape[1];
    io->out[0] = keep_axes(config, graph, masked_mean(graph, x, mask), channels);
}

#define GLOBAL_TYPE(class_, other, way, function)                                              \
    const crn_layer_type crn_layer_Global##class_ = {                                          \
        .base = {.name = "Global" #class_,                                                     \
                 .other_names = "Global" other,                                                \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(global_pooling),                                               \
                 .fields = fields},                                                            \
        .infer = infer,                                                                        \
        .way = function,                                                                       \
        .check = check,                                                                        \
    }

GLOBAL_TYPE(MaxPooling1D, "MaxPool1D", lower, lower);
GLOBAL_TYPE(MaxPooling2D, "MaxPool2D", lower, lower);
GLOBAL_TYPE(MaxPooling3D, "MaxPool3D", lower, lower);
GLOBAL_TYPE(AveragePooling1D, "AvgPool1D", lower_many, lower_masked);
GLOBAL_TYPE(AveragePooling2D, "AvgPool2D", lower, lower);
GLOBAL_TYPE(AveragePooling3D, "AvgPool3D", lower, lower);
