/* SPDX-License-Identifier: BSD-3-Clause */
/* AdaptiveMaxPooling1D to 3D and AdaptiveAveragePooling1D to 3D, as
 * keras/src/layers/pooling/base_adaptive_pooling.py (3.15): the input shared among so many
 * outputs. */
#include "keras/layers/convolutional/sliding.h"
#include "ops/convolution.h"

typedef struct adaptive_pooling {
    crn_layer_config base;
    const crn_object *output_size;
    const char *data_format;
    crn_sliding sliding; /* once checked: rank and place of the channels */
    int64_t size[CRN_WINDOW_AXES];
} adaptive_pooling;

static const crn_field fields[] = {
    CRN_PARAM(adaptive_pooling, output_size, OBJECT, NULL, NULL),
    CRN_PARAM(adaptive_pooling, data_format, STRING, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static bool takes_most(const crn_layer *layer)
{
    return layer->type == &crn_layer_AdaptiveMaxPooling1D ||
           layer->type == &crn_layer_AdaptiveMaxPooling2D ||
           layer->type == &crn_layer_AdaptiveMaxPooling3D;
}

static int32_t rank_of(const crn_layer *layer)
{
    const crn_layer_type *type = layer->type;
    return type == &crn_layer_AdaptiveMaxPooling1D ||
                   type == &crn_layer_AdaptiveAveragePooling1D
               ? 1
           : type == &crn_layer_AdaptiveMaxPooling2D ||
                   type == &crn_layer_AdaptiveAveragePooling2D
               ? 2
               : 3;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    adaptive_pooling *config = layer->config;
    config->sliding.rank = rank_of(layer);
    CRN_TRY(crn_sliding_tuple(layer, "output_size", config->output_size, config->sliding.rank,
                              1, config->size, err));
    return crn_sliding_channels_first(layer, config->data_format,
                                      &config->sliding.channels_first, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const adaptive_pooling *config = layer->config;
    CRN_TRY(crn_sliding_check_input(layer, &config->sliding, in, n_in, err));
    *out = in[0];
    for (int32_t k = 0; k < config->sliding.rank; k++)
        out->shape[crn_sliding_first_axis(&config->sliding) + k] = config->size[k];
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const adaptive_pooling *config = layer->config;
    const crn_sliding *sliding = &config->sliding;
    crn_graph *graph = lowering->graph;
    crn_window window = {{crn_window_point(), crn_window_point(), crn_window_point()}};
    (void)n_in;
    crn_value x = crn_sliding_enter(sliding, graph, in[0]);
    for (int32_t k = 0; k < sliding->rank; k++) {
        crn_window_axis *axis = &window.axis[CRN_WINDOW_AXES - sliding->rank + k];
        axis->n_in = crn_graph_type(graph, x)->shape[k];
        axis->n_out = config->size[k];
    }
    x = crn_adaptive_pool(graph, x, takes_most(layer) ? CRN_POOL_MAX : CRN_POOL_AVERAGE,
                          &window);
    return crn_sliding_leave(sliding, graph, x);
}

#define ADAPTIVE_TYPE(class_)                                                                  \
    const crn_layer_type crn_layer_Adaptive##class_ = {                                        \
        .base = {.name = "Adaptive" #class_,                                                   \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(adaptive_pooling),                                             \
                 .fields = fields},                                                            \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
    }

ADAPTIVE_TYPE(MaxPooling1D);
ADAPTIVE_TYPE(MaxPooling2D);
ADAPTIVE_TYPE(MaxPooling3D);
ADAPTIVE_TYPE(AveragePooling1D);
ADAPTIVE_TYPE(AveragePooling2D);
ADAPTIVE_TYPE(AveragePooling3D);
