/* SPDX-License-Identifier: BSD-3-Clause */
/* The layout of weights of Keras 3 (and 2.12 to 2.15): .weights.h5, alone or inside a .keras.
 * Each object is a group named by its class, its variables are vars/0, vars/1, ... */
#ifndef CRN_KERAS_SAVING_WEIGHTS_H5_H
#define CRN_KERAS_SAVING_WEIGHTS_H5_H

#include "format/hdf5.h"
#include "keras/saving/optimizer_state.h"
#include "keras/saving/staged_weights.h"

bool crn_weights_h5_is_weights(const crn_h5_node *root);
/* Errors in Keras's words. */
crn_status crn_weights_h5_read_weights(const crn_h5_node *root, crn_staged_weights *out,
                                       crn_error *err);
/* The variables of the optimizer, if there; *out is empty otherwise. */
crn_status crn_weights_h5_read_optimizer(const crn_h5_node *root, crn_optimizer_state *out,
                                         crn_error *err);

/* The whole file. optimizer: with the state of the optimizer, if it has one. */
crn_status crn_weights_h5_write(const crn_network *network, bool optimizer, crn_text *out,
                                crn_error *err);

#endif
