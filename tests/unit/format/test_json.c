/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON: values, Python's own numbers, limits, and the text of json.dumps. Expected texts are
 * what CPython 3.11 prints. */
#include "test.h"

#include <stdlib.h>

#include "format/json.h"
#include "format/json_scan.h"

static crn_document *document;
static crn_error err;

static int make_document(void **state)
{
    (void)state;
    err = (crn_error)CRN_ERROR_INIT;
    return crn_document_create(NULL, &document, &err) == CRN_OK ? 0 : -1;
}

static int drop_document(void **state)
{
    (void)state;
    crn_document_release(document);
    return 0;
}

static crn_object *read_text(const char *text)
{
    crn_object *value = NULL;
    /* A copy of exactly this size, so that a read past the end is seen. */
    size_t size = strlen(text);
    char *copy = malloc(size > 0 ? size : 1);
    memcpy(copy, text, size);
    err = (crn_error)CRN_ERROR_INIT;
    crn_status status = crn_json_read(document, copy, size, NULL, &value, &err);
    free(copy);
    if (status != CRN_OK)
        fail_msg("%s: %s", text, err.message);
    return value;
}

static void assert_refused(const char *text, crn_status expected)
{
    crn_object *value = NULL;
    crn_error e = CRN_ERROR_INIT;
    crn_status status = crn_json_read(document, text, strlen(text), NULL, &value, &e);
    if (status != expected)
        fail_msg("%s gave %s", text, crn_status_name(status));
    assert_int_equal(e.code, expected);
    assert_null(value);
}

static void assert_writes(const crn_object *value, crn_json_style style, const char *want)
{
    crn_text text = CRN_TEXT_INIT;
    assert_ok(crn_json_write(value, style, &text, &err));
    assert_string_equal(text.data, want);
    crn_text_free(&text);
}

static void assert_round_trip(const char *text)
{
    assert_writes(read_text(text), CRN_JSON_PYTHON, text);
}

/* ---- reading ---- */

static void values_become_python_values(void **state)
{
    (void)state;
    assert_true(crn_object_is_none(read_text("null")));
    assert_true(read_text("true")->as.boolean);
    assert_false(read_text(" false ")->as.boolean);
    assert_int_equal(read_text("-12")->as.integer, -12);
    assert_int_equal(read_text("-0")->as.integer, 0);
    assert_true(crn_object_is(read_text("1.0"), CRN_OBJ_FLOAT));
    assert_true(read_text("1E2")->as.real == 100.0);
    assert_true(crn_object_is_str(read_text("\"a\\u00e9\\n\""), "a\xC3\xA9\n"));
    assert_true(crn_object_is_str(read_text("\"\\ud83d\\ude00\""), "\xF0\x9F\x98\x80"));
    crn_object *with_nul = read_text("\"a\\u0000b\"");
    assert_int_equal(with_nul->as.bytes.size, 3);
    assert_memory_equal(with_nul->as.bytes.at, "a\0b", 4);
}

static void objects_keep_their_order(void **state)
{
    (void)state;
    crn_object *dict = read_text("{\"z\": 1, \"a\": {\"y\": [2, [], {}]}, \"m\": null}");
    assert_int_equal(crn_object_length(dict), 3);
    assert_true(crn_object_is_str(dict->as.items.at[0], "z"));
    assert_true(crn_object_is_str(dict->as.items.at[2], "a"));
    assert_true(crn_object_is_str(dict->as.items.at[4], "m"));
    crn_object *list = crn_object_get(crn_object_get(dict, "a"), "y");
    assert_int_equal(crn_object_item(list, 0)->as.integer, 2);
    assert_int_equal(crn_object_length(crn_object_item(list, 1)), 0);
}

