/* SPDX-License-Identifier: BSD-3-Clause */
/* SimpleRNN and SimpleRNNCell, as keras/src/layers/rnn/simple_rnn.py (3.15). */
#include "keras/layers/rnn/rnn.h"

static const crn_field fields[] = {
    CRN_RECURRENT_FIELDS_BEGIN,
    CRN_RECURRENT_FIELDS_INITIALIZERS,
    CRN_RECURRENT_FIELDS_REGULARIZERS,
    CRN_LAYER_ACTIVITY_REGULARIZER,
    CRN_RECURRENT_FIELDS_CONSTRAINTS,
    CRN_RECURRENT_FIELDS_DROPOUT,
    CRN_RNN_FIELDS,
    CRN_PARAM(crn_rnn_config, unroll, BOOL, "False", NULL),
    CRN_PARAM_SINCE(crn_recurrent_config, seed, OBJECT, "None", NULL, "3.0", NULL),
    CRN_RNN_FIELDS_KEYWORDS,
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field cell_fields[] = {
    CRN_RECURRENT_FIELDS_BEGIN,
    CRN_RECURRENT_FIELDS_INITIALIZERS,
    CRN_RECURRENT_FIELDS_REGULARIZERS,
    CRN_RECURRENT_FIELDS_CONSTRAINTS,
    CRN_RECURRENT_FIELDS_DROPOUT,
    CRN_PARAM_SINCE(crn_recurrent_config, seed, OBJECT, "None", NULL, "3.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    (void)n_in;
    return crn_rnn_cell_build(layer, in, "cell", "simple_rnn_cell", err);
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    CRN_TRY(crn_rnn_check(layer, err));
    return crn_rnn_cell_check(layer, err);
}

const crn_layer_type crn_layer_SimpleRNN = {
    .base = {.name = "SimpleRNN",
             .module = "keras.layers",
             .size = sizeof(crn_recurrent_config),
             .fields = fields},
    .infer_many = crn_rnn_infer,
    .lower_many = crn_rnn_lower,
    .build = build,
    .check = check,
    .takes_argument = crn_rnn_takes_argument,
    .built_by_call = true,
};

const crn_layer_type crn_layer_SimpleRNNCell = {
    .base = {.name = "SimpleRNNCell",
             .module = "keras.layers",
             .size = sizeof(crn_recurrent_config),
             .fields = cell_fields},
    .infer_many = crn_rnn_cell_infer,
    .lower_many = crn_rnn_cell_lower_call,
    .build = crn_rnn_build_cell,
    .check = crn_rnn_cell_check,
    .takes_argument = crn_rnn_cell_takes_argument,
    .built_by_call = true,
};
