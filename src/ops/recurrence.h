/* SPDX-License-Identifier: BSD-3-Clause */
/* Recurrent layers: one operation walks a cell over all steps of a sequence, with masks and
 * initial states. Cells inside one another's steps (StackedRNNCells) are operations in a row:
 * a masked step leaves the states of all of them as they are. */
#ifndef CRN_OPS_RECURRENCE_H
#define CRN_OPS_RECURRENCE_H

#include "ops/activation.h"
#include "ops/graph.h"
#include "ops/rows.h"

/* A function of a vector: of each element, or softmax and kin. */
typedef struct crn_vector_function {
    bool over_axis;
    bool glu; /* half as long: not inside of an operation */
    crn_softmax_kind softmax;
    crn_activation activation;
} crn_vector_function;

/* In place, on `rows` vectors of `n` that stand one behind the other. */
void crn_vector_function_run(const crn_vector_function *function, int64_t rows, int64_t n,
                             float *x, const crn_kernels *kernels);

/* Gates stand in Keras's order: i, f, c, o of an LSTM, z, r, h of a GRU. */
typedef enum crn_rnn_cell { CRN_SIMPLE_RNN_CELL, CRN_LSTM_CELL, CRN_GRU_CELL } crn_rnn_cell;

int64_t crn_rnn_cell_gates(crn_rnn_cell kind);
int crn_rnn_cell_states(crn_rnn_cell kind); /* h, and c of an LSTM */

typedef struct crn_recurrence {
    int64_t units;
    bool reset_after; /* a GRU multiplies by r behind the product */
    bool return_sequences;
    bool go_backwards;
    bool flip; /* the first step's output comes last */
    bool zero_output_for_mask;
    int64_t repeat; /* > 0: x has one step, which comes so many times */
    int64_t batch;  /* > 0: row r begins with the final states of row r - batch */
    bool packed;    /* the kernels are in the order of the product's panels */
    crn_vector_function activation, recurrent_activation;
} crn_recurrence;

enum {
    CRN_RECURRENCE_X,                /* (rows, steps, features) float32 */
    CRN_RECURRENCE_KERNEL,           /* (features, gates * units) */
    CRN_RECURRENCE_RECURRENT_KERNEL, /* (units, gates * units) */
    CRN_RECURRENCE_BIAS,   /* (gates * units), (2, gates * units) with reset_after, or absent */
    CRN_RECURRENCE_MASK,   /* (rows, steps) bool: where a step counts; or absent */
    CRN_RECURRENCE_STATES, /* (rows, units) each, or absent: zeros */
    CRN_RECURRENCE_INPUTS = CRN_RECURRENCE_STATES + 2
};

/* Gives the output, (rows, steps, units) or (rows, units); the final states, (rows, units), are
 * crn_graph_output_of() 1 and, of an LSTM, 2. in: [CRN_RECURRENCE_INPUTS]. */
crn_value crn_recur(crn_graph *graph, crn_rnn_cell kind, const crn_recurrence *attributes,
                    const crn_value *in);

/* The geometry of a ConvLSTM, whose products are convolutions; of one to three axes. */
typedef struct crn_conv_recurrence {
    crn_recurrence base; /* units: filters */
    int32_t rank;
    int64_t taps[3], strides[3], dilation[3];
    int64_t before[3]; /* zeros in front of an axis */
    int64_t out[3];    /* lengths of the states */
} crn_conv_recurrence;

/* The same inputs, for x (rows, steps, axes..., channels), kernel (taps..., channels, 4 * filters),
 * recurrent kernel (taps..., filters, 4 * filters) and states (rows, axes..., filters). */
crn_value crn_conv_lstm(crn_graph *graph, const crn_conv_recurrence *attributes,
                        const crn_value *in);

/* Packs the constant kernels of a node, if it is one of these. */
void crn_recurrence_pack(crn_graph *graph, crn_graph_node *node);

/* ---- for the operations' own files ---- */

/* What a cell sees of a run. Rows of the buffers are those of a group. */
typedef struct crn_recurrence_run {
    const crn_call *call;
    const crn_recurrence *attributes;
    int64_t gates, features, steps;
    int64_t size;     /* elements of a state */
    float *projected; /* (steps at once, rows, gates * units): x kernel + bias */
    float *sums;      /* (rows, gates * units): for the cell */
    float *h, *c;     /* (rows, units): the states */
    float *spare;     /* (rows, units): for the cell */
    const void **pieces;
} crn_recurrence_run;

/* The parts of a walk: the states that rows [row, row + rows) begin with; whether step s of a row
 * counts; the output of step s, which is h, and where the step is masked the output before, or
 * zeros; the states that rows end with. */
void crn_recurrence_begin(const crn_recurrence_run *run, int states, int64_t row, int64_t rows);
bool crn_recurrence_counts(const crn_recurrence_run *run, int64_t row, int64_t s);
void crn_recurrence_emit(const crn_recurrence_run *run, int64_t row, int64_t rows, int64_t s);
void crn_recurrence_end(const crn_recurrence_run *run, int states, int64_t row, int64_t rows);

/* sums (count, 4, units): the states behind the gates of an LSTM. */
void crn_lstm_gates(const crn_recurrence *attributes, const crn_kernels *kernels, int64_t count,
                    float *sums, float *c, float *h);

/* One step of `count` rows from `first` on: h and c become the next ones. projected: (count,
 * gates * units). */
typedef void crn_rnn_cell_step(const crn_recurrence_run *run, const float *projected,
                               int64_t first, int64_t count);

crn_rnn_cell_step crn_simple_rnn_step, crn_lstm_step, crn_gru_step;

/* out (count, columns) = a (count, units) b (+ bias) (+ added), b the columns from `column` on of
 * the recurrent kernel; rows of out and added are gates * units apart. columns and column are
 * what crn_recurrence_pack() packed by. */
void crn_recurrence_product(const crn_recurrence_run *run, int64_t count, const float *a,
                            int64_t column, int64_t columns, const float *bias,
                            const float *added, float *out);

#endif
