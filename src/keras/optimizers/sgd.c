/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.optimizers.SGD: w -= lr g; with momentum m = momentum m - lr g and w += m; Nesterov
 * w += momentum m - lr g with the new m. */
#include "keras/optimizers/optimizer.h"

typedef struct sgd {
    crn_optimizer_config base;
    double momentum;
    bool nesterov;
} sgd;

static const crn_field fields[] = {CRN_OPTIMIZER_LEARNING_RATE("0.01"),
                                   CRN_PARAM(sgd, momentum, REAL, "0.0", "[0, 1]"),
                                   CRN_PARAM(sgd, nesterov, BOOL, "False", NULL),
                                   CRN_OPTIMIZER_WEIGHT_DECAY("None"),
                                   CRN_OPTIMIZER_FIELDS,
                                   CRN_FIELDS_END};

static int slots(const void *config, crn_optimizer_slot *out)
{
    out[0] = (crn_optimizer_slot){.name = "momentum", .group = 0};
    return ((const sgd *)config)->momentum != 0.0 ? 1 : 0;
}

static void update(const crn_optimizer_update *u)
{
    const sgd *config = u->config;
    u->kernels->sgd_f32(u->size, u->learning_rate, (float)config->momentum, config->nesterov,
                        u->gradient, u->slots[0], u->weight);
}

const crn_optimizer_class crn_optimizer_SGD = {.base = {.name = "SGD",
                                                        .other_names = "sgd",
                                                        .module = "keras.optimizers",
                                                        .size = sizeof(sgd),
                                                        .fields = fields},
                                               .snake_name = "sgd",
                                               .slots = slots,
                                               .update = update};
