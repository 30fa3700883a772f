/* SPDX-License-Identifier: BSD-3-Clause */
/* A layer from a constructor call or from its record in a config of Keras 2 or 3. What is not
 * known is refused by name: no record may bring in code (keras/src/saving/serialization_lib.py,
 * 3.15, imports what a record's module says; nothing of that is done here). */
#include <stdlib.h>
#include <string.h>

#include "keras/dtype_policy.h"
#include "keras/layers/core/input_layer.h"
#include "keras/layers/layer.h"
#include "keras/models/nested.h"
#include "keras/operations/operation.h"
#include "model/expression.h"

/* ---- classes that are not ours ---- */

/* Where Keras itself keeps classes, in any of its versions. */
static bool is_keras_module(const char *module)
{
    static const char *const roots[] = {"keras", "tf_keras", "tensorflow.keras",
                                        "tensorflow.python.keras", "builtins"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        size_t size = strlen(roots[i]);
        if (strncmp(module, roots[i], size) == 0 &&
            (module[size] == '.' || module[size] == '\0'))
            return true;
    }
    return false;
}

static crn_status refuse_class(const char *name, crn_error *err)
{
    if (strcmp(name, "Lambda") == 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "a Lambda layer holds Python code, which is never run");
    return CRN_OK;
}

static crn_status refuse_foreign(const crn_object *record, crn_error *err)
{
    const char *name = crn_object_text(crn_object_get(record, "class_name"));
    const char *module = crn_object_text(crn_object_get(record, "module"));
    const char *registered = crn_object_text(crn_object_get(record, "registered_name"));
    if (name == NULL)
        return crn_fail(err, CRN_FORMAT, "a record of a layer has no class_name");
    if (registered != NULL && strchr(registered, '>') != NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "the layer '%s' is a user's own class",
                        registered);
    if (module != NULL && !is_keras_module(module))
        return crn_fail(err, CRN_UNSUPPORTED, "the layer '%s' is a user's own class of '%s'",
                        name, module);
    return refuse_class(name, err);
}

/* ---- options that no row names ---- */

/* Keys of older versions that change nothing in what is computed. */
static bool is_harmless(const char *key)
{
    static const char *const keys[] = {"input_shape", "input_dim",   "batch_input_shape",
                                       "ragged",      "sparse",      "implementation",
                                       "time_major",  "input_dtype", "autocast",
                                       "dynamic",     "fused"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i], key) == 0)
            return true;
    }
    return strncmp(key, "experimental", 12) == 0;
}

/* Nothing is asked for by None and False. */
static bool is_off(const crn_object *value)
{
    bool is = false;
    return value == NULL || crn_object_is_none(value) ||
           (crn_object_is(value, CRN_OBJ_BOOL) && crn_object_as_bool(value, &is) && !is);
}

static crn_status check_options(const crn_layer *layer, const crn_object *config,
                                crn_error *err)
{
    for (size_t i = 0; i < crn_object_length(config); i++) {
        const char *key = crn_object_text(config->as.items.at[2 * i]);
        const crn_object *value = config->as.items.at[2 * i + 1];
        if (key == NULL || is_harmless(key) ||
            crn_field_find(layer->type->base.fields, key) != NULL)
            continue;
        CRN_TRY(crn_layer_refuse(layer, key, value, err));
    }
    return CRN_OK;
}

crn_status crn_layer_refuse(const crn_layer *layer, const char *option, const crn_object *value,
                            crn_error *err)
{
    if (is_off(value))
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED, "%s: the option %s is not supported",
                    layer->type->base.name, option);
}

/* ---- values ---- */

crn_status crn_layer_slope(const crn_layer *layer, const char *option, const crn_object *value,
                           float *out, crn_error *err)
{
    double number;
    if (crn_object_is(value, CRN_OBJ_DICT))
        value = crn_object_get(value, "value");
    if (crn_object_is(value, CRN_OBJ_LIST) && crn_object_length(value) == 1)
        value = crn_object_item(value, 0);
    if (value == NULL || !crn_object_as_double(value, &number) || !(number >= 0.0))
        return crn_fail(err, CRN_ARGUMENT,
                        "%s of a %s layer cannot be None or a negative value.", option,
                        layer->type->base.name);
    *out = (float)number;
    return CRN_OK;
}

