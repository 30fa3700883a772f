/* SPDX-License-Identifier: BSD-3-Clause */
/* Missing values against the imputers of scikit-learn 1.9. */
#include "unit/ops/run_graph.h"

#include "ops/missing.h"
#include "ops/rows.h"
#include "ops/require.h"

static crn_value numbers(crn_graph *graph, const double *at, int64_t count)
{
    return crn_graph_numbers(graph, CRN_FLOAT64, at, count, 0);
}

static crn_value integers(crn_graph *graph, const int64_t *at, int64_t count)
{
    const crn_array view = crn_array_view_1d(at, CRN_INT64, count);
    return crn_graph_constant(graph, &view);
}

static const double nan_row[] = {NAN, 2, -1, NAN};
static const double nan_value[] = {NAN}, minus_one[] = {-1};

static void test_fill(void **state)
{
    (void)state;
    static const double fill[] = {7, 8};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    crn_value y =
        crn_fill_missing(graph, x, numbers(graph, nan_value, 1), numbers(graph, fill, 2));
    expect_numbers(graph, y, nan_row, 2, (double[]){7, 2, -1, 8}, 0, 0);
    graph = graph_of(&type, &x);
    y = crn_fill_missing(graph, x, numbers(graph, minus_one, 1), numbers(graph, fill, 2));
    expect_numbers(graph, y, nan_row, 2, (double[]){NAN, 2, 7, NAN}, 0, 0);
}

static void test_mask_and_features_that_were_complete(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    static const int64_t columns[] = {1, 0}, known[] = {1, 0};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    const crn_array in = crn_array_view_2d(nan_row, CRN_FLOAT64, 2, 2);
    crn_array out = CRN_ARRAY_INIT;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    crn_value y = crn_is_missing(graph, x, numbers(graph, nan_value, 1),
                                 integers(graph, columns, 2), CRN_NO_VALUE);
    expect_numbers(graph, y, nan_row, 2, (double[]){0, 1, 1, 0}, 0, 0);
    graph = graph_of(&type, &x);
    y = crn_is_missing(graph, x, numbers(graph, nan_value, 1), integers(graph, columns, 2),
                       integers(graph, known, 2));
    crn_graph_output(graph, "y", y);
    assert_ok(crn_plan_create(graph, NULL, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    assert_status(CRN_ARGUMENT, crn_run_rows(run, &in, &out, &err));
    assert_string_equal(err.message, "The features [1] have missing values in transform but "
                                     "have no missing values in fit.");
    crn_run_destroy(run);
    crn_plan_release(plan);
}

/* The prediction is clipped, and goes only where the value was missing. */
static void test_impute_column(void **state)
{
    (void)state;
    static const int64_t both[] = {0, 1};
    const crn_impute_column_attributes attributes = {.column = 1, .low = -1, .high = 3};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    const crn_value mask = crn_is_missing(graph, x, numbers(graph, nan_value, 1),
                                          integers(graph, both, 2), CRN_NO_VALUE);
    const crn_value y = crn_columns(graph, x, (int64_t[]){0}, 1);
    expect_numbers(
        graph, crn_impute_column(graph, x, mask, crn_reshape(graph, y, 0, NULL), &attributes),
        (double[]){9, NAN, 1, 5, -4, NAN}, 3, (double[]){9, 3, 1, 5, -4, -1}, 0, 0);
}

static void test_restore(void **state)
{
    (void)state;
    static const int64_t source[] = {0, -1, 1}, flag[] = {2, 3, -1};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 4);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    const crn_value y =
        crn_restore_missing(graph, x, numbers(graph, nan_value, 1), integers(graph, source, 3),
                            integers(graph, flag, 3));
    expect_numbers(graph, y, (double[]){5, 6, 1, 1, 7, 8, 0, 0}, 2,
                   (double[]){NAN, NAN, 6, 7, 0, 8}, 0, 0);
}

static void test_require_finite(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    const crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    const crn_array in = crn_array_view_2d(nan_row, CRN_FLOAT64, 2, 2);
    crn_array out = CRN_ARRAY_INIT;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    expect_numbers(graph, crn_require_finite(graph, x, true), nan_row, 2, nan_row, 0, 0);
    graph = graph_of(&type, &x);
    crn_graph_output(graph, "y", crn_require_finite(graph, x, false));
    assert_ok(crn_plan_create(graph, NULL, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    assert_status(CRN_ARGUMENT, crn_run_rows(run, &in, &out, &err));
    assert_string_equal(err.message, "Input X contains NaN.");
    crn_run_destroy(run);
    crn_plan_release(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fill),
        cmocka_unit_test(test_mask_and_features_that_were_complete),
        cmocka_unit_test(test_impute_column),
        cmocka_unit_test(test_restore),
        cmocka_unit_test(test_require_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
