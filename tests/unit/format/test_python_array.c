/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists, tuples, numbers and strings as arrays, against numpy.asarray of NumPy 2.4. */
#include "format/numpy_object.h"
#include "pickle_golden.h"

static crn_array array_of(const crn_object *object)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_object_to_array(object, &array, &err));
    return array;
}

static void check_strings(const crn_array *array, const char *const *want, size_t count)
{
    assert_int_equal(array->dtype, CRN_STRING);
    assert_int_equal(crn_array_size(array), (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        const uint32_t *slot = (const uint32_t *)array->data + i * (size_t)array->itemsize / 4;
        size_t length = strlen(want[i]);
        for (size_t k = 0; k < (size_t)array->itemsize / 4; k++)
            assert_int_equal(slot[k], k < length ? (uint32_t)want[i][k] : 0);
    }
}

/* numpy.asarray of Python values. */
static void test_python_values(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    static const struct {
        const char *pickle;
        crn_status status;
        crn_dtype dtype;
        int32_t ndim;
        double first, last;
    } cases[] = {
        {"I3\n.", CRN_OK, CRN_INT64, 0, 3, 3},
        {"F2.5\n.", CRN_OK, CRN_FLOAT64, 0, 2.5, 2.5},
        {"I01\n.", CRN_OK, CRN_BOOL, 0, 1, 1},
        {"(I1\nI2\nl.", CRN_OK, CRN_INT64, 1, 1, 2},
        {"(I01\nF2.5\nt.", CRN_OK, CRN_FLOAT64, 1, 1, 2.5},
        {"(I01\nI00\nt.", CRN_OK, CRN_BOOL, 1, 1, 0},
        {"(I01\nI7\nt.", CRN_OK, CRN_INT64, 1, 1, 7},
        {"((I1\nI2\nt(I3\nI4\nll.", CRN_OK, CRN_INT64, 2, 1, 4},
        {"(l.", CRN_OK, CRN_FLOAT64, 1, 0, 0},
        {"((I1\nI2\nt(I3\nll.", CRN_SHAPE, CRN_NO_DTYPE, 0, 0, 0},
        {"(I1\n(I3\nll.", CRN_SHAPE, CRN_NO_DTYPE, 0, 0, 0},
        {"(I1\nVa\nl.", CRN_DTYPE, CRN_NO_DTYPE, 0, 0, 0},
        {"(I1\nNl.", CRN_DTYPE, CRN_NO_DTYPE, 0, 0, 0},
        {"(((((((((lllllllll.", CRN_UNSUPPORTED, CRN_NO_DTYPE, 0, 0, 0},
        {"N.", CRN_DTYPE, CRN_NO_DTYPE, 0, 0, 0},
        {"cm\nf\n(tR.", CRN_DTYPE, CRN_NO_DTYPE, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_document *document = NULL;
        crn_array array;
        assert_ok(read_bytes(cases[i].pickle, strlen(cases[i].pickle), NULL, &document, &err));
        assert_status(cases[i].status, crn_object_to_array(document->root, &array, &err));
        if (cases[i].status == CRN_OK) {
            int64_t size = crn_array_size(&array);
            assert_int_equal(array.dtype, cases[i].dtype);
            assert_int_equal(array.ndim, cases[i].ndim);
            if (size > 0) {
                assert_true(crn_array_get(&array, 0) == cases[i].first);
                assert_true(crn_array_get(&array, size - 1) == cases[i].last);
            }
        }
        crn_array_free(&array);
        crn_document_release(document);
    }
    crn_array array;
    assert_status(CRN_NOT_FOUND, crn_object_to_array(NULL, &array, &err));
}

static void test_python_strings(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    static const char pickle[] = "(Vcat\nV\nVa\nl.";
    assert_ok(read_bytes(pickle, sizeof pickle - 1, NULL, &document, &err));
    crn_array array = array_of(document->root);
    assert_int_equal(array.itemsize, 12);
    check_strings(&array, (const char *const[]){"cat", "", "a"}, 3);
    crn_array_free(&array);
    crn_document_release(document);
}

static void test_words_outside_ascii(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *d = NULL;
    assert_ok(crn_document_create(NULL, &d, &err));
    crn_object *words = crn_object_new(d, CRN_OBJ_TUPLE);
    assert_true(crn_object_append(d, words, crn_object_str(d, "\xe2\x82\xac")) &&
                crn_object_append(d, words, crn_object_str(d, "\xf0\x9f\x98\x80z")) &&
                crn_object_append(d, words, crn_object_str(d, "\xed\xa0\x80")));
    crn_array array = array_of(words);
    const uint32_t want[6] = {0x20ac, 0, 0x1f600, 'z', 0xd800, 0};
    assert_int_equal(array.itemsize, 8);
    assert_memory_equal(array.data, want, sizeof want);
    crn_array_free(&array);

    /* One string is an array of no axes; no string at all is as wide as one character. */
    array = array_of(crn_object_str(d, "abc"));
    assert_int_equal(array.ndim, 0);
    assert_int_equal(array.itemsize, 12);
    crn_array_free(&array);
    assert_ok(crn_strings_to_array(NULL, 0, 1, (int64_t[]){0}, &array, &err));
    assert_int_equal(array.itemsize, 4);
    crn_array_free(&array);
    assert_status(CRN_FORMAT,
                  crn_strings_to_array(words->as.items.at, 3, 1, (int64_t[]){4}, &array, &err));
    assert_string_equal(err.message, "an array has 3 objects, but its shape wants 4");
    crn_document_release(d);
}

/* NumPy scalars are leaves like any other. */
static void test_scalars_in_lists(void **state)
{
    (void)state;
    crn_document *document = golden_document("joblib/1.9.1/npscalar_params-1.9.1.joblib");
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    assert_true(crn_object_append(document, list, attribute(document, "max_iter")));
    crn_array array = array_of(list);
    assert_int_equal(array.dtype, CRN_INT64);
    assert_true(crn_array_get(&array, 0) == 300);
    crn_array_free(&array);
    assert_true(crn_object_append(document, list, attribute(document, "C")));
    array = array_of(list);
    assert_int_equal(array.dtype, CRN_FLOAT64);
    assert_true(crn_array_get(&array, 0) == 300 && crn_array_get(&array, 1) == 0.5);
    crn_array_free(&array);
    crn_document_release(document);
}

static void test_messages(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *d = NULL;
    crn_array array;
    assert_ok(crn_document_create(NULL, &d, &err));
    crn_object *list = crn_object_new(d, CRN_OBJ_LIST),
               *inner = crn_object_new(d, CRN_OBJ_LIST);
    assert_true(crn_object_append(d, list, crn_object_int(d, 1)) &&
                crn_object_append(d, list, inner));
    assert_status(CRN_SHAPE, crn_object_to_array(list, &array, &err));
    assert_string_equal(err.message,
                        "setting an array element with a sequence: the list has an "
                        "inhomogeneous shape after 1 dimensions");
    list->as.items.at[1] = crn_object_str(d, "a");
    assert_status(CRN_DTYPE, crn_object_to_array(list, &array, &err));
    assert_string_equal(err.message, "a list holds both numbers and strings");
    list->as.items.at[1] = crn_object_new(d, CRN_OBJ_DICT);
    assert_status(CRN_DTYPE, crn_object_to_array(list, &array, &err));
    assert_string_equal(err.message, "expected numbers or strings, got dict");
    crn_document_release(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_python_values),
        cmocka_unit_test(test_python_strings),
        cmocka_unit_test(test_words_outside_ascii),
        cmocka_unit_test(test_scalars_in_lists),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
