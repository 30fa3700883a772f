/* SPDX-License-Identifier: BSD-3-Clause */
/* Distances at every level that this CPU can run, at sizes around the edges of their tiles,
 * against the plain formula; memory ends where the arrays end, so that a sanitizer sees a step
 * too far. */
#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/kernels.h"

typedef void distance_kernel(int64_t rows, int64_t n, int64_t m, const double *x,
                             const double *y, double *out);

static double squares(double x, double y)
{
    return (x - y) * (x - y);
}

static double absolutes(double x, double y)
{
    return fabs(x - y);
}

static double chi_squares(double x, double y)
{
    return x + y == 0 ? 0 : (x - y) * (x - y) / (x + y);
}

/* Not negative, and 0 now and then. */
static double number(int64_t i)
{
    const int64_t k = i * 2654435761 % 1021;
    return k % 7 == 0 ? 0.0 : (double)k / 512.0;
}

static double *numbers(int64_t count, int64_t first)
{
    double *at = malloc((size_t)count * sizeof *at);
    assert_non_null(at);
    for (int64_t i = 0; i < count; i++)
        at[i] = number(first + i);
    return at;
}

static void check(distance_kernel *kernel, double (*term)(double, double), int64_t rows,
                  int64_t n, int64_t m)
{
    double *x = numbers(rows * n, 3), *y = numbers(n * m, 1000), *out = numbers(rows * m, 0);
    double *alone = numbers(m, 0);
    kernel(rows, n, m, x, y, out);
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < m; j++) {
            double want = 0;
            for (int64_t k = 0; k < n; k++)
                want += term(x[i * n + k], y[k * m + j]);
            assert_close(&out[i * m + j], &want, 1, 1e-14, 0);
        }
        kernel(1, n, m, x + i * n, y, alone);
        assert_memory_equal(alone, out + i * m, (size_t)m * sizeof *alone);
    }
    free(x);
    free(y);
    free(out);
    free(alone);
}

static void check_all_sizes(distance_kernel *kernel, double (*term)(double, double))
{
    static const int64_t rows[] = {1, 3, 4, 9}, widths[] = {1, 5};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
            for (int64_t m = 1; m <= 71; m++)
                check(kernel, term, rows[i], widths[k], m);
        }
    }
}

static void test_distances(void **state)
{
    (void)state;
    for (int i = 0; crn_kernels_at(i) != NULL; i++) {
        const crn_kernels *k = crn_kernels_at(i);
        check_all_sizes(k->squared_distances_f64, squares);
        check_all_sizes(k->absolute_distances_f64, absolutes);
        check_all_sizes(k->chi_squared_distances_f64, chi_squares);
    }
}

static void test_exp_of_multiple(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2.5, 30, 800, 1e300, 0.125, 7, 11};
    enum { N = sizeof x / sizeof *x };
    for (int i = 0; crn_kernels_at(i) != NULL; i++) {
        double y[N], want[N];
        crn_kernels_at(i)->exp_of_multiple_f64(N, -0.75, x, y);
        for (int j = 0; j < N; j++)
            want[j] = exp(-0.75 * x[j]);
        assert_close(y, want, N, 5e-16, 1e-323);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distances),
        cmocka_unit_test(test_exp_of_multiple),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
