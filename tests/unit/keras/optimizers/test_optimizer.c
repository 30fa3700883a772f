/* SPDX-License-Identifier: BSD-3-Clause */
/* Optimizers: configs of Keras 2 and 3, variables in Keras's order, what is refused, and the
 * common parts of a step. Numbers of whole trainings are in test_training_oracles.c. */
#include "test.h"

#include "keras/optimizers/optimizer.h"
#include "unit/keras/golden_keras.h"

enum { WEIGHTS = 2 };

/* Two weights: a (2, 2) kernel of 1 ... 4 and a bias of -1, 1. */
static void make_weights(crn_array *weights)
{
    crn_error err = CRN_ERROR_INIT;
    const int64_t shape[2] = {2, 2};
    assert_ok(crn_array_create(CRN_FLOAT32, 0, 2, shape, &weights[0], &err));
    assert_ok(crn_array_create(CRN_FLOAT32, 0, 1, shape, &weights[1], &err));
    memcpy(weights[0].data, (const float[]){1, 2, 3, 4}, 4 * sizeof(float));
    memcpy(weights[1].data, (const float[]){-1, 1}, 2 * sizeof(float));
}

static crn_optimizer *read_optimizer(crn_document *document, const char *expression)
{
    crn_error err = CRN_ERROR_INIT;
    crn_optimizer *optimizer = NULL;
    assert_ok(crn_optimizer_read(parse(document, expression), document, &optimizer, &err));
    return optimizer;
}

static crn_optimizer *built(crn_document *document, const char *expression, crn_array *weights)
{
    crn_error err = CRN_ERROR_INIT;
    crn_optimizer *optimizer = read_optimizer(document, expression);
    make_weights(weights);
    assert_ok(crn_optimizer_build(optimizer, weights, WEIGHTS, &err));
    return optimizer;
}

static void release(crn_optimizer *optimizer, crn_array *weights, crn_document *document)
{
    crn_optimizer_destroy(optimizer);
    crn_array_free(&weights[0]);
    crn_array_free(&weights[1]);
    crn_document_release(document);
}

/* ---- variables ---- */

static void check_order(const char *expression, const char *const *slots, const int *weights,
                        size_t n)
{
    crn_document *document = new_document();
    crn_array trained[WEIGHTS];
    crn_optimizer *optimizer = built(document, expression, trained);
    assert_int_equal(crn_optimizer_variable_count(optimizer), n);
    for (size_t i = 0; i < n; i++) {
        crn_optimizer_variable v = crn_optimizer_variable_at(optimizer, i);
        assert_string_equal(v.slot, slots[i]);
        assert_int_equal(v.weight, weights[i]);
        if (v.weight >= 0)
            assert_int_equal(crn_array_size(v.array), crn_array_size(&trained[v.weight]));
    }
    assert_null(crn_optimizer_variable_at(optimizer, n).array);
    release(optimizer, trained, document);
}

static void test_variables_stand_in_the_order_of_keras(void **state)
{
    (void)state;
    check_order("SGD()", (const char *const[]){"iteration", "learning_rate"},
                (const int[]){-1, -1}, 2);
    check_order("Adam(amsgrad=True)",
                (const char *const[]){"iteration", "learning_rate", "momentum", "velocity",
                                      "momentum", "velocity", "velocity_hat", "velocity_hat"},
                (const int[]){-1, -1, 0, 0, 1, 1, 0, 1}, 8);
    check_order("RMSprop(momentum=0.5, centered=True)",
                (const char *const[]){"iteration", "learning_rate", "velocity", "velocity",
                                      "momentum", "momentum", "average_gradient",
                                      "average_gradient"},
                (const int[]){-1, -1, 0, 1, 0, 1, 0, 1}, 8);
    check_order("SGD(momentum=0.9, use_ema=True, gradient_accumulation_steps=4)",
                (const char *const[]){"iteration", "learning_rate", "average", "average",
                                      "gradient_accumulator", "gradient_accumulator",
                                      "momentum", "momentum"},
                (const int[]){-1, -1, 0, 1, 0, 1, 0, 1}, 8);
}

