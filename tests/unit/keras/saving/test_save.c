/* SPDX-License-Identifier: BSD-3-Clause */
/* Saving: every format gives back the model, its weights bit for bit and its optimizer's state;
 * a model that nobody changed keeps its config. tests/interop/check_keras.py shows the files to
 * the real libraries. */
#include "test.h"

#include <stdlib.h>

#include "format/hdf5.h"
#include "format/json.h"
#include "format/zip.h"
#include "unit/keras/models/json_equal.h"
#include "unit/keras/saving/keras_files.h"

/* ---- comparing ---- */

static void assert_same_array(const crn_array *a, const crn_array *b)
{
    assert_int_equal(a->dtype, b->dtype);
    assert_int_equal(crn_array_size(a), crn_array_size(b));
    assert_memory_equal(a->data, b->data, (size_t)(crn_array_size(a) * a->itemsize));
}

static void assert_same_weights(const crn_model *a, const crn_model *b)
{
    const crn_network *one = crn_model_network(a), *other = crn_model_network(b);
    assert_int_equal(one->weight_count, other->weight_count);
    for (size_t i = 0; i < one->weight_count; i++)
        assert_same_array(&crn_network_weight(one, i, NULL)->array,
                          &crn_network_weight(other, i, NULL)->array);
}

static void assert_same_state(const crn_model *a, const crn_model *b)
{
    crn_optimizer *one = crn_model_network(a)->compiled.optimizer;
    crn_optimizer *other = crn_model_network(b)->compiled.optimizer;
    assert_non_null(other);
    assert_ptr_equal(crn_optimizer_class_of(one), crn_optimizer_class_of(other));
    assert_int_equal(crn_optimizer_variable_count(one), crn_optimizer_variable_count(other));
    for (size_t i = 0; i < crn_optimizer_variable_count(one); i++)
        assert_same_array(crn_optimizer_variable_at(one, i).array,
                          crn_optimizer_variable_at(other, i).array);
}

