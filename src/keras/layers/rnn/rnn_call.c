/* SPDX-License-Identifier: BSD-3-Clause */
/* How recurrent layers are called: rnn(x, initial_state=[h, c], mask=m) of Keras 3, rnn([x, h,
 * c]) of Keras 2; and layers over cells as operations, one for each cell. */
#include <string.h>

#include "keras/layers/rnn/rnn.h"
#include "ops/elementwise.h"

/* ---- arguments ---- */

static bool is_list(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

/* All tensors of a list of lists, in order: the inputs of the call from *next on. */
static crn_status take_tensors(const crn_layer_arguments *arguments, const crn_object *value,
                               int depth, crn_rnn_call *out, crn_error *err)
{
    enum { DEEPEST = 8 };
    const int tensor = crn_layer_argument_tensor(arguments, value);
    if (tensor >= 0 && out->state_count < CRN_MOST_TENSORS) {
        out->states[out->state_count++] = tensor;
        return CRN_OK;
    }
    if (!is_list(value) || depth > DEEPEST)
        return crn_fail(err, CRN_UNSUPPORTED, "an initial state that is no tensor");
    for (size_t i = 0; i < crn_object_length(value); i++)
        CRN_TRY(take_tensors(arguments, crn_object_item(value, i), depth + 1, out, err));
    return CRN_OK;
}

static crn_status read_states(const crn_layer *layer, const crn_layer_arguments *arguments,
                              const char *name, crn_rnn_call *out, crn_error *err)
{
    const crn_object *given = crn_layer_argument(arguments, name, layer->keras == 2 ? -1 : 1);
    const crn_object *first = crn_object_item(arguments->args, 0);
    if (given != NULL && !crn_object_is_none(given))
        return take_tensors(arguments, given, 0, out, err);
    for (size_t i = 1; is_list(first) && i < crn_object_length(first); i++)
        CRN_TRY(take_tensors(arguments, crn_object_item(first, i), 0, out, err));
    return CRN_OK;
}

/* All states that the cells of a layer have. */
static crn_status count_states(const crn_layer *layer, int *out, crn_error *err)
{
    crn_rnn_cell_list cells = {.count = 0};
    CRN_TRY(crn_rnn_cells(layer, &cells, err));
    *out = 0;
    for (int i = 0; i < cells.count; i++) {
        crn_rnn_cell kind = CRN_SIMPLE_RNN_CELL;
        crn_rnn_cell_of(cells.at[i], &kind);
        *out += crn_rnn_cell_states(kind);
    }
    return CRN_OK;
}

crn_status crn_rnn_arguments_read(const crn_layer *layer, const crn_layer_arguments *arguments,
                                  int n_in, const char *name, crn_rnn_call *out, crn_error *err)
{
    *out = (crn_rnn_call){.mask = -1};
    if (n_in < 1)
        return crn_fail(err, CRN_SHAPE, "Layer \"%s\" is called without an input.",
                        layer->name);
    if (arguments == NULL || arguments->tensor_count == 0) {
        for (int i = 1; i < n_in; i++)
            out->states[out->state_count++] = i;
        return CRN_OK;
    }
    const crn_object *mask = crn_layer_argument(arguments, "mask", layer->keras == 2 ? 1 : 2);
    out->mask = crn_layer_argument_tensor(arguments, mask);
    return read_states(layer, arguments, name, out, err);
}

crn_status crn_rnn_call_read(const crn_layer *layer, const crn_layer_arguments *arguments,
                             int n_in, const char *name, crn_rnn_call *out, crn_error *err)
{
    int expected;
    CRN_TRY(crn_rnn_arguments_read(layer, arguments, n_in, name, out, err));
    CRN_TRY(count_states(layer, &expected, err));
    if (out->state_count == 0 || out->state_count == expected)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE,
                    "Layer \"%s\" has %d states, and is called with %d initial states.",
                    layer->name, expected, out->state_count);
}

crn_value crn_rnn_call_mask(const crn_layer *layer, const crn_rnn_call *call,
                            crn_lowering *lowering, const crn_layer_io *io)
{
    if (call->mask >= 0)
        return crn_cast(lowering->graph, io->in[call->mask], CRN_BOOL);
    const bool several = io->arguments != NULL && io->arguments->tensor_count > 1;
    return layer->keras != 2 && several ? CRN_NO_VALUE : io->in_masks[0];
}

crn_value crn_rnn_call_out_mask(const crn_rnn_call *call, crn_value mask,
                                const crn_layer_io *io)
{
    return call->mask >= 0 ? mask : io->in_masks[0];
}

bool crn_rnn_takes_argument(const crn_layer *layer, const char *name)
{
    (void)layer;
    return strcmp(name, "initial_state") == 0;
}

/* ---- shapes ---- */

