/* SPDX-License-Identifier: BSD-3-Clause */
/* Regularizers, as keras.regularizers 3.15: l1 * sum|x| + l2 * sum x^2, added to the loss as
 * operations. */
#ifndef CRN_KERAS_REGULARIZERS_REGULARIZER_H
#define CRN_KERAS_REGULARIZERS_REGULARIZER_H

#include "keras/keras_class.h"
#include "ops/training.h"

/* The config of every regularizer: L1 has only l1, L2 only l2. */
typedef struct crn_regularizer_config {
    double l1, l2;
} crn_regularizer_config;

extern const crn_keras_kind crn_regularizers;

typedef struct crn_regularizer {
    const crn_keras_class *cls; /* NULL: none */
    crn_regularizer_config config;
} crn_regularizer;

/* From a name ("l2", "L1"), an expression or a record; None gives none. */
crn_status crn_regularizer_read(const crn_object *object, crn_document *document,
                                crn_regularizer *out, crn_error *err);
crn_object *crn_regularizer_write(const crn_regularizer *regularizer, crn_document *document);

/* The penalty of a weight, or of an activation (then divided by the rows of the batch, as Keras
 * does): a value of shape (1) to be added to the loss. CRN_NO_VALUE without a regularizer. */
crn_value crn_regularizer_add(crn_graph *graph, const crn_regularizer *regularizer,
                              crn_value x);

#endif
