/* SPDX-License-Identifier: BSD-3-Clause */
/* A network, its loss and its regularizers as one graph: inputs x, y and, when rows are
 * weighted, weight. What train_step and test_step of keras.Model compute
 * (keras/src/trainers/trainer.py, compute_loss, 3.15). */
#ifndef CRN_KERAS_MODELS_LOSS_GRAPH_H
#define CRN_KERAS_MODELS_LOSS_GRAPH_H

#include "keras/models/data_adapter.h"

typedef struct crn_loss_graph {
    crn_graph *graph;
    crn_value prediction;  /* float32 (rows, ...) */
    crn_value loss;        /* float32 (1): of a whole batch, penalties included */
    crn_lowering lowering; /* lowering.weights: the value of each weight */
} crn_loss_graph;

/* data: what the types of the inputs are taken from. training: as fit() runs the layers,
 * weights being variables; else as evaluate() does. */
crn_status crn_loss_graph_create(const crn_network *network, const crn_fit_data *data,
                                 bool training, crn_loss_graph *out, crn_error *err);
void crn_loss_graph_free(crn_loss_graph *graph);

#endif
