/* SPDX-License-Identifier: BSD-3-Clause */
/* BatchNormalization against Keras 3.15 and 2.15: predicting, and the moving averages of a step
 * of training. */
#include "unit/keras/layers/run_layer.h"

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "plan/trainer.h"

static const double x[] = {-3, -1, -0.5, 0, 0.25, 1, 2, 7};
static const double full[] = {
    -2.74959397315979,   -2.968378782272339, -0.24990630149841309, -6.936757564544678, 0.5,
    -10.905136108398438, 2.249781370162964,  -34.71540832519531};

static void test_inference(void **state)
{
    (void)state;
    crn_model *model = new_sequential("(2,)", "BatchNormalization()");
    set_weights(model, (const float[]){2, -1, 0.5f, 1, 0.25f, -2, 4, 0.0625f});
    expect_output(model, x, COUNT(x), full, COUNT(full));
    model = new_sequential("(2, 2)", "BatchNormalization(axis=[2])");
    set_weights(model, (const float[]){2, -1, 0.5f, 1, 0.25f, -2, 4, 0.0625f});
    expect_output(model, x, COUNT(x), full, COUNT(full));
}

static void test_without_scale_or_center(void **state)
{
    (void)state;
    const double no_scale[] = {-1.0320647954940796,
                               2.3333334922790527,
                               0.1464465856552124,
                               3.6666667461395264,
                               0.5,
                               5.0,
                               1.3249579668045044,
                               13.000000953674316};
    const double no_center[] = {
        -3.24959397315979,   -3.968378782272339, -0.7499063014984131, -7.936757564544678, 0,
        -11.905136108398438, 1.7497813701629639, -35.71540832519531};
    crn_model *model = new_sequential("(2,)", "BatchNormalization(scale=False, epsilon=0.5)");
    assert_int_equal(layer_of(model)->weight_count, 3);
    set_weights(model, (const float[]){0.5f, 1, 0.25f, -2, 4, 0.0625f});
    expect_output(model, x, COUNT(x), no_scale, COUNT(no_scale));
    model = new_sequential("(2,)", "BatchNormalization(center=False)");
    set_weights(model, (const float[]){2, -1, 0.25f, -2, 4, 0.0625f});
    expect_output(model, x, COUNT(x), no_center, COUNT(no_center));
}

/* One step of training on x, with momentum 0.5; the moving averages begin at 0 and 1. */
static void train_once(crn_model *model, float *moving)
{
    crn_error err = CRN_ERROR_INIT;
    crn_graph *graph = NULL;
    crn_trainer *trainer = NULL;
    crn_lowering lowering;
    crn_value in, out;
    const crn_network *network = crn_model_network(model);
    set_weights(model, (const float[]){1, 1, 0, 0, 0, 0, 1, 1});
    assert_ok(crn_graph_create(&graph, &err));
    in = crn_graph_input(graph, "x", crn_network_input_type(network, 0));
    assert_ok(crn_lowering_begin(network, graph, true, &lowering, &err));
    assert_ok(crn_network_lower(network, &lowering, &in, NULL, &out, NULL, &err));
    crn_value loss = crn_penalty(graph, out, 0.0f, 1.0f);
    assert_ok(crn_trainer_create(graph, loss, 8, 0, NULL, &trainer, &err));
    float rows[8];
    for (int i = 0; i < 8; i++)
        rows[i] = (float)x[i];
    crn_trainer_forward(trainer, (const void *const[]){rows},
                        8 / crn_type_size(crn_network_input_type(network, 0)));
    crn_trainer_update(trainer);
    for (int i = 0; i < 2; i++)
        memcpy(moving + 2 * i, crn_network_weight(network, (size_t)(2 + i), NULL)->array.data,
               2 * sizeof *moving);
    crn_trainer_destroy(trainer);
    crn_lowering_free(&lowering);
    crn_graph_destroy(graph);
}

static void expect_moving(const char *shape, int keras, const double *want)
{
    float moving[4];
    double got[4];
    crn_model *model = new_sequential(shape, "BatchNormalization(momentum=0.5)");
    layer_of(model)->keras = keras;
    train_once(model, moving);
    for (int i = 0; i < 4; i++)
        got[i] = (double)moving[i];
    assert_close(got, want, 4, 1e-6, 0);
    crn_model_destroy(model);
}

/* Keras 2 takes the sample variance for images: its fused kernel. */
static void test_moving_averages(void **state)
{
    (void)state;
    const double population[] = {-0.15625, 0.875, 2.115234375, 5.34375};
    const double sample[] = {-0.15625, 0.875, 2.6536459922790527, 6.958333492279053};
    expect_moving("(2,)", 3, population);
    expect_moving("(2, 1, 2)", 3, population);
    expect_moving("(2,)", 2, population);
    expect_moving("(2, 1, 2)", 2, sample);
}

/* A layer that is not trainable runs as it predicts. */
static void test_frozen(void **state)
{
    float moving[4];
    (void)state;
    crn_model *model =
        new_sequential("(2,)", "BatchNormalization(momentum=0.5, trainable=False)");
    train_once(model, moving);
    for (int i = 0; i < 4; i++)
        assert_true(moving[i] == (i < 2 ? 0.0f : 1.0f));
    crn_model_destroy(model);
}

static void test_refused(void **state)
{
    (void)state;
    refuse_model("Sequential([Input((3, 4)), BatchNormalization(axis=0)])", CRN_UNSUPPORTED,
                 "Axis 0 is out of bounds for input shape (None, 3, 4)");
    refuse_model("Sequential([Input((4,)), BatchNormalization(axis=5)])", CRN_ARGUMENT,
                 "Axis 5 is out of bounds");
    refuse_model(
        "Sequential([Input((None,)), BatchNormalization()])", CRN_SHAPE,
        "The last dimension of the inputs to layer \"batch_normalization\" should be defined");
    refuse_record("{\"class_name\": \"BatchNormalization\", \"config\": {\"epsilon\": -1.0}}",
                  CRN_ARGUMENT, "epsilon");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inference),       cmocka_unit_test(test_without_scale_or_center),
        cmocka_unit_test(test_moving_averages), cmocka_unit_test(test_frozen),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
