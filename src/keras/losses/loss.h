/* SPDX-License-Identifier: BSD-3-Clause */
/* Losses, as keras.losses 3.15. A class says which kind of the operation `loss` it is and how
 * its config fills the attributes; the numbers are ops/loss.c. Listed in losses.def. */
#ifndef CRN_KERAS_LOSSES_LOSS_H
#define CRN_KERAS_LOSSES_LOSS_H

#include "keras/keras_class.h"
#include "ops/training.h"

/* The config of every loss. Fields that a class does not have keep their defaults. */
typedef struct crn_loss_config {
    bool from_logits;
    double label_smoothing;
    double delta;
    int64_t axis;                   /* refused unless -1 */
    const crn_object *ignore_class; /* refused unless None */
    const char *reduction;          /* "sum_over_batch_size"; Keras 2's "auto" is the same */
    const char *name;               /* NULL: the function's name */
} crn_loss_config;

typedef struct crn_loss_class {
    crn_keras_class base;
    const char *function; /* "sparse_categorical_crossentropy": the name in logs and in compile
                             configs */
    crn_loss_kind kind;
} crn_loss_class;

extern const crn_keras_kind crn_losses;

/* A loss of a compiled model. */
typedef struct crn_keras_loss {
    const crn_loss_class *cls;
    crn_loss_attributes attributes;
} crn_keras_loss;

/* From a name ("mse", "MeanSquaredError", "mean_squared_error"), an expression or a record.
 * Errors: those of crn_keras_class_read(); CRN_UNSUPPORTED for reduction None and other axes.
 */
crn_status crn_loss_read(const crn_object *object, crn_document *document, crn_keras_loss *out,
                         crn_error *err);

/* Adds the loss of `prediction` to the graph (see crn_loss). A crossentropy of the outcome of
 * softmax or of sigmoid is computed from what went into it, whatever from_logits says, as
 * keras.ops does on TensorFlow in fit() and evaluate() (keras/src/backend/tensorflow/nn.py,
 * _get_logits). */
crn_value crn_loss_add(crn_graph *graph, const crn_keras_loss *loss, crn_value prediction,
                       crn_value target, crn_value weight);

/* Targets as the operation takes them, before training: CRN_ARGUMENT when a label of the sparse
 * loss lies outside [0, classes). targets: any numbers. */
crn_status crn_loss_check_targets(const crn_keras_loss *loss, const crn_array *targets,
                                  int64_t classes, crn_error *err);

#endif
