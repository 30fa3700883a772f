/* SPDX-License-Identifier: BSD-3-Clause */
/* The cells of recurrent layers: SimpleRNNCell, LSTMCell, GRUCell (keras/src/layers/rnn, 3.15),
 * which the layers SimpleRNN, LSTM and GRU are as well. Here: their weights, and one of them
 * over all steps. */
#include <string.h>

#include "keras/layers/rnn/rnn.h"

static const struct {
    const crn_layer_type *layer, *cell;
    crn_rnn_cell kind;
} kinds[] = {
    {&crn_layer_SimpleRNN, &crn_layer_SimpleRNNCell, CRN_SIMPLE_RNN_CELL},
    {&crn_layer_LSTM, &crn_layer_LSTMCell, CRN_LSTM_CELL},
    {&crn_layer_GRU, &crn_layer_GRUCell, CRN_GRU_CELL},
    {&crn_layer_CuDNNLSTM, NULL, CRN_LSTM_CELL},
    {&crn_layer_CuDNNGRU, NULL, CRN_GRU_CELL},
};

bool crn_rnn_cell_of(const crn_layer *layer, crn_rnn_cell *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (layer->type == kinds[i].layer || layer->type == kinds[i].cell) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

bool crn_layer_is_rnn_cell(const crn_layer *layer)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (layer->type == kinds[i].cell)
            return true;
    }
    return layer->type == &crn_layer_StackedRNNCells;
}

/* As deep as layers are nested: CRN_DEEPEST_LAYER. */
crn_status crn_rnn_cells(const crn_layer *layer, crn_rnn_cell_list *out, crn_error *err)
{
    crn_rnn_cell kind;
    if (!crn_rnn_cell_of(layer, &kind)) {
        for (size_t i = 0; i < layer->child_count; i++)
            CRN_TRY(crn_rnn_cells(layer->children[i].layer, out, err));
        return CRN_OK;
    }
    if (out->count == CRN_MOST_TENSORS / 4)
        return crn_fail(err, CRN_LIMIT, "a step has more than %d cells", CRN_MOST_TENSORS / 4);
    out->at[out->count++] = layer;
    return CRN_OK;
}

int64_t crn_rnn_cell_units(const crn_layer *cell)
{
    return ((const crn_recurrent_config *)cell->config)->units;
}

crn_status crn_rnn_cell_check(crn_layer *layer, crn_error *err)
{
    const crn_recurrent_config *config = layer->config;
    if (config->units < 1 || config->units > INT32_MAX)
        return crn_fail(err, CRN_ARGUMENT,
                        "Received an invalid value for argument `units`, expected a positive "
                        "integer, got %lld.",
                        (long long)config->units);
    const crn_object *functions[] = {config->activation, config->recurrent_activation};
    for (int i = 0; i < 2; i++) {
        CRN_TRY(crn_layer_activation_check(layer, functions[i], err));
        if (crn_layer_activation_halves(layer, functions[i]))
            return crn_fail(err, CRN_UNSUPPORTED, "%s: glu as an activation is not supported",
                            layer->type->base.name);
    }
    return CRN_OK;
}

/* ---- weights ---- */

enum { KERNEL, RECURRENT_KERNEL, BIAS };

static crn_status add_bias(crn_layer *layer, const char *object, const char *scope,
                           int64_t width, bool two, crn_error *err)
{
    const crn_recurrent_config *config = layer->config;
    const int64_t shape[] = {2, width};
    return crn_layer_add_weight_as(layer,
                                   &(crn_weight_spec){.name = "bias",
                                                      .object = object,
                                                      .scope = scope,
                                                      .ndim = two ? 2 : 1,
                                                      .shape = two ? shape : shape + 1,
                                                      .trainable = true,
                                                      .initializer = config->bias_initializer,
                                                      .regularizer = config->bias_regularizer,
                                                      .constraint = config->bias_constraint},
                                   err);
}

crn_status crn_rnn_weights_build(crn_layer *layer, int32_t taps_ndim, const int64_t *taps,
                                 int64_t features, const char *object, const char *scope,
                                 crn_error *err)
{
    const crn_recurrent_config *config = layer->config;
    crn_rnn_cell kind = CRN_LSTM_CELL;
    int64_t shape[5];
    crn_rnn_cell_of(layer, &kind);
    const int64_t width = crn_rnn_cell_gates(kind) * config->units;
    memcpy(shape, taps, (size_t)taps_ndim * sizeof *shape);
    shape[taps_ndim] = features;
    shape[taps_ndim + 1] = width;
    crn_weight_spec spec = {.name = "kernel",
                            .object = object,
                            .scope = scope,
                            .ndim = taps_ndim + 2,
                            .shape = shape,
                            .trainable = true,
                            .initializer = config->kernel_initializer,
                            .regularizer = config->kernel_regularizer,
                            .constraint = config->kernel_constraint};
    CRN_TRY(crn_layer_add_weight_as(layer, &spec, err));
    spec.name = "recurrent_kernel";
    shape[taps_ndim] = config->units;
    spec.initializer = config->recurrent_initializer;
    spec.regularizer = config->recurrent_regularizer;
    spec.constraint = config->recurrent_constraint;
    CRN_TRY(crn_layer_add_weight_as(layer, &spec, err));
    if (!config->use_bias)
        return CRN_OK;
    return add_bias(layer, object, scope, width, config->reset_after, err);
}

