/* SPDX-License-Identifier: BSD-3-Clause */
/* A compilation as files keep it: compile_config of Keras 3's records, training_config of the
 * legacy HDF5 files. */
#include <stdlib.h>
#include <string.h>

#include "keras/models/network.h"

static const char *class_of(const crn_object *record)
{
    return crn_object_text(crn_object_get(record, "class_name"));
}

/* {class_name, config}, as Keras 2 writes and Keras 3 takes in legacy files. */
static crn_object *plain_record(crn_document *document, const char *class_name,
                                crn_object *config)
{
    crn_object *record = crn_object_new(document, CRN_OBJ_DICT);
    bool made =
        crn_object_set(document, record, "class_name", crn_object_str(document, class_name)) &&
        crn_object_set(document, record, "config", config);
    return made ? record : NULL;
}

/* ---- optimizer ---- */

static bool is_one_of(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        if (strcmp(key, *keys) == 0)
            return true;
    }
    return false;
}

/* Does it need what the optimizers before Keras 2.11 do not have? */
static bool is_modern(const crn_optimizer *optimizer)
{
    const crn_optimizer_config *config = crn_optimizer_config_of(optimizer);
    bool decays = config->weight_decay != NULL && !crn_object_is_none(config->weight_decay);
    return decays || config->use_ema ||
           crn_optimizer_class_of(optimizer) == &crn_optimizer_AdamW;
}

/* The config with the keys that the optimizers of Keras 2 take: up to 2.10, which 2.11 to 2.15
 * call legacy, unless it needs the newer ones. */
static crn_object *config_for_keras_2(crn_document *document, const crn_object *config,
                                      const char *class_name, bool modern)
{
    static const char *const newer[] = {"loss_scale_factor", "gradient_accumulation_steps",
                                        NULL};
    static const char *const modern_only[] = {"weight_decay", "use_ema", "ema_momentum",
                                              "ema_overwrite_frequency", NULL};
    crn_object *out = crn_object_new(document, CRN_OBJ_DICT);
    if (!crn_object_set(document, out, "name", crn_object_str(document, class_name)))
        return NULL;
    for (size_t i = 0; i < crn_object_length(config); i++) {
        crn_object *value = config->as.items.at[2 * i + 1];
        const char *key = crn_object_text(config->as.items.at[2 * i]);
        bool left_out = strcmp(key, "name") == 0 || is_one_of(key, newer);
        if (!modern)
            left_out = left_out || is_one_of(key, modern_only) || crn_object_is_none(value);
        if (!left_out && !crn_object_set(document, out, key, value))
            return NULL;
    }
    if (!modern)
        return out;
    bool made =
        crn_object_set(document, out, "jit_compile", crn_object_bool(document, false)) &&
        crn_object_set(document, out, "is_legacy_optimizer", crn_object_bool(document, false));
    return made ? out : NULL;
}

/* Keras 2.11 to 2.15 register their newer optimizers as "Custom>Adam". Keras 3 does not take
 * the configs of those: from such a name it makes the optimizer with its defaults. */
static const char *modern_name(crn_document *document, const char *name)
{
    crn_text text = CRN_TEXT_INIT;
    crn_text_printf(&text, "Custom>%s", name);
    const char *kept = crn_text_status(&text, NULL) == CRN_OK
                           ? crn_arena_text(document->arena, text.data, text.size)
                           : NULL;
    crn_text_free(&text);
    return kept;
}

static crn_object *optimizer_for(const crn_optimizer *optimizer, crn_document *document,
                                 crn_keras_dialect dialect)
{
    crn_object *record = crn_optimizer_write(optimizer, document);
    if (record == NULL || dialect != CRN_KERAS_2)
        return record;
    const char *name = crn_optimizer_class_of(optimizer)->base.name;
    const bool modern = is_modern(optimizer);
    crn_object *config =
        config_for_keras_2(document, crn_object_get(record, "config"), name, modern);
    if (modern)
        name = modern_name(document, name);
    return name != NULL ? plain_record(document, name, config) : NULL;
}

/* ---- loss and metrics ---- */

/* The arguments that differ from their defaults, by name: what every version takes. */
static crn_object *changed_config(const crn_keras_class *cls, const void *config,
                                  crn_document *document)
{
    crn_object *call = crn_fields_expression(cls->fields, config, cls->name, document);
    return call != NULL ? call->as.instance->kwargs : NULL;
}

static crn_object *keras_3_record(crn_document *document, const crn_keras_class *cls,
                                  crn_object *config)
{
    crn_object *record = crn_object_new(document, CRN_OBJ_DICT);
    bool made =
        crn_object_set(document, record, "module", crn_object_str(document, cls->module)) &&
        crn_object_set(document, record, "class_name", crn_object_str(document, cls->name)) &&
        crn_object_set(document, record, "config", config) &&
        crn_object_set(document, record, "registered_name", crn_object_none(document));
    return made ? record : NULL;
}