static void python_numbers_are_read(void **state)
{
    (void)state;
    assert_true(isnan(read_text("NaN")->as.real));
    assert_true(read_text("Infinity")->as.real == (double)INFINITY);
    assert_true(read_text("-Infinity")->as.real == -(double)INFINITY);
    assert_true(read_text("1e999")->as.real == (double)INFINITY);
    assert_true(read_text("-1.5E+400")->as.real == -(double)INFINITY);
    assert_true(read_text("1e-999")->as.real == 0.0);
    /* Each goes back to its own place, and what strings hold stays as it is. */
    assert_round_trip(
        "[1, NaN, 2.5, \"NaN\", {\"Infinity\": -Infinity, \"x\": 3}, Infinity, 4]");
    assert_round_trip("[\"a\\\"NaN\", NaN, \"\\\\\", Infinity]");
}

static void integers_have_any_length(void **state)
{
    (void)state;
    assert_int_equal(read_text("9223372036854775807")->as.integer, INT64_MAX);
    assert_int_equal(read_text("-9223372036854775808")->as.integer, INT64_MIN);
    crn_object *big = read_text("9223372036854775808");
    assert_int_equal(big->kind, CRN_OBJ_LONG);
    assert_int_equal(big->as.bytes.size, 9);
    assert_memory_equal(big->as.bytes.at, "\0\0\0\0\0\0\0\x80\0", 9);
    assert_round_trip("[18446744073709551616, 1, -123456789012345678901234567890, 2]");
}

static void words_that_only_look_like_numbers_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "NaNNaN",    "1NaN",       "-NaN",
        "+Infinity", "--Infinity", "[NaN 1]",
        "nan",       "Inf",        "01",
        "1.",        ".5",         "1e",
        "1e+",       "-",          "0x10",
        "1_000",     "Infinity1",  "[1 2]",
        "tru",       "1-2",        "00000000000000000000001",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_refused(texts[i], CRN_FORMAT);
}

static void broken_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "[",
        "{",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "[1] 2",
        "\"open",
        "\"a\\",
        "\"\\x\"",
        "{1: 2}",
        "]",
        "'a'",
        "[1}",
        "\"\x01\"",
        "\"\xFF\"",
        "\"\\ud800\"",
        "{\"a\\u0000\": 1}",
        "// a\n1",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_refused(texts[i], CRN_FORMAT);
}

static void errors_say_where(void **state)
{
    (void)state;
    const char *text = "{\"a\": NaN,\n \"b\": ?}";
    crn_object *value = NULL;
    assert_status(CRN_FORMAT, crn_json_read(document, text, strlen(text), NULL, &value, &err));
    assert_non_null(strstr(err.message, "line 2"));
    assert_in_range(err.offset, 17, 18);
}

static void doubled_keys_are_refused(void **state)
{
    (void)state;
    assert_refused("{\"a\": 1, \"b\": 2, \"a\": 3}", CRN_FORMAT);
    assert_refused("{\"a\": 1, \"\\u0061\": 3}", CRN_FORMAT);
}

/* ---- limits ---- */

static crn_status read_within(const char *text, crn_limits limits)
{
    crn_object *value = NULL;
    err = (crn_error)CRN_ERROR_INIT;
    return crn_json_read(document, text, strlen(text), &limits, &value, &err);
}

static void limits_hold(void **state)
{
    (void)state;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.nesting = 3;
    assert_int_equal(read_within("[[[1]]]", limits), CRN_OK);
    assert_int_equal(read_within("[[[1]], [[2]], {\"[[[[\": 1}]", limits), CRN_OK);
    assert_int_equal(read_within("[[{\"a\": [1]}]]", limits), CRN_LIMIT);
    assert_string_equal(err.message, "JSON is nested deeper than the limit nesting = 3");
    assert_int_equal(err.offset, 8);

    limits = (crn_limits)CRN_LIMITS_INIT;
    limits.objects = 4;
    assert_int_equal(read_within("[1, 2, \"3\"]", limits), CRN_OK);
    assert_int_equal(read_within("[1, 2, \"3\", 4]", limits), CRN_LIMIT);

    limits = (crn_limits)CRN_LIMITS_INIT;
    limits.text_bytes = 8;
    assert_int_equal(read_within("\"123456\"", limits), CRN_OK);
    assert_int_equal(read_within("\"1234567\"", limits), CRN_LIMIT);
}

