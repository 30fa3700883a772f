/* SPDX-License-Identifier: BSD-3-Clause */
/* affine against the plain sum, in both layouts and both float types. */
#include "unit/ops/run_graph.h"

#include "ops/affine.h"

enum { ROWS = 5, IN = 7, OUT = 3 };

static double x[ROWS * IN], w[IN * OUT], w_transposed[OUT * IN], b[OUT], product[ROWS * OUT];

static int fill(void **state)
{
    (void)state;
    for (int i = 0; i < ROWS * IN; i++)
        x[i] = i * 37 % 11 - 5.25;
    for (int k = 0; k < IN; k++) {
        for (int j = 0; j < OUT; j++)
            w[k * OUT + j] = w_transposed[j * IN + k] = (k * 5 + j * 3) % 7 * 0.5 - 1.25;
    }
    for (int j = 0; j < OUT; j++)
        b[j] = 10.0 * j + 1;
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < OUT; j++) {
            product[i * OUT + j] = 0;
            for (int k = 0; k < IN; k++)
                product[i * OUT + j] += x[i * IN + k] * w[k * OUT + j];
        }
    }
    return 0;
}

static void check(crn_dtype dtype, bool transposed, bool with_bias)
{
    double want[ROWS * OUT];
    for (int i = 0; i < ROWS * OUT; i++)
        want[i] = product[i] + (with_bias ? b[i % OUT] : 0);
    crn_value in;
    crn_type type = crn_type_vector(dtype, IN);
    crn_graph *g = graph_of(&type, &in);
    crn_value weights = transposed ? crn_graph_numbers(g, dtype, w_transposed, IN * OUT, IN)
                                   : crn_graph_numbers(g, dtype, w, IN * OUT, OUT);
    crn_value bias = with_bias ? crn_graph_numbers(g, dtype, b, OUT, 0) : CRN_NO_VALUE;
    expect_numbers(g, crn_affine(g, in, weights, transposed, bias), x, ROWS, want, 1e-6, 1e-6);
}

static void test_product(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++)
        check(i & 1 ? CRN_FLOAT32 : CRN_FLOAT64, i & 2, i & 4);
}

/* Keras's Dense on a sequence: every place of the item is a row of the product. */
static void test_item_with_axes(void **state)
{
    (void)state;
    crn_value in;
    crn_type type = crn_type_rows(CRN_FLOAT32, 2, (int64_t[]){ROWS, IN});
    crn_graph *g = graph_of(&type, &in);
    crn_value y = crn_affine(g, in, crn_graph_numbers(g, CRN_FLOAT32, w, IN * OUT, OUT), false,
                             CRN_NO_VALUE);
    assert_int_equal(crn_graph_type(g, y)->ndim, 2);
    assert_int_equal(crn_graph_type(g, y)->shape[1], OUT);
    expect_numbers(g, y, x, 1, product, 1e-6, 1e-6);
}

static void test_infinity_and_nan_spread_as_in_numpy(void **state)
{
    (void)state;
    static const double rows[] = {INFINITY, 1, NAN, 0, 2, -INFINITY};
    static const double weights[] = {1, -1, 0, 1};
    static const double want[] = {INFINITY, -INFINITY, NAN, NAN, NAN, -INFINITY};
    crn_value in;
    crn_type type = crn_type_vector(CRN_FLOAT64, 2);
    crn_graph *g = graph_of(&type, &in);
    expect_numbers(g,
                   crn_affine(g, in, crn_graph_numbers(g, CRN_FLOAT64, weights, 4, 2), false,
                              CRN_NO_VALUE),
                   rows, 3, want, 0, 0);
}

static void test_refuses_what_does_not_fit(void **state)
{
    (void)state;
    crn_value in;
    crn_type type = crn_type_vector(CRN_FLOAT64, IN);
    crn_graph *g = graph_of(&type, &in);
    refuse_graph(
        g, crn_affine(g, in, crn_graph_numbers(g, CRN_FLOAT64, w, IN * OUT, OUT), true, -1),
        CRN_SHAPE);
    g = graph_of(&type, &in);
    refuse_graph(
        g, crn_affine(g, in, crn_graph_numbers(g, CRN_FLOAT32, w, IN * OUT, OUT), false, -1),
        CRN_SHAPE);
    g = graph_of(&type, &in);
    crn_value weights = crn_graph_numbers(g, CRN_FLOAT64, w, IN * OUT, OUT);
    refuse_graph(g,
                 crn_affine(g, in, weights, false, crn_graph_numbers(g, CRN_FLOAT64, b, 2, 0)),
                 CRN_SHAPE);
    type.dtype = CRN_INT64;
    g = graph_of(&type, &in);
    refuse_graph(
        g, crn_affine(g, in, crn_graph_numbers(g, CRN_FLOAT64, w, IN * OUT, OUT), false, -1),
        CRN_DTYPE);
}

static void test_cost_and_description(void **state)
{
    (void)state;
    crn_type in[2] = {crn_type_vector(CRN_FLOAT64, IN), {.dtype = CRN_FLOAT64, .itemsize = 8}};
    in[1].ndim = 2;
    in[1].shape[0] = IN;
    in[1].shape[1] = OUT;
    crn_type out = crn_type_vector(CRN_FLOAT64, OUT);
    crn_cost cost = {0};
    char text[64];
    crn_affine_attributes attributes = {.transposed = true, .activation = {.kind = CRN_TANH}};
    crn_op_affine.cost(&attributes, in, &out, &cost);
    assert_true(cost.multiply_adds == IN * OUT + 10 * OUT && cost.bytes == IN * OUT * 8);
    crn_op_affine.describe(&attributes, text, sizeof text);
    assert_string_equal(text, "transposed activation=tanh");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product),
        cmocka_unit_test(test_item_with_axes),
        cmocka_unit_test(test_infinity_and_nan_spread_as_in_numpy),
        cmocka_unit_test(test_refuses_what_does_not_fit),
        cmocka_unit_test(test_cost_and_description),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}
