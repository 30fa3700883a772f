/* SPDX-License-Identifier: BSD-3-Clause */
/* The weights of a file on their way into a network: each is checked as it comes, and the
 * network changes only when all of them are there. */
#ifndef CRN_KERAS_SAVING_STAGED_WEIGHTS_H
#define CRN_KERAS_SAVING_STAGED_WEIGHTS_H

#include "keras/models/network.h"

typedef struct crn_staged_weights {
    crn_network *network;
    crn_array *arrays; /* [network->weight_count], as the file has them */
} crn_staged_weights;

/* CRN_STATE when the network is not built. */
crn_status crn_staged_weights_create(crn_network *network, crn_staged_weights *out,
                                     crn_error *err);
void crn_staged_weights_free(crn_staged_weights *staged);

/* The weights of a layer in the order in which files list them: those that are trainable by
 * nature, then the others. Index of the k-th in layer->weights. */
size_t crn_saved_weight(const crn_layer *layer, size_t k);

/* Takes the numbers of a dataset for weight i of a layer. where: how to name the layer in
 * messages, "layer #0 (named dense)". Errors: CRN_SHAPE, in Keras's words; CRN_DTYPE. */
crn_status crn_staged_weights_put(crn_staged_weights *staged, const crn_layer *layer, size_t i,
                                  const crn_array *array, const char *where, crn_error *err);

/* Copies all of them into the network, as float32. */
crn_status crn_staged_weights_commit(crn_staged_weights *staged, crn_error *err);

#endif
