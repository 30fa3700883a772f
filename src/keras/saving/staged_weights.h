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

/* The weights of a layer, and of all in it, in the order in which legacy files list them: those
 * that are trained, then the others. Index of the k-th in network->weights, `count` of them. */
crn_status crn_saved_weights(const crn_network *network, const crn_layer *layer, size_t **out,
                             size_t *count, crn_error *err);

/* Takes the numbers of a dataset for weight i of the network. where: how to name the layer in
 * messages, "layer #0 (named dense)". Errors: CRN_SHAPE, in Keras's words; CRN_DTYPE. */
crn_status crn_staged_weights_put(crn_staged_weights *staged, size_t i, const crn_array *array,
                                  const char *where, crn_error *err);

/* Hands all of them to the network, as its dtypes: the file's memory itself where it can be
 * read as it is. */
crn_status crn_staged_weights_commit(crn_staged_weights *staged, crn_error *err);

#endif
