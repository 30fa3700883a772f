/* SPDX-License-Identifier: BSD-3-Clause */
/* repr() of Python values. A stack of its own instead of recursion: the input decides the
 * depth. A container that is already open on the way from the root prints as Python's reprlib
 * does: [...]. */
#include "format/object.h"

#include <stdlib.h>
#include <string.h>

#include "format/python_int.h"

typedef struct open_container {
    const crn_object *object;
    const crn_object_items *items; /* what it prints between its brackets */
    size_t next;                   /* item */
    bool pairs;                    /* items are keys and values */
    bool named;                    /* ... printed as name=value */
    const crn_object_items *then;  /* further items behind: a call's keyword arguments */
    const char *close;
} open_container;

typedef struct printer {
    crn_text *out;
    size_t end; /* out->size at which to stop; SIZE_MAX: never */
    open_container *stack;
    size_t depth, capacity;
} printer;

static const crn_object_items no_items;

static bool is_open(const printer *p, const crn_object *object)
{
    for (size_t i = 0; i < p->depth; i++)
        if (p->stack[i].object == object)
            return true;
    return false;
}

static crn_status open(printer *p, open_container container)
{
    void *grown = p->stack;
    crn_status status = crn_grow(&grown, &p->capacity, p->depth, sizeof *p->stack, NULL);
    p->stack = grown;
    if (status == CRN_OK)
        p->stack[p->depth++] = container;
    return status;
}

static void print_bytes(crn_text *out, const char *prefix, const crn_object *object)
{
    const uint8_t *at = (const uint8_t *)object->as.bytes.at;
    size_t size = object->as.bytes.size;
    char quote = size > 0 && memchr(at, '\'', size) && !memchr(at, '"', size) ? '"' : '\'';
    crn_text_printf(out, "%s%c", prefix, quote);
    for (size_t i = 0; i < size && out->status == CRN_OK; i++) {
        if (at[i] == '\\' || at[i] == (uint8_t)quote)
            crn_text_printf(out, "\\%c", at[i]);
        else if (at[i] == '\n' || at[i] == '\r' || at[i] == '\t')
            crn_text_add_string(out, at[i] == '\n' ? "\\n" : at[i] == '\r' ? "\\r" : "\\t");
        else if (at[i] < 0x20 || at[i] > 0x7e)
            crn_text_printf(out, "\\x%02x", at[i]);
        else
            crn_text_add_char(out, (char)at[i]);
    }
    crn_text_add_char(out, quote);
}

static void print_long(crn_text *out, const crn_object *object)
{
    const uint8_t *bytes = (const uint8_t *)object->as.bytes.at;
    if (!crn_int_add_decimal(out, bytes, object->as.bytes.size))
        crn_text_printf(out, "<int of %zu bytes>", object->as.bytes.size);
}

static void print_array(crn_text *out, const crn_array *array)
{
    crn_text_add_string(out, "<ndarray of shape (");
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(out, i == 0 ? "%lld" : ", %lld", (long long)array->shape[i]);
    crn_text_printf(out, "%s), dtype %s>", array->ndim == 1 ? "," : "",
                    crn_dtype_name(array->dtype));
}

static void print_global(crn_text *out, const crn_object *object)
{
    if (object->as.global.module->as.bytes.size > 0)
        crn_text_printf(out, "%s.", object->as.global.module->as.bytes.at);
    crn_text_add_string(out, object->as.global.name->as.bytes.at);
}

/* Prints a value that has no parts; false for one that has. */
static bool print_plain(crn_text *out, const crn_object *object)
{
    switch (object->kind) {
    case CRN_OBJ_NONE:
        crn_text_add_string(out, "None");
        return true;
    case CRN_OBJ_BOOL:
        crn_text_add_string(out, object->as.boolean ? "True" : "False");
        return true;
    case CRN_OBJ_INT:
        crn_text_printf(out, "%lld", (long long)object->as.integer);
        return true;
    case CRN_OBJ_LONG:
        print_long(out, object);
        return true;
    case CRN_OBJ_FLOAT:
        crn_text_add_double(out, object->as.real);
        return true;
    case CRN_OBJ_STR:
        crn_text_add_python_string(out, object->as.bytes.at, object->as.bytes.size);
        return true;
    case CRN_OBJ_BYTES:
        print_bytes(out, "b", object);
        return true;
    case CRN_OBJ_BYTEARRAY:
        print_bytes(out, "bytearray(b", object);
        crn_text_add_char(out, ')');
        return true;
    case CRN_OBJ_GLOBAL:
        print_global(out, object);
        return true;
    default:
        return false;
    }
}

