/* SPDX-License-Identifier: BSD-3-Clause */
/* Finding, reading and writing the small objects of Keras
 * (keras/src/saving/serialization_lib.py, 3.15, and the records of Keras 2). */
#include "keras/keras_class.h"

#include <stdlib.h>
#include <string.h>

#include "model/expression.h"

/* ---- names ---- */

/* Is `name` one of the words of `list`? */
static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    while (list != NULL && *list != '\0') {
        size_t word = strcspn(list, " ");
        if (word == length && memcmp(list, name, word) == 0)
            return true;
        list += word + strspn(list + word, " ");
    }
    return false;
}

const crn_keras_class *crn_keras_class_find(const crn_keras_kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->count; i++) {
        const crn_keras_class *cls = kind->classes[i];
        if (strcmp(cls->name, name) == 0 || is_listed(cls->other_names, name))
            return cls;
    }
    return NULL;
}

static const char *name_at(const void *context, size_t i)
{
    const crn_keras_kind *kind = context;
    return kind->classes[i]->name;
}

/* Keras 2.11 to 2.15 put its own optimizers under "Custom>"; any other package is a user's. */
static crn_status find(const crn_keras_kind *kind, const char *name,
                       const crn_keras_class **cls, crn_error *err)
{
    if (strncmp(name, "Custom>", 7) == 0)
        name += 7;
    if (strchr(name, '>') != NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "the %s '%s' is a user's own class", kind->noun,
                        name);
    *cls = crn_keras_class_find(kind, name);
    if (*cls != NULL)
        return CRN_OK;
    const char *near = crn_nearest_name(name, kind->count, name_at, kind);
    if (near != NULL)
        return crn_fail(err, CRN_NOT_FOUND, "Unknown %s: '%s'. Did you mean '%s'?", kind->noun,
                        name, near);
    return crn_fail(err, CRN_NOT_FOUND, "Unknown %s: '%s'", kind->noun, name);
}

/* ---- reading ---- */

/* The three spellings, told apart: a name alone, a name and a call, or a name and a config. */
typedef struct spelling {
    const char *name;
    const crn_object *call, *config;
} spelling;

static crn_status spell_record(const crn_keras_kind *kind, const crn_object *record,
                               spelling *out, crn_error *err)
{
    const crn_object *config = crn_object_get(record, "config");
    out->name = crn_object_text(crn_object_get(record, "class_name"));
    if (out->name == NULL)
        return crn_fail(err, CRN_FORMAT, "a record of a %s has no class_name", kind->noun);
    if (strcmp(out->name, "function") == 0 && crn_object_text(config) != NULL) {
        out->name = crn_object_text(config); /* Keras 3's record of a built-in function */
        return CRN_OK;
    }
    if (config != NULL && !crn_object_is_none(config) && !crn_object_is(config, CRN_OBJ_DICT))
        return crn_fail(err, CRN_FORMAT, "the config of the %s '%s' is not a dict", kind->noun,
                        out->name);
    out->config = crn_object_is(config, CRN_OBJ_DICT) ? config : NULL;
    return CRN_OK;
}

static crn_status spell(const crn_keras_kind *kind, const crn_object *object, spelling *out,
                        crn_error *err)
{
    *out = (spelling){0};
    if (crn_object_is(object, CRN_OBJ_DICT))
        return spell_record(kind, object, out, err);
    out->name = crn_object_text(object);
    if (out->name != NULL)
        return CRN_OK;
    out->name = crn_expression_name(object);
    if (out->name == NULL)
        return crn_fail(err, CRN_ARGUMENT, "Could not interpret %s identifier: a %s",
                        kind->noun, crn_object_kind_name(object));
    if (crn_object_is(object, CRN_OBJ_INSTANCE))
        out->call = object;
    return CRN_OK;
}

static crn_status fill(const spelling *from, const crn_keras_class *cls, crn_document *document,
                       void *config, crn_error *err)
{
    crn_field_context context = {.document = document, .class_name = cls->name};
    bool fitted = false;
    CRN_TRY(crn_fields_default(cls->fields, config, &context, err));
    if (from->call != NULL)
        CRN_TRY(crn_fields_from_call(cls->fields, config, from->call, &context, err));
    else if (from->config != NULL)
        CRN_TRY(crn_fields_read(cls->fields, config, from->config, &context, &fitted, err));
    return cls->check != NULL ? cls->check(config, err) : CRN_OK;
}

crn_status crn_keras_class_read(const crn_keras_kind *kind, const crn_object *object,
                                crn_document *document, const crn_keras_class **cls,
                                void **config, crn_error *err)
{
    spelling from;
    CRN_TRY(spell(kind, object, &from, err));
    CRN_TRY(find(kind, from.name, cls, err));
    *config = crn_calloc(1, (*cls)->size);
    if (*config == NULL)
        return crn_no_memory(err);
    crn_status status = fill(&from, *cls, document, *config, err);
    if (status != CRN_OK) {
        free(*config);
        *config = NULL;
    }
    return status;
}

/* ---- writing ---- */

crn_object *crn_keras_class_write(const crn_keras_class *cls, const void *config,
                                  crn_document *document)
{
    crn_object *record = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *values = crn_object_new(document, CRN_OBJ_DICT);
    for (const crn_field *field = cls->fields; field->name != NULL; field++) {
        if (field->until == NULL && !crn_object_set(document, values, field->name,
                                                    crn_field_value(field, config, document)))
            return NULL;
    }
    bool done =
        crn_object_set(document, record, "module", crn_object_str(document, cls->module)) &&
        crn_object_set(document, record, "class_name", crn_object_str(document, cls->name)) &&
        crn_object_set(document, record, "config", values) &&
        crn_object_set(document, record, "registered_name", crn_object_none(document));
    return done ? record : NULL;
}

double crn_keras_number(const crn_object *object, double otherwise)
{
    double value;
    return object != NULL && crn_object_as_double(object, &value) ? value : otherwise;
}
