/* SPDX-License-Identifier: BSD-3-Clause */
/* Newton-CG against sklearn.utils.optimize._newton_cg, on a function with negative curvature.
 * What it does on logistic regression is in test_logistic_regression.c. */
#include "solve/newton_cg.h"
#include "unit/solve/functions.h"
#include "unit/solve/golden.h"

static void test_path_is_scikit_learns(void **state)
{
    (void)state;
    golden_file golden = golden_read("minimizers");
    for (int i = 0; i < 4; i++) {
        const double *c = golden_get(&golden, "newton_cg_%d", i)->values;
        const golden_matrix *want = golden_get(&golden, "newton_cg_%d_x", i);
        test_function f = {.n = (int64_t)c[0]};
        crn_objective objective = rosenbrock_objective(&f);
        crn_newton_cg_options options = CRN_NEWTON_CG_OPTIONS_INIT;
        options.tol = 1e-8;
        options.max_iter = (int64_t)c[1];
        crn_newton_cg_result result;
        crn_error err;
        double x[64];
        start_point(x, f.n);
        assert_ok(crn_newton_cg(&objective, &options, x, &result, &err));
        assert_int_equal(result.iterations, (int64_t)c[2]);
        assert_int_equal(result.stop, c[2] < c[1] ? CRN_NEWTON_CG_TOL : CRN_NEWTON_CG_MAX_ITER);
        assert_close(&result.value, &c[3], 1, 1e-5, 1e-12);
        assert_matrix_close(x, want, 1e-5, 0);
    }
    golden_free(&golden);
}

static void test_start_at_the_minimum_needs_no_step(void **state)
{
    (void)state;
    crn_error err;
    test_function f = {.n = 3};
    crn_objective objective = rosenbrock_objective(&f);
    crn_newton_cg_options options = CRN_NEWTON_CG_OPTIONS_INIT;
    crn_newton_cg_result result;
    double x[3] = {1, 1, 1};
    assert_ok(crn_newton_cg(&objective, &options, x, &result, &err));
    assert_int_equal(result.iterations, 0);
    assert_int_equal(result.stop, CRN_NEWTON_CG_TOL);
    assert_true(x[0] == 1 && x[1] == 1 && x[2] == 1);
}

static void test_a_failed_search_is_told(void **state)
{
    (void)state;
    crn_error err;
    test_function f = {.n = 3};
    crn_objective objective = rosenbrock_objective(&f);
    objective.value_gradient = cliff;
    crn_newton_cg_options options = CRN_NEWTON_CG_OPTIONS_INIT;
    crn_newton_cg_result result;
    double x[3];
    start_point(x, 3);
    assert_ok(crn_newton_cg(&objective, &options, x, &result, &err));
    assert_true(result.stop == CRN_NEWTON_CG_LINE_SEARCH || isnan(result.value));
    assert_int_equal(result.stop == CRN_NEWTON_CG_TOL, 0);
}

static bool stop_at_second(void *context, int64_t iteration, double value)
{
    (void)context;
    (void)value;
    return iteration < 2;
}

static void test_monitor_can_cancel(void **state)
{
    (void)state;
    crn_error err;
    test_function f = {.n = 3};
    crn_objective objective = rosenbrock_objective(&f);
    crn_newton_cg_options options = CRN_NEWTON_CG_OPTIONS_INIT;
    options.monitor.call = stop_at_second;
    crn_newton_cg_result result;
    double x[3];
    start_point(x, 3);
    assert_status(CRN_CANCELLED, crn_newton_cg(&objective, &options, x, &result, &err));
    assert_int_equal(result.iterations, 2);
}

static void test_sizes_are_checked(void **state)
{
    (void)state;
    crn_error err;
    test_function f = {0};
    crn_objective objective = rosenbrock_objective(&f);
    crn_newton_cg_options options = CRN_NEWTON_CG_OPTIONS_INIT;
    crn_newton_cg_result result;
    assert_status(CRN_LIMIT, crn_newton_cg(&objective, &options, NULL, &result, &err));
    objective.n = INT64_C(1) << 31;
    assert_status(CRN_LIMIT, crn_newton_cg(&objective, &options, NULL, &result, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_is_scikit_learns),
        cmocka_unit_test(test_start_at_the_minimum_needs_no_step),
        cmocka_unit_test(test_a_failed_search_is_told),
        cmocka_unit_test(test_monitor_can_cancel),
        cmocka_unit_test(test_sizes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
