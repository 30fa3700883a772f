/* SPDX-License-Identifier: BSD-3-Clause */
/* What recurrent layers share: the options of RNN (keras/src/layers/rnn/rnn.py, 3.15), how a
 * call is read, and the cells. LSTM, GRU and SimpleRNN are RNN over one cell, whose weights they
 * own; RNN has its cell as a child, StackedRNNCells theirs. */
#ifndef CRN_KERAS_LAYERS_RNN_RNN_H
#define CRN_KERAS_LAYERS_RNN_RNN_H

#include "keras/layers/layer.h"
#include "ops/recurrence.h"

/* The config of every layer that walks over steps begins with this. */
typedef struct crn_rnn_config {
    crn_layer_config base;
    bool return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask;
    const crn_object *time_major, *use_cudnn,
        *implementation; /* that Keras 2 has; use_cudnn 3 */
    bool flip;           /* set by Bidirectional: the output of the first step comes last */
} crn_rnn_config;

/* LSTM, GRU, SimpleRNN and their cells. */
typedef struct crn_recurrent_config {
    crn_rnn_config rnn; /* of a cell: its base alone */
    int64_t units;
    const crn_object *activation, *recurrent_activation;
    bool use_bias, unit_forget_bias, reset_after;
    const crn_object *kernel_initializer, *recurrent_initializer, *bias_initializer;
    const crn_object *kernel_regularizer, *recurrent_regularizer, *bias_regularizer;
    const crn_object *kernel_constraint, *recurrent_constraint, *bias_constraint;
    const crn_object *dropout, *recurrent_dropout, *seed; /* nothing at inference */
} crn_recurrent_config;

/* Rows of the tables of these layers. */
/* clang-format off */
#define CRN_RECURRENT_PARAM(member, kind, default_) \
    CRN_PARAM(crn_recurrent_config, member, kind, default_, NULL)
#define CRN_RECURRENT_FIELDS_BEGIN \
    CRN_PARAM(crn_recurrent_config, units, INT, NULL, "> 0"), \
    CRN_RECURRENT_PARAM(activation, OBJECT, "'tanh'")
#define CRN_RECURRENT_FIELDS_INITIALIZERS \
    CRN_RECURRENT_PARAM(use_bias, BOOL, "True"), \
    CRN_RECURRENT_PARAM(kernel_initializer, OBJECT, "'glorot_uniform'"), \
    CRN_RECURRENT_PARAM(recurrent_initializer, OBJECT, "'orthogonal'"), \
    CRN_RECURRENT_PARAM(bias_initializer, OBJECT, "'zeros'")
#define CRN_RECURRENT_FIELDS_REGULARIZERS \
    CRN_RECURRENT_PARAM(kernel_regularizer, OBJECT, "None"), \
    CRN_RECURRENT_PARAM(recurrent_regularizer, OBJECT, "None"), \
    CRN_RECURRENT_PARAM(bias_regularizer, OBJECT, "None")
#define CRN_RECURRENT_FIELDS_CONSTRAINTS \
    CRN_RECURRENT_PARAM(kernel_constraint, OBJECT, "None"), \
    CRN_RECURRENT_PARAM(recurrent_constraint, OBJECT, "None"), \
    CRN_RECURRENT_PARAM(bias_constraint, OBJECT, "None")
#define CRN_RECURRENT_FIELDS_DROPOUT \
    CRN_RECURRENT_PARAM(dropout, OBJECT, "0.0"), \
    CRN_RECURRENT_PARAM(recurrent_dropout, OBJECT, "0.0")
#define CRN_RNN_FIELDS \
    CRN_PARAM(crn_rnn_config, return_sequences, BOOL, "False", NULL), \
    CRN_PARAM(crn_rnn_config, return_state, BOOL, "False", NULL), \
    CRN_PARAM(crn_rnn_config, go_backwards, BOOL, "False", NULL), \
    CRN_PARAM(crn_rnn_config, stateful, BOOL, "False", NULL)
#define CRN_RNN_FIELDS_KEYWORDS \
    CRN_LAYER_KEYWORD(crn_rnn_config, zero_output_for_mask, BOOL, "False"), \
    CRN_LAYER_ARGUMENT(crn_rnn_config, time_major), \
    CRN_LAYER_ARGUMENT(crn_rnn_config, use_cudnn), \
    CRN_LAYER_ARGUMENT(crn_rnn_config, implementation)
/* clang-format on */

