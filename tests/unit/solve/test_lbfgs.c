/* SPDX-License-Identifier: BSD-3-Clause */
/* L-BFGS against scipy.optimize.minimize(method="L-BFGS-B"): the same number of iterations and
 * evaluations, the same reason to stop, the same point. */
#include "solve/lbfgs.h"
#include "unit/solve/functions.h"
#include "unit/solve/golden.h"

enum { CASES = 10 };

static void run_case(const golden_file *golden, int i)
{
    static double (*const functions[])(void *, const double *, double *) = {rosenbrock, skewed,
                                                                            uphill, cliff};
    const double *c = golden_get(golden, "lbfgs_%d", i)->values;
    const double *want = golden_get(golden, "lbfgs_%d_result", i)->values;
    test_function f = {.n = (int64_t)c[1]};
    crn_objective objective = {.context = &f, .n = f.n, .value_gradient = functions[(int)c[0]]};
    crn_lbfgs_options options = CRN_LBFGS_OPTIONS_INIT;
    options.gtol = c[2];
    options.ftol = c[3];
    options.max_iter = (int64_t)c[4];
    options.max_fun = (int64_t)c[5];
    crn_error err;
    crn_lbfgs_result result;
    double x[64], gradient[64], check[64];
    start_point(x, f.n);
    assert_ok(crn_lbfgs(&objective, &options, x, gradient, &result, &err));
    assert_int_equal(result.stop, (int)want[0]);
    assert_int_equal(crn_lbfgs_status_number(&result), (int)want[1]);
    assert_int_equal(result.iterations, (int64_t)want[2]);
    assert_int_equal(result.evaluations, f.evaluations);
    objective.value_gradient(&f, x, check);
    assert_close(gradient, check, (size_t)f.n, 1e-12, 1e-12);
    assert_matrix_close(x, golden_get(golden, "lbfgs_%d_x", i), 1e-6, 1e-7);
    if (isnan(want[4]))
        return; /* SciPy answers the value of a trial that it took back, we that of the point */
    if (objective.value_gradient == rosenbrock) /* the others end among trials equal but for
                                                   rounding, and SciPy does not count repeats */
        assert_int_equal(result.evaluations, (int64_t)want[3]);
    assert_close(&result.value, &want[4], 1, 1e-6, 1e-10);
}

static void test_path_is_scipys(void **state)
{
    (void)state;
    golden_file golden = golden_read("minimizers");
    for (int i = 0; i < CASES; i++)
        run_case(&golden, i);
    golden_free(&golden);
}

static void test_a_failed_search_leaves_the_start(void **state)
{
    (void)state;
    crn_error err;
    test_function f = {.n = 3};
    crn_objective objective = {.context = &f, .n = 3, .value_gradient = cliff};
    crn_lbfgs_options options = CRN_LBFGS_OPTIONS_INIT;
    crn_lbfgs_result result;
    double x[3], start[3];
    start_point(x, 3);
    start_point(start, 3);
    assert_ok(crn_lbfgs(&objective, &options, x, NULL, &result, &err));
    assert_int_equal(result.stop, CRN_LBFGS_ABNORMAL);
    assert_false(crn_lbfgs_converged(&result));
    assert_close(x, start, 3, 0, 0);
    assert_true(result.value == 1.0);
}

static bool stop_at_third(void *context, int64_t iteration, double value)
{
    double *last = context;
    assert_true(value <= *last); /* values never rise */
    *last = value;
    return iteration < 3;
}

static void test_monitor_can_cancel(void **state)
{
    (void)state;
    crn_error err;
    test_function f = {.n = 5};
    crn_objective objective = rosenbrock_objective(&f);
    double last = INFINITY, x[5], start[5];
    crn_lbfgs_options options = CRN_LBFGS_OPTIONS_INIT;
    options.monitor = (crn_monitor){.call = stop_at_third, .context = &last};
    crn_lbfgs_result result;
    start_point(x, 5);
    start_point(start, 5);
    assert_status(CRN_CANCELLED, crn_lbfgs(&objective, &options, x, NULL, &result, &err));
    assert_int_equal(result.iterations, 3);
    assert_true(memcmp(x, start, sizeof x) != 0); /* the point reached so far */
}

static void test_messages_are_scipys(void **state)
{
    (void)state;
    assert_string_equal(crn_lbfgs_stop_message(CRN_LBFGS_GTOL),
                        "CONVERGENCE: NORM OF PROJECTED GRADIENT <= PGTOL");
    assert_string_equal(crn_lbfgs_stop_message(CRN_LBFGS_FTOL),
                        "CONVERGENCE: RELATIVE REDUCTION OF F <= FACTR*EPSMCH");
    assert_string_equal(crn_lbfgs_stop_message(CRN_LBFGS_MAX_ITER),
                        "STOP: TOTAL NO. OF ITERATIONS REACHED LIMIT");
    assert_string_equal(crn_lbfgs_stop_message(CRN_LBFGS_MAX_FUN),
                        "STOP: TOTAL NO. OF F,G EVALUATIONS EXCEEDS LIMIT");
    assert_string_equal(crn_lbfgs_stop_message(CRN_LBFGS_ABNORMAL), "ABNORMAL: ");
}

static void test_nothing_to_minimise_is_an_argument_error(void **state)
{
    (void)state;
    crn_error err;
    test_function f = {0};
    crn_objective objective = rosenbrock_objective(&f);
    crn_lbfgs_options options = CRN_LBFGS_OPTIONS_INIT;
    crn_lbfgs_result result;
    assert_status(CRN_ARGUMENT, crn_lbfgs(&objective, &options, NULL, NULL, &result, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_is_scipys),
        cmocka_unit_test(test_a_failed_search_leaves_the_start),
        cmocka_unit_test(test_monitor_can_cancel),
        cmocka_unit_test(test_messages_are_scipys),
        cmocka_unit_test(test_nothing_to_minimise_is_an_argument_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
