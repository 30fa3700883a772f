/* SPDX-License-Identifier: BSD-3-Clause */
/* What a fit tells its caller: progress, messages of callbacks, warnings. */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "keras/callbacks/callback.h"

static double seconds_now(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void crn_training_start_epoch(crn_training *training)
{
    training->epoch_began = seconds_now();
}

crn_status crn_training_report(const crn_training *training, bool epoch_end,
                               const char *message, crn_error *err)
{
    const crn_fit_options *options = training->options;
    if (options->progress == NULL)
        return CRN_OK;
    crn_progress progress = {.epoch = training->epoch + 1,
                             .epochs = training->epochs,
                             .batch = training->batch + 1,
                             .batches = training->batches,
                             .count = training->logs.count,
                             .names = training->logs.names,
                             .values = training->logs.values,
                             .epoch_end = epoch_end,
                             .seconds = seconds_now() - training->epoch_began,
                             .message = message};
    if (options->progress(options->progress_context, &progress))
        return CRN_OK;
    return crn_fail(err, CRN_CANCELLED, "the fit was stopped in epoch %d of %d",
                    training->epoch + 1, training->epochs);
}

bool crn_is_verbose(const crn_object *verbose)
{
    return crn_keras_number(verbose, 0.0) > 0.0;
}

crn_status crn_training_say(const crn_training *training, crn_error *err, const char *format,
                            ...)
{
    if (training->options->progress == NULL)
        return CRN_OK;
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return crn_training_report(training, false, message, err);
}

void crn_training_warn(const crn_training *training, const char *format, ...)
{
    const crn_fit_options *options = training->options;
    if (options->warning == NULL)
        return;
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    options->warning(options->warning_context, message);
}
