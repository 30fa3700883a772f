/* SPDX-License-Identifier: BSD-3-Clause */
/* reshape, concat, argmax, take, reduce and vote against NumPy 2.4. */
#include "unit/ops/run_graph.h"

#include "ops/elementwise.h"
#include "ops/rows.h"

static crn_graph *vector_graph(crn_dtype dtype, int64_t n, crn_value *x)
{
    crn_type type = crn_type_vector(dtype, n);
    return graph_of(&type, x);
}

/* ---- reshape and concat ---- */

static void test_reshape(void **state)
{
    (void)state;
    static const double rows[] = {1, 2, 3, 4, 5, 6};
    static const double want[] = {-1, -2, -3, -4, -5, -6};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 6, &x);
    crn_value y = crn_reshape(g, x, 3, (int64_t[]){3, -1, 1});
    const crn_type *type = crn_graph_type(g, y);
    assert_int_equal(type->ndim, 3);
    assert_int_equal(type->shape[1], 2);
    y = crn_reshape(g, crn_unary(g, y, CRN_UNARY_NEGATE), 1, (int64_t[]){6});
    expect_numbers(g, y, rows, 1, want, 0, 0);
}

/* An output that is the input under another shape has to be copied. */
static void test_reshape_of_the_input_alone(void **state)
{
    (void)state;
    static const double rows[] = {1, 2, 3, 4};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 4, &x);
    expect_numbers(g, crn_reshape(g, x, 2, (int64_t[]){2, 2}), rows, 1, rows, 0, 0);
}

static void test_reshape_refuses(void **state)
{
    (void)state;
    static const int64_t shapes[][2] = {{4, -1}, {2, 2}, {-1, -1}, {0, -1}, {INT64_MAX, 2}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        crn_value x;
        crn_graph *g = vector_graph(CRN_FLOAT64, 6, &x);
        refuse_graph(g, crn_reshape(g, x, 2, shapes[i]), CRN_SHAPE);
    }
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 1, &x);
    refuse_graph(g, crn_reshape(g, x, 9, (int64_t[]){1, 1, 1, 1, 1, 1, 1, 1, 1}), CRN_SHAPE);
}

static void test_concat(void **state)
{
    (void)state;
    static const double rows[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const double last[] = {1, 2, -1, -2, 3, 4, -3, -4, 5, 6, -5, -6, 7, 8, -7, -8};
    static const double first[] = {1, 2, 3, 4, -1, -2, -3, -4, 5, 6, 7, 8, -5, -6, -7, -8};
    for (int axis = -2; axis < 2; axis++) {
        crn_value x;
        crn_type type = crn_type_rows(CRN_FLOAT32, 2, (int64_t[]){2, 2});
        crn_graph *g = graph_of(&type, &x);
        crn_value parts[] = {x, crn_unary(g, x, CRN_UNARY_NEGATE)};
        bool along_last = axis == -1 || axis == 1;
        expect_numbers(g, crn_concat(g, parts, 2, axis), rows, 2, along_last ? last : first, 0,
                       0);
    }
}

static void test_concat_refuses(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 4, &x);
    refuse_graph(g,
                 crn_concat(g, (crn_value[]){x, crn_reshape(g, x, 2, (int64_t[]){2, 2})}, 2, 0),
                 CRN_SHAPE);
    g = vector_graph(CRN_FLOAT64, 4, &x);
    refuse_graph(g, crn_concat(g, (crn_value[]){x, crn_cast(g, x, CRN_FLOAT32)}, 2, 0),
                 CRN_SHAPE);
    g = vector_graph(CRN_FLOAT64, 4, &x);
    refuse_graph(g, crn_concat(g, (crn_value[]){x, x}, 2, 1), CRN_ARGUMENT);
}

/* ---- argmax and take ---- */

static void test_argmax(void **state)
{
    (void)state;
    static const double rows[] = {1, 3,    2,  3, /* the first of equals */
                                  1, NAN,  5,  NAN, -INFINITY, -INFINITY, -INFINITY, -INFINITY,
                                  0, -0.0, -1, 0,   2,         1,         NAN,       3};
    static const double want[] = {1, 1, 0, 0, 2};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 4, &x);
    expect_numbers(g, crn_argmax(g, x), rows, 5, want, 0, 0);
    g = vector_graph(CRN_FLOAT32, 4, &x);
    expect_numbers(g, crn_argmax(g, x), rows, 5, want, 0, 0);
}

static void test_argmax_refuses_nothing_to_choose_from(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 0, &x);
    refuse_graph(g, crn_argmax(g, x), CRN_SHAPE);
}

static void test_take_numbers(void **state)
{
    (void)state;
    static const double rows[] = {2, 0, 1}, table[] = {10, 11, 20, 21, 30, 31};
    crn_value x;
    crn_type scalar = crn_type_rows(CRN_INT64, 0, NULL);
    crn_graph *g = graph_of(&scalar, &x);
    expect_numbers(g, crn_take(g, crn_graph_numbers(g, CRN_FLOAT32, table, 3, 0), x), rows, 3,
                   (double[]){20, 10, 11}, 0, 0);
    g = graph_of(&scalar, &x);
    expect_numbers(g, crn_take(g, crn_graph_numbers(g, CRN_INT64, table, 6, 2), x), rows, 3,
                   (double[]){30, 31, 10, 11, 20, 21}, 0, 0);
    g = graph_of(&scalar, &x);
    expect_numbers(g, crn_take(g, crn_graph_numbers(g, CRN_INT64, table, 3, 0), x), rows, 3,
                   (double[]){20, 10, 11}, 0, 0);
}

