/* SPDX-License-Identifier: BSD-3-Clause */
/* Saving objects by the rules of CPython's pickler (save() and its helpers in Lib/pickle.py). A stack of
 * tasks instead of recursion, since nothing but its reader's limits bounds the depth of a document. */
#include "format/pickle_save.h"

#include <stdlib.h>
#include <string.h>

#include "format/joblib_array.h"

enum { BATCH = 1000, MOST_TASKS = 1000000 };

typedef enum task_kind {
    SAVE,
    TUPLE_ITEMS,
    MARKED_ITEMS,
    BATCHES,
    GLOBAL_NAMES,
    INSTANCE_PARTS
} task_kind;

/* Something that is half done. */
typedef struct crn_save_task {
    task_kind kind;
    const crn_object *self; /* what the memo knows */
    const crn_object *body; /* what is written for it */
    const crn_object_items *items;
    size_t next;         /* item, or part */
    size_t stride;       /* BATCHES: 2 for keys with values */
    uint8_t one, many;   /* BATCHES: opcodes; one 0: always the other */
    bool of_c_container; /* BATCHES: an exact list, dict or set under the C pickler */
} task;

typedef crn_pickle_saver saver;

static crn_status push(saver *s, task t, crn_error *err)
{
    if (s->count == MOST_TASKS)
        return crn_fail(err, CRN_LIMIT, "the objects are nested too deeply to be written");
    void *grown = s->tasks;
    crn_status status = crn_grow(&grown, &s->capacity, s->count, sizeof *s->tasks, err);
    s->tasks = grown;
    if (status == CRN_OK)
        s->tasks[s->count++] = t;
    return status;
}

static crn_status push_save(saver *s, const crn_object *object, crn_error *err)
{
    return push(s, (task){.kind = SAVE, .self = object}, err);
}

/* The task that is being done. Pushing may move it: fetch it again. */
static task *current(saver *s)
{
    return &s->tasks[s->count - 1];
}

static void finish(saver *s)
{
    s->count--;
}

/* The opcode that a value was read with, when values are spelled as they were. */
static bool was_read_as(const saver *s, const crn_object *object, uint8_t opcode)
{
    return s->o.exact && object->opcode == opcode;
}

/* ---- tuples ------------------------------------------------------------------------------ */

static bool is_small_tuple(const saver *s, const crn_object *tuple)
{
    return s->o.protocol >= 2 && tuple->as.items.count <= 3 &&
           !was_read_as(s, tuple, CRN_OP_TUPLE);
}

static crn_status begin_tuple(saver *s, const crn_object *tuple, crn_error *err)
{
    if (tuple->as.items.count == 0) {
        if (s->o.protocol >= 1 && !was_read_as(s, tuple, CRN_OP_TUPLE)) {
            crn_emit_opcode(&s->o, CRN_OP_EMPTY_TUPLE);
        } else {
            crn_emit_opcode(&s->o, CRN_OP_MARK);
            crn_emit_opcode(&s->o, CRN_OP_TUPLE);
        }
        return CRN_OK;
    }
    if (!is_small_tuple(s, tuple))
        crn_emit_opcode(&s->o, CRN_OP_MARK);
    return push(s, (task){.kind = TUPLE_ITEMS, .self = tuple, .items = &tuple->as.items}, err);
}

/* A tuple that holds itself was written while its items were: they are dropped and it is
 * fetched. */
static void end_recursive_tuple(saver *s, const crn_object *tuple)
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

static crn_status continue_tuple(saver *s, crn_error *err)
{
    task *t = current(s);
    const crn_object *tuple = t->self;
    if (t->next < t->items->count)
        return push_save(s, t->items->at[t->next++], err);
    if (crn_emit_has(&s->o, tuple)) {
        end_recursive_tuple(s, tuple);
    } else {
        static const uint8_t small[] = {CRN_OP_TUPLE, CRN_OP_TUPLE1, CRN_OP_TUPLE2,
                                        CRN_OP_TUPLE3};
        crn_emit_opcode(&s->o,
                        is_small_tuple(s, tuple) ? small[t->items->count] : CRN_OP_TUPLE);
        crn_emit_memoize(&s->o, tuple, true);
    }
    finish(s);
    return CRN_OK;
}

/* ---- batches of items -------------------------------------------------------------------- */

static bool is_batch_marked(const saver *s, const task *t, size_t begin)
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
static bool has_empty_batch(const task *t)
{
    return t->of_c_container && t->many != CRN_OP_APPENDS && t->items->count > 0 &&
           t->items->count % (BATCH * t->stride) == 0;
}

