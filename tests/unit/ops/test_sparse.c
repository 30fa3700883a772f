/* SPDX-License-Identifier: BSD-3-Clause */
/* Sparse values: what operations make of them, in one block and in many, on one thread and on
 * several. Expected values are by hand. */
#include "run_graph.h"

#include "base/csr.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/sparse.h"

enum { ROWS = 3, COLUMNS = 4 };

/* [[1, 0, 0, 2], [0, 0, 0, 0], [0, 3, 0, 0]], with the 3 in two parts and a row before */
static int64_t indptr[] = {0, 1, 3, 3, 5};
static int32_t indices[] = {0, 3, 0, 1, 1};
static double values[] = {9, 2, 1, 2, 1};
static const double dense[] = {1, 0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0};

static crn_csr matrix(void)
{
    return (crn_csr){indptr, indices, values, CRN_FLOAT64};
}

static crn_array rows_of(const crn_csr *csr)
{
    const crn_array all = crn_array_view_csr(csr, ROWS + 1, COLUMNS);
    return crn_array_rows(&all, 1, ROWS + 1);
}

static crn_graph *sparse_graph(crn_dtype dtype, crn_value *x)
{
    const crn_type type = crn_type_sparse(dtype, COLUMNS);
    return graph_of(&type, x);
}

/* The graph's output for the matrix, made dense, against `want`; from the sparse rows and from
 * dense ones. Takes the graph. */
static void expect(crn_graph *graph, crn_value y, int64_t block_rows, const double *want,
                   int64_t width, bool sparse)
{
    crn_error err = CRN_ERROR_INIT;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    crn_pool *pool = NULL;
    const crn_csr csr = matrix();
    const crn_array in[2] = {rows_of(&csr),
                             crn_array_view_2d(dense, CRN_FLOAT64, ROWS, COLUMNS)};
    crn_graph_output(graph, "y", y);
    assert_ok(crn_pool_create(2, &pool, &err));
    assert_ok(
        crn_plan_create(graph, &(crn_plan_options){.block_rows = block_rows}, &plan, &err));
    assert_ok(crn_run_create(plan, pool, &run, &err));
    for (int k = 0; k < 2; k++) {
        crn_array out = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
        assert_ok(crn_run_rows(run, &in[k], &out, &err));
        assert_int_equal(out.dtype == CRN_CSR, sparse);
        assert_int_equal(out.shape[1], width);
        assert_ok(crn_array_astype(&out, CRN_FLOAT64, &numbers, &err));
        assert_close((const double *)numbers.data, want, (size_t)(ROWS * width), 0, 0);
        crn_array_free(&numbers);
        crn_array_free(&out);
    }
    crn_run_destroy(run);
    crn_plan_release(plan);
    crn_pool_destroy(pool);
}

static void test_passes_through_and_becomes_dense(void **state)
{
    (void)state;
    for (int64_t block_rows = 1; block_rows <= 8; block_rows *= 2) {
        crn_value x;
        crn_graph *graph = sparse_graph(CRN_FLOAT64, &x);
        expect(graph, x, block_rows, dense, COLUMNS, true);
        graph = sparse_graph(CRN_FLOAT64, &x);
        expect(graph, crn_densify(graph, x), block_rows, dense, COLUMNS, false);
        graph = sparse_graph(CRN_FLOAT64, &x);
        expect(graph, crn_sparsify(graph, crn_densify(graph, x)), block_rows, dense, COLUMNS,
               true);
    }
}

static void test_other_operations_get_it_dense(void **state)
{
    (void)state;
    const double want[] = {3, 0, 3}, plus_one[] = {2, 1, 1, 3, 1, 1, 1, 1, 1, 4, 1, 1};
    crn_value x;
    crn_graph *graph = sparse_graph(CRN_FLOAT64, &x);
    expect(graph, crn_reshape(graph, crn_reduce(graph, x, CRN_REDUCE_SUM), 1, (int64_t[]){1}),
           2, want, 1, false);
    graph = sparse_graph(CRN_FLOAT64, &x);
    const crn_value one = crn_graph_numbers(graph, CRN_FLOAT64, (double[]){1, 1, 1, 1}, 4, 0);
    expect(graph, crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, CRN_NO_VALUE, one), 2, plus_one,
           COLUMNS, false);
}

