/* SPDX-License-Identifier: BSD-3-Clause */
/* The callbacks of a fit: parsed from text, called in turn
 * (keras/src/callbacks/callback_list.py, 3.15). */
#include "keras/callbacks/callback.h"

#include <stdlib.h>
#include <string.h>

#include "model/expression.h"

static const crn_keras_class *const classes[] = {
#define CRN_CALLBACK(name) &crn_callback_##name.base,
#include "keras/callbacks/callbacks.def"
#undef CRN_CALLBACK
};

const crn_keras_kind crn_callback_kind = {
    .noun = "callback", .classes = classes, .count = sizeof classes / sizeof *classes};

/* ---- logs ---- */

static int find_log(const crn_logs *logs, const char *name)
{
    for (int i = 0; i < logs->count; i++) {
        if (strcmp(logs->names[i], name) == 0)
            return i;
    }
    return -1;
}

bool crn_logs_get(const crn_logs *logs, const char *name, double *out)
{
    int i = find_log(logs, name);
    if (i >= 0)
        *out = logs->values[i];
    return i >= 0;
}

void crn_logs_set(crn_logs *logs, const char *name, double value)
{
    int i = find_log(logs, name);
    if (i < 0 && logs->count == logs->capacity)
        return;
    if (i < 0)
        i = logs->count++;
    logs->names[i] = name;
    logs->values[i] = value;
}

void crn_logs_list(const crn_logs *logs, const char *separator, crn_text *out)
{
    for (int i = 0; i < logs->count; i++)
        crn_text_printf(out, "%s%s", i > 0 ? separator : "", logs->names[i]);
}

/* ---- parsing ---- */

static crn_status add_callback(crn_callbacks *list, const crn_object *object, crn_error *err)
{
    void *grown = list->at;
    crn_status status = crn_grow(&grown, &list->capacity, list->count, sizeof *list->at, err);
    list->at = grown;
    CRN_TRY(status);
    const crn_keras_class *cls;
    void *self;
    CRN_TRY(crn_keras_class_read(&crn_callback_kind, object, list->document, &cls, &self, err));
    list->at[list->count++] =
        (crn_callback){.cls = (const crn_callback_class *)cls, .self = self};
    return CRN_OK;
}

static bool is_list(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

/* "A(), B()" stands in a list of ours, in which one of the user's may stand. */
static crn_status add_all(crn_callbacks *list, const crn_object *objects, crn_error *err)
{
    const crn_object *only = crn_object_item(objects, 0);
    if (crn_object_length(objects) == 1 && is_list(only))
        objects = only;
    for (size_t i = 0; i < crn_object_length(objects); i++)
        CRN_TRY(add_callback(list, crn_object_item(objects, i), err));
    return CRN_OK;
}

static crn_status parse(const char *expressions, crn_callbacks *out, crn_error *err)
{
    crn_text text = CRN_TEXT_INIT;
    crn_object *objects;
    crn_text_printf(&text, "[%s]", expressions);
    crn_status status = crn_text_status(&text, err);
    if (status == CRN_OK)
        status = crn_expression_parse(out->document, text.data, text.size, &objects, err);
    crn_text_free(&text);
    return status == CRN_OK ? add_all(out, objects, err) : status;
}

crn_status crn_callbacks_parse(const char *expressions, crn_callbacks *out, crn_error *err)
{
    *out = (crn_callbacks)CRN_CALLBACKS_INIT;
    if (expressions == NULL)
        return CRN_OK;
    CRN_TRY(crn_document_create(NULL, &out->document, err));
    crn_status status = parse(expressions, out, err);
    if (status == CRN_OK)
        return CRN_OK;
    crn_callbacks_free(out);
    if (err != NULL && err->offset != CRN_NO_OFFSET && err->offset > 0)
        err->offset--; /* behind our own bracket */
    crn_where(err, "callbacks");
    return status;
}

crn_status crn_callbacks_notify(const crn_callbacks *callbacks, crn_callback_event event,
                                crn_training *training, crn_error *err)
{
    for (size_t i = 0; i < callbacks->count; i++) {
        const crn_callback *callback = &callbacks->at[i];
        if (callback->cls->on[event] != NULL)
            CRN_TRY(callback->cls->on[event](callback->self, training, err));
    }
    return CRN_OK;
}

void crn_callbacks_free(crn_callbacks *callbacks)
{
    for (size_t i = 0; i < callbacks->count; i++) {
        if (callbacks->at[i].cls->release != NULL)
            callbacks->at[i].cls->release(callbacks->at[i].self);
        free(callbacks->at[i].self);
    }
    free(callbacks->at);
    crn_document_release(callbacks->document);
    *callbacks = (crn_callbacks)CRN_CALLBACKS_INIT;
}
