/* SPDX-License-Identifier: BSD-3-Clause */
/* LocallyConnected1D and 2D of Keras 2, as keras/src/layers/locally_connected/ (2.15) has them:
 * convolutions whose every output has a kernel of its own. The three implementations keep the
 * same numbers in different orders: 1 by output (outputs, window, filters), 2 as a matrix between
 * all of the input and all of the output of which only the windows count, 3 those alone. */
#include <string.h>

#include "keras/layers/convolutional/sliding.h"
#include "ops/convolution.h"
#include "ops/rows.h"

typedef struct local {
    crn_layer_config base;
    int64_t filters;
    const crn_object *kernel_size, *strides;
    const char *padding, *data_format;
    const crn_object *activation;
    bool use_bias;
    const crn_object *kernel_initializer, *bias_initializer;
    const crn_object *kernel_regularizer, *bias_regularizer;
    const crn_object *kernel_constraint, *bias_constraint;
    int64_t implementation;
    crn_sliding sliding; /* once checked */
} local;

#define LOCAL_FIELDS(ones)                                                                     \
    CRN_PARAM(local, filters, INT, NULL, NULL),                                                \
        CRN_PARAM(local, kernel_size, OBJECT, NULL, NULL),                                     \
        CRN_PARAM(local, strides, OBJECT, ones, NULL),                                         \
        CRN_PARAM(local, padding, STRING, "'valid'", NULL),                                    \
        CRN_PARAM(local, data_format, STRING, "None", NULL),                                   \
        CRN_PARAM(local, activation, OBJECT, "None", NULL),                                    \
        CRN_PARAM(local, use_bias, BOOL, "True", NULL),                                        \
        CRN_PARAM(local, kernel_initializer, OBJECT, "'glorot_uniform'", NULL),                \
        CRN_PARAM(local, bias_initializer, OBJECT, "'zeros'", NULL),                           \
        CRN_PARAM(local, kernel_regularizer, OBJECT, "None", NULL),                            \
        CRN_PARAM(local, bias_regularizer, OBJECT, "None", NULL),                              \
        CRN_LAYER_ACTIVITY_REGULARIZER,                                                        \
        CRN_PARAM(local, kernel_constraint, OBJECT, "None", NULL),                             \
        CRN_PARAM(local, bias_constraint, OBJECT, "None", NULL),                               \
        CRN_PARAM(local, implementation, INT, "1", NULL), CRN_LAYER_FIELDS, CRN_FIELDS_END

static const crn_field fields_1d[] = {LOCAL_FIELDS("1")};
static const crn_field fields_2d[] = {LOCAL_FIELDS("(1, 1)")};

enum { KERNEL, BIAS };

