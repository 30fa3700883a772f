/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the layout of Keras 3 as keras/src/saving/saving_lib.py (3.15) does: layers are found
 * by the names that their classes give them. */
#include <stdio.h>

#include "keras/saving/names.h"
#include "keras/saving/weights_h5.h"

/* 2.12 and 2.13 call the list of layers otherwise. */
static const crn_h5_node *find_layers(const crn_h5_node *root)
{
    const crn_h5_node *layers = crn_h5_find(root, "layers");
    return layers != NULL ? layers : crn_h5_find(root, "_layer_checkpoint_dependencies");
}

bool crn_weights_h5_is_weights(const crn_h5_node *root)
{
    return find_layers(root) != NULL || crn_h5_find(root, "vars") != NULL;
}

/* The variables of an object; 0 where it has none. */
static const crn_h5_node *find_variables(const crn_h5_node *layers, const char *name,
                                         size_t *count)
{
    const crn_h5_node *object = layers != NULL ? crn_h5_find(layers, name) : NULL;
    const crn_h5_node *variables = object != NULL ? crn_h5_find(object, "vars") : NULL;
    *count = variables != NULL ? variables->child_count : 0;
    return variables;
}

static crn_status read_variable(const crn_h5_node *variables, size_t i, crn_array *out,
                                crn_error *err)
{
    char name[32];
    snprintf(name, sizeof name, "%zu", i);
    const crn_h5_node *node = crn_h5_find(variables, name);
    if (node == NULL)
        return crn_fail_at(err, CRN_FORMAT, variables->offset,
                           "the variables of a file are not named 0, 1, ...: %s is missing",
                           name);
    return crn_h5_dataset_array(node, out, err);
}

/* ---- weights ---- */

static crn_status refuse_count(const crn_layer *layer, size_t failed, size_t received,
                               crn_error *err)
{
    crn_text names = CRN_TEXT_INIT;
    for (size_t k = 0; k < layer->weight_count; k++) {
        const char *name = layer->weights[crn_saved_weight(layer, k)].name;
        crn_text_printf(&names, "%s'%s'", k > 0 ? ", " : "", name);
    }
    crn_status status = crn_text_status(&names, err);
    if (status == CRN_OK)
        status = crn_fail(err, CRN_SHAPE,
                          "A total of %zu objects could not be loaded. Example error message "
                          "for object <%s name=%s>: Layer '%s' expected %zu variables, but "
                          "received %zu variables during loading. Expected: [%s]",
                          failed, layer->type->base.name, layer->name, layer->name,
                          layer->weight_count, received, names.data != NULL ? names.data : "");
    crn_text_free(&names);
    return status;
}

static crn_status check_counts(const crn_h5_node *layers, const crn_network *network,
                               crn_layer_names *names, crn_error *err)
{
    const crn_layer *layer, *first = NULL;
    size_t failed = 0, received = 0, count;
    for (size_t i = 0; (layer = crn_saved_layer_next(network, &i)) != NULL;) {
        const char *name = crn_layer_names_next(names, layer);
        if (name == NULL)
            return crn_arena_fail(names->document->arena, err);
        find_variables(layers, name, &count);
        if (count == layer->weight_count)
            continue;
        if (failed++ == 0) {
            first = layer;
            received = count;
        }
    }
    return failed > 0 ? refuse_count(first, failed, received, err) : CRN_OK;
}

static crn_status read_layer(const crn_h5_node *variables, const crn_layer *layer,
                             crn_staged_weights *out, crn_error *err)
{
    char where[160];
    snprintf(where, sizeof where, "layer '%s'", layer->name);
    for (size_t k = 0; k < layer->weight_count; k++) {
        crn_array array = CRN_ARRAY_INIT;
        CRN_TRY(read_variable(variables, k, &array, err));
        crn_status status =
            crn_staged_weights_put(out, layer, crn_saved_weight(layer, k), &array, where, err);
        crn_array_free(&array);
        CRN_TRY(status);
    }
    return CRN_OK;
}

static crn_status read_layers(const crn_h5_node *layers, crn_layer_names *names,
                              crn_staged_weights *out, crn_error *err)
{
    const crn_layer *layer;
    for (size_t i = 0; (layer = crn_saved_layer_next(out->network, &i)) != NULL;) {
        size_t count;
        const char *name = crn_layer_names_next(names, layer);
        if (name == NULL)
            return crn_arena_fail(names->document->arena, err);
        CRN_TRY(read_layer(find_variables(layers, name, &count), layer, out, err));
    }
    return CRN_OK;
}

crn_status crn_weights_h5_read_weights(const crn_h5_node *root, crn_staged_weights *out,
                                       crn_error *err)
{
    const crn_h5_node *layers = find_layers(root);
    crn_document *document = out->network->document;
    crn_layer_names names = {0};
    crn_status status = crn_layer_names_create(document, &names, err);
    if (status == CRN_OK)
        status = check_counts(layers, out->network, &names, err);
    crn_layer_names_free(&names);
    CRN_TRY(status);
    status = crn_layer_names_create(document, &names, err);
    if (status == CRN_OK)
        status = read_layers(layers, &names, out, err);
    crn_layer_names_free(&names);
    return status;
}

/* ---- optimizer ---- */

/* Keras 2 keeps no learning rate, so that a scalar in second place tells Keras 3. */
static crn_optimizer_layout layout_of(const crn_optimizer_state *state)
{
    const bool keras_3 = state->count > 1 && state->arrays[1].ndim == 0;
    return keras_3 ? CRN_OPTIMIZER_KERAS_3 : CRN_OPTIMIZER_KERAS_2_11;
}

crn_status crn_weights_h5_read_optimizer(const crn_h5_node *root, crn_optimizer_state *out,
                                         crn_error *err)
{
    size_t count;
    crn_status status = CRN_OK;
    const crn_h5_node *variables = find_variables(root, "optimizer", &count);
    *out = (crn_optimizer_state){0};
    for (size_t i = 0; status == CRN_OK && i < count; i++) {
        crn_array array = CRN_ARRAY_INIT;
        status = read_variable(variables, i, &array, err);
        if (status == CRN_OK)
            status = crn_optimizer_state_add(out, &array, err);
    }
    if (status != CRN_OK)
        crn_optimizer_state_free(out);
    out->layout = layout_of(out);
    return status;
}
