/* SPDX-License-Identifier: BSD-3-Clause */
/* The built-in data sets have the bits of scikit-learn's. */
#include "test.h"

#include <zlib.h>

#include "cornichon/table.h"
#include "golden_data.h"

static crn_error err;

static crn_table *load(const char *name)
{
    crn_table *table = NULL;
    assert_ok(crn_table_dataset(name, &table, &err));
    return table;
}

/* zlib.crc32 of X.tobytes() and y.tobytes(), X, y = load_*(return_X_y=True),
 * scikit-learn 1.9.1. */
static void test_bits_are_scikit_learns(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t rows, features;
        crn_dtype target;
        uint32_t crc_x, crc_y;
    } cases[] = {
        {"iris", 150, 4, CRN_INT64, 0x7c9eafdc, 0x05c49efa},
        {"wine", 178, 13, CRN_INT64, 0x2b79fc75, 0x94f0787a},
        {"digits", 1797, 64, CRN_INT64, 0x1be630d7, 0x3b90d976},
        {"breast_cancer", 569, 30, CRN_INT64, 0x69da91f0, 0xbf39f435},
        {"diabetes", 442, 10, CRN_FLOAT64, 0x3b7b0483, 0x294f4557},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_table *table = load(cases[i].name);
        crn_array x = CRN_ARRAY_INIT, y;
        assert_int_equal(crn_table_rows(table), cases[i].rows);
        assert_int_equal(crn_table_columns(table), cases[i].features + 1);
        assert_ok(crn_table_matrix(table, NULL, cases[i].features, &x, &err));
        assert_true(crn_table_column(table, crn_table_find(table, "target"), &y));
        assert_int_equal(y.dtype, cases[i].target);
        assert_int_equal(crc32_z(0, x.data, (size_t)crn_array_size(&x) * 8), cases[i].crc_x);
        assert_int_equal(crc32_z(0, y.data, (size_t)crn_array_size(&y) * 8), cases[i].crc_y);
        crn_array_free(&x);
        crn_table_destroy(table);
    }
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *name, *first, *last;
    } cases[] = {
        {"iris", "sepal length (cm)", "petal width (cm)"},
        {"wine", "alcohol", "proline"},
        {"digits", "pixel_0_0", "pixel_7_7"},
        {"breast_cancer", "mean radius", "worst fractal dimension"},
        {"diabetes", "age", "s6"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_table *table = load(cases[i].name);
        int64_t columns = crn_table_columns(table);
        assert_true(crn_table_has_names(table));
        assert_string_equal(crn_table_name(table, 0), cases[i].first);
        assert_string_equal(crn_table_name(table, columns - 2), cases[i].last);
        assert_string_equal(crn_table_name(table, columns - 1), "target");
        crn_table_destroy(table);
        assert_string_equal(crn_dataset_name(i), cases[i].name);
        assert_non_null(strstr(crn_dataset_summary(cases[i].name), " rows, "));
    }
    assert_null(crn_dataset_name(5));
    assert_null(crn_dataset_summary("boston"));
}

static void test_target_names(void **state)
{
    (void)state;
    assert_string_equal(crn_dataset_target_name("iris", 0), "setosa");
    assert_string_equal(crn_dataset_target_name("iris", 2), "virginica");
    assert_null(crn_dataset_target_name("iris", 3));
    assert_string_equal(crn_dataset_target_name("wine", 1), "class_1");
    assert_string_equal(crn_dataset_target_name("digits", 9), "9");
    assert_string_equal(crn_dataset_target_name("breast_cancer", 0), "malignant");
    assert_null(crn_dataset_target_name("diabetes", 0));
    assert_null(crn_dataset_target_name("boston", 0));
}

static void test_first_rows(void **state)
{
    (void)state;
    crn_table *iris = load("iris");
    crn_array x = CRN_ARRAY_INIT;
    assert_ok(crn_table_matrix(iris, NULL, 4, &x, &err));
    assert_close((const double *)x.data, ((double[]){5.1, 3.5, 1.4, 0.2}), 4, 0, 0);
    crn_array_free(&x);
    crn_table_destroy(iris);
}

static void test_unknown_name(void **state)
{
    (void)state;
    crn_table *table = NULL;
    assert_status(CRN_NOT_FOUND, crn_table_dataset("boston", &table, &err));
    assert_message(
        "no data set 'boston'; there are iris, wine, digits, breast_cancer, diabetes");
    assert_null(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bits_are_scikit_learns), cmocka_unit_test(test_names),
        cmocka_unit_test(test_target_names),           cmocka_unit_test(test_first_rows),
        cmocka_unit_test(test_unknown_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
