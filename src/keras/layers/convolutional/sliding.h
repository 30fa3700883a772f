/* SPDX-License-Identifier: BSD-3-Clause */
/* Windows as the configs of convolutions and pooling describe them: sizes, strides, padding and
 * the place of the channels. */
#ifndef CRN_KERAS_LAYERS_CONVOLUTIONAL_SLIDING_H
#define CRN_KERAS_LAYERS_CONVOLUTIONAL_SLIDING_H

#include "keras/layers/layer.h"
#include "ops/window.h"

typedef enum crn_sliding_padding {
    CRN_PADDING_VALID,
    CRN_PADDING_SAME,
    CRN_PADDING_CAUSAL
} crn_sliding_padding;

typedef struct crn_sliding {
    int32_t rank; /* axes that it slides over */
    int64_t size[CRN_WINDOW_AXES], stride[CRN_WINDOW_AXES], dilation[CRN_WINDOW_AXES];
    crn_sliding_padding padding;
    bool channels_first;
} crn_sliding;

/* Config values: each an int or a tuple of `rank` ints; strides NULL or None: the size;
 * dilation NULL: none. */
typedef struct crn_sliding_config {
    const char *size_name; /* "kernel_size" */
    const crn_object *size, *strides, *dilation;
    const char *padding;
    const char *data_format; /* NULL: channels_last */
    bool may_be_causal;
} crn_sliding_config;

/* CRN_ARGUMENT in Keras's words for what no window can be. */
crn_status crn_sliding_read(const crn_layer *layer, int32_t rank,
                            const crn_sliding_config *config, crn_sliding *out, crn_error *err);
/* An int, or a tuple of `rank` ints of at least `least`, spread to `rank` numbers. */
crn_status crn_sliding_tuple(const crn_layer *layer, const char *name, const crn_object *value,
                             int32_t rank, int64_t least, int64_t *out, crn_error *err);
crn_status crn_sliding_channels_first(const crn_layer *layer, const char *data_format,
                                      bool *out, crn_error *err);

/* The axis of the item in which the channels are, and the first of those that it slides over. */
int32_t crn_sliding_channel_axis(const crn_sliding *sliding);
int32_t crn_sliding_first_axis(const crn_sliding *sliding);

/* CRN_SHAPE in Keras's words unless there is one input of rank + 2 axes. */
crn_status crn_sliding_check_input(const crn_layer *layer, const crn_sliding *sliding,
                                   const crn_type *in, int n_in, crn_error *err);
/* The input's shape with the window's outputs, open where the input is; CRN_SHAPE in Keras's
 * words where there are none. filters < 0: as many channels as before. */
crn_status crn_sliding_infer(const crn_layer *layer, const crn_sliding *sliding,
                             const crn_type *in, int n_in, int64_t filters, crn_type *out,
                             crn_error *err);

/* The window over x, whose channels are last. */
crn_window crn_sliding_window(const crn_sliding *sliding, const crn_type *x);
/* Channels to the end, as the operations have them, and back. */
crn_value crn_sliding_enter(const crn_sliding *sliding, crn_graph *graph, crn_value x);
crn_value crn_sliding_leave(const crn_sliding *sliding, crn_graph *graph, crn_value x);

#endif
