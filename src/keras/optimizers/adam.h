/* SPDX-License-Identifier: BSD-3-Clause */
/* Adam's config and step, which AdamW shares: it differs in its default weight decay only. */
#ifndef CRN_KERAS_OPTIMIZERS_ADAM_H
#define CRN_KERAS_OPTIMIZERS_ADAM_H

#include "keras/optimizers/optimizer.h"

typedef struct crn_adam {
    crn_optimizer_config base;
    double beta_1, beta_2, epsilon;
    bool amsgrad;
} crn_adam;

#define CRN_ADAM_FIELDS                                                                        \
    CRN_PARAM(crn_adam, beta_1, REAL, "0.9", NULL),                                            \
        CRN_PARAM(crn_adam, beta_2, REAL, "0.999", NULL),                                      \
        CRN_PARAM(crn_adam, epsilon, REAL, "1e-07", NULL),                                     \
        CRN_PARAM(crn_adam, amsgrad, BOOL, "False", NULL)

int crn_adam_slots(const void *config, crn_optimizer_slot *out);
void crn_adam_update(const crn_optimizer_update *update);

#endif
