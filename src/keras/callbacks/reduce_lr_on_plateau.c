/* SPDX-License-Identifier: BSD-3-Clause */
/* ReduceLROnPlateau, as keras/src/callbacks/reduce_lr_on_plateau.py (3.15): multiplies the
 * learning rate by `factor` when the monitored quantity has not improved for `patience` epochs.
 */
#include "keras/callbacks/monitor.h"

typedef struct reduce_lr {
    crn_monitor monitor;
    double factor, min_lr;
    int64_t patience, cooldown;
    const crn_object *verbose;
    /* state */
    int64_t wait, cooldown_counter;
} reduce_lr;

static const crn_field fields[] = {
    CRN_MONITOR_NAME,
    CRN_PARAM(reduce_lr, factor, REAL, "0.1", NULL),
    CRN_PARAM(reduce_lr, patience, INT, "10", NULL),
    CRN_CALLBACK_VERBOSE(reduce_lr),
    CRN_MONITOR_MODE,
    CRN_PARAM(crn_monitor, min_delta, REAL, "0.0001", NULL),
    CRN_PARAM(reduce_lr, cooldown, INT, "0", NULL),
    CRN_PARAM(reduce_lr, min_lr, REAL, "0.0", NULL),
    CRN_FIELDS_END,
};

static crn_status check(const void *config, crn_error *err)
{
    const reduce_lr *plateau = config;
    if (plateau->factor < 1.0)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "ReduceLROnPlateau does not support a factor >= 1.0. Received factor=%g",
                    plateau->factor);
}

static crn_status on_train_begin(void *self, crn_training *training, crn_error *err)
{
    reduce_lr *plateau = self;
    (void)err;
    plateau->wait = plateau->cooldown_counter = 0;
    crn_monitor_begin(&plateau->monitor, &crn_callback_ReduceLROnPlateau, training);
    return CRN_OK;
}

static void warn_unavailable(const reduce_lr *plateau, const crn_training *training)
{
    crn_text names = CRN_TEXT_INIT;
    crn_logs_list(&training->logs, ",", &names);
    crn_training_warn(training,
                      "Learning rate reduction is conditioned on metric `%s` which is not "
                      "available. Available metrics are: %s.",
                      plateau->monitor.monitor, names.data != NULL ? names.data : "");
    crn_text_free(&names);
}

static crn_status say_reduced(const crn_training *training, double learning_rate,
                              crn_error *err)
{
    crn_text number = CRN_TEXT_INIT;
    crn_text_add_double(&number, learning_rate);
    crn_status status = crn_text_status(&number, err);
    if (status == CRN_OK)
        status = crn_training_say(training, err,
                                  "Epoch %d: ReduceLROnPlateau reducing learning rate to %s.",
                                  training->epoch + 1, number.data);
    crn_text_free(&number);
    return status;
}

static crn_status reduce(reduce_lr *plateau, crn_training *training, crn_error *err)
{
    crn_optimizer *optimizer = training->network->compiled.optimizer;
    double old = crn_optimizer_learning_rate(optimizer);
    if (old <= (double)(float)plateau->min_lr)
        return CRN_OK;
    double reduced = old * plateau->factor;
    reduced = reduced > plateau->min_lr ? reduced : plateau->min_lr;
    crn_optimizer_set_learning_rate(optimizer, reduced);
    plateau->cooldown_counter = plateau->cooldown;
    plateau->wait = 0;
    return crn_is_verbose(plateau->verbose) ? say_reduced(training, reduced, err) : CRN_OK;
}

static crn_status on_epoch_end(void *self, crn_training *training, crn_error *err)
{
    reduce_lr *plateau = self;
    double current;
    CRN_TRY(
        crn_monitor_resolve(&plateau->monitor, &crn_callback_ReduceLROnPlateau, training, err));
    crn_logs_set(&training->logs, "learning_rate",
                 crn_optimizer_learning_rate(training->network->compiled.optimizer));
    if (!crn_logs_get(&training->logs, plateau->monitor.monitor, &current)) {
        warn_unavailable(plateau, training);
        return CRN_OK;
    }
    if (plateau->cooldown_counter > 0) {
        plateau->cooldown_counter--;
        plateau->wait = 0;
    }
    if (crn_monitor_is_best(&plateau->monitor, current)) {
        crn_monitor_set_best(&plateau->monitor, current);
        plateau->wait = 0;
    } else if (plateau->cooldown_counter == 0 && ++plateau->wait >= plateau->patience)
        return reduce(plateau, training, err);
    return CRN_OK;
}

const crn_callback_class crn_callback_ReduceLROnPlateau = {
    .base = {.name = "ReduceLROnPlateau",
             .module = "keras.callbacks",
             .size = sizeof(reduce_lr),
             .fields = fields,
             .check = check},
    .on = {[CRN_ON_TRAIN_BEGIN] = on_train_begin, [CRN_ON_EPOCH_END] = on_epoch_end},
};
