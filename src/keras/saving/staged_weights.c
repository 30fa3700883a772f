/* SPDX-License-Identifier: BSD-3-Clause */
/* Weights between file and network (keras/src/legacy/saving/legacy_h5_format.py,
 * _set_weights(), 3.15, for the order and the words). */
#include "keras/saving/staged_weights.h"

#include <stdlib.h>

crn_status crn_staged_weights_create(crn_network *network, crn_staged_weights *out,
                                     crn_error *err)
{
    if (!network->built)
        return crn_fail(
            err, CRN_STATE,
            "Unable to load weights into a model that has not been built: its input "
            "shape is not known");
    crn_array *arrays = crn_calloc(network->weight_count, sizeof *arrays);
    if (arrays == NULL)
        return crn_no_memory(err);
    *out = (crn_staged_weights){.network = network, .arrays = arrays};
    return CRN_OK;
}

void crn_staged_weights_free(crn_staged_weights *staged)
{
    for (size_t i = 0; staged->arrays != NULL && i < staged->network->weight_count; i++)
        crn_array_free(&staged->arrays[i]);
    free(staged->arrays);
    *staged = (crn_staged_weights){0};
}

/* Is a layer another one, or somewhere in it? As deep as layers are nested. */
static bool is_within(const crn_layer *outer, const crn_layer *layer)
{
    if (outer == layer)
        return true;
    for (size_t i = 0; i < outer->child_count; i++) {
        if (is_within(outer->children[i].layer, layer))
            return true;
    }
    for (size_t i = 0; outer->network != NULL && i < outer->network->layer_count; i++) {
        if (is_within(outer->network->layers[i], layer))
            return true;
    }
    return false;
}

/* The weights of a layer follow one another: [*first, return value). */
static size_t range_of(const crn_network *network, const crn_layer *layer, size_t *first)
{
    size_t i = 0;
    while (i < network->weight_count && !is_within(layer, network->weights[i].layer))
        i++;
    *first = i;
    while (i < network->weight_count && is_within(layer, network->weights[i].layer))
        i++;
    return i;
}

crn_status crn_saved_weights(const crn_network *network, const crn_layer *layer, size_t **out,
                             size_t *count, crn_error *err)
{
    size_t first, end = range_of(network, layer, &first);
    *count = 0;
    *out = crn_calloc(end - first, sizeof **out);
    if (*out == NULL)
        return crn_no_memory(err);
    for (int others = 0; others < 2; others++) {
        for (size_t i = first; i < end; i++) {
            if (crn_network_weight(network, i, NULL)->learns == (others == 0))
                (*out)[(*count)++] = i;
        }
    }
    return CRN_OK;
}

/* "(4, 128)", "(3,)", "()" */
static void add_shape(const crn_array *array, crn_text *text)
{
    crn_text_add_char(text, '(');
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(text, i > 0 ? ", %lld" : "%lld", (long long)array->shape[i]);
    crn_text_add_string(text, array->ndim == 1 ? ",)" : ")");
}

static bool same_shape(const crn_array *a, const crn_array *b)
{
    bool same = a->ndim == b->ndim;
    for (int32_t i = 0; same && i < a->ndim; i++)
        same = a->shape[i] == b->shape[i];
    return same;
}

static crn_status refuse_shape(const crn_layer *layer, const crn_layer_weight *weight,
                               const crn_array *array, const char *where, crn_error *err)
{
    crn_text text = CRN_TEXT_INIT;
    crn_text_printf(&text, "Shape mismatch in %s for weight %s/%s. Weight expects shape ",
                    where, layer->name, weight->name);
    add_shape(&weight->array, &text);
    crn_text_add_string(&text, ". Received saved weight with shape ");
    add_shape(array, &text);
    crn_status status = crn_text_status(&text, err);
    if (status == CRN_OK)
        status = crn_fail(err, CRN_SHAPE, "%s", text.data);
    crn_text_free(&text);
    return status;
}

crn_status crn_staged_weights_put(crn_staged_weights *staged, size_t i, const crn_array *array,
                                  const char *where, crn_error *err)
{
    crn_layer *layer;
    const crn_layer_weight *weight = crn_network_weight(staged->network, i, &layer);
    if (!same_shape(array, &weight->array))
        return refuse_shape(layer, weight, array, where, err);
    if (crn_dtype_is_float(weight->array.dtype) && !crn_dtype_is_float(array->dtype))
        return crn_fail(err, CRN_DTYPE, "%s: weight %s is stored as %s, not as floats", where,
                        weight->name, crn_dtype_name(array->dtype));
    if (!crn_dtype_is_number(array->dtype))
        return crn_fail(err, CRN_DTYPE, "%s: weight %s is stored as %s, not as numbers", where,
                        weight->name, crn_dtype_name(array->dtype));
    crn_array *slot = &staged->arrays[i];
    crn_array_free(slot);
    *slot = crn_array_share(array);
    return CRN_OK;
}

/* Can the network read the file's memory itself? */
static bool can_borrow(const crn_array *array, crn_dtype dtype)
{
    return array->dtype == dtype && array->owner != NULL && crn_array_is_contiguous(array) &&
           (uintptr_t)array->data % (uintptr_t)array->itemsize == 0;
}

/* Makes of a staged array what the weight will hold. */
static crn_status prepare(crn_array *staged, crn_dtype dtype, crn_error *err)
{
    crn_array made = CRN_ARRAY_INIT;
    if (can_borrow(staged, dtype))
        return CRN_OK;
    CRN_TRY(crn_array_astype(staged, dtype, &made, err));
    crn_array_free(staged);
    *staged = made;
    return CRN_OK;
}

crn_status crn_staged_weights_commit(crn_staged_weights *staged, crn_error *err)
{
    crn_network *network = staged->network;
    for (size_t i = 0; i < network->weight_count; i++) {
        const crn_layer_weight *weight = crn_network_weight(network, i, NULL);
        if (crn_array_size(&weight->array) == 0)
            continue;
        if (staged->arrays[i].data == NULL)
            return crn_fail(err, CRN_FORMAT, "the file has no weight %s", weight->name);
        CRN_TRY(prepare(&staged->arrays[i], weight->array.dtype, err));
    }
    for (size_t i = 0; i < network->weight_count; i++) {
        crn_layer_weight *weight = crn_network_weight(network, i, NULL);
        if (crn_array_size(&weight->array) == 0)
            continue;
        crn_array_free(&weight->array);
        weight->array = staged->arrays[i];
        weight->borrowed = true;
        staged->arrays[i] = (crn_array)CRN_ARRAY_INIT;
    }
    network->has_weights = true;
    return CRN_OK;
}
