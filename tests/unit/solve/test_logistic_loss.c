/* SPDX-License-Identifier: BSD-3-Clause */
/* Value, gradient, Hessian and Hessian products against sklearn's LinearModelLoss at random
 * coefficients; against differences where scikit-learn has no say; the same for any number of
 * threads. */
#include "solve/logistic_loss.h"
#include "unit/solve/datasets.h"

/* Golden vectors: coef, s, gradient, Hessian times s. */
static void compare(const golden_file *golden, const golden_file *data, int i)
{
    crn_error err;
    const double *c = golden_get(golden, "loss_%d", i)->values;
    const golden_matrix *vectors = golden_get(golden, "loss_%d_vectors", i);
    const golden_matrix *hessian = golden_get(golden, "loss_%d_hessian", i);
    int64_t n = vectors->columns;
    const double *coef = vectors->values, *s = coef + n, *gradient = s + n,
                 *product = gradient + n;
    test_dataset dataset = dataset_load(data, (int)c[0], true);
    crn_logistic_problem problem = dataset_problem(&dataset, 1.0, c[1] != 0, c[2] != 0);
    problem.l2_reg_strength = 0.25;
    crn_logistic_loss *loss;
    assert_ok(crn_logistic_loss_create(&problem, &loss, &err));
    assert_int_equal(crn_logistic_loss_size(loss), n);
    double *got = new_doubles(n), *got_hessian = new_doubles(n * n);

    double value = crn_logistic_value_gradient(loss, coef, NULL, got);
    assert_close(&value, &c[3], 1, 1e-14, 0);
    assert_close(got, gradient, (size_t)n, 1e-12, 1e-14);

    crn_objective objective = crn_logistic_loss_objective(loss);
    objective.gradient_hessian(objective.context, coef, got);
    assert_close(got, gradient, (size_t)n, 1e-12, 1e-14);
    objective.hessian_product(objective.context, s, got);
    assert_close(got, product, (size_t)n, 1e-12, 1e-14);

    assert_true(crn_logistic_gradient_hessian(loss, coef, NULL, got, got_hessian));
    assert_close(got, gradient, (size_t)n, 1e-12, 1e-14);
    assert_matrix_close(got_hessian, hessian, 1e-11, 1e-14);
    free(got);
    free(got_hessian);
    crn_logistic_loss_destroy(loss);
    dataset_free(&dataset);
}

static void test_derivatives_are_scikit_learns(void **state)
{
    (void)state;
    golden_file golden = golden_read("logistic_losses"), data = golden_read("data");
    for (int i = 0; i < 4; i++)
        compare(&golden, &data, i);
    golden_free(&golden);
    golden_free(&data);
}

/* A made-up problem with more features than a tile of the Hessian has, and many chunks of rows.
 */
enum { WIDE_ROWS = 1500, WIDE_COLUMNS = 70 };

static test_dataset wide_dataset(int32_t classes)
{
    test_dataset data = {.rows = WIDE_ROWS, .columns = WIDE_COLUMNS, .classes = classes};
    data.x = new_doubles(data.rows * data.columns);
    data.y = calloc(WIDE_ROWS, sizeof *data.y);
    assert_non_null(data.y);
    data.weights = new_weights(data.rows);
    for (int64_t i = 0; i < data.rows * data.columns; i++)
        data.x[i] = sin((double)i * 0.7 + (double)(i % 13));
    for (int64_t i = 0; i < data.rows; i++)
        data.y[i] = (int32_t)((i * i + i / 3) % classes);
    return data;
}

static void fill(double *coef, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        coef[i] = 0.2 * cos((double)i * 1.3);
}

static void test_hessian_is_the_gradients_derivative(void **state)
{
    (void)state;
    crn_error err;
    for (int32_t classes = 2; classes <= 3; classes++) {
        test_dataset data = wide_dataset(classes);
        crn_logistic_problem problem = dataset_problem(&data, 1.0, true, true);
        crn_logistic_loss *loss;
        assert_ok(crn_logistic_loss_create(&problem, &loss, &err));
        int64_t n = crn_logistic_loss_size(loss);
        double *coef = new_doubles(3 * n), *up = coef + n, *down = up + n;
        double *hessian = new_doubles(n * n);
        fill(coef, n);
        assert_true(crn_logistic_gradient_hessian(loss, coef, NULL, up, hessian));
        for (int64_t i = 0; i < n; i += 17) { /* some of the columns */
            const double h = 1e-5, at = coef[i];
            coef[i] = at + h;
            crn_logistic_value_gradient(loss, coef, NULL, up);
            coef[i] = at - h;
            crn_logistic_value_gradient(loss, coef, NULL, down);
            coef[i] = at;
            for (int64_t j = 0; j < n; j++)
                up[j] = (up[j] - down[j]) / (2 * h);
            assert_close(hessian + i * n, up, (size_t)n, 1e-6, 1e-9);
        }
        free(coef);
        free(hessian);
        crn_logistic_loss_destroy(loss);
        dataset_free(&data);
    }
}