/* Prints the opening bracket and leaves the rest on the stack. */
static crn_status print_container(printer *p, const crn_object *object)
{
    static const struct {
        const char *open, *close, *again;
    } brackets[] = {
        [CRN_OBJ_TUPLE] = {"(", ")", "(...)"},
        [CRN_OBJ_LIST] = {"[", "]", "[...]"},
        [CRN_OBJ_SET] = {"{", "}", "set(...)"},
        [CRN_OBJ_FROZENSET] = {"frozenset({", "})", "frozenset(...)"},
        [CRN_OBJ_DICT] = {"{", "}", "{...}"},
    };
    if (is_open(p, object)) {
        crn_text_add_string(p->out, brackets[object->kind].again);
        return CRN_OK;
    }
    const crn_object_items *items = &object->as.items;
    if (items->count == 0 && object->kind != CRN_OBJ_DICT && object->kind != CRN_OBJ_LIST &&
        object->kind != CRN_OBJ_TUPLE) {
        crn_text_printf(p->out, "%s()", crn_object_kind_name(object));
        return CRN_OK;
    }
    crn_text_add_string(p->out, brackets[object->kind].open);
    bool one = object->kind == CRN_OBJ_TUPLE && items->count == 1;
    return open(p, (open_container){.object = object,
                                    .items = items,
                                    .pairs = object->kind == CRN_OBJ_DICT,
                                    .then = &no_items,
                                    .close = one ? ",)" : brackets[object->kind].close});
}

/* An instance prints as the call that makes it: PCA(n_components=2). What only a state tells is
 * not shown, as in Python's own repr of most classes. */
static crn_status print_instance(printer *p, const crn_object *object)
{
    const crn_instance *instance = object->as.instance;
    if (instance->array != NULL) {
        print_array(p->out, instance->array);
        return CRN_OK;
    }
    crn_text_add_string(p->out, crn_object_kind_name(object));
    if (is_open(p, object)) {
        crn_text_add_string(p->out, "(...)");
        return CRN_OK;
    }
    crn_text_add_char(p->out, '(');
    bool through_copyreg = crn_object_class(object) != instance->callable;
    bool has_args = crn_object_is(instance->args, CRN_OBJ_TUPLE) && !through_copyreg;
    bool has_kwargs = crn_object_is(instance->kwargs, CRN_OBJ_DICT);
    return open(p,
                (open_container){.object = object,
                                 .items = has_args ? &instance->args->as.items : &no_items,
                                 .then = has_kwargs ? &instance->kwargs->as.items : &no_items,
                                 .close = ")"});
}

static crn_status print_value(printer *p, const crn_object *object)
{
    if (print_plain(p->out, object))
        return CRN_OK;
    return object->kind == CRN_OBJ_INSTANCE ? print_instance(p, object)
                                            : print_container(p, object);
}

/* One step on the innermost open container: its next item, or its closing bracket. */
static crn_status print_next(printer *p)
{
    open_container *top = &p->stack[p->depth - 1];
    if (top->next == top->items->count && top->then->count > 0) {
        bool more = top->items->count > 0;
        top->items = top->then;
        top->then = &no_items;
        top->next = 0;
        top->pairs = top->named = true;
        if (more)
            crn_text_add_string(p->out, ", ");
    } else if (top->next == top->items->count) {
        crn_text_add_string(p->out, top->close);
        p->depth--;
        return CRN_OK;
    } else if (top->next > 0) {
        bool is_value = top->pairs && top->next % 2 == 1;
        crn_text_add_string(p->out, !is_value ? ", " : top->named ? "=" : ": ");
    }
    const crn_object *item = top->items->at[top->next++];
    if (top->named && top->next % 2 == 1 && item->kind == CRN_OBJ_STR) {
        crn_text_add_bytes(p->out, item->as.bytes.at, item->as.bytes.size);
        return CRN_OK;
    }
    return print_value(p, item);
}

/* Cuts the text to `most` bytes that end in "...", not inside a UTF-8 sequence. */
static void shorten(crn_text *out, size_t begin, size_t most)
{
    if (out->status != CRN_OK || out->size - begin <= most)
        return;
    size_t keep = begin + (most > 3 ? most - 3 : 0);
    while (keep > begin && ((uint8_t)out->data[keep] & 0xc0) == 0x80)
        keep--;
    out->size = keep;
    out->data[keep] = '\0';
    crn_text_add_string(out, "...");
}

void crn_object_repr(const crn_object *object, size_t most, crn_text *out)
{
    if (object == NULL) {
        crn_text_add_string(out, "<nothing>");
        return;
    }
    size_t begin = out->size;
    printer p = {.out = out,
                 .end = most > 0 && most < SIZE_MAX - begin ? begin + most : SIZE_MAX};
    crn_status status = print_value(&p, object);
    while (status == CRN_OK && p.depth > 0 && out->status == CRN_OK && out->size <= p.end)
        status = print_next(&p);
    if (status != CRN_OK && out->status == CRN_OK)
        out->status = status;
    if (most > 0)
        shorten(out, begin, most);
    free(p.stack);
}
