/* SPDX-License-Identifier: BSD-3-Clause */
/* Statistics of columns against NumPy and scikit-learn; without weights they are equal to the
 * last bit. */
#include "solve/statistics.h"
#include "unit/solve/datasets.h"

/* The first `columns` columns of a golden matrix. */
static double *columns_of(const golden_matrix *matrix, int64_t columns)
{
    double *x = new_doubles(matrix->rows * columns);
    for (int64_t i = 0; i < matrix->rows; i++)
        memcpy(x + i * columns, matrix->values + i * matrix->columns,
               (size_t)columns * sizeof *x);
    return x;
}

/* Rows 0 to 199, then 200 to 299. Golden rows: mean, variance, count after each. */
static void compare_moments(const golden_file *golden, const char *source, const char *name,
                            int64_t columns, bool weighted)
{
    crn_error err;
    const golden_matrix *want = golden_get(golden, "moments_%s_%d", name, weighted);
    double *x = columns_of(golden_get(golden, "%s", source), columns),
           *weights = new_weights(300);
    double state[9] = {0}, *mean = state, *variance = state + columns;
    double *count = state + 2 * columns, rtol = weighted ? 1e-13 : 0;
    for (int part = 0; part < 2; part++) {
        int64_t begin = part == 0 ? 0 : 200, rows = part == 0 ? 200 : 100;
        assert_ok(crn_incremental_mean_and_var(x + begin * columns, rows, columns,
                                               weighted ? weights + begin : NULL, mean,
                                               variance, count, &err));
        assert_close(state, want->values + part * 3 * columns, (size_t)(3 * columns), rtol, 0);
    }
    free(x);
    free(weights);
}

static void test_moments_are_scikit_learns(void **state)
{
    (void)state;
    golden_file golden = golden_read("statistics");
    for (int weighted = 0; weighted < 2; weighted++) {
        compare_moments(&golden, "numbers", "numbers", 3, weighted);
        compare_moments(&golden, "missing", "missing", 2, weighted);
        compare_moments(&golden, "numbers", "column", 1, weighted);
    }
    golden_free(&golden);
}

static void test_variance_is_optional(void **state)
{
    (void)state;
    crn_error err;
    const double x[4] = {1, 10, 3, NAN}, want[2] = {2, 10}, want_count[2] = {2, 1};
    double mean[2] = {0}, count[2] = {0};
    assert_ok(crn_incremental_mean_and_var(x, 2, 2, NULL, mean, NULL, count, &err));
    assert_close(mean, want, 2, 0, 0);
    assert_close(count, want_count, 2, 0, 0);
}

static void test_a_missing_column_has_no_mean(void **state)
{
    (void)state;
    crn_error err;
    const double x[2] = {NAN, NAN};
    double mean = 0, variance = 0, count = 0;
    assert_ok(crn_incremental_mean_and_var(x, 2, 1, NULL, &mean, &variance, &count, &err));
    assert_true(isnan(mean) && isnan(variance) && count == 0);
}

static void test_min_max_pass_over_nan(void **state)
{
    (void)state;
    golden_file golden = golden_read("statistics");
    double bounds[6];
    crn_nan_min_max(golden_get(&golden, "missing")->values, 300, 3, bounds, bounds + 3);
    assert_matrix_close(bounds, golden_get(&golden, "nan_min_max"), 0, 0);
    assert_true(isnan(bounds[2]) && isnan(bounds[5])); /* the third column is all NaN */
    golden_free(&golden);
}

static void test_column_means_are_numpys(void **state)
{
    (void)state;
    golden_file golden = golden_read("statistics");
    double means[3];
    crn_column_means(golden_get(&golden, "numbers")->values, 300, 3, means);
    assert_matrix_close(means, golden_get(&golden, "column_means"), 0, 0);
    golden_free(&golden);
}

static void test_covariance_is_pcas(void **state)
{
    (void)state;
    crn_error err;
    golden_file golden = golden_read("statistics"), all = golden_read("data");
    for (int i = 0; i < DATASET_COUNT; i++) {
        test_dataset data = dataset_load(&all, i, false);
        double *mean = new_doubles(data.columns);
        double *covariance = new_doubles(data.columns * data.columns);
        crn_column_means(data.x, data.rows, data.columns, mean);
        assert_ok(crn_covariance(data.x, data.rows, data.columns, mean, covariance, &err));
        assert_matrix_close(covariance, golden_get(&golden, "%s_covariance", dataset_name(i)),
                            1e-9, 1e-9);
        for (int64_t j = 0; j < data.columns; j++)
            assert_true(covariance[j] == covariance[j * data.columns]); /* exactly symmetric */
        free(mean);
        free(covariance);
        dataset_free(&data);
    }
    golden_free(&golden);
    golden_free(&all);
}

static void test_shapes_are_checked(void **state)
{
    (void)state;
    crn_error err;
    double x[1] = {1}, out[1];
    assert_status(CRN_LIMIT, crn_covariance(x, INT64_C(1) << 31, 1, x, out, &err));
    assert_status(CRN_LIMIT, crn_covariance(x, 1, 0, x, out, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments_are_scikit_learns),
        cmocka_unit_test(test_variance_is_optional),
        cmocka_unit_test(test_a_missing_column_has_no_mean),
        cmocka_unit_test(test_min_max_pass_over_nan),
        cmocka_unit_test(test_column_means_are_numpys),
        cmocka_unit_test(test_covariance_is_pcas),
        cmocka_unit_test(test_shapes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
