/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernels of convolutions and pooling are given: a box of outputs that all have the same
 * taps. */
#ifndef CRN_KERNELS_CONVOLUTION_H
#define CRN_KERNELS_CONVOLUTION_H

#include <stdint.h>

/* Numbers of the input that stand side by side, and their rows of weights. */
typedef struct crn_conv_run {
    int64_t x; /* elements from an output's place in x to the first number */
    int64_t w; /* its row of weights */
    int64_t n; /* how many */
} crn_conv_run;

enum { CRN_BOX_AXES = 4 };

/* Outputs, as (images, depth, height, width). */
typedef struct crn_conv_box {
    int64_t count[CRN_BOX_AXES];
    int64_t x_step[CRN_BOX_AXES], y_step[CRN_BOX_AXES]; /* elements from one to the next */
} crn_conv_box;

/* What becomes of a sum before it is stored: * factor + bias + other, then cut to [low, high].
 * Vectors (outputs), NULL: none; `other` is laid out as y. NaN stays NaN. */
typedef struct crn_conv_end {
    const float *factor, *bias, *other;
    int clips;
    float low, high;
} crn_conv_end;

/* Outputs 0..width of a panel of weights: rows of whole vectors, `vectors` each, behind one
 * another. */
typedef struct crn_convolve {
    crn_conv_box box;
    const crn_conv_run *runs;
    int64_t run_count;
    const float *x, *w;
    float *y;
    int64_t vectors, width;
    int first, last; /* of the slices of the sum: y is not yet read; `end` applies */
    crn_conv_end end;
} crn_convolve;

/* Channel by channel: a run has one number of each channel, and w is (taps, channels). */
typedef struct crn_channelwise {
    crn_conv_box box;
    const crn_conv_run *runs;
    int64_t run_count;
    const float *x, *w;
    float *y;
    int64_t channels;
    crn_conv_end end;
} crn_channelwise;

#endif
