/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.optimizers.Adam (Kingma and Ba, 2014, with "epsilon hat" outside the bias correction;
 * AMSGrad of Reddi et al., 2018), in the order of operations of
 * keras/src/optimizers/adam.py, 3.15. */
#include "keras/optimizers/adam.h"

#include <math.h>

static const crn_field fields[] = {CRN_OPTIMIZER_LEARNING_RATE("0.001"), CRN_ADAM_FIELDS,
                                   CRN_OPTIMIZER_WEIGHT_DECAY("None"), CRN_OPTIMIZER_FIELDS,
                                   CRN_FIELDS_END};

int crn_adam_slots(const void *config, crn_optimizer_slot *out)
{
    out[0] = (crn_optimizer_slot){.name = "momentum", .group = 0};
    out[1] = (crn_optimizer_slot){.name = "velocity", .group = 0};
    out[2] = (crn_optimizer_slot){.name = "velocity_hat", .group = 1};
    return ((const crn_adam *)config)->amsgrad ? 3 : 2;
}

void crn_adam_update(const crn_optimizer_update *u)
{
    const crn_adam *config = u->config;
    float step = (float)(u->iteration + 1);
    float alpha = u->learning_rate * sqrtf(1.0f - powf((float)config->beta_2, step)) /
                  (1.0f - powf((float)config->beta_1, step));
    u->kernels->adam_f32(u->size, alpha, (float)(1.0 - config->beta_1),
                         (float)(1.0 - config->beta_2), (float)config->epsilon, u->gradient,
                         u->slots[0], u->slots[1], u->slots[2], u->weight);
}

const crn_optimizer_class crn_optimizer_Adam = {.base = {.name = "Adam",
                                                         .other_names = "adam",
                                                         .module = "keras.optimizers",
                                                         .size = sizeof(crn_adam),
                                                         .fields = fields},
                                                .snake_name = "adam",
                                                .slots = crn_adam_slots,
                                                .update = crn_adam_update};
