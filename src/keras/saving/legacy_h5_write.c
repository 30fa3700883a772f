/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing the legacy layout in the spelling that every Keras from 2.4 to 3.15 reads: names as
 * Keras 2 gives them ("dense/kernel:0"), lists of names of fixed length
 * (keras/src/saving/legacy/hdf5_format.py, 2.15). */
#include <stdlib.h>
#include <string.h>

#include "keras/saving/legacy_h5.h"
#include "keras/saving/names.h"

/* ---- lists of names ---- */

/* Names as they are made: one text, NUL after each, and where each begins. */
typedef struct made_names {
    crn_text text;
    size_t *begin;
    size_t count, capacity;
} made_names;

static void free_names(made_names *names)
{
    crn_text_free(&names->text);
    free(names->begin);
}

/* The name that was appended to the text since the last call. */
static crn_status end_name(made_names *names, size_t begin, crn_error *err)
{
    crn_text_add_char(&names->text, '\0');
    CRN_TRY(crn_text_status(&names->text, err));
    CRN_TRY(crn_grow((void **)&names->begin, &names->capacity, names->count,
                     sizeof *names->begin, err));
    names->begin[names->count++] = begin;
    return CRN_OK;
}

static const char *last_name(const made_names *names)
{
    return names->text.data + names->begin[names->count - 1];
}

static crn_status write_names(crn_h5 *h5, crn_h5_node *group, const char *attribute,
                              const made_names *names, crn_error *err)
{
    const char **at = crn_calloc(names->count, sizeof *at);
    if (at == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < names->count; i++)
        at[i] = names->text.data + names->begin[i];
    crn_status status = crn_h5_set_names(h5, group, attribute, at, names->count, err);
    free(at);
    return status;
}

/* ---- weights ---- */

/* "dense/kernel:0", "lstm/lstm_cell/kernel:0": the layers around the weight from the outermost
 * of the group on, as deep as layers are nested. False: it is not in that layer. */
static bool add_layer_path(const crn_layer *layer, const crn_layer *of, crn_text *out)
{
    const size_t size = out->size;
    crn_text_printf(out, "%s/", layer->name);
    if (layer == of)
        return true;
    for (size_t i = 0; i < layer->child_count; i++) {
        if (add_layer_path(layer->children[i].layer, of, out))
            return true;
    }
    /* The layers of a model inside stand under their own names alone. */
    crn_text_truncate(out, size);
    for (size_t i = 0; layer->network != NULL && i < layer->network->layer_count; i++) {
        if (add_layer_path(layer->network->layers[i], of, out))
            return true;
    }
    return false;
}

static void add_weight_name(const crn_network *network, const crn_layer *outer, size_t i,
                            crn_text *out)
{
    crn_layer *layer;
    const crn_layer_weight *weight = crn_network_weight(network, i, &layer);
    add_layer_path(outer, layer, out);
    crn_text_printf(out, "%s%s%s:0", weight->scope != NULL ? weight->scope : "",
                    weight->scope != NULL ? "/" : "", weight->name);
}

static crn_status write_layer(crn_h5 *h5, crn_h5_node *group, const crn_network *network,
                              const crn_layer *layer, crn_error *err)
{
    crn_status status = CRN_OK;
    made_names names = {.count = 0};
    size_t *weights = NULL, count;
    CRN_TRY_OR_DONE(crn_saved_weights(network, layer, &weights, &count, err));
    for (size_t k = 0; k < count; k++) {
        const size_t begin = names.text.size;
        add_weight_name(network, layer, weights[k], &names.text);
        CRN_TRY_OR_DONE(end_name(&names, begin, err));
        CRN_TRY_OR_DONE(crn_h5_dataset(h5, group, last_name(&names),
                                       &crn_network_weight(network, weights[k], NULL)->array,
                                       NULL, err));
    }
    CRN_TRY_OR_DONE(write_names(h5, group, "weight_names", &names, err));
done:
    free_names(&names);
    free(weights);
    return status;
}

