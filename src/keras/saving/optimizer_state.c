/* SPDX-License-Identifier: BSD-3-Clause */
/* Which array of a file is which variable of the optimizer. The orders are those of
 * keras/src/optimizers (3.15 and 2.15) and of Keras 2.10's optimizer_v2, whose weights are one
 * slot after the other. */
#include "keras/saving/optimizer_state.h"

#include <stdlib.h>
#include <string.h>

crn_status crn_optimizer_state_add(crn_optimizer_state *state, crn_array *array, crn_error *err)
{
    crn_status status = crn_grow((void **)&state->arrays, &state->capacity, state->count,
                                 sizeof *state->arrays, err);
    if (status != CRN_OK) {
        crn_array_free(array);
        return status;
    }
    state->arrays[state->count++] = *array;
    return CRN_OK;
}

void crn_optimizer_state_free(crn_optimizer_state *state)
{
    for (size_t i = 0; i < state->count; i++)
        crn_array_free(&state->arrays[i]);
    free(state->arrays);
    *state = (crn_optimizer_state){0};
}

/* ---- places ---- */

/* The class's own slots, in the order of their first variables: "momentum", "velocity" ... */
typedef struct slot_order {
    const char *names[CRN_OPTIMIZER_SLOTS];
    size_t count;
    size_t weights; /* number of weights */
} slot_order;

static bool is_slot_of_the_class(const crn_optimizer_variable *variable)
{
    return variable->weight >= 0 && strcmp(variable->slot, "average") != 0 &&
           strcmp(variable->slot, "gradient_accumulator") != 0;
}

static size_t ordinal(const slot_order *order, const char *name)
{
    size_t i = 0;
    while (i < order->count && strcmp(order->names[i], name) != 0)
        i++;
    return i;
}

static slot_order order_of(crn_optimizer *optimizer)
{
    slot_order order = {.count = 0};
    for (size_t i = 0; i < crn_optimizer_variable_count(optimizer); i++) {
        const crn_optimizer_variable variable = crn_optimizer_variable_at(optimizer, i);
        if (variable.weight >= (int64_t)order.weights)
            order.weights = (size_t)variable.weight + 1;
        if (is_slot_of_the_class(&variable) && ordinal(&order, variable.slot) == order.count &&
            order.count < CRN_OPTIMIZER_SLOTS)
            order.names[order.count++] = variable.slot;
    }
    return order;
}

/* Keras 2 to 2.10: the iteration, then all weights' momentum, then all weights' velocity. */
static size_t slot_by_slot(crn_optimizer *optimizer, int64_t *places)
{
    const slot_order order = order_of(optimizer);
    for (size_t i = 0; i < crn_optimizer_variable_count(optimizer); i++) {
        const crn_optimizer_variable variable = crn_optimizer_variable_at(optimizer, i);
        places[i] = -1;
        if (i == 0)
            places[i] = 0;
        else if (is_slot_of_the_class(&variable))
            places[i] =
                (int64_t)(1 + ordinal(&order, variable.slot) * order.weights) + variable.weight;
    }
    return 1 + order.count * order.weights;
}

size_t crn_optimizer_state_places(crn_optimizer *optimizer, crn_optimizer_layout layout,
                                  int64_t *places)
{
    size_t count = 0;
    if (layout == CRN_OPTIMIZER_KERAS_2)
        return slot_by_slot(optimizer, places);
    for (size_t i = 0; i < crn_optimizer_variable_count(optimizer); i++) {
        const crn_optimizer_variable variable = crn_optimizer_variable_at(optimizer, i);
        const bool only_keras_3 = strcmp(variable.slot, "learning_rate") == 0 ||
                                  strcmp(variable.slot, "gradient_accumulator") == 0;
        const bool kept = layout == CRN_OPTIMIZER_KERAS_3 || !only_keras_3;
        places[i] = kept ? (int64_t)count++ : -1;
    }
    return count;
}

static void free_weights(crn_array *weights, size_t count)
{
    for (size_t i = 0; i < count; i++)
        crn_array_free(&weights[i]);
    free(weights);
}

crn_status crn_optimizer_state_padding(const crn_network *network, crn_optimizer_layout layout,
                                       size_t *count, crn_error *err)
{
    crn_optimizer_slot slots[CRN_OPTIMIZER_SLOTS];
    const crn_optimizer *optimizer = network->compiled.optimizer;
    const crn_optimizer_class *cls = crn_optimizer_class_of(optimizer);
    *count = 0;
    if (layout != CRN_OPTIMIZER_KERAS_2_11 || cls != &crn_optimizer_SGD ||
        cls->slots(crn_optimizer_config_of(optimizer), slots) > 0)
        return CRN_OK;
    crn_array *weights = NULL;
    CRN_TRY(crn_network_trainable(network, &weights, count, err));
    free_weights(weights, *count);
    return CRN_OK;
}

