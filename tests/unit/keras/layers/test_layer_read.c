/* SPDX-License-Identifier: BSD-3-Clause */
/* Layer records: spellings of all versions are taken, code and what is not known are refused by
 * name. */
#include "unit/keras/layers/run_layer.h"

static void accept_record(const char *json, const char *class_name)
{
    crn_error err = CRN_ERROR_INIT;
    crn_layer *layer = NULL;
    assert_ok(read_layer_record(json, &layer, &err));
    assert_string_equal(layer->type->base.name, class_name);
    assert_string_equal(layer->name, "d");
    crn_layer_destroy(layer);
}

static void test_spellings(void **state)
{
    (void)state;
    /* Keras 3.15 */
    accept_record(
        "{\"module\": \"keras.layers\", \"class_name\": \"Dense\", \"config\": {\"name\": "
        "\"d\", "
        "\"trainable\": true, \"dtype\": {\"module\": \"keras\", \"class_name\": "
        "\"DTypePolicy\", \"config\": "
        "{\"name\": \"float32\"}, \"registered_name\": null, \"shared_object_id\": "
        "140194093626576}, \"units\": "
        "3, \"activation\": \"relu\", \"use_bias\": true, \"kernel_initializer\": {\"module\": "
        "\"keras.initializers\", \"class_name\": \"GlorotUniform\", \"config\": {\"seed\": "
        "null, \"input_axes\": "
        "null, \"output_axes\": null}, \"registered_name\": null}, \"quantization_config\": "
        "null}, "
        "\"registered_name\": null, \"build_config\": {\"input_shape\": [null, 4]}}",
        "Dense");
    /* Keras 2.13 wrote internal modules, 2.4 none; options that change nothing are passed over
     */
    accept_record("{\"module\": \"keras.src.layers.core.dense\", \"class_name\": \"Dense\", "
                  "\"config\": {\"name\": "
                  "\"d\", \"units\": 3}}",
                  "Dense");
    accept_record("{\"class_name\": \"Dense\", \"config\": {\"name\": \"d\", \"units\": 3, "
                  "\"batch_input_shape\": "
                  "[null, 4], \"dtype\": \"float32\", \"activity_regularizer\": null, "
                  "\"experimental_thing\": 7, "
                  "\"some_option\": null, \"other_option\": false}}",
                  "Dense");
    accept_record("{\"class_name\": \"BatchNormalization\", \"config\": {\"name\": \"d\", "
                  "\"axis\": [1], \"fused\": true, "
                  "\"renorm\": false}}",
                  "BatchNormalization");
}

static void test_foreign_classes(void **state)
{
    (void)state;
    refuse_record(
        "{\"class_name\": \"Lambda\", \"config\": {\"function\": [\"4wEAAAA=\", null, null]}}",
        CRN_UNSUPPORTED, "a Lambda layer holds Python code, which is never run");
    refuse_record(
        "{\"class_name\": \"Dense\", \"registered_name\": \"mine>Dense\", \"config\": {}}",
        CRN_UNSUPPORTED, "the layer 'mine>Dense' is a user's own class");
    refuse_record("{\"class_name\": \"mine>Thing\", \"config\": {}}", CRN_UNSUPPORTED,
                  "a user's own class");
    refuse_record("{\"class_name\": \"Dense\", \"module\": \"__main__\", \"config\": {}}",
                  CRN_UNSUPPORTED, "the layer 'Dense' is a user's own class of '__main__'");
    refuse_record(
        "{\"class_name\": \"Dense\", \"module\": \"keras_evil.layers\", \"config\": {}}",
        CRN_UNSUPPORTED, "keras_evil");
    refuse_record(
        "{\"class_name\": \"WhileLoop\", \"module\": \"keras.src.ops.core\", \"config\": {}}",
        CRN_UNSUPPORTED, "Unknown operation: 'WhileLoop'");
    refuse_record("{\"class_name\": \"Sequential\", \"module\": \"mine\", \"config\": {}}",
                  CRN_UNSUPPORTED, "the layer 'Sequential' is a user's own class of 'mine'");
    refuse_record("{\"class_name\": \"Denser\", \"config\": {}}", CRN_UNSUPPORTED,
                  "Unknown layer: 'Denser'. Did you mean 'Dense'?");
    refuse_model("Sequential([Denser(3)])", CRN_NOT_FOUND,
                 "Unknown layer: 'Denser'. Did you mean 'Dense'?");
    refuse_model("Sequential([Lambda(f)])", CRN_UNSUPPORTED, "Lambda");
}

static void test_malformed(void **state)
{
    (void)state;
    refuse_record("{\"config\": {}}", CRN_FORMAT, "no class_name");
    refuse_record("{\"class_name\": 3, \"config\": {}}", CRN_FORMAT, "no class_name");
    refuse_record("{\"class_name\": \"Dense\", \"config\": [3]}", CRN_FORMAT, "is not a dict");
    refuse_record("{\"class_name\": \"Dense\", \"config\": {\"units\": \"3\"}}", CRN_FORMAT,
                  "expected an int");
    refuse_record("{\"class_name\": \"Dense\", \"config\": {\"units\": 3, \"use_bias\": 7}}",
                  CRN_FORMAT, "expected a bool");
    refuse_record("[]", CRN_ARGUMENT, "Could not interpret layer identifier");
    refuse_record("7", CRN_ARGUMENT, "Could not interpret layer identifier");
}

static void test_options(void **state)
{
    (void)state;
    refuse_model("Sequential([Dense(3, lora_rank=4)])", CRN_UNSUPPORTED,
                 "Dense: the option lora_rank is not supported");
    refuse_record("{\"class_name\": \"Dense\", \"config\": {\"units\": 3, "
                  "\"quantization_config\": {\"mode\": "
                  "\"int8\"}}}",
                  CRN_UNSUPPORTED, "quantization_config");
    refuse_record(
        "{\"class_name\": \"Dense\", \"config\": {\"units\": 3, \"new_option\": true}}",
        CRN_UNSUPPORTED, "Dense: the option new_option is not supported");
    refuse_record(
        "{\"class_name\": \"Dense\", \"config\": {\"units\": 3, \"dtype\": \"int4\"}}",
        CRN_UNSUPPORTED, "the dtype policy int4 is not supported");
    refuse_record(
        "{\"class_name\": \"Dense\", \"config\": {\"units\": 3, \"dtype\": {\"class_name\": "
        "\"QuantizedDTypePolicy\", \"config\": {\"mode\": \"int8\"}}}}",
        CRN_UNSUPPORTED, "dtype policy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_foreign_classes),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