/* A model fitted on a few rows, so that everything has a value. */
static crn_model *fitted(const char *layers, const char *optimizer)
{
    static const float x[8][4] = {{1, 2, 3, 4}, {4, 3, 2, 1}, {0, 1, 0, 1}, {2, 2, 2, 2},
                                  {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
    static const int32_t y[8] = {0, 1, 2, 0, 1, 2, 0, 1};
    char text[512];
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_data data = CRN_DATA_INIT;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    data.x = crn_array_view_2d(x, CRN_FLOAT32, 8, 4);
    data.y = crn_array_view_1d(y, CRN_INT32, 8);
    options.loss = "sparse_categorical_crossentropy";
    options.optimizer = optimizer;
    options.metrics = "accuracy";
    options.epochs = 2;
    options.batch_size = 4;
    options.has_seed = true;
    snprintf(text, sizeof text, "Sequential([%s])", layers);
    assert_ok(crn_model_parse(text, &model, &err));
    assert_ok(crn_model_fit(model, &data, &options, NULL, &err));
    return model;
}

/* ---- there and back ---- */

static const char *const layers_of_all_kinds =
    "Dense(6, activation='relu'), BatchNormalization(), Dropout(0.2), LeakyReLU(0.1), "
    "ReLU(6.0), "
    "ELU(), Reshape((2, 3)), Flatten(), Activation('tanh'), Dense(3, "
    "kernel_regularizer=L2(0.01)), "
    "Softmax()";

static const char *const optimizers[] = {"adam",
                                         "Adam(amsgrad=True)",
                                         "SGD(0.1)",
                                         "SGD(0.1, momentum=0.9, nesterov=True)",
                                         "RMSprop(centered=True, momentum=0.5)",
                                         "AdamW()",
                                         "Adam(use_ema=True)"};

static void test_whole_models(void **state)
{
    (void)state;
    static const char *const formats[] = {"keras", "h5"};
    for (size_t i = 0; i < sizeof optimizers / sizeof optimizers[0]; i++) {
        crn_model *model = fitted(layers_of_all_kinds, optimizers[i]);
        for (size_t k = 0; k < 2; k++) {
            crn_text bytes = saved(model, formats[k], true);
            crn_model *again = loaded(&bytes, NULL);
            assert_same_weights(model, again);
            assert_same_state(model, again);
            assert_int_equal(crn_model_network(again)->compiled.metric_count, 1);
            crn_model_destroy(again);
        }
        crn_model_destroy(model);
    }
}

/* Keras 2's optimizers accumulate no gradients: its files are without that part. */
static void test_gradient_accumulation(void **state)
{
    (void)state;
    crn_model *model = fitted("Dense(3)", "Adam(gradient_accumulation_steps=3)");
    crn_text bytes = saved(model, "keras", true);
    crn_model *again = loaded(&bytes, NULL);
    assert_same_state(model, again);
    crn_model_destroy(again);
    bytes = saved(model, "h5", true);
    again = loaded(&bytes, NULL);
    assert_int_equal(crn_optimizer_variable_count(crn_model_network(again)->compiled.optimizer),
                     2 + 2 * 2);
    crn_model_destroy(again);
    crn_model_destroy(model);
}

/* Weights alone, and the model's JSON, make the model again. */
static void test_weights_alone(void **state)
{
    (void)state;
    static const char *const formats[] = {"weights.h5", "legacy_weights.h5"};
    crn_error err = CRN_ERROR_INIT;
    char path[] = "/tmp/crn_architecture_XXXXXX";
    crn_model *model = fitted(layers_of_all_kinds, "adam");
    crn_text json = saved(model, "json", false);
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_int_equal(fwrite(json.data, 1, json.size, file), json.size);
    fclose(file);
    for (size_t i = 0; i < 2; i++) {
        crn_text bytes = saved(model, formats[i], true);
        crn_model *again = NULL;
        assert_status(CRN_ARGUMENT,
                      crn_model_load_bytes(bytes.data, bytes.size, NULL, &again, &err));
        assert_message("it holds weights alone and needs an architecture");
        again = loaded(&bytes, path);
        assert_same_weights(model, again);
        assert_null(crn_model_network(again)->compiled.optimizer);
        crn_model_destroy(again);
    }
    remove(path);
    crn_text_free(&json);
    crn_model_destroy(model);
}

/* The state of the optimizer comes back with the weights of a compiled model. */
static void test_load_weights_with_state(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = fitted("Dense(4), Dense(3)", "adam");
    crn_model *other = fitted("Dense(4), Dense(3)", "adam");
    crn_text bytes = saved(model, "weights.h5", true);
    crn_buffer *file = crn_buffer_create(bytes.size);
    memcpy(crn_buffer_data(file), bytes.data, bytes.size);
    const crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    assert_ok(crn_keras_load_weights(crn_model_network(other), file, &options, &err));
    assert_same_weights(model, other);
    assert_same_state(model, other);
    crn_buffer_release(file);
    crn_text_free(&bytes);
    crn_model_destroy(model);
    crn_model_destroy(other);
}

static void test_no_optimizer(void **state)
{
    (void)state;
    static const char *const formats[] = {"keras", "h5"};
    crn_model *model = fitted("Dense(3)", "adam");
    for (size_t k = 0; k < 2; k++) {
        crn_text bytes = saved(model, formats[k], false);
        crn_model *again = loaded(&bytes, NULL);
        assert_same_weights(model, again);
        assert_null(crn_model_network(again)->compiled.optimizer);
        /* The same of a model that was not changed. */
        bytes = saved(again, formats[k], false);
        crn_model_destroy(again);
        again = loaded(&bytes, NULL);
        assert_same_weights(model, again);
        crn_model_destroy(again);
    }
    crn_model_destroy(model);
}

/* ---- unchanged models ---- */

static crn_object *json_of(crn_document *document, const char *text, size_t size)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *object = NULL;
    assert_ok(crn_json_read(document, text, size, NULL, &object, &err));
    return object;
}

/* An attribute of the root, parsed; NULL when there is none. */
static crn_object *h5_config(crn_document *document, const crn_buffer *file, const char *name)
{
    crn_error err = CRN_ERROR_INIT;
    crn_h5 *h5 = NULL;
    assert_ok(crn_h5_read((crn_buffer *)file, NULL, &h5, &err));
    const char *text = crn_h5_attribute_text(crn_h5_root(h5), name);
    crn_object *object = text != NULL ? json_of(document, text, strlen(text)) : NULL;
    crn_h5_destroy(h5);
    return object;
}

static crn_object *zip_config(crn_document *document, crn_buffer *file)
{
    crn_error err = CRN_ERROR_INIT;
    crn_zip *zip = NULL;
    crn_buffer *member = NULL;
    assert_ok(crn_zip_read(file, NULL, &zip, &err));
    assert_ok(crn_zip_open(zip, (size_t)crn_zip_find(zip, "config.json"), &member, &err));
    crn_object *object = json_of(document, crn_buffer_data(member), crn_buffer_size(member));
    crn_buffer_release(member);
    crn_zip_destroy(zip);
    return object;
}

static crn_buffer *buffer_of_text(crn_text *text)
{
    crn_buffer *buffer = crn_buffer_create(text->size);
    assert_non_null(buffer);
    memcpy(crn_buffer_data(buffer), text->data, text->size);
    crn_text_free(text);
    return buffer;
}

static void check_unchanged(const char *name, const char *format)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_buffer *before = NULL;
    crn_model *model = golden_model(name, NULL);
    crn_text bytes = saved(model, format, true), copy = saved(model, format, true);
    crn_model *again = loaded(&copy, NULL);
    crn_buffer *after = buffer_of_text(&bytes);
    assert_ok(crn_file_read(golden(name), 0, &before, &err));
    assert_ok(crn_document_create(NULL, &document, &err));
    if (strcmp(format, "keras") == 0) {
        assert_true(json_equal(zip_config(document, before), zip_config(document, after)));
    } else {
        assert_true(json_equal(h5_config(document, before, "model_config"),
                               h5_config(document, after, "model_config")));
        assert_true(json_equal(h5_config(document, before, "training_config"),
                               h5_config(document, after, "training_config")));
    }
    assert_same_weights(model, again);
    if (crn_model_network(model)->compiled.optimizer != NULL)
        assert_same_state(model, again);
    crn_document_release(document);
    crn_buffer_release(before);
    crn_buffer_release(after);
    crn_model_destroy(model);
    crn_model_destroy(again);
}

