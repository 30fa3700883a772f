/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows in batches, shuffled or not. */
#include <stdlib.h>
#include <string.h>

#include "keras/models/data_adapter.h"

static size_t row_size(const crn_array *array)
{
    return (size_t)(crn_array_size(array) / array->shape[0] * array->itemsize);
}

/* The order of the rows, and room for one batch. */
static crn_status allocate(crn_batches *batches, crn_error *err)
{
    batches->order = crn_calloc((size_t)batches->data->rows, sizeof *batches->order);
    if (batches->order == NULL)
        return crn_no_memory(err);
    for (int k = 0; k < CRN_FIT_ARRAYS; k++) {
        const crn_array *array = crn_fit_data_array(batches->data, k);
        if (array == NULL)
            continue;
        batches->memory[k] = crn_calloc((size_t)batches->size, row_size(array));
        if (batches->memory[k] == NULL)
            return crn_no_memory(err);
    }
    return CRN_OK;
}

crn_status crn_batches_create(const crn_fit_data *data, int64_t size, bool shuffle,
                              crn_batches *out, crn_error *err)
{
    if (size > data->rows)
        size = data->rows;
    *out = (crn_batches){.data = data, .size = size, .count = 1 + (data->rows - 1) / size};
    crn_status status = shuffle ? allocate(out, err) : CRN_OK;
    if (status != CRN_OK)
        crn_batches_free(out);
    return status;
}

void crn_batches_shuffle(crn_batches *batches, crn_generator *generator)
{
    if (batches->order != NULL)
        crn_generator_permutation(generator, batches->data->rows, batches->order);
}

static void gather(uint8_t *to, const crn_array *from, const int64_t *order, int64_t rows)
{
    size_t size = row_size(from);
    for (int64_t i = 0; i < rows; i++)
        memcpy(to + (size_t)i * size, (const uint8_t *)from->data + (size_t)order[i] * size,
               size);
}

int64_t crn_batches_take(const crn_batches *batches, int64_t i, const void *in[CRN_FIT_ARRAYS])
{
    int64_t first = i * batches->size, left = batches->data->rows - first;
    int64_t rows = left < batches->size ? left : batches->size;
    for (int k = 0; k < CRN_FIT_ARRAYS; k++) {
        const crn_array *array = crn_fit_data_array(batches->data, k);
        in[k] = NULL;
        if (array != NULL && batches->order == NULL)
            in[k] = (const uint8_t *)array->data + (size_t)first * row_size(array);
        else if (array != NULL) {
            gather(batches->memory[k], array, batches->order + first, rows);
            in[k] = batches->memory[k];
        }
    }
    return rows;
}

void crn_batches_free(crn_batches *batches)
{
    free(batches->order);
    for (int k = 0; k < CRN_FIT_ARRAYS; k++)
        free(batches->memory[k]);
    *batches = (crn_batches){0};
}
