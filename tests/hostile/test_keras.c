/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged Keras files: every prefix, and thousands of seeded changes of small files of each
 * kind. What loads all the same is consistent: it predicts, and it can be saved. */
#include "test.h"

#include "base/file.h"
#include "cornichon/cornichon.h"
#include "hostile/mutations.h"
#include "keras/models/network.h"
#include "keras/saving/saving.h"

static void ignore(void *context, const char *message)
{
    assert_non_null(message);
    ++*(int *)context;
}

static crn_status save(const crn_model *model, const char *format)
{
    crn_error err = CRN_ERROR_INIT;
    crn_text bytes = CRN_TEXT_INIT;
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    options.format = format;
    crn_status status = crn_keras_save(model, &options, &bytes, &err);
    crn_text_free(&bytes);
    assert_int_not_equal(status, CRN_INTERNAL);
    return status;
}

/* One row of zeros, where the model tells the width of a row. */
static void predict(const crn_model *model)
{
    static const float zeros[64] = {0};
    crn_error err = CRN_ERROR_INIT;
    const int64_t columns = crn_model_features(model);
    crn_array y = CRN_ARRAY_INIT;
    if (columns < 0 || columns > 64)
        return;
    const crn_array x = crn_array_view_2d(zeros, CRN_FLOAT32, 1, columns);
    crn_status status = crn_model_predict(model, CRN_PREDICT, &x, &y, &err);
    assert_int_not_equal(status, CRN_INTERNAL);
    if (status == CRN_OK)
        assert_int_equal(y.shape[0], 1);
    crn_array_free(&y);
}

static void use(const crn_model *model)
{
    static const char *const formats[] = {"keras", "h5"};
    predict(model);
    for (size_t i = 0; i < 2; i++)
        (void)save(model, formats[i]);
}

static crn_load_options bounded(int *warnings, const crn_limits *limits)
{
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    options.limits = limits;
    options.warning = ignore;
    options.warning_context = warnings;
    return options;
}

static crn_status load(crn_buffer *file, crn_error *err)
{
    int warnings = 0;
    crn_limits limits = CRN_LIMITS_INIT;
    crn_model *model = NULL;
    limits.inflated_bytes = 1 << 20;
    limits.memory_bytes = 16 << 20;
    const crn_load_options options = bounded(&warnings, &limits);
    CRN_TRY(crn_keras_load(file, NULL, &options, &model, err));
    use(model);
    crn_model_destroy(model);
    return CRN_OK;
}

/* Weights into a network that is there: on failure it is as it was. */
static crn_model *target;

static crn_status load_weights(crn_buffer *file, crn_error *err)
{
    int warnings = 0;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.inflated_bytes = 1 << 20;
    crn_network *network = crn_model_network(target);
    const crn_load_options options = bounded(&warnings, &limits);
    CRN_TRY(crn_network_own_weights(network, err)); /* it is written into */
    float *first = crn_network_weight(network, 0, NULL)->array.data;
    *first = 42.0f;
    crn_status status = crn_keras_load_weights(network, file, &options, err);
    if (status != CRN_OK)
        assert_true(*first == 42.0f);
    return status;
}

static crn_buffer *golden(const char *name)
{
    char path[512];
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = NULL;
    snprintf(path, sizeof path, "%s/keras/%s", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path, 0, &file, &err));
    return file;
}

static const char *const models[] = {"tf2.4/LeakyReLU.h5",
                                     "tf2.10/BatchNormalization.h5",
                                     "k3.0/BatchNormalization.keras",
                                     "k3.15/Dense_relu_softmax.keras",
                                     "state/tf2.10/opt_sgd_momentum.h5",
                                     "state/tf2.15/opt_sgd.keras"};

static void test_prefixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        crn_buffer *file = golden(models[i]);
        const size_t good = try_prefixes(load, crn_buffer_data(file), crn_buffer_size(file), 1);
        assert_int_equal(good, 0);
        crn_buffer_release(file);
    }
}

static void test_mutations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        crn_buffer *file = golden(models[i]);
        try_mutations(load, crn_buffer_data(file), crn_buffer_size(file), 1000);
        crn_buffer_release(file);
    }
}

static void test_weights(void **state)
{
    (void)state;
    static const char *const names[] = {"k3.15/BatchNormalization.weights.h5",
                                        "k3.15/BatchNormalization.wl.h5"};
    crn_error err = CRN_ERROR_INIT;
    char path[512];
    snprintf(path, sizeof path, "%s/keras/k3.15/BatchNormalization.keras", CRN_GOLDEN_DIR);
    assert_ok(crn_model_load(path, NULL, &target, &err));
    for (size_t i = 0; i < 2; i++) {
        crn_buffer *file = golden(names[i]);
        const size_t size = crn_buffer_size(file);
        assert_int_equal(attempt(load_weights, crn_buffer_data(file), size), CRN_OK);
        assert_int_equal(try_prefixes(load_weights, crn_buffer_data(file), size, 1), 0);
        try_mutations(load_weights, crn_buffer_data(file), size, 1000);
        crn_buffer_release(file);
    }
    crn_model_destroy(target);
}

/* The config alone, where changes hit what the models are made of. */
static void test_json(void **state)
{
    (void)state;
    static const char *const names[] = {"k3.15/Dense_relu_softmax.keras", "tf2.4/seed_iris.h5"};
    for (size_t i = 0; i < 2; i++) {
        char path[512];
        crn_error err = CRN_ERROR_INIT;
        crn_model *model = NULL;
        crn_text json = CRN_TEXT_INIT;
        crn_save_options options = CRN_SAVE_OPTIONS_INIT;
        snprintf(path, sizeof path, "%s/keras/%s", CRN_GOLDEN_DIR, names[i]);
        assert_ok(crn_model_load(path, NULL, &model, &err));
        options.format = "json";
        assert_ok(crn_keras_save(model, &options, &json, &err));
        try_prefixes(load, (const uint8_t *)json.data, json.size, 1);
        try_mutations(load, (const uint8_t *)json.data, json.size, 3000);
        crn_text_free(&json);
        crn_model_destroy(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