static void test_unchanged(void **state)
{
    (void)state;
    check_unchanged("k3.0/seed_iris.h5", "h5");
    check_unchanged("k3.15/seed_iris.h5", "h5");
    check_unchanged("tf2.4/seed_iris.h5", "h5");
    check_unchanged("tf2.15/seed_iris.h5", "h5");
    check_unchanged("state/tf2.15/opt_sgd.h5", "h5");
    check_unchanged("k3.0/BatchNormalization.keras", "keras");
    check_unchanged("state/k3.15/opt_adamw.keras", "keras");
    check_unchanged("state/tf2.15/opt_adam.keras", "keras");
    check_unchanged("k3.15/many_layers_unique_names.keras", "keras");
}

/* From every golden file to the other kind. */
static void test_converted(void **state)
{
    (void)state;
    static const char *const names[] = {"tf2.4/seed_iris.h5",
                                        "tf2.15/seed_iris.keras",
                                        "k3.15/seed_iris.h5",
                                        "k3.0/seed_iris.keras",
                                        "tf2.8/LeakyReLU.h5",
                                        "k3.15/layer_applied_twice_chain.keras",
                                        "tf2.15/layer_applied_twice_chain.h5"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_model *model = golden_model(names[i], NULL);
        crn_text bytes =
            saved(model, strstr(names[i], ".keras") != NULL ? "h5" : "keras", true);
        crn_model *again = loaded(&bytes, NULL);
        assert_same_weights(model, again);
        assert_int_equal(crn_model_network(model)->keras, crn_model_network(again)->keras);
        crn_model_destroy(model);
        crn_model_destroy(again);
    }
}

/* ---- what is in the files ---- */

static crn_h5 *h5_of(crn_text *bytes)
{
    crn_error err = CRN_ERROR_INIT;
    crn_h5 *h5 = NULL;
    crn_buffer *file = buffer_of_text(bytes);
    assert_ok(crn_h5_read(file, NULL, &h5, &err));
    crn_buffer_release(file);
    return h5;
}

