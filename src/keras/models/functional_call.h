/* SPDX-License-Identifier: BSD-3-Clause */
/* The calls of a Functional model's record ("inbound_nodes"), in one form for all versions. */
#ifndef CRN_KERAS_MODELS_FUNCTIONAL_CALL_H
#define CRN_KERAS_MODELS_FUNCTIONAL_CALL_H

#include "keras/models/network.h"

/* "Output `output` of call `node` of the layer": a tensor as records name it. */
typedef struct crn_history {
    const char *layer;
    int64_t node, output;
} crn_history;

/* A call as the record tells it: arguments in Keras 3's form, and the tensors in them. */
typedef struct crn_recorded_call {
    crn_layer_arguments arguments; /* its tensors are one block: free() it */
    crn_history *from;             /* [arguments.tensor_count]: free() it */
} crn_recorded_call;

/* From an element of inbound_nodes: {"args", "kwargs"} of Keras 3, or the lists of Keras 2,
 * which are put into that form. CRN_FORMAT for what is neither. */
crn_status crn_recorded_call_read(const crn_object *node, crn_document *document,
                                  crn_recorded_call *out, crn_error *err);
void crn_recorded_call_free(crn_recorded_call *call);

/* ["dense", 0, 0] */
bool crn_history_read(const crn_object *triple, crn_history *out);
/* {"class_name": "__keras_tensor__", ...}: a tensor in Keras 3's arguments. */
bool crn_is_tensor_record(const crn_object *object);

#endif
