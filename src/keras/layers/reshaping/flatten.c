/* SPDX-License-Identifier: BSD-3-Clause */
/* Flatten, as keras/src/layers/reshaping/flatten.py (3.15): each item becomes a vector,
 * its channels last. */
#include <string.h>

#include "keras/layers/layer.h"
#include "ops/rows.h"
#include "ops/tensor.h"

typedef struct flatten {
    crn_layer_config base;
    const char *data_format;
    bool channels_first;
} flatten;

static const crn_field fields[] = {
    CRN_PARAM(flatten, data_format, STRING, "'channels_last'", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    flatten *config = layer->config;
    if (config->data_format == NULL)
        config->data_format = "channels_last";
    config->channels_first = strcmp(config->data_format, "channels_first") == 0;
    if (config->channels_first || strcmp(config->data_format, "channels_last") == 0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "The `data_format` argument must be one of \"channels_first\", "
                    "\"channels_last\". Received: data_format=%s",
                    config->data_format);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    int64_t length = 1;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    for (int32_t i = 0; i < in[0].ndim && length >= 0; i++) {
        if (in[0].shape[i] < 0)
            length = -1;
        else if (__builtin_mul_overflow(length, in[0].shape[i], &length))
            return crn_fail(err, CRN_SHAPE, "Flatten: the items are too large");
    }
    *out = crn_type_vector(in[0].dtype, length);
    return CRN_OK;
}

/* With one axis, or none, the channels are there already. */
static crn_value channels_last(crn_graph *graph, crn_value x)
{
    const int32_t ndim = crn_graph_type(graph, x)->ndim;
    int32_t order[CRN_MAX_NDIM] = {0};
    for (int32_t i = 0; i < ndim; i++)
        order[i] = i + 1 < ndim ? i + 1 : 0;
    return ndim > 1 ? crn_permute(graph, x, order) : x;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const flatten *config = layer->config;
    crn_graph *graph = lowering->graph;
    const int64_t length = crn_type_size(crn_graph_type(graph, in[0]));
    (void)n_in;
    return crn_reshape(graph, config->channels_first ? channels_last(graph, in[0]) : in[0], 1,
                       &length);
}

const crn_layer_type crn_layer_Flatten = {
    .base = {.name = "Flatten",
             .module = "keras.layers",
             .size = sizeof(flatten),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .trains = true,
    .in_float64 = true,
    .built_by_call = true,
    .check = check,
};
