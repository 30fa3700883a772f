/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON text -> Python values: jansson parses, json_scan.c lends it the numbers that only Python
 * knows. */
#include "format/json.h"

#include <jansson.h>
#include <stdlib.h>

#include "format/json_scan.h"
#include "format/python_int.h"

typedef struct reader {
    crn_document *document;
    const char *text;
    const crn_json_scan *scan;
    size_t next_special;
    uint64_t numbers; /* numbers met so far */
    crn_error *err;
} reader;

static crn_status check(const reader *in, const crn_object *made)
{
    return made != NULL ? CRN_OK : crn_arena_fail(in->document->arena, in->err);
}

/* ---- numbers ---- */

static crn_status make_long(reader *in, const char *word, size_t size, crn_object **out)
{
    uint8_t *bytes = NULL;
    size_t count = 0;
    CRN_TRY(crn_int_parse(word, size, &bytes, &count, in->err));
    *out = crn_object_new(in->document, CRN_OBJ_LONG);
    if (*out != NULL) {
        (*out)->as.bytes.at = crn_arena_text(in->document->arena, (const char *)bytes, count);
        (*out)->as.bytes.size = count;
        if ((*out)->as.bytes.at == NULL)
            *out = NULL;
    }
    free(bytes);
    return check(in, *out);
}

static crn_status make_special(reader *in, const crn_json_special *special, crn_object **out)
{
    if (special->integer)
        return make_long(in, in->text + special->begin, special->size, out);
    *out = crn_object_float(in->document, special->real);
    return check(in, *out);
}

static crn_status make_number(reader *in, const json_t *json, crn_object **out)
{
    uint64_t number = in->numbers++;
    const crn_json_scan *scan = in->scan;
    if (in->next_special < scan->count && scan->specials[in->next_special].number == number)
        return make_special(in, &scan->specials[in->next_special++], out);
    if (json_is_integer(json))
        *out = crn_object_int(in->document, json_integer_value(json));
    else
        *out = crn_object_float(in->document, json_real_value(json));
    return check(in, *out);
}

/* ---- containers ---- */

/* Recursion is bounded: json_scan.c by limits.nesting, jansson by JSON_PARSER_MAX_DEPTH (2048).
 */
static crn_status make(reader *in, json_t *json, crn_object **out);

static crn_status make_list(reader *in, json_t *json, crn_object **out)
{
    *out = crn_object_new(in->document, CRN_OBJ_LIST);
    CRN_TRY(check(in, *out));
    size_t count = json_array_size(json);
    for (size_t i = 0; i < count; i++) {
        crn_object *item;
        CRN_TRY(make(in, json_array_get(json, i), &item));
        if (!crn_object_append(in->document, *out, item))
            return crn_arena_fail(in->document->arena, in->err);
    }
    return CRN_OK;
}

static crn_status make_dict(reader *in, json_t *json, crn_object **out)
{
    *out = crn_object_new(in->document, CRN_OBJ_DICT);
    CRN_TRY(check(in, *out));
    /* jansson gives the entries back in the order of the text, and has refused doubled keys. */
    for (void *at = json_object_iter(json); at != NULL; at = json_object_iter_next(json, at)) {
        crn_object *value;
        crn_object *key = crn_object_str(in->document, json_object_iter_key(at));
        CRN_TRY(check(in, key));
        CRN_TRY(make(in, json_object_iter_value(at), &value));
        if (!crn_object_set_pair(in->document, *out, key, value))
            return crn_arena_fail(in->document->arena, in->err);
    }
    return CRN_OK;
}

static crn_status make(reader *in, json_t *json, crn_object **out)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return make_dict(in, json, out);
    case JSON_ARRAY:
        return make_list(in, json, out);
    case JSON_INTEGER:
    case JSON_REAL:
        return make_number(in, json, out);
    case JSON_STRING:
        *out =
            crn_object_str_n(in->document, json_string_value(json), json_string_length(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        *out = crn_object_bool(in->document, json_is_true(json));
        break;
    default:
        *out = crn_object_none(in->document);
        break;
    }
    return check(in, *out);
}

/* ---- the whole text ---- */

static crn_status fail(json_error_t *error, crn_error *err)
{
    uint64_t offset = error->position >= 0 ? (uint64_t)error->position : CRN_NO_OFFSET;
    switch (json_error_code(error)) {
    case json_error_out_of_memory:
        return crn_no_memory(err);
    case json_error_stack_overflow:
        return crn_fail_at(err, CRN_LIMIT, offset, "JSON is nested deeper than 2048");
    default:
        return crn_fail_at(err, CRN_FORMAT, offset, "not valid JSON: %s (line %d, column %d)",
                           error->text, error->line, error->column);
    }
}

static crn_status read_scanned(crn_document *document, const char *text, size_t size,
                               const crn_json_scan *scan, crn_object **out, crn_error *err)
{
    json_error_t error;
    json_t *json =
        json_loadb(scan->text != NULL ? scan->text : text, size,
                   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (json == NULL)
        return fail(&error, err);
    reader in = {.document = document, .text = text, .scan = scan, .err = err};
    crn_object *made;
    crn_status status = make(&in, json, &made);
    json_decref(json);
    if (status == CRN_OK)
        *out = made;
    return status;
}

crn_status crn_json_read(crn_document *document, const char *text, size_t size,
                         const crn_limits *limits, crn_object **out, crn_error *err)
{
    crn_json_scan scan;
    crn_status status = crn_json_scan_text(text, size, limits, &scan, err);
    if (status == CRN_OK)
        status = read_scanned(document, size > 0 ? text : "", size, &scan, out, err);
    crn_json_scan_free(&scan);
    return status;
}