static void test_take_strings(void **state)
{
    (void)state;
    static const char names[3][5] = {"cat", "horse", "dog"}; /* bytes of NumPy's S5 */
    static const int64_t rows[] = {2, 1};
    crn_array table = {.data = (void *)(uintptr_t)names,
                       .dtype = CRN_BYTES,
                       .itemsize = 5,
                       .ndim = 1,
                       .shape = {3},
                       .strides = {5}};
    crn_array in = crn_array_view_1d(rows, CRN_INT64, 2), out;
    crn_value x;
    crn_type scalar = crn_type_rows(CRN_INT64, 0, NULL);
    crn_graph *g = graph_of(&scalar, &x);
    run_graph(g, crn_take(g, crn_graph_constant(g, &table), x), &in, &out);
    assert_int_equal(out.dtype, CRN_BYTES);
    assert_int_equal(out.itemsize, 5);
    assert_memory_equal(out.data, "dog\0\0horse", 10);
    crn_array_free(&out);
}

static void test_take_refuses(void **state)
{
    (void)state;
    static const double table[] = {1, 2};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 1, &x);
    refuse_graph(g, crn_take(g, crn_graph_numbers(g, CRN_INT64, table, 2, 0), x), CRN_DTYPE);
    g = vector_graph(CRN_INT64, 1, &x);
    refuse_graph(g, crn_take(g, x, x), CRN_SHAPE);
}

/* ---- reduce and vote ---- */

static void test_reduce(void **state)
{
    (void)state;
    static const double rows[] = {1,    -2,   4,    0.5,       NAN,       2,
                                  1000, 1000, 1000, -INFINITY, -INFINITY, -INFINITY};
    static const double want[][4] = {
        {3, NAN, 3000, -INFINITY}, {1, NAN, 1000, -INFINITY},
        {4, NAN, 1000, -INFINITY}, {-2, NAN, 1000, -INFINITY},
        {21, NAN, 3e6, INFINITY},  {4.050945763522998, NAN, 1001.0986122886682, -INFINITY},
    };
    for (int kind = CRN_REDUCE_SUM; kind <= CRN_REDUCE_LOGSUMEXP; kind++) {
        crn_value x;
        crn_graph *g = vector_graph(CRN_FLOAT64, 3, &x);
        crn_value y = crn_reduce(g, x, (crn_reduce_kind)kind);
        assert_int_equal(crn_graph_type(g, y)->ndim, 0);
        expect_numbers(g, y, rows, 4, want[kind], 1e-15, 0);
        g = vector_graph(CRN_FLOAT32, 3, &x);
        expect_numbers(g, crn_reduce(g, x, (crn_reduce_kind)kind), rows, 4, want[kind], 1e-6,
                       0);
    }
}

static void test_vote(void **state)
{
    (void)state;
    static const double rows[] = {2, 2, 0, 1, 1, 0, 2, 1, 0, 1, 2, 2, 0, 0, 0};
    static const double want[] = {2, 1, 0, 2, 0};
    crn_value x, votes[3];
    crn_type type = crn_type_vector(CRN_INT64, 3);
    crn_graph *g = graph_of(&type, &x);
    /* Three voters: pick column c by an affine of floats, so that only this file's operations
     * are used. */
    crn_value numbers = crn_cast(g, x, CRN_FLOAT64);
    for (int c = 0; c < 3; c++) {
        double mask[3] = {0};
        mask[c] = 1;
        crn_value masked =
            crn_scale(g, numbers, CRN_SCALE_MULTIPLY_ADD,
                      crn_graph_numbers(g, CRN_FLOAT64, mask, 3, 0), CRN_NO_VALUE);
        votes[c] = crn_cast(g, crn_reduce(g, masked, CRN_REDUCE_SUM), CRN_INT64);
    }
    expect_numbers(g, crn_vote(g, votes, 3, 3), rows, 5, want, 0, 0);
}

static void test_vote_refuses(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 1, &x);
    refuse_graph(g, crn_vote(g, &x, 1, 3), CRN_DTYPE);
    g = vector_graph(CRN_INT64, 1, &x);
    refuse_graph(g, crn_vote(g, &x, 1, 0), CRN_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reshape),
        cmocka_unit_test(test_reshape_of_the_input_alone),
        cmocka_unit_test(test_reshape_refuses),
        cmocka_unit_test(test_concat),
        cmocka_unit_test(test_concat_refuses),
        cmocka_unit_test(test_argmax),
        cmocka_unit_test(test_argmax_refuses_nothing_to_choose_from),
        cmocka_unit_test(test_take_numbers),
        cmocka_unit_test(test_take_strings),
        cmocka_unit_test(test_take_refuses),
        cmocka_unit_test(test_reduce),
        cmocka_unit_test(test_vote),
        cmocka_unit_test(test_vote_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
