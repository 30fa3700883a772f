/* SPDX-License-Identifier: BSD-3-Clause */
/* The objects of a model that have variables, and their paths: _save_state() and
 * _save_container_state() of keras/src/saving/saving_lib.py (3.15). */
#include "keras/saving/names.h"

#include <stdlib.h>
#include <string.h>

#include "keras/layers/core/input_layer.h"
#include "keras/naming.h"
#include "keras/operations/operation.h"

crn_layer *crn_saved_layer_next(const crn_network *network, size_t *i)
{
    const bool sequential = strcmp(network->class_name, "Sequential") == 0;
    while (*i < network->layer_count) {
        crn_layer *layer = network->layers[(*i)++];
        if (crn_layer_is_operation(layer) || (sequential && crn_layer_is_input(layer)))
            continue;
        return layer;
    }
    return NULL;
}

typedef struct walker {
    crn_saved_object_visit visit;
    void *context;
    crn_text path;
    const crn_layer_weight **weights; /* room for those of one object */
    size_t capacity;
    crn_error *err;
} walker;

/* ---- the objects of a layer ---- */

/* Does an earlier weight of the layer name the same object? */
static bool is_listed(const crn_layer *layer, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (layer->weights[k].object != NULL &&
            strcmp(layer->weights[k].object, layer->weights[i].object) == 0)
            return true;
    }
    return false;
}

static bool belongs(const crn_layer_weight *weight, const char *object)
{
    return object == NULL ? weight->object == NULL
                          : weight->object != NULL && strcmp(weight->object, object) == 0;
}

static crn_status list_weight(walker *w, const crn_layer_weight *weight, size_t *count)
{
    CRN_TRY(crn_grow((void **)&w->weights, &w->capacity, *count, sizeof *w->weights, w->err));
    w->weights[(*count)++] = weight;
    return CRN_OK;
}

/* Those that are trainable by nature first, then the others. */
static crn_status list_weights(walker *w, const crn_layer *layer, const char *object,
                               size_t *count)
{
    const crn_layer_weight *repeated = object == NULL && layer->type->repeated_weight != NULL
                                           ? layer->type->repeated_weight(layer)
                                           : NULL;
    *count = 0;
    if (object == NULL && layer->type->find_tracked != NULL)
        CRN_TRY(list_weight(w, layer->type->find_tracked(layer), count));
    for (int others = 0; others < 2; others++) {
        for (size_t i = 0; i < layer->weight_count; i++) {
            if (belongs(&layer->weights[i], object) &&
                layer->weights[i].trainable == (others == 0))
                CRN_TRY(list_weight(w, &layer->weights[i], count));
        }
    }
    return CRN_OK;
}

static crn_status visit_object(walker *w, const crn_layer *layer, const char *object)
{
    size_t count;
    CRN_TRY(list_weights(w, layer, object, &count));
    CRN_TRY(crn_text_status(&w->path, w->err));
    return w->visit(
        w->context,
        &(crn_saved_object){
            .path = w->path.data, .layer = layer, .weights = w->weights, .count = count},
        w->err);
}

/* ---- the walk ---- */

/* "base/name" for the time of one visit; *length is what to go back to. */
static void go_down(walker *w, const char *name, size_t *length)
{
    *length = w->path.size;
    crn_text_printf(&w->path, "%s%s", w->path.size > 0 ? "/" : "", name);
}

static void go_up(walker *w, size_t length)
{
    crn_text_truncate(&w->path, length);
}

static crn_status visit_network(walker *w, const crn_network *network);

/* As deep as layers are nested: CRN_DEEPEST_LAYER. */
static crn_status visit_layer(walker *w, const char *name, const crn_layer *layer)
{
    size_t length, inner;
    go_down(w, name, &length);
    CRN_TRY(visit_object(w, layer, NULL));
    for (size_t i = 0; i < layer->weight_count; i++) {
        if (layer->weights[i].object == NULL || is_listed(layer, i))
            continue;
        go_down(w, layer->weights[i].object, &inner);
        CRN_TRY(visit_object(w, layer, layer->weights[i].object));
        go_up(w, inner);
    }
    for (size_t i = 0; i < layer->child_count; i++)
        CRN_TRY(visit_layer(w, layer->children[i].path, layer->children[i].layer));
    if (layer->network != NULL)
        CRN_TRY(visit_network(w, layer->network));
    go_up(w, length);
    return CRN_OK;
}

/* How many of the layers before have the same class. */
static size_t count_before(const crn_network *network, const crn_layer *layer)
{
    size_t count = 0;
    const crn_layer *other;
    for (size_t i = 0; (other = crn_saved_layer_next(network, &i)) != layer;)
        count += other->type == layer->type;
    return count;
}

static const char *python_name(const crn_layer *layer)
{
    const crn_keras_class *cls = &layer->type->base;
    return cls->python_name != NULL ? cls->python_name : cls->name;
}

static crn_status visit_network(walker *w, const crn_network *network)
{
    size_t length;
    const crn_layer *layer;
    go_down(w, "layers", &length);
    for (size_t i = 0; (layer = crn_saved_layer_next(network, &i)) != NULL;) {
        const char *base = crn_snake_case(network->document, crn_layer_python_name(layer));
        const char *name = base != NULL ? crn_numbered_name(network->document, base,
                                                            count_before(network, layer))
                                        : NULL;
        if (name == NULL)
            return crn_arena_fail(network->document->arena, w->err);
        CRN_TRY(visit_layer(w, name, layer));
    }
    go_up(w, length);
    return CRN_OK;
}

crn_status crn_saved_objects_walk(const crn_network *network, crn_saved_object_visit visit,
                                  void *context, crn_error *err)
{
    walker w = {.visit = visit, .context = context, .path = CRN_TEXT_INIT, .err = err};
    crn_status status = visit_network(&w, network);
    crn_text_free(&w.path);
    free((void *)w.weights);
    return status;
}