static crn_status check(crn_layer *layer, crn_error *err)
{
    local *config = layer->config;
    const int32_t rank = layer->type == &crn_layer_LocallyConnected1D ? 1 : 2;
    const crn_sliding_config window = {
        "kernel_size",   config->kernel_size, config->strides,       NULL,
        config->padding, config->data_format, .may_be_causal = false};
    if (config->filters < 1 || config->implementation < 1 || config->implementation > 3)
        return crn_fail(err, CRN_ARGUMENT,
                        "%s: `filters` must be at least 1 and `implementation` 1, 2 or 3",
                        layer->type->base.name);
    CRN_TRY(crn_sliding_read(layer, rank, &window, &config->sliding, err));
    if (config->sliding.padding != CRN_PADDING_VALID && config->implementation == 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid border mode for %s (only \"valid\" is supported if "
                        "implementation is 1): same",
                        layer->type->base.name);
    return crn_layer_activation_check(layer, config->activation, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const local *config = layer->config;
    return crn_sliding_infer(layer, &config->sliding, in, n_in, config->filters, out, err);
}

/* The item with its channels last. */
static crn_type channels_last(const crn_sliding *sliding, const crn_type *in)
{
    crn_type type = *in;
    for (int32_t k = 0; k < sliding->rank; k++)
        type.shape[k] = in->shape[crn_sliding_first_axis(sliding) + k];
    type.shape[sliding->rank] = in->shape[crn_sliding_channel_axis(sliding)];
    return type;
}

/* ---- the kernel as the operation reads it ---- */

/* What visits the weights that count: output by output, tap by tap. */
typedef struct visit {
    const local *config;
    const crn_window *window;
    int64_t channels, outputs;
    const float *from;
    float *to;     /* (outputs, taps * channels, filters), zeroed; NULL: only counts */
    int64_t tap;   /* taps inside so far, over all outputs */
    int64_t total; /* all of them */
} visit;

/* Element (input place, channel, output, filter) of implementation 2's matrix. */
static float matrix_at(const visit *v, int64_t place, int64_t c, int64_t output, int64_t f)
{
    const crn_window_axis *axis = v->window->axis;
    const int64_t places = axis[1].n_in * axis[2].n_in, filters = v->config->filters;
    if (v->config->sliding.channels_first)
        return v->from[((c * places + place) * filters + f) * v->outputs + output];
    return v->from[((place * v->channels + c) * v->outputs + output) * filters + f];
}

/* The weights of a tap of an output: `place` in the input; `before` taps of the output came
 * before it, of `inside` that are inside. */
static void copy_tap(const visit *v, int64_t output, int64_t tap, int64_t place, int64_t before,
                     int64_t inside)
{
    const int64_t taps = crn_window_taps(v->window), filters = v->config->filters;
    const bool first = v->config->sliding.channels_first;
    const int64_t start = (v->tap - before) * v->channels; /* of the output's own */
    for (int64_t c = 0; c < v->channels; c++) {
        for (int64_t f = 0; f < filters; f++) {
            float *to = &v->to[((output * taps + tap) * v->channels + c) * filters + f];
            if (v->config->implementation == 1)
                *to = v->from[(output * taps * v->channels +
                               (first ? c * taps + tap : tap * v->channels + c)) *
                                  filters +
                              f];
            else if (v->config->implementation == 2)
                *to = matrix_at(v, place, c, output, f);
            else if (first)
                *to = v->from[f * v->total * v->channels + start + c * inside + before];
            else
                *to = v->from[start * filters + (f * inside + before) * v->channels + c];
        }
    }
}

static void visit_output(visit *v, int64_t output, int64_t i, int64_t j)
{
    const crn_window_axis *a = &v->window->axis[1], *b = &v->window->axis[2];
    const crn_window_segment p = crn_window_segment_at(a, i), q = crn_window_segment_at(b, j);
    const int64_t inside = (p.tap_end - p.tap) * (q.tap_end - q.tap);
    int64_t before = 0;
    for (int64_t s = p.tap; s < p.tap_end; s++) {
        for (int64_t t = q.tap; t < q.tap_end; t++, before++) {
            const int64_t place =
                (i * a->stride + s - a->before) * b->n_in + j * b->stride + t - b->before;
            if (v->to != NULL)
                copy_tap(v, output, s * b->size + t, place, before, inside);
            v->tap++;
        }
    }
}

static void visit_all(visit *v)
{
    const crn_window_axis *axis = v->window->axis;
    for (int64_t i = 0; i < axis[1].n_out; i++) {
        for (int64_t j = 0; j < axis[2].n_out; j++)
            visit_output(v, i * axis[2].n_out + j, i, j);
    }
}

/* ---- weights ---- */

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const local *config = layer->config;
    const int32_t rank = config->sliding.rank;
    const crn_type type = channels_last(&config->sliding, &in[0]);
    crn_type out;
    int64_t kernel[CRN_MAX_NDIM] = {0}, bias[3] = {0}, known;
    int32_t ndim = 0;
    for (int32_t k = 0; k <= rank; k++)
        CRN_TRY(crn_layer_known_axis(layer, &in[0], k, &known, err));
    CRN_TRY(infer(layer, in, n_in, &out, err));
    const crn_window window = crn_sliding_window(&config->sliding, &type);
    const int64_t outputs = crn_window_outputs(&window), channels = type.shape[rank];
    visit v = {config, &window, channels, outputs, NULL, NULL, 0, 0};
    switch (config->implementation) {
    case 1:
        kernel[ndim++] = outputs;
        kernel[ndim++] = crn_window_taps(&window) * channels;
        kernel[ndim++] = config->filters;
        break;
    case 2:
        for (int32_t k = 0; k <= rank; k++)
            kernel[ndim++] = in[0].shape[k];
        for (int32_t k = 0; k <= rank; k++)
            kernel[ndim++] = out.shape[k];
        break;
    default:
        visit_all(&v);
        kernel[ndim++] = v.tap * channels * config->filters;
        break;
    }
    CRN_TRY(crn_layer_add_weight(layer, "kernel", ndim, kernel, true,
                                 config->kernel_initializer, config->kernel_regularizer,
                                 config->kernel_constraint, err));
    for (int32_t k = 0; k < rank; k++)
        bias[k] = window.axis[CRN_WINDOW_AXES - rank + k].n_out;
    bias[rank] = config->filters;
    if (!config->use_bias)
        return CRN_OK;
    return crn_layer_add_weight(layer, "bias", rank + 1, bias, true, config->bias_initializer,
                                config->bias_regularizer, config->bias_constraint, err);
}

static crn_value arranged_kernel(const crn_layer *layer, crn_graph *graph,
                                 const crn_window *window, int64_t channels)
{
    const local *config = layer->config;
    const int64_t shape[] = {crn_window_outputs(window), crn_window_taps(window) * channels,
                             config->filters};
    crn_array kernel = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT32, 0, 3, shape, &kernel, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    visit v = {config,
               window,
               channels,
               shape[0],
               layer->weights[KERNEL].array.data,
               kernel.data,
               0,
               crn_array_size(&layer->weights[KERNEL].array) / (channels * config->filters)};
    visit_all(&v);
    const crn_value made = crn_graph_constant(graph, &kernel);
    crn_array_free(&kernel);
    return made;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const local *config = layer->config;
    crn_graph *graph = lowering->graph;
    (void)n_in;
    if (lowering->training)
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "a model with locally connected layers cannot be trained");
    crn_value x = crn_sliding_enter(&config->sliding, graph, in[0]);
    const crn_type *type = crn_graph_type(graph, x);
    const int64_t channels = type->shape[config->sliding.rank];
    const crn_window window = crn_sliding_window(&config->sliding, type);
    crn_value bias =
        config->use_bias ? crn_layer_weight_value(layer, lowering, BIAS) : CRN_NO_VALUE;
    x = crn_local_convolution(graph, x, &window,
                              arranged_kernel(layer, graph, &window, channels), bias);
    x = crn_sliding_leave(&config->sliding, graph, x);
    return crn_layer_activate(layer, lowering, x, config->activation);
}

#define LOCAL_TYPE(rank)                                                                       \
    const crn_layer_type crn_layer_LocallyConnected##rank##D = {                               \
        .base = {.name = "LocallyConnected" #rank "D",                                         \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(local),                                                        \
                 .fields = fields_##rank##d},                                                  \
        .infer = infer,                                                                        \
        .lower = lower,                                                                        \
        .build = build,                                                                        \
        .built_by_call = true,                                                                 \
        .check = check,                                                                        \
    }

LOCAL_TYPE(1);
LOCAL_TYPE(2);
