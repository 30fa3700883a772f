/* SPDX-License-Identifier: BSD-3-Clause */
/* The legacy HDF5 layout, of Keras 1 to 3: lists of layer names and weight names, by whose
 * order all is matched (docs/formats/keras.md). */
#ifndef CRN_KERAS_SAVING_LEGACY_H5_H
#define CRN_KERAS_SAVING_LEGACY_H5_H

#include "format/hdf5.h"
#include "keras/saving/optimizer_state.h"
#include "keras/saving/staged_weights.h"

/* ---- reading ---- */

/* Has the group a list of layers (layer_names, or layer_names0 ...)? */
bool crn_legacy_h5_is_weights(const crn_h5_node *group);
/* group: model_weights, or the root of a file of weights alone. Errors in Keras's words. */
crn_status crn_legacy_h5_read_weights(const crn_h5_node *group, crn_staged_weights *out,
                                      crn_error *err);
/* optimizer_weights of the root, if there; *out is empty otherwise. */
crn_status crn_legacy_h5_read_optimizer(const crn_h5_node *root, crn_optimizer_state *out,
                                        crn_error *err);

/* ---- writing, for every Keras from 2.4 on ---- */

crn_status crn_legacy_h5_write_weights(crn_h5 *h5, crn_h5_node *group,
                                       const crn_network *network, const char *keras_version,
                                       crn_error *err);
/* Nothing when the optimizer has no state yet. */
crn_status crn_legacy_h5_write_optimizer(crn_h5 *h5, const crn_network *network,
                                         crn_optimizer_layout layout, crn_error *err);

#endif
