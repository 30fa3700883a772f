/* SPDX-License-Identifier: BSD-3-Clause */
/* What Functional models have in their records beside layers: calls. */
#ifndef CRN_KERAS_MODELS_FUNCTIONAL_H
#define CRN_KERAS_MODELS_FUNCTIONAL_H

#include "keras/models/network.h"

/* Layers and calls into an empty network. */
crn_status crn_functional_read(crn_network *network, const crn_object *config, crn_error *err);

/* A layer's record gets its name and inbound_nodes, the model's config its input_layers and
 * output_layers. False: out of memory. */
bool crn_functional_write_layer(const crn_network *network, const crn_layer *layer,
                                crn_keras_dialect dialect, crn_document *document,
                                crn_object *record);
bool crn_functional_write_ports(const crn_network *network, crn_keras_dialect dialect,
                                crn_document *document, crn_object *config);

/* Calls that Keras counts in a layer before those of the record. A model that is a layer has one,
 * of its making: in Keras 2 one that knows its input; in Keras 3 a Functional, and only where the
 * inputs and outputs of the outer model are listed (port). */
int64_t crn_functional_earlier_calls(const crn_layer *layer, bool keras_2, bool port);

/* Is it one? Else a Sequential. */
bool crn_network_is_functional(const crn_network *network);

#endif
