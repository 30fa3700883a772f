/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/tree.h"

#include <stdlib.h>

enum { MOST_LINES = 10000 };

/* An object that waits for its line. */
typedef struct waiting {
    crn_object *object;
    const char *key;  /* of a dict or a state; NULL: index, or a role below */
    const char *role; /* "state", "args"; NULL: none */
    int64_t index;    /* in a sequence; -1: none */
    int depth;
} waiting;

typedef struct walk {
    waiting *stack;
    size_t count, capacity;
    crn_object **met; /* whose marks must be cleared at the end */
    size_t met_count, met_capacity;
    crn_error *err;
    crn_status status;
} walk;

static void push(walk *w, crn_object *object, const char *key, const char *role, int64_t index,
                 int depth)
{
    if (object == NULL || w->status != CRN_OK)
        return;
    w->status = crn_grow((void **)&w->stack, &w->capacity, w->count, sizeof *w->stack, w->err);
    if (w->status == CRN_OK)
        w->stack[w->count++] = (waiting){object, key, role, index, depth};
}

/* Pushed from the last to the first, so that the first is printed first. */
static void push_items(walk *w, const crn_object_items *items, bool pairs, int depth)
{
    if (pairs) {
        for (size_t i = items->count; i >= 2; i -= 2)
            push(w, items->at[i - 1], crn_object_text(items->at[i - 2]), NULL,
                 (int64_t)i / 2 - 1, depth);
        return;
    }
    for (size_t i = items->count; i > 0; i--)
        push(w, items->at[i - 1], NULL, NULL, (int64_t)i - 1, depth);
}

static void push_children(walk *w, const crn_object *object, int depth)
{
    switch (object->kind) {
    case CRN_OBJ_DICT:
    case CRN_OBJ_TUPLE:
    case CRN_OBJ_LIST:
    case CRN_OBJ_SET:
    case CRN_OBJ_FROZENSET:
        push_items(w, &object->as.items, object->kind == CRN_OBJ_DICT, depth);
        break;
    case CRN_OBJ_INSTANCE: {
        const crn_instance *instance = object->as.instance;
        if (instance->array != NULL)
            break;
        if (crn_object_is(instance->state, CRN_OBJ_DICT))
            push_items(w, &instance->state->as.items, true, depth);
        else
            push(w, instance->state, NULL, "state", -1, depth);
        push_items(w, &instance->set, true, depth);
        push_items(w, &instance->append, false, depth);
        if (crn_object_length(instance->args) > 0)
            push(w, instance->args, NULL, "arguments", -1, depth);
        break;
    }
    default:
        break;
    }
}

static void print_label(const waiting *item, crn_text *out)
{
    crn_text_printf(out, "%*s", item->depth * 2, "");
    if (item->key != NULL)
        crn_text_printf(out, "%s: ", item->key);
    else if (item->role != NULL)
        crn_text_printf(out, "(%s) ", item->role);
    else if (item->index >= 0)
        crn_text_printf(out, "[%lld] ", (long long)item->index);
}

static void print_array(const crn_array *array, crn_text *out)
{
    crn_text_printf(out, "array %s (", crn_dtype_name(array->dtype));
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(out, i > 0 ? ", %lld" : "%lld", (long long)array->shape[i]);
    crn_text_add_string(out, array->ndim == 1 ? ",)" : ")");
}

static void print_class(const crn_object *callable, crn_text *out)
{
    if (crn_object_is(callable, CRN_OBJ_GLOBAL))
        crn_text_printf(out, "%s.%s", crn_object_text(callable->as.global.module),
                        crn_object_text(callable->as.global.name));
    else
        crn_text_add_string(out, "instance");
}

static void print_value(const crn_object *object, crn_text *out)
{
    switch (object->kind) {
    case CRN_OBJ_INSTANCE:
        if (object->as.instance->array != NULL)
            print_array(object->as.instance->array, out);
        else
            print_class(object->as.instance->callable, out);
        break;
    case CRN_OBJ_TUPLE:
    case CRN_OBJ_LIST:
    case CRN_OBJ_SET:
    case CRN_OBJ_FROZENSET:
    case CRN_OBJ_DICT:
        crn_text_printf(out, "%s of %zu", crn_object_kind_name(object),
                        crn_object_length(object));
        break;
    default:
        crn_object_repr(object, 120, out);
        break;
    }
}

/* True the first time; remembers the line as a number in the object's mark. */
static bool first_meeting(walk *w, crn_object *object, uint32_t line)
{
    if (object->mark != 0)
        return false;
    w->status =
        crn_grow((void **)&w->met, &w->met_capacity, w->met_count, sizeof *w->met, w->err);
    if (w->status != CRN_OK)
        return false;
    w->met[w->met_count++] = object;
    object->mark = line;
    return true;
}

static bool has_children(const crn_object *object)
{
    return object->kind >= CRN_OBJ_TUPLE && object->kind != CRN_OBJ_GLOBAL;
}

static void print_line(walk *w, const waiting *item, uint32_t line, crn_text *out)
{
    crn_object *object = item->object;
    print_label(item, out);
    if (!has_children(object)) {
        print_value(object, out);
    } else if (first_meeting(w, object, line)) {
        print_value(object, out);
        push_children(w, object, item->depth + 1);
    } else {
        crn_text_printf(out, "-> line %u", object->mark);
    }
    crn_text_add_string(out, "\n");
}

crn_status crn_object_tree(const crn_object *root, crn_text *out, crn_error *err)
{
    walk w = {.err = err};
    push(&w, (crn_object *)root, NULL, NULL, -1, 0);
    uint32_t line = 0;
    while (w.count > 0 && w.status == CRN_OK && line < MOST_LINES) {
        const waiting item = w.stack[--w.count];
        print_line(&w, &item, ++line, out);
    }
    if (w.count > 0 && w.status == CRN_OK)
        crn_text_printf(out, "... (only the first %d lines are shown)\n", MOST_LINES);
    for (size_t i = 0; i < w.met_count; i++)
        w.met[i]->mark = 0;
    free(w.met);
    free(w.stack);
    return w.status == CRN_OK ? crn_text_status(out, err) : w.status;
}
