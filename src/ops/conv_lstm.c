/* SPDX-License-Identifier: BSD-3-Clause */
/* conv_lstm: an LSTM whose products are convolutions (keras/src/layers/rnn/conv_lstm.py, 3.15):
 * of the input with the layer's strides, padding and dilation, of the state with neither. A row
 * goes through all steps alone; a product has a row for each place of the state, whose pieces
 * are the places under the window. */
#include <string.h>

#include "ops/infer.h"
#include "ops/recurrence.h"

static bool is_absent(const crn_type *type)
{
    return type->dtype == CRN_NO_DTYPE;
}

static int64_t product_of(int32_t n, const int64_t *lengths)
{
    int64_t product = 1;
    for (int32_t i = 0; i < n; i++)
        product *= lengths[i];
    return product;
}

/* (taps..., channels, 4 * filters) */
static bool is_kernel(const crn_conv_recurrence *a, const crn_type *type, int64_t channels)
{
    return a->base.packed ||
           (!type->rows && type->dtype == CRN_FLOAT32 && type->ndim == a->rank + 2 &&
            memcmp(type->shape, a->taps, (size_t)a->rank * sizeof *a->taps) == 0 &&
            type->shape[a->rank] == channels && type->shape[a->rank + 1] == 4 * a->base.units);
}

static bool geometry_fits(const crn_conv_recurrence *a, const crn_type *x)
{
    if (a->rank < 1 || a->rank > 3 || a->base.units < 1 || a->base.units > INT32_MAX ||
        a->base.batch < 0 || a->base.reset_after || x->ndim != a->rank + 2)
        return false;
    for (int32_t i = 0; i < a->rank; i++) {
        if (a->taps[i] < 1 || a->strides[i] < 1 || a->dilation[i] < 1 || a->before[i] < 0 ||
            a->out[i] < 1)
            return false;
    }
    return true;
}

static bool is_state(const crn_type *type, const crn_type *state)
{
    return is_absent(type) || (crn_type_equal(type, state) && !type->sparse);
}

static crn_status conv_lstm_infer(const void *attributes, const crn_type *in, int n_in,
                                  crn_type *out, crn_error *err)
{
    const crn_conv_recurrence *a = attributes;
    const crn_type *x = &in[CRN_RECURRENCE_X], *bias = &in[CRN_RECURRENCE_BIAS];
    const crn_type *mask = &in[CRN_RECURRENCE_MASK];
    CRN_TRY(
        crn_infer_count("conv_lstm", n_in, CRN_RECURRENCE_INPUTS, CRN_RECURRENCE_INPUTS, err));
    if (x->dtype != CRN_FLOAT32 || !x->rows || x->sparse || !geometry_fits(a, x) ||
        x->shape[0] < 1)
        return crn_fail(err, CRN_SHAPE,
                        "conv_lstm: takes float32 (rows, steps, axes, channels)");
    int64_t shape[CRN_MAX_NDIM];
    memcpy(shape, a->out, (size_t)a->rank * sizeof *shape);
    shape[a->rank] = a->base.units;
    crn_type state = crn_type_rows(CRN_FLOAT32, a->rank + 1, shape);
    state.fold = x->fold;
    if (!is_kernel(a, &in[CRN_RECURRENCE_KERNEL], x->shape[a->rank + 1]) ||
        !is_kernel(a, &in[CRN_RECURRENCE_RECURRENT_KERNEL], a->base.units) ||
        (!is_absent(bias) && (bias->rows || bias->dtype != CRN_FLOAT32 || bias->ndim != 1 ||
                              bias->shape[0] != 4 * a->base.units)))
        return crn_infer_misfit("conv_lstm", x, &in[CRN_RECURRENCE_KERNEL], err);
    if (!is_absent(mask) && (!mask->rows || mask->sparse || mask->dtype != CRN_BOOL ||
                             crn_type_size(mask) != x->shape[0]))
        return crn_infer_misfit("conv_lstm", x, mask, err);
    if (!is_state(&in[CRN_RECURRENCE_STATES], &state) ||
        !is_state(&in[CRN_RECURRENCE_STATES + 1], &state))
        return crn_infer_misfit("conv_lstm", x, &in[CRN_RECURRENCE_STATES], err);
    out[0] = out[1] = out[2] = state;
    if (a->base.return_sequences) {
        out[0].ndim = a->rank + 2;
        out[0].shape[0] = x->shape[0];
        memcpy(out[0].shape + 1, shape, (size_t)(a->rank + 1) * sizeof *shape);
    }
    return CRN_OK;
}

