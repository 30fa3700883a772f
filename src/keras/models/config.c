/* SPDX-License-Identifier: BSD-3-Clause */
/* A network as its config record, in the spelling of Keras 2 or 3. Layers say what they are by
 * their rows; here is what a row's value looks like in JSON. Written is the oldest spelling of
 * a version, so that all later ones take it; CRN_KERAS_NEWEST alone has all keys that
 * Keras 3.15 writes. */
#include <stdio.h>
#include <string.h>

#include "keras/dtype_policy.h"
#include "keras/layers/core/input_layer.h"
#include "keras/models/functional.h"

typedef struct writer {
    const crn_network *network;
    crn_document *document;
    crn_keras_dialect dialect;
    int target;          /* the Keras that shall read it: 2, 3; 0: whichever wrote it */
    const char *version; /* whose rows are written */
    crn_error *err;
} writer;

static bool set(const writer *w, crn_object *dict, const char *key, crn_object *value)
{
    return crn_object_set(w->document, dict, key, value);
}

static crn_object *text(const writer *w, const char *string)
{
    return crn_object_str(w->document, string);
}

/* ---- records ---- */

/* {class_name, config}, in Keras 3 with module and registered_name. */
static crn_object *record(const writer *w, const char *module, const char *class_name,
                          crn_object *config)
{
    crn_object *out = crn_object_new(w->document, CRN_OBJ_DICT);
    const bool modern = w->dialect != CRN_KERAS_2;
    if (modern && !set(w, out, "module", text(w, module)))
        return NULL;
    bool made = set(w, out, "class_name", text(w, class_name)) && set(w, out, "config", config);
    if (made && modern)
        made = set(w, out, "registered_name", crn_object_none(w->document));
    return made ? out : NULL;
}

/* A record that an object's own writer made (Keras 3's form), in the dialect. */
static crn_object *rewrite(const writer *w, crn_object *made)
{
    if (made == NULL || w->dialect != CRN_KERAS_2)
        return made;
    return record(w, NULL, crn_object_text(crn_object_get(made, "class_name")),
                  crn_object_get(made, "config"));
}

/* By its name; Keras 2 takes that of a mixed one in a record alone. */
static crn_object *dtype_policy(const writer *w, const char *name)
{
    const bool keras_2_record = w->dialect == CRN_KERAS_2 && crn_dtype_policy_is_mixed(name);
    if (w->dialect != CRN_KERAS_NEWEST && !keras_2_record)
        return text(w, name);
    crn_object *config = crn_object_new(w->document, CRN_OBJ_DICT);
    if (!set(w, config, "name", text(w, name)))
        return NULL;
    return record(w, "keras", keras_2_record ? "Policy" : "DTypePolicy", config);
}

/* ---- objects inside a layer's config ---- */

static crn_object *initializer(const writer *w, const crn_object *given)
{
    crn_initializer read = {0};
    if (crn_initializer_read(given, w->document, &read, w->err) != CRN_OK)
        return NULL;
    crn_object *made = crn_initializer_write(&read, w->document);
    bool scaled = read.cls->mode != NULL || strcmp(read.cls->base.name, "VarianceScaling") == 0;
    if (made != NULL && scaled && w->dialect == CRN_KERAS_NEWEST) {
        crn_object *config = crn_object_get(made, "config");
        if (!set(w, config, "input_axes", crn_object_none(w->document)) ||
            !set(w, config, "output_axes", crn_object_none(w->document)))
            return NULL;
    }
    return rewrite(w, made);
}

static crn_object *regularizer(const writer *w, const crn_object *given)
{
    crn_regularizer read = {0};
    if (crn_regularizer_read(given, w->document, &read, w->err) != CRN_OK)
        return NULL;
    return rewrite(w, crn_regularizer_write(&read, w->document));
}

static crn_object *constraint(const writer *w, const crn_object *given)
{
    crn_constraint read = {0};
    if (crn_constraint_read(given, w->document, &read, w->err) != CRN_OK)
        return NULL;
    return rewrite(w, crn_constraint_write(&read, w->document));
}

/* A layer used as an activation: its class and the numbers of its config. */
static crn_object *activation_record(const writer *w, const crn_object *given)
{
    const crn_object *config = crn_object_get(given, "config");
    crn_object *numbers = crn_object_new(w->document, CRN_OBJ_DICT);
    for (size_t i = 0; i < crn_object_length(config); i++) {
        crn_object *value = config->as.items.at[2 * i + 1];
        double number;
        if (crn_object_as_double(value, &number) && !crn_object_is(value, CRN_OBJ_BOOL) &&
            !set(w, numbers, crn_object_text(config->as.items.at[2 * i]), value))
            return NULL;
    }
    return record(w, "keras.layers", crn_object_text(crn_object_get(given, "class_name")),
                  numbers);
}