static crn_status write_layers(crn_h5 *h5, crn_h5_node *group, const crn_network *network,
                               made_names *names, crn_error *err)
{
    crn_layer *layer;
    for (size_t i = 0; (layer = crn_saved_layer_next(network, &i)) != NULL;) {
        crn_h5_node *layer_group;
        const size_t begin = names->text.size;
        crn_text_add_string(&names->text, layer->name);
        CRN_TRY(end_name(names, begin, err));
        CRN_TRY(crn_h5_group(h5, group, layer->name, &layer_group, err));
        CRN_TRY(write_layer(h5, layer_group, network, layer, err));
    }
    return write_names(h5, group, "layer_names", names, err);
}

crn_status crn_legacy_h5_write_weights(crn_h5 *h5, crn_h5_node *group,
                                       const crn_network *network, const char *keras_version,
                                       crn_error *err)
{
    static const char backend[] = "tensorflow";
    crn_h5_node *top;
    made_names names = {.count = 0};
    crn_status status = write_layers(h5, group, network, &names, err);
    free_names(&names);
    CRN_TRY(status);
    CRN_TRY(crn_h5_set_text(h5, group, "backend", backend, strlen(backend), false, err));
    CRN_TRY(crn_h5_set_text(h5, group, "keras_version", keras_version, strlen(keras_version),
                            false, err));
    CRN_TRY(crn_h5_group(h5, group, "top_level_model_weights", &top, err));
    return crn_h5_set_names(h5, top, "weight_names", NULL, 0, err);
}

/* ---- optimizer ---- */

/* What Keras 2 calls a slot: "m" for Adam's momentum. */
static const char *slot_name(const crn_optimizer *optimizer, crn_optimizer_layout layout,
                             const char *slot)
{
    static const char *const short_names[][2] = {
        {"momentum", "m"}, {"velocity", "v"}, {"velocity_hat", "vhat"}};
    static const char *const legacy_rmsprop[][2] = {
        {"velocity", "rms"}, {"momentum", "momentum"}, {"average_gradient", "mg"}};
    const crn_optimizer_class *cls = crn_optimizer_class_of(optimizer);
    const bool rmsprop = cls == &crn_optimizer_RMSprop;
    if (layout == CRN_OPTIMIZER_KERAS_3 || (rmsprop && layout == CRN_OPTIMIZER_KERAS_2_11) ||
        (cls == &crn_optimizer_SGD && layout == CRN_OPTIMIZER_KERAS_2))
        return slot;
    for (size_t i = 0; i < 3; i++) {
        const char *const *pair = rmsprop ? legacy_rmsprop[i] : short_names[i];
        if (strcmp(pair[0], slot) == 0)
            return pair[1];
    }
    return slot;
}

/* The weight that the optimizer's w-th trainable weight is. */
static const crn_layer_weight *trainable_weight(const crn_network *network, int64_t w,
                                                crn_layer **layer)
{
    for (size_t i = 0; i < network->weight_count; i++) {
        const crn_layer_weight *weight = crn_network_weight(network, i, layer);
        if (weight->learns && w-- == 0)
            return weight;
    }
    return NULL;
}

/* The name of a variable as its generation gives it. */
static void add_variable_name(const crn_network *network, crn_optimizer_layout layout,
                              const char *slot, int64_t w, crn_text *out)
{
    const crn_optimizer *optimizer = network->compiled.optimizer;
    const char *prefix = layout == CRN_OPTIMIZER_KERAS_3
                             ? crn_optimizer_class_of(optimizer)->snake_name
                             : crn_optimizer_class_of(optimizer)->base.name;
    crn_layer *layer = NULL;
    const crn_layer_weight *weight = trainable_weight(network, w, &layer);
    const char *name = slot_name(optimizer, layout, slot);
    if (layout == CRN_OPTIMIZER_KERAS_3 && weight != NULL)
        crn_text_printf(out, "%s/%s_%s_%s_%s", prefix, network->name, layer->name, weight->name,
                        name);
    else if (layout == CRN_OPTIMIZER_KERAS_3)
        crn_text_printf(out, "%s/%s", prefix, name);
    else if (layout == CRN_OPTIMIZER_KERAS_2_11 && weight != NULL)
        crn_text_printf(out, "%s/%s/%s/%s:0", prefix, name, layer->name, weight->name);
    else if (layout == CRN_OPTIMIZER_KERAS_2_11)
        crn_text_add_string(out, "iteration:0");
    else if (weight != NULL)
        crn_text_printf(out, "%s/%s/%s/%s:0", prefix, layer->name, weight->name, name);
    else
        crn_text_printf(out, "%s/iter:0", prefix);
}

