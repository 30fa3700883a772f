/* SPDX-License-Identifier: BSD-3-Clause */
/* Saving containers: save_tuple(), batch_list(), batch_dict() and save_set() of both picklers.
 */
#include "format/pickle_save.h"

enum { BATCH = 1000 };

/* ---- tuples ---- */

static bool is_small_tuple(const crn_pickle_saver *s, const crn_object *tuple)
{
    return s->o.protocol >= 2 && tuple->as.items.count <= 3 &&
           !crn_save_was_read_as(s, tuple, CRN_OP_TUPLE);
}

crn_status crn_save_begin_tuple(crn_pickle_saver *s, const crn_object *tuple, crn_error *err)
{
    if (tuple->as.items.count == 0) {
        if (s->o.protocol >= 1 && !crn_save_was_read_as(s, tuple, CRN_OP_TUPLE)) {
            crn_emit_opcode(&s->o, CRN_OP_EMPTY_TUPLE);
        } else {
            crn_emit_opcode(&s->o, CRN_OP_MARK);
            crn_emit_opcode(&s->o, CRN_OP_TUPLE);
        }
        return CRN_OK;
    }
    if (!is_small_tuple(s, tuple))
        crn_emit_opcode(&s->o, CRN_OP_MARK);
    return crn_save_push(
        s,
        (crn_save_task){.kind = CRN_SAVE_TUPLE_ITEMS, .self = tuple, .items = &tuple->as.items},
        err);
}

/* A tuple that holds itself was written while its items were: they are dropped and it is
 * fetched. */
static void end_recursive_tuple(crn_pickle_saver *s, const crn_object *tuple)
{
    size_t pops = tuple->as.items.count;
    if (!is_small_tuple(s, tuple)) {
        pops++;
        if (s->o.protocol >= 1) {
            crn_emit_opcode(&s->o, CRN_OP_POP_MARK);
            pops = 0;
        }
    }
    while (pops-- > 0)
        crn_emit_opcode(&s->o, CRN_OP_POP);
    crn_emit_get(&s->o, tuple);
}

crn_status crn_save_continue_tuple(crn_pickle_saver *s, crn_error *err)
{
    crn_save_task *t = crn_save_current(s);
    const crn_object *tuple = t->self;
    if (t->next < t->items->count)
        return crn_save_push_object(s, t->items->at[t->next++], err);
    if (crn_emit_has(&s->o, tuple)) {
        end_recursive_tuple(s, tuple);
    } else {
        static const uint8_t small[] = {CRN_OP_TUPLE, CRN_OP_TUPLE1, CRN_OP_TUPLE2,
                                        CRN_OP_TUPLE3};
        crn_emit_opcode(&s->o,
                        is_small_tuple(s, tuple) ? small[t->items->count] : CRN_OP_TUPLE);
        crn_emit_memoize(&s->o, tuple, true);
    }
    crn_save_finish(s);
    return CRN_OK;
}

/* ---- batches of items ---- */

static bool is_batch_marked(const crn_pickle_saver *s, const crn_save_task *t, size_t begin)
{
    size_t left = (t->items->count - begin) / t->stride;
    if (t->one == 0)
        return true;
    if (s->o.protocol == 0)
        return false;
    return t->of_c_container ? t->items->count > t->stride : left > 1;
}

/* The C pickler looks for a next batch behind a full one of a dict or set, and writes it though
 * it is empty. */
static bool has_empty_batch(const crn_save_task *t)
{
    return t->of_c_container && t->many != CRN_OP_APPENDS && t->items->count > 0 &&
           t->items->count % (BATCH * t->stride) == 0;
}

