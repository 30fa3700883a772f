/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of mixed values through operations: columns and casts, as NumPy's object arrays (2.4)
 * do. */
#include "unit/ops/run_graph.h"

#include "base/cell.h"
#include "ops/elementwise.h"
#include "ops/rows.h"

static const crn_cell rows[2][3] = {{{CRN_CELL_TEXT, {.text = "Lima"}, 4},
                                     {CRN_CELL_INT, {.integer = 3}, 0},
                                     {CRN_CELL_NONE, {0}, 0}},
                                    {{CRN_CELL_TEXT, {.text = "Oslo"}, 4},
                                     {CRN_CELL_TEXT, {.text = "2.5"}, 3},
                                     {CRN_CELL_BOOL, {.integer = 1}, 0}}};

static void test_columns_of_cells_as_numbers(void **state)
{
    (void)state;
    const crn_type type = crn_type_vector(CRN_OBJECT, 3);
    const crn_array in = crn_array_view_2d(rows, CRN_OBJECT, 2, 3);
    crn_array out = CRN_ARRAY_INIT;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    crn_value y = crn_cast(graph, crn_columns(graph, x, (int64_t[]){2, 1}, 2), CRN_FLOAT64);
    run_graph(graph, y, &in, &out);
    assert_close((double *)out.data, ((double[]){NAN, 3, 1, 2.5}), 4, 0, 0);
    crn_array_free(&out);
}

static void test_outputs_own_their_texts(void **state)
{
    (void)state;
    const crn_type type = crn_type_vector(CRN_OBJECT, 3);
    const crn_array in = crn_array_view_2d(rows, CRN_OBJECT, 2, 3);
    crn_array out = CRN_ARRAY_INIT;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    run_graph(graph, crn_columns(graph, x, (int64_t[]){0}, 1), &in, &out);
    const crn_cell *cells = out.data;
    assert_ptr_not_equal(cells[1].as.text, rows[1][0].as.text);
    assert_memory_equal(cells[1].as.text, "Oslo", 4);
    crn_array_free(&out);
}

static void test_a_text_that_is_no_number_fails_the_run(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    const crn_type type = crn_type_vector(CRN_OBJECT, 3);
    const crn_array in = crn_array_view_2d(rows, CRN_OBJECT, 2, 3);
    crn_array out = CRN_ARRAY_INIT;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    crn_graph_output(graph, "y", crn_cast(graph, x, CRN_FLOAT64));
    assert_ok(crn_plan_create(graph, NULL, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    assert_status(CRN_ARGUMENT, crn_run_rows(run, &in, &out, &err));
    assert_string_equal(err.message, "could not convert string to float: 'Lima'");
    assert_null(out.data);
    crn_run_destroy(run);
    crn_plan_release(plan);
}

/* A number array becomes cells block by block. */
static void test_numbers_go_in_as_cells(void **state)
{
    (void)state;
    static const int32_t numbers[] = {5, -6};
    const crn_type type = crn_type_vector(CRN_OBJECT, 1);
    const crn_array in = crn_array_view_2d(numbers, CRN_INT32, 2, 1);
    crn_array out = CRN_ARRAY_INIT;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    run_graph(graph, x, &in, &out);
    const crn_cell *cells = out.data;
    assert_int_equal(cells[1].kind, CRN_CELL_INT);
    assert_int_equal(cells[1].as.integer, -6);
    crn_array_free(&out);
}

static void test_a_column_outside_is_refused(void **state)
{
    (void)state;
    const crn_type type = crn_type_vector(CRN_FLOAT64, 3);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    refuse_graph(graph, crn_columns(graph, x, (int64_t[]){3}, 1), CRN_SHAPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_of_cells_as_numbers),
        cmocka_unit_test(test_outputs_own_their_texts),
        cmocka_unit_test(test_a_text_that_is_no_number_fails_the_run),
        cmocka_unit_test(test_numbers_go_in_as_cells),
        cmocka_unit_test(test_a_column_outside_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
