/* SPDX-License-Identifier: BSD-3-Clause */
/* A copy of what training changes: all weights, and the optimizer's variables. EarlyStopping
 * goes back to the best epoch with it, and a fit that fails to what was there before. */
#ifndef CRN_KERAS_MODELS_SNAPSHOT_H
#define CRN_KERAS_MODELS_SNAPSHOT_H

#include "keras/models/network.h"

typedef struct crn_snapshot {
    uint8_t *bytes; /* NULL: nothing was taken */
    bool optimizer; /* the optimizer's variables too */
} crn_snapshot;

#define CRN_SNAPSHOT_INIT                                                                      \
    {                                                                                          \
        0                                                                                      \
    }

/* Copies the present state; a second one of the same network goes into the same memory. */
crn_status crn_snapshot_take(crn_snapshot *snapshot, const crn_network *network, bool optimizer,
                             crn_error *err);
void crn_snapshot_restore(const crn_snapshot *snapshot, const crn_network *network);
void crn_snapshot_free(crn_snapshot *snapshot);

#endif