/* ---- a walk ---- */

typedef struct walk {
    crn_recurrence_run run;
    const crn_conv_recurrence *attributes;
    const int64_t *in;                 /* lengths of an item's axes */
    int64_t taps, places;              /* of the window; of the state */
    float *zeros;                      /* as many as a place has channels */
    const void **x_pieces, **h_pieces; /* (taps, places) */
} walk;

typedef struct sizes {
    size_t pieces, sums, state, zeros;
} sizes;

static sizes sizes_of(const crn_conv_recurrence *a, int64_t channels)
{
    const int64_t places = product_of(a->rank, a->out), units = a->base.units;
    const int64_t kept = a->base.batch > 0 ? a->base.batch : 1;
    return (sizes){.pieces = (size_t)(product_of(a->rank, a->taps) * places),
                   .sums = (size_t)(places * 4 * units),
                   .state = (size_t)(kept * places * units),
                   .zeros = (size_t)(channels > units ? channels : units)};
}

static size_t conv_lstm_scratch(const void *attributes, const crn_type *in, int n_in,
                                int64_t rows)
{
    const crn_conv_recurrence *a = attributes;
    (void)n_in, (void)rows;
    const sizes s = sizes_of(a, in[CRN_RECURRENCE_X].shape[a->rank + 1]);
    return 2 * s.pieces * sizeof(void *) + (2 * s.sums + 2 * s.state + s.zeros) * sizeof(float);
}

static walk lay_out(const crn_call *call)
{
    const crn_conv_recurrence *a = call->attributes;
    const crn_type *x = &call->in_types[CRN_RECURRENCE_X];
    const sizes s = sizes_of(a, x->shape[a->rank + 1]);
    walk w = {.attributes = a,
              .in = x->shape + 1,
              .taps = product_of(a->rank, a->taps),
              .places = product_of(a->rank, a->out)};
    w.run = (crn_recurrence_run){.call = call,
                                 .attributes = &a->base,
                                 .gates = 4,
                                 .features = x->shape[a->rank + 1],
                                 .steps = x->shape[0],
                                 .size = w.places * a->base.units};
    w.x_pieces = call->scratch;
    w.h_pieces = w.x_pieces + s.pieces;
    w.run.projected = (float *)(void *)(w.h_pieces + s.pieces);
    w.run.sums = w.run.projected + s.sums;
    w.run.h = w.run.sums + s.sums;
    w.run.c = w.run.h + s.state;
    w.zeros = w.run.c + s.state;
    memset(w.zeros, 0, s.zeros * sizeof(float));
    return w;
}

/* How a window lies over places. */
typedef struct geometry {
    int32_t rank;
    const int64_t *taps, *in, *out;
    int64_t strides[3], dilation[3], before[3];
    int64_t channels;
} geometry;

/* The element of the item where a tap of the window over an output's place begins; -1: outside.
 */
static int64_t place_below(const geometry *g, int64_t tap, int64_t place)
{
    int64_t at = 0, step = g->channels;
    for (int32_t i = g->rank - 1; i >= 0; i--) {
        const int64_t k = tap % g->taps[i], o = place % g->out[i];
        const int64_t x = o * g->strides[i] + k * g->dilation[i] - g->before[i];
        if (x < 0 || x >= g->in[i])
            return -1;
        at += x * step;
        step *= g->in[i];
        tap /= g->taps[i];
        place /= g->out[i];
    }
    return at;
}

static void find_pieces(const walk *w, const geometry *g, const float *base,
                        const void **pieces)
{
    for (int64_t tap = 0; tap < w->taps; tap++) {
        for (int64_t place = 0; place < w->places; place++) {
            const int64_t at = place_below(g, tap, place);
            pieces[tap * w->places + place] = at < 0 ? w->zeros : base + at;
        }
    }
}

static geometry input_geometry(const walk *w)
{
    const crn_conv_recurrence *a = w->attributes;
    geometry g = {.rank = a->rank,
                  .taps = a->taps,
                  .in = w->in,
                  .out = a->out,
                  .channels = w->run.features};
    memcpy(g.strides, a->strides, sizeof g.strides);
    memcpy(g.dilation, a->dilation, sizeof g.dilation);
    memcpy(g.before, a->before, sizeof g.before);
    return g;
}