static void test_before_build_there_are_two_variables(void **state)
{
    (void)state;
    crn_document *document = new_document();
    crn_optimizer *optimizer = read_optimizer(document, "Adam(0.5)");
    assert_false(crn_optimizer_is_built(optimizer));
    assert_int_equal(crn_optimizer_variable_count(optimizer), 2);
    crn_optimizer_variable iteration = crn_optimizer_variable_at(optimizer, 0);
    crn_optimizer_variable rate = crn_optimizer_variable_at(optimizer, 1);
    assert_int_equal(iteration.array->dtype, CRN_INT64);
    assert_int_equal(iteration.array->ndim, 0);
    assert_true(*(const float *)rate.array->data == 0.5f);
    crn_optimizer_set_learning_rate(optimizer, 0.125);
    assert_true(*(const float *)rate.array->data == 0.125f);
    assert_true(crn_optimizer_learning_rate(optimizer) == 0.125);
    crn_optimizer_destroy(optimizer);
    crn_document_release(document);
}

/* ---- configs ---- */

static crn_optimizer *from_json(crn_document *document, const char *json)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *object = NULL;
    crn_optimizer *optimizer = NULL;
    assert_ok(crn_json_read(document, json, strlen(json), NULL, &object, &err));
    assert_ok(crn_optimizer_read(object, document, &optimizer, &err));
    return optimizer;
}

/* As keras.optimizers.serialize of 3.15, and tf.keras 2.15's for its three generations. */
static void test_records_of_keras_2_and_3(void **state)
{
    (void)state;
    static const char *const records[] = {
        "{\"module\": \"keras.optimizers\", \"class_name\": \"Adam\", \"config\": {\"name\": "
        "\"adam\", "
        "\"learning_rate\": 0.019999999552965164, \"weight_decay\": null, \"clipnorm\": null, "
        "\"global_clipnorm\": null, \"clipvalue\": null, \"use_ema\": false, \"ema_momentum\": "
        "0.99, "
        "\"ema_overwrite_frequency\": null, \"loss_scale_factor\": null, "
        "\"gradient_accumulation_steps\": null, \"beta_1\": 0.9, \"beta_2\": 0.999, "
        "\"epsilon\": 1e-07, "
        "\"amsgrad\": false}, \"registered_name\": null}",
        "{\"class_name\": \"Custom>Adam\", \"config\": {\"name\": \"Adam\", \"weight_decay\": "
        "null, "
        "\"clipnorm\": null, \"global_clipnorm\": null, \"clipvalue\": null, \"use_ema\": "
        "false, "
        "\"ema_momentum\": 0.99, \"ema_overwrite_frequency\": 100, \"jit_compile\": false, "
        "\"is_legacy_optimizer\": false, \"learning_rate\": 0.019999999552965164, \"beta_1\": "
        "0.9, "
        "\"beta_2\": 0.999, \"epsilon\": 1e-07, \"amsgrad\": false}}",
        "{\"class_name\": \"Adam\", \"config\": {\"name\": \"Adam\", \"learning_rate\": "
        "0.019999999552965164, \"decay\": 0.0, \"beta_1\": 0.9, \"beta_2\": 0.999, "
        "\"epsilon\": 1e-07, "
        "\"amsgrad\": false}}",
        "{\"class_name\": \"Adam\", \"config\": {\"lr\": 0.019999999552965164, \"decay\": 0}}"};
    static const char *const names[] = {"adam", "Adam", "Adam", "adam"};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        crn_document *document = new_document();
        crn_optimizer *optimizer = from_json(document, records[i]);
        assert_ptr_equal(crn_optimizer_class_of(optimizer), &crn_optimizer_Adam);
        assert_string_equal(crn_optimizer_name(optimizer), names[i]);
        assert_true(crn_optimizer_learning_rate(optimizer) == (double)0.02f);
        crn_optimizer_destroy(optimizer);
        crn_document_release(document);
    }
}

