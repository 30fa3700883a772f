/* SPDX-License-Identifier: BSD-3-Clause */
/* The line search of Moré and Thuente against scipy.optimize._dcsrch, trial by trial. */
#include "solve/dcsrch.h"
#include "unit/solve/golden.h"

/* The first test function of the paper: one minimum at sqrt(2), flat far out. */
static double phi(double a)
{
    return -a / (a * a + 2.0);
}

static double derphi(double a)
{
    double square = a * a + 2.0;
    return (a * a - 2.0) / (square * square);
}

static const crn_dcsrch_limits paper_limits = {
    .ftol = 1e-3, .gtol = 0.1, .xtol = 1e-10, .step_min = 0.0, .step_max = 1e4};

static void test_trials_are_scipys(void **state)
{
    (void)state;
    golden_file golden = golden_read("line_searches");
    for (int i = 0; i < 4; i++) {
        const golden_matrix *want = golden_get(&golden, "dcsrch_%d", i);
        double step = want->values[0];
        crn_dcsrch search;
        crn_dcsrch_task task = crn_dcsrch_start(&search, &paper_limits, 0.0, -0.5, step);
        int64_t trial = 0;
        for (; task == CRN_DCSRCH_EVALUATE; trial++) {
            assert_true(trial < want->columns - 1);
            assert_close(&step, want->values + trial, 1, 1e-13, 0);
            task = crn_dcsrch_next(&search, phi(step), derphi(step), &step);
        }
        assert_int_equal(task, CRN_DCSRCH_CONVERGED);
        assert_int_equal(trial, want->columns - 1);
        assert_close(&step, want->values + trial, 1, 1e-13, 0);
    }
    golden_free(&golden);
}

static void test_result_satisfies_wolfe(void **state)
{
    (void)state;
    for (double first = 1e-6; first < 1e4; first *= 3) {
        double step = first;
        crn_dcsrch search;
        crn_dcsrch_task task = crn_dcsrch_start(&search, &paper_limits, 0.0, -0.5, step);
        while (task == CRN_DCSRCH_EVALUATE)
            task = crn_dcsrch_next(&search, phi(step), derphi(step), &step);
        assert_int_equal(task, CRN_DCSRCH_CONVERGED);
        assert_true(phi(step) <= 1e-3 * step * -0.5);
        assert_true(fabs(derphi(step)) <= 0.1 * 0.5);
    }
}

static void test_bad_starts_are_errors(void **state)
{
    (void)state;
    crn_dcsrch search;
    crn_dcsrch_limits limits = paper_limits;
    limits.step_min = 0.5;
    limits.step_max = 2.0;
    assert_int_equal(crn_dcsrch_start(&search, &limits, 1.0, 0.0, 1.0), CRN_DCSRCH_ERROR);
    assert_int_equal(crn_dcsrch_start(&search, &limits, 1.0, 2.0, 1.0), CRN_DCSRCH_ERROR);
    assert_int_equal(crn_dcsrch_start(&search, &limits, 1.0, -1.0, 0.4), CRN_DCSRCH_ERROR);
    assert_int_equal(crn_dcsrch_start(&search, &limits, 1.0, -1.0, 2.1), CRN_DCSRCH_ERROR);
    assert_int_equal(crn_dcsrch_start(&search, &limits, 1.0, -1.0, 1.0), CRN_DCSRCH_EVALUATE);
}

/* A straight line down goes to the largest step, a straight line up (with a wrong slope) to the
 * least. */
static void test_limits_end_the_search(void **state)
{
    (void)state;
    crn_dcsrch_limits limits = paper_limits;
    limits.step_min = 0.25;
    limits.step_max = 50.0;
    for (int up = 0; up < 2; up++) {
        double step = 1.0, direction = up ? 1.0 : -1.0;
        crn_dcsrch search;
        crn_dcsrch_task task = crn_dcsrch_start(&search, &limits, 0.0, -1.0, step);
        for (int i = 0; i < 100 && task == CRN_DCSRCH_EVALUATE; i++)
            task = crn_dcsrch_next(&search, direction * step, direction, &step);
        assert_int_equal(task, CRN_DCSRCH_WARNING);
        if (up)
            assert_true(step < 1.0);
        else
            assert_true(step == 50.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trials_are_scipys),
        cmocka_unit_test(test_result_satisfies_wolfe),
        cmocka_unit_test(test_bad_starts_are_errors),
        cmocka_unit_test(test_limits_end_the_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