/* Everything a loss computes, into out: value, gradient, Hessian, product. */
static int64_t compute_all(const test_dataset *data, crn_pool *pool, double **out)
{
    crn_error err;
    crn_logistic_problem problem = dataset_problem(data, 1.0, true, true);
    problem.pool = pool;
    crn_logistic_loss *loss;
    assert_ok(crn_logistic_loss_create(&problem, &loss, &err));
    int64_t n = crn_logistic_loss_size(loss);
    double *all = new_doubles(1 + 3 * n + n * n), *coef = all + 1;
    fill(coef, n);
    all[0] = crn_logistic_value_gradient(loss, coef, NULL, coef + n);
    crn_logistic_gradient_hessian(loss, coef, NULL, coef + 2 * n, coef + 3 * n);
    crn_objective objective = crn_logistic_loss_objective(loss);
    objective.hessian_product(objective.context, coef, coef + 2 * n);
    crn_logistic_loss_destroy(loss);
    *out = all;
    return 1 + 3 * n + n * n;
}

static void test_threads_change_nothing(void **state)
{
    (void)state;
    crn_error err;
    for (int32_t classes = 2; classes <= 4; classes += 2) {
        test_dataset data = wide_dataset(classes);
        double *alone, *together;
        int64_t n = compute_all(&data, NULL, &alone);
        for (int threads = 2; threads <= 3; threads++) {
            crn_pool *pool;
            assert_ok(crn_pool_create(threads, &pool, &err));
            assert_int_equal(compute_all(&data, pool, &together), n);
            assert_memory_equal(alone, together, (size_t)n * sizeof(double));
            free(together);
            crn_pool_destroy(pool);
        }
        free(alone);
        dataset_free(&data);
    }
}

static void test_raw_predictions_can_be_given(void **state)
{
    (void)state;
    crn_error err;
    test_dataset data = wide_dataset(3);
    crn_logistic_problem problem = dataset_problem(&data, 1.0, true, false);
    crn_logistic_loss *loss;
    assert_ok(crn_logistic_loss_create(&problem, &loss, &err));
    int64_t n = crn_logistic_loss_size(loss);
    double *coef = new_doubles(3 * n), *raw = new_doubles(data.rows * 3);
    fill(coef, n);
    crn_logistic_raw_prediction(loss, coef, raw);
    double with = crn_logistic_value_gradient(loss, coef, raw, coef + n);
    double without = crn_logistic_value_gradient(loss, coef, NULL, coef + 2 * n);
    assert_true(with == without);
    assert_close(coef + n, coef + 2 * n, (size_t)n, 0, 0);
    free(coef);
    free(raw);
    crn_logistic_loss_destroy(loss);
    dataset_free(&data);
}

/* One row, no features: the loss of the intercept alone, in every branch of the formula. */
static void test_far_predictions_keep_their_digits(void **state)
{
    (void)state;
    crn_error err;
    const double at[] = {-800, -38, -20, -1, 0, 1, 17, 19, 40, 800};
    for (int32_t y = 0; y < 2; y++) {
        crn_logistic_problem problem = {.x = at,
                                        .y = &y,
                                        .n_samples = 1,
                                        .n_features = 0,
                                        .n_classes = 2,
                                        .fit_intercept = true};
        crn_logistic_loss *loss;
        assert_ok(crn_logistic_loss_create(&problem, &loss, &err));
        for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
            long double margin = y == 1 ? -(long double)at[i] : (long double)at[i];
            double want = margin > 0 ? (double)(margin + log1pl(expl(-margin)))
                                     : (double)log1pl(expl(margin));
            double slope = (double)(1.0L / (1.0L + expl(-margin))) * (y == 1 ? -1 : 1),
                   gradient;
            double value = crn_logistic_value_gradient(loss, &at[i], NULL, &gradient);
            assert_close(&value, &want, 1, 1e-15, 1e-16);
            assert_close(&gradient, &slope, 1, 1e-14, 1e-16);
        }
        crn_logistic_loss_destroy(loss);
    }
}

static void test_bad_problems_are_refused(void **state)
{
    (void)state;
    crn_error err;
    const double x[4] = {1, 2, 3, 4}, zero[2] = {0, 0};
    int32_t y[2] = {0, 2};
    crn_logistic_loss *loss;
    crn_logistic_problem problem = {
        .x = x, .y = y, .n_samples = 2, .n_features = 2, .n_classes = 2};
    assert_status(CRN_ARGUMENT, crn_logistic_loss_create(&problem, &loss, &err));
    assert_null(loss);
    y[1] = 1;
    problem.n_samples = 0;
    assert_status(CRN_ARGUMENT, crn_logistic_loss_create(&problem, &loss, &err));
    problem.n_samples = 2;
    problem.sample_weight = zero;
    assert_status(CRN_ARGUMENT, crn_logistic_loss_create(&problem, &loss, &err));
    problem.sample_weight = NULL;
    problem.n_features = INT64_C(1) << 31;
    assert_status(CRN_LIMIT, crn_logistic_loss_create(&problem, &loss, &err));
    crn_logistic_loss_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives_are_scikit_learns),
        cmocka_unit_test(test_hessian_is_the_gradients_derivative),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_raw_predictions_can_be_given),
        cmocka_unit_test(test_far_predictions_keep_their_digits),
        cmocka_unit_test(test_bad_problems_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
