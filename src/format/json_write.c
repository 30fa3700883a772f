/* SPDX-License-Identifier: BSD-3-Clause */
/* Python values -> the text of json.dumps (CPython 3.11, Lib/json/encoder.py). */
#include "format/json.h"

#include <math.h>

#include "format/python_int.h"

/* What json.dumps can write before Python's own recursion limit, and more. */
enum { DEEPEST = 2048 };

/* The containers around a value, innermost first: a value that is one of them contains itself.
 */
typedef struct around {
    const crn_object *container;
    const struct around *outer;
    int depth;
} around;

typedef struct writer {
    crn_text *out;
    crn_json_style style;
    crn_error *err;
} writer;

/* ---- strings ---- */

static void add_utf16(crn_text *out, uint32_t code_point)
{
    if (code_point < 0x10000) {
        crn_text_printf(out, "\\u%04x", (unsigned)code_point);
        return;
    }
    code_point -= 0x10000;
    crn_text_printf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + (code_point >> 10)),
                    (unsigned)(0xDC00 + (code_point & 0x3FF)));
}

static void add_character(crn_text *out, uint32_t code_point)
{
    switch (code_point) {
    case '"':
    case '\\':
        crn_text_printf(out, "\\%c", (char)code_point);
        return;
    case '\n':
        crn_text_add_string(out, "\\n");
        return;
    case '\r':
        crn_text_add_string(out, "\\r");
        return;
    case '\t':
        crn_text_add_string(out, "\\t");
        return;
    case '\f':
        crn_text_add_string(out, "\\f");
        return;
    case '\b':
        crn_text_add_string(out, "\\b");
        return;
    default:
        if (code_point < ' ' || code_point > '~')
            add_utf16(out, code_point);
        else
            crn_text_add_char(out, (char)code_point);
    }
}

/* A lone surrogate as pickle writes it, three bytes ED A0..BF xx; false for anything else. */
static bool next_surrogate(const char *utf8, size_t size, size_t *position,
                           uint32_t *code_point)
{
    const unsigned char *at = (const unsigned char *)utf8 + *position;
    if (size - *position < 3 || at[0] != 0xED || at[1] < 0xA0 || at[1] > 0xBF ||
        (at[2] & 0xC0) != 0x80)
        return false;
    *code_point = 0xD000u | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    *position += 3;
    return true;
}

static crn_status write_string(writer *w, const crn_object *string)
{
    const char *utf8 = string->as.bytes.at;
    size_t size = string->as.bytes.size;
    crn_text_add_char(w->out, '"');
    for (size_t position = 0; position < size;) {
        uint32_t code_point;
        if (!crn_utf8_next(utf8, size, &position, &code_point) &&
            !next_surrogate(utf8, size, &position, &code_point))
            return crn_fail(w->err, CRN_UNSUPPORTED,
                            "JSON cannot hold a string that is not UTF-8");
        add_character(w->out, code_point);
    }
    crn_text_add_char(w->out, '"');
    return CRN_OK;
}

/* ---- scalars ---- */

static void write_float(writer *w, double value)
{
    if (isnan(value))
        crn_text_add_string(w->out, "NaN");
    else if (isinf(value))
        crn_text_add_string(w->out, value < 0 ? "-Infinity" : "Infinity");
    else
        crn_text_add_double(w->out, value);
}

static crn_status write_long(writer *w, const crn_object *value)
{
    const uint8_t *bytes = (const uint8_t *)value->as.bytes.at;
    if (!crn_int_add_decimal(w->out, bytes, value->as.bytes.size))
        return crn_fail(w->err, CRN_LIMIT, "an int has more than %d digits",
                        CRN_INT_MAX_DIGITS);
    return CRN_OK;
}

/* None, bool, int, float; CRN_NOT_FOUND, without an error, for the rest. */
static crn_status write_scalar(writer *w, const crn_object *value)
{
    switch (value->kind) {
    case CRN_OBJ_NONE:
        crn_text_add_string(w->out, "null");
        return CRN_OK;
    case CRN_OBJ_BOOL:
        crn_text_add_string(w->out, value->as.boolean ? "true" : "false");
        return CRN_OK;
    case CRN_OBJ_INT:
        crn_text_printf(w->out, "%lld", (long long)value->as.integer);
        return CRN_OK;
    case CRN_OBJ_LONG:
        return write_long(w, value);
    case CRN_OBJ_FLOAT:
        write_float(w, value->as.real);
        return CRN_OK;
    default:
        return CRN_NOT_FOUND;
    }
}

