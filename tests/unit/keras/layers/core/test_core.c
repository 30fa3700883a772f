/* SPDX-License-Identifier: BSD-3-Clause */
/* Dense against Keras 3.15; InputLayer and the ways in which a shape is told. */
#include "unit/keras/layers/run_layer.h"

#include "keras/layers/core/input_layer.h"

static const double x[] = {-3, -1, -0.5, 0, 0.25, 1, 2, 7};

static void test_dense(void **state)
{
    (void)state;
    const double relu[] = {0, 0, 0.25, 0, 0, 0.75, 1.25, 0, 3, 6, 0, 19.25};
    const double plain[] = {-3.5, -0.5, 0.75, 5.5};
    crn_model *model = new_sequential("(2,)", "Dense(3, activation='relu')");
    set_weights(model, (const float[]){1, 2, -1, 0.5f, -2, 3, 0.5f, -1, 0.25f});
    expect_output(model, x, COUNT(x), relu, COUNT(relu));
    model = new_sequential("(2, 2)", "Dense(1, use_bias=False)");
    assert_int_equal(layer_of(model)->weight_count, 1);
    set_weights(model, (const float[]){1, 0.5f});
    expect_output(model, x, COUNT(x), plain, COUNT(plain));
}

static void test_dense_refused(void **state)
{
    (void)state;
    refuse_model("Sequential([Dense(0)])", CRN_ARGUMENT, "units");
    refuse_model("Sequential([Dense()])", CRN_ARGUMENT,
                 "Received an invalid value for `units`, expected a positive integer.");
    refuse_model("Sequential([Dense(3, activation='rely')])", CRN_UNSUPPORTED, "'rely'");
    refuse_model("Sequential([Dense(3, unit=4)])", CRN_NOT_FOUND, "did you mean 'units'?");
    refuse_model("Sequential([Dense(3, lora_rank=4)])", CRN_UNSUPPORTED, "lora_rank");
    refuse_model("Sequential([Input(()), Dense(3)])", CRN_SHAPE,
                 "Input 0 of layer \"dense\" is incompatible with the layer: expected "
                 "min_ndim=2, found ndim=1. "
                 "Full shape received: (None,)");
    refuse_model("Sequential([Input((None,)), Dense(3)])", CRN_SHAPE,
                 "Full input shape received: (None, None)");
    refuse_model("Sequential([Input((4,)), Dense(3, kernel_initializer='zeroes')])",
                 CRN_NOT_FOUND, "Zeros");
    refuse_model("Sequential([Input((100000,)), Dense(90000000)])", CRN_LIMIT,
                 "weight 'kernel' of layer \"dense\" needs 36000000000000 bytes");
}

/* Regularizers and constraints go with their weights. */
static void test_dense_weights(void **state)
{
    (void)state;
    crn_model *model = new_sequential(
        "(4,)", "Dense(3, kernel_regularizer=L2(0.5), bias_constraint='non_neg')");
    const crn_layer *layer = layer_of(model);
    assert_non_null(layer->weights[0].regularizer.cls);
    assert_true(layer->weights[0].regularizer.config.l2 == 0.5);
    assert_null(layer->weights[0].constraint.cls);
    assert_non_null(layer->weights[1].constraint.cls);
    assert_string_equal(layer->weights[0].initializer.cls->base.name, "GlorotUniform");
    assert_string_equal(layer->weights[1].initializer.cls->base.name, "Zeros");
    crn_model_destroy(model);
}

/* ---- shapes ---- */

static void expect_shape(const char *expression, const char *input, const char *shape)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    char text[CRN_SHAPE_TEXT];
    assert_ok(crn_model_parse(expression, &model, &err));
    const crn_network *network = crn_model_network(model);
    assert_true(network->built);
    assert_string_equal(network->layers[0]->name, input);
    assert_true(crn_layer_is_input(network->layers[0]));
    assert_string_equal(
        crn_layer_shape_text(crn_network_input_type(network, 0), text, sizeof text), shape);
    crn_model_destroy(model);
}

static void test_shapes(void **state)
{
    (void)state;
    expect_shape("Sequential([Input((4,)), Dense(1)])", "input_layer", "(None, 4)");
    expect_shape("Sequential([Input(shape=(4,), batch_size=8), Dense(1)])", "input_layer",
                 "(None, 4)");
    expect_shape("Sequential([Input(batch_shape=(None, 2, 4), name='x'), Dense(1)])", "x",
                 "(None, 2, 4)");
    expect_shape("Sequential([InputLayer([None, 4]), Dense(1)])", "input_layer",
                 "(None, None, 4)");
    expect_shape("Sequential([InputLayer(input_shape=(4,)), Dense(1)])", "input_layer",
                 "(None, 4)");
    expect_shape("Sequential([Dense(1, input_shape=(4,))])", "input_layer", "(None, 4)");
    expect_shape("Sequential([Dense(1, input_dim=4)])", "input_layer", "(None, 4)");
    expect_shape("Sequential([Dense(1, batch_input_shape=(8, 2, 4))])", "input_layer",
                 "(None, 2, 4)");
    expect_shape("keras.Sequential([keras.Input((4,)), layers.Dense(1)])", "input_layer",
                 "(None, 4)");
}

static void test_shapes_refused(void **state)
{
    (void)state;
    refuse_model("Sequential([Input()])", CRN_ARGUMENT, "You must pass a `shape` argument.");
    refuse_model("Sequential([Input(4)])", CRN_ARGUMENT, "Cannot convert 'int' to a shape.");
    refuse_model("Sequential([Input((4,), batch_shape=(None, 4))])", CRN_ARGUMENT,
                 "You cannot pass both `shape` and `batch_shape` at the same time.");
    refuse_model("Sequential([Input(batch_size=1, batch_shape=(None, 4))])", CRN_ARGUMENT,
                 "You cannot pass both `batch_size` and `batch_shape` at the same time.");
    refuse_model("Sequential([Input((-4,))])", CRN_SHAPE, "at least 0");
    refuse_model("Sequential([Input((4.0,))])", CRN_SHAPE, "an int");
    refuse_model("Sequential([Input((1, 1, 1, 1, 1, 1, 1, 1))])", CRN_SHAPE,
                 "at most 7 elements");
    refuse_model("Sequential([Input((4,), dtype='complex64')])", CRN_UNSUPPORTED,
                 "the dtype complex64 is not supported");
    refuse_model("Sequential([Input((4,), sparse=True)])", CRN_UNSUPPORTED, "sparse");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dense),          cmocka_unit_test(test_dense_refused),
        cmocka_unit_test(test_dense_weights),  cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_shapes_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
