/* SPDX-License-Identifier: BSD-3-Clause */
/* interpolate against numpy.interp (2.4), and repeat. */
#include "unit/ops/run_graph.h"

#include "ops/interpolate.h"
#include "ops/rows.h"

static const double XP[] = {0, 1, 3, 4}, YP[] = {2, 4, -1, 0.5};

static crn_graph *number_graph(crn_value *x)
{
    const crn_type type = crn_type_rows(CRN_FLOAT64, 0, NULL);
    return graph_of(&type, x);
}

static crn_value between(crn_graph *graph, crn_value x, int64_t points,
                         crn_interpolate_outside outside)
{
    return crn_interpolate(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, XP, points, 0),
                           crn_graph_numbers(graph, CRN_FLOAT64, YP, points, 0), outside);
}

static void test_interpolates_as_numpy(void **state)
{
    (void)state;
    static const double rows[] = {-1, 0, 0.3, 1, 1.7, 3, 4.5, NAN};
    static const double edge[] = {2, 2, 2.6, 4, 2.25, -1, 0.5, NAN};
    static const double nan[] = {NAN, 2, 2.6, 4, 2.25, -1, NAN, NAN};
    crn_value x;
    crn_graph *graph = number_graph(&x);
    expect_numbers(graph, between(graph, x, 4, CRN_INTERPOLATE_EDGE), rows, 8, edge, 1e-15, 0);
    graph = number_graph(&x);
    expect_numbers(graph, between(graph, x, 4, CRN_INTERPOLATE_NAN), rows, 8, nan, 1e-15, 0);
}

static void test_one_point_is_everywhere(void **state)
{
    (void)state;
    static const double rows[] = {-1, 0, 5}, want[] = {2, 2, 2};
    crn_value x;
    crn_graph *graph = number_graph(&x);
    expect_numbers(graph, between(graph, x, 1, CRN_INTERPOLATE_FAIL), rows, 3, want, 0, 0);
}

static void test_outside_fails_where_asked(void **state)
{
    (void)state;
    static const double rows[] = {0.5, 4.5};
    crn_error err = CRN_ERROR_INIT;
    crn_value x;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_graph *graph = number_graph(&x);
    crn_array in = crn_array_view_2d(rows, CRN_FLOAT64, 2, 1), out = CRN_ARRAY_INIT;
    in.ndim = 1;
    crn_graph_output(graph, "y", between(graph, x, 4, CRN_INTERPOLATE_FAIL));
    assert_ok(crn_plan_create(graph, NULL, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    assert_status(CRN_ARGUMENT, crn_run_rows(run, &in, &out, &err));
    assert_string_equal(err.message,
                        "A value (4.5) in x_new is above the interpolation range's "
                        "maximum value (4).");
    crn_array_free(&out);
    crn_run_destroy(run);
    crn_plan_release(plan);
}

static void test_refuses_points_that_do_not_fit(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *graph = number_graph(&x);
    refuse_graph(graph,
                 crn_interpolate(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, XP, 3, 0),
                                 crn_graph_numbers(graph, CRN_FLOAT64, YP, 4, 0),
                                 CRN_INTERPOLATE_NAN),
                 CRN_SHAPE);
}

static void test_repeat_gives_each_row_the_item(void **state)
{
    (void)state;
    static const double rows[] = {7, NAN, INFINITY}, item[] = {1.5, -2};
    static const double want[] = {1.5, -2, 1.5, -2, 1.5, -2};
    crn_value x;
    crn_graph *graph = number_graph(&x);
    expect_numbers(graph,
                   crn_repeat(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, item, 2, 0)),
                   rows, 3, want, 0, 0);
    graph = number_graph(&x);
    refuse_graph(graph, crn_repeat(graph, x, x), CRN_SHAPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interpolates_as_numpy),
        cmocka_unit_test(test_one_point_is_everywhere),
        cmocka_unit_test(test_outside_fails_where_asked),
        cmocka_unit_test(test_refuses_points_that_do_not_fit),
        cmocka_unit_test(test_repeat_gives_each_row_the_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
