/* SPDX-License-Identifier: BSD-3-Clause */
/* The parser of constructor expressions: recursive descent over Python's literals and calls,
 * with the depth counted. Nothing is evaluated but the signs of numbers and the few spellings
 * of infinity and of NumPy's scalars that repr() prints. */
#include "model/expression_parser.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_DEPTH = 100 };

/* ---- failures: NULL, with the character at which they were seen ---- */

crn_object *crn_parser_fail_at(crn_parser *p, size_t at, const char *format, ...)
{
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (p->status == CRN_OK)
        p->status = crn_fail_at(p->err, CRN_FORMAT, at, "%s", message);
    return NULL;
}

crn_object *crn_parser_fail_here(crn_parser *p, const char *expected)
{
    const char *joint = expected != NULL ? ", expected " : "";
    const char *wanted = expected != NULL ? expected : "";
    if (p->at >= p->size)
        return crn_parser_fail_at(p, p->at, "unexpected end of the expression%s%s", joint,
                                  wanted);
    size_t end = p->at;
    uint32_t code_point;
    crn_utf8_next(p->text, p->size, &end, &code_point);
    return crn_parser_fail_at(p, p->at, "unexpected '%.*s'%s%s", (int)(end - p->at),
                              p->text + p->at, joint, wanted);
}

crn_object *crn_parser_made(crn_parser *p, crn_object *object, size_t at)
{
    if (object != NULL)
        object->offset = at;
    else if (p->status == CRN_OK)
        p->status = crn_arena_fail(p->document->arena, p->err);
    return object;
}

static bool append(crn_parser *p, crn_object *container, crn_object *item)
{
    if (item == NULL)
        return false;
    if (!crn_object_append(p->document, container, item))
        crn_parser_made(p, NULL, 0);
    return p->status == CRN_OK;
}

/* ---- characters ---- */

/* Moves past blanks, line ends and comments. */
static void skip_blanks(crn_parser *p)
{
    while (p->at < p->size) {
        char c = p->text[p->at];
        if (c == '#') {
            while (p->at < p->size && p->text[p->at] != '\n')
                p->at++;
        } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
            p->at++;
        } else {
            return;
        }
    }
}

char crn_parser_next(crn_parser *p)
{
    skip_blanks(p);
    return p->at < p->size ? p->text[p->at] : '\0';
}

static bool accept(crn_parser *p, char c)
{
    if (crn_parser_next(p) != c || p->at >= p->size)
        return false;
    p->at++;
    return true;
}

/* ---- containers ---- */

/* The values up to `close`, with a comma allowed behind the last. *comma: there was one. */
static bool parse_items(crn_parser *p, crn_object *container, char close, bool *comma)
{
    char wanted[] = "',' or ' '";
    wanted[8] = close;
    *comma = false;
    while (!accept(p, close)) {
        if (container->as.items.count > 0 && !*comma)
            return crn_parser_fail_here(p, wanted) != NULL;
        if (!append(p, container, crn_parser_value(p)))
            return false;
        *comma = accept(p, ',');
    }
    return true;
}

static crn_object *parse_list(crn_parser *p)
{
    bool comma;
    crn_object *list = crn_parser_made(p, crn_object_new(p->document, CRN_OBJ_LIST), p->at++);
    return list != NULL && parse_items(p, list, ']', &comma) ? list : NULL;
}

/* "()", "(a,)", "(a, b)"; "(a)" is a itself. */
static crn_object *parse_tuple(crn_parser *p)
{
    bool comma;
    crn_object *tuple = crn_parser_made(p, crn_object_new(p->document, CRN_OBJ_TUPLE), p->at++);
    if (tuple == NULL || !parse_items(p, tuple, ')', &comma))
        return NULL;
    return crn_object_length(tuple) == 1 && !comma ? crn_object_item(tuple, 0) : tuple;
}

static crn_object *parse_dict(crn_parser *p)
{
    crn_object *dict = crn_parser_made(p, crn_object_new(p->document, CRN_OBJ_DICT), p->at++);
    bool comma = true;
    while (dict != NULL && !accept(p, '}')) {
        if (!comma)
            return crn_parser_fail_here(p, "',' or '}'");
        crn_object *key = crn_parser_value(p);
        if (key == NULL)
            return NULL;
        if (!accept(p, ':'))
            return crn_parser_fail_here(p, "':'");
        crn_object *value = crn_parser_value(p);
        if (value == NULL)
            return NULL;
        if (!crn_object_set_pair(p->document, dict, key, value))
            return crn_parser_made(p, NULL, 0);
        comma = accept(p, ',');
    }
    return dict;
}

