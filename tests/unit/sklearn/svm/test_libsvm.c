/* SPDX-License-Identifier: BSD-3-Clause */
/* States of support vector machines that predicting could not rely on, and what is refused when
 * a method is asked for. */
#include "unit/sklearn/fitting.h"

/* A binary machine of two support vectors, with one thing wrong at a time: the last of two
 * equal keys counts. */
#define SVC_STATE(more)                                                                        \
    "{'kernel': 'rbf', 'classes_': [0, 1], '_gamma': 0.5, 'support_': [0, 2], "                \
    "'support_vectors_': [[1.0, 2.0], [3.0, 4.0]], '_n_support': [1, 1], "                     \
    "'dual_coef_': [[1.0, -1.0]], 'intercept_': [0.25], '_probA': [], '_probB': [], "          \
    "'shape_fit_': (3, 2), '_intercept_': [-0.25], '_dual_coef_': [[-1.0, 1.0]]" more "}"

static void expect_refused(const char *text, const char *message)
{
    crn_model *model = NULL;
    const crn_status status = read_state("sklearn.svm", "SVC", text, &model);
    assert_true(status == CRN_FORMAT || status == CRN_SHAPE);
    assert_null(model);
    if (strstr(err.message, message) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, message);
}

static void test_a_whole_state_predicts(void **state)
{
    (void)state;
    const double rows[] = {1.0, 2.0, 3.0, 4.0};
    const crn_array x = crn_array_view_2d(rows, CRN_FLOAT64, 2, 2);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model = model_of_state("sklearn.svm", "SVC", SVC_STATE(""));
    assert_int_equal(crn_model_features(model), 2);
    assert_ok(crn_model_predict(model, CRN_DECISION_FUNCTION, &x, &y, &err));
    const double far = 0.018315638888734179; /* exp(-0.5 * 8) */
    const double want[] = {1.25 - far, far - 0.75};
    assert_close((const double *)y.data, want, 2, 1e-15, 0);
    crn_array_free(&y);
    assert_ok(crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_int_equal(((const int64_t *)y.data)[0], 1);
    assert_int_equal(((const int64_t *)y.data)[1], 0);
    crn_array_free(&y);
    assert_false(crn_model_has_method(model, CRN_PREDICT_PROBA));
    crn_model_destroy(model);
}

static void test_what_does_not_agree(void **state)
{
    (void)state;
    expect_refused(SVC_STATE(", 'classes_': [0]"), "at least two classes");
    expect_refused(SVC_STATE(", 'classes_': [0, 1, 2]"), "does not fit");
    expect_refused(SVC_STATE(", '_n_support': [2, 1]"), "does not count");
    expect_refused(SVC_STATE(", '_n_support': [-1, 3]"), "does not count");
    expect_refused(SVC_STATE(", '_n_support': [1]"), "_n_support");
    expect_refused(SVC_STATE(", '_intercept_': [1.0, 2.0]"), "_intercept_");
    expect_refused(SVC_STATE(", '_dual_coef_': [['a', 'b']]"), "_dual_coef_");
    expect_refused(SVC_STATE(", 'support_vectors_': [[1.0, 2.0]]"), "support_vectors_");
    expect_refused(SVC_STATE(", 'shape_fit_': (3, 5)"), "support_vectors_");
    expect_refused(SVC_STATE(", 'shape_fit_': 3"), "shape_fit_");
    expect_refused(SVC_STATE(", '_probA': [1.0]"), "_probA and _probB");
    expect_refused(SVC_STATE(", 'decision_function_shape': 'all'"), "decision_function_shape");
    /* a column of the kernel that no row has */
    expect_refused(SVC_STATE(", 'kernel': 'precomputed', 'support_': [0, 3]"),
                   "a row that is not there");
}

static void test_a_kernel_of_the_users_own_is_named(void **state)
{
    (void)state;
    const double row[] = {1.0, 2.0};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 2);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model =
        model_of_state("sklearn.svm", "SVC", SVC_STATE(", 'kernel': 'tanimoto'"));
    assert_status(CRN_UNSUPPORTED, crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_non_null(strstr(err.message, "kernel='tanimoto' is not supported"));
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_state_predicts),
        cmocka_unit_test(test_what_does_not_agree),
        cmocka_unit_test(test_a_kernel_of_the_users_own_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
