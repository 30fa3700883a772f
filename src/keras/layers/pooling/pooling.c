/* SPDX-License-Identifier: BSD-3-Clause */
/* MaxPooling1D to 3D and AveragePooling1D to 3D, as keras/src/layers/pooling/base_pooling.py
 * (3.15). */
#include "keras/layers/convolutional/sliding.h"
#include "ops/convolution.h"

typedef struct pooling {
    crn_layer_config base;
    const crn_object *pool_size, *strides;
    const char *padding, *data_format;
    crn_sliding sliding; /* once checked */
} pooling;

#define POOLING_FIELDS(twos)                                                                   \
    CRN_PARAM(pooling, pool_size, OBJECT, twos, NULL),                                         \
        CRN_PARAM(pooling, strides, OBJECT, "None", NULL),                                     \
        CRN_PARAM(pooling, padding, STRING, "'valid'", NULL),                                  \
        CRN_PARAM(pooling, data_format, STRING, "None", NULL), CRN_LAYER_FIELDS,               \
        CRN_FIELDS_END

static const crn_field fields_1d[] = {POOLING_FIELDS("2")};
static const crn_field fields_2d[] = {POOLING_FIELDS("(2, 2)")};
static const crn_field fields_3d[] = {POOLING_FIELDS("(2, 2, 2)")};

static int32_t rank_of(const crn_layer *layer)
{
    const crn_field *fields = layer->type->base.fields;
    return fields == fields_1d ? 1 : fields == fields_2d ? 2 : 3;
}

static bool takes_most(const crn_layer *layer)
{
    return layer->type == &crn_layer_MaxPooling1D || layer->type == &crn_layer_MaxPooling2D ||
           layer->type == &crn_layer_MaxPooling3D;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    pooling *config = layer->config;
    const crn_sliding_config window = {
        "pool_size",     config->pool_size,   config->strides,       NULL,
        config->padding, config->data_format, .may_be_causal = false};
    return crn_sliding_read(layer, rank_of(layer), &window, &config->sliding, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const pooling *config = layer->config;
    return crn_sliding_infer(layer, &config->sliding, in, n_in, -1, out, err);
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const crn_sliding *sliding = &((const pooling *)layer->config)->sliding;
    crn_graph *graph = lowering->graph;
    (void)n_in;
    crn_value x = crn_sliding_enter(sliding, graph, in[0]);
    const crn_window window = crn_sliding_window(sliding, crn_graph_type(graph, x));
    x = crn_pool(graph, x, takes_most(layer) ? CRN_POOL_MAX : CRN_POOL_AVERAGE, &window);
    return crn_sliding_leave(sliding, graph, x);
}

#define POOLING_TYPE(class_, rank, other)                                                      \
    const crn_layer_type crn_layer_##class_##rank##D = {                                       \
        .base = {.name = #class_ #rank "D",                                                    \
                 .other_names = other #rank "D",                                               \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(pooling),                                                      \
                 .fields = fields_##rank##d},                                                  \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
    }

POOLING_TYPE(MaxPooling, 1, "MaxPool");
POOLING_TYPE(MaxPooling, 2, "MaxPool");
POOLING_TYPE(MaxPooling, 3, "MaxPool");
POOLING_TYPE(AveragePooling, 1, "AvgPool");
POOLING_TYPE(AveragePooling, 2, "AvgPool");
POOLING_TYPE(AveragePooling, 3, "AvgPool");
