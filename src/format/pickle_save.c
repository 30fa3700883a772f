/* SPDX-License-Identifier: BSD-3-Clause */
/* Saving objects by the rules of CPython's pickler (save() and its helpers in Lib/pickle.py). A
 * stack of tasks instead of recursion, since nothing but its reader's limits bounds the depth
 * of a document. */
#include "format/pickle_save.h"

#include <stdlib.h>
#include <string.h>

#include "format/joblib_array.h"

enum { MOST_TASKS = 1000000 };

crn_status crn_save_push(crn_pickle_saver *s, crn_save_task t, crn_error *err)
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

crn_status crn_save_push_object(crn_pickle_saver *s, const crn_object *object, crn_error *err)
{
    return crn_save_push(s, (crn_save_task){.kind = CRN_SAVE_OBJECT, .self = object}, err);
}

/* The task that is being done. Pushing may move it: fetch it again. */
crn_save_task *crn_save_current(crn_pickle_saver *s)
{
    return &s->tasks[s->count - 1];
}

void crn_save_finish(crn_pickle_saver *s)
{
    s->count--;
}

/* The opcode that a value was read with, when values are spelled as they were. */
bool crn_save_was_read_as(const crn_pickle_saver *s, const crn_object *object, uint8_t opcode)
{
    return s->o.exact && object->opcode == opcode;
}

/* ---- globals ---- */

static crn_status lowered_module(crn_pickle_saver *s, const crn_object *global,
                                 const crn_object **module, crn_error *err)
{
    *module = global->as.global.module;
    if (s->o.exact && global->opcode != 0 && s->lowering.style.numpy == 0)
        return CRN_OK;
    return crn_pickle_lower_module(&s->lowering, *module, module, err);
}

/* GLOBAL and INST name things in lines. */
static crn_status emit_global_lines(crn_pickle_saver *s, uint8_t opcode,
                                    const crn_object *global, crn_error *err)
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

static crn_status begin_global(crn_pickle_saver *s, const crn_object *global, crn_error *err)
{
    if (s->o.protocol >= 4 && !crn_save_was_read_as(s, global, CRN_OP_GLOBAL))
        return crn_save_push(s, (crn_save_task){.kind = CRN_SAVE_GLOBAL_NAMES, .self = global},
                             err);
    CRN_TRY(emit_global_lines(s, CRN_OP_GLOBAL, global, err));
    crn_emit_memoize(&s->o, global, true);
    return CRN_OK;
}

static crn_status continue_global(crn_pickle_saver *s, crn_error *err)
{
    crn_save_task *t = crn_save_current(s);
    const crn_object *module;
    switch (t->next++) {
    case 0:
        CRN_TRY(lowered_module(s, t->self, &module, err));
        return crn_save_push_object(s, module, err);
    case 1:
        return crn_save_push_object(s, t->self->as.global.name, err);
    default:
        crn_emit_opcode(&s->o, CRN_OP_STACK_GLOBAL);
        crn_emit_memoize(&s->o, t->self, true);
        crn_save_finish(s);
        return CRN_OK;
    }
}

/* ---- instances ---- */

