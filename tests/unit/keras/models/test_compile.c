/* SPDX-License-Identifier: BSD-3-Clause */
/* compile(): from options, from what Keras 2.4, 2.10, 2.15, 3.0 and 3.15 wrote, and written for
 * each. */
#include "json_equal.h"

#include "cornichon/cornichon.h"
#include "keras/models/network.h"

static crn_model *new_model(void)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_ok(crn_model_parse("Sequential([Input((4,)), Dense(3, activation='softmax')])",
                              &model, &err));
    return model;
}

static crn_object *json(crn_document *document, const char *text)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *object = NULL;
    assert_ok(crn_json_read(document, text, strlen(text), NULL, &object, &err));
    return object;
}

static crn_status compile(crn_model *model, const crn_fit_options *options, crn_error *err)
{
    return crn_network_compile(crn_model_network(model), model->document, options, err);
}

static crn_status read(crn_model *model, const char *text, crn_error *err)
{
    return crn_network_read_compilation(crn_model_network(model), model->document,
                                        json(model->document, text), err);
}

static const char *optimizer_of(const crn_compilation *compiled)
{
    return crn_optimizer_class_of(compiled->optimizer)->base.name;
}

/* ---- options ---- */

static void test_options(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model = new_model();
    const crn_compilation *compiled = &crn_model_network(model)->compiled;
    assert_status(CRN_STATE, compile(model, &(crn_fit_options){.optimizer = "adam"}, &err));
    assert_string_equal(err.message,
                        "No loss to compute. Provide a `loss` argument in `compile()`.");
    assert_null(compiled->optimizer);
    assert_ok(compile(
        model,
        &(crn_fit_options){.loss = "mse", .metrics = "mae, BinaryAccuracy(threshold=0.3)"},
        &err));
    assert_string_equal(optimizer_of(compiled), "RMSprop"); /* compile()'s own default */
    assert_string_equal(compiled->loss.cls->function, "mean_squared_error");
    assert_int_equal(compiled->metric_count, 2);
    assert_string_equal(crn_metric_name(compiled->metrics[0]), "mae");
    assert_string_equal(crn_metric_name(compiled->metrics[1]), "binary_accuracy");
    crn_model_destroy(model);
}

/* What the options leave out stays; what cannot be read changes nothing. */
static void test_options_over_what_is_there(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model = new_model();
    const crn_compilation *compiled = &crn_model_network(model)->compiled;
    assert_ok(compile(model,
                      &(crn_fit_options){.optimizer = "SGD(learning_rate=0.5)",
                                         .loss = "mse",
                                         .metrics = "mae"},
                      &err));
    const crn_optimizer *optimizer = compiled->optimizer;
    assert_ok(compile(
        model, &(crn_fit_options){.loss = "SparseCategoricalCrossentropy(from_logits=True)"},
        &err));
    assert_ptr_equal(compiled->optimizer, optimizer);
    assert_true(crn_optimizer_learning_rate(optimizer) == 0.5);
    assert_true(compiled->loss.attributes.from_logits);
    assert_int_equal(compiled->metric_count, 1);
    assert_status(
        CRN_NOT_FOUND,
        compile(model, &(crn_fit_options){.loss = "poisson", .metrics = "mae,accurady"}, &err));
    assert_status(CRN_NOT_FOUND, compile(model, &(crn_fit_options){.optimizer = "adm"}, &err));
    assert_non_null(strstr(err.message, "Adam"));
    assert_string_equal(compiled->loss.cls->function, "sparse_categorical_crossentropy");
    assert_int_equal(compiled->metric_count, 1);
    assert_ok(compile(model, &(crn_fit_options){.metrics = "accuracy"}, &err));
    assert_string_equal(crn_metric_name(compiled->metrics[0]), "accuracy");
    crn_model_destroy(model);
}

