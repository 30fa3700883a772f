/* SPDX-License-Identifier: BSD-3-Clause */
/* InputLayers that models make for themselves. */
#ifndef CRN_KERAS_LAYERS_CORE_INPUT_LAYER_H
#define CRN_KERAS_LAYERS_CORE_INPUT_LAYER_H

#include "keras/layers/layer.h"

/* From [None, 4]: a list or tuple of ints and None, the batch first. name NULL: to be made. */
crn_status crn_input_layer_create(crn_document *document, crn_object *batch_shape,
                                  const char *name, crn_layer **out, crn_error *err);

/* The shape of an item as Keras writes it with the batch: [None, 4]. NULL: out of memory. */
crn_object *crn_input_layer_batch_shape(crn_document *document, const crn_type *type);

/* The same for a batch of that size (an int, or None or NULL) and items of that shape (a list
 * or tuple). */
crn_object *crn_input_layer_join(crn_document *document, const crn_object *batch,
                                 const crn_object *shape);

bool crn_layer_is_input(const crn_layer *layer);
/* The rows of a batch that an InputLayer fixes; 0: any number. */
int64_t crn_input_layer_batch(const crn_layer *layer);

#endif
