/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that Keras 2.4 to 3.15 wrote, all kinds of them: they load and predict as Keras does.
 */
#include "test.h"

#include "format/hdf5.h"
#include "format/zip.h"
#include "unit/keras/saving/keras_files.h"

/* One line of manifest.tsv. */
typedef struct golden_case {
    char kind[32], file[128], x[128], y[128];
} golden_case;

static bool next_case(FILE *manifest, golden_case *out)
{
    return fscanf(manifest, "%31s %127s %127s %127s", out->kind, out->file, out->x, out->y) ==
           4;
}

static bool exists(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file != NULL)
        fclose(file);
    return file != NULL;
}

/* The whole model that weights alone belong to: the same name, .h5 or .keras. */
static const char *architecture_of(const char *file)
{
    static char path[600];
    const char *slash = strchr(file, '/'), *dot = strchr(slash, '.');
    static const char *const suffixes[] = {".keras", ".h5"};
    for (size_t i = 0; i < 2; i++) {
        char name[256];
        snprintf(name, sizeof name, "%.*s%s", (int)(dot - file), file, suffixes[i]);
        snprintf(path, sizeof path, "%s", golden(name));
        if (exists(path))
            return path;
    }
    fail_msg("%s has no model", file);
    return NULL;
}

static void test_golden_files(void **state)
{
    (void)state;
    golden_case row;
    size_t count = 0;
    FILE *manifest = fopen(golden("manifest.tsv"), "r");
    assert_non_null(manifest);
    while (next_case(manifest, &row)) {
        const bool weights = strstr(row.kind, "weights") != NULL;
        crn_model *model = golden_model(row.file, weights ? architecture_of(row.file) : NULL);
        crn_array x = golden_array(row.x), y = golden_array(row.y);
        assert_predicts(model, &x, &y, 1e-5, 1e-6);
        crn_array_free(&x);
        crn_array_free(&y);
        crn_model_destroy(model);
        count++;
    }
    fclose(manifest);
    assert_int_equal(count, 171);
}

/* ---- load_weights ---- */

static crn_model *parsed(const char *expression)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    assert_ok(crn_model_parse(expression, &model, &err));
    return model;
}

/* The weights of seed_iris (Dense(128), Dense(3) on 4 columns) from every kind of file. */
static void test_load_weights(void **state)
{
    (void)state;
    static const char *const names[] = {"k3.15/seed_iris.wl.h5", "k3.15/seed_iris.weights.h5",
                                        "k3.15/seed_iris.h5", "k3.15/seed_iris.keras"};
    crn_error err = CRN_ERROR_INIT;
    crn_array x = golden_array("k3.15/seed_iris.x0.npy");
    crn_array y = golden_array("k3.15/seed_iris.y0.npy");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_model *model = parsed("Sequential([Input((4,)), Dense(128, activation='relu'), "
                                  "Dense(3, activation='softmax')])");
        assert_false(crn_model_has_method(model, CRN_PREDICT));
        assert_ok(crn_model_load_weights(model, golden(names[i]), NULL, &err));
        assert_predicts(model, &x, &y, 1e-5, 1e-6);
        crn_model_destroy(model);
    }
    crn_array_free(&x);
    crn_array_free(&y);
}

typedef struct misfit {
    const char *model, *file, *message;
} misfit;

