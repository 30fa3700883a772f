/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.optimizers.AdamW: Adam with decoupled weight decay (Loshchilov and Hutter, 2019), which
 * the common step applies. */
#include "keras/optimizers/adam.h"

static const crn_field fields[] = {CRN_OPTIMIZER_LEARNING_RATE("0.001"),
                                   CRN_OPTIMIZER_WEIGHT_DECAY("0.004"), CRN_ADAM_FIELDS,
                                   CRN_OPTIMIZER_FIELDS, CRN_FIELDS_END};

static crn_status check(const void *config, crn_error *err)
{
    const crn_adam *adam = config;
    if (crn_object_is_none(adam->base.weight_decay))
        return crn_fail(err, CRN_ARGUMENT,
                        "Argument `weight_decay` must be a float. Received: "
                        "weight_decay=None");
    return CRN_OK;
}

const crn_optimizer_class crn_optimizer_AdamW = {.base = {.name = "AdamW",
                                                          .other_names = "adamw",
                                                          .module = "keras.optimizers",
                                                          .size = sizeof(crn_adam),
                                                          .fields = fields,
                                                          .check = check},
                                                 .snake_name = "adam_w",
                                                 .slots = crn_adam_slots,
                                                 .update = crn_adam_update};
