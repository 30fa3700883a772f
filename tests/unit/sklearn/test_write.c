/* SPDX-License-Identifier: BSD-3-Clause */
/* What is written for each version of scikit-learn, and how: state keys, versions, compression,
 * protocols. */
#include "unit/sklearn/fitting.h"

#include <stdlib.h>

#include "base/file.h"

/* The state that is written, as repr() shows its keys: "copy whiten ..."; for free(). */
static char *written_keys(const crn_model *model, const char *sklearn)
{
    crn_document *document = NULL;
    crn_text keys = CRN_TEXT_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    const crn_object *object = crn_sklearn_write(model, document, sklearn, &err);
    assert_non_null(object);
    const crn_object *state = object->as.instance->state;
    for (size_t i = 0; i < state->as.items.count; i += 2)
        crn_text_printf(&keys, "%s%s", i > 0 ? " " : "",
                        crn_object_text(state->as.items.at[i]));
    assert_true(crn_object_is_str(crn_object_get(state, "_sklearn_version"), sklearn));
    crn_document_release(document);
    return crn_text_take(&keys, &err);
}

static void assert_keys(const crn_model *model, const char *sklearn, const char *expected)
{
    char *keys = written_keys(model, sklearn);
    assert_string_equal(keys, expected);
    free(keys);
}

static void test_keys_of_each_version(void **state)
{
    (void)state;
    crn_model *pca = fitted("PCA()", "x", NULL);
    assert_keys(pca, "1.0.2",
                "n_components copy whiten svd_solver tol iterated_power random_state "
                "n_features_in_ _fit_svd_solver mean_ "
                "noise_variance_ n_samples_ n_components_ components_ explained_variance_ "
                "explained_variance_ratio_ "
                "singular_values_ _sklearn_version");
    for (int i = 0; i < 3; i++)
        assert_keys(pca, ((const char *const[]){"1.2.2", "1.7.2", "1.9.1"})[i],
                    "n_components copy whiten svd_solver tol iterated_power n_oversamples "
                    "power_iteration_normalizer random_state n_features_in_ _fit_svd_solver "
                    "mean_ noise_variance_ "
                    "n_samples_ n_components_ components_ explained_variance_ "
                    "explained_variance_ratio_ "
                    "singular_values_ _sklearn_version");
    crn_model_destroy(pca);
    crn_model *pipe = parse("make_pipeline(PCA())");
    assert_keys(pipe, "1.5.2", "steps memory verbose _sklearn_version");
    assert_keys(pipe, "1.6.1", "steps transform_input memory verbose _sklearn_version");
    crn_model_destroy(pipe);
    crn_model *scaler = parse("StandardScaler()"); /* not fitted */
    assert_keys(scaler, "1.9.1", "copy with_mean with_std _sklearn_version");
    crn_model_destroy(scaler);
}

/* The same numbers, whichever version the file is for. */
static void test_every_target_loads(void **state)
{
    (void)state;
    static const char *const targets[] = {"1.0",   "1.1", "1.2", "1.3", "1.4",   "1.5",
                                          "1.6.1", "1.7", "1.8", "1.9", "1.9.1", "1.3.0"};
    const crn_array x = matrix_of("x");
    crn_array want = CRN_ARRAY_INIT, got = CRN_ARRAY_INIT;
    crn_model *model =
        fitted("make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression())",
               "x", "y3");
    assert_ok(crn_model_predict(model, CRN_PREDICT_PROBA, &x, &want, &err));
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        char *json = NULL, line[64];
        model = saved_and_loaded(model, "target.joblib", targets[i]);
        assert_ok(crn_model_predict(model, CRN_PREDICT_PROBA, &x, &got, &err));
        assert_memory_equal(got.data, want.data,
                            (size_t)crn_array_size(&want) * sizeof(double));
        crn_array_free(&got);
        assert_ok(crn_model_inspect(model, CRN_INSPECT_JSON, &json, &err));
        snprintf(line, sizeof line, "\"version\": \"%s", targets[i]);
        assert_non_null(strstr(json, line));
        crn_string_free(json);
    }
    crn_array_free(&want);
    crn_model_destroy(model);
}

static void assert_save_fails(const crn_save_options *options, crn_status status,
                              const char *message)
{
    crn_model *model = parse("StandardScaler()");
    assert_status(status, crn_model_save(model, "no.joblib", options, &err));
    assert_string_equal(err.message, message);
    assert_true(remove("no.joblib") != 0); /* no file is left */
    crn_model_destroy(model);
}

static void test_options_that_cannot_be(void **state)
{
    (void)state;
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    static const char *const versions[] = {"0.21", "2.0", "1", "1.10", "x"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        char message[128];
        options.sklearn = versions[i];
        snprintf(message, sizeof message,
                 "files are written for scikit-learn 0.22 to 1.9, not '%s'", versions[i]);
        assert_save_fails(&options, CRN_ARGUMENT, message);
    }
    options.sklearn = NULL;
    options.compress = "snappy";
    assert_save_fails(
        &options, CRN_ARGUMENT,
        "unknown compression 'snappy'; known are zlib, gzip, bz2, lzma, xz and lz4");
    options.compress = "zlib:12";
    assert_save_fails(&options, CRN_ARGUMENT, "compression level must be 0 to 9, not '12'");
    options.compress = NULL;
    options.protocol = 7;
    assert_save_fails(&options, CRN_ARGUMENT, "protocol must be 2 to 5, not 7");
    options.protocol = 0;
    options.format = "h5";
    assert_save_fails(&options, CRN_UNSUPPORTED,
                      "StandardScaler is saved as joblib or pickle, not as h5");
}

