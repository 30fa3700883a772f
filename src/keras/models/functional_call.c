/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls as Functional records tell them. Keras 3 (keras/src/ops/node.py, functional.py, 3.15):
 * {"args": [...], "kwargs": {...}}, tensors anywhere in them. Keras 2 (keras/engine/node.py,
 * 2.15): [["dense", 0, 0, {kwargs}], ...], the tensors of the first argument; others in the
 * kwargs, as ["dense", 0, 0]. */
#include "keras/models/functional_call.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST_ARGUMENT = 16 };

static bool is_list(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

bool crn_history_read(const crn_object *triple, crn_history *out)
{
    if (!is_list(triple))
        return false;
    out->layer = crn_object_text(crn_object_item(triple, 0));
    return out->layer != NULL && crn_object_as_int(crn_object_item(triple, 1), &out->node) &&
           crn_object_as_int(crn_object_item(triple, 2), &out->output);
}

bool crn_is_tensor_record(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_DICT) &&
           crn_object_is_str(crn_object_get(object, "class_name"), "__keras_tensor__");
}

/* ---- Keras 2's form into Keras 3's ---- */

static crn_object *tensor_record(crn_document *document, const crn_object *triple)
{
    crn_object *out = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *config = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *history = crn_object_new(document, CRN_OBJ_LIST);
    bool made = true;
    for (size_t i = 0; i < 3 && made; i++)
        made = crn_object_append(document, history, crn_object_item(triple, i));
    made = made && crn_object_set(document, config, "keras_history", history) &&
           crn_object_set(document, out, "class_name",
                          crn_object_str(document, "__keras_tensor__")) &&
           crn_object_set(document, out, "config", config);
    return made ? out : NULL;
}

/* A value with the tensors in it as records; NULL: out of memory, or nested too deep. */
static crn_object *modernise(crn_document *document, const crn_object *value, int depth)
{
    crn_history history;
    if (depth > DEEPEST_ARGUMENT)
        return NULL;
    if (!is_list(value))
        return (crn_object *)value;
    if (crn_object_is_str(crn_object_item(value, 0), "_CONSTANT_VALUE"))
        return (crn_object *)crn_object_item(value, 2);
    if (crn_history_read(value, &history))
        return tensor_record(document, value);
    crn_object *out = crn_object_new(document, CRN_OBJ_LIST);
    for (size_t i = 0; i < crn_object_length(value) && out != NULL; i++) {
        if (!crn_object_append(document, out,
                               modernise(document, crn_object_item(value, i), depth + 1)))
            return NULL;
    }
    return out;
}

/* The kwargs stand behind the first tensor, however deep that is. */
static const crn_object *keras_2_kwargs(const crn_object *node)
{
    while (is_list(node) && is_list(crn_object_item(node, 0)))
        node = crn_object_item(node, 0);
    return crn_object_item(node, 3);
}

static bool modernise_kwargs(crn_document *document, const crn_object *kwargs, crn_object *out)
{
    for (size_t i = 0; i < crn_object_length(kwargs); i++) {
        const char *name = crn_object_text(kwargs->as.items.at[2 * i]);
        crn_object *value = modernise(document, kwargs->as.items.at[2 * i + 1], 0);
        if (name == NULL || !crn_object_set(document, out, name, value))
            return false;
    }
    return true;
}

static crn_status read_keras_2(const crn_object *node, crn_document *document,
                               crn_layer_arguments *out, crn_error *err)
{
    const bool one = is_list(crn_object_item(node, 0)) && crn_object_length(node) == 1;
    crn_object *args = crn_object_new(document, CRN_OBJ_LIST);
    crn_object *kwargs = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *first = modernise(document, one ? crn_object_item(node, 0) : node, 0);
    const crn_object *given = keras_2_kwargs(node);
    out->args = args;
    out->kwargs = kwargs;
    if (!crn_object_append(document, args, first) || kwargs == NULL ||
        (crn_object_is(given, CRN_OBJ_DICT) && !modernise_kwargs(document, given, kwargs)))
        return crn_fail(err, CRN_FORMAT, "an inbound node cannot be read");
    return CRN_OK;
}

/* ---- the tensors in the arguments ---- */

