/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums over features: weighted distances, categories and what they refuse; the check of
 * rows. */
#include "unit/ops/run_graph.h"

#include <math.h>

#include "ops/likelihood.h"
#include "ops/require.h"

static crn_error err;

static crn_graph *graph_of_rows(int64_t n, crn_value *x)
{
    const crn_type type = crn_type_vector(CRN_FLOAT64, n);
    return graph_of(&type, x);
}

static crn_value numbers(crn_graph *graph, const double *values, int64_t count, int64_t columns)
{
    return crn_graph_numbers(graph, CRN_FLOAT64, values, count, columns);
}

/* Ten features: more than the lanes that are summed side by side. */
static void test_weighted_distance(void **state)
{
    (void)state;
    enum { N = 10 };
    double x[2 * N], centres[2 * N], weights[2 * N], want[4] = {0};
    for (int i = 0; i < 2 * N; i++) {
        x[i] = 0.25 * i;
        centres[i] = 1.0 - 0.5 * (i % 3);
        weights[i] = 0.5 + i % 4;
    }
    for (int i = 0; i < 4 * N; i++) {
        const int row = i / (2 * N), k = i / N % 2, j = i % N;
        const double d = x[row * N + j] - centres[k * N + j];
        want[row * 2 + k] += weights[k * N + j] * d * d;
    }
    crn_value v;
    crn_graph *graph = graph_of_rows(N, &v);
    v = crn_weighted_distance(graph, v, numbers(graph, centres, 2 * N, N),
                              numbers(graph, weights, 2 * N, N));
    expect_numbers(graph, v, x, 2, want, 1e-15, 0);
}

static void test_weighted_distance_refuses_other_widths(void **state)
{
    (void)state;
    const double centres[4] = {0};
    crn_value v;
    crn_graph *graph = graph_of_rows(3, &v);
    crn_value matrix = numbers(graph, centres, 4, 2);
    refuse_graph(graph, crn_weighted_distance(graph, v, matrix, matrix), CRN_SHAPE);
}

/* Two features with two and three categories, two classes. */
static crn_graph *categories(crn_value *y)
{
    static const double offsets[] = {0, 2, 5};
    static const double table[] = {1, 10, 2, 20, 4, 40, 8, 80, 16, 160};
    crn_graph *graph = graph_of_rows(2, y);
    *y = crn_category_sum(graph, *y, crn_graph_numbers(graph, CRN_INT64, offsets, 3, 0),
                          numbers(graph, table, 10, 2));
    return graph;
}

static void test_category_sum(void **state)
{
    (void)state;
    const double x[] = {0, 0, 1, 2, -0.5, 1.9}, want[] = {5, 50, 18, 180, 9, 90};
    crn_value y;
    crn_graph *graph = categories(&y);
    expect_numbers(graph, y, x, 3, want, 0, 0);
}

/* A run that fails, with this message. Takes the graph. */
static void expect_failure(crn_graph *graph, crn_value y, const double *x, int64_t width,
                           const char *message)
{
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    const crn_array in = crn_array_view_2d(x, CRN_FLOAT64, 1, width);
    crn_array out = CRN_ARRAY_INIT;
    crn_graph_output(graph, "y", y);
    assert_ok(crn_plan_create(graph, NULL, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    err = (crn_error)CRN_ERROR_INIT;
    assert_int_equal(crn_run_rows(run, &in, &out, &err), CRN_ARGUMENT);
    assert_string_equal(err.message, message);
    err = (crn_error)CRN_ERROR_INIT;
    crn_run_destroy(run);
    crn_plan_release(plan);
}

static void test_categories_that_are_not_there(void **state)
{
    (void)state;
    crn_value y;
    crn_graph *graph = categories(&y);
    expect_failure(graph, y, (const double[]){1, 3}, 2,
                   "index 3 is out of bounds for axis 1 with size 3");
    graph = categories(&y);
    expect_failure(graph, y, (const double[]){-1, 0}, 2,
                   "Negative values in data passed to CategoricalNB (input X).");
    graph = categories(&y);
    expect_failure(graph, y, (const double[]){0, 1e15}, 2,
                   "index 1000000000000000 is out of bounds for axis 1 with size 3");
}

static void test_require(void **state)
{
    (void)state;
    const double x[] = {0.0, 2.0};
    crn_value y;
    crn_graph *graph = graph_of_rows(2, &y);
    expect_numbers(graph, crn_require_non_negative(graph, y, "NMF"), x, 1, x, 0, 0);
    graph = graph_of_rows(2, &y);
    expect_failure(graph, crn_require_non_negative(graph, y, "NMF"),
                   (const double[]){1, -1e-300}, 2,
                   "Negative values in data passed to X in NMF.");
    graph = graph_of_rows(2, &y);
    expect_failure(graph, crn_require(graph, y, 0.0, true, "too small"), x, 2, "too small");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weighted_distance),
        cmocka_unit_test(test_weighted_distance_refuses_other_widths),
        cmocka_unit_test(test_category_sum),
        cmocka_unit_test(test_categories_that_are_not_there),
        cmocka_unit_test(test_require),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
