/* SPDX-License-Identifier: BSD-3-Clause */
/* ModelCheckpoint, as keras/src/callbacks/model_checkpoint.py (3.15): saves the model, or its
 * weights, after each epoch or every so many batches; only the best one when asked. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "keras/callbacks/monitor.h"
#include "keras/callbacks/path_template.h"

typedef struct model_checkpoint {
    crn_monitor monitor;
    const char *filepath;
    const crn_object *verbose;
    bool save_best_only, save_weights_only;
    const crn_object *save_freq, *initial_value_threshold;
    /* state */
    int64_t batches_since_saving;
} model_checkpoint;

static const crn_field fields[] = {
    CRN_PARAM(model_checkpoint, filepath, STRING, NULL, "str"),
    CRN_MONITOR_NAME,
    CRN_CALLBACK_VERBOSE(model_checkpoint),
    CRN_PARAM(model_checkpoint, save_best_only, BOOL, "False", NULL),
    CRN_PARAM(model_checkpoint, save_weights_only, BOOL, "False", NULL),
    CRN_MONITOR_MODE,
    CRN_PARAM(model_checkpoint, save_freq, OBJECT, "'epoch'", NULL),
    CRN_PARAM(model_checkpoint, initial_value_threshold, OBJECT, "None", "real | None"),
    CRN_FIELDS_END,
};

static bool ends_with(const char *text, const char *suffix)
{
    size_t size = strlen(text), end = strlen(suffix);
    return size >= end && strcmp(text + size - end, suffix) == 0;
}

static crn_status check_save_freq(const crn_object *save_freq, crn_error *err)
{
    int64_t batches;
    if (crn_object_is_str(save_freq, "epoch") ||
        (crn_object_as_int(save_freq, &batches) && batches > 0))
        return CRN_OK;
    crn_text text = CRN_TEXT_INIT;
    crn_object_repr(save_freq, 80, &text);
    crn_status status =
        crn_fail(err, CRN_ARGUMENT,
                 "Unrecognized save_freq: %s. Expected save_freq are 'epoch' or integer values",
                 text.data != NULL ? text.data : "");
    crn_text_free(&text);
    return status;
}

static crn_status check(const void *config, crn_error *err)
{
    const model_checkpoint *checkpoint = config;
    const char *path = checkpoint->filepath;
    if (path == NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "ModelCheckpoint.__init__() missing 1 required positional argument: "
                        "'filepath'");
    CRN_TRY(check_save_freq(checkpoint->save_freq, err));
    if (checkpoint->save_weights_only && !ends_with(path, ".weights.h5"))
        return crn_fail(
            err, CRN_ARGUMENT,
            "When using `save_weights_only=True` in `ModelCheckpoint`, the filepath "
            "provided must end in `.weights.h5` (Keras weights format). Received: "
            "filepath=%s",
            path);
    if (!ends_with(path, ".keras") && !ends_with(path, ".h5"))
        return crn_fail(err, CRN_ARGUMENT,
                        "The filepath provided must end in `.keras` (Keras model format). "
                        "Received: filepath=%s",
                        path);
    return CRN_OK;
}

static crn_status on_train_begin(void *self, crn_training *training, crn_error *err)
{
    model_checkpoint *checkpoint = self;
    double threshold = crn_keras_number(checkpoint->initial_value_threshold, NAN);
    (void)err;
    checkpoint->batches_since_saving = 0;
    crn_monitor_begin(&checkpoint->monitor, &crn_callback_ModelCheckpoint, training);
    if (!isnan(threshold))
        crn_monitor_set_best(&checkpoint->monitor, threshold);
    return CRN_OK;
}

/* ---- saving ---- */

static crn_status make_directory(const char *path, crn_error *err)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return CRN_OK;
    return crn_fail_system(err, errno, "cannot make the directory '%s'", path);
}

/* os.makedirs of the path's directory. path is as before at the end. */
static crn_status make_directories(char *path, crn_error *err)
{
    crn_status status = CRN_OK;
    for (char *slash = strchr(path + 1, '/'); slash != NULL && status == CRN_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = make_directory(path, err);
        *slash = '/';
    }
    return status;
}

