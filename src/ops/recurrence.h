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
    int64_t batch; /* > 0: row r begins with the final states of row r - batch */
    bool packed;   /* the kernels are in the order of the product's panels */
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

/* Packs the constant kernels of a node, if it is one of these. */
void crn_recurrence_pack(crn_graph *graph, crn_graph_node *node);

/* ---- for the operations' own files ---- */

/* What a cell sees of a run. Rows of the buffers are those of a group. */
typedef struct crn_recurrence_run {
    const crn_call *call;
    const crn_recurrence *attributes;
    int64_t gates, features, steps;
    float *projected; /* (steps at once, rows, gates * units): x kernel + bias */
    float *sums;      /* (rows, gates * units): for the cell */
    float *h, *c;     /* (rows, units): the states */
    float *spare;     /* (rows, units): for the cell */
    const void **pieces;
} crn_recurrence_run;

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
