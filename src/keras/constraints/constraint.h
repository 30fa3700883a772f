/* SPDX-License-Identifier: BSD-3-Clause */
/* Constraints, as keras.constraints 3.15: what a weight is projected to after each optimizer
 * step. */
#ifndef CRN_KERAS_CONSTRAINTS_CONSTRAINT_H
#define CRN_KERAS_CONSTRAINTS_CONSTRAINT_H

#include "keras/keras_class.h"

/* The config of every constraint. Fields that a class does not have keep their defaults. */
typedef struct crn_constraint_config {
    double max_value, min_value, rate;
    const crn_object *axis; /* an int or a list of ints */
} crn_constraint_config;

typedef struct crn_constraint_class {
    crn_keras_class base;
    void (*apply)(const crn_constraint_config *config, const crn_array *weight);
} crn_constraint_class;

extern const crn_keras_kind crn_constraints;

typedef struct crn_constraint {
    const crn_constraint_class *cls; /* NULL: none */
    crn_constraint_config config;
} crn_constraint;

/* From a name ("non_neg", "NonNeg"), an expression or a record; None gives none. */
crn_status crn_constraint_read(const crn_object *object, crn_document *document,
                               crn_constraint *out, crn_error *err);
crn_object *crn_constraint_write(const crn_constraint *constraint, crn_document *document);

/* Projects a dense float32 weight. Nothing without a constraint. */
void crn_constraint_apply(const crn_constraint *constraint, const crn_array *weight);

#endif