crn_status crn_save_continue_batches(crn_pickle_saver *s, crn_error *err)
{
    crn_save_task *t = crn_save_current(s);
    size_t batch = s->o.protocol == 0 ? t->stride : BATCH * t->stride;
    size_t place = t->next % batch;
    if (t->next > 0 && (place == 0 || t->next == t->items->count)) {
        size_t begin = place == 0 ? t->next - batch : t->next - place;
        crn_emit_opcode(&s->o, is_batch_marked(s, t, begin) ? t->many : t->one);
    }
    if (t->next == t->items->count) {
        if (has_empty_batch(t)) {
            crn_emit_opcode(&s->o, CRN_OP_MARK);
            crn_emit_opcode(&s->o, t->many);
        }
        crn_save_finish(s);
        return CRN_OK;
    }
    if (place == 0 && is_batch_marked(s, t, t->next))
        crn_emit_opcode(&s->o, CRN_OP_MARK);
    return crn_save_push_object(s, t->items->at[t->next++], err);
}

crn_status crn_save_push_appends(crn_pickle_saver *s, const crn_object_items *items,
                                 bool of_container, crn_error *err)
{
    return crn_save_push(s,
                         (crn_save_task){.kind = CRN_SAVE_BATCHES,
                                         .items = items,
                                         .stride = 1,
                                         .one = CRN_OP_APPEND,
                                         .many = CRN_OP_APPENDS,
                                         .of_c_container = of_container && s->o.c_pickler},
                         err);
}

crn_status crn_save_push_set_items(crn_pickle_saver *s, const crn_object_items *items,
                                   bool of_container, crn_error *err)
{
    return crn_save_push(s,
                         (crn_save_task){.kind = CRN_SAVE_BATCHES,
                                         .items = items,
                                         .stride = 2,
                                         .one = CRN_OP_SETITEM,
                                         .many = CRN_OP_SETITEMS,
                                         .of_c_container = of_container && s->o.c_pickler},
                         err);
}

/* Lists, dicts and sets are put into the memo empty, then filled. */
crn_status crn_save_begin_container(crn_pickle_saver *s, const crn_object *self,
                                    const crn_object *body, crn_error *err)
{
    bool is_list = body->kind == CRN_OBJ_LIST;
    uint8_t marked = is_list ? CRN_OP_LIST : CRN_OP_DICT;
    if (body->kind == CRN_OBJ_SET) {
        crn_emit_opcode(&s->o, CRN_OP_EMPTY_SET);
    } else if (s->o.protocol == 0 || crn_save_was_read_as(s, body, marked)) {
        crn_emit_opcode(&s->o, CRN_OP_MARK);
        crn_emit_opcode(&s->o, marked);
    } else {
        crn_emit_opcode(&s->o, is_list ? CRN_OP_EMPTY_LIST : CRN_OP_EMPTY_DICT);
    }
    crn_emit_memoize(&s->o, self, true);
    if (is_list)
        return crn_save_push_appends(s, &body->as.items, true, err);
    if (body->kind == CRN_OBJ_DICT)
        return crn_save_push_set_items(s, &body->as.items, true, err);
    return crn_save_push(s,
                         (crn_save_task){.kind = CRN_SAVE_BATCHES,
                                         .items = &body->as.items,
                                         .stride = 1,
                                         .many = CRN_OP_ADDITEMS,
                                         .of_c_container = s->o.c_pickler},
                         err);
}

/* FROZENSET: everything above the mark. */
crn_status crn_save_continue_marked(crn_pickle_saver *s, crn_error *err)
{
    crn_save_task *t = crn_save_current(s);
    if (t->next < t->items->count)
        return crn_save_push_object(s, t->items->at[t->next++], err);
    if (crn_emit_has(&s->o, t->self)) {
        crn_emit_opcode(&s->o, CRN_OP_POP_MARK);
        crn_emit_get(&s->o, t->self);
    } else {
        crn_emit_opcode(&s->o, CRN_OP_FROZENSET);
        crn_emit_memoize(&s->o, t->self, true);
    }
    crn_save_finish(s);
    return CRN_OK;
}

crn_status crn_save_begin_frozenset(crn_pickle_saver *s, const crn_object *set, crn_error *err)
{
    crn_emit_opcode(&s->o, CRN_OP_MARK);
    return crn_save_push(
        s, (crn_save_task){.kind = CRN_SAVE_MARKED_ITEMS, .self = set, .items = &set->as.items},
        err);
}