static void test_where_an_option_is_wrong(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model = new_model();
    assert_status(CRN_FORMAT,
                  compile(model, &(crn_fit_options){.loss = "mse", .metrics = "mae,)"}, &err));
    assert_string_equal(err.where, "metrics");
    assert_int_equal(err.offset, 4);
    assert_status(CRN_FORMAT, compile(model, &(crn_fit_options){.loss = "mse("}, &err));
    assert_string_equal(err.where, "loss");
    crn_model_destroy(model);
}

/* ---- read ---- */

typedef struct saved {
    const char *text, *optimizer, *loss;
    double learning_rate;
    const char *metric; /* NULL: none */
} saved;

static const saved files[] = {
    /* Keras 2.4 and 2.10 */
    {"{\"loss\": \"sparse_categorical_crossentropy\", \"metrics\": [[{\"class_name\": "
     "\"MeanMetricWrapper\", "
     "\"config\": {\"name\": \"accuracy\", \"dtype\": \"float32\", \"fn\": "
     "\"sparse_categorical_accuracy\"}}]], "
     "\"weighted_metrics\": null, \"loss_weights\": null, \"optimizer_config\": "
     "{\"class_name\": \"Adam\", "
     "\"config\": {\"name\": \"Adam\", \"learning_rate\": 0.0010000000474974513, \"decay\": "
     "0.0, \"beta_1\": "
     "0.8999999761581421, \"beta_2\": 0.9990000128746033, \"epsilon\": 1e-07, \"amsgrad\": "
     "false}}}",
     "Adam", "sparse_categorical_crossentropy", 0.001, "accuracy"},
    /* Keras 2.15, .h5 */
    {"{\"loss\": \"binary_crossentropy\", \"metrics\": null, \"weighted_metrics\": null, "
     "\"loss_weights\": null, "
     "\"optimizer_config\": {\"class_name\": \"Custom>Adam\", \"config\": {\"name\": \"Adam\", "
     "\"weight_decay\": "
     "null, \"clipnorm\": null, \"global_clipnorm\": null, \"clipvalue\": null, \"use_ema\": "
     "false, "
     "\"ema_momentum\": 0.99, \"ema_overwrite_frequency\": null, \"jit_compile\": false, "
     "\"is_legacy_optimizer\": "
     "false, \"learning_rate\": 0.009999999776482582, \"beta_1\": 0.9, \"beta_2\": 0.999, "
     "\"epsilon\": 1e-07, "
     "\"amsgrad\": false}}}",
     "Adam", "binary_crossentropy", 0.01, NULL},
    /* Keras 2.15, .keras: names as they were given */
    {"{\"optimizer\": \"adam\", \"loss\": \"mse\", \"metrics\": [\"mae\"], \"loss_weights\": "
     "null, "
     "\"weighted_metrics\": null, \"run_eagerly\": null, \"steps_per_execution\": null, "
     "\"jit_compile\": null}",
     "Adam", "mean_squared_error", 0.001, "mae"},
    /* Keras 3 */
    {"{\"optimizer\": {\"module\": \"keras.optimizers\", \"class_name\": \"SGD\", \"config\": "
     "{\"name\": \"sgd\", "
     "\"learning_rate\": 0.10000000149011612, \"momentum\": 0.9, \"nesterov\": false}, "
     "\"registered_name\": null}, "
     "\"loss\": {\"module\": \"keras.losses\", \"class_name\": "
     "\"SparseCategoricalCrossentropy\", \"config\": "
     "{\"name\": \"sparse_categorical_crossentropy\", \"reduction\": \"sum_over_batch_size\", "
     "\"from_logits\": true, "
     "\"ignore_class\": null}, \"registered_name\": null}, \"loss_weights\": null, "
     "\"metrics\": [{\"module\": "
     "\"keras.metrics\", \"class_name\": \"BinaryAccuracy\", \"config\": {\"name\": "
     "\"binary_accuracy\", \"dtype\": "
     "\"float32\", \"threshold\": 0.3}, \"registered_name\": null}], \"weighted_metrics\": "
     "null}",
     "SGD", "sparse_categorical_crossentropy", 0.1, "binary_accuracy"},
    /* Keras 3.0 left the optimizer out where it was given by name: compile()'s default holds,
       as when it reads it */
    {"{\"loss\": \"mse\", \"metrics\": {\"dense\": [\"mae\"]}, \"loss_weights\": [1.0]}",
     "RMSprop", "mean_squared_error", 0.001, "mae"},
    {"{\"loss\": {\"dense\": \"mse\"}, \"metrics\": [[\"mae\"]]}", "RMSprop",
     "mean_squared_error", 0.001, "mae"},
};

