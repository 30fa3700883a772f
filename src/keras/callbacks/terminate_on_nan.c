/* SPDX-License-Identifier: BSD-3-Clause */
/* TerminateOnNaN, as keras/src/callbacks/terminate_on_nan.py (3.15): stops when the loss is no
 * finite number. */
#include <math.h>

#include "keras/callbacks/callback.h"

typedef struct terminate_on_nan {
    bool raise_error;
} terminate_on_nan;

static const crn_field fields[] = {
    CRN_PARAM_SINCE(terminate_on_nan, raise_error, BOOL, "False", NULL, "3.13", NULL),
    CRN_FIELDS_END,
};

static crn_status on_batch_end(void *self, crn_training *training, crn_error *err)
{
    const terminate_on_nan *terminate = self;
    double loss;
    if (!crn_logs_get(&training->logs, "loss", &loss) || isfinite(loss))
        return CRN_OK;
    if (terminate->raise_error)
        return crn_fail(
            err, CRN_ARGUMENT,
            "NaN or Inf loss encountered at batch %lld. Loss value: %g. Terminating "
            "training immediately.",
            (long long)training->batch, loss);
    training->stop_training = true;
    return crn_training_say(training, err, "Batch %lld: Invalid loss, terminating training",
                            (long long)training->batch);
}

const crn_callback_class crn_callback_TerminateOnNaN = {
    .base = {.name = "TerminateOnNaN",
             .module = "keras.callbacks",
             .size = sizeof(terminate_on_nan),
             .fields = fields},
    .on = {[CRN_ON_BATCH_END] = on_batch_end},
};
