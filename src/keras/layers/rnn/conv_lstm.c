/* SPDX-License-Identifier: BSD-3-Clause */
/* ConvLSTM1D, ConvLSTM2D and ConvLSTM3D, as keras/src/layers/rnn/conv_lstm.py (3.15): an LSTM
 * over images, whose products are convolutions. */
#include <string.h>

#include "keras/layers/rnn/rnn.h"
#include "ops/tensor.h"

typedef struct conv_lstm {
    crn_recurrent_config recurrent; /* its units: the filters */
    int64_t filters;
    const crn_object *kernel_size, *strides, *padding, *data_format, *dilation_rate;
    int32_t rank;
    bool same, channels_first;
    int64_t taps[3], steps[3], dilation[3];
} conv_lstm;

static const crn_field fields[] = {
    CRN_PARAM(conv_lstm, filters, INT, NULL, "> 0"),
    CRN_PARAM(conv_lstm, kernel_size, OBJECT, NULL, NULL),
    CRN_PARAM(conv_lstm, strides, OBJECT, "1", NULL),
    CRN_PARAM(conv_lstm, padding, OBJECT, "'valid'", NULL),
    CRN_PARAM(conv_lstm, data_format, OBJECT, "None", NULL),
    CRN_PARAM(conv_lstm, dilation_rate, OBJECT, "1", NULL),
    CRN_RECURRENT_PARAM(activation, OBJECT, "'tanh'"),
    CRN_RECURRENT_PARAM(recurrent_activation, OBJECT, "'sigmoid'"),
    CRN_RECURRENT_FIELDS_INITIALIZERS,
    CRN_RECURRENT_PARAM(unit_forget_bias, BOOL, "True"),
    CRN_RECURRENT_FIELDS_REGULARIZERS,
    CRN_LAYER_ACTIVITY_REGULARIZER,
    CRN_RECURRENT_FIELDS_CONSTRAINTS,
    CRN_RECURRENT_FIELDS_DROPOUT,
    CRN_PARAM_SINCE(crn_recurrent_config, seed, OBJECT, "None", NULL, "3.0", NULL),
    CRN_RNN_FIELDS,
    CRN_PARAM(crn_rnn_config, unroll, BOOL, "False", NULL),
    CRN_RNN_FIELDS_KEYWORDS,
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

/* ---- options ---- */

/* One int for all axes, or one for each. */
static crn_status read_lengths(const crn_layer *layer, const char *option,
                               const crn_object *given, int64_t *out, crn_error *err)
{
    const conv_lstm *config = layer->config;
    const bool one = crn_object_is(given, CRN_OBJ_INT);
    bool fits = one || crn_object_length(given) == (size_t)config->rank;
    for (int32_t i = 0; i < config->rank && fits; i++)
        fits = crn_object_as_int(one ? given : crn_object_item(given, (size_t)i), &out[i]) &&
               out[i] >= 1 && out[i] <= INT32_MAX;
    if (fits)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "%s: the `%s` argument must be an integer of at least 1, or a tuple of %d",
                    layer->type->base.name, option, (int)config->rank);
}

static crn_status check_words(const crn_layer *layer, crn_error *err)
{
    conv_lstm *config = layer->config;
    const crn_object *format = config->data_format;
    config->same = crn_object_is_str(config->padding, "same");
    config->channels_first = crn_object_is_str(format, "channels_first");
    if (!config->same && !crn_object_is_str(config->padding, "valid"))
        return crn_fail(err, CRN_ARGUMENT, "%s: padding must be \"valid\" or \"same\"",
                        layer->type->base.name);
    if (format != NULL && !crn_object_is_none(format) && !config->channels_first &&
        !crn_object_is_str(format, "channels_last"))
        return crn_fail(err, CRN_ARGUMENT,
                        "%s: data_format must be \"channels_last\" or \"channels_first\"",
                        layer->type->base.name);
    return CRN_OK;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    conv_lstm *config = layer->config;
    config->rank = layer->type == &crn_layer_ConvLSTM1D   ? 1
                   : layer->type == &crn_layer_ConvLSTM2D ? 2
                                                          : 3;
    config->recurrent.units = config->filters;
    CRN_TRY(crn_rnn_check(layer, err));
    CRN_TRY(crn_rnn_cell_check(layer, err));
    CRN_TRY(read_lengths(layer, "kernel_size", config->kernel_size, config->taps, err));
    CRN_TRY(read_lengths(layer, "strides", config->strides, config->steps, err));
    CRN_TRY(read_lengths(layer, "dilation_rate", config->dilation_rate, config->dilation, err));
    return check_words(layer, err);
}

