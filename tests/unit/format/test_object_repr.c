/* SPDX-License-Identifier: BSD-3-Clause */
/* Printing Python values. */
#include "format/object.h"

#include "test.h"

static crn_document *document;

static int set_up(void **state)
{
    (void)state;
    return crn_document_create(NULL, &document, NULL) == CRN_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    crn_document_release(document);
    document = NULL;
    return 0;
}

static void check_repr(const crn_object *object, size_t most, const char *want)
{
    crn_text text = CRN_TEXT_INIT;
    assert_non_null(object);
    crn_object_repr(object, most, &text);
    assert_int_equal(text.status, CRN_OK);
    assert_string_equal(text.data, want);
    crn_text_free(&text);
}

/* A tuple, list or set of ints 1 .. n. */
static crn_object *ints(crn_object_kind kind, int64_t n)
{
    crn_object *object = crn_object_new(document, kind);
    for (int64_t i = 1; i <= n; i++)
        assert_true(crn_object_append(document, object, crn_object_int(document, i)));
    return object;
}

/* Against repr() of CPython 3.11. */
static void test_repr(void **state)
{
    (void)state;
    check_repr(crn_object_none(document), 0, "None");
    check_repr(crn_object_bool(document, false), 0, "False");
    check_repr(crn_object_float(document, 1e-5), 0, "1e-05");
    check_repr(crn_object_int(document, INT64_MIN), 0, "-9223372036854775808");
    check_repr(crn_object_str(document, "it's"), 0, "\"it's\"");
    check_repr(ints(CRN_OBJ_TUPLE, 0), 0, "()");
    check_repr(ints(CRN_OBJ_TUPLE, 1), 0, "(1,)");
    check_repr(ints(CRN_OBJ_TUPLE, 3), 0, "(1, 2, 3)");
    check_repr(ints(CRN_OBJ_LIST, 0), 0, "[]");
    check_repr(ints(CRN_OBJ_SET, 0), 0, "set()");
    check_repr(ints(CRN_OBJ_SET, 2), 0, "{1, 2}");
    check_repr(ints(CRN_OBJ_FROZENSET, 0), 0, "frozenset()");
    check_repr(ints(CRN_OBJ_FROZENSET, 2), 0, "frozenset({1, 2})");
    check_repr(crn_object_new(document, CRN_OBJ_DICT), 0, "{}");
    check_repr(crn_object_global(document, "numpy", "float64"), 0, "numpy.float64");

    crn_object *bytes = crn_object_new(document, CRN_OBJ_BYTES);
    bytes->as.bytes.at = "a'\"\\\n\x01\xff";
    bytes->as.bytes.size = 7;
    check_repr(bytes, 0, "b'a\\'\"\\\\\\n\\x01\\xff'");
    bytes->as.bytes.size = 2;
    check_repr(bytes, 0, "b\"a'\"");
    bytes->kind = CRN_OBJ_BYTEARRAY;
    bytes->as.bytes.size = 1;
    check_repr(bytes, 0, "bytearray(b'a')");
    bytes->kind = CRN_OBJ_LONG;
    bytes->as.bytes.at = "\0\0\0\0\0\0\0\0\1";
    bytes->as.bytes.size = 9;
    check_repr(bytes, 0, "18446744073709551616");
}

static void test_repr_of_calls(void **state)
{
    (void)state;
    crn_object *cls = crn_object_global(document, "sklearn.decomposition", "PCA");
    crn_object *call = crn_object_instance(document, CRN_BY_CALL, cls);
    check_repr(call, 0, "PCA()");
    assert_true(
        crn_object_append(document, call->as.instance->args, crn_object_int(document, 2)));
    check_repr(call, 0, "PCA(2)");
    crn_object *kwargs = crn_object_new(document, CRN_OBJ_DICT);
    call->as.instance->kwargs = kwargs;
    assert_true(crn_object_set(document, kwargs, "whiten", crn_object_bool(document, true)));
    assert_true(crn_object_set(document, kwargs, "tol", crn_object_float(document, 0)));
    check_repr(call, 0, "PCA(2, whiten=True, tol=0.0)");
    call->as.instance->args = NULL;
    check_repr(call, 0, "PCA(whiten=True, tol=0.0)");
}

static void test_repr_of_cycles_and_long_values(void **state)
{
    (void)state;
    crn_object *list = ints(CRN_OBJ_LIST, 1);
    assert_true(crn_object_append(document, list, list));
    check_repr(list, 0, "[1, [...]]");
    crn_object *dict = crn_object_new(document, CRN_OBJ_DICT);
    assert_true(crn_object_set(document, dict, "self", dict));
    check_repr(dict, 0, "{'self': {...}}");
    /* Shared is not cyclic. */
    crn_object *pair = crn_object_new(document, CRN_OBJ_TUPLE);
    crn_object *one = ints(CRN_OBJ_LIST, 1);
    assert_true(crn_object_append(document, pair, one) &&
                crn_object_append(document, pair, one));
    check_repr(pair, 0, "([1], [1])");

    check_repr(ints(CRN_OBJ_LIST, 1000), 20, "[1, 2, 3, 4, 5, 6...");
    check_repr(ints(CRN_OBJ_LIST, 2), 6, "[1, 2]");
    check_repr(crn_object_str(document, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"), 7, "'\xc3\xa9...");

    /* 30 doublings are 2^30 leaves: printed only as far as asked for. */
    crn_object *doubled = one;
    for (int i = 0; i < 30; i++) {
        crn_object *next = crn_object_new(document, CRN_OBJ_LIST);
        assert_true(crn_object_append(document, next, doubled));
        assert_true(crn_object_append(document, next, doubled));
        doubled = next;
    }
    check_repr(doubled, 10, "[[[[[[[...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repr),
        cmocka_unit_test(test_repr_of_calls),
        cmocka_unit_test(test_repr_of_cycles_and_long_values),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
