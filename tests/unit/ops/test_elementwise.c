/* SPDX-License-Identifier: BSD-3-Clause */
/* scale, unary, binary, cast and step against NumPy 2.4. */
#include "unit/ops/run_graph.h"

#include "ops/elementwise.h"

static crn_graph *vector_graph(crn_dtype dtype, int64_t n, crn_value *x)
{
    crn_type type = crn_type_vector(dtype, n);
    return graph_of(&type, x);
}

/* ---- scale ---- */

static void check_scale(crn_dtype dtype, crn_scale_form form, bool with_a, bool with_b,
                        const double *want)
{
    static const double rows[] = {1, 2, 3, -4, 5, 6};
    static const double a[] = {2, 4, 0.5}, b[] = {0.5, -1, 8};
    crn_value x;
    crn_graph *g = vector_graph(dtype, 3, &x);
    crn_value first = with_a ? crn_graph_numbers(g, dtype, a, 3, 0) : CRN_NO_VALUE;
    crn_value second = with_b ? crn_graph_numbers(g, dtype, b, 3, 0) : CRN_NO_VALUE;
    expect_numbers(g, crn_scale(g, x, form, first, second), rows, 2, want, 0, 0);
}

static void test_scale_forms(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        crn_dtype dtype = i == 0 ? CRN_FLOAT64 : CRN_FLOAT32;
        check_scale(dtype, CRN_SCALE_MULTIPLY_ADD, true, true,
                    (double[]){2.5, 7, 9.5, -7.5, 19, 11});
        check_scale(dtype, CRN_SCALE_SUBTRACT_DIVIDE, true, true,
                    (double[]){-2, 2, 0.3125, -12, -1, 0.6875});
        check_scale(dtype, CRN_SCALE_DIVIDE_ADD, true, true,
                    (double[]){1, -0.5, 14, -1.5, 0.25, 20});
        check_scale(dtype, CRN_SCALE_MULTIPLY_ADD, false, true,
                    (double[]){1.5, 1, 11, -3.5, 4, 14});
        check_scale(dtype, CRN_SCALE_SUBTRACT_DIVIDE, true, false,
                    (double[]){-1, -2, 2.5, -6, 1, 5.5});
        check_scale(dtype, CRN_SCALE_DIVIDE_ADD, true, false,
                    (double[]){0.5, 0.5, 6, -2, 1.25, 12});
        check_scale(dtype, CRN_SCALE_SUBTRACT_DIVIDE, false, false,
                    (double[]){1, 2, 3, -4, 5, 6});
    }
}

static void test_scale_clips_and_lets_nan_through(void **state)
{
    (void)state;
    static const double rows[] = {-1, 0.25, 7, NAN, INFINITY, -INFINITY};
    static const double want[] = {0, 0.25, 1, NAN, 1, 0};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 1, &x);
    expect_numbers(g, crn_scale_clipped(g, x, CRN_SCALE_MULTIPLY_ADD, -1, -1, 0, 1), rows, 6,
                   want, 0, 0);
}

static void test_scale_refuses(void **state)
{
    (void)state;
    static const double a[] = {2, 4};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 3, &x);
    refuse_graph(g,
                 crn_scale(g, x, CRN_SCALE_MULTIPLY_ADD,
                           crn_graph_numbers(g, CRN_FLOAT64, a, 2, 0), CRN_NO_VALUE),
                 CRN_SHAPE);
    g = vector_graph(CRN_INT32, 3, &x);
    refuse_graph(g, crn_scale(g, x, CRN_SCALE_MULTIPLY_ADD, -1, -1), CRN_DTYPE);
}

/* ---- unary ---- */

static const struct {
    crn_unary_kind kind;
    double y[4]; /* of 0.25, 1, 2.5 and NaN */
} unary[] = {
    {CRN_UNARY_NEGATE, {-0.25, -1, -2.5, NAN}},
    {CRN_UNARY_ABS, {0.25, 1, 2.5, NAN}},
    {CRN_UNARY_SQUARE, {0.0625, 1, 6.25, NAN}},
    {CRN_UNARY_SQRT, {0.5, 1, 1.5811388300841898, NAN}},
    {CRN_UNARY_EXP, {1.2840254166877414, 2.718281828459045, 12.182493960703473, NAN}},
    {CRN_UNARY_LOG, {-1.3862943611198906, 0, 0.9162907318741551, NAN}},
    {CRN_UNARY_LOG1P, {0.22314355131420976, 0.6931471805599453, 1.252762968495368, NAN}},
    {CRN_UNARY_EXPM1, {0.2840254166877415, 1.718281828459045, 11.182493960703473, NAN}},
    {CRN_UNARY_RECIPROCAL, {4, 1, 0.4, NAN}},
    {CRN_UNARY_COMPLEMENT, {0.75, 0, -1.5, NAN}},
    {CRN_UNARY_EXPIT, {0.5621765008857981, 0.7310585786300049, 0.9241418199787566, NAN}},
};

