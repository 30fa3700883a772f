/* SPDX-License-Identifier: BSD-3-Clause */
/* Systems, inverses and determinants against scipy.linalg. */
#include "solve/linear_system.h"
#include "unit/solve/golden.h"

enum { N = 6 };

typedef struct fixture {
    golden_file golden;
    double a[N * N], b[2 * N];
} fixture;

static fixture load(const char *name)
{
    fixture f = {.golden = golden_read("decompositions")};
    memcpy(f.a, golden_get(&f.golden, "%s", name)->values, sizeof f.a);
    memcpy(f.b, golden_get(&f.golden, "b")->values, sizeof f.b);
    return f;
}

static void test_cholesky_solves_all_right_sides(void **state)
{
    (void)state;
    crn_error err;
    bool definite = false;
    fixture f = load("a");
    assert_ok(crn_cholesky_solve(f.a, N, f.b, 2, &definite, &err));
    assert_true(definite);
    assert_matrix_close(f.b, golden_get(&f.golden, "solve"), 1e-11, 1e-13);
    golden_free(&f.golden);
}

static void test_cholesky_tells_indefinite(void **state)
{
    (void)state;
    crn_error err;
    bool definite = true;
    double a[4] = {1, 2, 2, 1}, b[2] = {1, 1}, want[2] = {1, 1};
    assert_ok(crn_cholesky_solve(a, 2, b, 1, &definite, &err));
    assert_false(definite);
    assert_close(b, want, 2, 0, 0);
}

static void test_symmetric_solves(void **state)
{
    (void)state;
    crn_error err;
    bool regular = false;
    fixture f = load("a");
    assert_ok(crn_symmetric_solve(f.a, N, f.b, &regular, &err));
    assert_true(regular);
    assert_close(f.b, golden_get(&f.golden, "solve")->values, N, 1e-11, 1e-13);
    double indefinite[4] = {1, 2, 2, 1}, b[2] = {3, 3}, want[2] = {1, 1};
    assert_ok(crn_symmetric_solve(indefinite, 2, b, &regular, &err));
    assert_true(regular);
    assert_close(b, want, 2, 1e-14, 0);
    golden_free(&f.golden);
}

static void test_symmetric_tells_singular(void **state)
{
    (void)state;
    crn_error err;
    double b[2] = {1, 1};
    bool regular = true;
    double singular[4] = {1, 1, 1, 1};
    assert_ok(crn_symmetric_solve(singular, 2, b, &regular, &err));
    assert_false(regular);
    double nearly[4] = {1, 0, 0, 1e-17};
    regular = true;
    assert_ok(crn_symmetric_solve(nearly, 2, b, &regular, &err));
    assert_false(regular);
    double missing[4] = {1, 0, 0, NAN};
    regular = true;
    assert_ok(crn_symmetric_solve(missing, 2, b, &regular, &err));
    assert_false(regular);
}

static void test_inverse(void **state)
{
    (void)state;
    crn_error err;
    bool regular = false;
    fixture f = load("a");
    assert_ok(crn_inverse(f.a, N, &regular, &err));
    assert_true(regular);
    assert_matrix_close(f.a, golden_get(&f.golden, "inverse"), 1e-11, 1e-13);
    memcpy(f.a, golden_get(&f.golden, "square")->values, sizeof f.a); /* not symmetric */
    assert_ok(crn_inverse(f.a, N, &regular, &err));
    assert_matrix_close(f.a, golden_get(&f.golden, "square_inverse"), 1e-11, 1e-13);
    double singular[4] = {1, 2, 2, 4};
    assert_ok(crn_inverse(singular, 2, &regular, &err));
    assert_false(regular);
    golden_free(&f.golden);
}

static void test_log_determinant(void **state)
{
    (void)state;
    crn_error err;
    fixture f = load("a");
    const double *want = golden_get(&f.golden, "logdet")->values;
    double got;
    assert_ok(crn_log_determinant(f.a, N, &got, &err));
    assert_close(&got, &want[0], 1, 1e-13, 0);
    memcpy(f.a, golden_get(&f.golden, "square")->values, sizeof f.a);
    assert_ok(crn_log_determinant(f.a, N, &got, &err));
    assert_close(&got, &want[1], 1, 1e-13, 0);
    double row[N]; /* two rows exchanged: the other sign */
    memcpy(row, f.a, sizeof row);
    memcpy(f.a, f.a + N, sizeof row);
    memcpy(f.a + N, row, sizeof row);
    assert_ok(crn_log_determinant(f.a, N, &got, &err));
    assert_close(&got, &want[2], 1, 1e-13, 0);
    assert_true(isinf(want[1]) != isinf(want[2]));
    golden_free(&f.golden);
}

static void test_sizes_are_checked(void **state)
{
    (void)state;
    crn_error err;
    double a[1] = {1}, b[1] = {1};
    bool flag;
    assert_status(CRN_LIMIT, crn_cholesky_solve(a, 0, b, 1, &flag, &err));
    assert_status(CRN_LIMIT, crn_cholesky_solve(a, 1, b, -1, &flag, &err));
    assert_status(CRN_LIMIT, crn_symmetric_solve(a, INT64_C(1) << 31, b, &flag, &err));
    assert_status(CRN_LIMIT, crn_inverse(a, INT64_C(1) << 31, &flag, &err));
    assert_status(CRN_LIMIT, crn_log_determinant(a, INT64_C(1) << 31, b, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cholesky_solves_all_right_sides),
        cmocka_unit_test(test_cholesky_tells_indefinite),
        cmocka_unit_test(test_symmetric_solves),
        cmocka_unit_test(test_symmetric_tells_singular),
        cmocka_unit_test(test_inverse),
        cmocka_unit_test(test_log_determinant),
        cmocka_unit_test(test_sizes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
