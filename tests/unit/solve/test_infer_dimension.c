/* SPDX-License-Identifier: BSD-3-Clause */
/* Minka's choice of the number of components against sklearn.decomposition._pca. */
#include "solve/infer_dimension.h"
#include "unit/solve/datasets.h"

static void test_evidence_is_scikit_learns(void **state)
{
    (void)state;
    golden_file golden = golden_read("statistics"), data = golden_read("data");
    for (int i = 0; i < DATASET_COUNT; i++) {
        const char *name = dataset_name(i);
        const golden_matrix *spectrum = golden_get(&golden, "%s_spectrum", name);
        const golden_matrix *evidence = golden_get(&golden, "%s_evidence", name);
        int64_t n = spectrum->columns, rows = golden_get(&data, "%s_x", name)->rows;
        assert_int_equal(evidence->columns, n - 1);
        for (int64_t rank = 1; rank < n; rank++) {
            double got = crn_assess_dimension(spectrum->values, n, rank, rows);
            assert_close(&got, evidence->values + rank - 1, 1, 1e-12, 0);
        }
        assert_int_equal(crn_infer_dimension(spectrum->values, n, rows),
                         (int64_t)golden_get(&golden, "%s_dimension", name)->values[0]);
    }
    golden_free(&golden);
    golden_free(&data);
}

static void test_small_variances_cannot_win(void **state)
{
    (void)state;
    const double spectrum[4] = {5, 1, 1e-16, 0};
    assert_true(isinf(crn_assess_dimension(spectrum, 4, 3, 100)));
    assert_true(isfinite(crn_assess_dimension(spectrum, 4, 1, 100)));
    assert_in_range(crn_infer_dimension(spectrum, 4, 100), 1, 2);
}

/* scikit-learn raises "math domain error" for the ranks that would split equals from each
 * other. */
static void test_equal_variances_do_not_break_it(void **state)
{
    (void)state;
    const double spectrum[4] = {5, 3, 3, 0.5}, equal[3] = {2, 2, 2};
    assert_true(isfinite(crn_assess_dimension(spectrum, 4, 1, 50)));
    double evidence = crn_assess_dimension(spectrum, 4, 2, 50);
    assert_true(isinf(evidence) && evidence < 0);
    assert_int_equal(crn_infer_dimension(spectrum, 4, 50), 1);
    assert_int_equal(crn_infer_dimension(equal, 3, 50), 0);
}

static void test_one_feature_has_no_dimension(void **state)
{
    (void)state;
    const double spectrum[1] = {2};
    assert_int_equal(crn_infer_dimension(spectrum, 1, 50), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evidence_is_scikit_learns),
        cmocka_unit_test(test_small_variances_cannot_win),
        cmocka_unit_test(test_equal_variances_do_not_break_it),
        cmocka_unit_test(test_one_feature_has_no_dimension),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
