/* SPDX-License-Identifier: BSD-3-Clause */
/* A model that is a layer of another one. */
#ifndef CRN_KERAS_MODELS_NESTED_H
#define CRN_KERAS_MODELS_NESTED_H

#include "keras/layers/layer.h"

/* Is it the name of a class of models? */
bool crn_is_model_class(const char *class_name);
/* The layer of a model's record; it is built by its first call. */
crn_status crn_nested_model_read(const crn_object *record, crn_document *document,
                                 crn_layer **out, crn_error *err);

#endif