static void test_legacy_layout(void **state)
{
    (void)state;
    crn_model *model =
        fitted("Dense(2, name='a'), BatchNormalization(), Dropout(0.1), Dense(3)",
               "SGD(0.1, momentum=0.9)");
    crn_text bytes = saved(model, "h5", true);
    crn_h5 *h5 = h5_of(&bytes);
    const crn_h5_node *root = crn_h5_root(h5);
    const crn_h5_attribute *names =
        crn_h5_attribute_find(crn_h5_find(root, "model_weights"), "layer_names");
    assert_int_equal(names->text_count, 4);
    assert_false(names->variable);
    assert_string_equal(names->text[1], "batch_normalization");
    assert_string_equal(names->text[3], "dense");
    names = crn_h5_attribute_find(crn_h5_find(root, "model_weights/batch_normalization"),
                                  "weight_names");
    assert_string_equal(names->text[0], "batch_normalization/gamma:0");
    assert_string_equal(names->text[3], "batch_normalization/moving_variance:0");
    assert_non_null(crn_h5_find(root, "model_weights/a/a/kernel:0"));
    assert_non_null(crn_h5_find(root, "model_weights/dropout"));
    assert_non_null(crn_h5_find(root, "model_weights/top_level_model_weights"));
    names = crn_h5_attribute_find(crn_h5_find(root, "optimizer_weights"), "weight_names");
    assert_string_equal(names->text[0], "SGD/iter:0");
    assert_string_equal(names->text[1], "SGD/a/kernel/momentum:0");
    assert_false(crn_h5_attribute_find(root, "model_config")->utf8);
    assert_string_equal(crn_h5_attribute_text(root, "backend"), "tensorflow");
    crn_h5_destroy(h5);
    crn_model_destroy(model);
}

static void test_keras_3_layout(void **state)
{
    (void)state;
    crn_model *model =
        fitted("Dense(2, name='a'), BatchNormalization(), Dropout(0.1), Dense(3)",
               "SGD(0.1, momentum=0.9)");
    crn_text bytes = saved(model, "weights.h5", true);
    crn_h5 *h5 = h5_of(&bytes);
    const crn_h5_node *root = crn_h5_root(h5);
    assert_int_equal(root->child_count, 3); /* layers, optimizer, vars */
    assert_string_equal(crn_h5_attribute_text(crn_h5_find(root, "vars"), "name"), "sequential");
    assert_string_equal(crn_h5_attribute_text(crn_h5_find(root, "layers/dense/vars"), "name"),
                        "a");
    assert_string_equal(crn_h5_attribute_text(crn_h5_find(root, "layers/dense_1/vars"), "name"),
                        "dense");
    assert_int_equal(crn_h5_find(root, "layers/batch_normalization/vars")->child_count, 4);
    assert_int_equal(crn_h5_find(root, "layers/dropout/vars")->child_count, 0);
    assert_null(crn_h5_find(root, "layers/input_layer"));
    assert_int_equal(crn_h5_find(root, "optimizer/vars")->child_count, 2 + 6);
    assert_int_equal(crn_h5_find(root, "optimizer/vars/0")->array.dtype, CRN_INT64);
    crn_h5_destroy(h5);
    crn_model_destroy(model);
}

/* Lists of names beyond what one header holds are cut, and read again. */
static void test_many_names(void **state)
{
    (void)state;
    enum { LAYERS = 900 };
    crn_error err = CRN_ERROR_INIT;
    crn_text text = CRN_TEXT_INIT;
    crn_model *model = NULL;
    crn_text_add_string(&text, "Sequential([Input((1,))");
    for (int i = 0; i < LAYERS; i++)
        crn_text_printf(&text,
                        ", Dense(1, name='a_layer_with_a_name_that_is_long_enough_to_fill_"
                        "the_header_of_a_group_%d')",
                        i);
    crn_text_add_string(&text, "])");
    assert_ok(crn_model_parse(text.data, &model, &err));
    crn_text_free(&text);
    assert_ok(crn_network_initialize(crn_model_network(model), 1, &err));
    crn_text bytes = saved(model, "h5", true), copy = saved(model, "h5", true);
    crn_h5 *h5 = h5_of(&copy);
    const crn_h5_node *group = crn_h5_find(crn_h5_root(h5), "model_weights");
    assert_null(crn_h5_attribute_find(group, "layer_names"));
    assert_non_null(crn_h5_attribute_find(group, "layer_names1"));
    crn_h5_destroy(h5);
    crn_model *again = loaded(&bytes, NULL);
    assert_same_weights(model, again);
    crn_model_destroy(again);
    crn_model_destroy(model);
}

/* The optimizer of a compiled model that was never trained is written with zeroed slots, as
 * Keras expects. */
