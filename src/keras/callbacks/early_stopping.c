/* SPDX-License-Identifier: BSD-3-Clause */
/* EarlyStopping, as keras/src/callbacks/early_stopping.py (3.15): stops when the monitored
 * quantity has not improved for `patience` epochs. */
#include <math.h>

#include "keras/callbacks/monitor.h"
#include "keras/models/snapshot.h"

typedef struct early_stopping {
    crn_monitor monitor;
    int64_t patience, start_from_epoch;
    const crn_object *verbose;
    const crn_object *baseline;
    bool restore_best_weights;
    /* state */
    int64_t wait;
    int stopped_epoch, best_epoch;
    crn_snapshot best_weights;
} early_stopping;

static const crn_field fields[] = {
    CRN_MONITOR_NAME,
    CRN_PARAM(crn_monitor, min_delta, REAL, "0", NULL),
    CRN_PARAM(early_stopping, patience, INT, "0", NULL),
    CRN_CALLBACK_VERBOSE(early_stopping),
    CRN_MONITOR_MODE,
    CRN_PARAM(early_stopping, baseline, OBJECT, "None", "real | None"),
    CRN_PARAM(early_stopping, restore_best_weights, BOOL, "False", NULL),
    CRN_PARAM(early_stopping, start_from_epoch, INT, "0", NULL),
    CRN_FIELDS_END,
};

static crn_status on_train_begin(void *self, crn_training *training, crn_error *err)
{
    early_stopping *stopping = self;
    (void)err;
    stopping->wait = stopping->stopped_epoch = stopping->best_epoch = 0;
    crn_monitor_begin(&stopping->monitor, &crn_callback_EarlyStopping, training);
    return CRN_OK;
}

static crn_status keep_weights(early_stopping *stopping, const crn_training *training,
                               crn_error *err)
{
    stopping->best_epoch = training->epoch;
    if (!stopping->restore_best_weights)
        return CRN_OK;
    return crn_snapshot_take(&stopping->best_weights, training->network, false, err);
}

static void warn_unavailable(const early_stopping *stopping, const crn_training *training)
{
    crn_text names = CRN_TEXT_INIT;
    crn_logs_list(&training->logs, ",", &names);
    crn_training_warn(training,
                      "Early stopping conditioned on metric `%s` which is not available. "
                      "Available metrics are: %s",
                      stopping->monitor.monitor, names.data != NULL ? names.data : "");
    crn_text_free(&names);
}

/* An improvement counts as such only when it beats the baseline too. */
static crn_status improve(early_stopping *stopping, crn_training *training, double current,
                          crn_error *err)
{
    double baseline = crn_keras_number(stopping->baseline, NAN);
    crn_monitor_set_best(&stopping->monitor, current);
    if (isnan(baseline) || crn_monitor_beats(&stopping->monitor, current, baseline))
        stopping->wait = 0;
    return keep_weights(stopping, training, err);
}

static crn_status on_epoch_end(void *self, crn_training *training, crn_error *err)
{
    early_stopping *stopping = self;
    double current;
    CRN_TRY(
        crn_monitor_resolve(&stopping->monitor, &crn_callback_EarlyStopping, training, err));
    if (!crn_logs_get(&training->logs, stopping->monitor.monitor, &current)) {
        warn_unavailable(stopping, training);
        return CRN_OK;
    }
    if (training->epoch < stopping->start_from_epoch)
        return CRN_OK;
    stopping->wait++;
    if (crn_monitor_is_best(&stopping->monitor, current))
        return improve(stopping, training, current, err);
    if (stopping->wait >= stopping->patience && training->epoch > 0) {
        stopping->stopped_epoch = training->epoch;
        training->stop_training = true;
    }
    return CRN_OK;
}

static crn_status on_train_end(void *self, crn_training *training, crn_error *err)
{
    const early_stopping *stopping = self;
    bool restore = stopping->best_weights.bytes != NULL;
    if (stopping->stopped_epoch > 0 && crn_is_verbose(stopping->verbose))
        CRN_TRY(crn_training_say(training, err, "Epoch %d: early stopping",
                                 stopping->stopped_epoch + 1));
    if (restore && crn_is_verbose(stopping->verbose))
        CRN_TRY(crn_training_say(training, err,
                                 "Restoring model weights from the end of the best epoch: %d.",
                                 stopping->best_epoch + 1));
    if (restore)
        crn_snapshot_restore(&stopping->best_weights, training->network);
    return CRN_OK;
}

static void release(void *self)
{
    crn_snapshot_free(&((early_stopping *)self)->best_weights);
}

const crn_callback_class crn_callback_EarlyStopping = {
    .base = {.name = "EarlyStopping",
             .module = "keras.callbacks",
             .size = sizeof(early_stopping),
             .fields = fields},
    .on = {[CRN_ON_TRAIN_BEGIN] = on_train_begin,
           [CRN_ON_EPOCH_END] = on_epoch_end,
           [CRN_ON_TRAIN_END] = on_train_end},
    .release = release,
};
