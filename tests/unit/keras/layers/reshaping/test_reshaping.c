/* SPDX-License-Identifier: BSD-3-Clause */
/* Flatten, Reshape, Permute and RepeatVector: shapes, and where the numbers go. */
#include "unit/keras/layers/run_layer.h"

static const double x[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                           12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};

static void expect_shape(const char *shape, const char *layer, const char *want)
{
    char text[CRN_SHAPE_TEXT];
    crn_model *model = new_sequential(shape, layer);
    assert_string_equal(
        crn_layer_shape_text(crn_network_output_type(crn_model_network(model), 0), text,
                             sizeof text),
        want);
    crn_model_destroy(model);
}

static void test_shapes(void **state)
{
    (void)state;
    expect_shape("(2, 3)", "Flatten()", "(None, 6)");
    expect_shape("()", "Flatten()", "(None, 1)");
    expect_shape("(None, 3)", "Flatten()", "(None, None)");
    expect_shape("(5,)", "Flatten(data_format='channels_first')", "(None, 5)");
    expect_shape("(2, 6)", "Reshape((3, 4))", "(None, 3, 4)");
    expect_shape("(2, 6)", "Reshape([-1, 4])", "(None, 3, 4)");
    expect_shape("(12,)", "Reshape((1, 2, -1, 2))", "(None, 1, 2, 3, 2)");
    expect_shape("(None, 6)", "Reshape((-1, 4))", "(None, None, 4)");
    expect_shape("(1,)", "Reshape(())", "(None,)");
}

static void test_numbers(void **state)
{
    (void)state;
    expect_layer("(2, 6)", "Flatten()", x, x);
    expect_layer("(2, 6)", "Reshape((3, 2, -1))", x, x);
}

static void test_reordered(void **state)
{
    (void)state;
    const double flat[] = {0.0,  4.0,  8.0,  1.0,  5.0,  9.0,  2.0,  6.0,
                           10.0, 3.0,  7.0,  11.0, 12.0, 16.0, 20.0, 13.0,
                           17.0, 21.0, 14.0, 18.0, 22.0, 15.0, 19.0, 23.0};
    const double perm[] = {0.0,  2.0,  4.0,  6.0,  8.0,  10.0, 1.0,  3.0,
                           5.0,  7.0,  9.0,  11.0, 12.0, 14.0, 16.0, 18.0,
                           20.0, 22.0, 13.0, 15.0, 17.0, 19.0, 21.0, 23.0};
    const double rep[] = {0.0,  1.0,  2.0,  3.0,  4.0,  5.0,  0.0,  1.0,  2.0,  3.0,
                          4.0,  5.0,  6.0,  7.0,  8.0,  9.0,  10.0, 11.0, 6.0,  7.0,
                          8.0,  9.0,  10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0,
                          12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0,
                          22.0, 23.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0};
    expect_layer("(3, 2, 2)", "Flatten(data_format='channels_first')", x, flat);
    expect_layer("(3, 2, 2)", "Permute((3, 1, 2))", x, perm);
    expect_layer("(6,)", "RepeatVector(2)", x, rep);
    expect_shape("(None, 3)", "Permute((2, 1))", "(None, 3, None)");
}

static void test_refused(void **state)
{
    (void)state;
    refuse_model("Sequential([Permute((2, 2))])", CRN_ARGUMENT, "Invalid permutation");
    refuse_model("Sequential([Permute((0, 1))])", CRN_ARGUMENT, "Invalid permutation");
    refuse_model("Sequential([Input((2, 3)), Permute((1,))])", CRN_SHAPE, "expected ndim=2");
    refuse_model("Sequential([RepeatVector(0)])", CRN_ARGUMENT, "n");
    refuse_model("Sequential([Input((2, 3)), RepeatVector(2)])", CRN_SHAPE, "expected ndim=2");
    refuse_model("Sequential([Input((4,)), RepeatVector(1073741824)])", CRN_LIMIT,
                 "would hold more than");
    refuse_model("Sequential([Flatten(data_format='rows')])", CRN_ARGUMENT,
                 "Received: data_format=rows");
    refuse_model(
        "Sequential([Input((8,)), Reshape((3, 3))])", CRN_SHAPE,
        "The total size of the tensor must be unchanged. Received: input_shape=(None, 8), "
        "target_shape=(None, 3, 3)");
    refuse_model("Sequential([Input((8,)), Reshape((-1, 3))])", CRN_SHAPE, "must be unchanged");
    refuse_model("Sequential([Input((8,)), Reshape((-1, 0))])", CRN_SHAPE, "must be unchanged");
    refuse_model("Sequential([Reshape((-1, -1))])", CRN_ARGUMENT,
                 "at most one unknown dimension (-1)");
    refuse_model("Sequential([Reshape(4)])", CRN_ARGUMENT, "target_shape");
    refuse_model("Sequential([Reshape()])", CRN_ARGUMENT, "target_shape");
    refuse_model("Sequential([Input((9007199254740993, 9007199254740993)), Flatten()])",
                 CRN_LIMIT, "would hold more than 268435456 numbers a row");
    refuse_model("Sequential([Input((8,)), Reshape((9007199254740993, 9007199254740993))])",
                 CRN_SHAPE, "must be unchanged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_reordered),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