static void test_what_keras_wrote(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        crn_model *model = new_model();
        const crn_compilation *compiled = &crn_model_network(model)->compiled;
        assert_ok(read(model, files[i].text, &err));
        assert_string_equal(optimizer_of(compiled), files[i].optimizer);
        assert_string_equal(compiled->loss.cls->function, files[i].loss);
        assert_true(json_numbers_equal(crn_optimizer_learning_rate(compiled->optimizer),
                                       files[i].learning_rate));
        assert_int_equal(compiled->metric_count, files[i].metric != NULL);
        if (files[i].metric != NULL)
            assert_string_equal(crn_metric_name(compiled->metrics[0]), files[i].metric);
        crn_model_destroy(model);
    }
}

static void test_not_compiled(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model = new_model();
    const crn_compilation *compiled = &crn_model_network(model)->compiled;
    static const char *const nothing[] = {"{}", "{\"loss\": null, \"metrics\": [\"mae\"]}"};
    for (size_t i = 0; i < 2; i++) {
        assert_ok(read(model, nothing[i], &err));
        assert_null(compiled->loss.cls);
        assert_null(compiled->optimizer);
    }
    static const char *const refused[] = {
        "{\"loss\": \"my_loss\"}",
        "{\"loss\": \"mse\", \"weighted_metrics\": [\"mae\"]}",
        "{\"loss\": \"mse\", \"loss_weights\": [0.5]}",
        "{\"loss\": [\"mse\", \"mae\"]}",
        "{\"loss\": \"mse\", \"optimizer\": {\"class_name\": \"mine>Adam\", \"config\": {}}}",
        "{\"loss\": \"mse\", \"metrics\": [{\"class_name\": \"Mine\", \"config\": {}}]}"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        err = (crn_error)CRN_ERROR_INIT;
        assert_int_not_equal(read(model, refused[i], &err), CRN_OK);
        assert_true(err.message[0] != '\0');
        assert_null(compiled->loss.cls);
        assert_null(compiled->optimizer);
    }
    crn_model_destroy(model);
}

/* ---- written ---- */

static crn_object *written(crn_model *model, crn_keras_dialect dialect)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *config =
        crn_network_compile_config(crn_model_network(model), model->document, dialect, &err);
    assert_non_null(config);
    return config;
}

/* compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]) of
 * Keras 3.15 */
static const char keras_3[] =
    "{\"optimizer\": {\"module\": \"keras.optimizers\", \"class_name\": \"Adam\", \"config\": "
    "{\"name\": \"adam\", "
    "\"learning_rate\": 0.0010000000474974513, \"weight_decay\": null, \"clipnorm\": null, "
    "\"global_clipnorm\": "
    "null, \"clipvalue\": null, \"use_ema\": false, \"ema_momentum\": 0.99, "
    "\"ema_overwrite_frequency\": null, "
    "\"loss_scale_factor\": null, \"gradient_accumulation_steps\": null, \"beta_1\": 0.9, "
    "\"beta_2\": 0.999, "
    "\"epsilon\": 1e-07, \"amsgrad\": false}, \"registered_name\": null}, \"loss\": "
    "\"sparse_categorical_crossentropy\", \"loss_weights\": null, \"metrics\": [\"accuracy\"], "
    "\"weighted_metrics\": null, \"run_eagerly\": false, \"steps_per_execution\": 1, "
    "\"jit_compile\": false}";

