/* SPDX-License-Identifier: BSD-3-Clause */
/* Sequential: layers one behind the other. */
#ifndef CRN_KERAS_MODELS_SEQUENTIAL_H
#define CRN_KERAS_MODELS_SEQUENTIAL_H

#include "keras/models/network.h"

/* Sequential(layers, trainable, name). *network may be set on failure: it is the caller's. */
crn_status crn_sequential_read_call(const crn_object *call, crn_document *document,
                                    crn_network **network, crn_error *err);
/* A config into an empty network: {name, layers, build_input_shape}; in Keras 1 and early 2 the
 * bare list of layers. It has an InputLayer in front when it tells the input's shape. */
crn_status crn_sequential_read(crn_network *network, const crn_object *config, crn_error *err);

/* Makes the calls; without an InputLayer one is made for inputs[0] and put first. disconnect()
 * takes both back. */
crn_status crn_sequential_connect(crn_network *network, const crn_type *inputs, crn_error *err);
void crn_sequential_disconnect(crn_network *network);

#endif