static crn_status continue_batches(saver *s, crn_error *err)
{
    task *t = current(s);
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
        finish(s);
        return CRN_OK;
    }
    if (place == 0 && is_batch_marked(s, t, t->next))
        crn_emit_opcode(&s->o, CRN_OP_MARK);
    return push_save(s, t->items->at[t->next++], err);
}

static crn_status push_appends(saver *s, const crn_object_items *items, bool of_container,
                               crn_error *err)
{
    return push(s,
                (task){.kind = BATCHES,
                       .items = items,
                       .stride = 1,
                       .one = CRN_OP_APPEND,
                       .many = CRN_OP_APPENDS,
                       .of_c_container = of_container && s->o.c_pickler},
                err);
}

static crn_status push_set_items(saver *s, const crn_object_items *items, bool of_container,
                                 crn_error *err)
{
    return push(s,
                (task){.kind = BATCHES,
                       .items = items,
                       .stride = 2,
                       .one = CRN_OP_SETITEM,
                       .many = CRN_OP_SETITEMS,
                       .of_c_container = of_container && s->o.c_pickler},
                err);
}

/* Lists, dicts and sets are put into the memo empty, then filled. */
static crn_status begin_container(saver *s, const crn_object *self, const crn_object *body,
                                  crn_error *err)
{
    bool is_list = body->kind == CRN_OBJ_LIST;
    uint8_t marked = is_list ? CRN_OP_LIST : CRN_OP_DICT;
    if (body->kind == CRN_OBJ_SET) {
        crn_emit_opcode(&s->o, CRN_OP_EMPTY_SET);
    } else if (s->o.protocol == 0 || was_read_as(s, body, marked)) {
        crn_emit_opcode(&s->o, CRN_OP_MARK);
        crn_emit_opcode(&s->o, marked);
    } else {
        crn_emit_opcode(&s->o, is_list ? CRN_OP_EMPTY_LIST : CRN_OP_EMPTY_DICT);
    }
    crn_emit_memoize(&s->o, self, true);
    if (is_list)
        return push_appends(s, &body->as.items, true, err);
    if (body->kind == CRN_OBJ_DICT)
        return push_set_items(s, &body->as.items, true, err);
    return push(s,
                (task){.kind = BATCHES,
                       .items = &body->as.items,
                       .stride = 1,
                       .many = CRN_OP_ADDITEMS,
                       .of_c_container = s->o.c_pickler},
                err);
}

/* FROZENSET: everything above the mark. */
static crn_status continue_marked(saver *s, crn_error *err)
{
    task *t = current(s);
    if (t->next < t->items->count)
        return push_save(s, t->items->at[t->next++], err);
    if (crn_emit_has(&s->o, t->self)) {
        crn_emit_opcode(&s->o, CRN_OP_POP_MARK);
        crn_emit_get(&s->o, t->self);
    } else {
        crn_emit_opcode(&s->o, CRN_OP_FROZENSET);
        crn_emit_memoize(&s->o, t->self, true);
    }
    finish(s);
    return CRN_OK;
}

static crn_status begin_frozenset(saver *s, const crn_object *set, crn_error *err)
{
    crn_emit_opcode(&s->o, CRN_OP_MARK);
    return push(s, (task){.kind = MARKED_ITEMS, .self = set, .items = &set->as.items}, err);
}

/* ---- globals ----------------------------------------------------------------------------- */

static crn_status lowered_module(saver *s, const crn_object *global, const crn_object **module,
                                 crn_error *err)
{
    *module = global->as.global.module;
    if (s->o.exact && global->opcode != 0)
        return CRN_OK;
    return crn_pickle_lower_module(&s->lowering, *module, module, err);
}

/* GLOBAL and INST name things in lines. */
static crn_status emit_global_lines(saver *s, uint8_t opcode, const crn_object *global,
                                    crn_error *err)
{
    const crn_object *module, *name = global->as.global.name;
    CRN_TRY(lowered_module(s, global, &module, err));
    if (memchr(module->as.bytes.at, '\n', module->as.bytes.size) != NULL ||
        memchr(name->as.bytes.at, '\n', name->as.bytes.size) != NULL)
        return crn_fail_at(err, CRN_UNSUPPORTED, global->offset,
                           "a global's name holds a line break, which protocol %d cannot say",
                           s->o.protocol);
    crn_emit_line(&s->o, opcode, module);
    crn_emit_line(&s->o, 0, name);
    return CRN_OK;
}

