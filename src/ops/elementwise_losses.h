/* SPDX-License-Identifier: BSD-3-Clause */
/* Losses of one number, for loss_functions.c. */
#ifndef CRN_OPS_ELEMENTWISE_LOSSES_H
#define CRN_OPS_ELEMENTWISE_LOSSES_H

#include "ops/training.h"

/* The loss of prediction p for target t (hinge: -1 or 1), and its derivative by p. */
float crn_elementwise_loss(const crn_loss_attributes *attributes, float t, float p);
float crn_elementwise_loss_slope(const crn_loss_attributes *attributes, float t, float p);

#endif
