/* SPDX-License-Identifier: BSD-3-Clause */
/* Opcodes of the pickle machine that push values: numbers, strings, bytes, containers. */
#include <stdlib.h>

#include "format/pickle_text.h"
#include "format/pickle_vm.h"
#include "format/python_int.h"

/* ---- numbers ---- */

static crn_status push_int(crn_vm *m, int64_t value, crn_error *err)
{
    crn_object *object;
    CRN_TRY(crn_vm_push_new(m, CRN_OBJ_INT, &object, err));
    object->as.integer = value;
    return CRN_OK;
}

crn_status crn_vm_push_bool(crn_vm *m, bool value, crn_error *err)
{
    crn_object *object;
    CRN_TRY(crn_vm_push_new(m, CRN_OBJ_BOOL, &object, err));
    object->as.boolean = value;
    return CRN_OK;
}

/* An int from its two's complement, of any length. */
static crn_status push_twos_complement(crn_vm *m, const uint8_t *bytes, size_t size,
                                       crn_error *err)
{
    int64_t value;
    if (crn_int_from_bytes(bytes, size, &value))
        return push_int(m, value, err);
    size = crn_int_minimal_size(bytes, size);
    crn_object *object;
    CRN_TRY(crn_vm_push_new(m, CRN_OBJ_LONG, &object, err));
    object->as.bytes.at = crn_arena_text(m->stream->document->arena, (const char *)bytes, size);
    object->as.bytes.size = size;
    return object->as.bytes.at == NULL ? crn_arena_fail(m->stream->document->arena, err)
                                       : CRN_OK;
}

crn_status crn_vm_run_binary_int(crn_vm *m, size_t size, crn_error *err)
{
    uint64_t value;
    CRN_TRY(crn_vm_read_uint(m, size, &value, err));
    return push_int(m, size == 4 ? (int32_t)(uint32_t)value : (int64_t)value, err);
}

crn_status crn_vm_run_long(crn_vm *m, size_t length_size, crn_error *err)
{
    const char *at;
    size_t size;
    CRN_TRY(crn_vm_read_counted(m, length_size, &at, &size, err));
    if (length_size == 4 && size > INT32_MAX)
        return crn_vm_refuse(m, CRN_FORMAT, "the length is negative", err);
    return push_twos_complement(m, (const uint8_t *)at, size, err);
}

static crn_status push_decimal(crn_vm *m, const char *digits, size_t size, crn_error *err)
{
    uint8_t *bytes = NULL;
    crn_error why = CRN_ERROR_INIT;
    crn_status status = crn_int_parse(digits, size, &bytes, &size, &why);
    if (status != CRN_OK)
        return crn_vm_refuse(m, status, why.message, err);
    status = push_twos_complement(m, bytes, size, err);
    free(bytes);
    return status;
}

/* INT is also how protocols 0 and 1 spell True and False; LONG may end in an L. */
crn_status crn_vm_run_text_int(crn_vm *m, crn_error *err)
{
    const char *line;
    size_t size;
    CRN_TRY(crn_bytes_line(m->in, &line, &size, err));
    if (m->opcode == CRN_OP_INT && size == 2 && line[0] == '0' &&
        (line[1] == '0' || line[1] == '1'))
        return crn_vm_push_bool(m, line[1] == '1', err);
    if (m->opcode == CRN_OP_LONG && size > 0 && line[size - 1] == 'L')
        size--;
    return push_decimal(m, line, size, err);
}

static crn_status push_float(crn_vm *m, double value, crn_error *err)
{
    crn_object *object;
    CRN_TRY(crn_vm_push_new(m, CRN_OBJ_FLOAT, &object, err));
    object->as.real = value;
    return CRN_OK;
}

