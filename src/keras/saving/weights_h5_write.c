/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing the layout of Keras 3 so that 3.0 to 3.15 take it: a group `vars` for every object,
 * also where it is empty, with the object's name (3.6 and later). */
#include <stdio.h>
#include <string.h>

#include "keras/saving/names.h"
#include "keras/saving/weights_h5.h"

/* The group vars below `path`, of an object called `name`. */
static crn_status make_variables(crn_h5 *h5, crn_h5_node *parent, const char *name,
                                 crn_h5_node **out, crn_error *err)
{
    CRN_TRY(crn_h5_group(h5, parent, "vars", out, err));
    return crn_h5_set_text(h5, *out, "name", name, strlen(name), true, err);
}

static crn_status write_variable(crn_h5 *h5, crn_h5_node *variables, size_t i,
                                 const crn_array *array, crn_error *err)
{
    char name[32];
    snprintf(name, sizeof name, "%zu", i);
    return crn_h5_dataset(h5, variables, name, array, NULL, err);
}

static crn_status write_layer(crn_h5 *h5, crn_h5_node *layers, const char *name,
                              const crn_layer *layer, crn_error *err)
{
    crn_h5_node *object, *variables;
    CRN_TRY(crn_h5_group(h5, layers, name, &object, err));
    CRN_TRY(make_variables(h5, object, layer->name, &variables, err));
    for (size_t k = 0; k < layer->weight_count; k++)
        CRN_TRY(write_variable(h5, variables, k,
                               &layer->weights[crn_saved_weight(layer, k)].array, err));
    return CRN_OK;
}

static crn_status write_layers(crn_h5 *h5, const crn_network *network, crn_document *document,
                               crn_error *err)
{
    const crn_layer *layer;
    crn_h5_node *layers;
    crn_layer_names names;
    crn_status status = CRN_OK;
    CRN_TRY(crn_layer_names_create(document, &names, err));
    CRN_TRY_OR_DONE(crn_h5_group(h5, crn_h5_root(h5), "layers", &layers, err));
    for (size_t i = 0; (layer = crn_saved_layer_next(network, &i)) != NULL;) {
        const char *name = crn_layer_names_next(&names, layer);
        if (name == NULL)
            CRN_TRY_OR_DONE(crn_arena_fail(document->arena, err));
        CRN_TRY_OR_DONE(write_layer(h5, layers, name, layer, err));
    }
done:
    crn_layer_names_free(&names);
    return status;
}

static crn_status write_optimizer(crn_h5 *h5, crn_optimizer *optimizer, crn_error *err)
{
    crn_h5_node *object, *variables;
    CRN_TRY(crn_h5_group(h5, crn_h5_root(h5), "optimizer", &object, err));
    CRN_TRY(make_variables(h5, object, crn_optimizer_name(optimizer), &variables, err));
    for (size_t i = 0; i < crn_optimizer_variable_count(optimizer); i++)
        CRN_TRY(write_variable(h5, variables, i, crn_optimizer_variable_at(optimizer, i).array,
                               err));
    return CRN_OK;
}

/* Keras expects the slots also of an optimizer that has taken no step. */
static crn_status write_state(crn_h5 *h5, const crn_network *network, crn_error *err)
{
    crn_optimizer *fresh = NULL, *optimizer = network->compiled.optimizer;
    if (optimizer == NULL)
        return CRN_OK;
    if (!crn_optimizer_is_built(optimizer)) {
        CRN_TRY(crn_optimizer_state_fresh(network, &fresh, err));
        optimizer = fresh;
    }
    crn_status status = write_optimizer(h5, optimizer, err);
    crn_optimizer_destroy(fresh);
    return status;
}

crn_status crn_weights_h5_write(const crn_network *network, bool optimizer,
                                crn_document *document, crn_text *out, crn_error *err)
{
    crn_h5 *h5 = NULL;
    crn_h5_node *variables;
    crn_status status = crn_h5_create(&h5, err);
    if (status == CRN_OK)
        status = make_variables(h5, crn_h5_root(h5), network->name, &variables, err);
    if (status == CRN_OK)
        status = write_layers(h5, network, document, err);
    if (status == CRN_OK && optimizer)
        status = write_state(h5, network, err);
    if (status == CRN_OK)
        status = crn_h5_write(h5, out, err);
    crn_h5_destroy(h5);
    return status;
}
