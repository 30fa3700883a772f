/* SPDX-License-Identifier: BSD-3-Clause */
/* Making Python values and asking them. */
#include "format/object.h"

#include "test.h"

#include <stdlib.h>

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

static void test_numbers(void **state)
{
    (void)state;
    double real = 0;
    int64_t integer = 0;
    bool boolean = false;
    assert_true(crn_object_as_double(crn_object_float(document, 0.5), &real));
    assert_true(real == 0.5);
    assert_true(crn_object_as_double(crn_object_int(document, -3), &real));
    assert_true(real == -3.0);
    assert_true(crn_object_as_int(crn_object_bool(document, true), &integer));
    assert_int_equal(integer, 1);
    assert_false(crn_object_as_int(crn_object_float(document, 3.0), &integer));
    assert_false(crn_object_as_double(crn_object_str(document, "3"), &real));
    assert_true(crn_object_as_bool(crn_object_bool(document, true), &boolean));
    assert_true(boolean);
    assert_false(crn_object_as_bool(crn_object_int(document, 1), &boolean));
    assert_false(crn_object_as_double(NULL, &real));
}

static void test_strings(void **state)
{
    (void)state;
    const crn_object *nul = crn_object_str_n(document, "a\0b", 3);
    assert_false(crn_object_is_str(nul, "a"));
    assert_true(crn_object_is_str(crn_object_str(document, "l2"), "l2"));
    assert_string_equal(crn_object_text(crn_object_str(document, "l2")), "l2");
    assert_null(crn_object_text(crn_object_none(document)));
    assert_true(crn_object_is_none(crn_object_none(document)));
    assert_false(crn_object_is_none(NULL));
}

static void test_containers(void **state)
{
    (void)state;
    crn_object *list = ints(CRN_OBJ_LIST, 100);
    assert_int_equal(crn_object_length(list), 100);
    int64_t value = 0;
    assert_true(crn_object_as_int(crn_object_item(list, 99), &value));
    assert_int_equal(value, 100);
    assert_null(crn_object_item(list, 100));
    assert_null(crn_object_item(crn_object_none(document), 0));
    assert_false(crn_object_append(document, list, NULL));
    assert_false(crn_object_append(document, crn_object_int(document, 1), list));

    crn_object *dict = crn_object_new(document, CRN_OBJ_DICT);
    assert_true(crn_object_set(document, dict, "C", crn_object_float(document, 1.0)));
    assert_true(crn_object_set(document, dict, "penalty", crn_object_str(document, "l2")));
    assert_true(crn_object_set(document, dict, "C", crn_object_float(document, 0.5)));
    assert_int_equal(crn_object_length(dict), 2);
    assert_int_equal(crn_object_length(NULL), 0);
    check_repr(crn_object_get(dict, "C"), 0, "0.5");
    assert_null(crn_object_get(dict, "tol"));
    assert_false(crn_object_set(document, list, "C", dict));
    check_repr(dict, 0, "{'C': 0.5, 'penalty': 'l2'}");

    /* A key that occurs twice: the last one counts, as in Python. */
    assert_true(crn_object_set_pair(document, dict, crn_object_str(document, "C"),
                                    crn_object_float(document, 7.0)));
    check_repr(crn_object_get(dict, "C"), 0, "7.0");
}

static void test_globals(void **state)
{
    (void)state;
    crn_object *cls = crn_object_global(document, "sklearn.decomposition._pca", "PCA");
    assert_true(crn_object_is_global(cls, "sklearn.decomposition._pca", "PCA"));
    assert_false(crn_object_is_global(cls, "sklearn.decomposition", "PCA"));
    crn_object *old = crn_object_global(document, "__builtin__", "set");
    assert_true(crn_object_is_global(old, "builtins", "set"));
    assert_true(crn_object_is_global(old, "__builtin__", "set"));
    crn_object *odd = crn_object_new(document, CRN_OBJ_GLOBAL);
    odd->as.global.module = crn_object_str_n(document, "builtins\0x", 10);
    odd->as.global.name = crn_object_str(document, "set");
    assert_false(crn_object_is_global(odd, "builtins", "set"));

    crn_object *made = crn_object_instance(document, CRN_BY_NEWOBJ, cls);
    assert_ptr_equal(crn_object_class(made), cls);
    assert_string_equal(crn_object_kind_name(made), "PCA");
    crn_object *reconstructor = crn_object_global(document, "copy_reg", "_reconstructor");
    crn_object *rebuilt = crn_object_instance(document, CRN_BY_REDUCE, reconstructor);
    assert_true(crn_object_append(document, rebuilt->as.instance->args, cls));
    assert_ptr_equal(crn_object_class(rebuilt), cls);
    assert_null(crn_object_class(cls));
    assert_string_equal(crn_object_kind_name(crn_object_none(document)), "NoneType");
    assert_string_equal(crn_object_kind_name(crn_object_int(document, 1)), "int");
}

static void test_arrays(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    const double borrowed[2][3] = {{1, 2, 3}, {4, 5, 6}};
    crn_array view = crn_array_view_2d(borrowed, CRN_FLOAT64, 2, 3);
    crn_object *copied = crn_object_array(document, &view);
    assert_non_null(copied);
    assert_ptr_not_equal(crn_object_as_array(copied)->data, borrowed);
    assert_memory_equal(crn_object_as_array(copied)->data, borrowed, sizeof borrowed);
    assert_string_equal(crn_object_kind_name(copied), "ndarray");
    check_repr(copied, 0, "<ndarray of shape (2, 3), dtype float64>");

    crn_array owned = CRN_ARRAY_INIT;
    assert_ok(crn_array_create(CRN_INT64, 0, 1, (int64_t[]){4}, &owned, &err));
    const void *data = owned.data;
    crn_object *shared = crn_object_array(document, &owned);
    crn_array_free(&owned);
    assert_ptr_equal(crn_object_as_array(shared)->data, data);
    check_repr(shared, 0, "<ndarray of shape (4,), dtype int64>");
    assert_null(crn_object_array(document, NULL));
    assert_null(crn_object_as_array(crn_object_none(document)));

    crn_object *names = ints(CRN_OBJ_LIST, 2);
    crn_object *objects = crn_object_array_of_objects(document, 1, (int64_t[]){2}, names);
    assert_ptr_equal(objects->as.instance->elements, names);
    assert_int_equal(crn_object_as_array(objects)->dtype, CRN_OBJECT);
    assert_null(crn_object_array_of_objects(document, 1, (int64_t[]){2}, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),    cmocka_unit_test(test_strings),
        cmocka_unit_test(test_containers), cmocka_unit_test(test_globals),
        cmocka_unit_test(test_arrays),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