static crn_object *loss_for(const crn_compilation *compiled, crn_document *document,
                            crn_keras_dialect dialect)
{
    const crn_keras_class *cls;
    void *config = NULL;
    const char *name = crn_object_text(compiled->loss_object);
    if (name != NULL)
        return crn_object_str(document, name);
    if (crn_keras_class_read(&crn_losses, compiled->loss_object, document, &cls, &config,
                             NULL) != CRN_OK)
        return NULL;
    crn_object *changed = changed_config(cls, config, document);
    free(config);
    return dialect == CRN_KERAS_2 ? plain_record(document, cls->name, changed)
                                  : keras_3_record(document, cls, changed);
}

/* "accuracy" as the class that it means beside this loss. Keras 2 takes the bare name in a file
 * for the plain comparison of labels with outputs, and Keras 3 cannot call the function that
 * Keras 2 writes instead; both take a record of the class, and the name in logs stays. NULL:
 * the loss does not tell. */
static crn_object *accuracy_record(const crn_compilation *compiled, crn_document *document,
                                   const char *name)
{
    const crn_metric_class *cls = NULL;
    if (compiled->loss.attributes.kind == CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY)
        cls = &crn_metric_SparseCategoricalAccuracy;
    else if (compiled->loss.attributes.kind == CRN_LOSS_CATEGORICAL_CROSSENTROPY)
        cls = &crn_metric_CategoricalAccuracy;
    else if (compiled->loss.attributes.kind == CRN_LOSS_BINARY_CROSSENTROPY)
        cls = &crn_metric_BinaryAccuracy;
    if (cls == NULL)
        return NULL;
    crn_object *config = crn_object_new(document, CRN_OBJ_DICT);
    bool made = crn_object_set(document, config, "name", crn_object_str(document, name)) &&
                crn_object_set(document, config, "dtype", crn_object_str(document, "float32"));
    return made ? plain_record(document, cls->base.name, config) : NULL;
}

/* A name in full, a record without what Keras 2 does not know. */
static crn_object *metric_for_keras_2(const crn_compilation *compiled, crn_document *document,
                                      crn_object *metric)
{
    const char *name = crn_object_text(metric);
    if (name == NULL)
        return plain_record(document, class_of(metric), crn_object_get(metric, "config"));
    if (strcmp(name, "accuracy") == 0 || strcmp(name, "acc") == 0) {
        crn_object *record = accuracy_record(compiled, document, name);
        return record != NULL ? record : metric;
    }
    const crn_keras_class *cls = crn_keras_class_find(&crn_metrics, name);
    return cls != NULL ? crn_object_str(document, ((const crn_metric_class *)cls)->function)
                       : metric;
}

static crn_object *metrics_for(const crn_compilation *compiled, crn_document *document,
                               crn_keras_dialect dialect)
{
    if (compiled->metric_count == 0)
        return crn_object_none(document);
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    for (size_t i = 0; i < compiled->metric_count; i++) {
        crn_object *metric = crn_metric_write(compiled->metrics[i], document);
        if (metric != NULL && dialect == CRN_KERAS_2)
            metric = metric_for_keras_2(compiled, document, metric);
        if (!crn_object_append(document, list, metric))
            return NULL;
    }
    return list;
}

/* ---- the whole ---- */

static crn_object *make(const crn_compilation *compiled, crn_document *document,
                        crn_keras_dialect dialect)
{
    const bool old = dialect == CRN_KERAS_2;
    crn_object *config = crn_object_new(document, CRN_OBJ_DICT);
    bool made =
        crn_object_set(document, config, old ? "optimizer_config" : "optimizer",
                       optimizer_for(compiled->optimizer, document, dialect)) &&
        crn_object_set(document, config, "loss", loss_for(compiled, document, dialect)) &&
        crn_object_set(document, config, "loss_weights", crn_object_none(document)) &&
        crn_object_set(document, config, "metrics", metrics_for(compiled, document, dialect)) &&
        crn_object_set(document, config, "weighted_metrics", crn_object_none(document));
    if (made && !old)
        made =
            crn_object_set(document, config, "run_eagerly", crn_object_bool(document, false)) &&
            crn_object_set(document, config, "steps_per_execution",
                           crn_object_int(document, 1)) &&
            crn_object_set(document, config, "jit_compile", crn_object_bool(document, false));
    return made ? config : NULL;
}

crn_object *crn_network_compile_config(const crn_network *network, crn_document *document,
                                       crn_keras_dialect dialect, crn_error *err)
{
    crn_object *config;
    if (network->compiled.loss.cls != NULL)
        config = make(&network->compiled, document, dialect);
    else if (dialect == CRN_KERAS_NEWEST)
        config = crn_object_new(document, CRN_OBJ_DICT);
    else
        config = crn_object_none(document);
    if (config == NULL)
        crn_arena_fail(document->arena, err);
    return config;
}
