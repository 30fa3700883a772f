/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums must be NumPy's to the last bit: the golden numbers are compared without a tolerance. */
#include "solve/sum.h"
#include "unit/solve/golden.h"

static void test_sum_is_numpys(void **state)
{
    (void)state;
    const int64_t lengths[] = {0, 1, 7, 8, 9, 127, 128, 129, 300, 555, 900};
    golden_file golden = golden_read("statistics");
    const double *numbers = golden_get(&golden, "numbers")->values;
    const golden_matrix *want = golden_get(&golden, "sums");
    assert_int_equal(want->columns, sizeof lengths / sizeof *lengths);
    for (int64_t i = 0; i < want->columns; i++) {
        double got = crn_sum(numbers, lengths[i]);
        assert_close(&got, want->values + i, 1, 0, 0);
    }
    golden_free(&golden);
}

static void test_order_of_additions_matters_here(void **state)
{
    (void)state;
    golden_file golden = golden_read("statistics");
    const double *numbers = golden_get(&golden, "numbers")->values;
    double plain = 0.0;
    for (int i = 0; i < 900; i++)
        plain += numbers[i];
    assert_true(plain != crn_sum(numbers, 900)); /* or the test above proves nothing */
    golden_free(&golden);
}

static void test_columns_go_row_by_row(void **state)
{
    (void)state;
    golden_file golden = golden_read("statistics");
    double sums[3];
    crn_sum_columns(golden_get(&golden, "numbers")->values, 300, 3, sums);
    assert_matrix_close(sums, golden_get(&golden, "column_sums"), 0, 0);
    golden_free(&golden);
}

static void test_one_column_goes_pairwise(void **state)
{
    (void)state;
    golden_file golden = golden_read("statistics");
    const double *numbers = golden_get(&golden, "numbers")->values;
    double column[300], sum;
    for (int i = 0; i < 300; i++)
        column[i] = numbers[i * 3];
    crn_sum_columns(column, 300, 1, &sum);
    assert_matrix_close(&sum, golden_get(&golden, "first_column_sum"), 0, 0);
    golden_free(&golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum_is_numpys),
        cmocka_unit_test(test_order_of_additions_matters_here),
        cmocka_unit_test(test_columns_go_row_by_row),
        cmocka_unit_test(test_one_column_goes_pairwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