static void test_fresh_optimizer(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = golden_model("k3.15/Dense_relu_softmax.keras", NULL);
    crn_network *network = crn_model_network(model);
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    options.loss = "mse";
    options.optimizer = "adam";
    assert_ok(crn_network_compile(network, model->document, &options, &err));
    model->untouched = false;
    assert_false(crn_optimizer_is_built(network->compiled.optimizer));
    crn_text bytes = saved(model, "keras", true);
    assert_false(crn_optimizer_is_built(network->compiled.optimizer));
    crn_model *again = loaded(&bytes, NULL);
    crn_optimizer *optimizer = crn_model_network(again)->compiled.optimizer;
    assert_true(crn_optimizer_is_built(optimizer));
    assert_int_equal(*(int64_t *)crn_optimizer_variable_at(optimizer, 0).array->data, 0);
    crn_model_destroy(again);
    crn_model_destroy(model);
}

/* ---- bytes ---- */

static void test_reproducible(void **state)
{
    (void)state;
    static const char *const formats[] = {"keras", "h5", "weights.h5", "legacy_weights.h5",
                                          "json"};
    crn_model *model = fitted("Dense(3)", "adam");
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        crn_text one = saved(model, formats[i], true), other = saved(model, formats[i], true);
        assert_int_equal(one.size, other.size);
        assert_memory_equal(one.data, other.data, one.size);
        crn_text_free(&one);
        crn_text_free(&other);
    }
    crn_model_destroy(model);
}

static bool holds(const crn_text *bytes, const char *text)
{
    const size_t length = strlen(text);
    for (size_t i = 0; i + length <= bytes->size; i++) {
        if (memcmp(bytes->data + i, text, length) == 0)
            return true;
    }
    return false;
}

static void test_date(void **state)
{
    (void)state;
    crn_model *model = fitted("Dense(3)", "adam");
    assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
    crn_text bytes = saved(model, "keras", true);
    assert_true(holds(&bytes, "\"date_saved\": \"1980-01-01@00:00:00\""));
    crn_text_free(&bytes);
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1700000000", 1), 0);
    bytes = saved(model, "keras", true);
    assert_true(holds(&bytes, "\"date_saved\": \"2023-11-14@22:13:20\""));
    crn_text_free(&bytes);
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "tomorrow", 1), 0);
    bytes = saved(model, "keras", true);
    assert_true(holds(&bytes, "\"date_saved\": \"1980-01-01@00:00:00\""));
    crn_text_free(&bytes);
    assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
    crn_model_destroy(model);
}

static void test_refusals(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_text bytes = CRN_TEXT_INIT;
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    assert_ok(crn_model_parse("Sequential([Input((4,)), Dense(3)])", &model, &err));
    options.format = "h5";
    assert_status(CRN_STATE, crn_keras_save(model, &options, &bytes, &err));
    assert_message("This Sequential model has no weights yet");
    options.format = "joblib";
    assert_status(CRN_UNSUPPORTED, crn_keras_save(model, &options, &bytes, &err));
    assert_message("not as joblib");
    options.format = "json";
    assert_ok(crn_keras_save(model, &options, &bytes, &err));
    crn_model *again = loaded(&bytes, NULL);
    assert_false(crn_model_has_method(again, CRN_PREDICT));
    crn_model_destroy(again);
    crn_model_destroy(model);
}

/* What Keras 3 cannot say. */
static void test_hard_sigmoid(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_text bytes = CRN_TEXT_INIT;
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    crn_model *model = golden_model("tf2.15/act_hard_sigmoid.h5", NULL);
    options.format = "keras";
    assert_status(CRN_UNSUPPORTED, crn_keras_save(model, &options, &bytes, &err));
    assert_message("hard_sigmoid of Keras 2 is another function than that of Keras 3");
    bytes = saved(model, "h5", true);
    crn_model *again = loaded(&bytes, NULL);
    assert_int_equal(crn_model_network(again)->keras, 2);
    crn_model_destroy(again);
    crn_model_destroy(model);
    model = golden_model("k3.15/act_hard_sigmoid.keras", NULL);
    bytes = saved(model, "keras", true);
    crn_text_free(&bytes);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_models),
        cmocka_unit_test(test_gradient_accumulation),
        cmocka_unit_test(test_weights_alone),
        cmocka_unit_test(test_load_weights_with_state),
        cmocka_unit_test(test_no_optimizer),
        cmocka_unit_test(test_unchanged),
        cmocka_unit_test(test_converted),
        cmocka_unit_test(test_legacy_layout),
        cmocka_unit_test(test_keras_3_layout),
        cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_fresh_optimizer),
        cmocka_unit_test(test_reproducible),
        cmocka_unit_test(test_date),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_hard_sigmoid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
