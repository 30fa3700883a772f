/* SPDX-License-Identifier: BSD-3-Clause */
/* simple_rnn, lstm, gru: a cell over the steps of a sequence, as rnn() of
 * keras/src/backend/tensorflow/rnn.py (3.15) drives it. The products of the inputs are taken for
 * several steps at once where there are few rows; each step then adds the product of the states.
 * A group of rows goes through all steps together, so that its sums stay in the cache. */
#include "ops/recurrence.h"

#include <string.h>

#include "ops/infer.h"
#include "ops/tensor.h"

enum {
    ROWS_AT_ONCE = 24,   /* of a group */
    WORTH_A_PRODUCT = 24 /* rows that a product of the inputs should have */
};

static const struct {
    int64_t gates;
    int states;
    crn_rnn_cell_step *step;
} cells[] = {
    [CRN_SIMPLE_RNN_CELL] = {1, 1, crn_simple_rnn_step},
    [CRN_LSTM_CELL] = {4, 2, crn_lstm_step},
    [CRN_GRU_CELL] = {3, 1, crn_gru_step},
};

int64_t crn_rnn_cell_gates(crn_rnn_cell kind)
{
    return cells[kind].gates;
}

int crn_rnn_cell_states(crn_rnn_cell kind)
{
    return cells[kind].states;
}

/* ---- types ---- */

static bool is_constant(const crn_type *type, int32_t ndim, const int64_t *shape)
{
    return !type->rows && type->dtype == CRN_FLOAT32 && type->ndim == ndim &&
           memcmp(type->shape, shape, (size_t)ndim * sizeof *shape) == 0;
}

static bool is_absent(const crn_type *type)
{
    return type->dtype == CRN_NO_DTYPE;
}

/* Packed kernels were looked at before they were packed. */
static bool kernels_fit(const crn_recurrence *a, int64_t gates, const crn_type *in)
{
    const int64_t width = gates * a->units;
    const int64_t kernel[] = {in[CRN_RECURRENCE_X].shape[1], width};
    const int64_t recurrent[] = {a->units, width}, biases[] = {2, width};
    const crn_type *bias = &in[CRN_RECURRENCE_BIAS];
    if (!is_absent(bias) &&
        !is_constant(bias, a->reset_after ? 2 : 1, a->reset_after ? biases : biases + 1))
        return false;
    return a->packed || (is_constant(&in[CRN_RECURRENCE_KERNEL], 2, kernel) &&
                         is_constant(&in[CRN_RECURRENCE_RECURRENT_KERNEL], 2, recurrent));
}

static int64_t steps_of(const crn_recurrence *a, const crn_type *x)
{
    return a->repeat > 0 ? a->repeat : x->shape[0];
}

static bool mask_fits(int64_t steps, const crn_type *mask)
{
    return is_absent(mask) || (mask->rows && !mask->sparse && mask->dtype == CRN_BOOL &&
                               crn_type_size(mask) == steps);
}

static crn_status infer(crn_rnn_cell kind, const void *attributes, const crn_type *in, int n_in,
                        crn_type *out, crn_error *err)
{
    const crn_recurrence *a = attributes;
    const crn_type *x = &in[CRN_RECURRENCE_X];
    CRN_TRY(
        crn_infer_count("recurrence", n_in, CRN_RECURRENCE_INPUTS, CRN_RECURRENCE_INPUTS, err));
    if (x->dtype != CRN_FLOAT32 || !x->rows || x->sparse || x->ndim != 2 || x->shape[0] < 1 ||
        a->units < 1 || a->units > INT32_MAX || a->batch < 0 || a->repeat < 0 ||
        (a->repeat > 0 && x->shape[0] != 1))
        return crn_fail(err, CRN_SHAPE,
                        "recurrence: takes float32 (rows, steps, features), at least one step");
    if (!kernels_fit(a, cells[kind].gates, in))
        return crn_infer_misfit("recurrence", x, &in[CRN_RECURRENCE_KERNEL], err);
    if (!mask_fits(steps_of(a, x), &in[CRN_RECURRENCE_MASK]))
        return crn_infer_misfit("recurrence", x, &in[CRN_RECURRENCE_MASK], err);
    const crn_type state = crn_type_vector(CRN_FLOAT32, a->units);
    for (int k = 0; k < 2; k++) {
        const crn_type *given = &in[CRN_RECURRENCE_STATES + k];
        if (is_absent(given))
            continue;
        if (k >= cells[kind].states || given->dtype != CRN_FLOAT32 || !given->rows ||
            given->sparse || given->ndim != 1 || given->shape[0] != a->units)
            return crn_infer_misfit("recurrence", x, given, err);
    }
    out[0] = state;
    if (a->return_sequences)
        out[0] = crn_type_rows(CRN_FLOAT32, 2, (int64_t[]){steps_of(a, x), a->units});
    for (int k = 0; k < cells[kind].states; k++)
        out[1 + k] = state;
    return CRN_OK;
}

