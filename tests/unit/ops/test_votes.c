/* SPDX-License-Identifier: BSD-3-Clause */
/* tally, weighted_median and scatter against NumPy 2.4. */
#include "unit/ops/run_graph.h"

#include <math.h>

#include "ops/elementwise.h"
#include "ops/rows.h"

static crn_graph *vector_graph(int64_t n, crn_value *x)
{
    crn_type type = crn_type_vector(CRN_FLOAT64, n);
    return graph_of(&type, x);
}

/* Column k as int64 (rows). */
static crn_value vote(crn_graph *g, crn_value x, int64_t k)
{
    return crn_cast(g, crn_reshape(g, crn_columns(g, x, &k, 1), 0, NULL), CRN_INT64);
}

/* ---- tally ---- */

/* numpy.bincount(votes, weights) of each row, and -w / 2 for the classes that are not named. */
static void test_tally(void **state)
{
    (void)state;
    static const double rows[] = {0, 2, 2, 1, 1, 0}; /* two rows of three votes */
    static const double hits[] = {2, 0, 0.5, 0, 1.25, 0};
    static const double both[] = {2, -1, 0.5, -0.25, 1.25, -0.625};
    static const double of_hits[] = {2, 0, 1.75, 1.25, 2.5, 0};
    static const double of_both[] = {1.125, -1.875, 0.75, 0, 1.875, -1.875};
    for (int i = 0; i < 2; i++) {
        crn_value x;
        crn_graph *g = vector_graph(3, &x);
        const crn_value votes[3] = {vote(g, x, 0), vote(g, x, 1), vote(g, x, 2)};
        expect_numbers(g, crn_tally(g, votes, 3, 3, i == 0 ? hits : both), rows, 2,
                       i == 0 ? of_hits : of_both, 1e-15, 1e-15);
    }
}

static void test_tally_refuses(void **state)
{
    (void)state;
    static const double weights[] = {1, 0};
    crn_value x;
    crn_graph *g = vector_graph(1, &x);
    crn_value number = crn_reshape(g, x, 0, NULL);
    refuse_graph(g, crn_tally(g, &number, 1, 3, weights), CRN_DTYPE);
    g = vector_graph(1, &x);
    crn_value index = vote(g, x, 0);
    refuse_graph(g, crn_tally(g, &index, 1, 0, weights), CRN_ARGUMENT);
    g = vector_graph(2, &x);
    index = crn_cast(g, x, CRN_INT64);
    refuse_graph(g, crn_tally(g, &index, 1, 3, weights), CRN_SHAPE);
}

/* ---- weighted_median ---- */

/* AdaBoostRegressor._get_median_predict of three estimators. */
static void test_weighted_median(void **state)
{
    (void)state;
    static const double rows[] = {3, 1, 2, 5, 5, 1, -1, 4, NAN};
    static const double weights[] = {1, 2, 0.5};
    static const double want[] = {1, 5, 4};
    static const double staged[] = {3, 1, 1, 5, 5, 5, -1, 4, 4};
    for (int i = 0; i < 2; i++) {
        crn_value x;
        crn_graph *g = vector_graph(3, &x);
        const crn_value w = crn_graph_numbers(g, CRN_FLOAT64, weights, 3, 0);
        expect_numbers(g, crn_weighted_median(g, x, w, i == 1), rows, 3, i == 0 ? want : staged,
                       0, 0);
    }
}

static void test_weighted_median_refuses(void **state)
{
    (void)state;
    static const double weights[] = {1, 2};
    crn_value x;
    crn_graph *g = vector_graph(3, &x);
    refuse_graph(
        g, crn_weighted_median(g, x, crn_graph_numbers(g, CRN_FLOAT64, weights, 2, 0), false),
        CRN_SHAPE);
    g = vector_graph(2, &x);
    refuse_graph(
        g, crn_weighted_median(g, x, crn_graph_numbers(g, CRN_INT64, weights, 2, 0), false),
        CRN_DTYPE);
}

/* ---- scatter ---- */

static void test_scatter(void **state)
{
    (void)state;
    static const double rows[] = {1, 2, 3, 4};
    static const double want[] = {-7, 2, -7, 1, -7, 4, -7, 3};
    crn_value x;
    crn_graph *g = vector_graph(2, &x);
    expect_numbers(g, crn_scatter(g, x, (int64_t[]){3, 1}, 2, 4, -7.0), rows, 2, want, 0, 0);
}

static void test_scatter_refuses(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *g = vector_graph(2, &x);
    refuse_graph(g, crn_scatter(g, x, (int64_t[]){0, 4}, 2, 4, 0.0), CRN_SHAPE);
    g = vector_graph(2, &x);
    refuse_graph(g, crn_scatter(g, x, (int64_t[]){0, -1}, 2, 4, 0.0), CRN_SHAPE);
    g = vector_graph(3, &x);
    refuse_graph(g, crn_scatter(g, x, (int64_t[]){0, 1}, 2, 4, 0.0), CRN_SHAPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tally),           cmocka_unit_test(test_tally_refuses),
        cmocka_unit_test(test_weighted_median), cmocka_unit_test(test_weighted_median_refuses),
        cmocka_unit_test(test_scatter),         cmocka_unit_test(test_scatter_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