/* What the optimizers of Keras 2.4 to 2.15 take under "Adam". */
static const char keras_2[] =
    "{\"class_name\": \"Adam\", \"config\": {\"name\": \"Adam\", \"learning_rate\": "
    "0.0010000000474974513, "
    "\"beta_1\": 0.9, \"beta_2\": 0.999, \"epsilon\": 1e-07, \"amsgrad\": false}}";

static void test_written(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model = new_model();
    assert_true(crn_object_is_none(written(model, CRN_KERAS_2)));
    assert_true(crn_object_is_none(written(model, CRN_KERAS_3)));
    assert_int_equal(crn_object_length(written(model, CRN_KERAS_NEWEST)), 0);
    assert_ok(compile(model,
                      &(crn_fit_options){.optimizer = "adam",
                                         .loss = "sparse_categorical_crossentropy",
                                         .metrics = "accuracy"},
                      &err));
    assert_true(json_equal(written(model, CRN_KERAS_NEWEST), json(model->document, keras_3)));
    assert_true(json_equal(written(model, CRN_KERAS_3), json(model->document, keras_3)));
    crn_object *old = written(model, CRN_KERAS_2);
    assert_true(
        json_equal(crn_object_get(old, "optimizer_config"), json(model->document, keras_2)));
    assert_true(
        crn_object_is_str(crn_object_get(old, "loss"), "sparse_categorical_crossentropy"));
    crn_model_destroy(model);
}

/* Options of the newer optimizers need those of Keras 2.11. */
static void test_modern_optimizers(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    bool legacy = true;
    (void)state;
    crn_model *model = new_model();
    assert_ok(compile(model,
                      &(crn_fit_options){.optimizer = "AdamW(weight_decay=0.01)",
                                         .loss = "mse",
                                         .metrics = "mae"},
                      &err));
    crn_object *old = written(model, CRN_KERAS_2);
    crn_object *config = crn_object_get(crn_object_get(old, "optimizer_config"), "config");
    assert_true(crn_object_as_bool(crn_object_get(config, "is_legacy_optimizer"), &legacy) &&
                !legacy);
    assert_non_null(crn_object_get(config, "weight_decay"));
    assert_null(crn_object_get(config, "gradient_accumulation_steps"));
    assert_true(crn_object_is_str(crn_object_item(crn_object_get(old, "metrics"), 0),
                                  "mean_absolute_error"));
    crn_model_destroy(model);
}

/* What is written is read back as the same, in every dialect. */
static void test_round_trip(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    for (int dialect = CRN_KERAS_2; dialect <= CRN_KERAS_NEWEST; dialect++) {
        crn_model *model = new_model();
        crn_network *network = crn_model_network(model);
        assert_ok(
            compile(model,
                    &(crn_fit_options){.optimizer = "SGD(0.25, momentum=0.5, clipnorm=2.0)",
                                       .loss = "CategoricalCrossentropy(label_smoothing=0.25)",
                                       .metrics = "TopKCategoricalAccuracy(k=2), mae"},
                    &err));
        const crn_object *config = written(model, (crn_keras_dialect)dialect);
        assert_ok(crn_network_read_compilation(network, model->document, config, &err));
        assert_string_equal(optimizer_of(&network->compiled), "SGD");
        assert_true(crn_optimizer_learning_rate(network->compiled.optimizer) == 0.25);
        assert_true(network->compiled.loss.attributes.label_smoothing == 0.25f);
        assert_int_equal(network->compiled.metric_count, 2);
        assert_string_equal(crn_metric_name(network->compiled.metrics[0]),
                            "top_k_categorical_accuracy");
        crn_model_destroy(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_options_over_what_is_there),
        cmocka_unit_test(test_where_an_option_is_wrong),
        cmocka_unit_test(test_what_keras_wrote),
        cmocka_unit_test(test_not_compiled),
        cmocka_unit_test(test_written),
        cmocka_unit_test(test_modern_optimizers),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