static crn_status begin_global(saver *s, const crn_object *global, crn_error *err)
{
    if (s->o.protocol >= 4 && !was_read_as(s, global, CRN_OP_GLOBAL))
        return push(s, (task){.kind = GLOBAL_NAMES, .self = global}, err);
    CRN_TRY(emit_global_lines(s, CRN_OP_GLOBAL, global, err));
    crn_emit_memoize(&s->o, global, true);
    return CRN_OK;
}

static crn_status continue_global(saver *s, crn_error *err)
{
    task *t = current(s);
    const crn_object *module;
    switch (t->next++) {
    case 0:
        CRN_TRY(lowered_module(s, t->self, &module, err));
        return push_save(s, module, err);
    case 1:
        return push_save(s, t->self->as.global.name, err);
    default:
        crn_emit_opcode(&s->o, CRN_OP_STACK_GLOBAL);
        crn_emit_memoize(&s->o, t->self, true);
        finish(s);
        return CRN_OK;
    }
}

/* ---- instances --------------------------------------------------------------------------- */

/* What has been saved so far is made into the object. */
static crn_status emit_call(saver *s, const crn_object *self, const crn_object *body,
                            crn_error *err)
{
    static const uint8_t opcodes[] = {[CRN_BY_REDUCE] = CRN_OP_REDUCE,
                                      [CRN_BY_NEWOBJ] = CRN_OP_NEWOBJ,
                                      [CRN_BY_NEWOBJ_EX] = CRN_OP_NEWOBJ_EX,
                                      [CRN_BY_INST] = CRN_OP_OBJ,
                                      [CRN_BY_PERSID] = CRN_OP_BINPERSID};
    const crn_instance *instance = body->as.instance;
    if (instance->how == CRN_BY_INST && was_read_as(s, body, CRN_OP_INST))
        CRN_TRY(emit_global_lines(s, CRN_OP_INST, instance->callable, err));
    else
        crn_emit_opcode(&s->o, opcodes[instance->how]);
    if (instance->how == CRN_BY_PERSID)
        return CRN_OK;
    if (crn_emit_has(&s->o, self)) {
        crn_emit_opcode(&s->o, CRN_OP_POP);
        crn_emit_get(&s->o, self);
    } else {
        /* A later reference would fetch joblib's wrapper, not its array: such arrays are
         * written again. */
        bool is_wrapped = crn_object_as_array(self) != NULL && s->lowering.style.joblib;
        crn_emit_memoize(&s->o, self, !is_wrapped);
    }
    return CRN_OK;
}

/* The parts in the order of save_reduce(): callable, arguments, the call, items, state, BUILD.
 */
enum {
    PART_CALLABLE,
    PART_ARGS,
    PART_KWARGS,
    PART_CALL,
    PART_APPEND,
    PART_SET,
    PART_STATE,
    PART_BUILD
};

static bool has_array_behind(const saver *s, const task *t)
{
    return t->self->kind == CRN_OBJ_INSTANCE && t->self->as.instance->array != NULL &&
           s->lowering.style.joblib && crn_wrapper_kind_of(t->body) == CRN_NUMPY_ARRAY_WRAPPER;
}

static crn_status continue_instance(saver *s, crn_error *err)
{
    task *t = current(s);
    const crn_object *self = t->self, *body = t->body;
    const crn_instance *instance = body->as.instance;
    bool names_class = instance->how == CRN_BY_INST && was_read_as(s, body, CRN_OP_INST);
    switch (t->next++) {
    case PART_CALLABLE:
        return instance->callable == NULL || names_class
                   ? CRN_OK
                   : push_save(s, instance->callable, err);
    case PART_ARGS:
        return push_save(s, instance->args, err);
    case PART_KWARGS:
        return instance->kwargs == NULL ? CRN_OK : push_save(s, instance->kwargs, err);
    case PART_CALL:
        return emit_call(s, self, body, err);
    case PART_APPEND:
        return instance->append.count == 0 ? CRN_OK
                                           : push_appends(s, &instance->append, false, err);
    case PART_SET:
        return instance->set.count == 0 ? CRN_OK
                                        : push_set_items(s, &instance->set, false, err);
    case PART_STATE:
        return instance->state == NULL ? CRN_OK : push_save(s, instance->state, err);
    default:
        if (instance->state != NULL)
            crn_emit_opcode(&s->o, CRN_OP_BUILD);
        if (has_array_behind(s, t))
            CRN_TRY(crn_pickle_save_array(s, self, body, err));
        finish(s);
        return CRN_OK;
    }
}

/* Arguments of INST, OBJ and persistent ids are not a tuple on the stack but what lies above
 * the mark. */
