/* SPDX-License-Identifier: BSD-3-Clause */
/* What all opcodes of the pickle machine need. The stack is an array on the heap, so no input
 * makes the machine recurse. */
#include "format/pickle_vm.h"

#include "format/pickle_text.h"

const char *crn_vm_opcode_name(uint8_t opcode)
{
    switch (opcode) {
#define CRN_PICKLE_OPCODE_NAME(name, byte, protocol)                                           \
    case byte:                                                                                 \
        return #name;
        CRN_PICKLE_OPCODE_MAP(CRN_PICKLE_OPCODE_NAME)
#undef CRN_PICKLE_OPCODE_NAME
    default:
        return NULL;
    }
}

/* "REDUCE: <what>" at the opcode. */
crn_status crn_vm_refuse(const crn_vm *m, crn_status code, const char *what, crn_error *err)
{
    return crn_fail_at(err, code, m->offset, "%s: %s", crn_vm_opcode_name(m->opcode), what);
}

/* ---- stack and objects ---- */

/* The depth below which the innermost MARK hides the stack. */
size_t crn_vm_floor(const crn_vm *m)
{
    return m->mark_count > 0 ? m->marks[m->mark_count - 1] : 0;
}

crn_status crn_vm_push(crn_vm *m, crn_object *object, crn_error *err)
{
    if (object == NULL)
        return crn_arena_fail(m->stream->document->arena, err);
    void *grown = m->stack;
    crn_status status = crn_grow(&grown, &m->stack_capacity, m->depth, sizeof *m->stack, err);
    m->stack = (crn_object **)grown;
    CRN_TRY(status);
    m->stack[m->depth++] = object;
    return CRN_OK;
}

crn_status crn_vm_need(const crn_vm *m, size_t count, crn_error *err)
{
    if (m->depth - crn_vm_floor(m) < count)
        return crn_vm_refuse(m, CRN_FORMAT, "the stack holds too little", err);
    return CRN_OK;
}

/* The object below the `above` topmost ones. The caller has checked with crn_vm_need(). */
crn_object *crn_vm_top(const crn_vm *m, size_t above)
{
    return m->stack[m->depth - 1 - above];
}

/* Takes everything above the innermost MARK off the stack, and the MARK. The objects stay
 * readable until the next push. */
crn_status crn_vm_pop_mark(crn_vm *m, crn_object ***items, size_t *count, crn_error *err)
{
    if (m->mark_count == 0)
        return crn_vm_refuse(m, CRN_FORMAT, "no MARK on the stack", err);
    size_t begin = m->marks[--m->mark_count];
    *items = begin > 0 ? m->stack + begin : m->stack; /* there may be no stack yet */
    *count = m->depth - begin;
    m->depth = begin;
    return CRN_OK;
}

crn_status crn_vm_new_object(crn_vm *m, crn_object_kind kind, crn_object **out, crn_error *err)
{
    if (*m->stream->objects_left == 0)
        return crn_vm_refuse(m, CRN_LIMIT, "more objects than the limit `objects` allows", err);
    --*m->stream->objects_left;
    *out = crn_object_new(m->stream->document, kind);
    if (*out == NULL)
        return crn_arena_fail(m->stream->document->arena, err);
    (*out)->offset = m->offset;
    (*out)->opcode = m->opcode;
    (*out)->memo = 2;
    return CRN_OK;
}

crn_status crn_vm_push_new(crn_vm *m, crn_object_kind kind, crn_object **out, crn_error *err)
{
    CRN_TRY(crn_vm_new_object(m, kind, out, err));
    return crn_vm_push(m, *out, err);
}

/* ---- arguments ---- */

/* A little-endian unsigned number of `size` bytes. */
crn_status crn_vm_read_uint(crn_vm *m, size_t size, uint64_t *out, crn_error *err)
{
    const uint8_t *at = crn_bytes_take(m->in, size, err);
    if (at == NULL)
        return CRN_FORMAT;
    *out = 0;
    for (size_t i = size; i > 0; i--)
        *out = *out << 8 | at[i - 1];
    return CRN_OK;
}

/* Bytes behind their length, which takes `length_size` bytes. In place. */
crn_status crn_vm_read_counted(crn_vm *m, size_t length_size, const char **at, size_t *size,
                               crn_error *err)
{
    uint64_t length;
    CRN_TRY(crn_vm_read_uint(m, length_size, &length, err));
    *at = (const char *)crn_bytes_take(m->in, length, err);
    *size = (size_t)length;
    return *at == NULL ? CRN_FORMAT : CRN_OK;
}

crn_status crn_vm_check_text_size(const crn_vm *m, size_t size, crn_error *err)
{
    if (size > m->stream->text_bytes)
        return crn_fail_at(err, CRN_LIMIT, m->offset,
                           "%s: a string of %zu bytes, more than the limit text_bytes = %llu",
                           crn_vm_opcode_name(m->opcode), size,
                           (unsigned long long)m->stream->text_bytes);
    return CRN_OK;
}

/* A copy of UTF-8 as an object that is not on the stack. */
crn_status crn_vm_new_str(crn_vm *m, const char *text, size_t size, crn_object **out,
                          crn_error *err)
{
    CRN_TRY(crn_vm_check_text_size(m, size, err));
    if (!crn_pickle_is_utf8(text, size))
        return crn_vm_refuse(m, CRN_FORMAT, "a string is not UTF-8", err);
    CRN_TRY(crn_vm_new_object(m, CRN_OBJ_STR, out, err));
    (*out)->as.bytes.at = crn_arena_text(m->stream->document->arena, text, size);
    (*out)->as.bytes.size = size;
    return (*out)->as.bytes.at == NULL ? crn_arena_fail(m->stream->document->arena, err)
                                       : CRN_OK;
}
