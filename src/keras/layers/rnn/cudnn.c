/* SPDX-License-Identifier: BSD-3-Clause */
/* CuDNNLSTM and CuDNNGRU of Keras 2, as keras/src/layers/rnn/cudnn_lstm.py and cudnn_gru.py
 * (2.15): LSTM, and GRU with reset_after, whose kernels stand as cuDNN reads them and whose bias
 * has a part for the inputs and one for the states. */
#include "keras/layers/rnn/rnn.h"

/* clang-format off */
#define FIELDS_AFTER_UNITS \
    CRN_RECURRENT_PARAM(kernel_initializer, OBJECT, "'glorot_uniform'"), \
    CRN_RECURRENT_PARAM(recurrent_initializer, OBJECT, "'orthogonal'"), \
    CRN_RECURRENT_PARAM(bias_initializer, OBJECT, "'zeros'")
#define FIELDS_AT_THE_END \
    CRN_RECURRENT_FIELDS_REGULARIZERS, \
    CRN_LAYER_ACTIVITY_REGULARIZER, \
    CRN_RECURRENT_FIELDS_CONSTRAINTS, \
    CRN_RNN_FIELDS, \
    CRN_LAYER_ARGUMENT(crn_rnn_config, time_major), \
    CRN_LAYER_FIELDS, \
    CRN_FIELDS_END
/* clang-format on */

static const crn_field lstm_fields[] = {
    CRN_PARAM(crn_recurrent_config, units, INT, NULL, "> 0"),
    FIELDS_AFTER_UNITS,
    CRN_RECURRENT_PARAM(unit_forget_bias, BOOL, "True"),
    FIELDS_AT_THE_END,
};

static const crn_field gru_fields[] = {
    CRN_PARAM(crn_recurrent_config, units, INT, NULL, "> 0"),
    FIELDS_AFTER_UNITS,
    FIELDS_AT_THE_END,
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    crn_recurrent_config *config = layer->config;
    config->activation = crn_object_str(layer->document, "tanh");
    config->recurrent_activation = crn_object_str(layer->document, "sigmoid");
    config->use_bias = true;
    config->reset_after = layer->type == &crn_layer_CuDNNGRU;
    if (config->activation == NULL || config->recurrent_activation == NULL)
        return crn_arena_fail(layer->document->arena, err);
    CRN_TRY(crn_rnn_check(layer, err));
    return crn_rnn_cell_check(layer, err);
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    crn_recurrent_config *config = layer->config;
    crn_rnn_cell kind = CRN_LSTM_CELL;
    (void)n_in;
    crn_rnn_cell_of(layer, &kind);
    config->use_bias = false;
    crn_status status = crn_rnn_cell_build(layer, in, NULL, NULL, err);
    config->use_bias = true;
    CRN_TRY(status);
    const int64_t width = 2 * crn_rnn_cell_gates(kind) * config->units;
    return crn_layer_add_weight(layer, "bias", 1, &width, true, config->bias_initializer,
                                config->bias_regularizer, config->bias_constraint, err);
}

/* ---- the kernels of LSTM and GRU ---- */

/* cuDNN reads the memory of each gate's (n_in, units) as its transpose, (units, n_in). */
static crn_value arrange_kernel(crn_graph *graph, crn_value kernel, int64_t units)
{
    const crn_array from = graph->values[kernel].array;
    const int64_t n_in = from.shape[0], width = from.shape[1];
    crn_array to = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT32, 0, 2, from.shape, &to, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const float *x = from.data;
    float *y = to.data;
    for (int64_t gate = 0; gate < width; gate += units) {
        for (int64_t i = 0; i < n_in * units; i++)
            y[i % n_in * width + gate + i / n_in] = x[i / units * width + gate + i % units];
    }
    const crn_value made = crn_graph_constant(graph, &to);
    crn_array_free(&to);
    return made;
}

/* (2 * width) as the sum of both parts, or as (2, width). */
static crn_value arrange_bias(crn_graph *graph, crn_value bias, bool sum)
{
    const crn_array from = graph->values[bias].array;
    const int64_t width = from.shape[0] / 2, shape[] = {2, width};
    crn_array to = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT32, 0, sum ? 1 : 2, sum ? shape + 1 : shape, &to,
                         &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const float *x = from.data;
    float *y = to.data;
    for (int64_t i = 0; i < (sum ? width : 2 * width); i++)
        y[i] = sum ? x[i] + x[width + i] : x[i];
    const crn_value made = crn_graph_constant(graph, &to);
    crn_array_free(&to);
    return made;
}

void crn_cudnn_arrange(crn_graph *graph, crn_rnn_cell kind, int64_t units, crn_value *in)
{
    for (int k = CRN_RECURRENCE_KERNEL; k <= CRN_RECURRENCE_BIAS; k++) {
        if (in[k] == CRN_NO_VALUE || graph->values[in[k]].role != CRN_VALUE_CONSTANT) {
            crn_graph_fail(graph, CRN_UNSUPPORTED, "CuDNN layers cannot be trained");
            return;
        }
    }
    in[CRN_RECURRENCE_KERNEL] = arrange_kernel(graph, in[CRN_RECURRENCE_KERNEL], units);
    in[CRN_RECURRENCE_RECURRENT_KERNEL] =
        arrange_kernel(graph, in[CRN_RECURRENCE_RECURRENT_KERNEL], units);
    in[CRN_RECURRENCE_BIAS] =
        arrange_bias(graph, in[CRN_RECURRENCE_BIAS], kind == CRN_LSTM_CELL);
}

#define CUDNN(class_name, table)                                                               \
    {                                                                                          \
        .base = {.name = class_name,                                                           \
                 .module = "keras.layers",                                                     \
                 .size = sizeof(crn_recurrent_config),                                         \
                 .fields = table},                                                             \
        .infer_many = crn_rnn_infer, .lower_many = crn_rnn_lower, .build = build,              \
        .check = check, .takes_argument = crn_rnn_takes_argument                               \
    }

const crn_layer_type crn_layer_CuDNNLSTM = CUDNN("CuDNNLSTM", lstm_fields);
const crn_layer_type crn_layer_CuDNNGRU = CUDNN("CuDNNGRU", gru_fields);
