/* SPDX-License-Identifier: BSD-3-Clause */
/* What is special to newton-cholesky: the class kept at zero, and the falls back to L-BFGS. Its
 * coefficients are compared with scikit-learn's in test_logistic_regression.c. */
#include "solve/newton_cholesky.h"
#include "unit/solve/datasets.h"

static crn_newton_cholesky_result solve(const crn_logistic_problem *problem, double *coef,
                                        int64_t max_iter)
{
    crn_error err;
    crn_logistic_loss *loss;
    assert_ok(crn_logistic_loss_create(problem, &loss, &err));
    crn_newton_cholesky_options options = CRN_NEWTON_CHOLESKY_OPTIONS_INIT;
    options.max_iter = max_iter;
    crn_newton_cholesky_result result;
    assert_ok(crn_newton_cholesky(loss, &options, coef, &result, &err));
    crn_logistic_loss_destroy(loss);
    return result;
}

static void test_classes_sum_to_zero(void **state)
{
    (void)state;
    golden_file golden = golden_read("data");
    test_dataset data = dataset_load(&golden, 1, true);
    for (int penalized = 0; penalized < 2; penalized++) {
        crn_logistic_problem problem = dataset_problem(&data, 1.0, true, false);
        if (!penalized)
            problem.l2_reg_strength = 0.0;
        double coef[14 * 3];
        for (int i = 0; i < 14 * 3; i++)
            coef[i] = 0.01 * i; /* a warm start that does not sum to zero */
        crn_newton_cholesky_result result = solve(&problem, coef, 100);
        assert_true(result.converged);
        assert_int_equal(result.fallback, CRN_NEWTON_NO_FALLBACK);
        for (int j = penalized ? 13 : 0; j < 14; j++) {
            double sum = coef[3 * j] + coef[3 * j + 1] + coef[3 * j + 2], zero = 0.0;
            assert_close(&sum, &zero, 1, 0, 1e-9);
        }
    }
    dataset_free(&data);
    golden_free(&golden);
}

static void test_limit_of_iterations(void **state)
{
    (void)state;
    golden_file golden = golden_read("data");
    test_dataset data = dataset_load(&golden, 2, true);
    crn_logistic_problem problem = dataset_problem(&data, 1.0, true, false);
    double coef[31] = {0};
    crn_newton_cholesky_result result = solve(&problem, coef, 2);
    assert_false(result.converged);
    assert_int_equal(result.iterations, 2);
    dataset_free(&data);
    golden_free(&golden);
}

/* The same feature twice without a penalty: the Hessian is singular. */
static void test_singular_hessian_falls_back(void **state)
{
    (void)state;
    const double x[12] = {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6};
    const int32_t y[6] = {0, 1, 0, 1, 0, 1};
    crn_logistic_problem problem = {.x = x,
                                    .y = y,
                                    .n_samples = 6,
                                    .n_features = 2,
                                    .n_classes = 2,
                                    .fit_intercept = true,
                                    .second_order = true};
    double coef[3] = {0, 0, 0};
    crn_newton_cholesky_result result = solve(&problem, coef, 100);
    assert_int_equal(result.fallback, CRN_NEWTON_SINGULAR);
    assert_true(result.converged);
    assert_close(&coef[0], &coef[1], 1, 1e-6, 1e-9); /* L-BFGS treats equals equally */
    assert_true(coef[0] > 0);
}

/* A start so far out that the loss has no curvature there. */
static void test_flat_start_falls_back(void **state)
{
    (void)state;
    const double x[4] = {-2, -1, 1, 2};
    const int32_t y[4] = {1, 1, 0, 0};
    crn_logistic_problem problem = {.x = x,
                                    .y = y,
                                    .n_samples = 4,
                                    .n_features = 1,
                                    .n_classes = 2,
                                    .l2_reg_strength = 0.1,
                                    .second_order = true};
    double coef[1] = {5000};
    crn_newton_cholesky_result result = solve(&problem, coef, 100);
    assert_int_equal(result.fallback, CRN_NEWTON_FLAT);
    assert_true(result.converged);
    assert_true(coef[0] < 0);
}

static bool stop(void *context, int64_t iteration, double value)
{
    *(double *)context = value;
    return iteration < 1;
}

static void test_monitor_can_cancel(void **state)
{
    (void)state;
    crn_error err;
    golden_file golden = golden_read("data");
    test_dataset data = dataset_load(&golden, 0, true);
    crn_logistic_problem problem = dataset_problem(&data, 1.0, true, false);
    crn_logistic_loss *loss;
    double coef[15] = {0}, value = 0.0;
    assert_ok(crn_logistic_loss_create(&problem, &loss, &err));
    crn_newton_cholesky_options options = CRN_NEWTON_CHOLESKY_OPTIONS_INIT;
    options.monitor = (crn_monitor){.call = stop, .context = &value};
    crn_newton_cholesky_result result;
    assert_status(CRN_CANCELLED, crn_newton_cholesky(loss, &options, coef, &result, &err));
    assert_int_equal(result.iterations, 1);
    assert_true(value > 0 && value < log(3.0)); /* below the value at zero */
    crn_logistic_loss_destroy(loss);
    dataset_free(&data);
    golden_free(&golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes_sum_to_zero),
        cmocka_unit_test(test_limit_of_iterations),
        cmocka_unit_test(test_singular_hessian_falls_back),
        cmocka_unit_test(test_flat_start_falls_back),
        cmocka_unit_test(test_monitor_can_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