crn_status crn_vm_run_text_float(crn_vm *m, crn_error *err)
{
    const char *line;
    size_t size;
    double value;
    CRN_TRY(crn_bytes_line(m->in, &line, &size, err));
    if (!crn_parse_double(line, size, &value))
        return crn_vm_refuse(m, CRN_FORMAT, "the line is not a number", err);
    return push_float(m, value, err);
}

crn_status crn_vm_run_binary_float(crn_vm *m, crn_error *err)
{
    uint64_t bits;
    double value;
    CRN_TRY(crn_bytes_u64_be(m->in, &bits, err));
    memcpy(&value, &bits, sizeof value);
    return push_float(m, value, err);
}

/* ---- strings and bytes ---- */

crn_status crn_vm_run_binary_unicode(crn_vm *m, size_t length_size, crn_error *err)
{
    const char *at;
    size_t size;
    crn_object *object;
    CRN_TRY(crn_vm_read_counted(m, length_size, &at, &size, err));
    CRN_TRY(crn_vm_new_str(m, at, size, &object, err));
    return crn_vm_push(m, object, err);
}

crn_status crn_vm_run_bytes(crn_vm *m, crn_object_kind kind, size_t length_size, crn_error *err)
{
    const char *at;
    size_t size;
    crn_object *object;
    CRN_TRY(crn_vm_read_counted(m, length_size, &at, &size, err));
    CRN_TRY(crn_vm_push_new(m, kind, &object, err));
    object->as.bytes.at = at;
    object->as.bytes.size = size;
    return CRN_OK;
}

static bool is_ascii(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((uint8_t)text[i] > 0x7f)
            return false;
    return true;
}

/* A string of Python 2: Python 3 reads it as ASCII text. What is not ASCII stays bytes. */
static crn_status push_python2_string(crn_vm *m, const char *text, size_t size, crn_error *err)
{
    crn_object *object;
    CRN_TRY(crn_vm_check_text_size(m, size, err));
    CRN_TRY(
        crn_vm_push_new(m, is_ascii(text, size) ? CRN_OBJ_STR : CRN_OBJ_BYTES, &object, err));
    object->as.bytes.at = crn_arena_text(m->stream->document->arena, text, size);
    object->as.bytes.size = size;
    return object->as.bytes.at == NULL ? crn_arena_fail(m->stream->document->arena, err)
                                       : CRN_OK;
}

crn_status crn_vm_run_binary_string(crn_vm *m, size_t length_size, crn_error *err)
{
    const char *at;
    size_t size;
    CRN_TRY(crn_vm_read_counted(m, length_size, &at, &size, err));
    return push_python2_string(m, at, size, err);
}

/* UNICODE and STRING: a line of escapes. */
crn_status crn_vm_run_text_string(crn_vm *m, crn_error *err)
{
    const char *line;
    size_t size;
    crn_text text = CRN_TEXT_INIT;
    crn_object *object;
    crn_status status;
    CRN_TRY_OR_DONE(crn_bytes_line(m->in, &line, &size, err));
    CRN_TRY_OR_DONE(crn_vm_check_text_size(m, size, err));
    bool is_unicode = m->opcode == CRN_OP_UNICODE;
    m->stream->raw_controls |=
        is_unicode && (memchr(line, '\0', size) != NULL || memchr(line, '\r', size) != NULL ||
                       memchr(line, 0x1a, size) != NULL);
    bool decoded = is_unicode ? crn_pickle_decode_unicode(line, size, &text)
                              : crn_pickle_decode_string(line, size, &text);
    CRN_TRY_OR_DONE(crn_text_status(&text, err));
    if (!decoded) {
        status =
            crn_vm_refuse(m, CRN_FORMAT, "the line is not a string with valid escapes", err);
        goto done;
    }
    const char *data = text.data != NULL ? text.data : "";
    if (!is_unicode) {
        status = push_python2_string(m, data, text.size, err);
        goto done;
    }
    CRN_TRY_OR_DONE(crn_vm_new_str(m, data, text.size, &object, err));
    status = crn_vm_push(m, object, err);
done:
    crn_text_free(&text);
    return status;
}