/* ---- geometry ---- */

/* Places of the state along an axis of that length, and the zeros in front; < 1: none. */
static int64_t state_length(const conv_lstm *config, int32_t axis, int64_t length,
                            int64_t *before)
{
    const int64_t window = (config->taps[axis] - 1) * config->dilation[axis] + 1;
    const int64_t step = config->steps[axis];
    *before = 0;
    if (!config->same)
        return length < window ? 0 : (length - window) / step + 1;
    const int64_t places = (length + step - 1) / step;
    const int64_t padding = (places - 1) * step + window - length;
    *before = padding > 0 ? padding / 2 : 0;
    return places;
}

/* Axis i of the image, and the channels, in an item (steps, ...). */
static int32_t image_axis(const conv_lstm *config, int32_t i)
{
    return config->channels_first ? 2 + i : 1 + i;
}

static int32_t channel_axis(const conv_lstm *config)
{
    return config->channels_first ? 1 : 1 + config->rank;
}

static crn_status infer_state(const crn_layer *layer, const crn_type *in, crn_type *state,
                              crn_error *err)
{
    const conv_lstm *config = layer->config;
    char shape[CRN_SHAPE_TEXT];
    int64_t before;
    if (in->ndim != config->rank + 2)
        return crn_fail(err, CRN_SHAPE,
                        "Input 0 of layer \"%s\" is incompatible with the layer: expected "
                        "ndim=%d, found ndim=%d. Full shape received: %s",
                        layer->name, (int)config->rank + 3, (int)in->ndim + 1,
                        crn_layer_shape_text(in, shape, sizeof shape));
    *state = crn_type_rows(CRN_FLOAT32, config->rank + 1, in->shape + 1);
    state->shape[channel_axis(config) - 1] = config->filters;
    for (int32_t i = 0; i < config->rank; i++) {
        int64_t *length = &state->shape[image_axis(config, i) - 1];
        *length = state_length(config, i, *length, &before);
        if (*length < 1)
            return crn_fail(err, CRN_SHAPE,
                            "ConvLSTM layers only support static input shapes for the spatial "
                            "dimension, at least as large as the window. Received: %s",
                            crn_layer_shape_text(in, shape, sizeof shape));
    }
    return CRN_OK;
}

static crn_status read_call(const crn_layer *layer, const crn_layer_arguments *arguments,
                            int n_in, crn_rnn_call *out, crn_error *err)
{
    CRN_TRY(crn_rnn_arguments_read(layer, arguments, n_in, "initial_state", out, err));
    if (out->state_count == 0 || out->state_count == 2)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE,
                    "Layer \"%s\" has 2 states, and is called with %d initial states.",
                    layer->name, out->state_count);
}

static crn_status infer_many(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const conv_lstm *config = layer->config;
    crn_rnn_call given;
    crn_type state;
    CRN_TRY(read_call(layer, call->arguments, call->n_in, &given, err));
    CRN_TRY(infer_state(layer, &call->in[0], &state, err));
    call->out[0] = state;
    if (config->recurrent.rnn.return_sequences) {
        call->out[0].ndim = state.ndim + 1;
        call->out[0].shape[0] = call->in[0].shape[0];
        memcpy(call->out[0].shape + 1, state.shape, (size_t)state.ndim * sizeof *state.shape);
    }
    for (int k = 0; config->recurrent.rnn.return_state && k < 2; k++)
        call->out[call->n_out++] = state;
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const conv_lstm *config = layer->config;
    int64_t channels;
    (void)n_in;
    CRN_TRY(crn_layer_known_axis(layer, &in[0], channel_axis(config), &channels, err));
    return crn_rnn_weights_build(layer, config->rank, config->taps, channels, "cell",
                                 "conv_lstm_cell", err);
}

/* ---- lowering ---- */

/* The channels of an item last, or back to where the layer has them; the first `lead` axes stay.
 */
