/* SPDX-License-Identifier: BSD-3-Clause */
/* Models in a row: answers, shapes between the steps, fitting. */
#include "models.h"

static crn_model *chain_of(const char *first, const char *second)
{
    crn_model *steps[2] = {load_model(first), load_model(second)}, *chain = NULL;
    assert_ok(crn_chain_create(steps, 2, &chain, &err));
    return chain;
}

static void test_the_second_gets_what_the_first_gives(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    crn_model *chain = chain_of("pca", "logistic_after_pca");
    assert_string_equal(crn_model_class(chain), "Chain");
    assert_int_equal(crn_model_features(chain), 4);
    assert_int_equal(crn_model_step_count(chain), 2);
    assert_string_equal(crn_model_class(crn_model_step(chain, 1)), "LogisticRegression");
    assert_null(crn_model_step(chain, 2));
    assert_answers(chain, CRN_PREDICT_PROBA, &x, golden_get(&golden, "after_pca_proba"));

    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(chain, CRN_PREDICT, &x, &y, &err));
    assert_int_equal(y.dtype, CRN_STRING);
    assert_string_equal(string_at(&y, 0), "setosa");
    assert_string_equal(string_at(&y, 1), "versicolor");
    assert_string_equal(string_at(&y, 4), "virginica");
    crn_array_free(&y);
    crn_model_destroy(chain);
    golden_free(&golden);
}

static void test_inverse_transform_goes_back(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    crn_model *chain = chain_of("scaler", "scaler");
    const crn_array x = iris_rows(&golden);
    crn_array there = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(chain, CRN_TRANSFORM, &x, &there, &err));
    assert_answers(chain, CRN_INVERSE_TRANSFORM, &there, golden_get(&golden, "rows"));
    crn_array_free(&there);
    assert_false(crn_model_has_method(chain, CRN_PREDICT));
    assert_status(CRN_UNSUPPORTED, crn_model_predict(chain, CRN_PREDICT, &x, &there, &err));
    assert_string_equal(err.message,
                        "'Chain' object has no attribute 'predict'; it has transform, "
                        "inverse_transform");
    crn_model_destroy(chain);
    golden_free(&golden);
}

static void test_chosen_methods(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    const crn_method methods[] = {CRN_INVERSE_TRANSFORM, CRN_TRANSFORM};
    crn_model *steps[2] = {load_model("scaler"), load_model("scaler")}, *chain = NULL;
    assert_ok(crn_chain_create_with_methods(steps, methods, 2, &chain, &err));
    assert_answers(chain, CRN_TRANSFORM, &x, golden_get(&golden, "rows"));
    crn_model_destroy(chain);
    golden_free(&golden);
}

static void test_widths_must_fit(void **state)
{
    (void)state;
    crn_model *steps[2] = {load_model("pca"), load_model("logistic")}, *chain = NULL;
    assert_status(CRN_SHAPE, crn_chain_create(steps, 2, &chain, &err));
    assert_string_equal(err.message,
                        "step 1 (LogisticRegression) expects 4 features, step 0 (PCA) gives 2");
    assert_null(chain);
    crn_model_destroy(steps[0]);
    crn_model_destroy(steps[1]);
}

static void test_labels_are_no_features(void **state)
{
    (void)state;
    const crn_method methods[] = {CRN_PREDICT, CRN_TRANSFORM};
    crn_model *chain = NULL, *steps[3] = {load_model("pca"), load_model("logistic_after_pca"),
                                          load_model("scaler")};
    assert_status(CRN_DTYPE,
                  crn_chain_create_with_methods(&steps[1], methods, 2, &chain, &err));
    assert_string_equal(err.message, "step 1 (StandardScaler) takes numbers, step 0 "
                                     "(LogisticRegression) gives str");
    for (int i = 0; i < 3; i++)
        crn_model_destroy(steps[i]);
}

static void test_arguments(void **state)
{
    (void)state;
    crn_model *chain = NULL, *same = load_model("scaler");
    crn_model *const twice[2] = {same, same};
    crn_model *const missing[2] = {same, NULL};
    assert_status(CRN_ARGUMENT, crn_chain_create(twice, 0, &chain, &err));
    assert_status(CRN_ARGUMENT, crn_chain_create(twice, 2, &chain, &err));
    assert_string_equal(err.message, "step 1 is step 0 again");
    assert_status(CRN_ARGUMENT, crn_chain_create(missing, 2, &chain, &err));
    assert_string_equal(err.message, "step 1 is NULL");
    crn_model_destroy(same);
}

static void test_an_unknown_class_is_named(void **state)
{
    (void)state;
    crn_model *chain = NULL;
    crn_model *steps[2] = {load_model("foreign"), load_model("logistic")};
    assert_status(CRN_UNSUPPORTED, crn_chain_create(steps, 2, &chain, &err));
    assert_string_equal(err.message,
                        "company.models.MyPCA is not supported; the nearest class that "
                        "is: PCA");
    assert_string_equal(err.where, "steps[0]");
    crn_model_destroy(steps[0]);
    crn_model_destroy(steps[1]);
}

static void test_parts_and_saving(void **state)
{
    (void)state;
    crn_model *chain = chain_of("pca", "logistic_after_pca");
    crn_array mean = CRN_ARRAY_INIT;
    assert_ok(crn_model_get(chain, "steps[0].mean_", &mean, &err));
    assert_int_equal(mean.shape[0], 4);
    crn_array_free(&mean);
    assert_status(CRN_NOT_FOUND, crn_model_get(chain, "steps[2].mean_", &mean, &err));
    assert_status(CRN_NOT_FOUND, crn_model_get(chain, "mean_", &mean, &err));
    assert_status(CRN_NOT_FOUND, crn_model_get(chain, "steps[0].means_", &mean, &err));
    assert_string_equal(err.where, "steps[0]");
    assert_status(CRN_UNSUPPORTED, crn_model_save(chain, "chain.joblib", NULL, &err));
    assert_string_equal(err.message,
                        "a chain of 2 steps is saved step by step, not as one joblib "
                        "file");
    crn_model_destroy(chain);
}

