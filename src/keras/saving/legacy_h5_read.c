/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the legacy layout as keras/src/legacy/saving/legacy_h5_format.py (3.15) does: layers
 * without weights are dropped on both sides, the others are paired by place, and so are their
 * weights. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keras/saving/legacy_h5.h"
#include "keras/saving/names.h"

/* ---- lists of names ---- */

/* The parts of a list: the attribute of that name; else name0, name1, ..., as Keras cuts a list
 * that is too long for one header. NULL past the last one. */
static const crn_h5_attribute *list_part(const crn_h5_node *group, const char *name, unsigned i)
{
    char part[64];
    const crn_h5_attribute *whole = crn_h5_attribute_find(group, name);
    if (whole != NULL)
        return i == 0 ? whole : NULL;
    snprintf(part, sizeof part, "%s%u", name, i);
    return crn_h5_attribute_find(group, part);
}

/* How many names a list has. h5py writes an empty one as an empty vector of float64. */
static crn_status count_names(const crn_h5_node *group, const char *name, size_t *count,
                              crn_error *err)
{
    const crn_h5_attribute *part;
    *count = 0;
    for (unsigned i = 0; (part = list_part(group, name, i)) != NULL; i++) {
        if (part->refused != NULL)
            return crn_fail_at(err, CRN_UNSUPPORTED, group->offset, "the attribute %s: %s",
                               part->name, part->refused);
        if (!part->is_text && crn_array_size(&part->array) > 0)
            return crn_fail_at(err, CRN_FORMAT, group->offset,
                               "the attribute %s does not hold names", part->name);
        *count += part->is_text ? part->text_count : 0;
    }
    return CRN_OK;
}

/* Strings of a list; they belong to the tree. */
typedef struct name_list {
    const char **at;
    size_t count;
} name_list;

static crn_status read_names(const crn_h5_node *group, const char *name, name_list *list,
                             crn_error *err)
{
    const crn_h5_attribute *part;
    size_t count;
    CRN_TRY(count_names(group, name, &count, err));
    *list = (name_list){.at = crn_calloc(count, sizeof *list->at)};
    if (list->at == NULL)
        return crn_no_memory(err);
    for (unsigned i = 0; (part = list_part(group, name, i)) != NULL; i++) {
        for (size_t k = 0; part->is_text && k < part->text_count; k++)
            list->at[list->count++] = part->text[k];
    }
    return CRN_OK;
}

bool crn_legacy_h5_is_weights(const crn_h5_node *group)
{
    return crn_h5_attribute_find(group, "layer_names") != NULL ||
           crn_h5_attribute_find(group, "layer_names0") != NULL;
}

static crn_status find_group(const crn_h5_node *from, const char *name, const crn_h5_node **out,
                             crn_error *err)
{
    *out = crn_h5_find(from, name);
    if (*out == NULL || (*out)->is_dataset)
        return crn_fail_at(err, CRN_FORMAT, from->offset, "the file has no group '%s'", name);
    return CRN_OK;
}

static crn_status find_array(const crn_h5_node *group, const char *name, crn_array *out,
                             crn_error *err)
{
    const crn_h5_node *node = crn_h5_find(group, name);
    if (node == NULL)
        return crn_fail_at(err, CRN_FORMAT, group->offset, "the file has no dataset '%s'",
                           name);
    return crn_h5_dataset_array(node, out, err);
}

/* ---- weights ---- */

/* The layers of the file that have weights, in order. */
typedef struct stored_layers {
    const crn_h5_node **groups;
    size_t count;
} stored_layers;

static crn_status list_layers(const crn_h5_node *group, stored_layers *layers, crn_error *err)
{
    name_list names = {0};
    size_t weights;
    crn_status status = CRN_OK;
    CRN_TRY(read_names(group, "layer_names", &names, err));
    layers->groups = crn_calloc(names.count, sizeof *layers->groups);
    if (layers->groups == NULL)
        CRN_TRY_OR_DONE(crn_no_memory(err));
    for (size_t i = 0; i < names.count; i++) {
        const crn_h5_node *layer;
        CRN_TRY_OR_DONE(find_group(group, names.at[i], &layer, err));
        CRN_TRY_OR_DONE(count_names(layer, "weight_names", &weights, err));
        if (weights > 0)
            layers->groups[layers->count++] = layer;
    }
done:
    free(names.at);
    return status;
}

/* The layers of the model that have weights, and which. */
typedef struct model_layer {
    const crn_layer *layer;
    size_t *weights, count;
} model_layer;

/* The next of them; its layer is NULL at the end. */
static crn_status next_with_weights(const crn_network *network, size_t *i, model_layer *out,
                                    crn_error *err)
{
    *out = (model_layer){.layer = NULL};
    while ((out->layer = crn_saved_layer_next(network, i)) != NULL) {
        CRN_TRY(crn_saved_weights(network, out->layer, &out->weights, &out->count, err));
        if (out->count > 0)
            return CRN_OK;
        free(out->weights);
    }
    return CRN_OK;
}

