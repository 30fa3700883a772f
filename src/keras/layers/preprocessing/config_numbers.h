/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and nested lists of numbers in a layer's config. */
#ifndef CRN_KERAS_LAYERS_PREPROCESSING_CONFIG_NUMBERS_H
#define CRN_KERAS_LAYERS_PREPROCESSING_CONFIG_NUMBERS_H

#include "keras/layers/layer.h"

/* A dense float32 array of a number's or a nested list's own shape; also of what Keras writes for
 * NumPy's arrays and for tuples. CRN_ARGUMENT, naming layer and option, for anything else. */
crn_status crn_config_numbers(const crn_layer *layer, const char *option,
                              const crn_object *object, crn_array *out, crn_error *err);

#endif
