/* SPDX-License-Identifier: BSD-3-Clause */
/* The one walk that must bear any depth: it finds out whether the depth is bearable for all
 * others. */
#include "format/object.h"

#include <stdlib.h>

typedef struct open_object {
    crn_object *object;
    size_t next; /* child */
} open_object;

typedef struct walk {
    open_object *stack; /* the way from the root */
    size_t depth, stack_capacity;
    crn_object **seen; /* all with mark 1, to be unmarked */
    size_t seen_count, seen_capacity;
} walk;

enum { INSTANCE_PARTS = 5 };

static crn_object *instance_part(const crn_instance *instance, size_t i)
{
    crn_object *const parts[INSTANCE_PARTS] = {instance->callable, instance->args,
                                               instance->kwargs, instance->state,
                                               instance->elements};
    return parts[i];
}

/* Child i; NULL for a part that is absent. False past the last one. */
static bool child_at(const crn_object *object, size_t i, crn_object **child)
{
    const crn_object_items *items = &object->as.items;
    switch (object->kind) {
    case CRN_OBJ_TUPLE:
    case CRN_OBJ_LIST:
    case CRN_OBJ_SET:
    case CRN_OBJ_FROZENSET:
    case CRN_OBJ_DICT:
        break;
    case CRN_OBJ_INSTANCE:
        if (i < INSTANCE_PARTS) {
            *child = instance_part(object->as.instance, i);
            return true;
        }
        i -= INSTANCE_PARTS;
        items = &object->as.instance->append;
        if (i < items->count)
            break;
        i -= items->count;
        items = &object->as.instance->set;
        break;
    default:
        return false;
    }
    if (i >= items->count)
        return false;
    *child = items->at[i];
    return true;
}

static crn_status enter(walk *w, crn_object *object, crn_error *err)
{
    void *grown = w->seen;
    crn_status status =
        crn_grow(&grown, &w->seen_capacity, w->seen_count, sizeof *w->seen, err);
    w->seen = (crn_object **)grown;
    CRN_TRY(status);
    grown = w->stack;
    status = crn_grow(&grown, &w->stack_capacity, w->depth, sizeof *w->stack, err);
    w->stack = grown;
    CRN_TRY(status);
    object->mark = 1;
    w->seen[w->seen_count++] = object;
    w->stack[w->depth++] = (open_object){.object = object};
    return CRN_OK;
}

static bool has_children(const crn_object *object)
{
    crn_object *child;
    return child_at(object, 0, &child);
}

crn_status crn_object_check_nesting(crn_object *root, uint64_t most, crn_error *err)
{
    walk w = {0};
    crn_status status = root != NULL ? enter(&w, root, err) : CRN_OK;
    while (status == CRN_OK && w.depth > 0) {
        open_object *top = &w.stack[w.depth - 1];
        crn_object *child = NULL;
        if (!child_at(top->object, top->next++, &child)) {
            w.depth--;
        } else if (child != NULL && child->mark == 0 && has_children(child)) {
            if (w.depth >= most)
                status = crn_fail_at(err, CRN_LIMIT, child->offset,
                                     "objects are nested deeper than the limit nesting = %llu",
                                     (unsigned long long)most);
            else
                status = enter(&w, child, err);
        }
    }
    for (size_t i = 0; i < w.seen_count; i++)
        w.seen[i]->mark = 0;
    free(w.seen);
    free(w.stack);
    return status;
}