/* ---- scratch ---- */

typedef struct sizes {
    size_t projected, sums, state, pieces; /* elements */
} sizes;

static sizes sizes_of(const crn_recurrence *a, int64_t gates, int64_t rows)
{
    if (a->batch == 0 && rows > ROWS_AT_ONCE)
        rows = ROWS_AT_ONCE;
    const int64_t width = gates * a->units;
    const int64_t products = rows > WORTH_A_PRODUCT ? rows : WORTH_A_PRODUCT;
    return (sizes){.projected = (size_t)(products * width),
                   .sums = (size_t)(rows * width),
                   .state = (size_t)(rows * a->units),
                   .pieces = (size_t)products};
}

static size_t scratch(crn_rnn_cell kind, const void *attributes, int64_t rows)
{
    const sizes s = sizes_of(attributes, cells[kind].gates, rows);
    return s.pieces * sizeof(void *) + (s.projected + s.sums + 3 * s.state) * sizeof(float);
}

static crn_recurrence_run lay_out(const crn_call *call, crn_rnn_cell kind)
{
    const crn_type *x = &call->in_types[CRN_RECURRENCE_X];
    crn_recurrence_run run = {.call = call,
                              .attributes = call->attributes,
                              .gates = cells[kind].gates,
                              .features = x->shape[1],
                              .steps = steps_of(call->attributes, x),
                              .size = ((const crn_recurrence *)call->attributes)->units};
    const sizes s = sizes_of(run.attributes, run.gates, call->rows);
    run.pieces = call->scratch;
    run.projected = (float *)(void *)(run.pieces + s.pieces);
    run.sums = run.projected + s.projected;
    run.h = run.sums + s.sums;
    run.c = run.h + s.state;
    run.spare = run.c + s.state;
    return run;
}

/* ---- products ---- */

/* x kernel + bias for steps [step, step + count) of the rows of a group: a row of the product
 * for each row of each step. */
static void project(const crn_recurrence_run *run, int64_t row, int64_t rows, int64_t step,
                    int64_t count)
{
    const crn_call *call = run->call;
    const crn_recurrence *a = run->attributes;
    const float *x = call->in[CRN_RECURRENCE_X];
    const int64_t width = run->gates * a->units, steps = call->in_types[0].shape[0];
    for (int64_t s = 0; s < count; s++) {
        const int64_t t = a->go_backwards ? steps - 1 - (step + s) : step + s;
        for (int64_t i = 0; i < rows; i++)
            run->pieces[s * rows + i] = x + ((row + i) * steps + t) * run->features;
    }
    call->kernels->product_f32(&(crn_product){
        .rows = count * rows,
        .n_in = run->features,
        .n_out = width,
        .pieces = run->pieces,
        .taps = 1,
        .b = call->in[CRN_RECURRENCE_KERNEL],
        .layout = a->packed ? CRN_PRODUCT_PACKED : CRN_PRODUCT_ROWS,
        .b_step = width,
        .out = run->projected,
        .out_step = width,
        .bias = call->in[CRN_RECURRENCE_BIAS],
    });
}

void crn_recurrence_product(const crn_recurrence_run *run, int64_t count, const float *a,
                            int64_t column, int64_t columns, const float *bias,
                            const float *added, float *out)
{
    const crn_kernels *k = run->call->kernels;
    const int64_t units = run->attributes->units, width = run->gates * units;
    const float *b = run->call->in[CRN_RECURRENCE_RECURRENT_KERNEL];
    const bool packed = run->attributes->packed;
    k->product_f32(&(crn_product){
        .rows = count,
        .n_in = units,
        .n_out = columns,
        .a = a,
        .a_step = units,
        .b = b + (packed ? k->product_packed_size_f32(units, column) : column),
        .layout = packed ? CRN_PRODUCT_PACKED : CRN_PRODUCT_ROWS,
        .b_step = width,
        .out = out,
        .out_step = width,
        .bias = bias,
        .added = added,
        .added_step = width,
    });
}

