/* SPDX-License-Identifier: BSD-3-Clause */
/* Opcodes of the pickle machine that work on the stack and the memo, and those that name and
 * call things: recorded, never done. */
#include <stdlib.h>

#include "format/pickle_vm.h"

/* ---- stack opcodes and the memo ---- */

crn_status crn_vm_run_mark(crn_vm *m, crn_error *err)
{
    void *grown = m->marks;
    crn_status status =
        crn_grow(&grown, &m->mark_capacity, m->mark_count, sizeof *m->marks, err);
    m->marks = grown;
    CRN_TRY(status);
    m->marks[m->mark_count++] = m->depth;
    return CRN_OK;
}

/* CPython calls a state setter with (object, state) and drops what it returns: a change of the
 * object that this reader would lose. Dropping anything else is what it does for values that
 * hold themselves. */
static bool is_state_setter(const crn_vm *m)
{
    const crn_object *call = crn_vm_top(m, 0);
    return m->depth - crn_vm_floor(m) >= 2 && call->kind == CRN_OBJ_INSTANCE &&
           call->memo != 1 && crn_object_length(call->as.instance->args) == 2 &&
           crn_object_item(call->as.instance->args, 0) == crn_vm_top(m, 1);
}

crn_status crn_vm_run_pop(crn_vm *m, crn_error *err)
{
    if (m->mark_count > 0 && crn_vm_floor(m) == m->depth) {
        m->mark_count--;
        return CRN_OK;
    }
    CRN_TRY(crn_vm_need(m, 1, err));
    if (is_state_setter(m))
        return crn_vm_refuse(m, CRN_UNSUPPORTED, "state set by a function", err);
    m->depth--;
    return CRN_OK;
}

crn_status crn_vm_run_pop_mark(crn_vm *m, crn_error *err)
{
    crn_object **items;
    size_t count;
    return crn_vm_pop_mark(m, &items, &count, err);
}

crn_status crn_vm_run_dup(crn_vm *m, crn_error *err)
{
    CRN_TRY(crn_vm_need(m, 1, err));
    return crn_vm_push(m, crn_vm_top(m, 0), err);
}

/* A pickler counts its puts, so an index cannot be larger than the number of bytes so far. This
 * bounds the memo by the input. */
crn_status crn_vm_memoize(crn_vm *m, uint64_t index, crn_error *err)
{
    CRN_TRY(crn_vm_need(m, 1, err));
    if (index > m->in->position)
        return crn_fail_at(err, CRN_FORMAT, m->offset, "%s: memo index %llu comes too early",
                           crn_vm_opcode_name(m->opcode), (unsigned long long)index);
    if (index >= m->memo_size) {
        size_t wanted = (size_t)index + 1 + m->memo_size / 2 + 16;
        crn_object **grown = realloc(m->memo, wanted * sizeof *grown);
        if (grown == NULL)
            return crn_no_memory(err);
        memset(grown + m->memo_size, 0, (wanted - m->memo_size) * sizeof *grown);
        m->memo = grown;
        m->memo_size = wanted;
    }
    if (m->memo[index] == NULL)
        m->memo_count++;
    m->memo[index] = crn_vm_top(m, 0);
    m->memo[index]->memo = 1;
    return CRN_OK;
}

static crn_status get(crn_vm *m, uint64_t index, crn_error *err)
{
    if (index >= m->memo_size || m->memo[index] == NULL)
        return crn_fail_at(err, CRN_FORMAT, m->offset, "%s: nothing was put at memo index %llu",
                           crn_vm_opcode_name(m->opcode), (unsigned long long)index);
    return crn_vm_push(m, m->memo[index], err);
}

/* PUT, GET and their binary forms; size 0: a decimal line. */
crn_status crn_vm_run_memo(crn_vm *m, size_t size, crn_error *err)
{
    uint64_t index = 0;
    if (size > 0) {
        CRN_TRY(crn_vm_read_uint(m, size, &index, err));
    } else {
        const char *line;
        size_t length;
        int64_t value;
        CRN_TRY(crn_bytes_line(m->in, &line, &length, err));
        if (!crn_parse_int(line, length, &value) || value < 0)
            return crn_vm_refuse(m, CRN_FORMAT, "the line is not a memo index", err);
        index = (uint64_t)value;
    }
    bool is_put = m->opcode == CRN_OP_PUT || m->opcode == CRN_OP_BINPUT ||
                  m->opcode == CRN_OP_LONG_BINPUT;
    return is_put ? crn_vm_memoize(m, index, err) : get(m, index, err);
}

/* ---- names and calls ---- */

static crn_status new_global(crn_vm *m, crn_object *module, crn_object *name, crn_object **out,
                             crn_error *err)
{
    CRN_TRY(crn_vm_new_object(m, CRN_OBJ_GLOBAL, out, err));
    (*out)->as.global.module = module;
    (*out)->as.global.name = name;
    return CRN_OK;
}

/* The two lines behind GLOBAL and INST. */
static crn_status read_global(crn_vm *m, crn_object **out, crn_error *err)
{
    crn_object *parts[2];
    for (int i = 0; i < 2; i++) {
        const char *line;
        size_t size;
        CRN_TRY(crn_bytes_line(m->in, &line, &size, err));
        CRN_TRY(crn_vm_new_str(m, line, size, &parts[i], err));
    }
    return new_global(m, parts[0], parts[1], out, err);
}