static void test_what_is_written_is_read_again(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_optimizer *optimizer = read_optimizer(
        document,
        "RMSprop(0.25, rho=0.5, momentum=0.75, centered=True, clipnorm=2.0, use_ema=True)");
    crn_optimizer_set_learning_rate(optimizer, 0.0625);
    crn_object *record = crn_optimizer_write(optimizer, document);
    assert_non_null(record);
    crn_object *config = crn_object_get(record, "config");
    double number;
    assert_true(crn_object_is_str(crn_object_get(record, "module"), "keras.optimizers"));
    assert_true(crn_object_is_str(crn_object_get(record, "class_name"), "RMSprop"));
    assert_true(crn_object_is_none(crn_object_get(record, "registered_name")));
    assert_true(crn_object_is_str(crn_object_get(config, "name"), "rm_sprop"));
    assert_true(crn_object_as_double(crn_object_get(config, "learning_rate"), &number));
    assert_true(number == 0.0625);
    assert_true(crn_object_as_double(crn_object_get(config, "clipnorm"), &number) &&
                number == 2.0);
    assert_true(crn_object_is_none(crn_object_get(config, "weight_decay")));
    assert_null(crn_object_get(config, "decay")); /* Keras 3 has no such key */
    assert_int_equal(crn_object_length(config), 15);

    crn_optimizer *again = NULL;
    assert_ok(crn_optimizer_read(record, document, &again, &err));
    assert_ptr_equal(crn_optimizer_class_of(again), &crn_optimizer_RMSprop);
    assert_true(crn_optimizer_config_of(again)->use_ema);
    crn_optimizer_destroy(again);
    crn_optimizer_destroy(optimizer);
    crn_document_release(document);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *expression;
        crn_status status;
        const char *says;
    } refused[] = {
        {"adm", CRN_NOT_FOUND, "Did you mean 'Adam'?"},
        {"Adam(learning_rat=0.1)", CRN_NOT_FOUND, "learning_rate"},
        {"SGD(momentum=2.0)", CRN_ARGUMENT, "momentum"},
        {"Adam(clipnorm=1.0, clipvalue=1.0)", CRN_ARGUMENT, "Only one of `clipnorm`"},
        {"Adam(clipnorm='big')", CRN_ARGUMENT, "`clipnorm` must be a number"},
        {"Adam(gradient_accumulation_steps=1)", CRN_ARGUMENT, "an integer >= 2"},
        {"Adam(use_ema=True, ema_momentum=1.5)", CRN_ARGUMENT, "ema_momentum"},
        {"Adam(use_ema=True, ema_overwrite_frequency=0)", CRN_ARGUMENT, "an integer >= 1"},
        {"Adam(loss_scale_factor=2.0)", CRN_UNSUPPORTED, "`loss_scale_factor`"},
        {"Adam(ExponentialDecay(0.1, 3, 0.7))", CRN_UNSUPPORTED, "schedules"},
        {"Adam(learning_rate=CosineDecay(0.1, 3))", CRN_UNSUPPORTED, "schedules"},
        {"AdamW(weight_decay=None)", CRN_ARGUMENT, "Argument `weight_decay` must be a float"},
    };
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_optimizer *optimizer = NULL;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        crn_object *object = parse(document, refused[i].expression);
        assert_status(refused[i].status,
                      crn_optimizer_read(object, document, &optimizer, &err));
        assert_says(refused[i].says);
    }
    static const char *const records[] = {
        "{\"class_name\": \"my_package>Adam\", \"config\": {}}",
        "{\"class_name\": \"Adam\", \"config\": {\"decay\": 0.1}}",
        "{\"class_name\": \"Adam\", \"config\": {\"lr\": 1, \"learning_rate\": {}}}",
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        crn_object *object = NULL;
        assert_ok(crn_json_read(document, records[i], strlen(records[i]), NULL, &object, &err));
        assert_status(CRN_UNSUPPORTED, crn_optimizer_read(object, document, &optimizer, &err));
    }
    crn_document_release(document);
}

static void test_building_twice_is_refused(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_array weights[WEIGHTS];
    crn_optimizer *optimizer = built(document, "adam", weights);
    assert_status(CRN_STATE, crn_optimizer_build(optimizer, weights, WEIGHTS, &err));
    release(optimizer, weights, document);
}

/* ---- steps ---- */

static void step(crn_optimizer *optimizer, const float *kernel, const float *bias)
{
    float gradients[2][4] = {{0}};
    memcpy(gradients[0], kernel, 4 * sizeof(float));
    if (bias != NULL)
        memcpy(gradients[1], bias, 2 * sizeof(float));
    crn_optimizer_step(optimizer,
                       (float *const[]){gradients[0], bias != NULL ? gradients[1] : NULL});
}

static void check_weight(const crn_array *weight, const double *want)
{
    for (int64_t i = 0; i < crn_array_size(weight); i++)
        assert_float_equal(crn_array_get(weight, i), want[i], 1e-6);
}

