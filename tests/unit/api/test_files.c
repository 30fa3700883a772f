/* SPDX-License-Identifier: BSD-3-Clause */
/* Loading and saving: families by bytes, formats by suffix, containers, options. */
#include "unit/model/models.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

/* A new folder for one test's files. */
static const char *folder(void)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/cornichon-files-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

static const char *file_in(const char *where, const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", where, name);
    return path;
}

static size_t size_of_file(const char *path)
{
    crn_buffer *file = NULL;
    assert_ok(crn_file_read(path, 0, &file, &err));
    size_t size = crn_buffer_size(file);
    crn_buffer_release(file);
    return size;
}

static void test_bytes_are_as_good_as_a_file(void **state)
{
    (void)state;
    crn_buffer *file = NULL;
    crn_model *model = NULL;
    assert_ok(crn_file_read(model_path("pca"), 0, &file, &err));
    assert_ok(
        crn_model_load_bytes(crn_buffer_data(file), crn_buffer_size(file), NULL, &model, &err));
    crn_buffer_release(file);
    assert_string_equal(crn_model_class(model), "PCA");
    assert_int_equal(crn_model_features(model), 4);
    assert_null(crn_model_feature_name(model, 0));
    crn_model_destroy(model);
}

static void test_what_is_no_model(void **state)
{
    (void)state;
    crn_model *model = NULL;
    assert_status(CRN_FORMAT, crn_model_load_bytes("a,b\n1,2\n", 8, NULL, &model, &err));
    assert_string_equal(err.message,
                        "not a model: neither a joblib or pickle file nor a Keras .h5 or "
                        ".keras");
    assert_status(CRN_FORMAT, crn_model_load_bytes("", 0, NULL, &model, &err));
    assert_string_equal(err.message, "the file is empty");
    assert_status(CRN_IO, crn_model_load("/nowhere/model.joblib", NULL, &model, &err));
    crn_limits limits = CRN_LIMITS_INIT;
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    limits.file_bytes = 10;
    options.limits = &limits;
    assert_status(CRN_LIMIT, crn_model_load(model_path("pca"), &options, &model, &err));
    assert_status(CRN_LIMIT, crn_model_load_bytes("0123456789ab", 12, &options, &model, &err));
    options = (crn_load_options){0};
    assert_status(CRN_ARGUMENT, crn_model_load(model_path("pca"), &options, &model, &err));
    assert_string_equal(err.message, "crn_load_options is not initialised with its _INIT");
    assert_null(model);
}

static void test_members_of_a_container(void **state)
{
    (void)state;
    crn_load_options options = CRN_LOAD_OPTIONS_INIT;
    crn_model *model = load_model("bundle");
    assert_string_equal(crn_model_class(model), "LogisticRegression");
    crn_model_destroy(model);
    options.member = "scaler";
    assert_ok(crn_model_load(model_path("bundle"), &options, &model, &err));
    assert_string_equal(crn_model_class(model), "StandardScaler");
    crn_model_destroy(model);
    model = NULL;
    options.member = "pca";
    assert_status(CRN_NOT_FOUND, crn_model_load(model_path("bundle"), &options, &model, &err));
    assert_non_null(
        strstr(err.message, "'scaler' (StandardScaler), 'classifier' (LogisticRegression)"));
    assert_null(model);
}

static void test_saved_models_answer_the_same(void **state)
{
    (void)state;
    static const char *const names[] = {"a.joblib", "a.pkl", "a.joblib.gz", "a.joblib.xz"};
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    const char *where = folder();
    crn_model *model = load_model("logistic");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_model *again = NULL;
        assert_ok(crn_model_save(model, file_in(where, names[i]), NULL, &err));
        assert_ok(crn_model_load(file_in(where, names[i]), NULL, &again, &err));
        assert_answers(again, CRN_PREDICT_PROBA, &x, golden_get(&golden, "logistic_proba"));
        crn_model_destroy(again);
        unlink(file_in(where, names[i]));
    }
    assert_ok(crn_model_save(model, file_in(where, "same.joblib"), NULL, &err));
    assert_int_equal(size_of_file(file_in(where, "same.joblib")),
                     size_of_file(model_path("logistic")));
    unlink(file_in(where, "same.joblib"));
    rmdir(where);
    crn_model_destroy(model);
    golden_free(&golden);
}

static void test_a_fitted_model_is_saved_and_loaded(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    const char *where = folder();
    crn_data data = CRN_DATA_INIT;
    crn_model *model = parse_model("PCA(n_components=2)"), *again = NULL;
    crn_array before = CRN_ARRAY_INIT, after = CRN_ARRAY_INIT;
    data.x = x;
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_ok(crn_model_save(model, file_in(where, "pca.joblib"), NULL, &err));
    assert_ok(crn_model_load(file_in(where, "pca.joblib"), NULL, &again, &err));
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &before, &err));
    assert_ok(crn_model_predict(again, CRN_TRANSFORM, &x, &after, &err));
    assert_memory_equal(before.data, after.data, 10 * sizeof(double));
    crn_array_free(&before);
    crn_array_free(&after);
    crn_model_destroy(model);
    crn_model_destroy(again);
    unlink(file_in(where, "pca.joblib"));
    rmdir(where);
    golden_free(&golden);
}

static void test_formats_that_cannot_be(void **state)
{
    (void)state;
    crn_model *model = load_model("pca");
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    assert_status(CRN_ARGUMENT, crn_model_save(model, "/tmp/pca.bin", NULL, &err));
    assert_string_equal(err.message,
                        "the suffix of '/tmp/pca.bin' names no format: use .joblib, .pkl, "
                        ".h5, .keras, .weights.h5 or .json, or say the format");
    options.format = "onnx";
    assert_status(CRN_ARGUMENT, crn_model_save(model, "/tmp/pca.bin", &options, &err));
    assert_status(CRN_UNSUPPORTED, crn_model_save(model, "/tmp/pca.keras", NULL, &err));
    assert_status(CRN_IO, crn_model_save(model, "/nowhere/pca.joblib", NULL, &err));
    char *json = NULL;
    assert_status(CRN_UNSUPPORTED, crn_model_to_json(model, &json, &err));
    assert_status(CRN_UNSUPPORTED, crn_model_load_weights(model, "/tmp/x.h5", NULL, &err));
    assert_string_equal(err.message, "'PCA' object has no attribute 'load_weights'");
    crn_model_destroy(model);
    crn_model_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_as_good_as_a_file),
        cmocka_unit_test(test_what_is_no_model),
        cmocka_unit_test(test_members_of_a_container),
        cmocka_unit_test(test_saved_models_answer_the_same),
        cmocka_unit_test(test_a_fitted_model_is_saved_and_loaded),
        cmocka_unit_test(test_formats_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
