/* SPDX-License-Identifier: BSD-3-Clause */
/* Names that Keras makes from class names: "BatchNormalization" -> "batch_normalization",
 * "batch_normalization_1" ... */
#ifndef CRN_KERAS_NAMING_H
#define CRN_KERAS_NAMING_H

#include "format/object.h"

/* keras.src.utils.naming.to_snake_case (3.15): "Conv2DTranspose" -> "conv2d_transpose". NULL:
 * out of memory. */
const char *crn_snake_case(crn_document *document, const char *class_name);

/* `base` for the first of its kind (place 0), then "base_1", "base_2" ... NULL: out of memory.
 */
const char *crn_numbered_name(crn_document *document, const char *base, size_t place);

#endif
