/* SPDX-License-Identifier: BSD-3-Clause */
/* Windows that slide over the axes of an item: what convolutions and pooling have in common. An
 * item is (depth, height, width, channels); those with fewer axes have lengths of 1 in front.
 *
 * At the borders a window has only some of its taps inside. Outputs with the same taps form
 * segments along an axis and boxes over all three; within a box there is nothing to check, and
 * nothing is multiplied by the zeros of a padding. */
#ifndef CRN_OPS_WINDOW_H
#define CRN_OPS_WINDOW_H

#include "ops/op.h"

enum { CRN_WINDOW_AXES = 3 };

/* Tap t of output i reads the input at i * stride + t * dilation - before. */
typedef struct crn_window_axis {
    int64_t n_in, n_out;
    int64_t size; /* taps */
    int64_t stride, dilation;
    int64_t before; /* padding in front of the input; negative: that much is cut off */
    /* Where outputs and taps stand among those that memory holds: output i at
     * out_first + i * out_step, tap t at tap_first + t * tap_step. */
    int64_t out_first, out_step, tap_first, tap_step;
} crn_window_axis;

typedef struct crn_window {
    crn_window_axis axis[CRN_WINDOW_AXES];
} crn_window;

/* One tap over an axis of length 1. */
crn_window_axis crn_window_point(void);
/* Outputs that fit into n_in + before + after; 0 where none does. */
crn_window_axis crn_window_axis_of(int64_t n_in, int64_t size, int64_t stride, int64_t dilation,
                                   int64_t before, int64_t after);

/* Of the axis of a transposed convolution, whose input i adds to the outputs i * stride + tap *
 * dilation - before (one of stride and dilation is 1): the outputs phase, phase + stride ... as a window over the input. */
crn_window_axis crn_window_phase(const crn_window_axis *axis, int64_t phase);

/* CRN_SHAPE unless x is (rows, n_in of the last `ndim - 1` axes, channels) in float32 and the
 * window's numbers can be computed with; *channels is set. */
crn_status crn_window_infer(const char *op, const crn_window *window, const crn_type *x,
                            int64_t *channels, crn_error *err);
/* x's type with the window's outputs and so many channels. */
crn_type crn_window_output(const crn_window *window, const crn_type *x, int64_t channels);
int64_t crn_window_taps(const crn_window *window);
int64_t crn_window_outputs(const crn_window *window);

/* Outputs [begin, end) of an axis read the taps [tap, tap_end). */
typedef struct crn_window_segment {
    int64_t begin, end;
    int64_t tap, tap_end;
} crn_window_segment;

/* The segment that begins at an output. */
crn_window_segment crn_window_segment_at(const crn_window_axis *axis, int64_t begin);

typedef struct crn_window_box {
    crn_window_segment at[CRN_WINDOW_AXES];
} crn_window_box;

/* All boxes in turn: begins with a zeroed one, false when there are no more. */
bool crn_window_next_box(const crn_window *window, crn_window_box *box);

#endif
