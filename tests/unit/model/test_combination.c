/* SPDX-License-Identifier: BSD-3-Clause */
/* Models side by side, as VotingClassifier(voting='soft') and 'hard' put them. */
#include "models.h"

static crn_model *combine(const char *const *names, int count, crn_combination how)
{
    crn_model *models[4], *combination = NULL;
    for (int i = 0; i < count; i++)
        models[i] = load_model(names[i]);
    assert_ok(crn_combination_create(models, count, how, &combination, &err));
    return combination;
}

static void test_mean_of_probabilities(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    crn_model *both =
        combine((const char *const[]){"logistic", "strong_logistic"}, 2, CRN_COMBINE_MEAN);
    const double *a = golden_get(&golden, "logistic_proba")->values;
    const double *b = golden_get(&golden, "strong_proba")->values;
    double mean[15]; /* (5, 3) */
    for (int i = 0; i < 15; i++)
        mean[i] = (a[i] + b[i]) / 2;
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(both, CRN_PREDICT_PROBA, &x, &y, &err));
    assert_int_equal(crn_array_size(&y), 15);
    assert_close(y.data, mean, 15, 1e-9, 1e-12);
    crn_array_free(&y);
    assert_ok(crn_model_predict(both, CRN_PREDICT, &x, &y, &err));
    for (int i = 0; i < 5; i++) {
        int best = mean[3 * i + 1] > mean[3 * i];
        best = mean[3 * i + 2] > mean[3 * i + best] ? 2 : best;
        assert_int_equal(((const int64_t *)y.data)[i], best);
    }
    crn_array_free(&y);
    assert_false(crn_model_has_method(both, CRN_TRANSFORM));
    assert_string_equal(crn_model_class(both), "Combination");
    assert_int_equal(crn_model_step_count(both), 2);
    crn_model_destroy(both);
    golden_free(&golden);
}

static void test_the_majority_wins_and_ties_go_to_the_first_class(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    /* strong: 0 2 2 2 2, logistic: 0 1 2 2 2, pipeline: 0 1 2 2 1 */
    crn_model *two =
        combine((const char *const[]){"strong_logistic", "pipeline"}, 2, CRN_COMBINE_VOTE);
    crn_model *three = combine((const char *const[]){"strong_logistic", "logistic", "pipeline"},
                               3, CRN_COMBINE_VOTE);
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(two, CRN_PREDICT, &x, &y, &err));
    assert_memory_equal(y.data, ((int64_t[]){0, 1, 2, 2, 1}), 5 * sizeof(int64_t));
    crn_array_free(&y);
    assert_ok(crn_model_predict(three, CRN_PREDICT, &x, &y, &err));
    assert_memory_equal(y.data, ((int64_t[]){0, 1, 2, 2, 2}), 5 * sizeof(int64_t));
    crn_array_free(&y);
    assert_false(crn_model_has_method(three, CRN_PREDICT_PROBA));
    crn_model_destroy(two);
    crn_model_destroy(three);
    golden_free(&golden);
}

static void assert_refused(const char *first, const char *second, crn_combination how,
                           crn_status expected, const char *message)
{
    crn_model *models[2] = {load_model(first), load_model(second)}, *combination = NULL;
    assert_status(expected, crn_combination_create(models, 2, how, &combination, &err));
    assert_string_equal(err.message, message);
    assert_null(combination);
    crn_model_destroy(models[0]);
    crn_model_destroy(models[1]);
}

static void test_what_cannot_be_combined(void **state)
{
    (void)state;
    assert_refused(
        "logistic", "logistic_after_pca", CRN_COMBINE_MEAN, CRN_SHAPE,
        "model 1 (LogisticRegression) takes other inputs than model 0 (LogisticRegression)");
    crn_model *same = load_model("logistic"), *out = NULL;
    crn_model *const models[1] = {same};
    assert_status(CRN_ARGUMENT,
                  crn_combination_create(models, 1, (crn_combination)7, &out, &err));
    assert_status(CRN_ARGUMENT, crn_combination_create(NULL, 1, CRN_COMBINE_MEAN, &out, &err));
    crn_model_destroy(same);
}

static void test_classes_must_be_the_same(void **state)
{
    (void)state;
    crn_model *models[2] = {NULL, load_model("logistic")}, *combination = NULL;
    crn_model *steps[2] = {load_model("pca"), load_model("logistic_after_pca")};
    assert_ok(crn_chain_create(steps, 2, &models[0], &err));
    assert_status(CRN_SHAPE,
                  crn_combination_create(models, 2, CRN_COMBINE_MEAN, &combination, &err));
    assert_string_equal(err.message,
                        "model 1 (LogisticRegression) has other classes than those before it");
    crn_model_destroy(models[0]);
    crn_model_destroy(models[1]);
}

static void test_all_are_fitted_on_the_same_rows(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    const int64_t labels[] = {0, 1, 1, 0, 1};
    crn_data data = CRN_DATA_INIT;
    data.x = x;
    data.y = crn_array_view_1d(labels, CRN_INT64, 5);
    crn_model *models[2] = {parse_model("LogisticRegression(C=10)"),
                            parse_model("LogisticRegression()")};
    crn_model *both = NULL;
    assert_ok(crn_combination_create(models, 2, CRN_COMBINE_MEAN, &both, &err));
    assert_false(crn_model_has_method(both, CRN_PREDICT));
    assert_ok(crn_model_fit(both, &data, NULL, NULL, &err));
    assert_true(crn_model_has_method(both, CRN_PREDICT_PROBA));
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(both, CRN_PREDICT_PROBA, &x, &y, &err));
    assert_int_equal(y.shape[1], 2);
    crn_array_free(&y);
    crn_model_destroy(both);
    golden_free(&golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mean_of_probabilities),
        cmocka_unit_test(test_the_majority_wins_and_ties_go_to_the_first_class),
        cmocka_unit_test(test_what_cannot_be_combined),
        cmocka_unit_test(test_classes_must_be_the_same),
        cmocka_unit_test(test_all_are_fitted_on_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
