/* SPDX-License-Identifier: BSD-3-Clause */
/* The randomized decomposition against sklearn.utils.extmath.randomized_svd, seed by seed. */
#include "solve/decompose.h"
#include "solve/randomized_svd.h"
#include "unit/solve/golden.h"

/* A row of the golden table. */
enum { WIDE, N_COMPONENTS, N_OVERSAMPLES, N_ITER, NORMALIZER, FLIP_SIGN, SEED };

/* The golden matrix, or its transpose. */
static double *matrix_of(const golden_file *golden, bool wide, int64_t *rows, int64_t *columns)
{
    const golden_matrix *tall = golden_get(golden, "tall");
    double *x = new_doubles(tall->rows * tall->columns);
    if (wide)
        crn_transpose(tall->values, tall->rows, tall->columns, x);
    else
        memcpy(x, tall->values, (size_t)(tall->rows * tall->columns) * sizeof *x);
    *rows = wide ? tall->columns : tall->rows;
    *columns = wide ? tall->rows : tall->columns;
    return x;
}

static void compare(const golden_file *golden, int i, const double *row)
{
    crn_error err;
    int64_t rows, columns, k = (int64_t)row[N_COMPONENTS];
    double *x = matrix_of(golden, row[WIDE] != 0, &rows, &columns);
    double *u = new_doubles(rows * k), *s = new_doubles(k), *vt = new_doubles(k * columns);
    crn_randomized_svd_options options = {
        .n_components = k,
        .n_oversamples = (int64_t)row[N_OVERSAMPLES],
        .n_iter = (int64_t)row[N_ITER],
        .normalizer = (crn_normalizer)row[NORMALIZER],
        .flip_sign = row[FLIP_SIGN] != 0,
    };
    crn_random_state random;
    crn_random_state_seed(&random, (uint32_t)row[SEED]);
    assert_ok(crn_randomized_svd(x, rows, columns, &options, &random, u, s, vt, &err));
    assert_matrix_close(u, golden_get(golden, "u_%d", i), 1e-10, 1e-11);
    assert_matrix_close(s, golden_get(golden, "s_%d", i), 1e-12, 0);
    assert_matrix_close(vt, golden_get(golden, "vt_%d", i), 1e-10, 1e-11);
    free(x);
    free(u);
    free(s);
    free(vt);
}

static void test_results_are_scikit_learns(void **state)
{
    (void)state;
    golden_file golden = golden_read("randomized_svd");
    const golden_matrix *cases = golden_get(&golden, "cases");
    for (int64_t i = 0; i < cases->rows; i++)
        compare(&golden, (int)i, cases->values + i * cases->columns);
    golden_free(&golden);
}

static void test_left_vectors_are_optional(void **state)
{
    (void)state;
    crn_error err;
    golden_file golden = golden_read("randomized_svd");
    int64_t rows, columns;
    double *x = matrix_of(&golden, false, &rows, &columns), *vt = new_doubles(3 * columns),
           s[3];
    crn_randomized_svd_options options = CRN_RANDOMIZED_SVD_OPTIONS_INIT;
    options.n_components = 3;
    crn_random_state random;
    crn_random_state_seed(&random, 0);
    assert_ok(crn_randomized_svd(x, rows, columns, &options, &random, NULL, s, vt, &err));
    assert_matrix_close(s, golden_get(&golden, "s_0"), 1e-12, 0);
    assert_matrix_close(vt, golden_get(&golden, "vt_0"), 1e-10, 1e-11);
    free(x);
    free(vt);
    golden_free(&golden);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    crn_error err;
    crn_random_state random;
    crn_random_state_seed(&random, 0);
    double x[6] = {1, 2, 3, 4, 5, 6}, u[6], s[2], vt[6];
    crn_randomized_svd_options options = CRN_RANDOMIZED_SVD_OPTIONS_INIT;
    assert_status(CRN_ARGUMENT, crn_randomized_svd(x, 3, 2, &options, &random, u, s, vt, &err));
    options.n_components = 3;
    assert_status(CRN_ARGUMENT, crn_randomized_svd(x, 3, 2, &options, &random, u, s, vt, &err));
    assert_string_equal(err.message, "n_components=3 must be between 1 and "
                                     "min(n_samples, n_features)=2");
    options.n_components = 1;
    options.n_oversamples = -1;
    assert_status(CRN_ARGUMENT, crn_randomized_svd(x, 3, 2, &options, &random, u, s, vt, &err));
    options.n_oversamples = 10;
    assert_status(CRN_LIMIT, crn_randomized_svd(x, INT64_C(1) << 31, 2, &options, &random, u, s,
                                                vt, &err));
    assert_ok(crn_randomized_svd(x, 3, 2, &options, &random, u, s, vt, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_are_scikit_learns),
        cmocka_unit_test(test_left_vectors_are_optional),
        cmocka_unit_test(test_options_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