crn_status crn_rnn_cell_build(crn_layer *layer, const crn_type *in, const char *object,
                              const char *scope, crn_error *err)
{
    int64_t features;
    CRN_TRY(crn_layer_known_axis(layer, in, -1, &features, err));
    return crn_rnn_weights_build(layer, 0, &features, features, object, scope, err);
}

crn_status crn_rnn_build_cell(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    (void)n_in;
    return crn_rnn_cell_build(layer, in, NULL, NULL, err);
}

/* ---- over all steps ---- */

crn_value crn_rnn_cell_lower(const crn_layer *cell, crn_lowering *lowering,
                             crn_recurrence options, crn_value x, crn_value mask,
                             const crn_value *states)
{
    const crn_recurrent_config *config = cell->config;
    crn_value in[CRN_RECURRENCE_INPUTS];
    crn_rnn_cell kind = CRN_SIMPLE_RNN_CELL;
    crn_rnn_cell_of(cell, &kind);
    options.units = config->units;
    options.reset_after = config->reset_after;
    if (!crn_layer_function(cell, config->activation, &options.activation) ||
        !crn_layer_function(cell, config->recurrent_activation, &options.recurrent_activation))
        return crn_graph_fail(lowering->graph, CRN_INTERNAL,
                              "an activation that was not checked");
    in[CRN_RECURRENCE_X] = x;
    in[CRN_RECURRENCE_KERNEL] = crn_layer_weight_value(cell, lowering, KERNEL);
    in[CRN_RECURRENCE_RECURRENT_KERNEL] =
        crn_layer_weight_value(cell, lowering, RECURRENT_KERNEL);
    in[CRN_RECURRENCE_BIAS] =
        config->use_bias ? crn_layer_weight_value(cell, lowering, BIAS) : CRN_NO_VALUE;
    if (cell->type == &crn_layer_CuDNNLSTM || cell->type == &crn_layer_CuDNNGRU)
        crn_cudnn_arrange(lowering->graph, kind, config->units, in);
    in[CRN_RECURRENCE_MASK] = mask;
    for (int k = 0; k < 2; k++)
        in[CRN_RECURRENCE_STATES + k] =
            states != NULL && k < crn_rnn_cell_states(kind) ? states[k] : CRN_NO_VALUE;
    return crn_recur(lowering->graph, kind, &options, in);
}

/* ---- a cell that is called by itself: cell(x, states) ---- */

bool crn_rnn_cell_takes_argument(const crn_layer *layer, const char *name)
{
    (void)layer;
    return strcmp(name, "states") == 0;
}

crn_status crn_rnn_cell_infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    crn_rnn_call given;
    crn_rnn_cell_list cells = {.count = 0};
    CRN_TRY(crn_rnn_cells(layer, &cells, err));
    CRN_TRY(crn_rnn_call_read(layer, call->arguments, call->n_in, "states", &given, err));
    if (call->in[0].ndim != 1 || cells.count == 0)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\" is a cell: expected ndim=2 of its input, found ndim=%d",
                        layer->name, call->in[0].ndim + 1);
    call->out[0] = crn_type_vector(CRN_FLOAT32, crn_rnn_cell_units(cells.at[cells.count - 1]));
    for (int i = 0; i < cells.count; i++) {
        crn_rnn_cell kind = CRN_SIMPLE_RNN_CELL;
        crn_rnn_cell_of(cells.at[i], &kind);
        for (int k = 0; k < crn_rnn_cell_states(kind); k++)
            call->out[call->n_out++] =
                crn_type_vector(CRN_FLOAT32, crn_rnn_cell_units(cells.at[i]));
    }
    return CRN_OK;
}

void crn_rnn_cell_lower_call(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    crn_value in[CRN_MOST_TENSORS];
    crn_graph *graph = lowering->graph;
    const crn_type *type = crn_graph_type(graph, io->in[0]);
    memcpy(in, io->in, (size_t)io->n_in * sizeof *in);
    in[0] = crn_reshape(graph, in[0], 2, (int64_t[]){1, type->shape[0]});
    crn_layer_io step = *io;
    step.in = in;
    crn_rnn_walk(layer, lowering, &(crn_rnn_config){.return_state = true}, "states", &step);
    io->n_out = step.n_out;
}
