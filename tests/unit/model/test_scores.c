/* SPDX-License-Identifier: BSD-3-Clause */
/* Scores against sklearn.metrics 1.9.1 on the same labels. */
#include "test.h"

#include "model/model.h"

static crn_error err;

static double score(const crn_scores *scores, const char *name)
{
    for (int i = 0; i < crn_scores_count(scores); i++) {
        if (strcmp(crn_scores_name(scores, i), name) == 0)
            return crn_scores_value(scores, i);
    }
    fail_msg("there is no score '%s'", name);
    return 0;
}

static void assert_score(const crn_scores *scores, const char *name, double expected)
{
    const double got = score(scores, name);
    assert_close(&got, &expected, 1, 1e-15, 0);
}

static void test_classification_report(void **state)
{
    (void)state;
    const int64_t truth[] = {0, 0, 1, 1, 2, 2, 2, 1};
    const int32_t predicted[] = {0, 1, 1, 1, 2, 0, 2, 3};
    const crn_array y = crn_array_view_1d(truth, CRN_INT64, 8);
    const crn_array p = crn_array_view_1d(predicted, CRN_INT32, 8);
    crn_scores *scores = NULL;
    assert_ok(crn_scores_create(&scores, &err));
    assert_ok(crn_scores_classification(scores, &y, &p, &err));
    assert_string_equal(crn_scores_name(scores, 0), "accuracy");
    assert_score(scores, "accuracy", 0.625);
    assert_score(scores, "1 precision", 2.0 / 3);
    assert_score(scores, "2 f1-score", 0.8);
    assert_score(scores, "3 recall", 0.0);
    assert_score(scores, "3 support", 0.0);
    assert_score(scores, "macro avg precision", 0.5416666666666666);
    assert_score(scores, "macro avg recall", 0.45833333333333326);
    assert_score(scores, "macro avg f1-score", 0.49166666666666664);
    assert_score(scores, "weighted avg precision", 0.75);
    assert_score(scores, "weighted avg recall", 0.625);
    assert_score(scores, "weighted avg f1-score", 0.675);
    assert_score(scores, "weighted avg support", 8.0);

    const int64_t confusion[4][4] = {{1, 1, 0, 0}, {0, 2, 0, 1}, {1, 0, 2, 0}, {0, 0, 0, 0}};
    assert_int_equal(crn_scores_classes(scores), 4);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            assert_int_equal(crn_scores_confusion(scores, i, j), confusion[i][j]);
    assert_string_equal(crn_scores_class(scores, 3), "3");
    assert_null(crn_scores_class(scores, 4));
    assert_int_equal(crn_scores_confusion(scores, 4, 0), 0);
    assert_true(isnan(crn_scores_value(scores, 1000)));
    crn_scores_destroy(scores);
}

static void test_classes_with_names(void **state)
{
    (void)state;
    crn_array y = CRN_ARRAY_INIT, p = CRN_ARRAY_INIT;
    crn_scores *scores = NULL;
    assert_ok(crn_names_to_array((const char *const[]){"a", "bb", "a"}, 3, &y, &err));
    assert_ok(crn_names_to_array((const char *const[]){"a", "a", "a"}, 3, &p, &err));
    assert_ok(crn_scores_create(&scores, &err));
    assert_ok(crn_scores_classification(scores, &y, &p, &err));
    assert_score(scores, "accuracy", 2.0 / 3);
    assert_score(scores, "bb precision", 0.0);
    assert_string_equal(crn_scores_class(scores, 1), "bb");
    crn_scores_destroy(scores);
    crn_array_free(&y);
    crn_array_free(&p);
}

static crn_status classify(const crn_array *y, const crn_array *p)
{
    crn_scores *scores = NULL;
    err = (crn_error)CRN_ERROR_INIT;
    crn_status status = crn_scores_create(&scores, &err);
    if (status == CRN_OK)
        status = crn_scores_classification(scores, y, p, &err);
    crn_scores_destroy(scores);
    return status;
}