static char *nested(size_t depth)
{
    char *text = calloc(2 * depth + 1, 1);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return text;
}

static void depth_is_bounded_whatever_the_limit(void **state)
{
    (void)state;
    char *text = nested(1000);
    assert_int_equal(read_within(text, (crn_limits)CRN_LIMITS_INIT), CRN_OK);
    free(text);
    text = nested(1001);
    assert_int_equal(read_within(text, (crn_limits)CRN_LIMITS_INIT), CRN_LIMIT);
    free(text);
    text = nested(100000);
    crn_limits limits = CRN_LIMITS_INIT;
    limits.nesting = 1000000;
    assert_int_equal(read_within(text, limits), CRN_LIMIT);
    free(text);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.memory_bytes = 2000;
    crn_document *small = NULL;
    crn_object *value = NULL;
    assert_ok(crn_document_create(&limits, &small, &err));
    char *text = nested(100);
    assert_status(CRN_LIMIT, crn_json_read(small, text, strlen(text), NULL, &value, &err));
    free(text);
    crn_document_release(small);
}

static void long_integers_are_bounded(void **state)
{
    (void)state;
    char digits[5001];
    memset(digits, '7', 5000);
    digits[5000] = '\0';
    assert_refused(digits, CRN_LIMIT);
    digits[4300] = '\0';
    assert_int_equal(read_text(digits)->kind, CRN_OBJ_LONG);
}

static void scan_leaves_plain_text_alone(void **state)
{
    (void)state;
    crn_json_scan scan;
    assert_ok(crn_json_scan_text("[1, 2.5e3, \"NaN\", null]", 23, NULL, &scan, &err));
    assert_null(scan.text);
    assert_int_equal(scan.count, 0);
    crn_json_scan_free(&scan);

    assert_ok(crn_json_scan_text("[1,-Infinity,2]", 15, NULL, &scan, &err));
    assert_memory_equal(scan.text, "[1,0        ,2]", 15);
    assert_int_equal(scan.count, 1);
    assert_int_equal(scan.specials[0].number, 1);
    assert_int_equal(scan.specials[0].begin, 3);
    crn_json_scan_free(&scan);
}

/* ---- writing ---- */

static void writes_what_json_dumps_writes(void **state)
{
    (void)state;
    crn_object *value = read_text("{\"a\":[1,-2.50,1e16,1e-5,true,false,null,[],{}],\"b\\/"
                                  "\":\"\\u00e9\\ud83d\\ude00\\u007f"
                                  "\\b\\f\\n\\r\\t\\u0001\\\"\\\\ /\"}");
    assert_writes(value, CRN_JSON_PYTHON,
                  "{\"a\": [1, -2.5, 1e+16, 1e-05, true, false, null, [], {}], "
                  "\"b/\": \"\\u00e9\\ud83d\\ude00\\u007f\\b\\f\\n\\r\\t\\u0001\\\"\\\\ /\"}");
    assert_writes(read_text("[1, [2, {\"a\": 3}]]"), CRN_JSON_COMPACT, "[1,[2,{\"a\":3}]]");
    assert_writes(read_text("[1, [2, {\"a\": 3, \"b\": []}], {}]"), CRN_JSON_INDENT,
                  "[\n  1,\n  [\n    2,\n    {\n      \"a\": 3,\n      \"b\": []\n    }\n  ],\n"
                  "  {}\n]");
}

static void tuples_are_lists_and_keys_are_strings(void **state)
{
    (void)state;
    crn_object *dict = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *tuple = crn_object_new(document, CRN_OBJ_TUPLE);
    assert_true(
        crn_object_append(document, tuple, crn_object_float(document, (double)INFINITY)));
    assert_true(crn_object_set_pair(document, dict, crn_object_int(document, 5), tuple));
    assert_true(crn_object_set_pair(document, dict, crn_object_bool(document, true), tuple));
    assert_true(crn_object_set_pair(document, dict, crn_object_none(document), tuple));
    assert_true(crn_object_set_pair(document, dict, crn_object_float(document, 0.5),
                                    crn_object_str(document, "x")));
    assert_writes(
        dict, CRN_JSON_PYTHON,
        "{\"5\": [Infinity], \"true\": [Infinity], \"null\": [Infinity], \"0.5\": \"x\"}");
}

