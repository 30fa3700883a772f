/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged configs of Keras models: an error, or a network whose parts agree: it is written in
 * every dialect, described, initialised and planned. */
#include "test.h"

#include "cornichon/cornichon.h"
#include "format/json.h"
#include "keras/models/network.h"
#include "hostile/mutations.h"
#include "unit/keras/models/json_equal.h"

enum { WEIGHT_BYTES = 1 << 20 };

static void use(crn_model *model)
{
    crn_error err = CRN_ERROR_INIT;
    crn_network *network = crn_model_network(model);
    crn_predictor *predictor = NULL;
    char *text = NULL;
    for (int dialect = CRN_KERAS_2; dialect <= CRN_KERAS_NEWEST; dialect++) {
        err = (crn_error)CRN_ERROR_INIT;
        if (crn_network_config(network, model->document, (crn_keras_dialect)dialect, 0, &err) ==
            NULL)
            assert_int_not_equal(err.code, CRN_INTERNAL);
    }
    assert_ok(crn_model_inspect(model, CRN_INSPECT_SUMMARY, &text, &err));
    crn_string_free(text);
    assert_ok(crn_model_inspect(model, CRN_INSPECT_JSON, &text, &err));
    crn_string_free(text);
    err = (crn_error)CRN_ERROR_INIT;
    if (network->built && crn_network_initialize(network, 1, &err) == CRN_OK &&
        crn_predictor_create(model, CRN_PREDICT, NULL, &predictor, &err) != CRN_OK)
        assert_int_not_equal(err.code, CRN_INTERNAL);
    crn_predictor_destroy(predictor);
}

static crn_status read_config(crn_buffer *file, crn_error *err)
{
    crn_document *document = NULL;
    crn_object *record = NULL;
    crn_network *network = NULL;
    crn_model *model = NULL;
    const crn_network_source source = {.weight_bytes = WEIGHT_BYTES};
    CRN_TRY(crn_document_create(NULL, &document, err));
    crn_status status = crn_json_read(document, crn_buffer_data(file), crn_buffer_size(file),
                                      NULL, &record, err);
    if (status == CRN_OK)
        status = crn_network_read(record, document, &source, &network, err);
    if (status == CRN_OK)
        status = crn_network_wrap(network, &model, err);
    if (status == CRN_OK)
        use(model);
    crn_model_destroy(model);
    crn_document_release(document);
    return status;
}

static crn_status read_compilation(crn_buffer *file, crn_error *err)
{
    crn_document *document = NULL;
    crn_object *config = NULL;
    crn_model *model = NULL;
    CRN_TRY(crn_model_parse("Sequential([Input((2,)), Dense(2)])", &model, err));
    crn_network *network = crn_model_network(model);
    crn_status status = crn_document_create(NULL, &document, err);
    if (status == CRN_OK)
        status = crn_json_read(document, crn_buffer_data(file), crn_buffer_size(file), NULL,
                               &config, err);
    if (status == CRN_OK)
        status = crn_network_read_compilation(network, document, config, err);
    for (int dialect = CRN_KERAS_2; dialect <= CRN_KERAS_NEWEST && status == CRN_OK; dialect++)
        assert_non_null(
            crn_network_compile_config(network, document, (crn_keras_dialect)dialect, NULL));
    crn_model_destroy(model);
    crn_document_release(document);
    return status;
}

static void test_configs(void **state)
{
    static const char *const names[] = {"layers", "functional", "sequences"};
    static const char *const suffixes[] = {".json", ".keras2.json"};
    (void)state;
    for (int i = 0; i < 6; i++) {
        char *text = golden_text(names[i / 2], suffixes[i % 2]);
        const size_t size = strlen(text);
        assert_int_equal(attempt(read_config, (const uint8_t *)text, size), CRN_OK);
        assert_int_equal(try_prefixes(read_config, (const uint8_t *)text, size - 2, 97), 0);
        try_mutations(read_config, (const uint8_t *)text, size, 400);
        free(text);
    }
}

static void test_compilations(void **state)
{
    static const char text[] = "{\"optimizer\": {\"module\": \"keras.optimizers\", "
                               "\"class_name\": \"Adam\", \"config\": {\"name\": \"adam\", "
                               "\"learning_rate\": 0.001, \"clipnorm\": 1.0, \"beta_1\": 0.9}, "
                               "\"registered_name\": null}, \"loss\": "
                               "{\"class_name\": \"CategoricalCrossentropy\", \"config\": "
                               "{\"label_smoothing\": 0.1}}, \"metrics\": "
                               "[[\"accuracy\", {\"class_name\": \"MeanMetricWrapper\", "
                               "\"config\": {\"name\": \"m\", \"fn\": "
                               "\"mean_squared_error\"}}]], \"loss_weights\": [1.0]}";
    (void)state;
    assert_int_equal(attempt(read_compilation, (const uint8_t *)text, sizeof text - 1), CRN_OK);
    assert_int_equal(try_prefixes(read_compilation, (const uint8_t *)text, sizeof text - 1, 3),
                     0);
    try_mutations(read_compilation, (const uint8_t *)text, sizeof text - 1, 1500);
}

/* Numbers that are valid JSON and no size for a network. */
static void test_extreme_numbers(void **state)
{
    static const char *const lengths[] = {
        "0", "-1", "1", "2147483648", "9223372036854775807", "4294967297", "1e300"};
    static const char *const layers[] = {
        "{\"class_name\": \"Dense\", \"config\": {\"name\": \"d\", \"units\": %s}}",
        "{\"class_name\": \"Reshape\", \"config\": {\"name\": \"d\", \"target_shape\": [%s, "
        "-1]}}",
        "{\"class_name\": \"Softmax\", \"config\": {\"name\": \"d\", \"axis\": %s}}",
        "{\"class_name\": \"BatchNormalization\", \"config\": {\"name\": \"d\", \"axis\": "
        "[%s]}}",
        "{\"class_name\": \"Flatten\", \"config\": {\"name\": \"d\"}}"};
    enum {
        LENGTHS = sizeof lengths / sizeof *lengths,
        LAYERS = sizeof layers / sizeof *layers
    };
    (void)state;
    for (int i = 0; i < LENGTHS * LENGTHS * LAYERS; i++) {
        char layer[256], json[1024];
        const char *format = layers[i % LAYERS];
        const char *slot = strstr(format, "%s"), *length = lengths[i / LAYERS % LENGTHS];
        const char *width = lengths[i / LAYERS / LENGTHS];
        if (slot != NULL)
            snprintf(layer, sizeof layer, "%.*s%s%s", (int)(slot - format), format, length,
                     slot + 2);
        else
            snprintf(layer, sizeof layer, "%s", format);
        snprintf(json, sizeof json,
                 "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": "
                 "[{\"class_name\": "
                 "\"InputLayer\", \"config\": {\"batch_shape\": [null, %s, %s]}}, %s]}}",
                 length, width, layer);
        attempt(read_config, (const uint8_t *)json, strlen(json));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_configs),
        cmocka_unit_test(test_compilations),
        cmocka_unit_test(test_extreme_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
