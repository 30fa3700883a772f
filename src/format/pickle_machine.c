/* SPDX-License-Identifier: BSD-3-Clause */
/* The pickle virtual machine (see Lib/pickle.py of CPython 3.13 for what each opcode does
 * there). Its stack, marks and memo are arrays on the heap, so no input makes it recurse. */
#include "format/pickle_machine.h"

#include <stdlib.h>

#include "format/pickle_opcodes.h"
#include "format/pickle_text.h"
#include "format/python_int.h"

typedef struct machine {
    crn_pickle_stream *stream;
    crn_bytes *in;
    crn_object **stack;
    size_t depth, stack_capacity;
    size_t *marks; /* depths at which MARK was met */
    size_t mark_count, mark_capacity;
    crn_object **memo; /* by index; NULL where nothing was put */
    size_t memo_size, memo_count;
    uint8_t opcode;
    uint64_t offset; /* of the opcode */
    int newest;      /* highest protocol of the opcodes so far */
    bool has_proto;
    bool stopped;
} machine;

static const char *opcode_name(uint8_t opcode)
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

static int opcode_protocol(uint8_t opcode)
{
    switch (opcode) {
#define CRN_PICKLE_OPCODE_PROTOCOL(name, byte, protocol)                                       \
    case byte:                                                                                 \
        return protocol;
        CRN_PICKLE_OPCODE_MAP(CRN_PICKLE_OPCODE_PROTOCOL)
#undef CRN_PICKLE_OPCODE_PROTOCOL
    default:
        return 0;
    }
}

/* "REDUCE: <what>" at the opcode. */
static crn_status refuse(const machine *m, crn_status code, const char *what, crn_error *err)
{
    return crn_fail_at(err, code, m->offset, "%s: %s", opcode_name(m->opcode), what);
}

/* ---- stack and objects --------------------------------------------------------------- */

/* The depth below which the innermost MARK hides the stack. */
static size_t floor_of(const machine *m)
{
    return m->mark_count > 0 ? m->marks[m->mark_count - 1] : 0;
}

static crn_status push(machine *m, crn_object *object, crn_error *err)
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

static crn_status need(const machine *m, size_t count, crn_error *err)
{
    if (m->depth - floor_of(m) < count)
        return refuse(m, CRN_FORMAT, "the stack holds too little", err);
    return CRN_OK;
}

/* The object below the `above` topmost ones. The caller has checked with need(). */
static crn_object *top(const machine *m, size_t above)
{
    return m->stack[m->depth - 1 - above];
}

/* Takes everything above the innermost MARK off the stack, and the MARK. The objects stay
 * readable until the next push. */
static crn_status pop_mark(machine *m, crn_object ***items, size_t *count, crn_error *err)
{
    if (m->mark_count == 0)
        return refuse(m, CRN_FORMAT, "no MARK on the stack", err);
    size_t begin = m->marks[--m->mark_count];
    *items = m->stack + begin;
    *count = m->depth - begin;
    m->depth = begin;
    return CRN_OK;
}

static crn_status new_object(machine *m, crn_object_kind kind, crn_object **out, crn_error *err)
{
    if (*m->stream->objects_left == 0)
        return refuse(m, CRN_LIMIT, "more objects than the limit `objects` allows", err);
    --*m->stream->objects_left;
    *out = crn_object_new(m->stream->document, kind);
    if (*out == NULL)
        return crn_arena_fail(m->stream->document->arena, err);
    (*out)->offset = m->offset;
    (*out)->opcode = m->opcode;
    (*out)->memo = 2;
    return CRN_OK;
}

static crn_status push_new(machine *m, crn_object_kind kind, crn_object **out, crn_error *err)
{
    CRN_TRY(new_object(m, kind, out, err));
    return push(m, *out, err);
}

/* ---- arguments ----------------------------------------------------------------------- */

