/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on images and other grids: cutting, filling and resizing along axes of the item. */
#ifndef CRN_OPS_IMAGE_H
#define CRN_OPS_IMAGE_H

#include "ops/graph.h"
#include "ops/value_range.h"

typedef struct crn_resample_attributes {
    int32_t axis; /* of the item */
} crn_resample_attributes;

/* Along one axis, place i of the output is offset[i] + the sum over k of weights[i, k] *
 * x[start[i] + k]; a weight of 0 reads nothing. x float32; start int64 (n), weights float32
 * (n, taps), offset float32 (n) or CRN_NO_VALUE: constants. Whatever start and weights name is
 * inside by construction of the graph. */
crn_value crn_resample(crn_graph *graph, crn_value x, int32_t axis, crn_value start,
                       crn_value weights, crn_value offset);

/* The methods of tf.image.resize (TensorFlow 2.4 - 2.20). */
typedef enum crn_resize_method {
    CRN_RESIZE_BILINEAR,
    CRN_RESIZE_NEAREST,
    CRN_RESIZE_BICUBIC,
    CRN_RESIZE_AREA,
    CRN_RESIZE_LANCZOS3,
    CRN_RESIZE_LANCZOS5,
    CRN_RESIZE_GAUSSIAN,
    CRN_RESIZE_MITCHELLCUBIC
} crn_resize_method;

/* By the name in Keras's configs; false when it is none. */
bool crn_resize_method_find(const char *name, crn_resize_method *out);

/* What one axis goes through: `length` places from `begin` on, which may reach beyond the axis on
 * both sides (there it is filled), become `size` places. All three > 0 but for begin. */
typedef struct crn_resize_window {
    int64_t begin, length, size;
} crn_resize_window;

typedef struct crn_resize_attributes {
    crn_resize_method method;
    bool antialias; /* widens the kernel when the image shrinks */
    int32_t axis;   /* of the item: height; width is the next */
    double fill;    /* of what lies outside */
    crn_resize_window height, width;
} crn_resize_attributes;

/* x float32 (rows, ..., height, width, ...), resized with pixel centres at halves. */
crn_value crn_resize(crn_graph *graph, crn_value x, const crn_resize_attributes *attributes);

/* Stretches the numbers along the first two axes of each item (rows, a, b, ...), float32, to the
 * whole range; where they are all the same they stay. */
crn_value crn_auto_contrast(crn_graph *graph, crn_value x, crn_value_range range);

typedef struct crn_clahe_attributes {
    int32_t axis;                    /* of the item: height; width is the next */
    int64_t grid_height, grid_width; /* tiles */
    double clip_limit;               /* <= 0: none */
    crn_value_range range;
} crn_clahe_attributes;

/* Contrast limited adaptive histogram equalization of x (rows, height, width, channels) or
 * (rows, channels, height, width), float32. */
crn_value crn_clahe(crn_graph *graph, crn_value x, const crn_clahe_attributes *attributes);

#endif