static crn_value turn(const conv_lstm *config, crn_graph *graph, crn_value x, int32_t lead,
                      bool back)
{
    int32_t order[CRN_MAX_NDIM];
    const int32_t rank = config->rank;
    if (!config->channels_first)
        return x;
    for (int32_t i = 0; i < lead; i++)
        order[i] = i;
    for (int32_t i = 0; i < rank; i++)
        order[lead + i + (back ? 1 : 0)] = lead + i + (back ? 0 : 1);
    order[lead + (back ? 0 : rank)] = lead + (back ? rank : 0);
    return crn_permute(graph, x, order);
}

static crn_conv_recurrence recurrence_of(const crn_layer *layer, crn_lowering *lowering,
                                         const crn_type *x, bool given_states)
{
    const conv_lstm *config = layer->config;
    const crn_rnn_config *options = &config->recurrent.rnn;
    crn_conv_recurrence a = {
        .base = {.units = config->filters,
                 .return_sequences = options->return_sequences,
                 .go_backwards = options->go_backwards,
                 .flip = options->flip,
                 .zero_output_for_mask = options->zero_output_for_mask,
                 .batch = given_states ? 0 : crn_rnn_batch(layer, lowering)},
        .rank = config->rank};
    if (!crn_layer_function(layer, config->recurrent.activation, &a.base.activation) ||
        !crn_layer_function(layer, config->recurrent.recurrent_activation,
                            &a.base.recurrent_activation))
        crn_graph_fail(lowering->graph, CRN_INTERNAL, "an activation that was not checked");
    for (int32_t i = 0; i < config->rank; i++) {
        a.taps[i] = config->taps[i];
        a.strides[i] = config->steps[i];
        a.dilation[i] = config->dilation[i];
        a.out[i] = state_length(config, i, x->shape[image_axis(config, i)], &a.before[i]);
    }
    return a;
}

static void lower_many(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    const conv_lstm *config = layer->config;
    const crn_rnn_config *options = &config->recurrent.rnn;
    crn_graph *graph = lowering->graph;
    crn_rnn_call call;
    crn_value in[CRN_RECURRENCE_INPUTS];
    if (read_call(layer, io->arguments, io->n_in, &call, &graph->error) != CRN_OK)
        return;
    const crn_conv_recurrence a =
        recurrence_of(layer, lowering, crn_graph_type(graph, io->in[0]), call.state_count > 0);
    const crn_value mask = crn_rnn_call_mask(layer, &call, lowering, io);
    in[CRN_RECURRENCE_X] = turn(config, graph, io->in[0], 1, false);
    in[CRN_RECURRENCE_KERNEL] = crn_layer_weight_value(layer, lowering, 0);
    in[CRN_RECURRENCE_RECURRENT_KERNEL] = crn_layer_weight_value(layer, lowering, 1);
    in[CRN_RECURRENCE_BIAS] =
        config->recurrent.use_bias ? crn_layer_weight_value(layer, lowering, 2) : CRN_NO_VALUE;
    in[CRN_RECURRENCE_MASK] = mask;
    for (int k = 0; k < 2; k++)
        in[CRN_RECURRENCE_STATES + k] =
            call.state_count > 0 ? turn(config, graph, io->in[call.states[k]], 0, false)
                                 : CRN_NO_VALUE;
    const crn_value y = crn_conv_lstm(graph, &a, in);
    io->out[0] = crn_layer_penalize(
        layer, lowering, turn(config, graph, y, options->return_sequences ? 1 : 0, true));
    if (options->return_sequences)
        io->out_masks[0] = crn_rnn_call_out_mask(&call, mask, io);
    for (int k = 0; options->return_state && k < 2; k++)
        io->out[io->n_out++] =
            turn(config, graph, crn_graph_output_of(graph, y, 1 + k), 0, true);
}

#define CONV_LSTM(class_name)                                                                  \
    {                                                                                          \
        .base = {.name = class_name,                                                           \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(conv_lstm),                                                    \
                 .fields = fields},                                                            \
        .infer_many = infer_many, .lower_many = lower_many, .build = build, .check = check,    \
        .takes_argument = crn_rnn_takes_argument, .built_by_call = true                        \
    }

const crn_layer_type crn_layer_ConvLSTM1D = CONV_LSTM("ConvLSTM1D");
const crn_layer_type crn_layer_ConvLSTM2D = CONV_LSTM("ConvLSTM2D");
const crn_layer_type crn_layer_ConvLSTM3D = CONV_LSTM("ConvLSTM3D");