static void test_labels_that_cannot_be_compared(void **state)
{
    (void)state;
    const double numbers[] = {0.5, 1, 2, 3};
    crn_array text = CRN_ARRAY_INIT;
    assert_ok(crn_names_to_array((const char *const[]){"a", "b", "c", "d"}, 4, &text, &err));
    const crn_array reals = crn_array_view_1d(numbers, CRN_FLOAT64, 4);
    const crn_array three = crn_array_view_1d(numbers, CRN_FLOAT64, 3);
    const crn_array square = crn_array_view_2d(numbers, CRN_FLOAT64, 2, 2);
    assert_int_equal(classify(&reals, &text), CRN_DTYPE);
    assert_string_equal(err.message,
                        "Labels in y_true and y_pred should be of the same type. Got "
                        "float64 and str");
    assert_int_equal(classify(&reals, &three), CRN_SHAPE);
    assert_string_equal(err.message,
                        "Found input variables with inconsistent numbers of samples: [4, 3]");
    assert_int_equal(classify(&square, &square), CRN_SHAPE);
    assert_int_equal(classify(&reals, &reals), CRN_ARGUMENT); /* 0.5 is no class */
    crn_array_free(&text);
}

static void test_regression(void **state)
{
    (void)state;
    const double truth[] = {1, 2, 3, 4, 5, 5, 7, 1};         /* (4, 2) */
    const double predicted[] = {1.5, 2, 2, 4.5, 5, 6, 8, 1}; /* (4, 2) */
    const crn_array y = crn_array_view_2d(truth, CRN_FLOAT64, 4, 2);
    const crn_array p = crn_array_view_2d(predicted, CRN_FLOAT64, 4, 2);
    crn_scores *scores = NULL;
    assert_ok(crn_scores_create(&scores, &err));
    assert_ok(crn_scores_regression(scores, &y, &p, &err));
    assert_score(scores, "r2", 0.88125);
    assert_score(scores, "mse", 0.4375);
    assert_score(scores, "mae", 0.5);
    assert_int_equal(crn_scores_classes(scores), 0);
    crn_scores_destroy(scores);
}

static double r2(const double *truth, const double *predicted, int64_t rows)
{
    const crn_array y = crn_array_view_1d(truth, CRN_FLOAT64, rows);
    const crn_array p = crn_array_view_2d(predicted, CRN_FLOAT64, rows, 1);
    crn_scores *scores = NULL;
    assert_ok(crn_scores_create(&scores, &err));
    assert_ok(crn_scores_regression(scores, &y, &p, &err));
    const double value = score(scores, "r2");
    crn_scores_destroy(scores);
    return value;
}

static void test_r2_of_a_constant_truth(void **state)
{
    (void)state;
    const double two[] = {2, 2, 2}, other[] = {2, 2, 3};
    assert_true(r2(two, two, 3) == 1.0);
    assert_true(r2(two, other, 3) == 0.0);
    assert_true(isnan(r2(two, other, 1)));
}

static void test_regression_needs_equal_shapes(void **state)
{
    (void)state;
    const double numbers[6] = {0};
    const crn_array wide = crn_array_view_2d(numbers, CRN_FLOAT64, 2, 3);
    const crn_array narrow = crn_array_view_2d(numbers, CRN_FLOAT64, 2, 2);
    crn_scores *scores = NULL;
    assert_ok(crn_scores_create(&scores, &err));
    assert_status(CRN_SHAPE, crn_scores_regression(scores, &wide, &narrow, &err));
    assert_string_equal(err.message,
                        "y_true and y_pred have different number of output (3!=2)");
    crn_scores_destroy(scores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classification_report),
        cmocka_unit_test(test_classes_with_names),
        cmocka_unit_test(test_labels_that_cannot_be_compared),
        cmocka_unit_test(test_regression),
        cmocka_unit_test(test_r2_of_a_constant_truth),
        cmocka_unit_test(test_regression_needs_equal_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