/* ---- names and calls ---- */

/* A name, with dots when `dotted`. Its size; 0 when there is none. */
static size_t scan_name(const crn_parser *p, bool dotted)
{
    size_t end = p->at;
    while (end < p->size) {
        char c = p->text[end];
        bool inside = end > p->at && (crn_is_digit(c) || (dotted && c == '.'));
        if (!crn_is_name_start(c) && !inside)
            break;
        end++;
    }
    return end - p->at;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(text, word, size) == 0;
}

/* Names that stand for values: None, True, inf, np.nan ... NULL without an error for others. */
static crn_object *constant_of(crn_parser *p, const char *name, size_t size)
{
    static const char *const prefixes[] = {"np.", "numpy.", "math."};
    if (is_word(name, size, "None"))
        return crn_object_none(p->document);
    if (is_word(name, size, "True") || is_word(name, size, "np.True_"))
        return crn_object_bool(p->document, true);
    if (is_word(name, size, "False") || is_word(name, size, "np.False_"))
        return crn_object_bool(p->document, false);
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t length = strlen(prefixes[i]);
        if (size > length && memcmp(name, prefixes[i], length) == 0) {
            name += length;
            size -= length;
            break;
        }
    }
    if (is_word(name, size, "inf"))
        return crn_object_float(p->document, (double)INFINITY);
    if (is_word(name, size, "nan"))
        return crn_object_float(p->document, (double)NAN);
    return NULL;
}

/* The global of a dotted name: what stands before the last dot is its module. */
static crn_object *global_of(crn_parser *p, const char *name, size_t size, size_t at)
{
    size_t dot = size;
    while (dot > 0 && name[dot - 1] != '.')
        dot--;
    if (dot == size)
        return crn_parser_fail_at(p, at + size - 1, "a name ends in '.'");
    crn_object *global = crn_parser_made(p, crn_object_new(p->document, CRN_OBJ_GLOBAL), at);
    if (global == NULL)
        return NULL;
    global->as.global.module = crn_object_str_n(p->document, name, dot > 0 ? dot - 1 : 0);
    global->as.global.name = crn_object_str_n(p->document, name + dot, size - dot);
    if (global->as.global.module == NULL || global->as.global.name == NULL)
        return crn_parser_made(p, NULL, at);
    return global;
}

/* "name=", leaving the position behind it; NULL where the argument is given by place. */
static crn_object *parse_keyword(crn_parser *p)
{
    size_t begin = p->at, size = scan_name(p, false);
    p->at += size;
    if (size == 0 || crn_parser_next(p) != '=') {
        p->at = begin;
        return NULL;
    }
    p->at++;
    return crn_parser_made(p, crn_object_str_n(p->document, p->text + begin, size), begin);
}

static bool parse_argument(crn_parser *p, crn_instance *call)
{
    crn_parser_next(p);
    size_t begin = p->at;
    crn_object *keyword = parse_keyword(p);
    if (p->status != CRN_OK)
        return false;
    crn_object *value = crn_parser_value(p);
    if (value == NULL)
        return false;
    if (keyword == NULL && crn_object_length(call->kwargs) > 0)
        return crn_parser_fail_at(p, begin, "positional argument follows keyword argument") !=
               NULL;
    if (keyword == NULL)
        return append(p, call->args, value);
    if (crn_object_get(call->kwargs, crn_object_text(keyword)) != NULL)
        return crn_parser_fail_at(p, begin, "keyword argument repeated: %s",
                                  crn_object_text(keyword)) != NULL;
    if (!crn_object_set_pair(p->document, call->kwargs, keyword, value))
        crn_parser_made(p, NULL, begin);
    return p->status == CRN_OK;
}

