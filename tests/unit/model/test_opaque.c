/* SPDX-License-Identifier: BSD-3-Clause */
/* A file whose class nobody described: it loads, shows what is in it, and says what is not
 * supported. */
#include "models.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

static void test_every_method_names_the_class(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model = load_model("foreign");
    assert_string_equal(crn_model_class(model), "MyPCA");
    assert_int_equal(crn_model_features(model), -1);
    for (crn_method method = CRN_PREDICT; method < CRN_METHOD_COUNT; method++) {
        assert_false(crn_model_has_method(model, method));
        assert_status(CRN_UNSUPPORTED, crn_model_predict(model, method, &x, &y, &err));
        assert_string_equal(err.message,
                            "company.models.MyPCA is not supported; the nearest class "
                            "that is: PCA");
        assert_int_not_equal(err.offset, CRN_NO_OFFSET);
    }
    crn_data data = CRN_DATA_INIT;
    data.x = x;
    assert_status(CRN_UNSUPPORTED, crn_model_fit(model, &data, NULL, NULL, &err));
    assert_status(CRN_UNSUPPORTED, crn_model_get(model, "mean_", &y, &err));
    crn_model_destroy(model);
    golden_free(&golden);
}

static void assert_shows(const crn_model *model, crn_inspection what, const char *part)
{
    char *text = NULL;
    assert_ok(crn_model_inspect(model, what, &text, &err));
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
    crn_string_free(text);
}

static void test_inspection_works(void **state)
{
    (void)state;
    crn_model *model = load_model("foreign");
    assert_shows(model, CRN_INSPECT_SUMMARY, "MyPCA\nmodule:   company.models\n");
    assert_shows(model, CRN_INSPECT_SUMMARY, "is not supported");
    assert_shows(model, CRN_INSPECT_PARAMS, "n_components               2\n");
    assert_shows(model, CRN_INSPECT_TREE, "MyPCA");
    assert_shows(model, CRN_INSPECT_TREE, "mean_");
    assert_shows(model, CRN_INSPECT_JSON, "\"supported\": false");
    assert_shows(model, CRN_INSPECT_PLAN, "no plan: company.models.MyPCA is not supported");
    crn_model_destroy(model);
}

static void test_it_is_written_as_it_was(void **state)
{
    (void)state;
    char path[] = "/tmp/cornichon-opaque-XXXXXX.joblib";
    int file = mkstemps(path, 7);
    assert_true(file >= 0);
    close(file);
    crn_model *model = load_model("foreign");
    assert_ok(crn_model_save(model, path, NULL, &err));
    crn_buffer *before = NULL, *after = NULL;
    assert_ok(crn_file_read(model_path("foreign"), 0, &before, &err));
    assert_ok(crn_file_read(path, 0, &after, &err));
    assert_int_equal(crn_buffer_size(before), crn_buffer_size(after));
    assert_memory_equal(crn_buffer_data(before), crn_buffer_data(after),
                        crn_buffer_size(before));
    crn_buffer_release(before);
    crn_buffer_release(after);
    unlink(path);

    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    options.sklearn = "1.2";
    assert_status(CRN_UNSUPPORTED, crn_model_save(model, path, &options, &err));
    crn_model_destroy(model);
}

static void test_a_file_that_is_no_model(void **state)
{
    (void)state;
    const char list[] = "\x80\x03]q\x00(K\x01K\x02"
                        "e."; /* pickle.dumps([1, 2], 3) */
    crn_model *model = NULL;
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_model_load_bytes(list, sizeof list - 1, NULL, &model, &err));
    assert_string_equal(crn_model_class(model), "list");
    assert_status(CRN_UNSUPPORTED, crn_model_predict(model, CRN_PREDICT, &y, &y, &err));
    assert_string_equal(err.message,
                        "the file holds an object of type list, which has no method predict");
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_method_names_the_class),
        cmocka_unit_test(test_inspection_works),
        cmocka_unit_test(test_it_is_written_as_it_was),
        cmocka_unit_test(test_a_file_that_is_no_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
