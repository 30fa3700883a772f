/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies of a network's state, all arrays behind each other in one block. */
#include "keras/models/snapshot.h"

#include <stdlib.h>
#include <string.h>

typedef enum direction { MEASURE, SAVE, LOAD } direction;

/* Moves one array, or counts its bytes; returns the place behind it. */
static size_t move(const crn_array *array, direction to, uint8_t *bytes, size_t at)
{
    size_t size = (size_t)(crn_array_size(array) * array->itemsize);
    if (to == SAVE)
        memcpy(bytes + at, array->data, size);
    else if (to == LOAD)
        memcpy(array->data, bytes + at, size);
    return at + size;
}

static size_t move_all(const crn_network *network, bool optimizer, direction to, uint8_t *bytes)
{
    size_t at = 0;
    crn_layer *layer;
    for (size_t i = 0; i < network->weight_count; i++)
        at = move(&crn_network_weight(network, i, &layer)->array, to, bytes, at);
    crn_optimizer *variables = optimizer ? network->compiled.optimizer : NULL;
    size_t count = variables != NULL ? crn_optimizer_variable_count(variables) : 0;
    for (size_t i = 0; i < count; i++)
        at = move(crn_optimizer_variable_at(variables, i).array, to, bytes, at);
    return at;
}

crn_status crn_snapshot_take(crn_snapshot *snapshot, const crn_network *network, bool optimizer,
                             crn_error *err)
{
    if (snapshot->bytes == NULL) {
        snapshot->bytes = crn_calloc(move_all(network, optimizer, MEASURE, NULL), 1);
        snapshot->optimizer = optimizer;
    }
    if (snapshot->bytes == NULL)
        return crn_no_memory(err);
    move_all(network, snapshot->optimizer, SAVE, snapshot->bytes);
    return CRN_OK;
}

void crn_snapshot_restore(const crn_snapshot *snapshot, const crn_network *network)
{
    if (snapshot->bytes != NULL)
        move_all(network, snapshot->optimizer, LOAD, snapshot->bytes);
}

void crn_snapshot_free(crn_snapshot *snapshot)
{
    free(snapshot->bytes);
    *snapshot = (crn_snapshot)CRN_SNAPSHOT_INIT;
}
