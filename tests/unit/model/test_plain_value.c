/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy's scalars in parameters become Python's own values. */
#include "test.h"

#include "format/pickle.h"
#include "model/expression.h"
#include "model/plain_value.h"

static crn_error err;

/* A NumPy scalar of that value. */
static crn_object *scalar(crn_document *document, crn_dtype dtype, const void *value,
                          int64_t itemsize)
{
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_array_create(dtype, itemsize, 0, NULL, &array, &err));
    memcpy(array.data, value, (size_t)array.itemsize);
    crn_object *object = crn_object_array(document, &array);
    crn_array_free(&array);
    assert_non_null(object);
    return object;
}

static void assert_plain(crn_document *document, const crn_object *value, const char *expected)
{
    crn_text text = CRN_TEXT_INIT;
    crn_object_repr(crn_object_plain(document, value), 0, &text);
    assert_string_equal(text.data, expected);
    crn_text_free(&text);
}

static void test_scalars(void **state)
{
    (void)state;
    crn_document *document = NULL;
    const int64_t two = 2;
    const double half = 0.5;
    const bool yes = true;
    const uint32_t word[3] = {'l', 0xfc, 0};
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_plain(document, scalar(document, CRN_INT64, &two, 0), "2");
    assert_plain(document, scalar(document, CRN_FLOAT64, &half, 0), "0.5");
    assert_plain(document, scalar(document, CRN_BOOL, &yes, 0), "True");
    assert_plain(document, scalar(document, CRN_STRING, word, sizeof word), "'lü'");
    crn_document_release(document);
}

static void test_inside_of_containers(void **state)
{
    (void)state;
    crn_document *document = NULL;
    const int64_t two = 2;
    assert_ok(crn_document_create(NULL, &document, &err));
    crn_object *dict = crn_object_new(document, CRN_OBJ_DICT),
               *tuple = crn_object_new(document, CRN_OBJ_TUPLE);
    assert_true(crn_object_append(document, tuple, scalar(document, CRN_INT64, &two, 0)));
    assert_true(crn_object_append(document, tuple, crn_object_none(document)));
    assert_true(
        crn_object_set_pair(document, dict, scalar(document, CRN_INT64, &two, 0), tuple));
    assert_plain(document, dict, "{2: (2, None)}");
    crn_document_release(document);
}

static void test_everything_else_stays_itself(void **state)
{
    (void)state;
    static const char *const values[] = {"None", "3", "'l2'", "(0, 1)", "{'a': [1, 2.5]}"};
    crn_document *document = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        crn_object *value = NULL;
        assert_ok(crn_expression_parse(document, values[i], strlen(values[i]), &value, &err));
        assert_ptr_equal(crn_object_plain(document, value), value);
    }
    crn_document_release(document);
}

/* A list that holds itself ends. */
static void test_a_loop_ends(void **state)
{
    (void)state;
    crn_document *document = NULL;
    const int64_t two = 2;
    assert_ok(crn_document_create(NULL, &document, &err));
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    assert_true(crn_object_append(document, list, list));
    assert_ptr_equal(crn_object_plain(document, list), list);
    assert_true(crn_object_append(document, list, scalar(document, CRN_INT64, &two, 0)));
    assert_non_null(crn_object_plain(document, list));
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_inside_of_containers),
        cmocka_unit_test(test_everything_else_stays_itself),
        cmocka_unit_test(test_a_loop_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
