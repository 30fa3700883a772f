/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks from expressions: names, shapes, weights, and what predict gives. */
#include "test.h"

#include "cornichon/cornichon.h"
#include "keras/models/network.h"

static crn_model *parse(const char *expression)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_ok(crn_model_parse(expression, &model, &err));
    return model;
}

static void set_weight(crn_network *network, size_t i, const float *values)
{
    crn_layer_weight *weight = crn_network_weight(network, i, NULL);
    memcpy(weight->array.data, values, (size_t)crn_array_size(&weight->array) * sizeof *values);
}

static void test_names_and_weights(void **state)
{
    (void)state;
    crn_model *model = parse("Sequential([Input((4,)), Dense(8, activation='relu'), "
                             "BatchNormalization(), Dropout(0.5), Dense(3)])");
    crn_network *network = crn_model_network(model);
    static const char *const layers[] = {"input_layer", "dense", "batch_normalization",
                                         "dropout", "dense_1"};
    static const char *const weights[] = {
        "kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance", "kernel", "bias"};
    assert_string_equal(network->name, "sequential");
    assert_int_equal(network->layer_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(network->layers[i]->name, layers[i]);
    assert_int_equal(network->weight_count, 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(crn_network_weight(network, i, NULL)->name, weights[i]);
    assert_null(crn_network_weight(network, 8, NULL));
    assert_true(network->built);
    assert_false(network->has_weights);
    assert_int_equal(crn_network_output_type(network, 0)->shape[0], 3);
    crn_model_destroy(model);
}

/* relu([1, -2] K + b) L + c by hand. */
static void test_predict(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model =
        parse("Sequential([Input((2,)), Dense(2, activation='relu'), Dense(1)])");
    crn_network *network = crn_model_network(model);
    crn_array x = CRN_ARRAY_INIT, y = CRN_ARRAY_INIT;
    const double rows[] = {1, -2, 3, 4};
    x = crn_array_view_2d(rows, CRN_FLOAT64, 2, 2);
    assert_status(CRN_STATE, crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_ok(crn_network_initialize(network, 0, &err));
    set_weight(network, 0, (const float[]){1, 2, 3, -4});
    set_weight(network, 1, (const float[]){0.5f, -0.5f});
    set_weight(network, 2, (const float[]){10, 1});
    set_weight(network, 3, (const float[]){-1});
    assert_ok(crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_int_equal(y.dtype, CRN_FLOAT32);
    assert_true(((const float *)y.data)[0] == 8.5f);
    assert_true(((const float *)y.data)[1] == 154.0f);
    assert_status(CRN_UNSUPPORTED, crn_model_predict(model, CRN_TRANSFORM, &x, &y, &err));
    crn_array_free(&y);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_weights),
        cmocka_unit_test(test_predict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