/* What has been saved so far is made into the object. */
static crn_status emit_call(crn_pickle_saver *s, const crn_object *self, const crn_object *body,
                            crn_error *err)
{
    static const uint8_t opcodes[] = {[CRN_BY_REDUCE] = CRN_OP_REDUCE,
                                      [CRN_BY_NEWOBJ] = CRN_OP_NEWOBJ,
                                      [CRN_BY_NEWOBJ_EX] = CRN_OP_NEWOBJ_EX,
                                      [CRN_BY_INST] = CRN_OP_OBJ,
                                      [CRN_BY_PERSID] = CRN_OP_BINPERSID};
    const crn_instance *instance = body->as.instance;
    if (instance->how == CRN_BY_INST && crn_save_was_read_as(s, body, CRN_OP_INST))
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

static bool has_array_behind(const crn_pickle_saver *s, const crn_save_task *t)
{
    return t->self->kind == CRN_OBJ_INSTANCE && t->self->as.instance->array != NULL &&
           s->lowering.style.joblib && crn_wrapper_kind_of(t->body) == CRN_NUMPY_ARRAY_WRAPPER;
}

static crn_status continue_instance(crn_pickle_saver *s, crn_error *err)
{
    crn_save_task *t = crn_save_current(s);
    const crn_object *self = t->self, *body = t->body;
    const crn_instance *instance = body->as.instance;
    bool names_class =
        instance->how == CRN_BY_INST && crn_save_was_read_as(s, body, CRN_OP_INST);
    switch (t->next++) {
    case PART_CALLABLE:
        return instance->callable == NULL || names_class
                   ? CRN_OK
                   : crn_save_push_object(s, instance->callable, err);
    case PART_ARGS:
        return crn_save_push_object(s, instance->args, err);
    case PART_KWARGS:
        return instance->kwargs == NULL ? CRN_OK
                                        : crn_save_push_object(s, instance->kwargs, err);
    case PART_CALL:
        return emit_call(s, self, body, err);
    case PART_APPEND:
        return instance->append.count == 0
                   ? CRN_OK
                   : crn_save_push_appends(s, &instance->append, false, err);
    case PART_SET:
        return instance->set.count == 0
                   ? CRN_OK
                   : crn_save_push_set_items(s, &instance->set, false, err);
    case PART_STATE:
        return instance->state == NULL ? CRN_OK : crn_save_push_object(s, instance->state, err);
    default:
        if (instance->state != NULL)
            crn_emit_opcode(&s->o, CRN_OP_BUILD);
        if (has_array_behind(s, t))
            CRN_TRY(crn_pickle_save_array(s, self, body, err));
        crn_save_finish(s);
        return CRN_OK;
    }
}

/* Arguments of INST, OBJ and persistent ids are not a tuple on the stack but what lies above
 * the mark. */
static crn_status begin_instance(crn_pickle_saver *s, const crn_object *self,
                                 const crn_object *body, crn_error *err)
{
    const crn_instance *instance = body->as.instance;
    crn_save_task t = {.kind = CRN_SAVE_INSTANCE_PARTS, .self = self, .body = body};
    if (instance->how == CRN_BY_PERSID && crn_save_was_read_as(s, body, CRN_OP_PERSID)) {
        crn_emit_line(&s->o, CRN_OP_PERSID, crn_object_item(instance->args, 0));
        return CRN_OK;
    }
    if (instance->how != CRN_BY_INST && instance->how != CRN_BY_PERSID)
        return crn_save_push(s, t, err);
    if (instance->how == CRN_BY_INST)
        crn_emit_opcode(&s->o, CRN_OP_MARK);
    t.next = PART_CALL;
    CRN_TRY(crn_save_push(s, t, err));
    for (size_t i = crn_object_length(instance->args); i > 0; i--)
        CRN_TRY(crn_save_push_object(s, crn_object_item(instance->args, i - 1), err));
    if (instance->how == CRN_BY_INST && !crn_save_was_read_as(s, body, CRN_OP_INST))
        return crn_save_push_object(s, instance->callable, err);
    return CRN_OK;
}

/* ---- any object ---- */

/* Writes a value without parts that goes into no memo; false for others. */
static bool emit_plain(crn_pickle_saver *s, const crn_object *object)
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

static crn_status begin_body(crn_pickle_saver *s, const crn_object *self,
                             const crn_object *body, crn_error *err)
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
        return crn_save_begin_tuple(s, self, err);
    case CRN_OBJ_FROZENSET:
        return crn_save_begin_frozenset(s, self, err);
    case CRN_OBJ_LIST:
    case CRN_OBJ_DICT:
    case CRN_OBJ_SET:
        return crn_save_begin_container(s, self, body, err);
    case CRN_OBJ_GLOBAL:
        return begin_global(s, self, err);
    case CRN_OBJ_INSTANCE:
        return begin_instance(s, self, body, err);
    default:
        return crn_fail(err, CRN_INTERNAL, "an object of kind %d", (int)body->kind);
    }
}

static crn_status begin_object(crn_pickle_saver *s, const crn_object *object, crn_error *err)
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

static crn_status continue_task(crn_pickle_saver *s, crn_error *err)
{
    const crn_object *self = crn_save_current(s)->self;
    switch (crn_save_current(s)->kind) {
    case CRN_SAVE_OBJECT:
        crn_save_finish(s);
        return begin_object(s, self, err);
    case CRN_SAVE_TUPLE_ITEMS:
        return crn_save_continue_tuple(s, err);
    case CRN_SAVE_MARKED_ITEMS:
        return crn_save_continue_marked(s, err);
    case CRN_SAVE_BATCHES:
        return crn_save_continue_batches(s, err);
    case CRN_SAVE_GLOBAL_NAMES:
        return continue_global(s, err);
    case CRN_SAVE_INSTANCE_PARTS:
        return continue_instance(s, err);
    }
    return crn_fail(err, CRN_INTERNAL, "a task of kind %d", (int)crn_save_current(s)->kind);
}

/* A whole stream. Called once more, from inside, for each object array: their own pickles hold
 * no wrapper, so it goes no deeper. */
crn_status crn_pickle_save(crn_pickle_saver *s, const crn_object *root, crn_error *err)
{
    crn_emit_begin(&s->o);
    crn_status status = crn_save_push_object(s, root, err);
    while (status == CRN_OK && s->count > 0) {
        status = continue_task(s, err);
        if (status == CRN_OK)
            status = crn_emit_status(&s->o, err);
    }
    crn_emit_end(&s->o);
    free(s->tasks);
    return status == CRN_OK ? crn_emit_status(&s->o, err) : status;
}
