/* SPDX-License-Identifier: BSD-3-Clause */
/* Keras models as files: the legacy HDF5 of save_model and save_weights, the .keras archive and
 * the .weights.h5 of Keras 3, and a model's JSON. docs/formats/keras.md says what is in them.
 * Nothing of a file is run or imported, no path named in one is opened. */
#ifndef CRN_KERAS_SAVING_SAVING_H
#define CRN_KERAS_SAVING_SAVING_H

#include "keras/models/network.h"

/* HDF5, a zip archive, or a JSON object with a class_name. */
bool crn_keras_sniff(const uint8_t *bytes, size_t size);

/* A whole model; a file of weights alone with options->architecture; a JSON: the model without
 * weights. path: for messages, may be NULL. */
crn_status crn_keras_load(crn_buffer *file, const char *path, const crn_load_options *options,
                          crn_model **out, crn_error *err);

/* load_weights(): by place, from a file of weights or a whole model. The network, which is
 * built, is unchanged on failure. */
crn_status crn_keras_load_weights(crn_network *network, crn_buffer *file,
                                  const crn_load_options *options, crn_error *err);

/* The bytes of a file in options->format: "h5", "keras", "weights.h5", "legacy_weights.h5" or
 * "json". A model that was loaded and not changed keeps its config in a file of the kind it
 * came from. */
crn_status crn_keras_save(const crn_model *model, const crn_save_options *options,
                          crn_text *out, crn_error *err);

#endif