static crn_status check_count(const crn_network *network, const stored_layers *stored,
                              crn_error *err)
{
    size_t expected = 0, i = 0;
    model_layer layer;
    for (;; expected++) {
        CRN_TRY(next_with_weights(network, &i, &layer, err));
        if (layer.layer == NULL)
            break;
        free(layer.weights);
    }
    if (expected == stored->count)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE,
                    "Layer count mismatch when loading weights from file. Model expected %zu "
                    "layers, found %zu saved layers.",
                    expected, stored->count);
}

static crn_status put_weights(const crn_h5_node *group, const name_list *names,
                              const model_layer *layer, const char *where,
                              crn_staged_weights *out, crn_error *err)
{
    for (size_t i = 0; i < layer->count; i++) {
        crn_array array = CRN_ARRAY_INIT;
        CRN_TRY(find_array(group, names->at[i], &array, err));
        crn_status status = crn_staged_weights_put(out, layer->weights[i], &array, where, err);
        crn_array_free(&array);
        CRN_TRY(status);
    }
    return CRN_OK;
}

/* The k-th layer that has weights, on both sides. */
static crn_status read_layer(const crn_h5_node *group, size_t k, const model_layer *layer,
                             crn_staged_weights *out, crn_error *err)
{
    char where[160];
    size_t count;
    name_list names = {0};
    const char *name = layer->layer->name;
    CRN_TRY(count_names(group, "weight_names", &count, err));
    if (count != layer->count)
        return crn_fail(err, CRN_SHAPE,
                        "Weight count mismatch for layer #%zu (named %s in the current model, "
                        "%s in the save file). Layer expects %zu weight(s). Received %zu saved "
                        "weight(s)",
                        k, name, group->name, layer->count, count);
    snprintf(where, sizeof where, "layer #%zu (named %s)", k, name);
    CRN_TRY(read_names(group, "weight_names", &names, err));
    crn_status status = put_weights(group, &names, layer, where, out, err);
    free(names.at);
    return status;
}

static crn_status read_layers(const stored_layers *stored, crn_staged_weights *out,
                              crn_error *err)
{
    size_t next = 0;
    for (size_t k = 0; k < stored->count; k++) {
        model_layer layer;
        CRN_TRY(next_with_weights(out->network, &next, &layer, err));
        crn_status status = read_layer(stored->groups[k], k, &layer, out, err);
        free(layer.weights);
        CRN_TRY(status);
    }
    return CRN_OK;
}

/* Weights of the model itself, which a Sequential never has. */
static crn_status check_top_level(const crn_h5_node *group, crn_error *err)
{
    size_t count;
    const crn_h5_node *top = crn_h5_find(group, "top_level_model_weights");
    if (top == NULL)
        return CRN_OK;
    CRN_TRY(count_names(top, "weight_names", &count, err));
    if (count == 0)
        return CRN_OK;
    return crn_fail(err, CRN_SHAPE,
                    "Weight count mismatch for top-level weights when loading weights from "
                    "file. Model expects 0 top-level weight(s). Received %zu saved top-level "
                    "weight(s)",
                    count);
}

crn_status crn_legacy_h5_read_weights(const crn_h5_node *group, crn_staged_weights *out,
                                      crn_error *err)
{
    stored_layers stored = {0};
    crn_status status = list_layers(group, &stored, err);
    if (status == CRN_OK)
        status = check_count(out->network, &stored, err);
    if (status == CRN_OK)
        status = read_layers(&stored, out, err);
    if (status == CRN_OK)
        status = check_top_level(group, err);
    free(stored.groups);
    return status;
}

/* ---- optimizer ---- */

static bool ends_with(const char *text, const char *end)
{
    const size_t size = strlen(text), length = strlen(end);
    return size >= length && strcmp(text + size - length, end) == 0;
}

/* The generations name their first variable "Adam/iter:0", "iteration:0" and
 * "adam/iteration". */
static crn_optimizer_layout layout_of(const name_list *names)
{
    if (names->count > 0 && ends_with(names->at[0], "iter:0"))
        return CRN_OPTIMIZER_KERAS_2;
    if (names->count > 0 && ends_with(names->at[0], ":0"))
        return CRN_OPTIMIZER_KERAS_2_11;
    return CRN_OPTIMIZER_KERAS_3;
}

crn_status crn_legacy_h5_read_optimizer(const crn_h5_node *root, crn_optimizer_state *out,
                                        crn_error *err)
{
    name_list names = {0};
    *out = (crn_optimizer_state){0};
    const crn_h5_node *group = crn_h5_find(root, "optimizer_weights");
    if (group == NULL || group->is_dataset)
        return CRN_OK;
    CRN_TRY(read_names(group, "weight_names", &names, err));
    crn_status status = CRN_OK;
    out->layout = layout_of(&names);
    for (size_t i = 0; status == CRN_OK && i < names.count; i++) {
        crn_array array = CRN_ARRAY_INIT;
        status = find_array(group, names.at[i], &array, err);
        if (status == CRN_OK)
            status = crn_optimizer_state_add(out, &array, err);
    }
    free(names.at);
    if (status != CRN_OK)
        crn_optimizer_state_free(out);
    return status;
}
