/* SPDX-License-Identifier: BSD-3-Clause */
/* train_step of keras.Model: a batch forward and backward, the optimizer's step, constraints,
 * and moving averages (keras/src/backend/tensorflow/trainer.py, 3.15). Allocates nothing once
 * made. */
#ifndef CRN_KERAS_MODELS_TRAIN_STEP_H
#define CRN_KERAS_MODELS_TRAIN_STEP_H

#include "keras/models/loss_graph.h"
#include "plan/trainer.h"

typedef struct crn_train_step {
    crn_network *network;
    crn_loss_graph graph;
    crn_trainer *trainer;
    crn_layer_weight **weights; /* [count] the trainable ones, in the optimizer's order */
    float **gradients;          /* [count] NULL where none reaches the weight */
    size_t count;
} crn_train_step;

/* For batches of up to max_rows of that data; builds the network's optimizer when it is not
 * yet. */
crn_status crn_train_step_create(crn_network *network, const crn_fit_data *data,
                                 int64_t max_rows, uint64_t seed, crn_train_step *out,
                                 crn_error *err);
void crn_train_step_run(crn_train_step *step, const void *const in[CRN_FIT_ARRAYS],
                        int64_t rows);
/* Of the last batch, before the weights changed. */
float crn_train_step_loss(const crn_train_step *step);
const float *crn_train_step_predictions(const crn_train_step *step);
void crn_train_step_free(crn_train_step *step);

#endif
