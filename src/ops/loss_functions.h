/* SPDX-License-Identifier: BSD-3-Clause */
/* The losses of keras.losses 3.15 on the TensorFlow backend for one sample, and their
 * gradients, as TensorFlow differentiates them. Used by the operation `loss` and by the metrics
 * of the same names. */
#ifndef CRN_OPS_LOSS_FUNCTIONS_H
#define CRN_OPS_LOSS_FUNCTIONS_H

#include "ops/training.h"

/* keras.config.epsilon() */
#define CRN_KERAS_EPSILON 1e-7f

/* One sample (or one step of one). */
typedef struct crn_loss_item {
    int64_t n;
    const float *prediction; /* (n) */
    const float *target;     /* (n); the sparse loss: NULL */
    int64_t label;           /* the sparse loss; outside [0, n) the loss is NaN */
    bool binary;             /* hinge: the batch's targets are all 0 or 1 */
} crn_loss_item;

float crn_loss_value(const crn_loss_attributes *attributes, const crn_loss_item *item);
/* gradient (n) += scale * d value / d prediction */
void crn_loss_add_gradient(const crn_loss_attributes *attributes, const crn_loss_item *item,
                           float scale, float *gradient);
/* True when every one of the targets is 0 or 1: what hinge asks of a batch. */
bool crn_loss_targets_are_binary(const float *targets, int64_t n);

#endif