static void test_scales_and_casts_stored_values(void **state)
{
    (void)state;
    const double want[] = {10, 0, 0, 80, 0, 0, 0, 0, 0, 60, 0, 0};
    crn_value x;
    crn_graph *graph = sparse_graph(CRN_INT64, &x);
    const crn_value by =
        crn_graph_numbers(graph, CRN_FLOAT32, (double[]){10, 20, 30, 40}, 4, 0);
    expect(graph,
           crn_scale(graph, crn_cast(graph, x, CRN_FLOAT32), CRN_SCALE_MULTIPLY_ADD, by,
                     CRN_NO_VALUE),
           2, want, COLUMNS, true);
}

static void test_multiplies_weights_of_both_layouts(void **state)
{
    (void)state;
    const double want[] = {13, 25, 5, 7, 14, 19}, bias[] = {5, 7};
    const double w[] = {2, 4, 3, 4, 9, 9, 3, 7}, transposed[] = {2, 3, 9, 3, 4, 4, 9, 7};
    for (int t = 0; t < 2; t++) {
        crn_value x;
        crn_graph *graph = sparse_graph(CRN_FLOAT64, &x);
        const crn_value weights = t ? crn_graph_numbers(graph, CRN_FLOAT64, transposed, 8, 4)
                                    : crn_graph_numbers(graph, CRN_FLOAT64, w, 8, 2);
        const crn_value b = crn_graph_numbers(graph, CRN_FLOAT64, bias, 2, 0);
        expect(graph, crn_affine(graph, x, weights, t, b), 2, want, 2, false);
    }
}

static void test_joins_sparse_and_dense(void **state)
{
    (void)state;
    const double want[] = {1, 0, 0, 2, 3, 1, 0, 0, 2, 0, 0, 0, 0, 0,
                           0, 0, 0, 0, 0, 3, 0, 0, 3, 0, 3, 0, 0};
    crn_value x;
    crn_graph *graph = sparse_graph(CRN_FLOAT64, &x);
    const crn_value sums =
        crn_reshape(graph, crn_reduce(graph, x, CRN_REDUCE_SUM), 1, (int64_t[]){1});
    expect(graph, crn_concat(graph, (crn_value[]){x, sums, x}, 3, 0), 1, want, 9, true);
}

static void test_keeps_columns(void **state)
{
    (void)state;
    const double want[] = {1, 0, 2, 0, 0, 0, 0, 3, 0}, swapped[] = {2, 0, 0, 0, 0, 3};
    crn_value x;
    crn_graph *graph = sparse_graph(CRN_FLOAT64, &x);
    expect(graph, crn_columns(graph, x, (int64_t[]){0, 1, 3}, 3), 2, want, 3, true);
    graph = sparse_graph(CRN_FLOAT64, &x);
    expect(graph, crn_columns(graph, x, (int64_t[]){3, 1}, 2), 2, swapped, 2, false);
}

static void test_refuses_malformed_matrices(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    int64_t falling[] = {0, 2, 1, 1}, below[] = {-1, 0, 0, 0};
    int32_t outside[] = {0, 4, 0, 1, 1};
    const crn_csr wrong[] = {
        {falling, indices, values, CRN_FLOAT64}, {below, indices, values, CRN_FLOAT64},
        {NULL, indices, values, CRN_FLOAT64},    {indptr, outside, values, CRN_FLOAT64},
        {indptr, NULL, values, CRN_FLOAT64},     {indptr, indices, values, CRN_STRING}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const crn_array array = crn_array_view_csr(&wrong[i], ROWS, COLUMNS);
        crn_array out = CRN_ARRAY_INIT;
        assert_int_not_equal(crn_array_astype(&array, CRN_FLOAT64, &out, &err), CRN_OK);
        assert_null(out.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passes_through_and_becomes_dense),
        cmocka_unit_test(test_other_operations_get_it_dense),
        cmocka_unit_test(test_scales_and_casts_stored_values),
        cmocka_unit_test(test_multiplies_weights_of_both_layouts),
        cmocka_unit_test(test_joins_sparse_and_dense),
        cmocka_unit_test(test_keeps_columns),
        cmocka_unit_test(test_refuses_malformed_matrices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