static void test_unary(void **state)
{
    (void)state;
    static const double in[] = {0.25, 1, 2.5, NAN};
    for (size_t i = 0; i < sizeof unary / sizeof *unary; i++) {
        crn_value x;
        crn_graph *g = vector_graph(CRN_FLOAT64, 4, &x);
        expect_numbers(g, crn_unary(g, x, unary[i].kind), in, 1, unary[i].y, 1e-15, 0);
        g = vector_graph(CRN_FLOAT32, 4, &x);
        expect_numbers(g, crn_unary(g, x, unary[i].kind), in, 1, unary[i].y, 5e-7, 0);
    }
}

static void test_expit_far_out(void **state)
{
    (void)state;
    static const double in[] = {-745, -40, 40, 800, -INFINITY, INFINITY};
    static const double want[] = {4.9406564584124654e-324, 4.248354255291589e-18, 1, 1, 0, 1};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 6, &x);
    expect_numbers(g, crn_unary(g, x, CRN_UNARY_EXPIT), in, 1, want, 1e-14, 1e-300);
}

/* ---- binary ---- */

static void test_binary_kinds(void **state)
{
    (void)state;
    static const double rows[] = {1, -2, NAN, 4, 8, 0};
    static const double other[] = {2, -3, 1};
    static const double want[][6] = {
        {3, -5, NAN, 6, 5, 1},  {-1, 1, NAN, 2, 11, -1},
        {2, 6, NAN, 8, -24, 0}, {0.5, 2.0 / 3, NAN, 2, -8.0 / 3, 0},
        {1, -3, NAN, 2, -3, 0}, {2, -2, NAN, 4, 8, 1},
    };
    for (int kind = 0; kind < 6; kind++) {
        crn_value x;
        crn_graph *g = vector_graph(CRN_FLOAT64, 3, &x);
        crn_value y = crn_graph_numbers(g, CRN_FLOAT64, other, 3, 0);
        expect_numbers(g, crn_binary(g, x, y, (crn_binary_kind)kind), rows, 2, want[kind],
                       1e-15, 0);
    }
}

static void test_minimum_and_maximum_take_nan_from_either_side(void **state)
{
    (void)state;
    static const double rows[] = {1, NAN}, other[] = {NAN, 1}, want[] = {NAN, NAN};
    for (int kind = CRN_BINARY_MINIMUM; kind <= CRN_BINARY_MAXIMUM; kind++) {
        crn_value x;
        crn_graph *g = vector_graph(CRN_FLOAT32, 2, &x);
        crn_value y = crn_graph_numbers(g, CRN_FLOAT32, other, 2, 0);
        expect_numbers(g, crn_binary(g, x, y, (crn_binary_kind)kind), rows, 1, want, 0, 0);
    }
}

/* numpy: x.reshape(rows, 2, 3) - c, for c of shapes (), (3,), (2, 1) and (2, 3). */
static void test_binary_broadcasts(void **state)
{
    (void)state;
    static const double rows[] = {0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15};
    static const double c[] = {1, 2, 3, 4, 5, 6};
    static const struct {
        int64_t count, columns;
        double want[12];
    } cases[] = {
        {1, 0, {-1, 0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 14}},
        {3, 0, {-1, -1, -1, 2, 2, 2, 9, 9, 9, 12, 12, 12}},
        {2, 1, {-1, 0, 1, 1, 2, 3, 9, 10, 11, 11, 12, 13}},
        {6, 3, {-1, -1, -1, -1, -1, -1, 9, 9, 9, 9, 9, 9}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_value x;
        crn_type type = crn_type_rows(CRN_FLOAT64, 2, (int64_t[]){2, 3});
        crn_graph *g = graph_of(&type, &x);
        crn_value y = crn_graph_numbers(g, CRN_FLOAT64, c, cases[i].count, cases[i].columns);
        expect_numbers(g, crn_binary(g, x, y, CRN_BINARY_SUBTRACT), rows, 2, cases[i].want, 0,
                       0);
    }
}

/* A constant on the left, and an item that grows: (1) against (3). */
static void test_binary_of_a_constant_and_rows(void **state)
{
    (void)state;
    static const double rows[] = {1, 2}, c[] = {10, 20, 30};
    static const double want[] = {9, 19, 29, 8, 18, 28};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT32, 1, &x);
    crn_value y =
        crn_binary(g, crn_graph_numbers(g, CRN_FLOAT32, c, 3, 0), x, CRN_BINARY_SUBTRACT);
    assert_true(crn_graph_type(g, y)->rows);
    expect_numbers(g, y, rows, 2, want, 0, 0);
}