/* ---- steps ---- */

/* Whether step s of a row counts. */
bool crn_recurrence_counts(const crn_recurrence_run *run, int64_t row, int64_t s)
{
    const uint8_t *mask = run->call->in[CRN_RECURRENCE_MASK];
    const int64_t t = run->attributes->go_backwards ? run->steps - 1 - s : s;
    return mask == NULL || mask[row * run->steps + t] != 0;
}

/* The states of the rows that count, in runs of such rows. */
static void advance(const crn_recurrence_run *run, crn_rnn_cell_step *step,
                    const float *projected, int64_t row, int64_t rows, int64_t s)
{
    const int64_t width = run->gates * run->attributes->units;
    for (int64_t i = 0; i < rows;) {
        int64_t end = i;
        while (end < rows && crn_recurrence_counts(run, row + end, s))
            end++;
        if (end > i)
            step(run, projected + i * width, i, end - i);
        i = end + 1;
    }
}

/* The output of step s: h, and where the step is masked the output before, or zeros. */
void crn_recurrence_emit(const crn_recurrence_run *run, int64_t row, int64_t rows, int64_t s)
{
    const crn_recurrence *a = run->attributes;
    float *out = run->call->out[0];
    const size_t bytes = (size_t)run->size * sizeof *out;
    const int64_t steps = a->return_sequences ? run->steps : 1;
    const int64_t at = !a->return_sequences ? 0 : a->flip ? steps - 1 - s : s;
    const int64_t before = !a->return_sequences ? 0 : a->flip ? at + 1 : at - 1;
    for (int64_t i = 0; out != NULL && i < rows; i++) {
        float *y = out + (row + i) * steps * run->size;
        if (crn_recurrence_counts(run, row + i, s))
            memcpy(y + at * run->size, run->h + i * run->size, bytes);
        else if (a->zero_output_for_mask || s == 0)
            memset(y + at * run->size, 0, bytes);
        else
            memmove(y + at * run->size, y + before * run->size, bytes);
    }
}

void crn_recurrence_begin(const crn_recurrence_run *run, int states, int64_t row, int64_t rows)
{
    const int64_t size = run->size;
    for (int k = 0; k < states; k++) {
        const float *given = run->call->in[CRN_RECURRENCE_STATES + k];
        float *state = k == 0 ? run->h : run->c;
        if (given != NULL)
            memcpy(state, given + row * size, (size_t)(rows * size) * sizeof *state);
        else if (run->attributes->batch == 0 || row < run->attributes->batch)
            memset(state, 0, (size_t)(rows * size) * sizeof *state);
    }
}

void crn_recurrence_end(const crn_recurrence_run *run, int states, int64_t row, int64_t rows)
{
    const int64_t size = run->size;
    for (int k = 0; k < states; k++) {
        float *out = run->call->out[1 + k];
        if (out != NULL)
            memcpy(out + row * size, k == 0 ? run->h : run->c,
                   (size_t)(rows * size) * sizeof *out);
    }
}

static void walk(const crn_recurrence_run *run, crn_rnn_cell kind, int64_t row, int64_t rows)
{
    const bool same = run->attributes->repeat > 0;
    const int64_t width = run->gates * run->attributes->units;
    const int64_t fit = same ? run->steps : rows < WORTH_A_PRODUCT ? WORTH_A_PRODUCT / rows : 1;
    const bool every =
        run->attributes->return_sequences || run->call->in[CRN_RECURRENCE_MASK] != NULL;
    for (int64_t s = 0; s < run->steps; s += fit) {
        const int64_t count = run->steps - s < fit ? run->steps - s : fit;
        project(run, row, rows, s, same ? 1 : count);
        for (int64_t k = 0; k < count; k++) {
            const float *projected = run->projected + (same ? 0 : k * rows * width);
            advance(run, cells[kind].step, projected, row, rows, s + k);
            if (every || s + k == run->steps - 1)
                crn_recurrence_emit(run, row, rows, s + k);
        }
    }
}