/* The options of a layer that walks over steps; NULL for others. */
crn_rnn_config *crn_layer_rnn_config(const crn_layer *layer);
/* Refuses what is not served: time_major. */
crn_status crn_rnn_check(const crn_layer *layer, crn_error *err);

/* ---- cells (cell.c) ---- */

/* LSTM, GRU, SimpleRNN or a cell of theirs: which; false for other layers. */
bool crn_rnn_cell_of(const crn_layer *layer, crn_rnn_cell *out);
bool crn_layer_is_rnn_cell(const crn_layer *layer); /* those, and StackedRNNCells */

/* The cells that a layer drives, in the order of a step. CRN_LIMIT: too many. */
typedef struct crn_rnn_cell_list {
    const crn_layer *at[CRN_MOST_TENSORS];
    int count;
} crn_rnn_cell_list;
crn_status crn_rnn_cells(const crn_layer *layer, crn_rnn_cell_list *out, crn_error *err);

int64_t crn_rnn_cell_units(const crn_layer *cell);
crn_status crn_rnn_cell_check(crn_layer *layer, crn_error *err);
/* Weights of the layer itself, or of the object `object` in it, under the scope. */
crn_status crn_rnn_cell_build(crn_layer *layer, const crn_type *in, const char *object,
                              const char *scope, crn_error *err);
/* The same for kernels (taps..., features, width); of a layer that is no cell, those of an LSTM. */
crn_status crn_rnn_weights_build(crn_layer *layer, int32_t taps_ndim, const int64_t *taps,
                                 int64_t features, const char *object, const char *scope,
                                 crn_error *err);
/* The build() of a cell that is a layer of its own. */
crn_status crn_rnn_build_cell(crn_layer *layer, const crn_type *in, int n_in, crn_error *err);
/* One cell over all steps: options as given, units and functions of the cell. states:
 * [crn_rnn_cell_states()] or NULL. */
crn_value crn_rnn_cell_lower(const crn_layer *cell, crn_lowering *lowering,
                             crn_recurrence options, crn_value x, crn_value mask,
                             const crn_value *states);

/* Kernels and biases of CuDNNLSTM and CuDNNGRU as those of LSTM and GRU (cudnn.c). */
void crn_cudnn_arrange(crn_graph *graph, crn_rnn_cell kind, int64_t units, crn_value *in);

/* ---- calls ---- */

/* What a call says beside the sequence. */
typedef struct crn_rnn_call {
    int mask; /* the input that is an explicit mask; -1: none */
    int states[CRN_MOST_TENSORS], state_count; /* inputs that are initial states */
} crn_rnn_call;

/* name: of the argument with the states, "initial_state". */
crn_status crn_rnn_call_read(const crn_layer *layer, const crn_layer_arguments *arguments,
                             int n_in, const char *name, crn_rnn_call *out, crn_error *err);
/* The mask that holds: the explicit one, or that of the sequence, which Keras 3 overlooks where a
 * call has other tensors (Layer.__call__ in keras/src/layers/layer.py). */
crn_value crn_rnn_call_mask(const crn_layer *layer, const crn_rnn_call *call,
                            crn_lowering *lowering, const crn_layer_io *io);
/* And the one that goes on. */
crn_value crn_rnn_call_out_mask(const crn_rnn_call *call, crn_value mask,
                                const crn_layer_io *io);
bool crn_rnn_takes_argument(const crn_layer *layer, const char *name);
/* Rows after which a stateful layer's states come round; 0 when it is not stateful. */
int64_t crn_rnn_batch(const crn_layer *layer, crn_lowering *lowering);

/* The same without the number of states, for layers that share them out. */
crn_status crn_rnn_arguments_read(const crn_layer *layer, const crn_layer_arguments *arguments,
                                  int n_in, const char *name, crn_rnn_call *out,
                                  crn_error *err);
/* The cells of a layer under these options. */
void crn_rnn_walk(const crn_layer *layer, crn_lowering *lowering, const crn_rnn_config *config,
                  const char *name, crn_layer_io *io);
/* The infer_many() and lower_many() of layers over cells. */
crn_status crn_rnn_infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err);
void crn_rnn_lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io);
/* Those of a cell that is called by itself, on one step. */
crn_status crn_rnn_cell_infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err);
void crn_rnn_cell_lower_call(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io);
bool crn_rnn_cell_takes_argument(const crn_layer *layer, const char *name);

#endif