/* A little-endian unsigned number of `size` bytes. */
static crn_status read_uint(machine *m, size_t size, uint64_t *out, crn_error *err)
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
static crn_status read_counted(machine *m, size_t length_size, const char **at, size_t *size,
                               crn_error *err)
{
    uint64_t length;
    CRN_TRY(read_uint(m, length_size, &length, err));
    *at = (const char *)crn_bytes_take(m->in, length, err);
    *size = (size_t)length;
    return *at == NULL ? CRN_FORMAT : CRN_OK;
}

static crn_status check_text_size(const machine *m, size_t size, crn_error *err)
{
    if (size > m->stream->text_bytes)
        return crn_fail_at(err, CRN_LIMIT, m->offset,
                           "%s: a string of %zu bytes, more than the limit text_bytes = %llu",
                           opcode_name(m->opcode), size,
                           (unsigned long long)m->stream->text_bytes);
    return CRN_OK;
}

/* A copy of UTF-8 as an object that is not on the stack. */
static crn_status new_str(machine *m, const char *text, size_t size, crn_object **out,
                          crn_error *err)
{
    CRN_TRY(check_text_size(m, size, err));
    if (!crn_pickle_is_utf8(text, size))
        return refuse(m, CRN_FORMAT, "a string is not UTF-8", err);
    CRN_TRY(new_object(m, CRN_OBJ_STR, out, err));
    (*out)->as.bytes.at = crn_arena_text(m->stream->document->arena, text, size);
    (*out)->as.bytes.size = size;
    return (*out)->as.bytes.at == NULL ? crn_arena_fail(m->stream->document->arena, err)
                                       : CRN_OK;
}

/* ---- numbers ------------------------------------------------------------------------- */

static crn_status push_int(machine *m, int64_t value, crn_error *err)
{
    crn_object *object;
    CRN_TRY(push_new(m, CRN_OBJ_INT, &object, err));
    object->as.integer = value;
    return CRN_OK;
}

static crn_status push_bool(machine *m, bool value, crn_error *err)
{
    crn_object *object;
    CRN_TRY(push_new(m, CRN_OBJ_BOOL, &object, err));
    object->as.boolean = value;
    return CRN_OK;
}

/* An int from its two's complement, of any length. */
static crn_status push_twos_complement(machine *m, const uint8_t *bytes, size_t size,
                                       crn_error *err)
{
    int64_t value;
    if (crn_int_from_bytes(bytes, size, &value))
        return push_int(m, value, err);
    size = crn_int_minimal_size(bytes, size);
    crn_object *object;
    CRN_TRY(push_new(m, CRN_OBJ_LONG, &object, err));
    object->as.bytes.at = crn_arena_text(m->stream->document->arena, (const char *)bytes, size);
    object->as.bytes.size = size;
    return object->as.bytes.at == NULL ? crn_arena_fail(m->stream->document->arena, err)
                                       : CRN_OK;
}

static crn_status run_binary_int(machine *m, size_t size, crn_error *err)
{
    uint64_t value;
    CRN_TRY(read_uint(m, size, &value, err));
    return push_int(m, size == 4 ? (int32_t)(uint32_t)value : (int64_t)value, err);
}

static crn_status run_long(machine *m, size_t length_size, crn_error *err)
{
    const char *at;
    size_t size;
    CRN_TRY(read_counted(m, length_size, &at, &size, err));
    if (length_size == 4 && size > INT32_MAX)
        return refuse(m, CRN_FORMAT, "the length is negative", err);
    return push_twos_complement(m, (const uint8_t *)at, size, err);
}

static crn_status push_decimal(machine *m, const char *digits, size_t size, crn_error *err)
{
    uint8_t *bytes = NULL;
    crn_error why = CRN_ERROR_INIT;
    crn_status status = crn_int_parse(digits, size, &bytes, &size, &why);
    if (status != CRN_OK)
        return refuse(m, status, why.message, err);
    status = push_twos_complement(m, bytes, size, err);
    free(bytes);
    return status;
}