/* ---- containers ---- */

static void new_line(writer *w, int depth)
{
    if (w->style != CRN_JSON_INDENT)
        return;
    crn_text_add_char(w->out, '\n');
    for (int i = 0; i < depth; i++)
        crn_text_add_string(w->out, "  ");
}

static void begin_item(writer *w, size_t i, int depth)
{
    if (i > 0)
        crn_text_add_string(w->out, w->style == CRN_JSON_PYTHON ? ", " : ",");
    new_line(w, depth);
}

/* Keys that are no strings become strings, as json.dumps makes them. */
static crn_status write_key(writer *w, const crn_object *key)
{
    if (key->kind == CRN_OBJ_STR)
        return write_string(w, key);
    crn_text_add_char(w->out, '"');
    crn_status status = write_scalar(w, key);
    crn_text_add_char(w->out, '"');
    if (status != CRN_NOT_FOUND)
        return status;
    return crn_fail(w->err, CRN_UNSUPPORTED,
                    "keys must be str, int, float, bool or None, not %s",
                    crn_object_kind_name(key));
}

/* Recursion is bounded by DEEPEST. */
static crn_status write_value(writer *w, const crn_object *value, const around *outer);

static crn_status write_items(writer *w, const around *self)
{
    const crn_object_items *items = &self->container->as.items;
    crn_text_add_char(w->out, '[');
    for (size_t i = 0; i < items->count; i++) {
        begin_item(w, i, self->depth);
        CRN_TRY(write_value(w, items->at[i], self));
    }
    if (items->count > 0)
        new_line(w, self->depth - 1);
    crn_text_add_char(w->out, ']');
    return CRN_OK;
}

static crn_status write_entries(writer *w, const around *self)
{
    const crn_object_items *items = &self->container->as.items;
    crn_text_add_char(w->out, '{');
    for (size_t i = 0; i < items->count; i += 2) {
        begin_item(w, i, self->depth);
        CRN_TRY(write_key(w, items->at[i]));
        crn_text_add_string(w->out, w->style == CRN_JSON_COMPACT ? ":" : ": ");
        CRN_TRY(write_value(w, items->at[i + 1], self));
    }
    if (items->count > 0)
        new_line(w, self->depth - 1);
    crn_text_add_char(w->out, '}');
    return CRN_OK;
}

static crn_status write_container(writer *w, const crn_object *value, const around *outer)
{
    for (const around *a = outer; a != NULL; a = a->outer) {
        if (a->container == value)
            return crn_fail(w->err, CRN_UNSUPPORTED, "Circular reference detected");
    }
    around self = {
        .container = value, .outer = outer, .depth = outer != NULL ? outer->depth + 1 : 1};
    if (self.depth > DEEPEST)
        return crn_fail(w->err, CRN_LIMIT, "nested deeper than JSON is written: %d", DEEPEST);
    /* Shared objects are written again at each place: a few levels of them could fill any
     * memory. */
    CRN_TRY(crn_text_status(w->out, w->err));
    return value->kind == CRN_OBJ_DICT ? write_entries(w, &self) : write_items(w, &self);
}

static crn_status write_value(writer *w, const crn_object *value, const around *outer)
{
    switch (value->kind) {
    case CRN_OBJ_STR:
        return write_string(w, value);
    case CRN_OBJ_LIST:
    case CRN_OBJ_TUPLE:
    case CRN_OBJ_DICT:
        return write_container(w, value, outer);
    default:
        break;
    }
    crn_status status = write_scalar(w, value);
    if (status != CRN_NOT_FOUND)
        return status;
    return crn_fail(w->err, CRN_UNSUPPORTED, "Object of type %s is not JSON serializable",
                    crn_object_kind_name(value));
}

crn_status crn_json_write(const crn_object *value, crn_json_style style, crn_text *out,
                          crn_error *err)
{
    writer w = {.out = out, .style = style, .err = err};
    CRN_TRY(write_value(&w, value, NULL));
    return crn_text_status(out, err);
}