/* Keras's own words; nothing changes. */
static void test_misfits(void **state)
{
    (void)state;
    static const misfit misfits[] = {
        {"Sequential([Input((4,)), Dense(3)])", "k3.15/seed_iris.wl.h5",
         "Layer count mismatch when loading weights from file. Model expected 1 layers, found "
         "2 "
         "saved layers."},
        {"Sequential([Input((4,)), Dense(128, use_bias=False), Dense(3)])",
         "tf2.4/seed_iris.h5",
         "Weight count mismatch for layer #0 (named dense in the current model, dense in the "
         "save "
         "file). Layer expects 1 weight(s). Received 2 saved weight(s)"},
        {"Sequential([Input((4,)), Dense(64), Dense(3)])", "tf2.15/seed_iris.h5",
         "Shape mismatch in layer #0 (named dense) for weight dense/kernel. Weight expects "
         "shape "
         "(4, 64). Received saved weight with shape (4, 128)"},
        {"Sequential([Input((4,)), Dense(128), Dense(5)])", "k3.15/seed_iris.keras",
         "Shape mismatch in layer 'dense_1' for weight dense_1/kernel. Weight expects shape "
         "(128, 5). Received saved weight with shape (128, 3)"},
        {"Sequential([Input((4,)), Dense(128), Dense(3), Dense(3, name='last'), "
         "BatchNormalization()])",
         "k3.15/seed_iris.weights.h5",
         "A total of 2 objects could not be loaded. Example error message for object <Dense "
         "name=last>: Layer 'last' expected 2 variables, but received 0 variables during "
         "loading. "
         "Expected: ['kernel', 'bias']"},
    };
    crn_error err = CRN_ERROR_INIT;
    for (size_t i = 0; i < sizeof misfits / sizeof misfits[0]; i++) {
        crn_model *model = parsed(misfits[i].model);
        crn_network *network = crn_model_network(model);
        assert_ok(crn_network_initialize(network, 1, &err));
        const float before = *(float *)crn_network_weight(network, 0, NULL)->array.data;
        assert_status(CRN_SHAPE,
                      crn_model_load_weights(model, golden(misfits[i].file), NULL, &err));
        assert_string_equal(err.message, misfits[i].message);
        assert_true(before == *(float *)crn_network_weight(network, 0, NULL)->array.data);
        crn_model_destroy(model);
    }
}

static void test_load_weights_refusals(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = parsed("Sequential([Dense(128), Dense(3)])");
    assert_status(CRN_STATE,
                  crn_model_load_weights(model, golden("k3.15/seed_iris.wl.h5"), NULL, &err));
    assert_message("a model that has not been built");
    crn_model_destroy(model);
    model = parsed("Sequential([Input((4,)), Dense(3)])");
    assert_status(CRN_FORMAT,
                  crn_model_load_weights(model, golden("manifest.tsv"), NULL, &err));
    assert_message("not a Keras file");
    crn_model_destroy(model);
}

/* ---- architectures ---- */

static void test_architectures(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    assert_status(CRN_ARGUMENT,
                  crn_model_load(golden("tf2.4/seed_iris.wl.h5"), &options, &model, &err));
    assert_message("No model config found in the file");
    options.architecture = golden("tf2.4/seed_iris.wl.h5");
    assert_status(CRN_ARGUMENT,
                  crn_model_load(golden("tf2.4/seed_iris.wl.h5"), &options, &model, &err));
    assert_message("it holds weights alone");
    options.architecture = "/nowhere/model.json";
    assert_status(CRN_IO,
                  crn_model_load(golden("tf2.4/seed_iris.wl.h5"), &options, &model, &err));
    options.architecture = golden("k3.15/Dense_relu_softmax.keras");
    assert_status(CRN_SHAPE,
                  crn_model_load(golden("tf2.4/seed_iris.wl.h5"), &options, &model, &err));
    assert_null(model);
}

/* ---- other bytes ---- */

static crn_status load_bytes(const void *bytes, size_t size, heard *warnings, crn_model **out,
                             crn_error *err)
{
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    options.warning = hear;
    options.warning_context = warnings;
    return crn_model_load_bytes(bytes, size, &options, out, err);
}

static crn_status load_text(const char *text, heard *warnings, crn_model **out, crn_error *err)
{
    return load_bytes(text, strlen(text), warnings, out, err);
}

