/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.optimizers.RMSprop (Hinton, 2012), in the order of operations of
 * keras/src/optimizers/rmsprop.py, 3.15: epsilon stands inside the root. */
#include "keras/optimizers/optimizer.h"

typedef struct rmsprop {
    crn_optimizer_config base;
    double rho, momentum, epsilon;
    bool centered;
} rmsprop;

static const crn_field fields[] = {CRN_OPTIMIZER_LEARNING_RATE("0.001"),
                                   CRN_PARAM(rmsprop, rho, REAL, "0.9", NULL),
                                   CRN_PARAM(rmsprop, momentum, REAL, "0.0", NULL),
                                   CRN_PARAM(rmsprop, epsilon, REAL, "1e-07", NULL),
                                   CRN_PARAM(rmsprop, centered, BOOL, "False", NULL),
                                   CRN_OPTIMIZER_WEIGHT_DECAY("None"),
                                   CRN_OPTIMIZER_FIELDS,
                                   CRN_FIELDS_END};

static int slots(const void *config_, crn_optimizer_slot *out)
{
    const rmsprop *config = config_;
    int n = 0;
    out[n++] = (crn_optimizer_slot){.name = "velocity", .group = 0};
    if (config->momentum > 0.0)
        out[n++] = (crn_optimizer_slot){.name = "momentum", .group = 1};
    if (config->centered)
        out[n++] = (crn_optimizer_slot){.name = "average_gradient", .group = 2};
    return n;
}

static void update(const crn_optimizer_update *u)
{
    const rmsprop *config = u->config;
    float *m = config->momentum > 0.0 ? u->slots[1] : NULL;
    float *average = config->centered ? u->slots[m != NULL ? 2 : 1] : NULL;
    u->kernels->rmsprop_f32(u->size, u->learning_rate, (float)config->rho,
                            (float)(1.0 - config->rho), (float)config->momentum,
                            (float)config->epsilon, u->gradient, u->slots[0], m, average,
                            u->weight);
}

const crn_optimizer_class crn_optimizer_RMSprop = {.base = {.name = "RMSprop",
                                                            .other_names = "rmsprop",
                                                            .module = "keras.optimizers",
                                                            .size = sizeof(rmsprop),
                                                            .fields = fields},
                                                   .snake_name = "rm_sprop",
                                                   .slots = slots,
                                                   .update = update};
