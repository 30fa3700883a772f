/* SPDX-License-Identifier: BSD-3-Clause */
/* Features of features against sklearn.preprocessing 1.9, NumPy 2.4 and SciPy. */
#include <math.h>

#include "ops/elementwise.h"
#include "ops/features.h"
#include "ops/normal_distribution.h"
#include "ops/normalise_rows.h"
#include "unit/ops/run_graph.h"

static crn_value numbers(crn_graph *graph, const double *at, int64_t count, int64_t columns)
{
    return crn_graph_numbers(graph, CRN_FLOAT64, at, count, columns);
}

static crn_graph *graph_of_width(int64_t n, crn_value *x)
{
    const crn_type type = crn_type_vector(CRN_FLOAT64, n);
    return graph_of(&type, x);
}

static void test_polynomial_order(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *graph = graph_of_width(2, &x);
    const crn_polynomial range = {.min_degree = 2, .max_degree = 3, .include_bias = true};
    expect_numbers(
        graph, crn_polynomial_features(graph, x, &range), (const double[]){2, 3, 0.5, -1}, 2,
        (const double[]){1, 4, 6, 9, 8, 12, 18, 27, 1, 0.25, -0.5, 1, 0.125, -0.25, 0.5, -1}, 0,
        0);
    graph = graph_of_width(3, &x);
    const crn_polynomial products = {.max_degree = 3, .interaction_only = true};
    expect_numbers(graph, crn_polynomial_features(graph, x, &products),
                   (const double[]){2, 3, 5}, 1, (const double[]){2, 3, 5, 6, 10, 15, 30}, 0,
                   0);
}

static void test_polynomial_limits(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *graph = graph_of_width(1000, &x);
    const crn_polynomial many = {.max_degree = 3};
    refuse_graph(graph, crn_polynomial_features(graph, x, &many), CRN_LIMIT);
    graph = graph_of_width(1, &x);
    const crn_polynomial long_ = {.max_degree = INT64_MAX};
    refuse_graph(graph, crn_polynomial_features(graph, x, &long_), CRN_LIMIT);
    graph = graph_of_width(2, &x);
    const crn_polynomial none = {.max_degree = 0};
    refuse_graph(graph, crn_polynomial_features(graph, x, &none), CRN_ARGUMENT);
}

/* Repeated quantiles: the mean of both directions. */
static void test_quantiles(void **state)
{
    (void)state;
    const double quantiles[] = {0, 1, 1, 1, 2, 4}, references[] = {0, 0.2, 0.4, 0.6, 0.8, 1};
    const double asked[] = {-1, 0, 0.5, 1, 1.5, 3, 4, 9, NAN};
    const double want[] = {0, 0, 0.1, 0.4, 0.7, 0.9, 1, 1, NAN};
    const crn_quantile_map map = {.inverse = false};
    crn_value x;
    crn_graph *graph = graph_of_width(1, &x);
    crn_value y = crn_quantile_transform(graph, x, &map, numbers(graph, quantiles, 6, 1),
                                         numbers(graph, references, 6, 0));
    const crn_array in = crn_array_view_2d(asked, CRN_FLOAT64, 9, 1);
    crn_array out;
    run_graph(graph, y, &in, &out);
    assert_close((const double *)out.data, want, 8, 1e-15, 1e-15);
    assert_true(isnan(((const double *)out.data)[8]));
    crn_array_free(&out);
}

static void test_normal_distribution(void **state)
{
    (void)state;
    const double shares[] = {1e-300, 1e-7, 0.02, 0.3, 0.5, 0.8, 0.999999};
    const double points[] = {
        -37.047096299361201, -5.1993375821928165, -2.053748910631823, -0.52440051270804089, 0,
        0.8416212335729143,  4.7534243088170873};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        const double point = crn_normal_ppf(shares[i]), share = crn_normal_cdf(points[i]);
        assert_close(&point, &points[i], 1, 1e-13, 1e-15);
        assert_close(&share, &shares[i], 1, 1e-11, 0);
    }
    assert_true(crn_normal_ppf(0.0) == -(double)INFINITY);
    assert_true(crn_normal_ppf(1.0) == (double)INFINITY);
    assert_true(isnan(crn_normal_ppf(1.5)) && isnan(crn_normal_ppf(-0.5)));
}

static void test_bins(void **state)
{
    (void)state;
    const double edges[] = {0, 1, 2, 3, -1, 1};
    const int64_t begins[] = {0, 4, 6};
    const crn_array view = crn_array_view_1d(begins, CRN_INT64, 3);
    const crn_bins one_hot = {.one_hot = true}, back = {.inverse = true};
    crn_value x;
    crn_graph *graph = graph_of_width(2, &x);
    crn_value y = crn_bin(graph, x, &one_hot, numbers(graph, edges, 6, 0),
                          crn_graph_constant(graph, &view));
    expect_numbers(graph, y, (const double[]){1, 0, -5, 9, 7, -9}, 3,
                   (const double[]){0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1}, 0, 0);
    graph = graph_of_width(2, &x);
    y = crn_bin(graph, x, &back, numbers(graph, edges, 6, 0), crn_graph_constant(graph, &view));
    expect_numbers(graph, y, (const double[]){2, 0, -1, 0}, 2, (const double[]){2.5, 0, 2.5, 0},
                   0, 0);
}

static void test_patches(void **state)
{
    (void)state;
    const crn_type image = crn_type_rows(CRN_FLOAT64, 2, (const int64_t[]){3, 4});
    const double pixels[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    crn_value x;
    crn_graph *graph = graph_of(&image, &x);
    expect_numbers(graph, crn_image_patches(graph, x, 2, 3), pixels, 1,
                   (const double[]){0, 1, 2, 4, 5, 6,  1, 2, 3, 5, 6,  7,
                                    4, 5, 6, 8, 9, 10, 5, 6, 7, 9, 10, 11},
                   0, 0);
    graph = graph_of(&image, &x);
    refuse_graph(graph, crn_image_patches(graph, x, 4, 1), CRN_ARGUMENT);
}

static void test_norms_and_functions(void **state)
{
    (void)state;
    crn_value x;
    int function;
    crn_graph *graph = graph_of_width(2, &x);
    expect_numbers(graph, crn_normalise_rows(graph, x, CRN_NORM_L2),
                   (const double[]){3, -4, 0, 0}, 2, (const double[]){0.6, -0.8, 0, 0}, 1e-15,
                   0);
    graph = graph_of_width(2, &x);
    expect_numbers(graph, crn_normalise_rows(graph, x, CRN_NORM_MAX),
                   (const double[]){3, -4, 0, 0}, 2, (const double[]){0.75, -1, 0, 0}, 0, 0);
    assert_true(crn_numpy_function_find("cbrt", &function));
    graph = graph_of_width(2, &x);
    expect_numbers(graph, crn_numpy_function(graph, x, function), (const double[]){27, -8}, 1,
                   (const double[]){3, -2}, 1e-15, 0);
    assert_false(crn_numpy_function_find("cumsum", &function));
    graph = graph_of_width(2, &x);
    expect_numbers(graph, crn_power(graph, x, 3.0), (const double[]){2, -3}, 1,
                   (const double[]){8, -27}, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_polynomial_order),
        cmocka_unit_test(test_polynomial_limits),
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_normal_distribution),
        cmocka_unit_test(test_bins),
        cmocka_unit_test(test_patches),
        cmocka_unit_test(test_norms_and_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