static void test_binary_of_a_value_with_itself(void **state)
{
    (void)state;
    static const double rows[] = {1, -2, 3}, want[] = {2, -4, 6};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 3, &x);
    crn_value y = crn_unary(g, x, CRN_UNARY_NEGATE);
    expect_numbers(g, crn_unary(g, crn_binary(g, y, y, CRN_BINARY_ADD), CRN_UNARY_NEGATE), rows,
                   1, want, 0, 0);
}

static void test_binary_refuses(void **state)
{
    (void)state;
    static const double c[] = {1, 2};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 3, &x);
    refuse_graph(g,
                 crn_binary(g, x, crn_graph_numbers(g, CRN_FLOAT64, c, 2, 0), CRN_BINARY_ADD),
                 CRN_SHAPE);
    g = vector_graph(CRN_FLOAT64, 2, &x);
    refuse_graph(g,
                 crn_binary(g, x, crn_graph_numbers(g, CRN_FLOAT32, c, 2, 0), CRN_BINARY_ADD),
                 CRN_SHAPE);
}

/* ---- cast and step ---- */

static void test_cast(void **state)
{
    (void)state;
    static const double rows[] = {1.75, -2.25, 300, 0};
    static const struct {
        crn_dtype from, to;
        double want[4];
    } cases[] = {
        {CRN_FLOAT64, CRN_FLOAT32, {1.75, -2.25, 300, 0}},
        {CRN_FLOAT32, CRN_FLOAT64, {1.75, -2.25, 300, 0}},
        {CRN_FLOAT64, CRN_INT64, {1, -2, 300, 0}},
        {CRN_FLOAT32, CRN_UINT8, {1, 254, 44, 0}},
        {CRN_INT64, CRN_FLOAT32, {1, -2, 300, 0}},
        {CRN_FLOAT64, CRN_BOOL, {1, 1, 1, 0}},
        {CRN_FLOAT64, CRN_FLOAT16, {1.75, -2.25, 300, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_value x;
        crn_graph *g = vector_graph(cases[i].from, 4, &x);
        expect_numbers(g, crn_cast(g, x, cases[i].to), rows, 1, cases[i].want, 0, 0);
    }
}

static void test_cast_to_the_same_type_is_no_operation(void **state)
{
    (void)state;
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 4, &x);
    assert_int_equal(crn_cast(g, x, CRN_FLOAT64), x);
    refuse_graph(g, crn_cast(g, x, CRN_STRING), CRN_DTYPE);
}

static void test_step(void **state)
{
    (void)state;
    static const double rows[] = {-1, 0, 0.5, 1, NAN, INFINITY};
    static const double above_zero[] = {0, 0, 1, 1, 0, 1}, above_half[] = {0, 0, 0, 1, 0, 1};
    crn_value x;
    crn_graph *g = vector_graph(CRN_FLOAT64, 6, &x);
    expect_numbers(g, crn_step(g, x, 0), rows, 1, above_zero, 0, 0);
    g = vector_graph(CRN_FLOAT32, 6, &x);
    expect_numbers(g, crn_step(g, x, 0.5), rows, 1, above_half, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scale_forms),
        cmocka_unit_test(test_scale_clips_and_lets_nan_through),
        cmocka_unit_test(test_scale_refuses),
        cmocka_unit_test(test_unary),
        cmocka_unit_test(test_expit_far_out),
        cmocka_unit_test(test_binary_kinds),
        cmocka_unit_test(test_minimum_and_maximum_take_nan_from_either_side),
        cmocka_unit_test(test_binary_broadcasts),
        cmocka_unit_test(test_binary_of_a_constant_and_rows),
        cmocka_unit_test(test_binary_of_a_value_with_itself),
        cmocka_unit_test(test_binary_refuses),
        cmocka_unit_test(test_cast),
        cmocka_unit_test(test_cast_to_the_same_type_is_no_operation),
        cmocka_unit_test(test_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