static void test_compression_protocol_and_format(void **state)
{
    (void)state;
    static const char *const codecs[] = {"zlib", "gzip:9", "bz2:1", "lzma", "xz:0", "lz4"};
    const crn_array x = matrix_of("x");
    crn_array want = CRN_ARRAY_INIT;
    crn_model *model = fitted("PCA(n_components=2)", "x", NULL);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &want, &err));
    for (int i = 0; i < 14; i++) {
        crn_save_options options = CRN_SAVE_OPTIONS_INIT;
        crn_model *back = NULL;
        crn_array got = CRN_ARRAY_INIT;
        options.compress = i < 6 ? codecs[i] : NULL;
        options.protocol = i < 6 ? 0 : 2 + (i - 6) % 4;
        options.format = i < 10 ? "joblib" : "pickle";
        assert_ok(crn_model_save(model, "how.bin", &options, &err));
        assert_ok(crn_model_load("how.bin", NULL, &back, &err));
        assert_ok(crn_model_predict(back, CRN_TRANSFORM, &x, &got, &err));
        assert_memory_equal(got.data, want.data,
                            (size_t)crn_array_size(&want) * sizeof(double));
        crn_array_free(&got);
        crn_model_destroy(back);
    }
    remove("how.bin");
    crn_array_free(&want);
    crn_model_destroy(model);
}

/* Names are an array of str objects, as pandas' columns leave it. */
static void test_names_are_objects(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "größe", "d e"};
    crn_document *document = NULL;
    crn_data data = data_of("x", NULL, NULL);
    data.feature_names = names;
    crn_model *model = fitted_on("StandardScaler()", &data);
    assert_ok(crn_document_create(NULL, &document, &err));
    const crn_object *object = crn_sklearn_write(model, document, "1.9.1", &err);
    const crn_object *value = crn_object_get(object->as.instance->state, "feature_names_in_");
    assert_int_equal(crn_object_as_array(value)->dtype, CRN_OBJECT);
    assert_true(crn_object_is_str(crn_object_item(value->as.instance->elements, 2), "größe"));
    /* partial_fit wants an array of n_samples_seen_. */
    value = crn_object_get(object->as.instance->state, "n_samples_seen_");
    assert_int_equal(crn_object_as_array(value)->ndim, 0);
    crn_document_release(document);
    crn_model_destroy(model);
}

/* A fitted model is no longer the file it came from; an untouched one is. */
static void test_untouched_files(void **state)
{
    (void)state;
    const crn_data data = data_of("x", NULL, NULL);
    crn_buffer *first = NULL, *second = NULL, *third = NULL;
    crn_model *model = fitted("StandardScaler()", "x_constant", NULL), *back = NULL;
    assert_ok(crn_model_save(model, "one.joblib", NULL, &err));
    crn_model_destroy(model);
    assert_ok(crn_model_load("one.joblib", NULL, &back, &err));
    assert_ok(crn_model_save(back, "two.joblib", NULL, &err));
    assert_ok(crn_model_fit(back, &data, NULL, NULL, &err));
    assert_ok(crn_model_save(back, "three.joblib", NULL, &err));
    crn_model_destroy(back);
    assert_ok(crn_file_read("one.joblib", 0, &first, &err));
    assert_ok(crn_file_read("two.joblib", 0, &second, &err));
    assert_ok(crn_file_read("three.joblib", 0, &third, &err));
    assert_int_equal(crn_buffer_size(first), crn_buffer_size(second));
    assert_memory_equal(crn_buffer_data(first), crn_buffer_data(second),
                        crn_buffer_size(first));
    assert_true(
        crn_buffer_size(first) != crn_buffer_size(third) ||
        memcmp(crn_buffer_data(first), crn_buffer_data(third), crn_buffer_size(first)) != 0);
    crn_buffer_release(first);
    crn_buffer_release(second);
    crn_buffer_release(third);
    remove("one.joblib");
    remove("two.joblib");
    remove("three.joblib");
}

/* Python saves what is not fitted, too: its parameters alone. */
static void test_unfitted(void **state)
{
    (void)state;
    const crn_data data = data_of("x", NULL, NULL);
    crn_model *model =
        saved_and_loaded(parse("make_pipeline(StandardScaler(), PCA(n_components=3))"),
                         "unfitted.joblib", "1.2");
    assert_false(crn_model_has_method(model, CRN_TRANSFORM));
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_true(number_of(model, "steps[1].n_components_") == 3.0);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_of_each_version),
        cmocka_unit_test(test_every_target_loads),
        cmocka_unit_test(test_options_that_cannot_be),
        cmocka_unit_test(test_compression_protocol_and_format),
        cmocka_unit_test(test_names_are_objects),
        cmocka_unit_test(test_untouched_files),
        cmocka_unit_test(test_unfitted),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
