/* SPDX-License-Identifier: BSD-3-Clause */
/* Labels as numpy.unique(return_inverse=True) numbers them. */
#include "test.h"

#include "model/model.h"

static crn_error err;

/* The texts of an array of labels, joined by '|'. */
static void assert_labels(const crn_array *labels, const char *expected)
{
    crn_text text = CRN_TEXT_INIT;
    for (int64_t i = 0; i < labels->shape[0]; i++) {
        if (i > 0)
            crn_text_add_char(&text, '|');
        crn_label_text(labels, i, &text);
    }
    assert_string_equal(text.data, expected);
    crn_text_free(&text);
}

static void assert_encodes(const crn_array *labels, const char *classes, const int64_t *codes)
{
    crn_array found = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
    assert_ok(crn_labels_encode(labels, &found, &numbers, &err));
    assert_int_equal(found.dtype, labels->dtype);
    assert_labels(&found, classes);
    assert_int_equal(numbers.shape[0], labels->shape[0]);
    for (int64_t i = 0; i < labels->shape[0]; i++)
        assert_int_equal(((const int64_t *)numbers.data)[i], codes[i]);
    crn_array_free(&found);
    crn_array_free(&numbers);
}

static void test_integers(void **state)
{
    (void)state;
    const int32_t labels[] = {7, -3, 7, 0, -3};
    crn_array array = crn_array_view_1d(labels, CRN_INT32, 5);
    assert_encodes(&array, "-3|0|7", (int64_t[]){2, 0, 2, 1, 0});
    /* every second one */
    array.strides[0] = 8;
    array.shape[0] = 3;
    assert_encodes(&array, "-3|7", (int64_t[]){1, 1, 0});
}

static void test_large_unsigned(void **state)
{
    (void)state;
    const uint64_t labels[] = {UINT64_MAX, 1, (uint64_t)1 << 63};
    crn_array array = crn_array_view_1d(labels, CRN_UINT64, 3);
    assert_encodes(&array, "1|9223372036854775808|18446744073709551615", (int64_t[]){2, 0, 1});
}

static void test_bools_and_floats(void **state)
{
    (void)state;
    const uint8_t bools[] = {1, 0, 1};
    crn_array array = crn_array_view_1d(bools, CRN_BOOL, 3);
    assert_encodes(&array, "False|True", (int64_t[]){1, 0, 1});
    const double reals[] = {2.0, NAN, -0.5, NAN, 2.0};
    array = crn_array_view_1d(reals, CRN_FLOAT64, 5);
    assert_encodes(&array, "-0.5|2.0|nan", (int64_t[]){1, 2, 0, 2, 1});
    const float singles[] = {0.1F, 1e-5F};
    array = crn_array_view_1d(singles, CRN_FLOAT32, 2);
    assert_encodes(&array, "1e-05|0.1", (int64_t[]){1, 0});
}

static void test_strings_by_code_point(void **state)
{
    (void)state;
    const char *const names[] = {"virginica", "setosa", "\xc3\xa9", "Zebra", "setosa", ""};
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_names_to_array(names, 6, &array, &err));
    assert_int_equal(array.itemsize, 36);
    assert_encodes(&array, "|Zebra|setosa|virginica|\xc3\xa9", (int64_t[]){3, 2, 4, 1, 2, 0});
    crn_array_free(&array);
    assert_status(CRN_ARGUMENT,
                  crn_names_to_array((const char *const[]){"\xff"}, 1, &array, &err));
}

static void test_what_is_no_vector_of_labels(void **state)
{
    (void)state;
    crn_array classes = CRN_ARRAY_INIT, codes = CRN_ARRAY_INIT;
    const double matrix[4] = {0};
    crn_array array = crn_array_view_2d(matrix, CRN_FLOAT64, 2, 2);
    assert_status(CRN_SHAPE, crn_labels_encode(&array, &classes, &codes, &err));
    array = crn_array_view_1d(matrix, CRN_COMPLEX128, 2);
    assert_status(CRN_DTYPE, crn_labels_encode(&array, &classes, &codes, &err));
    assert_null(classes.data);
}

static void test_no_labels_at_all(void **state)
{
    (void)state;
    crn_array classes = CRN_ARRAY_INIT, codes = CRN_ARRAY_INIT;
    int64_t none = 0;
    crn_array array = crn_array_view_1d(&none, CRN_INT64, 0);
    assert_ok(crn_labels_encode(&array, &classes, &codes, &err));
    assert_int_equal(classes.shape[0], 0);
    assert_int_equal(codes.shape[0], 0);
    crn_array_free(&classes);
    crn_array_free(&codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_large_unsigned),
        cmocka_unit_test(test_bools_and_floats),
        cmocka_unit_test(test_strings_by_code_point),
        cmocka_unit_test(test_what_is_no_vector_of_labels),
        cmocka_unit_test(test_no_labels_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