static void test_a_weight_without_gradient_stays(void **state)
{
    (void)state;
    crn_document *document = new_document();
    crn_array weights[WEIGHTS];
    crn_optimizer *optimizer =
        built(document, "SGD(0.5, momentum=0.5, weight_decay=0.1)", weights);
    step(optimizer, (const float[]){1, 0, 0, 0}, NULL);
    check_weight(&weights[0], (const double[]){1 * 0.95 - 0.5, 2 * 0.95, 3 * 0.95, 4 * 0.95});
    check_weight(&weights[1], (const double[]){-1, 1});
    assert_int_equal(*(const int64_t *)crn_optimizer_variable_at(optimizer, 0).array->data, 1);
    release(optimizer, weights, document);
}

static void test_clipping(void **state)
{
    (void)state;
    static const struct {
        const char *expression;
        double kernel[4], bias[2]; /* what is taken off */
    } cases[] = {
        {"SGD(1.0, clipnorm=2.5)", {1.5, 2, 0, 0}, {0, 1}},
        {"SGD(1.0, clipvalue=2.0)", {2, 2, 0, 0}, {0, 1}},
        {"SGD(1.0, global_clipnorm=2.5495098)", {1.5, 2, 0, 0}, {0, 0.5}},
        {"SGD(1.0, clipnorm=100.0)", {3, 4, 0, 0}, {0, 1}},
    };
    static const double kernel[4] = {1, 2, 3, 4}, bias[2] = {-1, 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_document *document = new_document();
        crn_array weights[WEIGHTS];
        double want[4];
        crn_optimizer *optimizer = built(document, cases[i].expression, weights);
        step(optimizer, (const float[]){3, 4, 0, 0}, (const float[]){0, 1});
        for (int k = 0; k < 4; k++)
            want[k] = kernel[k] - cases[i].kernel[k];
        check_weight(&weights[0], want);
        for (int k = 0; k < 2; k++)
            want[k] = bias[k] - cases[i].bias[k];
        check_weight(&weights[1], want);
        release(optimizer, weights, document);
    }
}

static void test_accumulation_updates_with_the_mean(void **state)
{
    (void)state;
    crn_document *document = new_document();
    crn_array weights[WEIGHTS];
    crn_optimizer *optimizer =
        built(document, "SGD(1.0, gradient_accumulation_steps=2)", weights);
    for (int round = 0; round < 2; round++) {
        double done = round * 1.5;
        step(optimizer, (const float[]){1, 1, 1, 1}, (const float[]){0, 0});
        check_weight(&weights[0], (const double[]){1 - done, 2 - done, 3 - done, 4 - done});
        step(optimizer, (const float[]){2, 2, 2, 2}, (const float[]){0, 0});
        done += 1.5;
        check_weight(&weights[0], (const double[]){1 - done, 2 - done, 3 - done, 4 - done});
    }
    assert_int_equal(*(const int64_t *)crn_optimizer_variable_at(optimizer, 0).array->data, 4);
    release(optimizer, weights, document);
}

static void test_averages_replace_the_weights_at_the_end(void **state)
{
    (void)state;
    crn_document *document = new_document();
    crn_array weights[WEIGHTS];
    crn_optimizer *optimizer =
        built(document, "SGD(1.0, use_ema=True, ema_momentum=0.75)", weights);
    step(optimizer, (const float[]){1, 0, 0, 0}, (const float[]){0, 0}); /* average: 0 */
    step(optimizer, (const float[]){4, 0, 0, 0},
         (const float[]){0, 0}); /* 0.75 * 0 + 0.25 * -4 */
    check_weight(&weights[0], (const double[]){-4, 2, 3, 4});
    crn_optimizer_finalize(optimizer);
    check_weight(&weights[0], (const double[]){-1, 2, 3, 4});
    release(optimizer, weights, document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variables_stand_in_the_order_of_keras),
        cmocka_unit_test(test_before_build_there_are_two_variables),
        cmocka_unit_test(test_records_of_keras_2_and_3),
        cmocka_unit_test(test_what_is_written_is_read_again),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_building_twice_is_refused),
        cmocka_unit_test(test_a_weight_without_gradient_stays),
        cmocka_unit_test(test_clipping),
        cmocka_unit_test(test_accumulation_updates_with_the_mean),
        cmocka_unit_test(test_averages_replace_the_weights_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
