/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitting and judging through the public calls. */
#include "unit/model/models.h"

static void test_keras_options_are_refused_for_estimators(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    crn_data data = CRN_DATA_INIT;
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    crn_model *model = parse_model("StandardScaler()");
    data.x = iris_rows(&golden);
    options.epochs = 3;
    assert_status(CRN_ARGUMENT, crn_model_fit(model, &data, &options, NULL, &err));
    assert_string_equal(err.message,
                        "epochs is an option of Keras models; StandardScaler takes what "
                        "it needs as parameters");
    options = (crn_fit_options)CRN_FIT_OPTIONS_INIT;
    options.loss = "mse";
    assert_status(CRN_ARGUMENT, crn_model_fit(model, &data, &options, NULL, &err));
    options = (crn_fit_options)CRN_FIT_OPTIONS_INIT;
    options.seed = 1;
    options.has_seed = true;
    crn_history *history = NULL;
    assert_ok(crn_model_fit(model, &data, &options, &history, &err));
    assert_int_equal(crn_history_columns(history), 0);
    crn_history_destroy(history);
    crn_model_destroy(model);
    golden_free(&golden);
}

static void test_a_failed_fit_leaves_the_model_as_it_was(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    double row[4] = {1, NAN, 2, 3};
    crn_data data = CRN_DATA_INIT;
    crn_history *history = NULL;
    crn_model *model = load_model("pca");
    data.x = crn_array_view_2d(row, CRN_FLOAT64, 1, 4);
    assert_status(CRN_ARGUMENT, crn_model_fit(model, &data, NULL, &history, &err));
    assert_string_equal(err.message, "Input X contains NaN.");
    assert_null(history);
    assert_answers(model, CRN_TRANSFORM, &x, golden_get(&golden, "pca"));
    data.struct_size = 0;
    assert_status(CRN_ARGUMENT, crn_model_fit(model, &data, NULL, NULL, &err));
    crn_model_destroy(model);
    golden_free(&golden);
}

static void test_an_older_caller_has_a_shorter_struct(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    crn_data data = CRN_DATA_INIT;
    crn_model *model = parse_model("StandardScaler()");
    data.x = iris_rows(&golden);
    data.struct_size = offsetof(crn_data, feature_names);
    data.feature_names = (const char *const *)(uintptr_t)1; /* beyond what the size tells */
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_null(crn_model_feature_name(model, 0));
    crn_model_destroy(model);
    golden_free(&golden);
}

static void test_judging_needs_the_truth(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const int64_t truth[5] = {0, 1, 2, 2, 1};
    crn_data data = CRN_DATA_INIT;
    crn_scores *scores = NULL;
    crn_model *model = load_model("logistic");
    data.x = iris_rows(&golden);
    assert_status(CRN_ARGUMENT, crn_model_evaluate(model, &data, 0, NULL, &scores, &err));
    assert_string_equal(err.message,
                        "evaluating needs rows and what is true of them: y is missing");
    data.y = crn_array_view_1d(truth, CRN_INT64, 5);
    assert_ok(crn_model_evaluate(model, &data, 0, NULL, &scores, &err));
    assert_string_equal(crn_scores_name(scores, 0), "accuracy");
    assert_true(crn_scores_value(scores, 0) == 0.8);
    assert_int_equal(crn_scores_confusion(scores, 1, 2), 1);
    crn_scores_destroy(scores);

    scores = NULL;
    data.sample_weight = crn_array_view_1d(truth, CRN_INT64, 5);
    assert_status(CRN_UNSUPPORTED, crn_model_evaluate(model, &data, 0, NULL, &scores, &err));
    assert_null(scores);
    crn_model_destroy(model);
    golden_free(&golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keras_options_are_refused_for_estimators),
        cmocka_unit_test(test_a_failed_fit_leaves_the_model_as_it_was),
        cmocka_unit_test(test_an_older_caller_has_a_shorter_struct),
        cmocka_unit_test(test_judging_needs_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