/* Which variable stands at each of the layout's places, and how many arrays of padding follow.
 * *order is for free(). */
static crn_status order_variables(const crn_network *network, crn_optimizer_layout layout,
                                  size_t **order, size_t *count, size_t *padding,
                                  crn_error *err)
{
    crn_optimizer *optimizer = network->compiled.optimizer;
    const size_t variables = crn_optimizer_variable_count(optimizer);
    CRN_TRY(crn_optimizer_state_padding(network, layout, padding, err));
    int64_t *places = crn_calloc(variables, sizeof *places);
    *order = crn_calloc(variables, sizeof **order);
    if (places == NULL || *order == NULL) {
        free(places);
        free(*order);
        return crn_no_memory(err);
    }
    *count = crn_optimizer_state_places(optimizer, layout, places);
    for (size_t i = 0; i < variables; i++) {
        if (places[i] >= 0)
            (*order)[places[i]] = i;
    }
    free(places);
    return CRN_OK;
}

static crn_status write_variable(crn_h5 *h5, crn_h5_node *group, const crn_array *array,
                                 made_names *names, size_t begin, crn_error *err)
{
    CRN_TRY(end_name(names, begin, err));
    return crn_h5_dataset(h5, group, last_name(names), array, NULL, err);
}

/* Zeros for the w-th trainable weight, where Keras 2.11 to 2.15 expect a momentum. */
static crn_status write_padding(crn_h5 *h5, crn_h5_node *group, const crn_network *network,
                                size_t w, made_names *names, crn_error *err)
{
    crn_layer *layer;
    crn_array zeros = CRN_ARRAY_INIT;
    const size_t begin = names->text.size;
    const crn_array *like = &trainable_weight(network, (int64_t)w, &layer)->array;
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, like->ndim, like->shape, &zeros, err));
    add_variable_name(network, CRN_OPTIMIZER_KERAS_2_11, "momentum", (int64_t)w, &names->text);
    crn_status status = write_variable(h5, group, &zeros, names, begin, err);
    crn_array_free(&zeros);
    return status;
}

crn_status crn_legacy_h5_write_optimizer(crn_h5 *h5, const crn_network *network,
                                         crn_optimizer_layout layout, crn_error *err)
{
    crn_optimizer *optimizer = network->compiled.optimizer;
    crn_h5_node *group;
    made_names names = {.count = 0};
    size_t *order = NULL, count = 0, padding = 0;
    crn_status status = CRN_OK;
    if (optimizer == NULL || !crn_optimizer_is_built(optimizer))
        return CRN_OK;
    CRN_TRY(order_variables(network, layout, &order, &count, &padding, err));
    CRN_TRY_OR_DONE(crn_h5_group(h5, crn_h5_root(h5), "optimizer_weights", &group, err));
    for (size_t i = 0; i < count; i++) {
        const crn_optimizer_variable variable = crn_optimizer_variable_at(optimizer, order[i]);
        const size_t begin = names.text.size;
        add_variable_name(network, layout, variable.slot, variable.weight, &names.text);
        CRN_TRY_OR_DONE(write_variable(h5, group, variable.array, &names, begin, err));
    }
    for (size_t w = 0; w < padding; w++)
        CRN_TRY_OR_DONE(write_padding(h5, group, network, w, &names, err));
    CRN_TRY_OR_DONE(write_names(h5, group, "weight_names", &names, err));
done:
    free_names(&names);
    free(order);
    return status;
}