static void lone_surrogates_are_escaped(void **state)
{
    (void)state;
    assert_writes(crn_object_str(document, "a\xED\xA0\x80z\xED\xBF\xBF"), CRN_JSON_PYTHON,
                  "\"a\\ud800z\\udfff\"");
    crn_text text = CRN_TEXT_INIT;
    assert_status(CRN_UNSUPPORTED, crn_json_write(crn_object_str(document, "\xC0\x80"),
                                                  CRN_JSON_PYTHON, &text, &err));
    crn_text_free(&text);
}

static void assert_unwritable(const crn_object *value, crn_status expected, const char *message)
{
    crn_text text = CRN_TEXT_INIT;
    assert_status(expected, crn_json_write(value, CRN_JSON_PYTHON, &text, &err));
    assert_string_equal(err.message, message);
    crn_text_free(&text);
}

static void what_json_cannot_say_is_refused(void **state)
{
    (void)state;
    assert_unwritable(crn_object_new(document, CRN_OBJ_SET), CRN_UNSUPPORTED,
                      "Object of type set is not JSON serializable");
    crn_object *dict = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *tuple = crn_object_new(document, CRN_OBJ_TUPLE);
    assert_true(crn_object_set_pair(document, dict, tuple, tuple));
    assert_unwritable(dict, CRN_UNSUPPORTED,
                      "keys must be str, int, float, bool or None, not tuple");
}

static void cycles_end(void **state)
{
    (void)state;
    crn_object *outer = crn_object_new(document, CRN_OBJ_LIST);
    crn_object *inner = crn_object_new(document, CRN_OBJ_DICT);
    assert_true(crn_object_append(document, outer, inner));
    assert_true(crn_object_set(document, inner, "up", outer));
    assert_unwritable(outer, CRN_UNSUPPORTED, "Circular reference detected");

    /* The same list twice, side by side, is no cycle. */
    crn_object *shared = crn_object_new(document, CRN_OBJ_LIST);
    crn_object *pair = crn_object_new(document, CRN_OBJ_LIST);
    assert_true(crn_object_append(document, pair, shared));
    assert_true(crn_object_append(document, pair, shared));
    assert_writes(pair, CRN_JSON_PYTHON, "[[], []]");
}

static void shared_lists_cannot_fill_memory(void **state)
{
    (void)state;
    crn_object *level = crn_object_new(document, CRN_OBJ_LIST);
    for (int i = 0; i < 60; i++) {
        crn_object *above = crn_object_new(document, CRN_OBJ_LIST);
        assert_true(crn_object_append(document, above, level));
        assert_true(crn_object_append(document, above, level));
        level = above;
    }
    crn_text text = {.cap = 100000};
    assert_status(CRN_LIMIT, crn_json_write(level, CRN_JSON_PYTHON, &text, &err));
    crn_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_become_python_values),
        cmocka_unit_test(objects_keep_their_order),
        cmocka_unit_test(python_numbers_are_read),
        cmocka_unit_test(integers_have_any_length),
        cmocka_unit_test(words_that_only_look_like_numbers_are_refused),
        cmocka_unit_test(broken_texts_are_refused),
        cmocka_unit_test(errors_say_where),
        cmocka_unit_test(doubled_keys_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(depth_is_bounded_whatever_the_limit),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(long_integers_are_bounded),
        cmocka_unit_test(scan_leaves_plain_text_alone),
        cmocka_unit_test(writes_what_json_dumps_writes),
        cmocka_unit_test(tuples_are_lists_and_keys_are_strings),
        cmocka_unit_test(lone_surrogates_are_escaped),
        cmocka_unit_test(what_json_cannot_say_is_refused),
        cmocka_unit_test(cycles_end),
        cmocka_unit_test(shared_lists_cannot_fill_memory),
    };
    return cmocka_run_group_tests(tests, make_document, drop_document);
}
