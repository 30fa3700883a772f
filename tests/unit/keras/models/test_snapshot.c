/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies of weights and optimizer state. */
#include "test.h"

#include "cornichon/cornichon.h"
#include "keras/models/snapshot.h"

static float *weights_of(const crn_network *network, size_t i)
{
    return crn_network_weight(network, i, NULL)->array.data;
}

static crn_model *fitted(void)
{
    static const float x[2][2] = {{1, 2}, {3, 4}}, y[2] = {1, 0};
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_data data = CRN_DATA_INIT;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    data.x = crn_array_view_2d(x, CRN_FLOAT32, 2, 2);
    data.y = crn_array_view_1d(y, CRN_FLOAT32, 2);
    options.loss = "mse";
    options.optimizer = "SGD(momentum=0.9)";
    options.has_seed = true;
    assert_ok(crn_model_parse("Sequential([Dense(1)])", &model, &err));
    assert_ok(crn_model_fit(model, &data, &options, NULL, &err));
    return model;
}

static void test_weights(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = fitted();
    const crn_network *network = crn_model_network(model);
    crn_snapshot snapshot = CRN_SNAPSHOT_INIT;
    float kernel = weights_of(network, 0)[1], bias = weights_of(network, 1)[0];
    crn_snapshot_restore(&snapshot, network); /* nothing was taken: nothing is done */
    assert_ok(crn_snapshot_take(&snapshot, network, false, &err));
    weights_of(network, 0)[1] = weights_of(network, 1)[0] = 7.0f;
    crn_optimizer_set_learning_rate(network->compiled.optimizer, 0.5);
    crn_snapshot_restore(&snapshot, network);
    assert_true(weights_of(network, 0)[1] == kernel);
    assert_true(weights_of(network, 1)[0] == bias);
    assert_true(crn_optimizer_learning_rate(network->compiled.optimizer) == 0.5);
    weights_of(network, 1)[0] = 8.0f;
    assert_ok(crn_snapshot_take(&snapshot, network, false, &err));
    weights_of(network, 1)[0] = 9.0f;
    crn_snapshot_restore(&snapshot, network);
    assert_true(weights_of(network, 1)[0] == 8.0f);
    crn_snapshot_free(&snapshot);
    crn_model_destroy(model);
}

static void test_optimizer(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = fitted();
    const crn_network *network = crn_model_network(model);
    crn_optimizer *optimizer = network->compiled.optimizer;
    crn_snapshot snapshot = CRN_SNAPSHOT_INIT;
    size_t last = crn_optimizer_variable_count(optimizer) - 1;
    float *momentum = crn_optimizer_variable_at(optimizer, last).array->data;
    float before = *momentum;
    assert_true(before != 0.0f);
    assert_ok(crn_snapshot_take(&snapshot, network, true, &err));
    *momentum = 0.0f;
    crn_optimizer_set_learning_rate(optimizer, 0.5);
    crn_snapshot_restore(&snapshot, network);
    assert_true(*momentum == before);
    assert_true(crn_optimizer_learning_rate(optimizer) == (double)0.01f);
    crn_snapshot_free(&snapshot);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_weights),
                                       cmocka_unit_test(test_optimizer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
