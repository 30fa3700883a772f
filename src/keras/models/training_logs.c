/* SPDX-License-Identifier: BSD-3-Clause */
/* Names in Keras's order: sorted (keras/src/trainers/trainer.py, pythonify_logs, 3.15). */
#include "keras/models/training_logs.h"

#include <stdlib.h>
#include <string.h>

#include "keras/models/evaluate.h"

static crn_status make_names(const crn_network *network, crn_training_logs *own, crn_error *err)
{
    for (size_t i = 0; i < 2 * own->count; i++) {
        bool validation = i >= own->count;
        own->names[i] =
            crn_network_value_name(network, i % own->count, validation ? "val_" : "", err);
        if (own->names[i] == NULL)
            return crn_no_memory(err);
    }
    return CRN_OK;
}

/* A number's place is the number of names before its own. */
static void sort_names(const crn_training_logs *own, crn_logs *logs)
{
    for (size_t i = 0; i < own->count; i++) {
        for (size_t k = 0; k < own->count; k++) {
            int order = strcmp(own->names[k], own->names[i]);
            own->places[i] += order < 0 || (order == 0 && k < i);
        }
        logs->names[own->places[i]] = own->names[i];
        logs->names[own->places[i] + own->count] = own->names[i + own->count];
    }
}

crn_status crn_training_logs_create(const crn_network *network, crn_training_logs *out,
                                    crn_logs *logs, crn_error *err)
{
    const size_t count = crn_network_value_count(network), capacity = 2 * count + 1;
    *out = (crn_training_logs){.count = count};
    *logs = (crn_logs){.count = (int)count, .capacity = (int)capacity};
    out->names = crn_calloc(2 * count, sizeof *out->names);
    out->places = crn_calloc(count, sizeof *out->places);
    logs->names = crn_calloc(capacity, sizeof *logs->names);
    logs->values = crn_calloc(capacity, sizeof *logs->values);
    bool done = out->names != NULL && out->places != NULL && logs->names != NULL &&
                logs->values != NULL;
    crn_status status = done ? make_names(network, out, err) : crn_no_memory(err);
    if (status == CRN_OK)
        sort_names(out, logs);
    else
        crn_training_logs_free(out, logs);
    return status;
}

void crn_training_logs_set(const crn_training_logs *own, crn_logs *logs, size_t i,
                           bool validation, double value)
{
    logs->values[own->places[i] + (validation ? own->count : 0)] = (double)(float)value;
    if (validation)
        logs->count = (int)(2 * own->count);
}

void crn_training_logs_reset(const crn_training_logs *own, crn_logs *logs)
{
    logs->count = (int)own->count;
}

void crn_training_logs_free(crn_training_logs *own, crn_logs *logs)
{
    for (size_t i = 0; own->names != NULL && i < 2 * own->count; i++)
        free(own->names[i]);
    free(own->names);
    free(own->places);
    free(logs->names);
    free(logs->values);
    *own = (crn_training_logs){0};
    *logs = (crn_logs){0};
}