/* ---- restoring ---- */

static crn_status build(crn_optimizer *optimizer, const crn_network *network, crn_error *err)
{
    crn_array *weights = NULL;
    size_t count = 0;
    if (crn_optimizer_is_built(optimizer))
        return CRN_OK;
    CRN_TRY(crn_network_trainable(network, &weights, &count, err));
    crn_status status = crn_optimizer_build(optimizer, weights, count, err);
    free_weights(weights, count);
    return status;
}

crn_status crn_optimizer_state_fresh(const crn_network *network, crn_optimizer **out,
                                     crn_error *err)
{
    const crn_optimizer *like = network->compiled.optimizer;
    CRN_TRY(crn_optimizer_create(crn_optimizer_class_of(like), crn_optimizer_config_of(like),
                                 network->document, out, err));
    crn_status status = build(*out, network, err);
    if (status != CRN_OK) {
        crn_optimizer_destroy(*out);
        *out = NULL;
    }
    return status;
}

/* Steps are counted from 0, and a file must not make the next one overflow. */
static bool is_iteration(const crn_array *array)
{
    int64_t iteration = -1;
    if (!crn_dtype_is_integer(array->dtype) ||
        crn_array_copy_to(array, CRN_INT64, 0, &iteration, NULL) != CRN_OK)
        return false;
    return iteration >= 0 && iteration < INT64_MAX / 2;
}

static bool fits(const crn_array *stored, const crn_optimizer_variable *variable)
{
    const crn_array *want = variable->array;
    bool same = stored->ndim == want->ndim;
    for (int32_t d = 0; same && d < want->ndim; d++)
        same = stored->shape[d] == want->shape[d];
    if (!same)
        return false;
    return want->dtype == CRN_INT64 ? is_iteration(stored) : crn_dtype_is_float(stored->dtype);
}

/* Checks all, then copies all. *fitting: the file's state is of this optimizer. */
static crn_status copy_state(const crn_optimizer_state *state, crn_optimizer *optimizer,
                             const int64_t *places, bool *fitting, crn_error *err)
{
    const size_t count = crn_optimizer_variable_count(optimizer);
    for (size_t i = 0; *fitting && i < count; i++) {
        const crn_optimizer_variable variable = crn_optimizer_variable_at(optimizer, i);
        *fitting = places[i] < 0 || fits(&state->arrays[places[i]], &variable);
    }
    for (size_t i = 0; *fitting && i < count; i++) {
        crn_array *array = crn_optimizer_variable_at(optimizer, i).array;
        if (places[i] >= 0 && crn_array_size(array) > 0)
            CRN_TRY(crn_array_copy_to(&state->arrays[places[i]], array->dtype, 0, array->data,
                                      err));
    }
    return CRN_OK;
}

static crn_status warn(const crn_load_options *options, const crn_optimizer *optimizer,
                       size_t expected, size_t found, crn_error *err)
{
    crn_text text = CRN_TEXT_INIT;
    if (options->warning == NULL)
        return CRN_OK;
    crn_text_printf(&text, "Skipping variable loading for optimizer '%s', because ",
                    crn_optimizer_name(optimizer));
    if (expected != found)
        crn_text_printf(&text,
                        "it has %zu variables whereas the saved optimizer has %zu variables.",
                        expected, found);
    else
        crn_text_add_string(&text, "the saved variables are of other shapes.");
    crn_status status = crn_text_status(&text, err);
    if (status == CRN_OK)
        options->warning(options->warning_context, text.data);
    crn_text_free(&text);
    return status;
}

crn_status crn_optimizer_state_restore(const crn_optimizer_state *state, crn_network *network,
                                       const crn_load_options *options, crn_error *err)
{
    crn_optimizer *optimizer = network->compiled.optimizer;
    if (optimizer == NULL || state->count == 0)
        return CRN_OK;
    CRN_TRY(build(optimizer, network, err));
    size_t padding = 0;
    CRN_TRY(crn_optimizer_state_padding(network, state->layout, &padding, err));
    int64_t *places = crn_calloc(crn_optimizer_variable_count(optimizer), sizeof *places);
    if (places == NULL)
        return crn_no_memory(err);
    const size_t expected =
        crn_optimizer_state_places(optimizer, state->layout, places) + padding;
    bool fitting = expected == state->count;
    crn_status status = copy_state(state, optimizer, places, &fitting, err);
    free(places);
    if (status == CRN_OK && !fitting)
        status = warn(options, optimizer, expected, state->count, err);
    return status;
}