/* INT is also how protocols 0 and 1 spell True and False; LONG may end in an L. */
static crn_status run_text_int(machine *m, crn_error *err)
{
    const char *line;
    size_t size;
    CRN_TRY(crn_bytes_line(m->in, &line, &size, err));
    if (m->opcode == CRN_OP_INT && size == 2 && line[0] == '0' &&
        (line[1] == '0' || line[1] == '1'))
        return push_bool(m, line[1] == '1', err);
    if (m->opcode == CRN_OP_LONG && size > 0 && line[size - 1] == 'L')
        size--;
    return push_decimal(m, line, size, err);
}

static crn_status push_float(machine *m, double value, crn_error *err)
{
    crn_object *object;
    CRN_TRY(push_new(m, CRN_OBJ_FLOAT, &object, err));
    object->as.real = value;
    return CRN_OK;
}

static crn_status run_text_float(machine *m, crn_error *err)
{
    const char *line;
    size_t size;
    double value;
    CRN_TRY(crn_bytes_line(m->in, &line, &size, err));
    if (!crn_parse_double(line, size, &value))
        return refuse(m, CRN_FORMAT, "the line is not a number", err);
    return push_float(m, value, err);
}

static crn_status run_binary_float(machine *m, crn_error *err)
{
    uint64_t bits;
    double value;
    CRN_TRY(crn_bytes_u64_be(m->in, &bits, err));
    memcpy(&value, &bits, sizeof value);
    return push_float(m, value, err);
}

/* ---- strings and bytes --------------------------------------------------------------- */

static crn_status run_binary_unicode(machine *m, size_t length_size, crn_error *err)
{
    const char *at;
    size_t size;
    crn_object *object;
    CRN_TRY(read_counted(m, length_size, &at, &size, err));
    CRN_TRY(new_str(m, at, size, &object, err));
    return push(m, object, err);
}

