/* SPDX-License-Identifier: BSD-3-Clause */
/* What is in a network, for people and as JSON. */
#ifndef CRN_KERAS_MODELS_INSPECT_H
#define CRN_KERAS_MODELS_INSPECT_H

#include "keras/models/network.h"

/* Elements of weights: those that training changes, those that it does not, and the
 * optimizer's. */
typedef struct crn_parameter_count {
    int64_t trainable, non_trainable;
    int64_t optimizer, optimizer_bytes; /* 0: no optimizer, or one that was not built */
} crn_parameter_count;

crn_parameter_count crn_network_count(const crn_network *network);
/* Elements of a layer's weights. */
int64_t crn_layer_count(const crn_layer *layer);

/* What model.summary() of Keras 3 prints on a terminal of 80 columns. */
void crn_network_summary(const crn_network *network, crn_text *out);

/* crn_model_type.inspect of this family. */
crn_object *crn_network_objects(const crn_model *model, crn_document *document, crn_error *err);
crn_status crn_network_inspect(const crn_model *model, crn_inspection what, crn_text *out,
                               crn_error *err);

#endif
