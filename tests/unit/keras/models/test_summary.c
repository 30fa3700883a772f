/* SPDX-License-Identifier: BSD-3-Clause */
/* Summaries against those that Keras 3.15 prints (tools/make_keras_configs.py), and the other
 * inspections. */
#include "json_equal.h"

#include "cornichon/cornichon.h"
#include "keras/models/inspect.h"

static crn_model *parse(const char *expression)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_ok(crn_model_parse(expression, &model, &err));
    return model;
}

static void test_summary(void **state)
{
    static const char *const names[] = {"iris", "layers", "images", "sequences", "unbuilt"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *expression = golden_text(names[i], ".txt"),
             *theirs = golden_text(names[i], ".summary");
        crn_model *model = parse(expression);
        crn_text ours = CRN_TEXT_INIT;
        crn_network_summary(crn_model_network(model), &ours);
        assert_string_equal(ours.data, theirs);
        crn_text_free(&ours);
        crn_model_destroy(model);
        free(expression);
        free(theirs);
    }
}

static void assert_inspects(const crn_model *model, crn_inspection what, const char *expected)
{
    crn_error err = CRN_ERROR_INIT;
    char *text = NULL;
    assert_ok(crn_model_inspect(model, what, &text, &err));
    if (strstr(text, expected) == NULL)
        fail_msg("'%s' is not in '%s'", expected, text);
    crn_string_free(text);
}

static void test_what_keras_leaves_out(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model = parse("Sequential([Input((4,)), Dense(2), BatchNormalization()])");
    crn_network *network = crn_model_network(model);
    assert_inspects(model, CRN_INSPECT_SUMMARY, "state:     no weights yet\n");
    assert_ok(crn_network_initialize(network, 1, &err));
    assert_ok(crn_network_compile(
        network, model->document,
        &(crn_fit_options){.loss = "mse", .optimizer = "adam", .metrics = "mae, mape"}, &err));
    assert_inspects(
        model, CRN_INSPECT_SUMMARY,
        " Non-trainable params: 4 (16.00 B)\nlibrary:   Keras\ninput:     (None, 4) float32\n"
        "output:    (None, 2) float32\noptimizer: Adam\nloss:      mean_squared_error\n"
        "metrics:   mae, mape\n");
    assert_inspects(model, CRN_INSPECT_PARAMS,
                    "dense/kernel                             float32 (4, 2)  32 bytes\n");
    assert_inspects(model, CRN_INSPECT_PARAMS, "float32 (2,)  8 bytes  not trainable\n");
    crn_model_destroy(model);
}

/* The optimizer's variables count once they exist, as in Keras: iteration, learning_rate, m and
 * v. */
static void test_optimizer_params(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array *weights = NULL;
    size_t count = 0;
    (void)state;
    crn_model *model = parse("Sequential([Input((4,)), Dense(2)])");
    crn_network *network = crn_model_network(model);
    assert_ok(crn_network_compile(network, model->document,
                                  &(crn_fit_options){.loss = "mse", .optimizer = "adam"},
                                  &err));
    assert_ok(crn_network_trainable(network, &weights, &count, &err));
    assert_int_equal(count, 2);
    assert_ok(crn_optimizer_build(network->compiled.optimizer, weights, count, &err));
    assert_inspects(model, CRN_INSPECT_SUMMARY,
                    " Total params: 32 (132.00 B)\n Trainable params: 10 (40.00 B)\n"
                    " Non-trainable params: 0 (0.00 B)\n Optimizer params: 22 (92.00 B)\n");
    for (size_t i = 0; i < count; i++)
        crn_array_free(&weights[i]);
    free(weights);
    crn_model_destroy(model);
}

static void test_json(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_object *json = NULL;
    char *text = NULL;
    int64_t number;
    (void)state;
    crn_model *model =
        parse("Sequential([Input((4,)), Dense(2, activation='relu')], name='small')");
    assert_ok(crn_model_inspect(model, CRN_INSPECT_JSON, &text, &err));
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_json_read(document, text, strlen(text), NULL, &json, &err));
    assert_true(crn_object_is_str(crn_object_get(json, "class"), "Sequential"));
    assert_true(crn_object_is_str(crn_object_get(json, "library"), "Keras"));
    assert_true(crn_object_is_str(crn_object_get(json, "name"), "small"));
    assert_true(crn_object_as_int(crn_object_get(json, "features"), &number) && number == 4);
    crn_object *layer = crn_object_item(crn_object_get(json, "layers"), 1);
    assert_true(crn_object_is_str(crn_object_get(layer, "class"), "Dense"));
    assert_true(crn_object_as_int(crn_object_get(layer, "params"), &number) && number == 10);
    crn_object *kernel = crn_object_item(crn_object_get(layer, "weights"), 0);
    assert_true(crn_object_is_str(crn_object_get(kernel, "name"), "kernel"));
    assert_int_equal(crn_object_length(crn_object_get(kernel, "shape")), 2);
    crn_document_release(document);
    crn_string_free(text);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_what_keras_leaves_out),
        cmocka_unit_test(test_optimizer_params),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