static void test_json(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    heard warnings = {0};
    static const char layers[] = "\"layers\": [{\"class_name\": \"InputLayer\", \"config\": "
                                 "{\"batch_input_shape\": [null, 4],"
                                 " \"name\": \"in\"}}, {\"class_name\": \"%s\", \"config\": "
                                 "{\"name\": \"d\", \"units\": 3}}]";
    char inner[512], text[1024];
    snprintf(inner, sizeof inner, layers, "Dense");
    snprintf(text, sizeof text,
             " {\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", %s}, "
             "\"keras_version\": \"2.15.0\", \"backend\": \"tensorflow\"}",
             inner);
    assert_ok(load_text(text, &warnings, &model, &err));
    assert_int_equal(crn_model_features(model), 4);
    assert_int_equal(crn_model_network(model)->keras, 2);
    assert_false(crn_model_has_method(model, CRN_PREDICT));
    assert_int_equal(warnings.count, 0);
    crn_model_destroy(model);
    model = NULL;

    snprintf(inner, sizeof inner, layers, "Danse");
    snprintf(text, sizeof text,
             "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", %s}}", inner);
    assert_status(CRN_UNSUPPORTED, load_text(text, &warnings, &model, &err));
    assert_message("Danse");
    assert_message("Dense");
    assert_status(CRN_UNSUPPORTED, load_text("{\"class_name\": \"Subclassed\", \"config\": {}}",
                                             &warnings, &model, &err));
    assert_message("Subclassed");
    assert_status(CRN_FORMAT,
                  load_text("{\"class_name\": \"Sequential\", ", &warnings, &model, &err));
    assert_null(model);
}

/* ---- archives and HDF5 that say something else ---- */

/* A .keras of these members; NULL: left out. */
static crn_text archive(const char *config, const char *metadata, const char *weights,
                        const char *weights_name, bool deflate)
{
    crn_error err = CRN_ERROR_INIT;
    crn_zip_writer *writer = NULL;
    crn_text out = CRN_TEXT_INIT;
    crn_buffer *file = NULL;
    assert_ok(crn_zip_writer_create(&writer, &err));
    if (metadata != NULL)
        assert_ok(crn_zip_writer_add(writer, "metadata.json", metadata, strlen(metadata),
                                     deflate, &err));
    if (config != NULL)
        assert_ok(
            crn_zip_writer_add(writer, "config.json", config, strlen(config), deflate, &err));
    if (weights != NULL) {
        assert_ok(crn_file_read(golden(weights), 0, &file, &err));
        assert_ok(crn_zip_writer_add(writer, weights_name, crn_buffer_data(file),
                                     crn_buffer_size(file), deflate, &err));
        crn_buffer_release(file);
    }
    assert_ok(crn_zip_writer_finish(writer, &out, &err));
    return out;
}

static const char seed_config[] =
    "{\"module\": \"keras\", \"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", "
    "\"layers\": [{\"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": [null, 4], "
    "\"name\": \"in\"}}, {\"class_name\": \"Dense\", \"config\": {\"units\": 128, "
    "\"activation\": \"relu\", \"name\": \"a\"}}, {\"class_name\": \"Dense\", \"config\": "
    "{\"units\": 3, \"activation\": \"softmax\", \"name\": \"b\"}}]}%s}";

static const char *config_with(const char *rest)
{
    static char text[1024];
    snprintf(text, sizeof text, seed_config, rest);
    return text;
}

/* Repacked archives, and such without metadata, load as well. */
static void test_archives(void **state)
{
    (void)state;
    static const char metadata[] = "{\"keras_version\": \"2.15.0\"}";
    crn_error err = CRN_ERROR_INIT;
    heard warnings = {0};
    crn_array x = golden_array("k3.15/seed_iris.x0.npy");
    crn_array y = golden_array("k3.15/seed_iris.y0.npy");
    for (int i = 0; i < 2; i++) {
        crn_model *model = NULL;
        crn_text bytes = archive(config_with(""), i == 0 ? metadata : NULL,
                                 "k3.15/seed_iris.weights.h5", "model.weights.h5", i == 0);
        assert_ok(load_bytes(bytes.data, bytes.size, &warnings, &model, &err));
        assert_int_equal(crn_model_network(model)->keras, i == 0 ? 2 : 3);
        assert_predicts(model, &x, &y, 1e-5, 1e-6);
        crn_model_destroy(model);
        crn_text_free(&bytes);
    }
    assert_int_equal(warnings.count, 0);
    crn_array_free(&x);
    crn_array_free(&y);
}

