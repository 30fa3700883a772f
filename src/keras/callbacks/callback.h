/* SPDX-License-Identifier: BSD-3-Clause */
/* Callbacks, as keras.callbacks 3.15: objects that hear of batches and epochs of a fit and may
 * stop it, save the model, change the learning rate. A class is one const struct at the foot of
 * its own file, listed in callbacks.def.
 *
 *     crn_callbacks callbacks = CRN_CALLBACKS_INIT;
 *     crn_callbacks_parse("EarlyStopping(patience=3), CSVLogger('log.csv')", &callbacks, err);
 *     crn_callbacks_notify(&callbacks, CRN_ON_EPOCH_END, training, err);
 *     crn_callbacks_free(&callbacks); */
#ifndef CRN_KERAS_CALLBACKS_CALLBACK_H
#define CRN_KERAS_CALLBACKS_CALLBACK_H

#include "keras/models/network.h"

/* Names and numbers of a batch or an epoch, in the order of Keras's history: the training's own
 * by name, then those of the validation ("val_loss"), then the learning rate. */
typedef struct crn_logs {
    const char **names; /* [capacity] */
    double *values;     /* [capacity] float32 numbers, as Keras's are */
    int count, capacity;
} crn_logs;

/* False when there is no such name. */
bool crn_logs_get(const crn_logs *logs, const char *name, double *out);
/* Sets or appends; a name that finds no room is left out. name: lives as long as the fit. */
void crn_logs_set(crn_logs *logs, const char *name, double value);
/* "accuracy,loss", for messages. */
void crn_logs_list(const crn_logs *logs, const char *separator, crn_text *out);

/* A fit as its callbacks see it. */
typedef struct crn_training {
    crn_model *model;
    crn_network *network;
    const crn_fit_options *options;
    int epoch, epochs;      /* epoch counts from 0, as in Keras */
    int64_t batch, batches; /* batch counts from 0 */
    crn_logs logs;
    bool stop_training; /* model.stop_training: set by callbacks */
    double epoch_began; /* seconds of a clock that never goes back */
} crn_training;

/* Starts the clock of an epoch. */
void crn_training_start_epoch(crn_training *training);
/* Tells the caller's progress function where the fit stands; CRN_CANCELLED when it answers
 * false. message: what a callback says, or NULL. */
crn_status crn_training_report(const crn_training *training, bool epoch_end,
                               const char *message, crn_error *err);
/* A callback's message, as Keras prints it with verbose=1. */
crn_status crn_training_say(const crn_training *training, crn_error *err, const char *format,
                            ...) CRN_PRINTF(3, 4);
/* What Python's warnings would say. */
void crn_training_warn(const crn_training *training, const char *format, ...) CRN_PRINTF(2, 3);

typedef enum crn_callback_event {
    CRN_ON_TRAIN_BEGIN,
    CRN_ON_BATCH_END,
    CRN_ON_EPOCH_END,
    CRN_ON_TRAIN_END,
    CRN_CALLBACK_EVENTS
} crn_callback_event;

typedef crn_status (*crn_callback_fn)(void *self, crn_training *training, crn_error *err);

typedef struct crn_callback_class {
    crn_keras_class base; /* the struct that `self` is: parameters, then state (zeroed) */
    crn_callback_fn on[CRN_CALLBACK_EVENTS]; /* NULL: not heard */
    void (*release)(void *self);             /* frees what the state owns; NULL: nothing */
} crn_callback_class;

/* The row `verbose` of those that talk: 0, 1, or a bool. */
#define CRN_CALLBACK_VERBOSE(type_) CRN_PARAM(type_, verbose, OBJECT, "0", "int | bool")
bool crn_is_verbose(const crn_object *verbose);

/* All callbacks: extern const crn_callback_class crn_callback_<class>. */
#define CRN_CALLBACK(name) extern const crn_callback_class crn_callback_##name;
#include "keras/callbacks/callbacks.def"
#undef CRN_CALLBACK

extern const crn_keras_kind crn_callback_kind;

typedef struct crn_callback {
    const crn_callback_class *cls;
    void *self;
} crn_callback;

/* The callbacks of one fit, in the order in which they hear. */
typedef struct crn_callbacks {
    crn_document *document; /* strings and objects of their parameters */
    crn_callback *at;
    size_t count, capacity;
} crn_callbacks;

#define CRN_CALLBACKS_INIT                                                                     \
    {                                                                                          \
        0                                                                                      \
    }

/* Constructor expressions separated by commas, or a list of them; NULL: none. Errors: those of
 * crn_expression_parse() (err->offset is the character) and crn_keras_class_read(). */
crn_status crn_callbacks_parse(const char *expressions, crn_callbacks *out, crn_error *err);
crn_status crn_callbacks_notify(const crn_callbacks *callbacks, crn_callback_event event,
                                crn_training *training, crn_error *err);
void crn_callbacks_free(crn_callbacks *callbacks);

#endif
