/* SPDX-License-Identifier: BSD-3-Clause */
/* Keras's files: whole models (.h5, .keras), weights alone (.h5, .weights.h5), architectures (JSON). */
#ifndef CRN_KERAS_SAVING_SAVING_H
#define CRN_KERAS_SAVING_SAVING_H

#include "keras/models/network.h"

/* HDF5, zip, or a JSON object with class_name. */
bool crn_keras_sniff(const uint8_t *bytes, size_t size);

crn_status crn_keras_load(crn_buffer *file, const char *path, const crn_load_options *options,
                          crn_model **out, crn_error *err);

/* The weights of a file into a network that is built; unchanged on failure. */
crn_status crn_keras_load_weights(crn_network *network, crn_document *document,
                                  crn_buffer *file, const crn_load_options *options,
                                  crn_error *err);

/* The bytes of options->format. */
crn_status crn_keras_save(const crn_model *model, const crn_save_options *options,
                          crn_text *out, crn_error *err);

#endif
