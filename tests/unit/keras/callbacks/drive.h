/* SPDX-License-Identifier: BSD-3-Clause */
/* Callbacks driven without training: epochs whose logs the test gives. Include after test.h. */
#ifndef CRN_TESTS_DRIVE_H
#define CRN_TESTS_DRIVE_H

#include "cornichon/cornichon.h"
#include "keras/callbacks/callback.h"
#include "unit/keras/golden_keras.h"

enum { MOST_EPOCHS = 16 };

typedef struct drive {
    crn_model *model;
    crn_fit_options options;
    crn_training training;
    crn_callbacks callbacks;
    crn_text messages, warnings; /* one a line */
    const char *names[8];
    double values[8];
    double learning_rates[MOST_EPOCHS]; /* behind each epoch */
} drive;

static inline bool drive_hear(void *context, const crn_progress *progress)
{
    drive *d = context;
    if (progress->message != NULL)
        crn_text_printf(&d->messages, "%s\n", progress->message);
    return true;
}

static inline void drive_warn(void *context, const char *message)
{
    crn_text_printf(&((drive *)context)->warnings, "%s\n", message);
}

/* A network of one Dense(3), compiled with SGD(0.1) and the metrics accuracy and mae. */
static inline void drive_start(drive *d, const char *callbacks)
{
    crn_error err = CRN_ERROR_INIT;
    *d = (drive){.options = CRN_FIT_OPTIONS_INIT};
    d->options.optimizer = "SGD(0.1)";
    d->options.loss = "mse";
    d->options.metrics = "accuracy, mae";
    d->options.progress = drive_hear;
    d->options.progress_context = d;
    d->options.warning = drive_warn;
    d->options.warning_context = d;
    assert_ok(crn_model_parse("Sequential([Input((4,)), Dense(3)])", &d->model, &err));
    crn_network *network = crn_model_network(d->model);
    network->has_weights = true;
    assert_ok(crn_network_compile(network, d->model->document, &d->options, &err));
    d->training =
        (crn_training){.model = d->model,
                       .network = network,
                       .options = &d->options,
                       .epochs = MOST_EPOCHS,
                       .batches = 1,
                       .logs = {.names = d->names, .values = d->values, .capacity = 8}};
    assert_ok(crn_callbacks_parse(callbacks, &d->callbacks, &err));
    assert_ok(crn_callbacks_notify(&d->callbacks, CRN_ON_TRAIN_BEGIN, &d->training, &err));
}

/* The first weight of the network. */
static inline float *drive_weight(const drive *d)
{
    return crn_network_weight(d->training.network, 0, NULL)->array.data;
}

/* Epochs with loss 1 and this value of `name` (none where it is infinite); the first weight
 * counts them. Returns how many were run. */
static inline int drive_epochs(drive *d, const char *name, const double *values, int count)
{
    crn_error err = CRN_ERROR_INIT;
    int run = 0;
    for (; run < count && !d->training.stop_training; run++) {
        d->training.epoch = run;
        *drive_weight(d) = (float)run;
        d->training.logs.count = 0;
        crn_logs_set(&d->training.logs, "loss", 1.0);
        if (!isinf(values[run]))
            crn_logs_set(&d->training.logs, name, values[run]);
        assert_ok(crn_callbacks_notify(&d->callbacks, CRN_ON_EPOCH_END, &d->training, &err));
        d->learning_rates[run] =
            crn_optimizer_learning_rate(d->training.network->compiled.optimizer);
    }
    return run;
}

static inline void drive_end(drive *d)
{
    crn_error err = CRN_ERROR_INIT;
    assert_ok(crn_callbacks_notify(&d->callbacks, CRN_ON_TRAIN_END, &d->training, &err));
}

static inline const char *drive_text(const crn_text *text)
{
    return text->data != NULL ? text->data : "";
}

static inline void drive_free(drive *d)
{
    crn_callbacks_free(&d->callbacks);
    crn_text_free(&d->messages);
    crn_text_free(&d->warnings);
    crn_model_destroy(d->model);
}

#endif
