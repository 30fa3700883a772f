/* SPDX-License-Identifier: BSD-3-Clause */
/* Dropout: nothing when it predicts, zeros and larger numbers while it trains. */
#include "unit/keras/layers/run_layer.h"

#include "plan/trainer.h"

static const double x[] = {-3, -1, -0.5, 0, 0.25, 1, 2, 7};

static void test_inference(void **state)
{
    (void)state;
    expect_layer("(4,)", "Dropout(0.5)", x, x);
    expect_layer("(4,)", "Dropout(0.5, noise_shape=(1, 4), seed=3)", x, x);
}

enum { ROWS = 1000, WIDTH = 4 };

/* Rows of ones through the layer as it trains. */
static crn_status train(const char *layer, float *out, crn_error *err)
{
    crn_graph *graph = NULL;
    crn_trainer *trainer = NULL;
    crn_lowering lowering;
    crn_value in, y;
    float rows[ROWS * WIDTH];
    crn_model *model = new_sequential("(4,)", layer);
    const crn_network *network = crn_model_network(model);
    for (int i = 0; i < ROWS * WIDTH; i++)
        rows[i] = 1.0f;
    assert_int_equal(crn_graph_create(&graph, err), CRN_OK);
    in = crn_graph_input(graph, "x", crn_network_input_type(network, 0));
    assert_int_equal(crn_lowering_begin(network, graph, true, &lowering, err), CRN_OK);
    assert_true(graph->training);
    crn_status status = crn_network_lower(network, &lowering, &in, NULL, &y, NULL, err);
    if (status == CRN_OK) {
        assert_int_equal(crn_trainer_create(graph, crn_penalty(graph, y, 1.0f, 0.0f), ROWS, 7,
                                            NULL, &trainer, err),
                         CRN_OK);
        crn_trainer_forward(trainer, (const void *const[]){rows}, ROWS);
        memcpy(out, crn_trainer_value(trainer, y), sizeof rows);
    }
    crn_trainer_destroy(trainer);
    crn_lowering_free(&lowering);
    crn_graph_destroy(graph);
    crn_model_destroy(model);
    return status;
}

static void test_training(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    static float out[ROWS * WIDTH];
    int dropped = 0;
    (void)state;
    assert_ok(train("Dropout(0.25)", out, &err));
    for (int i = 0; i < ROWS * WIDTH; i++) {
        assert_true(out[i] == 0.0f || fabsf(out[i] - 1.0f / 0.75f) < 1e-6f);
        dropped += out[i] == 0.0f;
    }
    assert_true(dropped > 850 && dropped < 1150); /* 1000 expected, standard deviation 27 */
    assert_ok(train("Dropout(0.0)", out, &err));
    assert_true(out[0] == 1.0f);
    assert_status(CRN_UNSUPPORTED, train("Dropout(0.25, noise_shape=(1, 4))", out, &err));
    assert_non_null(strstr(err.message, "noise_shape"));
}

static void test_refused(void **state)
{
    (void)state;
    refuse_record("{\"class_name\": \"Dropout\", \"config\": {\"rate\": 1.5}}", CRN_ARGUMENT,
                  "Invalid value received for argument `rate`. Expected a float value between "
                  "0 and 1. Received: "
                  "rate=1.5");
    refuse_record("{\"class_name\": \"Dropout\", \"config\": {\"rate\": NaN}}", CRN_ARGUMENT,
                  "`rate`");
    refuse_record("{\"class_name\": \"Dropout\", \"config\": {\"rate\": \"much\"}}", CRN_FORMAT,
                  "expected a float");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inference),
        cmocka_unit_test(test_training),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
