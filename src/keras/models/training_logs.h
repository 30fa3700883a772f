/* SPDX-License-Identifier: BSD-3-Clause */
/* The logs of a fit: the loss and the metrics sorted by name, as Keras gives them to callbacks
 * and to its History, the same of the validation behind them, and room for the learning rate.
 */
#ifndef CRN_KERAS_MODELS_TRAINING_LOGS_H
#define CRN_KERAS_MODELS_TRAINING_LOGS_H

#include "keras/callbacks/callback.h"

typedef struct crn_training_logs {
    size_t count;   /* numbers of the network: see crn_network_value_name() */
    char **names;   /* [2 count] by number; those of the validation in the second half */
    size_t *places; /* [count] in the sorted order */
} crn_training_logs;

/* Fills *logs too, which borrows from *out. */
crn_status crn_training_logs_create(const crn_network *network, crn_training_logs *out,
                                    crn_logs *logs, crn_error *err);
/* Number i of the training (of the validation), rounded to float32 as Keras's are. */
void crn_training_logs_set(const crn_training_logs *own, crn_logs *logs, size_t i,
                           bool validation, double value);
/* Leaves the names of the training alone in the logs. */
void crn_training_logs_reset(const crn_training_logs *own, crn_logs *logs);
void crn_training_logs_free(crn_training_logs *own, crn_logs *logs);

#endif