static crn_status save(const model_checkpoint *checkpoint, const crn_training *training,
                       char *path, crn_error *err)
{
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    if (!checkpoint->save_weights_only)
        options.format = ends_with(path, ".keras") ? "keras" : "h5";
    CRN_TRY(make_directories(path, err));
    CRN_TRY(crn_model_save(training->model, path, &options, err));
    if (!crn_is_verbose(checkpoint->verbose))
        return CRN_OK;
    return crn_training_say(training, err, "Epoch %d: finished saving model to %s",
                            training->epoch + 1, path);
}

/* The best so far, for messages. */
static const char *best_text(const crn_monitor *monitor, char *buffer, size_t size)
{
    if (!monitor->has_best)
        return "None";
    snprintf(buffer, size, "%.5f", monitor->best);
    return buffer;
}

/* Is the monitored quantity better than before? Then it is the best. */
static crn_status is_best(model_checkpoint *checkpoint, const crn_training *training,
                          const char *path, bool *out, crn_error *err)
{
    crn_monitor *monitor = &checkpoint->monitor;
    char buffer[64];
    const char *best = best_text(monitor, buffer, sizeof buffer);
    double current;
    *out = true;
    if (!crn_logs_get(&training->logs, monitor->monitor, &current)) {
        crn_training_warn(training, "Can save best model only with %s available.",
                          monitor->monitor);
        return CRN_OK;
    }
    *out = crn_monitor_is_best(monitor, current);
    if (*out)
        crn_monitor_set_best(monitor, current);
    if (!crn_is_verbose(checkpoint->verbose))
        return CRN_OK;
    if (!*out)
        return crn_training_say(training, err, "Epoch %d: %s did not improve from %s",
                                training->epoch + 1, monitor->monitor, best);
    return crn_training_say(training, err,
                            "Epoch %d: %s improved from %s to %.5f, saving model to %s",
                            training->epoch + 1, monitor->monitor, best, current, path);
}

static crn_status save_if_wanted(model_checkpoint *checkpoint, const crn_training *training,
                                 char *path, crn_error *err)
{
    bool wanted = true;
    if (checkpoint->save_best_only)
        CRN_TRY(is_best(checkpoint, training, path, &wanted, err));
    else if (crn_is_verbose(checkpoint->verbose))
        CRN_TRY(crn_training_say(training, err, "Epoch %d: saving model to %s",
                                 training->epoch + 1, path));
    return wanted ? save(checkpoint, training, path, err) : CRN_OK;
}

static crn_status save_as(model_checkpoint *checkpoint, const crn_training *training,
                          int64_t batch, crn_error *err)
{
    char *path;
    CRN_TRY(crn_monitor_resolve(&checkpoint->monitor, &crn_callback_ModelCheckpoint, training,
                                err));
    CRN_TRY(crn_path_template_fill(checkpoint->filepath, training->epoch + 1, batch,
                                   &training->logs, &path, err));
    crn_status status = save_if_wanted(checkpoint, training, path, err);
    free(path);
    return status;
}

static crn_status on_batch_end(void *self, crn_training *training, crn_error *err)
{
    model_checkpoint *checkpoint = self;
    int64_t batches;
    if (!crn_object_as_int(checkpoint->save_freq, &batches) ||
        ++checkpoint->batches_since_saving < batches)
        return CRN_OK;
    checkpoint->batches_since_saving = 0;
    return save_as(checkpoint, training, training->batch + 1, err);
}

static crn_status on_epoch_end(void *self, crn_training *training, crn_error *err)
{
    model_checkpoint *checkpoint = self;
    if (crn_object_is_str(checkpoint->save_freq, "epoch"))
        return save_as(checkpoint, training, -1, err);
    return crn_monitor_resolve(&checkpoint->monitor, &crn_callback_ModelCheckpoint, training,
                               err);
}

const crn_callback_class crn_callback_ModelCheckpoint = {
    .base = {.name = "ModelCheckpoint",
             .module = "keras.callbacks",
             .size = sizeof(model_checkpoint),
             .fields = fields,
             .check = check},
    .on = {[CRN_ON_TRAIN_BEGIN] = on_train_begin,
           [CRN_ON_BATCH_END] = on_batch_end,
           [CRN_ON_EPOCH_END] = on_epoch_end},
};