static crn_status check_sequence(const crn_layer *layer, const crn_type *in, crn_error *err)
{
    char shape[CRN_SHAPE_TEXT];
    if (in->ndim == 2)
        return CRN_OK;
    return crn_fail(
        err, CRN_SHAPE,
        "Input 0 of layer \"%s\" is incompatible with the layer: expected ndim=3, found "
        "ndim=%d. Full shape received: %s",
        layer->name, in->ndim + 1, crn_layer_shape_text(in, shape, sizeof shape));
}

crn_status crn_rnn_infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err)
{
    const crn_rnn_config *config = layer->config;
    crn_rnn_call given;
    crn_rnn_cell_list cells = {.count = 0};
    CRN_TRY(
        crn_rnn_call_read(layer, call->arguments, call->n_in, "initial_state", &given, err));
    CRN_TRY(check_sequence(layer, &call->in[0], err));
    CRN_TRY(crn_rnn_cells(layer, &cells, err));
    const int64_t units = crn_rnn_cell_units(cells.at[cells.count - 1]);
    call->out[0] = crn_type_vector(CRN_FLOAT32, units);
    if (config->return_sequences)
        call->out[0] = crn_type_rows(CRN_FLOAT32, 2, (int64_t[]){call->in[0].shape[0], units});
    for (int i = 0; config->return_state && i < cells.count; i++) {
        crn_rnn_cell kind = CRN_SIMPLE_RNN_CELL;
        crn_rnn_cell_of(cells.at[i], &kind);
        for (int k = 0; k < crn_rnn_cell_states(kind); k++)
            call->out[call->n_out++] =
                crn_type_vector(CRN_FLOAT32, crn_rnn_cell_units(cells.at[i]));
    }
    return CRN_OK;
}

/* ---- lowering ---- */

int64_t crn_rnn_batch(const crn_layer *layer, crn_lowering *lowering)
{
    const crn_rnn_config *config = layer->config;
    if (!config->stateful)
        return 0;
    if (lowering->batch < 1)
        crn_graph_fail(lowering->graph, CRN_SHAPE,
                       "When using `stateful=True` in a RNN, the batch size must be static. "
                       "Layer \"%s\" does not know its own.",
                       layer->name);
    return lowering->batch;
}

void crn_rnn_walk(const crn_layer *layer, crn_lowering *lowering, const crn_rnn_config *config,
                  const char *name, crn_layer_io *io)
{
    crn_rnn_call call;
    crn_rnn_cell_list cells = {.count = 0};
    crn_graph *graph = lowering->graph;
    if (crn_rnn_cells(layer, &cells, &graph->error) != CRN_OK ||
        crn_rnn_call_read(layer, io->arguments, io->n_in, name, &call, &graph->error) != CRN_OK)
        return;
    const crn_value mask = crn_rnn_call_mask(layer, &call, lowering, io);
    const crn_recurrence all = {.go_backwards = config->go_backwards,
                                .batch = config->stateful && call.state_count == 0
                                             ? crn_rnn_batch(layer, lowering)
                                             : 0};
    crn_value x = io->in[0];
    for (int i = 0, taken = 0; i < cells.count; i++) {
        const bool last = i + 1 == cells.count;
        crn_recurrence options = all;
        options.return_sequences = !last || config->return_sequences;
        options.flip = last ? config->flip : config->go_backwards;
        options.zero_output_for_mask = last && config->zero_output_for_mask;
        crn_value states[2];
        crn_rnn_cell kind = CRN_SIMPLE_RNN_CELL;
        crn_rnn_cell_of(cells.at[i], &kind);
        const int count = crn_rnn_cell_states(kind);
        for (int k = 0; k < count && call.state_count > 0; k++)
            states[k] = io->in[call.states[taken++]];
        x = crn_rnn_cell_lower(cells.at[i], lowering, options, x, mask,
                               call.state_count > 0 ? states : NULL);
        for (int k = 0; config->return_state && k < count; k++)
            io->out[io->n_out++] = crn_graph_output_of(graph, x, 1 + k);
    }
    io->out[0] = crn_layer_penalize(layer, lowering, x);
    if (config->return_sequences)
        io->out_masks[0] = crn_rnn_call_out_mask(&call, mask, io);
}

void crn_rnn_lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io)
{
    crn_rnn_walk(layer, lowering, layer->config, "initial_state", io);
}

crn_status crn_rnn_check(const crn_layer *layer, crn_error *err)
{
    const crn_rnn_config *config = layer->config;
    return crn_layer_refuse(layer, "time_major", config->time_major, err);
}

crn_rnn_config *crn_layer_rnn_config(const crn_layer *layer)
{
    const bool walks = layer->type == &crn_layer_LSTM || layer->type == &crn_layer_GRU ||
                       layer->type == &crn_layer_SimpleRNN || layer->type == &crn_layer_RNN ||
                       layer->type == &crn_layer_CuDNNLSTM ||
                       layer->type == &crn_layer_CuDNNGRU;
    return walks ? layer->config : NULL;
}
