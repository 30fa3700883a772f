/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

#include "model/diff.h"
#include "model/expression.h"

static crn_error err;
static crn_document *document;

static crn_object *parse(const char *text)
{
    crn_object *object = NULL;
    assert_ok(crn_expression_parse(document, text, strlen(text), &object, &err));
    return object;
}

static crn_diff *diff_of(const char *left, const char *right)
{
    crn_diff *diff = NULL;
    assert_ok(crn_objects_diff(parse(left), parse(right), &diff, &err));
    return diff;
}

static void assert_difference(const crn_diff *diff, size_t i, const char *path,
                              const char *left, const char *right)
{
    crn_difference d;
    assert_true(crn_diff_at(diff, i, &d));
    assert_string_equal(d.path, path);
    if (left == NULL)
        assert_null(d.left);
    else
        assert_string_equal(d.left, left);
    if (right == NULL)
        assert_null(d.right);
    else
        assert_string_equal(d.right, right);
}

static void assert_same(const char *left, const char *right)
{
    crn_difference d;
    crn_diff *diff = diff_of(left, right);
    assert_false(crn_diff_at(diff, 0, &d));
    crn_diff_destroy(diff);
}

static void test_equal_values(void **state)
{
    (void)state;
    assert_same("{'a': [1, 2.5, 'x', None, True]}", "{'a': [1.0, 2.5, 'x', None, 1]}");
    assert_same("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}");
    assert_same("{'_sklearn_version': '1.0'}", "{'_sklearn_version': '1.9'}");
}

static void test_paths_and_values(void **state)
{
    (void)state;
    crn_diff *diff = diff_of("{'C': 1.0, 'steps': [('a', 2)], 'gone': 'x'}",
                             "{'C': 0.5, 'steps': [('a', 3), 4], 'new': None}");
    assert_difference(diff, 0, "C", "1.0", "0.5");
    assert_difference(diff, 1, "steps[0][1]", "2", "3");
    assert_difference(diff, 2, "steps[1]", NULL, "4");
    assert_difference(diff, 3, "gone", "'x'", NULL);
    assert_difference(diff, 4, "new", NULL, "None");
    crn_difference d;
    assert_false(crn_diff_at(diff, 5, &d));
    crn_diff_destroy(diff);
}

static crn_object *array_of(const double *values, int64_t n)
{
    const crn_array view = crn_array_view_1d(values, CRN_FLOAT64, n);
    return crn_object_array(document, &view);
}

static void test_arrays(void **state)
{
    (void)state;
    crn_diff *diff = NULL;
    crn_difference d;
    crn_object *left = array_of((const double[]){1, 2, NAN}, 3);
    crn_object *right = array_of((const double[]){1, 2.5, NAN}, 3);
    assert_ok(crn_objects_diff(left, right, &diff, &err));
    assert_true(crn_diff_at(diff, 0, &d));
    assert_int_equal(d.elements, 1);
    assert_true(d.largest == 0.5);
    assert_string_equal(d.left, "float64 (3,)");
    crn_diff_destroy(diff);
    right = array_of((const double[]){1, 2}, 2);
    assert_ok(crn_objects_diff(left, right, &diff, &err));
    assert_difference(diff, 0, "", "float64 (3,)", "float64 (2,)");
    crn_diff_destroy(diff);
}

static void test_a_cycle_is_refused(void **state)
{
    (void)state;
    crn_diff *diff = NULL;
    crn_object *lists[2];
    for (int i = 0; i < 2; i++) {
        lists[i] = crn_object_new(document, CRN_OBJ_LIST);
        assert_true(crn_object_append(document, lists[i], lists[i]));
    }
    assert_status(CRN_LIMIT, crn_objects_diff(lists[0], lists[1], &diff, &err));
    assert_null(diff);
}

static int create(void **state)
{
    (void)state;
    return crn_document_create(NULL, &document, &err) == CRN_OK ? 0 : -1;
}

static int release(void **state)
{
    (void)state;
    crn_document_release(document);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_values),
        cmocka_unit_test(test_paths_and_values),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_a_cycle_is_refused),
    };
    return cmocka_run_group_tests(tests, create, release);
}
