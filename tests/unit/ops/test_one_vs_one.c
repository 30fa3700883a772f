/* SPDX-License-Identifier: BSD-3-Clause */
/* Pairs of classes against LIBSVM's votes and sklearn.utils.multiclass 1.9. */
#include "ops/one_vs_one.h"
#include "unit/ops/run_graph.h"

static crn_graph *graph_of_pairs(int64_t pairs, crn_value *x)
{
    const crn_type type = crn_type_vector(CRN_FLOAT64, pairs);
    return graph_of(&type, x);
}

/* Pairs (0, 1), (0, 2), (1, 2). The second row is a cycle: the first class wins. */
static void test_votes(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *graph = graph_of_pairs(3, &x);
    expect_numbers(graph, crn_pair_votes(graph, x, 3),
                   (const double[]){-1, 1, 1, 1, -1, 1, 0, 0, 0}, 3, (const double[]){1, 0, 2},
                   0, 0);
    graph = graph_of_pairs(1, &x);
    expect_numbers(graph, crn_pair_votes(graph, x, 2), (const double[]){1, -1, 0}, 3,
                   (const double[]){0, 1, 1}, 0, 0);
}

static void test_scores(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *graph = graph_of_pairs(3, &x);
    expect_numbers(graph, crn_pair_scores(graph, x, 3),
                   (const double[]){0.5, -1, 2, 1, -1, 1, 0, 0, -0.25}, 3,
                   (const double[]){0.88888888888888884, 1.2, 0.83333333333333337, 1, 1, 1, 2,
                                    -0.066666666666666666, 1.0666666666666667},
                   1e-15, 0);
}

/* sums[i][k]: the vectors of class i with their k-th weights. */
static void test_decisions(void **state)
{
    (void)state;
    const crn_type type = crn_type_rows(CRN_FLOAT64, 2, (const int64_t[]){3, 2});
    const double intercept[] = {0.5, -0.5, 0.25};
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    crn_value y =
        crn_pair_decisions(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, intercept, 3, 0));
    expect_numbers(graph, y, (const double[]){1, 2, 10, 20, 100, 200}, 1,
                   (const double[]){1 + 10 + 0.5, 2 + 100 - 0.5, 20 + 200 + 0.25}, 0, 0);
}

/* Pairs that do not decide leave all classes alike. */
static void test_probabilities(void **state)
{
    (void)state;
    const double a[] = {-1, -1, -1}, b[] = {0, 0, 0};
    crn_value x;
    crn_graph *graph = graph_of_pairs(3, &x);
    crn_value slope = crn_graph_numbers(graph, CRN_FLOAT64, a, 3, 0);
    crn_value shift = crn_graph_numbers(graph, CRN_FLOAT64, b, 3, 0);
    expect_numbers(graph, crn_pair_probabilities(graph, x, 3, slope, shift),
                   (const double[]){0, 0, 0}, 1, (const double[]){1.0 / 3, 1.0 / 3, 1.0 / 3},
                   1e-15, 0);
}

static void test_refuses_what_does_not_fit(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *graph = graph_of_pairs(4, &x);
    refuse_graph(graph, crn_pair_votes(graph, x, 3), CRN_SHAPE);
    graph = graph_of_pairs(3, &x);
    refuse_graph(graph, crn_pair_scores(graph, x, 1), CRN_ARGUMENT);
    graph = graph_of_pairs(3, &x);
    refuse_graph(graph, crn_pair_scores(graph, x, INT64_MAX), CRN_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_votes),
        cmocka_unit_test(test_scores),
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_probabilities),
        cmocka_unit_test(test_refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