static void forward(crn_rnn_cell kind, const crn_call *call)
{
    const crn_recurrence_run run = lay_out(call, kind);
    const int64_t most = run.attributes->batch > 0 ? run.attributes->batch : ROWS_AT_ONCE;
    for (int64_t row = 0; row < call->rows; row += most) {
        const int64_t rows = call->rows - row < most ? call->rows - row : most;
        crn_recurrence_begin(&run, cells[kind].states, row, rows);
        walk(&run, kind, row, rows);
        crn_recurrence_end(&run, cells[kind].states, row, rows);
    }
}

static void cost(crn_rnn_cell kind, const void *attributes, const crn_type *in, crn_cost *out)
{
    const crn_recurrence *a = attributes;
    const double features = (double)in[0].shape[1], units = (double)a->units;
    const double width = (double)cells[kind].gates * units;
    out->multiply_adds =
        width * (features * (double)in[0].shape[0] + units * (double)steps_of(a, &in[0]));
    out->bytes = width * (features + units) * sizeof(float);
}

/* ---- the operations ---- */

#define DEFINE_RECURRENCE(name_, kind)                                                         \
    static crn_status name_##_infer(const void *attributes, const crn_type *in, int n_in,      \
                                    crn_type *out, crn_error *err)                             \
    {                                                                                          \
        return infer(kind, attributes, in, n_in, out, err);                                    \
    }                                                                                          \
    static size_t name_##_scratch(const void *attributes, const crn_type *in, int n_in,        \
                                  int64_t rows)                                                \
    {                                                                                          \
        (void)in, (void)n_in;                                                                  \
        return scratch(kind, attributes, rows);                                                \
    }                                                                                          \
    static void name_##_forward(const crn_call *call)                                          \
    {                                                                                          \
        forward(kind, call);                                                                   \
    }                                                                                          \
    static void name_##_cost(const void *attributes, const crn_type *in, const crn_type *out,  \
                             crn_cost *result)                                                 \
    {                                                                                          \
        (void)out;                                                                             \
        cost(kind, attributes, in, result);                                                    \
    }

#define RECURRENCE(name_, function, states, flags_)                                            \
    {                                                                                          \
        .name = name_, .attributes_size = sizeof(crn_recurrence), .flags = flags_,             \
        .n_out = 1 + (states), .infer = function##_infer, .scratch = function##_scratch,       \
        .forward = function##_forward, .cost = function##_cost                                 \
    }

DEFINE_RECURRENCE(simple_rnn, CRN_SIMPLE_RNN_CELL)
DEFINE_RECURRENCE(lstm, CRN_LSTM_CELL)
DEFINE_RECURRENCE(gru, CRN_GRU_CELL)

const crn_op crn_op_simple_rnn = RECURRENCE("simple_rnn", simple_rnn, 1, 0);
const crn_op crn_op_lstm = RECURRENCE("lstm", lstm, 2, 0);
const crn_op crn_op_gru = RECURRENCE("gru", gru, 1, 0);
const crn_op crn_op_stateful_simple_rnn =
    RECURRENCE("stateful_simple_rnn", simple_rnn, 1, CRN_OP_ALL_ROWS);
const crn_op crn_op_stateful_lstm = RECURRENCE("stateful_lstm", lstm, 2, CRN_OP_ALL_ROWS);
const crn_op crn_op_stateful_gru = RECURRENCE("stateful_gru", gru, 1, CRN_OP_ALL_ROWS);

static const crn_op *const ops[][2] = {
    [CRN_SIMPLE_RNN_CELL] = {&crn_op_simple_rnn, &crn_op_stateful_simple_rnn},
    [CRN_LSTM_CELL] = {&crn_op_lstm, &crn_op_stateful_lstm},
    [CRN_GRU_CELL] = {&crn_op_gru, &crn_op_stateful_gru},
};