crn_status crn_vm_run_global(crn_vm *m, crn_error *err)
{
    crn_object *global;
    CRN_TRY(read_global(m, &global, err));
    return crn_vm_push(m, global, err);
}

crn_status crn_vm_run_stack_global(crn_vm *m, crn_error *err)
{
    crn_object *global;
    CRN_TRY(crn_vm_need(m, 2, err));
    if (crn_vm_top(m, 0)->kind != CRN_OBJ_STR || crn_vm_top(m, 1)->kind != CRN_OBJ_STR)
        return crn_vm_refuse(m, CRN_FORMAT, "module and name must be strings", err);
    CRN_TRY(new_global(m, crn_vm_top(m, 1), crn_vm_top(m, 0), &global, err));
    m->depth -= 2;
    return crn_vm_push(m, global, err);
}

static crn_status push_instance(crn_vm *m, crn_instance_how how, crn_object *callable,
                                crn_object *args, crn_object *kwargs, crn_error *err)
{
    crn_object *object;
    CRN_TRY(crn_vm_push_new(m, CRN_OBJ_INSTANCE, &object, err));
    crn_instance *instance = crn_arena_alloc(m->stream->document->arena, 1, sizeof *instance);
    if (instance == NULL)
        return crn_arena_fail(m->stream->document->arena, err);
    *instance =
        (crn_instance){.how = how, .callable = callable, .args = args, .kwargs = kwargs};
    object->as.instance = instance;
    return CRN_OK;
}

/* REDUCE, NEWOBJ and NEWOBJ_EX: a callable, its arguments, and for the last one keywords. */
crn_status crn_vm_run_call(crn_vm *m, crn_instance_how how, crn_error *err)
{
    size_t count = how == CRN_BY_NEWOBJ_EX ? 3 : 2;
    CRN_TRY(crn_vm_need(m, count, err));
    crn_object *callable = crn_vm_top(m, count - 1), *args = crn_vm_top(m, count - 2);
    crn_object *kwargs = count == 3 ? crn_vm_top(m, 0) : NULL;
    if (args->kind != CRN_OBJ_TUPLE)
        return crn_vm_refuse(m, CRN_FORMAT, "the arguments must be a tuple", err);
    if (kwargs != NULL && kwargs->kind != CRN_OBJ_DICT)
        return crn_vm_refuse(m, CRN_FORMAT, "the keyword arguments must be a dict", err);
    m->depth -= count;
    CRN_TRY(push_instance(m, how, callable, args, kwargs, err));
    if (how == CRN_BY_REDUCE && m->stream->made != NULL)
        return m->stream->made(m->stream, crn_vm_top(m, 0), err);
    return CRN_OK;
}

/* INST names its class in two lines, OBJ has it on the stack as the first of the marked
 * objects. */
crn_status crn_vm_run_inst(crn_vm *m, crn_error *err)
{
    crn_object *callable = NULL, *args;
    crn_object **items;
    size_t count;
    if (m->opcode == CRN_OP_INST)
        CRN_TRY(read_global(m, &callable, err));
    CRN_TRY(crn_vm_pop_mark(m, &items, &count, err));
    if (m->opcode == CRN_OP_OBJ) {
        if (count == 0)
            return crn_vm_refuse(m, CRN_FORMAT, "no class on the stack", err);
        callable = *items++;
        count--;
    }
    CRN_TRY(crn_vm_new_object(m, CRN_OBJ_TUPLE, &args, err));
    CRN_TRY(crn_vm_extend(m, &args->as.items, items, count, err));
    return push_instance(m, CRN_BY_INST, callable, args, NULL, err);
}

crn_status crn_vm_run_persid(crn_vm *m, crn_error *err)
{
    crn_object *id, *args;
    if (m->opcode == CRN_OP_PERSID) {
        const char *line;
        size_t size;
        CRN_TRY(crn_bytes_line(m->in, &line, &size, err));
        CRN_TRY(crn_vm_new_str(m, line, size, &id, err));
    } else {
        CRN_TRY(crn_vm_need(m, 1, err));
        id = m->stack[--m->depth];
    }
    CRN_TRY(crn_vm_new_object(m, CRN_OBJ_TUPLE, &args, err));
    CRN_TRY(crn_vm_extend(m, &args->as.items, &id, 1, err));
    return push_instance(m, CRN_BY_PERSID, NULL, args, NULL, err);
}

crn_status crn_vm_run_build(crn_vm *m, crn_error *err)
{
    CRN_TRY(crn_vm_need(m, 2, err));
    crn_object *state = crn_vm_top(m, 0), *object = crn_vm_top(m, 1);
    if (object->kind != CRN_OBJ_INSTANCE)
        return crn_fail_at(err, CRN_UNSUPPORTED, m->offset, "BUILD: sets the state of a %s",
                           crn_object_kind_name(object));
    if (object->as.instance->state != NULL)
        return crn_vm_refuse(m, CRN_UNSUPPORTED, "sets the state of an object twice", err);
    object->as.instance->state = state;
    m->depth--;
    return m->stream->made != NULL ? m->stream->made(m->stream, object, err) : CRN_OK;
}