static crn_status begin_instance(saver *s, const crn_object *self, const crn_object *body,
                                 crn_error *err)
{
    const crn_instance *instance = body->as.instance;
    task t = {.kind = INSTANCE_PARTS, .self = self, .body = body};
    if (instance->how == CRN_BY_PERSID && was_read_as(s, body, CRN_OP_PERSID)) {
        crn_emit_line(&s->o, CRN_OP_PERSID, crn_object_item(instance->args, 0));
        return CRN_OK;
    }
    if (instance->how != CRN_BY_INST && instance->how != CRN_BY_PERSID)
        return push(s, t, err);
    if (instance->how == CRN_BY_INST)
        crn_emit_opcode(&s->o, CRN_OP_MARK);
    t.next = PART_CALL;
    CRN_TRY(push(s, t, err));
    for (size_t i = crn_object_length(instance->args); i > 0; i--)
        CRN_TRY(push_save(s, crn_object_item(instance->args, i - 1), err));
    if (instance->how == CRN_BY_INST && !was_read_as(s, body, CRN_OP_INST))
        return push_save(s, instance->callable, err);
    return CRN_OK;
}

/* ---- any object -------------------------------------------------------------------------- */

/* Writes a value without parts that goes into no memo; false for others. */
static bool emit_plain(saver *s, const crn_object *object)
{
    switch (object->kind) {
    case CRN_OBJ_NONE:
        crn_emit_opcode(&s->o, CRN_OP_NONE);
        return true;
    case CRN_OBJ_BOOL:
        crn_emit_bool(&s->o, object);
        return true;
    case CRN_OBJ_INT:
    case CRN_OBJ_LONG:
        crn_emit_int(&s->o, object);
        return true;
    case CRN_OBJ_FLOAT:
        crn_emit_float(&s->o, object);
        return true;
    default:
        return false;
    }
}

static crn_status begin_body(saver *s, const crn_object *self, const crn_object *body,
                             crn_error *err)
{
    switch (body->kind) {
    case CRN_OBJ_STR:
        crn_emit_str(&s->o, body);
        crn_emit_memoize(&s->o, self, true);
        return CRN_OK;
    case CRN_OBJ_BYTES:
    case CRN_OBJ_BYTEARRAY:
        crn_emit_bytes(&s->o, body);
        crn_emit_memoize(&s->o, self, true);
        return CRN_OK;
    case CRN_OBJ_TUPLE:
        return begin_tuple(s, self, err);
    case CRN_OBJ_FROZENSET:
        return begin_frozenset(s, self, err);
    case CRN_OBJ_LIST:
    case CRN_OBJ_DICT:
    case CRN_OBJ_SET:
        return begin_container(s, self, body, err);
    case CRN_OBJ_GLOBAL:
        return begin_global(s, self, err);
    case CRN_OBJ_INSTANCE:
        return begin_instance(s, self, body, err);
    default:
        return crn_fail(err, CRN_INTERNAL, "an object of kind %d", (int)body->kind);
    }
}

static crn_status begin_object(saver *s, const crn_object *object, crn_error *err)
{
    const crn_object *body;
    crn_emit_commit(&s->o, false);
    if (object == NULL)
        return crn_fail(err, CRN_ARGUMENT, "the document has an object without a value");
    if (emit_plain(s, object) || crn_emit_get(&s->o, object))
        return CRN_OK;
    CRN_TRY(crn_pickle_lower(&s->lowering, object, &body, err));
    return begin_body(s, object, body, err);
}

static crn_status continue_task(saver *s, crn_error *err)
{
    const crn_object *self = current(s)->self;
    switch (current(s)->kind) {
    case SAVE:
        finish(s);
        return begin_object(s, self, err);
    case TUPLE_ITEMS:
        return continue_tuple(s, err);
    case MARKED_ITEMS:
        return continue_marked(s, err);
    case BATCHES:
        return continue_batches(s, err);
    case GLOBAL_NAMES:
        return continue_global(s, err);
    case INSTANCE_PARTS:
        return continue_instance(s, err);
    }
    return crn_fail(err, CRN_INTERNAL, "a task of kind %d", (int)current(s)->kind);
}

/* A whole stream. Called once more, from inside, for each object array: their own pickles hold
 * no wrapper, so it goes no deeper. */
crn_status crn_pickle_save(crn_pickle_saver *s, const crn_object *root, crn_error *err)
{
    crn_emit_begin(&s->o);
    crn_status status = push_save(s, root, err);
    while (status == CRN_OK && s->count > 0) {
        status = continue_task(s, err);
        if (status == CRN_OK)
            status = crn_emit_status(&s->o, err);
    }
    crn_emit_end(&s->o);
    free(s->tasks);
    return status == CRN_OK ? crn_emit_status(&s->o, err) : status;
}
