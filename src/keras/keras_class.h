/* SPDX-License-Identifier: BSD-3-Clause */
/* The small objects of Keras that a model is compiled and built with: optimizers, losses,
 * metrics, initializers, regularizers, constraints. Each class is a config struct and a table
 * of fields; from them follow the three ways in which Keras names such an object:
 *
 *     "adam"                                                 a name
 *     Adam(learning_rate=0.01)                               a constructor expression
 *     {"class_name": "Adam", "config": {...}}                a record in a JSON config, of
 * Keras 2 or 3
 */
#ifndef CRN_KERAS_KERAS_CLASS_H
#define CRN_KERAS_KERAS_CLASS_H

#include "model/field.h"

/* Every class's struct begins with this. */
typedef struct crn_keras_class {
    const char *name;        /* "Adam" */
    const char *other_names; /* also accepted, separated by blanks: "adam"; NULL: none */
    const char *python_name; /* the class's own name, where Keras exports it under another */
    const char *module;      /* "keras.optimizers", for records */
    const char *since;       /* first Keras that has it: "3.4"; NULL: always */
    const char *until;       /* first Keras that has it no more: "3.0"; NULL: still there */
    size_t size;             /* of the config struct */
    const crn_field *fields;
    /* What rows cannot say. NULL: nothing. */
    crn_status (*check)(const void *config, crn_error *err);
} crn_keras_class;

/* The classes of one kind. */
typedef struct crn_keras_kind {
    const char *noun; /* "optimizer", for messages */
    const crn_keras_class *const *classes;
    size_t count;
} crn_keras_kind;

/* By the class's name or one of the others; NULL when unknown. */
const crn_keras_class *crn_keras_class_find(const crn_keras_kind *kind, const char *name);

/* Class and config of any of the three spellings. *config is calloc'ed: free() it; its strings
 * and objects live in the document. Errors: CRN_NOT_FOUND with the nearest name,
 * CRN_UNSUPPORTED for classes registered by users ("package>Name"), and those of
 * crn_fields_from_call() and crn_fields_read(). */
crn_status crn_keras_class_read(const crn_keras_kind *kind, const crn_object *object,
                                crn_document *document, const crn_keras_class **cls,
                                void **config, crn_error *err);

/* The record that Keras 3 writes: module, class_name, config, registered_name. NULL: out of
 * memory. */
crn_object *crn_keras_class_write(const crn_keras_class *cls, const void *config,
                                  crn_document *document);

/* A nullable number of a config; NULL and None give `otherwise`. */
double crn_keras_number(const crn_object *object, double otherwise);

#endif
