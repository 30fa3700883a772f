/* SPDX-License-Identifier: BSD-3-Clause */
/* The three solvers on iris, wine and breast_cancer against
 * sklearn.linear_model.LogisticRegression: the same n_iter_ and coefficients.
 *
 * On badly scaled data the path of an iteration depends on its rounding, and scikit-learn does
 * not agree with itself when x changes in the last digit. The golden file says by how much;
 * that is the tolerance. */
#include "solve/lbfgs.h"
#include "solve/newton_cg.h"
#include "solve/newton_cholesky.h"
#include "unit/solve/datasets.h"

/* A row of the golden table. */
enum {
    DATASET,
    SCALED,
    SOLVER,
    C,
    FIT_INTERCEPT,
    WEIGHTED,
    MAX_ITER,
    N_ITER,
    LEAST,
    MOST,
    SPREAD
};

static int64_t solve(crn_logistic_loss *loss, int solver, int64_t max_iter, double *coef)
{
    crn_error err;
    crn_objective objective = crn_logistic_loss_objective(loss);
    if (solver == 0) {
        crn_lbfgs_options options = CRN_LBFGS_OPTIONS_INIT;
        options.max_iter = max_iter;
        crn_lbfgs_result result;
        assert_ok(crn_lbfgs(&objective, &options, coef, NULL, &result, &err));
        return result.iterations;
    }
    if (solver == 1) {
        crn_newton_cg_options options = CRN_NEWTON_CG_OPTIONS_INIT;
        options.max_iter = max_iter;
        crn_newton_cg_result result;
        assert_ok(crn_newton_cg(&objective, &options, coef, &result, &err));
        return result.iterations;
    }
    crn_newton_cholesky_options options = CRN_NEWTON_CHOLESKY_OPTIONS_INIT;
    options.max_iter = max_iter;
    crn_newton_cholesky_result result;
    assert_ok(crn_newton_cholesky(loss, &options, coef, &result, &err));
    assert_true(result.converged);
    return result.iterations;
}

static void compare(const double *row, const test_dataset *data, const golden_matrix *want)
{
    crn_error err;
    crn_logistic_problem problem =
        dataset_problem(data, row[C], row[FIT_INTERCEPT] != 0, row[WEIGHTED] != 0);
    crn_logistic_loss *loss;
    assert_ok(crn_logistic_loss_create(&problem, &loss, &err));
    int64_t n = crn_logistic_loss_size(loss);
    assert_int_equal(n, want->rows * want->columns);
    double *coef = new_doubles(n);
    int64_t n_iter = solve(loss, (int)row[SOLVER], (int64_t)row[MAX_ITER], coef);
    int64_t slack = row[LEAST] < row[MOST] ? 2 * (int64_t)(row[MOST] - row[LEAST]) : 0;
    assert_in_range(n_iter, (int64_t)row[LEAST] - slack, (int64_t)row[MOST] + slack);
    assert_matrix_close(coef, want, 1e-11, 1e-12 + 10 * row[SPREAD]);
    free(coef);
    crn_logistic_loss_destroy(loss);
}

static void test_solver(const char *label, int solver)
{
    golden_file golden = golden_read("logistic_regressions"), data = golden_read("data");
    const golden_matrix *cases = golden_get(&golden, "cases");
    int compared = 0;
    for (int64_t i = 0; i < cases->rows; i++) {
        const double *row = cases->values + i * cases->columns;
        if ((int)row[SOLVER] != solver)
            continue;
        test_dataset dataset = dataset_load(&data, (int)row[DATASET], row[SCALED] != 0);
        compare(row, &dataset, golden_get(&golden, "coef_%d", (int)i));
        dataset_free(&dataset);
        compared++;
    }
    print_message("%s: %d cases\n", label, compared);
    assert_true(compared >= 15);
    golden_free(&golden);
    golden_free(&data);
}

static void test_lbfgs(void **state)
{
    (void)state;
    test_solver("lbfgs", 0);
}

static void test_newton_cg(void **state)
{
    (void)state;
    test_solver("newton-cg", 1);
}

static void test_newton_cholesky(void **state)
{
    (void)state;
    test_solver("newton-cholesky", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lbfgs),
        cmocka_unit_test(test_newton_cg),
        cmocka_unit_test(test_newton_cholesky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
