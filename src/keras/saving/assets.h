/* SPDX-License-Identifier: BSD-3-Clause */
/* What layers keep in a .keras archive besides their weights' places: vocabularies. */
#ifndef CRN_KERAS_SAVING_ASSETS_H
#define CRN_KERAS_SAVING_ASSETS_H

#include "keras/saving/keras_file.h"

/* Gives every layer that takes assets those that the file has for it. */
crn_status crn_keras_file_read_assets(const crn_keras_file *file, crn_network *network,
                                      crn_error *err);

#endif