/* All of iris: x (150, 4) and y (150). */
static crn_data load_iris(crn_table **table)
{
    crn_data data = CRN_DATA_INIT;
    assert_ok(crn_table_dataset("iris", table, &err));
    assert_ok(crn_table_matrix(*table, NULL, 4, &data.x, &err));
    assert_true(crn_table_column(*table, crn_table_find(*table, "target"), &data.y));
    return data;
}

static void test_fit_and_evaluate(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    crn_table *iris = NULL;
    crn_data data = load_iris(&iris);
    crn_model *chain = NULL,
              *steps[3] = {parse_model("StandardScaler()"), parse_model("PCA(n_components=2)"),
                           parse_model("LogisticRegression()")};
    assert_ok(crn_chain_create(steps, 3, &chain, &err));
    assert_status(CRN_STATE,
                  crn_model_predict(chain, CRN_PREDICT, &x, &data.sample_weight, &err));
    assert_ok(crn_model_fit(chain, &data, NULL, NULL, &err));
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(chain, CRN_PREDICT_PROBA, &x, &y, &err));
    assert_close(y.data, golden_get(&golden, "pipeline_proba")->values, 15, 1e-3, 1e-6);
    crn_array_free(&y);

    crn_scores *scores = NULL;
    assert_ok(crn_model_evaluate(chain, &data, 0, NULL, &scores, &err));
    assert_string_equal(crn_scores_name(scores, 0), "accuracy");
    assert_true(crn_scores_value(scores, 0) > 0.9);
    assert_int_equal(crn_scores_classes(scores), 3);
    crn_scores_destroy(scores);
    crn_model_destroy(chain);
    crn_array_free(&data.x);
    crn_table_destroy(iris);
    golden_free(&golden);
}

static void test_a_step_that_fails_is_named(void **state)
{
    (void)state;
    crn_table *iris = NULL;
    crn_data data = load_iris(&iris);
    data.y = (crn_array)CRN_ARRAY_INIT;
    crn_model *chain = NULL;
    crn_model *steps[2] = {parse_model("StandardScaler()"),
                           parse_model("LogisticRegression()")};
    assert_ok(crn_chain_create(steps, 2, &chain, &err));
    assert_status(CRN_ARGUMENT, crn_model_fit(chain, &data, NULL, NULL, &err));
    assert_string_equal(err.where, "steps[1]");
    crn_model_destroy(chain);
    crn_array_free(&data.x);
    crn_table_destroy(iris);
}

static void test_inspection_shows_each_step(void **state)
{
    (void)state;
    crn_model *chain = chain_of("pca", "logistic_after_pca");
    char *text = NULL;
    assert_ok(crn_model_inspect(chain, CRN_INSPECT_SUMMARY, &text, &err));
    assert_non_null(strstr(text, "Chain of 2 steps"));
    assert_non_null(strstr(text, "steps[0] PCA"));
    assert_non_null(strstr(text, "PCA(n_components=2)"));
    assert_non_null(strstr(text, "steps[1] LogisticRegression"));
    crn_string_free(text);
    assert_ok(crn_model_inspect(chain, CRN_INSPECT_JSON, &text, &err));
    assert_memory_equal(text, "{\"class\": \"Chain\", \"steps\": [{", 30);
    crn_string_free(text);
    assert_ok(crn_model_inspect(chain, CRN_INSPECT_PLAN, &text, &err));
    assert_memory_equal(text, "predict\n", 8);
    crn_string_free(text);
    crn_model_destroy(chain);
}

/* A scaler lets NaN through, the PCA behind it does not: the strictest step decides, before
 * anything is computed. */
static void test_the_strictest_step_decides_about_nan(void **state)
{
    (void)state;
    double row[4] = {1, NAN, 2, 3};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 4);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *scalers = chain_of("scaler", "scaler"), *chain = chain_of("scaler", "pca");
    assert_ok(crn_model_predict(scalers, CRN_TRANSFORM, &x, &y, &err));
    assert_true(isnan(((const double *)y.data)[1]));
    crn_array_free(&y);
    assert_status(CRN_ARGUMENT, crn_model_predict(chain, CRN_TRANSFORM, &x, &y, &err));
    assert_string_equal(err.message, "Input X contains NaN.");
    row[1] = INFINITY;
    assert_status(CRN_ARGUMENT, crn_model_predict(scalers, CRN_TRANSFORM, &x, &y, &err));
    assert_string_equal(err.message,
                        "Input X contains infinity or a value too large for dtype('float64').");
    crn_model_destroy(scalers);
    crn_model_destroy(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_second_gets_what_the_first_gives),
        cmocka_unit_test(test_inverse_transform_goes_back),
        cmocka_unit_test(test_chosen_methods),
        cmocka_unit_test(test_widths_must_fit),
        cmocka_unit_test(test_labels_are_no_features),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_an_unknown_class_is_named),
        cmocka_unit_test(test_parts_and_saving),
        cmocka_unit_test(test_fit_and_evaluate),
        cmocka_unit_test(test_a_step_that_fails_is_named),
        cmocka_unit_test(test_inspection_shows_each_step),
        cmocka_unit_test(test_the_strictest_step_decides_about_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
