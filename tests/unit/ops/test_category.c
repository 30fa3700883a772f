/* SPDX-License-Identifier: BSD-3-Clause */
/* Categories to slots, columns and back, against scikit-learn 1.9: OneHotEncoder,
 * OrdinalEncoder, MultiLabelBinarizer and DictVectorizer say the numbers. */
#include "unit/ops/run_graph.h"

#include "base/cell.h"
#include "ops/category.h"
#include "ops/records.h"

static crn_value integers(crn_graph *graph, const int64_t *numbers, int64_t count)
{
    const crn_array view = crn_array_view_1d(numbers, CRN_INT64, count);
    return crn_graph_constant(graph, &view);
}

static crn_value cells(crn_graph *graph, const crn_cell *at, int64_t count)
{
    const crn_array view = crn_array_view_1d(at, CRN_OBJECT, count);
    return crn_graph_constant(graph, &view);
}

static crn_cell text(const char *at)
{
    return (crn_cell){CRN_CELL_TEXT, {.text = at}, strlen(at)};
}

/* Two features: {1, 3, NaN} and {2, 5}. */
static const int64_t starts[] = {0, 3, 5}, in_order[] = {0, 1, 2, 3, 4};

static crn_value slots_of_numbers(crn_graph *graph, crn_value x, bool refuse)
{
    static const double keys[] = {1, 3, NAN, 2, 5};
    return crn_category(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, keys, 5, 0),
                        integers(graph, in_order, 5), integers(graph, starts, 3), refuse);
}

static void test_one_hot_of_numbers(void **state)
{
    (void)state;
    static const double rows[] = {3, 2, NAN, 5, 7, 5};
    static const double want[] = {0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1};
    static const int64_t columns[] = {0, 1, 2, 3, 4, -1, -1};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    const crn_one_hot_attributes attributes = {.width = 5, .dtype = CRN_FLOAT32};
    const crn_value y = crn_one_hot(graph, slots_of_numbers(graph, x, false),
                                    integers(graph, columns, 7), &attributes);
    assert_int_equal(crn_graph_type(graph, y)->dtype, CRN_FLOAT32);
    expect_numbers(graph, y, rows, 3, want, 0, 0);
}

/* The same as a sparse value, of which a row holds only its ones. */
static void test_one_hot_sparse(void **state)
{
    (void)state;
    crn_error err;
    static const double rows[] = {3, 2, 7, 5};
    static const int64_t columns[] = {0, 1, 2, 3, 4, -1, -1};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    const crn_array in = crn_array_view_2d(rows, CRN_FLOAT64, 2, 2);
    crn_array out = CRN_ARRAY_INIT, dense = CRN_ARRAY_INIT;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    const crn_one_hot_attributes attributes = {
        .width = 5, .dtype = CRN_FLOAT64, .sparse = true};
    run_graph(graph,
              crn_one_hot(graph, slots_of_numbers(graph, x, false), integers(graph, columns, 7),
                          &attributes),
              &in, &out);
    assert_int_equal(out.dtype, CRN_CSR);
    assert_int_equal(((crn_csr *)out.data)->indptr[2], 3);
    assert_ok(crn_array_astype(&out, CRN_FLOAT64, &dense, &err));
    assert_close((double *)dense.data, ((double[]){0, 1, 0, 1, 0, 0, 0, 0, 0, 1}), 10, 0, 0);
    crn_array_free(&out);
    crn_array_free(&dense);
}