typedef struct finder {
    crn_recorded_call *call;
    size_t tensor_capacity, from_capacity;
    crn_error *err;
} finder;

static crn_status note_tensor(finder *f, const crn_object *record)
{
    crn_layer_arguments *arguments = &f->call->arguments;
    const size_t count = (size_t)arguments->tensor_count;
    if (count >= CRN_MOST_TENSORS)
        return crn_fail(f->err, CRN_LIMIT, "a layer is called on more than %d tensors",
                        CRN_MOST_TENSORS);
    void *tensors = (void *)arguments->tensors;
    crn_status status =
        crn_grow(&tensors, &f->tensor_capacity, count, sizeof *arguments->tensors, f->err);
    arguments->tensors = tensors;
    CRN_TRY(status);
    CRN_TRY(crn_grow((void **)&f->call->from, &f->from_capacity, count, sizeof *f->call->from,
                     f->err));
    if (!crn_history_read(crn_object_get(crn_object_get(record, "config"), "keras_history"),
                          &f->call->from[count]))
        return crn_fail(f->err, CRN_FORMAT,
                        "a tensor in a call does not tell where it is from");
    ((const crn_object **)tensors)[count] = record;
    arguments->tensor_count++;
    return CRN_OK;
}

static crn_status find_in(finder *f, const crn_object *value, int depth);

/* In the order of the keys, as Keras flattens a dict. */
static crn_status find_in_dict(finder *f, const crn_object *dict, int depth)
{
    const char *last = NULL;
    for (size_t done = 0; done < crn_object_length(dict); done++) {
        const crn_object *next = NULL;
        const char *next_key = NULL;
        for (size_t i = 0; i < crn_object_length(dict); i++) {
            const char *key = crn_object_text(dict->as.items.at[2 * i]);
            if (key != NULL && (last == NULL || strcmp(key, last) > 0) &&
                (next_key == NULL || strcmp(key, next_key) < 0)) {
                next_key = key;
                next = dict->as.items.at[2 * i + 1];
            }
        }
        if (next == NULL)
            return CRN_OK;
        CRN_TRY(find_in(f, next, depth));
        last = next_key;
    }
    return CRN_OK;
}

static crn_status find_in(finder *f, const crn_object *value, int depth)
{
    enum { MOST_ENTRIES = 256 };
    if (crn_is_tensor_record(value))
        return note_tensor(f, value);
    if (depth > DEEPEST_ARGUMENT)
        return crn_fail(f->err, CRN_LIMIT,
                        "the arguments of a call are nested more than %d deep",
                        DEEPEST_ARGUMENT);
    if (crn_object_is(value, CRN_OBJ_DICT))
        return crn_object_length(value) <= MOST_ENTRIES
                   ? find_in_dict(f, value, depth + 1)
                   : crn_fail(f->err, CRN_LIMIT, "a call has more than %d arguments",
                              MOST_ENTRIES);
    for (size_t i = 0; is_list(value) && i < crn_object_length(value); i++)
        CRN_TRY(find_in(f, crn_object_item(value, i), depth + 1));
    return CRN_OK;
}

/* ---- a call ---- */

crn_status crn_recorded_call_read(const crn_object *node, crn_document *document,
                                  crn_recorded_call *out, crn_error *err)
{
    finder f = {.call = out, .err = err};
    *out = (crn_recorded_call){.from = NULL};
    if (crn_object_is(node, CRN_OBJ_DICT)) {
        out->arguments.args = crn_object_get(node, "args");
        out->arguments.kwargs = crn_object_get(node, "kwargs");
    } else if (is_list(node)) {
        CRN_TRY(read_keras_2(node, document, &out->arguments, err));
    } else {
        return crn_fail(err, CRN_FORMAT,
                        "an inbound node is neither a list nor a dict with args");
    }
    crn_status status = find_in(&f, out->arguments.args, 0);
    if (status == CRN_OK)
        status = find_in(&f, out->arguments.kwargs, 0);
    if (status != CRN_OK)
        crn_recorded_call_free(out);
    return status;
}

void crn_recorded_call_free(crn_recorded_call *call)
{
    free((void *)call->arguments.tensors);
    free(call->from);
    *call = (crn_recorded_call){.from = NULL};
}
