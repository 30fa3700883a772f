/* SPDX-License-Identifier: BSD-3-Clause */
/* What counts as an improvement. */
#include "keras/callbacks/monitor.h"

#include <math.h>
#include <string.h>

void crn_monitor_begin(crn_monitor *m, const crn_callback_class *cls,
                       const crn_training *training)
{
    m->resolved = m->has_best = false;
    if (strcmp(m->mode, "auto") != 0 && strcmp(m->mode, "min") != 0 &&
        strcmp(m->mode, "max") != 0)
        crn_training_warn(training, "%s mode '%s' is unknown, fallback to auto mode.",
                          cls->base.name, m->mode);
}

/* The direction of the loss or of a metric; false: nobody knows that name. */
static bool find_direction(const char *name, const crn_compilation *compiled, bool *greater)
{
    if (strncmp(name, "val_", 4) == 0)
        name += 4;
    bool known = strcmp(name, "loss") == 0;
    *greater = false;
    for (size_t i = 0; i < compiled->metric_count; i++) {
        if (strcmp(crn_metric_name(compiled->metrics[i]), name) == 0) {
            *greater = crn_metric_higher_is_better(compiled->metrics[i]);
            known = true;
        }
    }
    return known;
}

crn_status crn_monitor_resolve(crn_monitor *m, const crn_callback_class *cls,
                               const crn_training *training, crn_error *err)
{
    if (m->resolved)
        return CRN_OK;
    bool known = true;
    if (strcmp(m->mode, "min") == 0 || strcmp(m->mode, "max") == 0)
        m->greater = strcmp(m->mode, "max") == 0;
    else
        known = find_direction(m->monitor, &training->network->compiled, &m->greater);
    if (!known)
        return crn_fail(
            err, CRN_ARGUMENT,
            "%s callback received monitor=%s, but Keras isn't able to automatically "
            "determine whether that metric should be maximized or minimized. Pass "
            "`mode='max'` in order to monitor based on the highest metric value, or "
            "pass `mode='min'` in order to use the lowest value.",
            cls->base.name, m->monitor);
    m->resolved = true;
    return CRN_OK;
}

bool crn_monitor_beats(const crn_monitor *m, double value, double reference)
{
    double delta = fabs(m->min_delta);
    return m->greater ? (float)(value - delta) > (float)reference
                      : (float)(value + delta) < (float)reference;
}

bool crn_monitor_is_best(const crn_monitor *m, double value)
{
    return !m->has_best || crn_monitor_beats(m, value, m->best);
}

void crn_monitor_set_best(crn_monitor *m, double value)
{
    m->best = value;
    m->has_best = true;
}