static void refuse_archive(crn_text bytes, crn_status status, const char *message)
{
    crn_error err = CRN_ERROR_INIT;
    heard warnings = {0};
    crn_model *model = NULL;
    assert_status(status, load_bytes(bytes.data, bytes.size, &warnings, &model, &err));
    assert_message(message);
    assert_null(model);
    crn_text_free(&bytes);
}

static void test_bad_archives(void **state)
{
    (void)state;
    const char *weights = "k3.15/seed_iris.weights.h5";
    refuse_archive(archive(NULL, "{}", weights, "model.weights.h5", false), CRN_FORMAT,
                   "a zip archive without config.json");
    refuse_archive(archive(config_with(""), "{}", NULL, NULL, false), CRN_FORMAT,
                   "a zip archive without model.weights.h5");
    refuse_archive(archive(config_with(""), "{}", weights, "model.weights.npz", false),
                   CRN_UNSUPPORTED, "model.weights.npz holds pickled objects");
    refuse_archive(archive(config_with(""), "{}", "manifest.tsv", "model.weights.h5", false),
                   CRN_FORMAT, "");
    refuse_archive(archive("[1, ", "{}", weights, "model.weights.h5", false), CRN_FORMAT, "");
    refuse_archive(archive("[1]", "{}", weights, "model.weights.h5", false), CRN_FORMAT, "");
}

/* A config cannot ask for more memory than its file has numbers. */
static void test_weight_budget(void **state)
{
    (void)state;
    refuse_archive(archive("{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", "
                           "\"layers\": [{\"class_name\": \"Dense\", \"config\": {\"units\": "
                           "100000000, \"name\": \"a\", \"batch_input_shape\": [null, 4]}}]}}",
                           "{}", "k3.15/seed_iris.weights.h5", "model.weights.h5", false),
                   CRN_LIMIT, "");
}

/* A JSON has no weights: there the limit holds. */
static void test_memory_limit(void **state)
{
    (void)state;
    static const char text[] =
        "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": "
        "[{\"class_name\": \"Dense\", \"config\": {\"units\": 1000000, \"name\": \"a\", "
        "\"batch_input_shape\": [null, 4]}}]}}";
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_limits limits = CRN_LIMITS_INIT;
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    limits.memory_bytes = 1 << 20;
    options.limits = &limits;
    assert_status(CRN_LIMIT, crn_model_load_bytes(text, strlen(text), &options, &model, &err));
    assert_null(model);
}

/* A loss that nobody knows: told, and no obstacle to predicting. */
static void test_unknown_loss(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    heard warnings = {0};
    crn_model *model = NULL;
    crn_text bytes = archive(
        config_with(", \"compile_config\": {\"optimizer\": \"adam\", \"loss\": \"my_loss\"}"),
        "{}", "k3.15/seed_iris.weights.h5", "model.weights.h5", false);
    assert_ok(load_bytes(bytes.data, bytes.size, &warnings, &model, &err));
    assert_int_equal(warnings.count, 1);
    assert_non_null(strstr(warnings.last, "The model was not compiled"));
    assert_non_null(strstr(warnings.last, "my_loss"));
    assert_true(crn_model_has_method(model, CRN_PREDICT));
    assert_null(crn_model_network(model)->compiled.optimizer);
    crn_model_destroy(model);
    crn_text_free(&bytes);
}

