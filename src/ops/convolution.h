/* SPDX-License-Identifier: BSD-3-Clause */
/* Convolutions and pooling over items (..., channels) of one to three axes. Geometry is
 * ops/window.h. */
#ifndef CRN_OPS_CONVOLUTION_H
#define CRN_OPS_CONVOLUTION_H

#include "kernels/convolution.h"
#include "ops/activation.h"
#include "ops/graph.h"
#include "ops/window.h"

/* Inputs of both kinds of convolution; all but the first two may be absent. */
enum {
    CRN_CONV_X,
    CRN_CONV_WEIGHTS,
    CRN_CONV_BIAS,   /* (filters) */
    CRN_CONV_FACTOR, /* (filters): multiplies the sum before the bias is added */
    CRN_CONV_OTHER,  /* of the output's type: added before the activation */
    CRN_CONV_INPUTS
};

typedef struct crn_convolution_attributes {
    crn_window window;
    bool transposed; /* the window is over the outputs (crn_window_phase) */
    int64_t groups, filters;
    int64_t lanes, vectors; /* of the packed weights: those of the CPU's kernel */
    crn_activation activation;
} crn_convolution_attributes;

/* kernel (taps..., channels / groups, filters) and bias (filters) are constants; bias may be
 * CRN_NO_VALUE. The kernel is copied to the order in which it is read. */
crn_value crn_convolution(crn_graph *graph, crn_value x, const crn_window *window,
                          crn_value kernel, int64_t groups, crn_value bias);
/* kernel (taps..., filters, channels). The gradient of a convolution: input i adds to output
 * i * stride + tap - before. */
crn_value crn_transposed_convolution(crn_graph *graph, crn_value x, const crn_window *window,
                                     crn_value kernel, crn_value bias);

typedef struct crn_depthwise_attributes {
    crn_window window;
    int64_t multiplier; /* outputs of each channel */
    crn_activation activation;
} crn_depthwise_attributes;

/* Each channel by itself: kernel (taps..., channels, multiplier) gives channels * multiplier. */
crn_value crn_depthwise_convolution(crn_graph *graph, crn_value x, const crn_window *window,
                                    crn_value kernel, int64_t multiplier, crn_value bias);

typedef enum crn_pool_kind { CRN_POOL_MAX, CRN_POOL_AVERAGE } crn_pool_kind;

typedef struct crn_pool_attributes {
    crn_pool_kind kind;
    bool adaptive; /* output i covers floor(i n_in / n_out) .. ceil((i + 1) n_in / n_out) */
    crn_window window;
} crn_pool_attributes;

/* Over each window; an average is over the elements that are inside. */
crn_value crn_pool(crn_graph *graph, crn_value x, crn_pool_kind kind, const crn_window *window);
/* Over windows that share the input among so many outputs; n_in and n_out of the window count. */
crn_value crn_adaptive_pool(crn_graph *graph, crn_value x, crn_pool_kind kind,
                            const crn_window *window);

/* ---- for the operations' own files (convolution_run.c) ---- */

/* True when an activation is a cut of its argument, which costs nothing at the end of a sum. */
bool crn_conv_clips(const crn_activation *activation, crn_conv_end *end);
/* The end of the sums of a call. */
crn_conv_end crn_conv_end_of(const crn_call *call, const crn_activation *activation);
/* What an end cannot do: the activation over the whole output. */
void crn_conv_activate(const crn_call *call, const crn_activation *activation);
/* The optional inputs of a convolution to so many filters. */
crn_status crn_conv_infer_end(const char *op, const crn_type *in, int n_in, const crn_type *out,
                              crn_error *err);

/* Where a box of outputs begins, and how it goes on, for x of so many channels and y of so many
 * filters; sizes: axes of the whole output. */
typedef struct crn_conv_place {
    crn_conv_box box;
    int64_t x, y; /* elements to the first output's first tap, and to the output */
} crn_conv_place;

crn_conv_place crn_conv_place_of(const crn_window *window, const crn_window_box *box,
                                 const crn_window *whole, int64_t rows, int64_t channels,
                                 int64_t filters);

/* The taps of a box as runs of numbers that stand side by side. n: how many numbers a tap reads,
 * at most `channels`; where that is all of them, neighbouring taps join. Returns how many. */
int64_t crn_conv_runs(const crn_window *window, const crn_window_box *box,
                      const crn_window *whole, int64_t channels, int64_t n, crn_conv_run *runs);

#endif
