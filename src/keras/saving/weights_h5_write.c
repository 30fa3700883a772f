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

static crn_status write_object(void *context, const crn_saved_object *object, crn_error *err)
{
    crn_h5 *h5 = context;
    crn_h5_node *group, *variables;
    const crn_layer *layer = object->layer;
    CRN_TRY(crn_h5_group(h5, crn_h5_root(h5), object->path, &group, err));
    CRN_TRY(make_variables(h5, group, layer->name, &variables, err));
    for (size_t k = 0; k < object->count; k++)
        CRN_TRY(write_variable(h5, variables, k, &object->weights[k]->array, err));
    return CRN_OK;
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

crn_status crn_weights_h5_write(const crn_network *network, bool optimizer, crn_text *out,
                                crn_error *err)
{
    crn_h5 *h5 = NULL;
    crn_h5_node *variables;
    crn_status status = crn_h5_create(&h5, err);
    if (status == CRN_OK)
        status = make_variables(h5, crn_h5_root(h5), network->name, &variables, err);
    if (status == CRN_OK)
        status = crn_saved_objects_walk(network, write_object, h5, err);
    if (status == CRN_OK && optimizer)
        status = write_state(h5, network, err);
    if (status == CRN_OK)
        status = crn_h5_write(h5, out, err);
    crn_h5_destroy(h5);
    return status;
}
