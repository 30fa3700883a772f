/* SPDX-License-Identifier: BSD-3-Clause */
/* Which layers of a model a file lists, and the names by which Keras 3 finds them: the class in
 * snake case, made unique in the order of the list. */
#ifndef CRN_KERAS_SAVING_NAMES_H
#define CRN_KERAS_SAVING_NAMES_H

#include "keras/models/network.h"

/* The next layer that Keras lists in a file, from *i on; *i moves behind it. A Sequential does
 * not count its InputLayer. NULL at the end. */
crn_layer *crn_saved_layer_next(const crn_network *network, size_t *i);

/* Names for the layers of one list, asked in its order: "dense", "dense_1", "dropout" ... */
typedef struct crn_layer_names {
    crn_document *document; /* where the names live */
    size_t *used;           /* [crn_layers.count]: how many of each class came before */
} crn_layer_names;

crn_status crn_layer_names_create(crn_document *document, crn_layer_names *out, crn_error *err);
void crn_layer_names_free(crn_layer_names *names);
/* NULL: out of memory. */
const char *crn_layer_names_next(crn_layer_names *names, const crn_layer *layer);

#endif
