/* SPDX-License-Identifier: BSD-3-Clause */
/* A quantity of the logs that a callback watches, and what counts as its improvement
 * (keras/src/callbacks/monitor_callback.py, 3.15). */
#ifndef CRN_KERAS_CALLBACKS_MONITOR_H
#define CRN_KERAS_CALLBACKS_MONITOR_H

#include "keras/callbacks/callback.h"

/* A callback that watches begins with this. */
typedef struct crn_monitor {
    const char *monitor, *mode; /* parameters */
    double min_delta;
    bool resolved, greater, has_best; /* state */
    double best;
} crn_monitor;

#define CRN_MONITOR_NAME CRN_PARAM(crn_monitor, monitor, STRING, "'val_loss'", "str")
#define CRN_MONITOR_MODE CRN_PARAM(crn_monitor, mode, STRING, "'auto'", "str")

/* Of a new fit: nothing seen yet. Warns of a mode that does not exist, which counts as auto. */
void crn_monitor_begin(crn_monitor *monitor, const crn_callback_class *cls,
                       const crn_training *training);
/* Whether more is better: by mode, else by the metric of that name. CRN_ARGUMENT when neither
 * says. Does nothing the second time. */
crn_status crn_monitor_resolve(crn_monitor *monitor, const crn_callback_class *cls,
                               const crn_training *training, crn_error *err);
/* Better than `reference` by more than min_delta; compared in float32, as Keras does. */
bool crn_monitor_beats(const crn_monitor *monitor, double value, double reference);
/* Better than the best so far, or the first. */
bool crn_monitor_is_best(const crn_monitor *monitor, double value);
void crn_monitor_set_best(crn_monitor *monitor, double value);

#endif