/* ---- containers ---- */

crn_status crn_vm_extend(crn_vm *m, crn_object_items *items, crn_object **more, size_t count,
                         crn_error *err)
{
    if (!crn_object_items_extend(m->stream->document, items, more, count))
        return crn_arena_fail(m->stream->document->arena, err);
    return CRN_OK;
}

/* The object is made before it is pushed: the push may move what `items` points to. */
static crn_status push_container(crn_vm *m, crn_object_kind kind, crn_object **items,
                                 size_t count, crn_error *err)
{
    crn_object *object;
    CRN_TRY(crn_vm_new_object(m, kind, &object, err));
    CRN_TRY(crn_vm_extend(m, &object->as.items, items, count, err));
    return crn_vm_push(m, object, err);
}

/* TUPLE, LIST, DICT and FROZENSET of all above the MARK. */
crn_status crn_vm_run_marked(crn_vm *m, crn_object_kind kind, crn_error *err)
{
    crn_object **items;
    size_t count;
    CRN_TRY(crn_vm_pop_mark(m, &items, &count, err));
    if (kind == CRN_OBJ_DICT && count % 2 != 0)
        return crn_vm_refuse(m, CRN_FORMAT, "a key has no value", err);
    return push_container(m, kind, items, count, err);
}

crn_status crn_vm_run_small_tuple(crn_vm *m, size_t count, crn_error *err)
{
    CRN_TRY(crn_vm_need(m, count, err));
    m->depth -= count;
    return push_container(m, CRN_OBJ_TUPLE, m->stack + m->depth, count, err);
}

/* Where items that are added to `target` go; NULL when it takes none of that sort. */
static crn_object_items *items_of(crn_object *target, uint8_t opcode)
{
    bool pairs = opcode == CRN_OP_SETITEM || opcode == CRN_OP_SETITEMS;
    bool to_set = opcode == CRN_OP_ADDITEMS;
    if (target->kind == CRN_OBJ_INSTANCE && !to_set)
        return pairs ? &target->as.instance->set : &target->as.instance->append;
    crn_object_kind wanted = pairs ? CRN_OBJ_DICT : to_set ? CRN_OBJ_SET : CRN_OBJ_LIST;
    return target->kind == wanted ? &target->as.items : NULL;
}

static crn_status add_items(crn_vm *m, crn_object **items, size_t count, crn_error *err)
{
    CRN_TRY(crn_vm_need(m, 1, err));
    crn_object_items *target = items_of(crn_vm_top(m, 0), m->opcode);
    if (target == NULL)
        return crn_fail_at(err, CRN_FORMAT, m->offset, "%s: a %s takes no such items",
                           crn_vm_opcode_name(m->opcode),
                           crn_object_kind_name(crn_vm_top(m, 0)));
    return crn_vm_extend(m, target, items, count, err);
}

/* APPENDS, SETITEMS, ADDITEMS. */
crn_status crn_vm_run_batch(crn_vm *m, crn_error *err)
{
    crn_object **items;
    size_t count;
    CRN_TRY(crn_vm_pop_mark(m, &items, &count, err));
    if (m->opcode == CRN_OP_SETITEMS && count % 2 != 0)
        return crn_vm_refuse(m, CRN_FORMAT, "a key has no value", err);
    size_t single = m->opcode == CRN_OP_APPENDS ? 1 : m->opcode == CRN_OP_SETITEMS ? 2 : 0;
    m->stream->c_batches |= count <= single;
    return add_items(m, items, count, err);
}

/* APPEND (1) and SETITEM (2). */
crn_status crn_vm_run_add(crn_vm *m, size_t count, crn_error *err)
{
    CRN_TRY(crn_vm_need(m, count + 1, err));
    m->depth -= count;
    return add_items(m, m->stack + m->depth, count, err);
}