static void expect_failure(crn_graph *graph, crn_value y, const crn_array *in,
                           const char *message)
{
    crn_error err = CRN_ERROR_INIT;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_array out = CRN_ARRAY_INIT;
    crn_graph_output(graph, "y", y);
    assert_ok(crn_plan_create(graph, NULL, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    assert_status(CRN_ARGUMENT, crn_run_rows(run, in, &out, &err));
    assert_string_equal(err.message, message);
    crn_run_destroy(run);
    crn_plan_release(plan);
}

static void test_unknown_categories_fail_the_run(void **state)
{
    (void)state;
    static const double rows[] = {1, 2, 3, 4.5};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    const crn_array in = crn_array_view_2d(rows, CRN_FLOAT64, 2, 2);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    expect_failure(graph, slots_of_numbers(graph, x, true), &in,
                   "Found unknown categories [4.5] in column 1 during transform");
}

/* Texts, None and True, which is 1. */
static void test_categories_of_cells(void **state)
{
    (void)state;
    const crn_cell keys[] = {
        {CRN_CELL_INT, {.integer = 1}, 0}, text("a"), text("b"), {.kind = CRN_CELL_NONE}};
    const crn_cell rows[] = {
        text("b"), {.kind = CRN_CELL_NONE}, {CRN_CELL_BOOL, {.integer = 1}, 0}, text("aa")};
    static const int64_t slots[] = {3, 0, 1, 2}, bounds[] = {0, 4};
    const crn_type type = crn_type_vector(CRN_OBJECT, 1);
    const crn_array in = crn_array_view_2d(rows, CRN_OBJECT, 4, 1);
    crn_array out = CRN_ARRAY_INIT;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    run_graph(graph,
              crn_category(graph, x, cells(graph, keys, 4), integers(graph, slots, 4),
                           integers(graph, bounds, 2), false),
              &in, &out);
    const int64_t *found = out.data;
    assert_int_equal(found[0], 1);
    assert_int_equal(found[1], 2);
    assert_int_equal(found[2], 3);
    assert_int_equal(found[3], 4); /* unknown: behind the four */
    crn_array_free(&out);
}

static void test_one_hot_inverse(void **state)
{
    (void)state;
    static const double rows[] = {0, 1, 0, 1, 0, 0, 0, 0, 0.25, 0.5};
    static const double want[] = {1, 3, 7, 4};
    static const int64_t zeros[] = {7, -1};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 5);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    expect_numbers(
        graph,
        crn_one_hot_inverse(graph, x, integers(graph, starts, 3), integers(graph, zeros, 2)),
        rows, 2, want, 0, 0);
    static const double bad[] = {1, 0, 0, 0, 0};
    const crn_array in = crn_array_view_2d(bad, CRN_FLOAT64, 1, 5);
    graph = graph_of(&type, &x);
    expect_failure(
        graph,
        crn_one_hot_inverse(graph, x, integers(graph, starts, 3), integers(graph, zeros, 2)),
        &in,
        "Samples can not be inverted when drop=None and handle_unknown='error' "
        "because they contain all zeros");
}

/* NaN stands for code 2 of the first feature, -7 for no category; codes count from the end. */
static void test_ordinal_inverse(void **state)
{
    (void)state;
    static const double rows[] = {1, 0, NAN, 1, -7, -1};
    static const double want[] = {1, 3, 2, 4, 9, 4};
    static const int64_t places[] = {2, -1, -1, -1};
    const crn_ordinal_inverse_attributes attributes = {
        .has_unknown = true, .missing = NAN, .unknown = -7, .unknown_slot = 9};
    const crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    expect_numbers(graph,
                   crn_ordinal_inverse(graph, x, integers(graph, starts, 3),
                                       integers(graph, places, 4), &attributes),
                   rows, 3, want, 0, 0);
    static const double bad[] = {3, 0};
    const crn_array in = crn_array_view_2d(bad, CRN_FLOAT64, 1, 2);
    graph = graph_of(&type, &x);
    expect_failure(graph,
                   crn_ordinal_inverse(graph, x, integers(graph, starts, 3),
                                       integers(graph, places, 4), &attributes),
                   &in, "index 3 is out of bounds for axis 0 with size 3");
}

static void test_sets_of_labels(void **state)
{
    (void)state;
    const crn_cell keys[] = {text("a"), text("b"), text("c")};
    const crn_cell set[] = {text("c"), text("a"), text("q")};
    const crn_cell rows[] = {
        {CRN_CELL_LIST, {.items = set}, 3}, {CRN_CELL_LIST, {.items = set}, 0}, text("bc")};
    static const int64_t columns[] = {2, 0, 1};
    const crn_type type = crn_type_rows(CRN_OBJECT, 0, NULL);
    const crn_array in = crn_array_view_1d(rows, CRN_OBJECT, 3);
    crn_array out = CRN_ARRAY_INIT;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    run_graph(graph,
              crn_multi_hot(graph, x, cells(graph, keys, 3), integers(graph, columns, 3)), &in,
              &out);
    static const int64_t want[] = {0, 1, 1, 0, 0, 0, 1, 1, 0};
    assert_memory_equal(out.data, want, sizeof want);
    crn_array_free(&out);
}

/* {"city": "Lima", "t": 2, "tag": ["x", "x"], "other": 1} with the columns city=Lima, t,
 * tag=x. */
static void test_dicts_of_features(void **state)
{
    (void)state;
    const crn_cell keys[] = {text("city=Lima"), text("t"), text("tag=x")};
    const crn_cell tags[] = {text("x"), text("x")};
    const crn_cell entries[] = {text("city"),  text("Lima"),
                                text("t"),     {CRN_CELL_INT, {.integer = 2}, 0},
                                text("tag"),   {CRN_CELL_LIST, {.items = tags}, 2},
                                text("other"), {CRN_CELL_INT, {.integer = 1}, 0}};
    const crn_cell row = {CRN_CELL_DICT, {.items = entries}, 4};
    const crn_type type = crn_type_rows(CRN_OBJECT, 0, NULL);
    const crn_array in = crn_array_view_1d(&row, CRN_OBJECT, 1);
    crn_array out = CRN_ARRAY_INIT;
    crn_value x;
    crn_graph *graph = graph_of(&type, &x);
    run_graph(graph,
              crn_dict_features(graph, x, cells(graph, keys, 3), integers(graph, in_order, 3),
                                "=", 1),
              &in, &out);
    assert_close((double *)out.data, ((double[]){1, 2, 2}), 3, 0, 0);
    crn_array_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_hot_of_numbers),
        cmocka_unit_test(test_one_hot_sparse),
        cmocka_unit_test(test_unknown_categories_fail_the_run),
        cmocka_unit_test(test_categories_of_cells),
        cmocka_unit_test(test_one_hot_inverse),
        cmocka_unit_test(test_ordinal_inverse),
        cmocka_unit_test(test_sets_of_labels),
        cmocka_unit_test(test_dicts_of_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