/* An HDF5 file of something else. */
static void test_foreign_h5(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_h5 *h5 = NULL;
    crn_h5_node *group;
    crn_text bytes = CRN_TEXT_INIT;
    assert_ok(crn_h5_create(&h5, &err));
    assert_ok(crn_h5_group(h5, crn_h5_root(h5), "data", &group, &err));
    assert_ok(crn_h5_write(h5, &bytes, &err));
    refuse_archive(bytes, CRN_FORMAT, "No model config found in the file");
    bytes = (crn_text)CRN_TEXT_INIT;
    assert_ok(crn_h5_set_text(h5, crn_h5_root(h5), "model_config", "{}", 2, false, &err));
    assert_ok(crn_h5_write(h5, &bytes, &err));
    refuse_archive(bytes, CRN_FORMAT, "");
    crn_h5_destroy(h5);
}

/* Weights of the model itself, a missing group, a missing dataset. */
static void break_h5(const char *at, const char *attribute, const char *name, crn_status status,
                     const char *message)
{
    crn_error err = CRN_ERROR_INIT;
    crn_h5 *h5 = NULL;
    crn_h5_node *group;
    crn_text bytes = CRN_TEXT_INIT;
    static const char config[] =
        "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": "
        "[{\"class_name\": "
        "\"Dense\", \"config\": {\"units\": 1, \"use_bias\": false, \"name\": \"a\", "
        "\"batch_input_shape\": [null, 4]}}]}}";
    static const char *const layers[] = {"a"}, *const weights[] = {"kernel"};
    crn_array kernel = CRN_ARRAY_INIT;
    assert_ok(crn_array_create(CRN_FLOAT16, 0, 2, (const int64_t[]){4, 1}, &kernel, &err));
    assert_ok(crn_h5_create(&h5, &err));
    crn_h5_node *root = crn_h5_root(h5);
    assert_ok(crn_h5_set_text(h5, root, "model_config", config, strlen(config), false, &err));
    assert_ok(crn_h5_group(h5, root, "model_weights", &group, &err));
    assert_ok(crn_h5_set_names(h5, group, "layer_names", layers, 1, &err));
    assert_ok(crn_h5_group(h5, group, "a", &group, &err));
    assert_ok(crn_h5_set_names(h5, group, "weight_names", weights, 1, &err));
    assert_ok(crn_h5_dataset(h5, group, "kernel", &kernel, NULL, &err));
    if (at != NULL) {
        assert_ok(crn_h5_group(h5, root, at, &group, &err));
        assert_ok(crn_h5_set_names(h5, group, attribute, &name, 1, &err));
    }
    assert_ok(crn_h5_write(h5, &bytes, &err));
    if (status != CRN_OK) {
        refuse_archive(bytes, status, message);
    } else {
        crn_model *model = NULL;
        assert_ok(crn_model_load_bytes(bytes.data, bytes.size, NULL, &model, &err));
        crn_model_destroy(model);
        crn_text_free(&bytes);
    }
    crn_array_free(&kernel);
    crn_h5_destroy(h5);
}

static void test_broken_h5(void **state)
{
    (void)state;
    break_h5(NULL, NULL, NULL, CRN_OK, NULL); /* float16 is widened */
    break_h5("model_weights", "layer_names", "b", CRN_FORMAT, "the file has no group 'b'");
    break_h5("model_weights/a", "weight_names", "w", CRN_FORMAT, "the file has no dataset 'w'");
    break_h5("model_weights/top_level_model_weights", "weight_names", "w", CRN_SHAPE,
             "Model expects 0 top-level weight(s). Received 1 saved top-level weight(s)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_files),  cmocka_unit_test(test_load_weights),
        cmocka_unit_test(test_misfits),       cmocka_unit_test(test_load_weights_refusals),
        cmocka_unit_test(test_architectures), cmocka_unit_test(test_json),
        cmocka_unit_test(test_archives),      cmocka_unit_test(test_bad_archives),
        cmocka_unit_test(test_weight_budget), cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_unknown_loss),  cmocka_unit_test(test_foreign_h5),
        cmocka_unit_test(test_broken_h5),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