/* A word of a list that blanks separate. */
static bool is_among(const char *words, const char *word)
{
    const size_t size = strlen(word);
    for (const char *at = words; at != NULL && *at != '\0'; at += strcspn(at, " ")) {
        at += *at == ' ';
        if (strncmp(at, word, size) == 0 && (at[size] == ' ' || at[size] == '\0'))
            return true;
    }
    return false;
}

/* The precision that its policy asks for; dtypes that the class itself knows are no policies. */
static crn_status read_policy(crn_layer *layer, crn_error *err)
{
    const char *name = crn_dtype_policy_name(((crn_layer_config *)layer->config)->dtype);
    layer->compute = CRN_FLOAT32;
    if (crn_layer_is_input(layer) || name == NULL || is_among(layer->type->dtypes, name))
        return CRN_OK; /* an InputLayer's own check() knows more */
    const crn_dtype compute = crn_dtype_policy_compute(name);
    if (compute == CRN_NO_DTYPE || (compute == CRN_FLOAT64 && !layer->type->in_float64))
        return crn_fail(err, CRN_UNSUPPORTED, "%s: the dtype policy %s is not supported",
                        layer->type->base.name,
                        strcmp(name, "?") == 0 ? "of this record" : name);
    layer->compute = compute;
    return CRN_OK;
}

/* ---- reading ---- */

static crn_status settle(crn_layer *layer, const crn_object *object, crn_error *err)
{
    const crn_layer_config *config = layer->config;
    layer->name = config->name;
    layer->trainable = config->trainable;
    CRN_TRY(read_policy(layer, err));
    if (crn_object_is(object, CRN_OBJ_DICT))
        CRN_TRY(check_options(layer, crn_object_get(object, "config"), err));
    if (config->activity_regularizer != NULL)
        CRN_TRY(crn_regularizer_read(config->activity_regularizer, layer->document,
                                     &layer->activity_regularizer, err));
    return layer->type->check != NULL ? layer->type->check(layer, err) : CRN_OK;
}

/* A file cannot ask for a class by mistake as a person can: what it names and we do not have is
 * unsupported. */
static crn_status read_class(const crn_object *object, crn_document *document,
                             const crn_keras_class **cls, void **config, crn_error *err)
{
    crn_error why = CRN_ERROR_INIT;
    bool record = crn_object_is(object, CRN_OBJ_DICT);
    const char *name = crn_expression_name(object);
    if (record)
        CRN_TRY(refuse_foreign(object, err));
    else if (name != NULL)
        CRN_TRY(refuse_class(name, err));
    const bool operation = record && crn_is_operation_record(object);
    crn_status status = crn_keras_class_read(operation ? &crn_operations : &crn_layers, object,
                                             document, cls, config, &why);
    if (status == CRN_NOT_FOUND && record)
        status = why.code = CRN_UNSUPPORTED;
    if (status != CRN_OK && err != NULL && err->code == CRN_OK)
        *err = why;
    return status;
}

/* The record of a model, which is then a layer. */
static bool is_model(const crn_object *object)
{
    const char *name = crn_object_is(object, CRN_OBJ_DICT)
                           ? crn_object_text(crn_object_get(object, "class_name"))
                           : NULL;
    return name != NULL && crn_is_model_class(name);
}

crn_status crn_layer_read(const crn_object *object, crn_document *document, crn_layer **out,
                          crn_error *err)
{
    const crn_keras_class *cls;
    void *config = NULL;
    if (is_model(object)) {
        CRN_TRY(refuse_foreign(object, err));
        return crn_nested_model_read(object, document, out, err);
    }
    CRN_TRY(read_class(object, document, &cls, &config, err));
    crn_layer *layer = crn_calloc(1, sizeof *layer);
    if (layer == NULL) {
        free(config);
        return crn_no_memory(err);
    }
    layer->type = (const crn_layer_type *)cls; /* base is its first member */
    layer->config = config;
    layer->record = object;
    layer->document = crn_document_retain(document);
    crn_status status = settle(layer, object, err);
    if (status != CRN_OK) {
        crn_layer_destroy(layer);
        return status;
    }
    *out = layer;
    return CRN_OK;
}
