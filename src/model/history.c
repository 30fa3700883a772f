/* SPDX-License-Identifier: BSD-3-Clause */
/* The losses and metrics of each epoch, column by column as keras.callbacks.History keeps them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

typedef struct history_column {
    char *name;
    double *values; /* one an epoch */
    size_t count, capacity;
} history_column;

struct crn_history {
    history_column *columns;
    size_t count, capacity;
};

crn_status crn_history_create(crn_history **out, crn_error *err)
{
    crn_history *history = crn_calloc(1, sizeof *history);
    if (history == NULL)
        return crn_no_memory(err);
    *out = history;
    return CRN_OK;
}

static crn_status add_column(crn_history *history, const char *name, crn_error *err)
{
    void *grown = history->columns;
    crn_status status =
        crn_grow(&grown, &history->capacity, history->count, sizeof *history->columns, err);
    history->columns = grown;
    CRN_TRY(status);
    size_t size = strlen(name) + 1;
    history_column column = {.name = crn_calloc(size, 1)};
    if (column.name == NULL)
        return crn_no_memory(err);
    memcpy(column.name, name, size);
    history->columns[history->count++] = column;
    return CRN_OK;
}

crn_status crn_history_add(crn_history *history, const char *name, double value, crn_error *err)
{
    int i = crn_history_find(history, name);
    if (i < 0) {
        CRN_TRY(add_column(history, name, err));
        i = (int)history->count - 1;
    }
    history_column *column = &history->columns[i];
    void *grown = column->values;
    crn_status status = crn_grow(&grown, &column->capacity, column->count, sizeof(double), err);
    column->values = grown;
    CRN_TRY(status);
    column->values[column->count++] = value;
    return CRN_OK;
}

int crn_history_epochs(const crn_history *history)
{
    size_t most = 0;
    for (size_t i = 0; history != NULL && i < history->count; i++)
        most = history->columns[i].count > most ? history->columns[i].count : most;
    return (int)most;
}

int crn_history_columns(const crn_history *history)
{
    return history != NULL ? (int)history->count : 0;
}

const char *crn_history_name(const crn_history *history, int column)
{
    bool inside = column >= 0 && column < crn_history_columns(history);
    return inside ? history->columns[column].name : NULL;
}

int crn_history_find(const crn_history *history, const char *name)
{
    for (int i = 0; i < crn_history_columns(history); i++) {
        if (strcmp(history->columns[i].name, name) == 0)
            return i;
    }
    return -1;
}

double crn_history_value(const crn_history *history, int column, int epoch)
{
    if (column < 0 || column >= crn_history_columns(history) || epoch < 0)
        return (double)NAN;
    const history_column *values = &history->columns[column];
    return (size_t)epoch < values->count ? values->values[epoch] : (double)NAN;
}

void crn_history_destroy(crn_history *history)
{
    if (history == NULL)
        return;
    for (size_t i = 0; i < history->count; i++) {
        free(history->columns[i].name);
        free(history->columns[i].values);
    }
    free(history->columns);
    free(history);
}