/* What both versions call alike and compute alike, from keras/activations.py (2.15). */
static bool is_known_to_keras_2(const char *name)
{
    static const char *const names[] = {
        "elu",  "exponential", "gelu",     "hard_sigmoid", "leaky_relu", "linear",
        "mish", "log_softmax", "relu",     "relu6",        "selu",       "sigmoid",
        "silu", "softmax",     "softplus", "softsign",     "swish",      "tanh"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

/* The two definitions of hard_sigmoid have one name: the other version would read its own. */
static bool check_activation(const writer *w, const char *name)
{
    const int from = w->network->keras, to = w->target;
    if (to != 0 && to != from && strcmp(name, "hard_sigmoid") == 0) {
        crn_fail(
            w->err, CRN_UNSUPPORTED,
            "hard_sigmoid of Keras %d is another function than that of Keras %d: a file of "
            "Keras %d cannot say it",
            from, to, to);
        return false;
    }
    if (to != 2 || is_known_to_keras_2(name))
        return true;
    crn_fail(w->err, CRN_UNSUPPORTED, "Keras 2 has no activation %s", name);
    return false;
}

static crn_object *activation(const writer *w, const crn_object *given)
{
    const char *name = crn_object_text(given);
    if (crn_object_is(given, CRN_OBJ_DICT)) {
        name = crn_object_text(crn_object_get(given, "config")); /* a function's record */
        if (name == NULL)
            return activation_record(w, given);
    }
    if (name == NULL)
        name = "linear";
    return check_activation(w, name) ? text(w, name) : NULL;
}

/* Numbers that came as NumPy's, and axes that came as a list of one, as plain ones. */
static crn_object *plain(const writer *w, crn_object *given)
{
    if (crn_object_is(given, CRN_OBJ_DICT) && crn_object_get(given, "value") != NULL)
        given = crn_object_get(given, "value");
    if (crn_object_is(given, CRN_OBJ_GLOBAL))
        return text(w, crn_object_text(given->as.global.name));
    return given;
}

static bool ends_with(const char *name, const char *end)
{
    size_t size = strlen(name), length = strlen(end);
    return size >= length && strcmp(name + size - length, end) == 0;
}

static crn_object *layer_record(const writer *w, const crn_layer *layer);

static const crn_layer *child_read_from(const crn_layer *layer, const crn_object *record)
{
    for (size_t i = 0; i < layer->child_count; i++) {
        if (layer->children[i].layer->record == record)
            return layer->children[i].layer;
    }
    return NULL;
}

/* A layer in the config of another, or a list of them, in the dialect. *is: that is what
 * `given` is. As deep as layers are nested. */
static crn_object *child_records(const writer *w, const crn_layer *layer,
                                 const crn_object *given, bool *is)
{
    const crn_layer *child = child_read_from(layer, given);
    *is = child != NULL;
    if (*is)
        return layer_record(w, child);
    if (!crn_object_is(given, CRN_OBJ_LIST) ||
        child_read_from(layer, crn_object_item(given, 0)) == NULL)
        return NULL;
    *is = true;
    crn_object *out = crn_object_new(w->document, CRN_OBJ_LIST);
    for (size_t i = 0; i < crn_object_length(given); i++) {
        child = child_read_from(layer, crn_object_item(given, i));
        if (child == NULL || !crn_object_append(w->document, out, layer_record(w, child)))
            return NULL;
    }
    return out;
}

static crn_object *layer_policy(const writer *w, const crn_object *given)
{
    const char *name = crn_dtype_policy_name(given);
    return dtype_policy(w, name != NULL ? name : "float32");
}

static crn_object *object_value(const writer *w, const crn_layer *layer, const crn_field *field)
{
    bool is_child = false;
    crn_object *given = crn_field_value(field, layer->config, w->document);
    crn_object *children = child_records(w, layer, given, &is_child);
    if (is_child)
        return children;
    if (given == NULL || ends_with(field->name, "activation"))
        return given != NULL ? activation(w, given) : NULL;
    if (strcmp(field->name, "dtype") == 0)
        return crn_layer_is_input(layer) && !crn_object_is_none(given) ? given
                                                                       : layer_policy(w, given);
    if (crn_object_is_none(given))
        return given;
    if (ends_with(field->name, "_initializer"))
        return initializer(w, given);
    if (ends_with(field->name, "_regularizer"))
        return regularizer(w, given);
    if (ends_with(field->name, "_constraint"))
        return constraint(w, given);
    if (strcmp(field->name, "axis") == 0 && crn_object_length(given) == 1)
        return crn_object_item(given, 0);
    return plain(w, given);
}

/* ---- layers ---- */

static crn_object *field_value(const writer *w, const crn_layer *layer, const crn_field *field)
{
    if (strcmp(field->name, "name") == 0)
        return text(w, layer->name);
    if (strcmp(field->name, "trainable") == 0)
        return crn_object_bool(w->document, layer->trainable);
    if (field->type == CRN_FIELD_OBJECT)
        return object_value(w, layer, field);
    return crn_field_value(field, layer->config, w->document);
}

/* The key of a row in this version: its name, the old one where it was called otherwise, NULL
 * where it is not written. */
static const char *key_of(const writer *w, const crn_field *field)
{
    if (field->flags & CRN_FIELD_UNWRITTEN)
        return NULL;
    if (crn_field_in_version(field, w->version))
        return field->name;
    return field->since != NULL && strcmp(field->since, "3.0") == 0 ? field->old_names : NULL;
}

/* What a version cannot say but means all the same: seeds of what is identity at inference, and
 * the order of axes that is everybody's default. */
static bool is_harmless(const writer *w, const crn_layer *layer, const crn_field *field)
{
    if ((field->flags & CRN_FIELD_FOR_FIT) || strcmp(field->name, "seed") == 0 ||
        crn_field_is_default(field, layer->config, w->document))
        return true;
    return strcmp(field->name, "data_format") == 0 &&
           crn_object_is_str(crn_field_value(field, layer->config, w->document),
                             "channels_last");
}

/* An option that the dialect's oldest version does not have: Keras 3 gets it, and a newer one
 * then is needed; Keras 2 cannot say it. */
static bool check_option(const writer *w, const crn_layer *layer, const crn_field *field,
                         const char **key)
{
    if (*key != NULL || (field->flags & CRN_FIELD_UNWRITTEN) || is_harmless(w, layer, field))
        return true;
    if (w->dialect != CRN_KERAS_2 && field->until == NULL) {
        *key = field->name;
        return true;
    }
    crn_fail(w->err, CRN_UNSUPPORTED, "Keras %d cannot say the option %s of layer \"%s\" (%s)",
             w->dialect == CRN_KERAS_2 ? 2 : 3, field->name, layer->name,
             layer->type->base.name);
    return false;
}

/* A class that the dialect does not have. */
static bool check_class(const writer *w, const crn_layer *layer)
{
    const crn_keras_class *cls = &layer->type->base;
    const bool keras_2 = w->dialect == CRN_KERAS_2;
    if (keras_2 ? cls->since == NULL : cls->until == NULL)
        return true;
    crn_fail(w->err, CRN_UNSUPPORTED, "Keras %d has no layer %s (\"%s\")", keras_2 ? 2 : 3,
             cls->name, layer->name);
    return false;
}

/* Keras 3 leaves out an activity_regularizer of None. */
static bool is_left_out(const writer *w, const crn_layer *layer, const crn_field *field)
{
    const crn_layer_config *config = layer->config;
    return w->dialect != CRN_KERAS_2 && strcmp(field->name, "activity_regularizer") == 0 &&
           crn_object_is_none(config->activity_regularizer);
}

static crn_object *layer_config(const writer *w, const crn_layer *layer)
{
    crn_object *config = crn_object_new(w->document, CRN_OBJ_DICT);
    /* The name first, as people read it. */
    if (!set(w, config, "name", text(w, layer->name)))
        return NULL;
    for (const crn_field *field = layer->type->base.fields; field->name != NULL; field++) {
        const char *key = key_of(w, field);
        if (!check_option(w, layer, field, &key))
            return NULL;
        if (key == NULL || is_left_out(w, layer, field))
            continue;
        if (!set(w, config, key, field_value(w, layer, field)))
            return NULL;
    }
    return config;
}

/* {"input_shape": [None, 4]} */
static crn_object *build_config(const writer *w, const crn_type *input)
{
    crn_object *out = crn_object_new(w->document, CRN_OBJ_DICT);
    crn_object *shape = crn_input_layer_batch_shape(w->document, input);
    return set(w, out, "input_shape", shape) ? out : NULL;
}

static crn_object *model_record(const writer *w);

static crn_object *layer_record(const writer *w, const crn_layer *layer)
{
    const crn_keras_class *cls = &layer->type->base;
    if (layer->network != NULL) {
        writer inner = *w;
        inner.network = layer->network;
        return model_record(&inner);
    }
    crn_object *config = check_class(w, layer) ? layer_config(w, layer) : NULL;
    crn_object *out = config != NULL ? record(w, cls->module, cls->name, config) : NULL;
    if (out == NULL || w->dialect == CRN_KERAS_2 || !layer->built || layer->n_in != 1 ||
        !layer->type->built_by_call)
        return out;
    return set(w, out, "build_config", build_config(w, &layer->input)) ? out : NULL;
}

/* In a Functional model with its calls. */
static crn_object *connected_record(const writer *w, const crn_layer *layer)
{
    crn_object *out = layer_record(w, layer);
    if (out == NULL || !crn_network_is_functional(w->network))
        return out;
    return crn_functional_write_layer(w->network, layer, w->dialect, w->document, out) ? out
                                                                                       : NULL;
}

/* ---- the model ---- */

static crn_object *layer_records(const writer *w)
{
    crn_object *layers = crn_object_new(w->document, CRN_OBJ_LIST);
    for (size_t i = 0; i < w->network->layer_count; i++) {
        const crn_layer *layer = w->network->layers[i];
        if (!crn_object_append(w->document, layers, connected_record(w, layer))) {
            crn_where(w->err, "layers[%s]", layer->name);
            return NULL;
        }
    }
    return layers;
}

/* What Sequential and Functional have in their configs beside name and layers. */
static bool set_inputs(const writer *w, crn_object *config)
{
    const crn_network *network = w->network;
    if (crn_network_is_functional(network))
        return crn_functional_write_ports(network, w->dialect, w->document, config);
    if (w->dialect == CRN_KERAS_2 || !network->built)
        return true;
    return set(w, config, "build_input_shape",
               crn_input_layer_batch_shape(w->document, crn_network_input_type(network, 0)));
}

static crn_object *model_config(const writer *w)
{
    const bool functional = crn_network_is_functional(w->network);
    crn_object *config = crn_object_new(w->document, CRN_OBJ_DICT);
    bool made = set(w, config, "name", text(w, w->network->name));
    if (made && w->dialect != CRN_KERAS_2)
        made = set(w, config, "trainable", crn_object_bool(w->document, true)) &&
               (functional || set(w, config, "dtype", dtype_policy(w, "float32")));
    made = made && set(w, config, "layers", layer_records(w)) && set_inputs(w, config);
    return made ? config : NULL;
}

/* Keras 3 finds Functional in its own module, under a registered name. */
static crn_object *model_record(const writer *w)
{
    const crn_network *network = w->network;
    const bool functional = crn_network_is_functional(network);
    crn_object *config = model_config(w);
    crn_object *out = config != NULL
                          ? record(w, functional ? "keras.src.models.functional" : "keras",
                                   network->class_name, config)
                          : NULL;
    if (out == NULL || w->dialect == CRN_KERAS_2)
        return out;
    if (functional && !set(w, out, "registered_name", text(w, network->class_name)))
        return NULL;
    if (functional)
        return out;
    if (network->built &&
        !set(w, out, "build_config", build_config(w, crn_network_input_type(network, 0))))
        return NULL;
    return out;
}

crn_object *crn_network_config(const crn_network *network, crn_document *document,
                               crn_keras_dialect dialect, int target, crn_error *err)
{
    static const char *const versions[] = {
        [CRN_KERAS_2] = "2.4", [CRN_KERAS_3] = "3.0", [CRN_KERAS_NEWEST] = "3.15"};
    crn_error why = CRN_ERROR_INIT;
    const writer w = {.network = network,
                      .document = document,
                      .dialect = dialect,
                      .target = target == 0 && dialect != CRN_KERAS_2 ? 3 : target,
                      .version = versions[dialect],
                      .err = &why};
    crn_object *out = model_record(&w);
    if (out == NULL && why.code == CRN_OK)
        crn_arena_fail(document->arena, &why);
    if (out == NULL && err != NULL && err->code == CRN_OK)
        *err = why;
    return out;
}