/* float('inf'), np.float64(2.0), int(3): the value itself. Other calls stay what they are. */
static crn_object *simplify(crn_parser *p, crn_object *call)
{
    const crn_instance *instance = call->as.instance;
    const crn_object *global = instance->callable;
    const char *name = crn_object_text(global->as.global.name);
    const char *module = crn_object_text(global->as.global.module);
    bool numpy = strcmp(module, "np") == 0 || strcmp(module, "numpy") == 0;
    crn_object *value = crn_object_item(instance->args, 0);
    if ((!numpy && module[0] != '\0') || crn_object_length(instance->args) != 1 ||
        crn_object_length(instance->kwargs) > 0)
        return call;
    const char *text = crn_object_text(value);
    double real;
    int64_t integer;
    bool to_float = strncmp(name, "float", 5) == 0 && (numpy || name[5] == '\0');
    bool to_int = strncmp(name, "int", 3) == 0 && (numpy || name[3] == '\0');
    if (to_float && text != NULL && crn_parse_double(text, value->as.bytes.size, &real))
        return crn_parser_made(p, crn_object_float(p->document, real), call->offset);
    if (to_float && crn_object_as_double(value, &real))
        return crn_parser_made(p, crn_object_float(p->document, real), call->offset);
    if (to_int && crn_object_as_int(value, &integer))
        return crn_parser_made(p, crn_object_int(p->document, integer), call->offset);
    bool to_str = numpy && strcmp(name, "str_") == 0 && text != NULL;
    return to_str ? value : call;
}

static crn_object *parse_call(crn_parser *p, crn_object *global)
{
    p->at++;
    crn_object *call = crn_parser_made(p, crn_object_instance(p->document, CRN_BY_CALL, global),
                                       global->offset);
    if (call == NULL)
        return NULL;
    crn_instance *instance = call->as.instance;
    instance->kwargs = crn_parser_made(p, crn_object_new(p->document, CRN_OBJ_DICT), p->at);
    if (instance->kwargs == NULL)
        return NULL;
    bool comma = true;
    while (!accept(p, ')')) {
        if (!comma)
            return crn_parser_fail_here(p, "',' or ')'");
        if (!parse_argument(p, instance))
            return NULL;
        comma = accept(p, ',');
    }
    return simplify(p, call);
}

static crn_object *parse_name(crn_parser *p)
{
    size_t begin = p->at, size = scan_name(p, true);
    const char *name = p->text + begin;
    p->at += size;
    crn_object *constant = constant_of(p, name, size);
    if (constant != NULL)
        return crn_parser_made(p, constant, begin);
    crn_object *global = global_of(p, name, size, begin);
    if (global == NULL)
        return NULL;
    return crn_parser_next(p) == '(' ? parse_call(p, global) : global;
}

static crn_object *parse_unnested(crn_parser *p)
{
    char c = crn_parser_next(p);
    if (c == '(')
        return parse_tuple(p);
    if (c == '[')
        return parse_list(p);
    if (c == '{')
        return parse_dict(p);
    if (c == '\'' || c == '"')
        return crn_parser_string(p);
    if (c == '-' || c == '+')
        return crn_parser_signed(p);
    if (crn_is_digit(c) || c == '.')
        return crn_parser_number(p, p->at);
    return crn_is_name_start(c) ? parse_name(p) : crn_parser_fail_here(p, NULL);
}

crn_object *crn_parser_value(crn_parser *p)
{
    if (p->depth >= MAX_DEPTH) {
        if (p->status == CRN_OK)
            p->status = crn_fail_at(p->err, CRN_LIMIT, p->at,
                                    "expression is nested more than %d deep", MAX_DEPTH);
        return NULL;
    }
    p->depth++;
    crn_object *value = parse_unnested(p);
    p->depth--;
    return value;
}

crn_status crn_expression_parse(crn_document *document, const char *text, size_t size,
                                crn_object **out, crn_error *err)
{
    crn_parser p = {.document = document, .text = text, .size = size, .err = err};
    if (!crn_utf8_is_valid(text, size))
        return crn_fail(err, CRN_FORMAT, "the expression is not valid UTF-8");
    crn_object *value = crn_parser_value(&p);
    if (value != NULL)
        skip_blanks(&p);
    if (value != NULL && p.at < size)
        crn_parser_fail_here(&p, "the end of the expression");
    if (p.status == CRN_OK)
        *out = value;
    return p.status;
}

const char *crn_expression_name(const crn_object *object)
{
    const crn_object *global = object;
    if (crn_object_is(object, CRN_OBJ_INSTANCE))
        global = object->as.instance->how == CRN_BY_CALL ? object->as.instance->callable : NULL;
    return crn_object_is(global, CRN_OBJ_GLOBAL) ? crn_object_text(global->as.global.name)
                                                 : NULL;
}