static crn_status run_bytes(machine *m, crn_object_kind kind, size_t length_size,
                            crn_error *err)
{
    const char *at;
    size_t size;
    crn_object *object;
    CRN_TRY(read_counted(m, length_size, &at, &size, err));
    CRN_TRY(push_new(m, kind, &object, err));
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
static crn_status push_python2_string(machine *m, const char *text, size_t size, crn_error *err)
{
    crn_object *object;
    CRN_TRY(check_text_size(m, size, err));
    CRN_TRY(push_new(m, is_ascii(text, size) ? CRN_OBJ_STR : CRN_OBJ_BYTES, &object, err));
    object->as.bytes.at = crn_arena_text(m->stream->document->arena, text, size);
    object->as.bytes.size = size;
    return object->as.bytes.at == NULL ? crn_arena_fail(m->stream->document->arena, err)
                                       : CRN_OK;
}

static crn_status run_binary_string(machine *m, size_t length_size, crn_error *err)
{
    const char *at;
    size_t size;
    CRN_TRY(read_counted(m, length_size, &at, &size, err));
    return push_python2_string(m, at, size, err);
}

/* UNICODE and STRING: a line of escapes. */
static crn_status run_text_string(machine *m, crn_error *err)
{
    const char *line;
    size_t size;
    crn_text text = CRN_TEXT_INIT;
    crn_object *object;
    crn_status status;
    CRN_TRY_OR_DONE(crn_bytes_line(m->in, &line, &size, err));
    CRN_TRY_OR_DONE(check_text_size(m, size, err));
    bool is_unicode = m->opcode == CRN_OP_UNICODE;
    bool decoded = is_unicode ? crn_pickle_decode_unicode(line, size, &text)
                              : crn_pickle_decode_string(line, size, &text);
    CRN_TRY_OR_DONE(crn_text_status(&text, err));
    if (!decoded) {
        status = refuse(m, CRN_FORMAT, "the line is not a string with valid escapes", err);
        goto done;
    }
    const char *data = text.data != NULL ? text.data : "";
    if (!is_unicode) {
        status = push_python2_string(m, data, text.size, err);
        goto done;
    }
    CRN_TRY_OR_DONE(new_str(m, data, text.size, &object, err));
    status = push(m, object, err);
done:
    crn_text_free(&text);
    return status;
}

/* ---- containers ---------------------------------------------------------------------- */

static crn_status extend(machine *m, crn_object_items *items, crn_object **more, size_t count,
                         crn_error *err)
{
    if (!crn_object_items_extend(m->stream->document, items, more, count))
        return crn_arena_fail(m->stream->document->arena, err);
    return CRN_OK;
}

/* The object is made before it is pushed: the push may move what `items` points to. */
static crn_status push_container(machine *m, crn_object_kind kind, crn_object **items,
                                 size_t count, crn_error *err)
{
    crn_object *object;
    CRN_TRY(new_object(m, kind, &object, err));
    CRN_TRY(extend(m, &object->as.items, items, count, err));
    return push(m, object, err);
}

/* TUPLE, LIST, DICT and FROZENSET of all above the MARK. */
static crn_status run_marked(machine *m, crn_object_kind kind, crn_error *err)
{
    crn_object **items;
    size_t count;
    CRN_TRY(pop_mark(m, &items, &count, err));
    if (kind == CRN_OBJ_DICT && count % 2 != 0)
        return refuse(m, CRN_FORMAT, "a key has no value", err);
    return push_container(m, kind, items, count, err);
}

static crn_status run_small_tuple(machine *m, size_t count, crn_error *err)
{
    CRN_TRY(need(m, count, err));
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

static crn_status add_items(machine *m, crn_object **items, size_t count, crn_error *err)
{
    CRN_TRY(need(m, 1, err));
    crn_object_items *target = items_of(top(m, 0), m->opcode);
    if (target == NULL)
        return crn_fail_at(err, CRN_FORMAT, m->offset, "%s: a %s takes no such items",
                           opcode_name(m->opcode), crn_object_kind_name(top(m, 0)));
    return extend(m, target, items, count, err);
}

/* APPENDS, SETITEMS, ADDITEMS. */
static crn_status run_batch(machine *m, crn_error *err)
{
    crn_object **items;
    size_t count;
    CRN_TRY(pop_mark(m, &items, &count, err));
    if (m->opcode == CRN_OP_SETITEMS && count % 2 != 0)
        return refuse(m, CRN_FORMAT, "a key has no value", err);
    size_t single = m->opcode == CRN_OP_APPENDS ? 1 : m->opcode == CRN_OP_SETITEMS ? 2 : 0;
    m->stream->c_batches |= count <= single;
    return add_items(m, items, count, err);
}

/* APPEND (1) and SETITEM (2). */
static crn_status run_add(machine *m, size_t count, crn_error *err)
{
    CRN_TRY(need(m, count + 1, err));
    m->depth -= count;
    return add_items(m, m->stack + m->depth, count, err);
}

/* ---- stack opcodes and the memo ------------------------------------------------------ */

static crn_status run_mark(machine *m, crn_error *err)
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
static bool is_state_setter(const machine *m)
{
    const crn_object *call = top(m, 0);
    return m->depth - floor_of(m) >= 2 && call->kind == CRN_OBJ_INSTANCE && call->memo != 1 &&
           crn_object_length(call->as.instance->args) == 2 &&
           crn_object_item(call->as.instance->args, 0) == top(m, 1);
}

static crn_status run_pop(machine *m, crn_error *err)
{
    if (m->mark_count > 0 && floor_of(m) == m->depth) {
        m->mark_count--;
        return CRN_OK;
    }
    CRN_TRY(need(m, 1, err));
    if (is_state_setter(m))
        return refuse(m, CRN_UNSUPPORTED, "state set by a function", err);
    m->depth--;
    return CRN_OK;
}

static crn_status run_pop_mark(machine *m, crn_error *err)
{
    crn_object **items;
    size_t count;
    return pop_mark(m, &items, &count, err);
}

static crn_status run_dup(machine *m, crn_error *err)
{
    CRN_TRY(need(m, 1, err));
    return push(m, top(m, 0), err);
}

/* A pickler counts its puts, so an index cannot be larger than the number of bytes so far. This
 * bounds the memo by the input. */
static crn_status put(machine *m, uint64_t index, crn_error *err)
{
    CRN_TRY(need(m, 1, err));
    if (index > m->in->position)
        return crn_fail_at(err, CRN_FORMAT, m->offset, "%s: memo index %llu comes too early",
                           opcode_name(m->opcode), (unsigned long long)index);
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
    m->memo[index] = top(m, 0);
    m->memo[index]->memo = 1;
    return CRN_OK;
}

static crn_status get(machine *m, uint64_t index, crn_error *err)
{
    if (index >= m->memo_size || m->memo[index] == NULL)
        return crn_fail_at(err, CRN_FORMAT, m->offset, "%s: nothing was put at memo index %llu",
                           opcode_name(m->opcode), (unsigned long long)index);
    return push(m, m->memo[index], err);
}

/* PUT, GET and their binary forms; size 0: a decimal line. */
static crn_status run_memo(machine *m, size_t size, crn_error *err)
{
    uint64_t index = 0;
    if (size > 0) {
        CRN_TRY(read_uint(m, size, &index, err));
    } else {
        const char *line;
        size_t length;
        int64_t value;
        CRN_TRY(crn_bytes_line(m->in, &line, &length, err));
        if (!crn_parse_int(line, length, &value) || value < 0)
            return refuse(m, CRN_FORMAT, "the line is not a memo index", err);
        index = (uint64_t)value;
    }
    bool is_put = m->opcode == CRN_OP_PUT || m->opcode == CRN_OP_BINPUT ||
                  m->opcode == CRN_OP_LONG_BINPUT;
    return is_put ? put(m, index, err) : get(m, index, err);
}

/* ---- names and calls ----------------------------------------------------------------- */

static crn_status new_global(machine *m, crn_object *module, crn_object *name, crn_object **out,
                             crn_error *err)
{
    CRN_TRY(new_object(m, CRN_OBJ_GLOBAL, out, err));
    (*out)->as.global.module = module;
    (*out)->as.global.name = name;
    return CRN_OK;
}

/* The two lines behind GLOBAL and INST. */
static crn_status read_global(machine *m, crn_object **out, crn_error *err)
{
    crn_object *parts[2];
    for (int i = 0; i < 2; i++) {
        const char *line;
        size_t size;
        CRN_TRY(crn_bytes_line(m->in, &line, &size, err));
        CRN_TRY(new_str(m, line, size, &parts[i], err));
    }
    return new_global(m, parts[0], parts[1], out, err);
}

static crn_status run_global(machine *m, crn_error *err)
{
    crn_object *global;
    CRN_TRY(read_global(m, &global, err));
    return push(m, global, err);
}

static crn_status run_stack_global(machine *m, crn_error *err)
{
    crn_object *global;
    CRN_TRY(need(m, 2, err));
    if (top(m, 0)->kind != CRN_OBJ_STR || top(m, 1)->kind != CRN_OBJ_STR)
        return refuse(m, CRN_FORMAT, "module and name must be strings", err);
    CRN_TRY(new_global(m, top(m, 1), top(m, 0), &global, err));
    m->depth -= 2;
    return push(m, global, err);
}

static crn_status push_instance(machine *m, crn_instance_how how, crn_object *callable,
                                crn_object *args, crn_object *kwargs, crn_error *err)
{
    crn_object *object;
    CRN_TRY(push_new(m, CRN_OBJ_INSTANCE, &object, err));
    crn_instance *instance = crn_arena_alloc(m->stream->document->arena, 1, sizeof *instance);
    if (instance == NULL)
        return crn_arena_fail(m->stream->document->arena, err);
    *instance =
        (crn_instance){.how = how, .callable = callable, .args = args, .kwargs = kwargs};
    object->as.instance = instance;
    return CRN_OK;
}

/* REDUCE, NEWOBJ and NEWOBJ_EX: a callable, its arguments, and for the last one keywords. */
static crn_status run_call(machine *m, crn_instance_how how, crn_error *err)
{
    size_t count = how == CRN_BY_NEWOBJ_EX ? 3 : 2;
    CRN_TRY(need(m, count, err));
    crn_object *callable = top(m, count - 1), *args = top(m, count - 2);
    crn_object *kwargs = count == 3 ? top(m, 0) : NULL;
    if (args->kind != CRN_OBJ_TUPLE)
        return refuse(m, CRN_FORMAT, "the arguments must be a tuple", err);
    if (kwargs != NULL && kwargs->kind != CRN_OBJ_DICT)
        return refuse(m, CRN_FORMAT, "the keyword arguments must be a dict", err);
    m->depth -= count;
    CRN_TRY(push_instance(m, how, callable, args, kwargs, err));
    if (how == CRN_BY_REDUCE && m->stream->made != NULL)
        return m->stream->made(m->stream, top(m, 0), err);
    return CRN_OK;
}

/* INST names its class in two lines, OBJ has it on the stack as the first of the marked
 * objects. */
static crn_status run_inst(machine *m, crn_error *err)
{
    crn_object *callable = NULL, *args;
    crn_object **items;
    size_t count;
    if (m->opcode == CRN_OP_INST)
        CRN_TRY(read_global(m, &callable, err));
    CRN_TRY(pop_mark(m, &items, &count, err));
    if (m->opcode == CRN_OP_OBJ) {
        if (count == 0)
            return refuse(m, CRN_FORMAT, "no class on the stack", err);
        callable = *items++;
        count--;
    }
    CRN_TRY(new_object(m, CRN_OBJ_TUPLE, &args, err));
    CRN_TRY(extend(m, &args->as.items, items, count, err));
    return push_instance(m, CRN_BY_INST, callable, args, NULL, err);
}

static crn_status run_persid(machine *m, crn_error *err)
{
    crn_object *id, *args;
    if (m->opcode == CRN_OP_PERSID) {
        const char *line;
        size_t size;
        CRN_TRY(crn_bytes_line(m->in, &line, &size, err));
        CRN_TRY(new_str(m, line, size, &id, err));
    } else {
        CRN_TRY(need(m, 1, err));
        id = m->stack[--m->depth];
    }
    CRN_TRY(new_object(m, CRN_OBJ_TUPLE, &args, err));
    CRN_TRY(extend(m, &args->as.items, &id, 1, err));
    return push_instance(m, CRN_BY_PERSID, NULL, args, NULL, err);
}

static crn_status run_build(machine *m, crn_error *err)
{
    CRN_TRY(need(m, 2, err));
    crn_object *state = top(m, 0), *object = top(m, 1);
    if (object->kind != CRN_OBJ_INSTANCE)
        return crn_fail_at(err, CRN_UNSUPPORTED, m->offset, "BUILD: sets the state of a %s",
                           crn_object_kind_name(object));
    if (object->as.instance->state != NULL)
        return refuse(m, CRN_UNSUPPORTED, "sets the state of an object twice", err);
    object->as.instance->state = state;
    m->depth--;
    return m->stream->made != NULL ? m->stream->made(m->stream, object, err) : CRN_OK;
}

/* ---- the stream's own opcodes -------------------------------------------------------- */

static crn_status run_proto(machine *m, crn_error *err)
{
    uint8_t protocol;
    CRN_TRY(crn_bytes_u8(m->in, &protocol, err));
    if (protocol > CRN_PICKLE_NEWEST)
        return crn_fail_at(err, CRN_UNSUPPORTED, m->offset,
                           "pickle protocol %u; at most %d is known", protocol,
                           CRN_PICKLE_NEWEST);
    m->stream->protocol = protocol;
    m->has_proto = true;
    return CRN_OK;
}

static crn_status run_frame(machine *m, crn_error *err)
{
    uint64_t size;
    CRN_TRY(crn_bytes_u64(m->in, &size, err));
    if (size > crn_bytes_left(m->in))
        return crn_fail_at(err, CRN_FORMAT, m->offset,
                           "FRAME: ends early: %llu bytes wanted, %zu are left",
                           (unsigned long long)size, crn_bytes_left(m->in));
    m->stream->framed = true;
    return CRN_OK;
}

static crn_status run_stop(machine *m, crn_error *err)
{
    CRN_TRY(need(m, 1, err));
    m->stream->root = top(m, 0);
    m->stopped = true;
    return CRN_OK;
}

static crn_status run_empty(machine *m, crn_object_kind kind, crn_error *err)
{
    crn_object *object;
    return push_new(m, kind, &object, err);
}

static crn_status run_opcode(machine *m, crn_error *err)
{
    switch ((crn_pickle_opcode)m->opcode) {
    case CRN_OP_PROTO:
        return run_proto(m, err);
    case CRN_OP_FRAME:
        return run_frame(m, err);
    case CRN_OP_STOP:
        return run_stop(m, err);
    case CRN_OP_MARK:
        return run_mark(m, err);
    case CRN_OP_POP:
        return run_pop(m, err);
    case CRN_OP_POP_MARK:
        return run_pop_mark(m, err);
    case CRN_OP_DUP:
        return run_dup(m, err);
    case CRN_OP_PUT:
    case CRN_OP_GET:
        return run_memo(m, 0, err);
    case CRN_OP_BINPUT:
    case CRN_OP_BINGET:
        return run_memo(m, 1, err);
    case CRN_OP_LONG_BINPUT:
    case CRN_OP_LONG_BINGET:
        return run_memo(m, 4, err);
    case CRN_OP_MEMOIZE:
        return put(m, m->memo_count, err);

    case CRN_OP_NONE:
        return run_empty(m, CRN_OBJ_NONE, err);
    case CRN_OP_NEWTRUE:
        return push_bool(m, true, err);
    case CRN_OP_NEWFALSE:
        return push_bool(m, false, err);
    case CRN_OP_INT:
    case CRN_OP_LONG:
        return run_text_int(m, err);
    case CRN_OP_BININT:
        return run_binary_int(m, 4, err);
    case CRN_OP_BININT1:
        return run_binary_int(m, 1, err);
    case CRN_OP_BININT2:
        return run_binary_int(m, 2, err);
    case CRN_OP_LONG1:
        return run_long(m, 1, err);
    case CRN_OP_LONG4:
        return run_long(m, 4, err);
    case CRN_OP_FLOAT:
        return run_text_float(m, err);
    case CRN_OP_BINFLOAT:
        return run_binary_float(m, err);

    case CRN_OP_STRING:
    case CRN_OP_UNICODE:
        return run_text_string(m, err);
    case CRN_OP_BINSTRING:
        return run_binary_string(m, 4, err);
    case CRN_OP_SHORT_BINSTRING:
        return run_binary_string(m, 1, err);
    case CRN_OP_BINUNICODE:
        return run_binary_unicode(m, 4, err);
    case CRN_OP_SHORT_BINUNICODE:
        return run_binary_unicode(m, 1, err);
    case CRN_OP_BINUNICODE8:
        return run_binary_unicode(m, 8, err);
    case CRN_OP_BINBYTES:
        return run_bytes(m, CRN_OBJ_BYTES, 4, err);
    case CRN_OP_SHORT_BINBYTES:
        return run_bytes(m, CRN_OBJ_BYTES, 1, err);
    case CRN_OP_BINBYTES8:
        return run_bytes(m, CRN_OBJ_BYTES, 8, err);
    case CRN_OP_BYTEARRAY8:
        return run_bytes(m, CRN_OBJ_BYTEARRAY, 8, err);

    case CRN_OP_TUPLE:
        return run_marked(m, CRN_OBJ_TUPLE, err);
    case CRN_OP_EMPTY_TUPLE:
        return run_empty(m, CRN_OBJ_TUPLE, err);
    case CRN_OP_TUPLE1:
        return run_small_tuple(m, 1, err);
    case CRN_OP_TUPLE2:
        return run_small_tuple(m, 2, err);
    case CRN_OP_TUPLE3:
        return run_small_tuple(m, 3, err);
    case CRN_OP_LIST:
        return run_marked(m, CRN_OBJ_LIST, err);
    case CRN_OP_EMPTY_LIST:
        return run_empty(m, CRN_OBJ_LIST, err);
    case CRN_OP_DICT:
        return run_marked(m, CRN_OBJ_DICT, err);
    case CRN_OP_EMPTY_DICT:
        return run_empty(m, CRN_OBJ_DICT, err);
    case CRN_OP_FROZENSET:
        return run_marked(m, CRN_OBJ_FROZENSET, err);
    case CRN_OP_EMPTY_SET:
        return run_empty(m, CRN_OBJ_SET, err);
    case CRN_OP_APPEND:
        return run_add(m, 1, err);
    case CRN_OP_SETITEM:
        return run_add(m, 2, err);
    case CRN_OP_APPENDS:
    case CRN_OP_SETITEMS:
    case CRN_OP_ADDITEMS:
        return run_batch(m, err);

    case CRN_OP_GLOBAL:
        return run_global(m, err);
    case CRN_OP_STACK_GLOBAL:
        return run_stack_global(m, err);
    case CRN_OP_REDUCE:
        return run_call(m, CRN_BY_REDUCE, err);
    case CRN_OP_NEWOBJ:
        return run_call(m, CRN_BY_NEWOBJ, err);
    case CRN_OP_NEWOBJ_EX:
        return run_call(m, CRN_BY_NEWOBJ_EX, err);
    case CRN_OP_INST:
    case CRN_OP_OBJ:
        return run_inst(m, err);
    case CRN_OP_PERSID:
    case CRN_OP_BINPERSID:
        return run_persid(m, err);
    case CRN_OP_BUILD:
        return run_build(m, err);

    case CRN_OP_EXT1:
    case CRN_OP_EXT2:
    case CRN_OP_EXT4:
        return refuse(m, CRN_UNSUPPORTED, "names of copyreg's extension registry", err);
    case CRN_OP_NEXT_BUFFER:
    case CRN_OP_READONLY_BUFFER:
        return refuse(m, CRN_UNSUPPORTED, "data outside the file (out-of-band buffers)", err);
    }
    return crn_fail_at(err, CRN_FORMAT, m->offset, "0x%02x is not a pickle opcode", m->opcode);
}

crn_status crn_pickle_run(crn_pickle_stream *stream, crn_error *err)
{
    machine m = {.stream = stream, .in = stream->in};
    crn_status status = CRN_OK;
    while (status == CRN_OK && !m.stopped) {
        m.offset = crn_bytes_offset(m.in);
        status = crn_bytes_u8(m.in, &m.opcode, err);
        if (status == CRN_OK)
            status = run_opcode(&m, err);
        int protocol = opcode_protocol(m.opcode);
        m.newest = protocol > m.newest ? protocol : m.newest;
    }
    if (!m.has_proto)
        stream->protocol = m.newest;
    free(m.stack);
    free(m.marks);
    free(m.memo);
    return status;
}
