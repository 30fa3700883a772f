/* SPDX-License-Identifier: BSD-3-Clause */
/* The compact form must give the direction of the plain BFGS formula. */
#include "solve/lbfgs_memory.h"
#include "unit/solve/golden.h"

enum { N = 6 };

static double dot(const double *a, const double *b)
{
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        sum += a[i] * b[i];
    return sum;
}

/* A pair with s'y > 0, different for each k. */
static void make_pair(int k, double *s, double *y)
{
    for (int i = 0; i < N; i++) {
        s[i] = sin(1.0 + 2.0 * k + i);
        y[i] = (1.0 + 0.5 * i) * s[i] + 0.1 * cos(3.0 * k + i);
    }
    assert_true(dot(s, y) > 0);
}

/* The two-loop recursion of Nocedal (1980) over the last `count` of `pairs` pairs. */
static void two_loops(int pairs, int count, const double *gradient, double *out)
{
    double alpha[32], s[N], y[N];
    memcpy(out, gradient, N * sizeof *out);
    for (int k = pairs - 1; k >= pairs - count; k--) {
        make_pair(k, s, y);
        alpha[k] = dot(s, out) / dot(s, y);
        for (int i = 0; i < N; i++)
            out[i] -= alpha[k] * y[i];
    }
    make_pair(pairs - 1, s, y);
    double scale = dot(s, y) / dot(y, y);
    for (int i = 0; i < N; i++)
        out[i] *= scale;
    for (int k = pairs - count; k < pairs; k++) {
        make_pair(k, s, y);
        double beta = dot(y, out) / dot(s, y);
        for (int i = 0; i < N; i++)
            out[i] += (alpha[k] - beta) * s[i];
    }
}

static const double x[N] = {1, 2, 3, 4, 5, 6}, gradient[N] = {0.5, -1, 2, 0.25, -3, 1};

static void test_direction_is_bfgs(void **state)
{
    (void)state;
    crn_error err;
    crn_lbfgs_memory memory;
    assert_ok(crn_lbfgs_memory_create(&memory, N, 4, &err));
    for (int pairs = 1; pairs <= 11; pairs++) {
        double s[N], y[N], target[N], want[N];
        make_pair(pairs - 1, s, y);
        assert_true(crn_lbfgs_memory_update(&memory, s, y, dot(y, y), dot(s, y), dot(s, s)));
        assert_int_equal(memory.count, pairs < 4 ? pairs : 4);
        assert_true(crn_lbfgs_memory_target(&memory, x, gradient, target));
        two_loops(pairs, memory.count, gradient, want);
        for (int i = 0; i < N; i++)
            want[i] = x[i] - want[i];
        assert_close(target, want, N, 1e-11, 1e-12);
    }
    crn_lbfgs_memory_free(&memory);
}

static void test_empty_memory_is_steepest_descent(void **state)
{
    (void)state;
    crn_error err;
    crn_lbfgs_memory memory;
    double s[N], y[N], target[N], want[N];
    assert_ok(crn_lbfgs_memory_create(&memory, N, 4, &err));
    make_pair(0, s, y);
    assert_true(crn_lbfgs_memory_update(&memory, s, y, dot(y, y), dot(s, y), dot(s, s)));
    crn_lbfgs_memory_reset(&memory);
    assert_true(crn_lbfgs_memory_target(&memory, x, gradient, target));
    for (int i = 0; i < N; i++)
        want[i] = x[i] - gradient[i];
    assert_close(target, want, N, 0, 0);
    crn_lbfgs_memory_free(&memory);
}

/* Products that no pair can have: the matrix is not positive definite. */
static void test_impossible_products_are_noticed(void **state)
{
    (void)state;
    crn_error err;
    crn_lbfgs_memory memory;
    double s[N] = {1}, y[N] = {1}, target[N];
    assert_ok(crn_lbfgs_memory_create(&memory, N, 4, &err));
    assert_false(crn_lbfgs_memory_update(&memory, s, y, 1, 1, -1));
    crn_lbfgs_memory_reset(&memory);
    assert_true(crn_lbfgs_memory_update(&memory, s, y, -5, -2, 1));
    assert_false(crn_lbfgs_memory_target(&memory, x, gradient, target));
    crn_lbfgs_memory_free(&memory);
}

static void test_sizes_are_checked(void **state)
{
    (void)state;
    crn_error err;
    crn_lbfgs_memory memory;
    assert_status(CRN_ARGUMENT, crn_lbfgs_memory_create(&memory, 0, 10, &err));
    assert_status(CRN_ARGUMENT, crn_lbfgs_memory_create(&memory, 3, 0, &err));
    assert_status(CRN_LIMIT, crn_lbfgs_memory_create(&memory, INT64_C(1) << 31, 10, &err));
    assert_status(CRN_LIMIT, crn_lbfgs_memory_create(&memory, 3, 1001, &err));
    crn_lbfgs_memory_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direction_is_bfgs),
        cmocka_unit_test(test_empty_memory_is_steepest_descent),
        cmocka_unit_test(test_impossible_products_are_noticed),
        cmocka_unit_test(test_sizes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