/* padding="same", without strides */
static geometry state_geometry(const walk *w)
{
    const crn_conv_recurrence *a = w->attributes;
    geometry g = {.rank = a->rank,
                  .taps = a->taps,
                  .in = a->out,
                  .out = a->out,
                  .channels = a->base.units};
    for (int32_t i = 0; i < a->rank; i++) {
        g.strides[i] = g.dilation[i] = 1;
        g.before[i] = (a->taps[i] - 1) / 2;
    }
    return g;
}

static void convolve(const walk *w, const void **pieces, int64_t channels, const float *kernel,
                     const float *bias, const float *added, float *out)
{
    const int64_t width = 4 * w->attributes->base.units;
    w->run.call->kernels->product_f32(&(crn_product){
        .rows = w->places,
        .n_in = w->taps * channels,
        .n_out = width,
        .pieces = pieces,
        .taps = w->taps,
        .b = kernel,
        .layout = w->attributes->base.packed ? CRN_PRODUCT_PACKED : CRN_PRODUCT_ROWS,
        .b_step = width,
        .out = out,
        .out_step = width,
        .bias = bias,
        .added = added,
        .added_step = width,
    });
}

/* One row; its states are in the run. */
static void walk_row(const walk *w, int64_t row)
{
    const crn_recurrence_run *run = &w->run;
    const crn_call *call = run->call;
    const crn_recurrence *a = run->attributes;
    const geometry of_x = input_geometry(w), of_h = state_geometry(w);
    const int64_t item = product_of(w->attributes->rank + 1, w->in);
    const float *x = (const float *)call->in[CRN_RECURRENCE_X] + row * run->steps * item;
    find_pieces(w, &of_h, run->h, w->h_pieces);
    for (int64_t s = 0; s < run->steps; s++) {
        const int64_t t = a->go_backwards ? run->steps - 1 - s : s;
        if (crn_recurrence_counts(run, row, s)) {
            find_pieces(w, &of_x, x + t * item, w->x_pieces);
            convolve(w, w->x_pieces, run->features, call->in[CRN_RECURRENCE_KERNEL],
                     call->in[CRN_RECURRENCE_BIAS], NULL, run->projected);
            convolve(w, w->h_pieces, a->units, call->in[CRN_RECURRENCE_RECURRENT_KERNEL], NULL,
                     run->projected, run->sums);
            crn_lstm_gates(a, call->kernels, w->places, run->sums, run->c, run->h);
        }
        crn_recurrence_emit(run, row, 1, s);
    }
}

static void conv_lstm_forward(const crn_call *call)
{
    const walk all = lay_out(call);
    const int64_t kept = all.attributes->base.batch > 0 ? all.attributes->base.batch : 1;
    for (int64_t row = 0; row < call->rows; row++) {
        walk w = all;
        w.run.h += row % kept * w.run.size;
        w.run.c += row % kept * w.run.size;
        crn_recurrence_begin(&w.run, 2, row, 1);
        walk_row(&w, row);
        crn_recurrence_end(&w.run, 2, row, 1);
    }
}

static void conv_lstm_cost(const void *attributes, const crn_type *in, const crn_type *out,
                           crn_cost *cost)
{
    const crn_conv_recurrence *a = attributes;
    (void)out;
    const double channels = (double)(in[0].shape[a->rank + 1] + a->base.units);
    const double weights =
        (double)product_of(a->rank, a->taps) * channels * 4.0 * (double)a->base.units;
    cost->multiply_adds =
        weights * (double)product_of(a->rank, a->out) * (double)in[0].shape[0];
    cost->bytes = weights * sizeof(float);
}

#define CONV_LSTM(name_, flags_)                                                               \
    {                                                                                          \
        .name = name_, .attributes_size = sizeof(crn_conv_recurrence), .flags = flags_,        \
        .n_out = 3, .infer = conv_lstm_infer, .scratch = conv_lstm_scratch,                    \
        .forward = conv_lstm_forward, .cost = conv_lstm_cost                                   \
    }

const crn_op crn_op_conv_lstm = CONV_LSTM("conv_lstm", 0);
const crn_op crn_op_stateful_conv_lstm = CONV_LSTM("stateful_conv_lstm", CRN_OP_ALL_ROWS);

crn_value crn_conv_lstm(crn_graph *graph, const crn_conv_recurrence *attributes,
                        const crn_value *in)
{
    const crn_op *op =
        attributes->base.batch > 0 ? &crn_op_stateful_conv_lstm : &crn_op_conv_lstm;
    return crn_graph_add(graph, op, attributes, in, CRN_RECURRENCE_INPUTS);
}
