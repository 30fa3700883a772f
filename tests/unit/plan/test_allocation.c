/* SPDX-License-Identifier: BSD-3-Clause */
/* A run with given outputs allocates nothing, for one row and for many, dense and converted.
 * The program is linked with --wrap for the allocating functions (tests/CMakeLists.txt), which
 * are counted here. */
#include "test.h"

#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "ops/sparse.h"
#include "plan/plan.h"

static crn_error err = CRN_ERROR_INIT;
static size_t allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
    allocations++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    allocations++;
    return __real_calloc(n, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    allocations++;
    return __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    allocations++;
    return __real_aligned_alloc(alignment, size);
}

/* Everything that inference is made of, in one chain: (rows, 6) float64 to (rows) int64. */
static crn_graph *chain(void)
{
    static const double ones[30] = {1, 2, 3, 4, 5, 6};
    static const int64_t labels[5] = {1, 2, 3, 4, 5};
    crn_graph *g = NULL;
    crn_type type = crn_type_vector(CRN_FLOAT64, 6);
    crn_array classes = crn_array_view_1d(labels, CRN_INT64, 5);
    assert_ok(crn_graph_create(&g, &err));
    crn_value x = crn_graph_input(g, "X", &type);
    x = crn_scale(g, x, CRN_SCALE_SUBTRACT_DIVIDE,
                  crn_graph_numbers(g, CRN_FLOAT64, ones, 6, 0), CRN_NO_VALUE);
    x = crn_cast(g, crn_unary(g, x, CRN_UNARY_ABS), CRN_FLOAT32);
    x = crn_affine(g, x, crn_graph_numbers(g, CRN_FLOAT32, ones, 30, 5), false, CRN_NO_VALUE);
    x = crn_activate(g, x, crn_activation_default(CRN_GELU));
    x = crn_softmax(g, x, CRN_SPARSEMAX, -1);
    x = crn_binary(g, x, crn_reshape(g, crn_reduce(g, x, CRN_REDUCE_MAX), 1, (int64_t[]){1}),
                   CRN_BINARY_SUBTRACT);
    crn_value best = crn_argmax(g, x);
    best = crn_vote(g, (crn_value[]){best, crn_cast(g, best, CRN_INT64), best}, 3, 5);
    crn_graph_output(g, "y", crn_take(g, crn_graph_constant(g, &classes), best));
    return g;
}

static void expect_no_allocation(crn_run *run, const crn_array *in, int64_t rows)
{
    static int64_t y[4096];
    crn_array out = crn_array_view_1d(y, CRN_INT64, rows);
    size_t before = allocations;
    crn_status status = crn_run_rows(run, in, &out, &err);
    size_t after = allocations;
    assert_int_equal(status, CRN_OK);
    assert_int_equal(after, before);
}

static void check(crn_pool *pool)
{
    static double x[4096 * 6];
    static float single[4096 * 6];
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    assert_ok(crn_plan_create(chain(), NULL, &plan, &err));
    assert_ok(crn_run_create(plan, pool, &run, &err));
    static const int64_t counts[] = {0, 1, 7, 4096};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        crn_array in = crn_array_view_2d(x, CRN_FLOAT64, counts[i], 6);
        expect_no_allocation(run, &in, counts[i]);
        in = crn_array_view_2d(single, CRN_FLOAT32, counts[i], 6);
        expect_no_allocation(run, &in, counts[i]);
        in.strides[1] = 0;
        expect_no_allocation(run, &in, counts[i]);
    }
    crn_run_destroy(run);
    crn_plan_release(plan);
}

/* Sparse values grow once: the second run of the same rows allocates nothing where the caller
 * gives the memory of the output. */
static void test_nor_does_one_with_sparse_values_again(void **state)
{
    (void)state;
    enum { ROWS = 600, COLUMNS = 6 };
    static double x[ROWS * COLUMNS], y[ROWS * COLUMNS];
    static const double factors[COLUMNS] = {1, 2, 3, 4, 5, 6};
    crn_graph *g = NULL;
    crn_plan *plan = NULL;
    crn_run *run = NULL;
    const crn_type type = crn_type_sparse(CRN_FLOAT64, COLUMNS);
    for (int i = 0; i < ROWS * COLUMNS; i += 3)
        x[i] = i + 1;
    assert_ok(crn_graph_create(&g, &err));
    crn_value v = crn_graph_input(g, "X", &type);
    v = crn_scale(g, v, CRN_SCALE_MULTIPLY_ADD,
                  crn_graph_numbers(g, CRN_FLOAT64, factors, COLUMNS, 0), CRN_NO_VALUE);
    crn_graph_output(g, "y", v);
    assert_ok(crn_plan_create(g, NULL, &plan, &err));
    assert_ok(crn_run_create(plan, NULL, &run, &err));
    const crn_array in = crn_array_view_2d(x, CRN_FLOAT64, ROWS, COLUMNS);
    crn_array out = crn_array_view_2d(y, CRN_FLOAT64, ROWS, COLUMNS);
    assert_ok(crn_run_rows(run, &in, &out, &err));
    const size_t before = allocations;
    assert_ok(crn_run_rows(run, &in, &out, &err));
    assert_int_equal(allocations, before);
    assert_true(y[9] == 10 * 4 && y[10] == 0);
    crn_run_destroy(run);
    crn_plan_release(plan);
}

static void test_the_counter_counts(void **state)
{
    (void)state;
    size_t before = allocations;
    crn_graph *g = chain();
    assert_true(allocations > before);
    crn_graph_destroy(g);
}

static void test_a_run_allocates_nothing(void **state)
{
    (void)state;
    check(NULL);
}

static void test_nor_does_one_with_threads(void **state)
{
    (void)state;
    crn_pool *pool = NULL;
    assert_ok(crn_pool_create(3, &pool, &err));
    check(pool);
    crn_pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_counter_counts),
        cmocka_unit_test(test_a_run_allocates_nothing),
        cmocka_unit_test(test_nor_does_one_with_threads),
        cmocka_unit_test(test_nor_does_one_with_sparse_values_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