/* The vector that all steps of x are (RepeatVector); CRN_NO_VALUE when they differ. */
static crn_value repeated_vector(const crn_graph *graph, crn_value x)
{
    if (x == CRN_NO_VALUE || graph->values[x].role != CRN_VALUE_NODE)
        return CRN_NO_VALUE;
    const crn_graph_node *node = &graph->nodes[graph->values[x].node];
    const crn_view_attributes *view = node->attributes;
    if (node->op != &crn_op_view || view->ndim != 2 || view->steps[0] != 0 ||
        view->steps[1] != 1 || view->offset != 0)
        return CRN_NO_VALUE;
    const crn_type *from = crn_graph_type(graph, node->in[0]);
    return from->ndim == 1 && from->shape[0] == view->shape[1] ? node->in[0] : CRN_NO_VALUE;
}

crn_value crn_recur(crn_graph *graph, crn_rnn_cell kind, const crn_recurrence *attributes,
                    const crn_value *in)
{
    crn_recurrence a = *attributes;
    crn_value with[CRN_RECURRENCE_INPUTS];
    memcpy(with, in, sizeof with);
    const crn_value vector = repeated_vector(graph, in[CRN_RECURRENCE_X]);
    if (vector != CRN_NO_VALUE) {
        const crn_type *x = crn_graph_type(graph, in[CRN_RECURRENCE_X]);
        a.repeat = x->shape[0];
        with[CRN_RECURRENCE_X] = crn_reshape(graph, vector, 2, (int64_t[]){1, x->shape[1]});
    }
    return crn_graph_add(graph, ops[kind][a.batch > 0], &a, with, CRN_RECURRENCE_INPUTS);
}

/* ---- packing ---- */

/* The widths of the matrices that a recurrent kernel is packed as: before its last gate a GRU
 * with reset_after = False needs the product of the others. */
static crn_value pack(crn_graph *graph, crn_value weights, int64_t first)
{
    enum { MOST_ELEMENTS = 16 * 1024 * 1024 };
    const crn_kernels *k = crn_kernels_best();
    const crn_array *from = &graph->values[weights].array;
    const int64_t n_out = from->shape[from->ndim - 1], rest = n_out - first;
    const int64_t n_in = crn_array_size(from) / n_out;
    const int64_t begin = k->product_packed_size_f32(n_in, first);
    const int64_t size = begin + k->product_packed_size_f32(n_in, rest);
    crn_array to = CRN_ARRAY_INIT;
    if (size > MOST_ELEMENTS)
        return weights;
    if (crn_array_create(CRN_FLOAT32, 0, 1, &size, &to, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const float *b = from->data;
    k->product_pack_f32(n_in, first, b, n_out, 1, to.data);
    k->product_pack_f32(n_in, rest, b + first, n_out, 1, (float *)to.data + begin);
    crn_value made = crn_graph_constant(graph, &to);
    crn_array_free(&to);
    return made;
}

static bool find_kind(const crn_op *op, crn_rnn_cell *out)
{
    *out = CRN_LSTM_CELL;
    if (op == &crn_op_conv_lstm || op == &crn_op_stateful_conv_lstm)
        return true;
    for (int kind = CRN_SIMPLE_RNN_CELL; kind <= CRN_GRU_CELL; kind++) {
        *out = (crn_rnn_cell)kind;
        if (op == ops[kind][0] || op == ops[kind][1])
            return true;
    }
    return false;
}

void crn_recurrence_pack(crn_graph *graph, crn_graph_node *node)
{
    crn_rnn_cell kind;
    if (!find_kind(node->op, &kind))
        return;
    crn_recurrence *a = node->attributes;
    const crn_value kernel = node->in[CRN_RECURRENCE_KERNEL];
    const crn_value recurrent = node->in[CRN_RECURRENCE_RECURRENT_KERNEL];
    if (a->packed || graph->values[kernel].role != CRN_VALUE_CONSTANT ||
        graph->values[recurrent].role != CRN_VALUE_CONSTANT)
        return;
    const bool parted = kind == CRN_GRU_CELL && !a->reset_after;
    const crn_value packed[] = {pack(graph, kernel, 0),
                                pack(graph, recurrent, parted ? 2 * a->units : 0)};
    if (packed[0] == kernel || packed[1] == recurrent)
        return;
    node->in[CRN_RECURRENCE_KERNEL] = packed[0];
    node->in[CRN_RECURRENCE_RECURRENT_KERNEL] = packed[1];
    a->packed = true;
}
