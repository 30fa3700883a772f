/* SPDX-License-Identifier: BSD-3-Clause */
/* What is checked of data before a fit, in scikit-learn 1.9.1's words. */
#include "unit/sklearn/fitting.h"

#include "sklearn/validation.h"

static double numbers[24];

static crn_array of_shape(int32_t ndim, int64_t rows, int64_t columns)
{
    crn_array x = crn_array_view_2d(numbers, CRN_FLOAT64, rows, columns);
    x.ndim = ndim;
    x.shape[2] = 1;
    x.strides[2] = 8;
    return x;
}

static void assert_refused(crn_array x, crn_array y, crn_status status, const char *message)
{
    assert_status(status, crn_check_X_y(&x, &y, "PCA", &err));
    assert_string_equal(err.message, message);
}

static void test_shapes(void **state)
{
    (void)state;
    const crn_array none = CRN_ARRAY_INIT;
    const crn_array good = of_shape(2, 6, 4), y = crn_array_view_1d(numbers, CRN_FLOAT64, 6);
    assert_ok(crn_check_X_y(&good, &none, "PCA", &err));
    assert_ok(crn_check_X_y(&good, &y, "PCA", &err));
    assert_refused(of_shape(0, 0, 0), none, CRN_SHAPE,
                   "Expected 2D array, got scalar array instead");
    assert_refused(of_shape(1, 6, 0), none, CRN_SHAPE,
                   "Expected 2D array, got 1D array instead");
    assert_refused(of_shape(3, 6, 4), none, CRN_SHAPE,
                   "Found array with dim 3, while dim <= 2 is required by PCA.");
    assert_refused(
        of_shape(2, 0, 3), none, CRN_ARGUMENT,
        "Found array with 0 sample(s) (shape=(0, 3)) while a minimum of 1 is required by PCA.");
    assert_refused(of_shape(2, 6, 0), none, CRN_ARGUMENT,
                   "Found array with 0 feature(s) (shape=(6, 0)) while a minimum of 1 is "
                   "required by PCA.");
    assert_refused(of_shape(2, 5, 4), y, CRN_SHAPE,
                   "Found input variables with inconsistent numbers of samples: [5, 6]");
    assert_refused(good, of_shape(0, 0, 0), CRN_SHAPE,
                   "y should be a 1d array, got an array of shape () instead.");
}

/* The same words come from fit. */
static void test_fit_checks(void **state)
{
    (void)state;
    crn_data data = CRN_DATA_INIT;
    data.x = of_shape(1, 6, 4);
    assert_fit_fails("StandardScaler()", &data, CRN_SHAPE,
                     "Expected 2D array, got 1D array instead");
    data.x = of_shape(2, 0, 4);
    assert_fit_fails("make_pipeline(StandardScaler())", &data, CRN_ARGUMENT,
                     "Found array with 0 sample(s) (shape=(0, 4)) while a minimum of 1 is "
                     "required by Pipeline.");
}

static void test_finite(void **state)
{
    (void)state;
    double values[3] = {1, 2, 3};
    assert_ok(crn_assert_all_finite(values, 3, false, "X", &err));
    values[1] = INFINITY;
    assert_status(CRN_ARGUMENT, crn_assert_all_finite(values, 3, true, "X", &err));
    assert_string_equal(err.message,
                        "Input X contains infinity or a value too large for dtype('float64').");
    values[2] = NAN; /* is said first, wherever it stands */
    assert_status(CRN_ARGUMENT, crn_assert_all_finite(values, 3, false, "sample_weight", &err));
    assert_string_equal(err.message, "Input sample_weight contains NaN.");
    values[1] = 0;
    assert_ok(crn_assert_all_finite(values, 3, true, "X", &err));
}

static void test_sample_weight(void **state)
{
    (void)state;
    double weights[3] = {0, 0, 0};
    crn_array out = CRN_ARRAY_INIT, given = crn_array_view_1d(weights, CRN_FLOAT64, 3);
    const crn_array none = CRN_ARRAY_INIT;
    assert_ok(crn_check_sample_weight(&none, 3, &out, &err));
    assert_null(out.data);
    assert_status(CRN_ARGUMENT, crn_check_sample_weight(&given, 3, &out, &err));
    assert_string_equal(err.message,
                        "Sample weights must contain at least one non-zero number.");
    crn_array_free(&out);
    weights[2] = -1; /* scikit-learn takes it, too */
    assert_ok(crn_check_sample_weight(&given, 3, &out, &err));
    crn_array_free(&out);
    assert_status(CRN_SHAPE, crn_check_sample_weight(&given, 4, &out, &err));
    assert_string_equal(err.message, "sample_weight.shape == (3,), expected (4,)!");
    given = of_shape(2, 3, 1);
    assert_status(CRN_SHAPE, crn_check_sample_weight(&given, 3, &out, &err));
    assert_string_equal(
        err.message,
        "Sample weights must be 1D array or scalar, got 2D array. Expected either a "
        "scalar value or a 1D array of length 3.");
    weights[0] = INFINITY;
    given = crn_array_view_1d(weights, CRN_FLOAT64, 3);
    assert_status(CRN_ARGUMENT, crn_check_sample_weight(&given, 3, &out, &err));
    assert_string_equal(
        err.message,
        "Input sample_weight contains infinity or a value too large for dtype('float64').");
    crn_array_free(&out);
}

static void test_columns_and_vectors(void **state)
{
    (void)state;
    warnings heard;
    const crn_fit_options options = listening(&heard);
    crn_array y = of_shape(1, 6, 0);
    assert_ok(crn_column_or_1d(&y, &options, &err));
    assert_int_equal(heard.count, 0);
    y = of_shape(2, 6, 1);
    assert_ok(crn_column_or_1d(&y, &options, &err));
    assert_int_equal(y.ndim, 1);
    assert_int_equal(heard.count, 1);
    y = of_shape(2, 6, 2);
    assert_status(CRN_SHAPE, crn_column_or_1d(&y, &options, &err));
    assert_string_equal(err.message,
                        "y should be a 1d array, got an array of shape (6, 2) instead.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_fit_checks),
        cmocka_unit_test(test_finite),
        cmocka_unit_test(test_sample_weight),
        cmocka_unit_test(test_columns_and_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
