/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the layout of Keras 3 as keras/src/saving/saving_lib.py (3.15) does: layers are found
 * by the names that their classes give them. */
#include <stdio.h>
#include <string.h>

#include "keras/saving/names.h"
#include "keras/saving/weights_h5.h"

/* 2.12 and 2.13 call the list of layers otherwise. */
static const char old_layers[] = "_layer_checkpoint_dependencies";

bool crn_weights_h5_is_weights(const crn_h5_node *root)
{
    return crn_h5_find(root, "layers") != NULL || crn_h5_find(root, old_layers) != NULL ||
           crn_h5_find(root, "vars") != NULL;
}

/* A part of a path by its name, by the old one of "layers", or with or without the underscore
 * of a private attribute: versions differ in that ("query_dense", "_query_dense"). */
static const crn_h5_node *find_part(const crn_h5_node *from, const char *part)
{
    char private_name[96];
    const crn_h5_node *node = crn_h5_find(from, part);
    if (node == NULL && strcmp(part, "layers") == 0)
        node = crn_h5_find(from, old_layers);
    if (node == NULL && part[0] == '_')
        node = crn_h5_find(from, part + 1);
    if (node == NULL &&
        (size_t)snprintf(private_name, sizeof private_name, "_%s", part) < sizeof private_name)
        node = crn_h5_find(from, private_name);
    return node;
}

static const crn_h5_node *find_object(const crn_h5_node *from, const char *path)
{
    char part[96];
    while (from != NULL && *path != '\0') {
        const size_t size = strcspn(path, "/");
        if (size >= sizeof part)
            return NULL;
        memcpy(part, path, size);
        part[size] = '\0';
        from = from->is_dataset ? NULL : find_part(from, part);
        path += size + (path[size] == '/');
    }
    return from;
}

/* The variables of an object; 0 where it has none. */
static const crn_h5_node *find_variables(const crn_h5_node *root, const char *path,
                                         size_t *count)
{
    const crn_h5_node *object = find_object(root, path);
    const crn_h5_node *variables =
        object != NULL && !object->is_dataset ? crn_h5_find(object, "vars") : NULL;
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

/* What a walk over the objects needs: all counts are checked before anything is read. */
typedef struct reader {
    const crn_h5_node *root;
    crn_staged_weights *out;
    size_t failed;
    crn_text first; /* the message of the first that failed */
} reader;

static void note_failure(reader *r, const crn_saved_object *object, size_t received)
{
    const crn_layer *layer = object->layer;
    if (r->failed++ > 0)
        return;
    crn_text_printf(&r->first,
                    "object <%s name=%s>: Layer '%s' expected %zu variables, but received %zu "
                    "variables during loading. Expected: [",
                    layer->type->base.name, layer->name, layer->name, object->count, received);
    for (size_t k = 0; k < object->count; k++)
        crn_text_printf(&r->first, "%s'%s'", k > 0 ? ", " : "", object->weights[k]->name);
    crn_text_add_char(&r->first, ']');
}

static crn_status check_object(void *context, const crn_saved_object *object, crn_error *err)
{
    reader *r = context;
    size_t count;
    (void)err;
    if (object->layer->type->load_asset != NULL)
        return CRN_OK; /* its variables have names, see assets.c */
    find_variables(r->root, object->path, &count);
    if (count != object->count)
        note_failure(r, object, count);
    return CRN_OK;
}

static crn_status read_object(void *context, const crn_saved_object *object, crn_error *err)
{
    reader *r = context;
    char where[160];
    size_t count;
    const crn_h5_node *variables = find_variables(r->root, object->path, &count);
    snprintf(where, sizeof where, "layer '%s'", object->layer->name);
    for (size_t k = 0; k < object->count; k++) {
        crn_array array = CRN_ARRAY_INIT;
        CRN_TRY(read_variable(variables, k, &array, err));
        crn_status status =
            crn_staged_weights_put(r->out, object->weights[k]->index, &array, where, err);
        crn_array_free(&array);
        CRN_TRY(status);
    }
    return CRN_OK;
}

crn_status crn_weights_h5_read_weights(const crn_h5_node *root, crn_staged_weights *out,
                                       crn_error *err)
{
    reader r = {.root = root, .out = out, .first = CRN_TEXT_INIT};
    crn_status status = crn_saved_objects_walk(out->network, check_object, &r, err);
    if (status == CRN_OK && r.failed > 0)
        status = crn_text_status(&r.first, err);
    if (status == CRN_OK && r.failed > 0)
        status =
            crn_fail(err, CRN_SHAPE,
                     "A total of %zu objects could not be loaded. Example error message for %s",
                     r.failed, r.first.data);
    crn_text_free(&r.first);
    return status == CRN_OK ? crn_saved_objects_walk(out->network, read_object, &r, err)
                            : status;
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
