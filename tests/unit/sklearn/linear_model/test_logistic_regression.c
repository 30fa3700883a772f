/* SPDX-License-Identifier: BSD-3-Clause */
/* LogisticRegression asked, the files of older versions, what is written for each version, and
 * states that cannot be. */
#include "unit/sklearn/fitting.h"

#include "model/model.h"

static const char MODULE[] = "sklearn.linear_model._logistic";

static crn_array first_rows(void)
{
    crn_array x = matrix_of("x");
    x.shape[0] = 5;
    return x;
}

static void test_answers(void **state)
{
    (void)state;
    const crn_array x = first_rows();
    crn_model *model = fitted("LogisticRegression(tol=1e-9, max_iter=5000)", "x", "y3");
    assert_answer(model, CRN_PREDICT_PROBA, &x, "lr.predict_proba", 1e-5);
    assert_answer(model, CRN_DECISION_FUNCTION, &x, "lr.decision_function", 1e-5);
    crn_model_destroy(model);
    model = fitted("LogisticRegression(tol=1e-9, max_iter=5000)", "x", "y2");
    assert_answer(model, CRN_PREDICT_PROBA, &x, "lr_binary.predict_proba", 1e-5);
    assert_answer(model, CRN_PREDICT_LOG_PROBA, &x, "lr_binary.predict_log_proba", 1e-5);
    crn_array scores = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(model, CRN_DECISION_FUNCTION, &x, &scores, &err));
    assert_int_equal(scores.ndim, 1);
    crn_array_free(&scores);
    crn_model_destroy(model);
}

/* ---- states of several versions ---- */

/* Three classes, two features; `rest` says the parameters. */
static crn_model *three_classes(const char *rest)
{
    char text[640];
    snprintf(text, sizeof text,
             "{%s, 'n_features_in_': 2, 'classes_': [3, 5, 9], 'n_iter_': [4], 'coef_': [[1.0, "
             "0.0], [0.0, 1.0], [-1.0, "
             "-1.0]], 'intercept_': [0.5, 0.0, -0.5]}",
             rest);
    return model_of_state(MODULE, "LogisticRegression", text);
}

/* Frees the model. */
static void assert_probability(crn_model *model, double expected)
{
    const double row[2] = {0.25, -1.0};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 2);
    crn_array p = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(model, CRN_PREDICT_PROBA, &x, &p, &err));
    assert_int_equal(crn_array_size(&p), 3);
    assert_true(fabs(crn_array_get(&p, 0) - expected) < 1e-14);
    crn_array_free(&p);
    crn_model_destroy(model);
}

static void test_softmax_or_one_against_the_rest(void **state)
{
    (void)state;
    const double s[3] = {0.75, -1.0, 0.25};
    double softmax = 0.0, sigmoids = 0.0;
    for (int k = 0; k < 3; k++) {
        softmax += exp(s[k]);
        sigmoids += 1 / (1 + exp(-s[k]));
    }
    softmax = exp(s[0]) / softmax;
    sigmoids = 1 / (1 + exp(-s[0])) / sigmoids;
    assert_probability(three_classes("'solver': 'lbfgs', '_sklearn_version': '1.9.1'"),
                       softmax);
    assert_probability(
        three_classes("'solver': 'newton-cholesky', '_sklearn_version': '1.9.1'"), softmax);
    assert_probability(three_classes("'solver': 'lbfgs', 'multi_class': 'auto'"), softmax);
    assert_probability(three_classes("'solver': 'lbfgs', 'multi_class': 'ovr'"), sigmoids);
    assert_probability(three_classes("'solver': 'lbfgs', 'multi_class': 'warn'"), sigmoids);
    assert_probability(three_classes("'solver': 'liblinear', 'multi_class': 'auto'"), sigmoids);
    assert_probability(
        three_classes(
            "'solver': 'newton-cholesky', 'multi_class': 'auto', '_sklearn_version': '1.5.2'"),
        sigmoids);
    assert_probability(three_classes("'solver': 'newton-cholesky', 'multi_class': "
                                     "'deprecated', '_sklearn_version': '1.7.2'"),
                       softmax);
    assert_probability(three_classes("'solver': 'newton-cholesky', 'multi_class': "
                                     "'multinomial', '_sklearn_version': '1.2.2'"),
                       softmax);
}

/* A binary model fitted as multinomial takes the softmax of -s and s: the sigmoid of 2 s. */
static void test_binary_multinomial(void **state)
{
    (void)state;
    const double row[1] = {0.5};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 1);
    static const char text[] =
        "{'solver': 'lbfgs', 'multi_class': '%s', 'classes_': [0, 1], 'n_iter_': [4], 'coef_': "
        "[[1.0]], 'intercept_': [0.25]}";
    for (int i = 0; i < 2; i++) {
        char words[256];
        crn_array p = CRN_ARRAY_INIT;
        snprintf(words, sizeof words, text, i == 0 ? "multinomial" : "auto");
        crn_model *model = model_of_state(MODULE, "LogisticRegression", words);
        assert_ok(crn_model_predict(model, CRN_PREDICT_PROBA, &x, &p, &err));
        assert_true(fabs(crn_array_get(&p, 1) - 1 / (1 + exp(i == 0 ? -1.5 : -0.75))) < 1e-15);
        crn_array_free(&p);
        crn_model_destroy(model);
    }
}

/* fit_intercept=False left a plain 0.0 in old files. */
static void test_an_intercept_without_axes(void **state)
{
    (void)state;
    const double row[2] = {1, 2};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 2);
    crn_array s = CRN_ARRAY_INIT;
    for (int i = 0; i < 2; i++) {
        crn_model *model = model_of_state("sklearn.linear_model.logistic", "LogisticRegression",
                                          i == 0 ? "{'classes_': [0, 1], 'n_iter_': [4], "
                                                   "'coef_': [[1.0, 3.0]], 'intercept_': 0.0}"
                                                 : "{'classes_': [0, 1], 'n_iter_': [4], "
                                                   "'coef_': [[1.0, 3.0]], 'intercept_': 2.0}");
        assert_int_equal(crn_model_features(model), 2);
        assert_ok(crn_model_predict(model, CRN_DECISION_FUNCTION, &x, &s, &err));
        assert_true(crn_array_get(&s, 0) == (i == 0 ? 7.0 : 9.0));
        crn_array_free(&s);
        crn_model_destroy(model);
    }
}

/* ---- what is written ---- */

/* The value of a parameter in what is written for a version, as repr() shows it. */
static void assert_written(const crn_model *model, const char *sklearn, const char *name,
                           const char *expected)
{
    crn_document *document = NULL;
    crn_text text = CRN_TEXT_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    const crn_object *object = crn_sklearn_write(model, document, sklearn, &err);
    assert_non_null(object);
    crn_object_repr(crn_object_get(object->as.instance->state, name), 0, &text);
    if (strcmp(text.data, expected) != 0)
        fail_msg("%s for %s is %s, not %s", name, sklearn, text.data, expected);
    crn_text_free(&text);
    crn_document_release(document);
}

static void assert_unsayable(const crn_model *model, const char *sklearn, const char *message)
{
    crn_document *document = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    err = (crn_error)CRN_ERROR_INIT;
    assert_null(crn_sklearn_write(model, document, sklearn, &err));
    assert_int_equal(err.code, CRN_UNSUPPORTED);
    assert_string_equal(err.message, message);
    crn_document_release(document);
}

static void test_parameters_for_each_version(void **state)
{
    (void)state;
    static const struct {
        const char *version, *penalty, *l1_ratio, *multi_class, *newton;
    } cases[] = {
        {"1.0.2", "'l2'", "None", "'auto'", "'multinomial'"},
        {"1.2.2", "'l2'", "None", "'auto'", "'multinomial'"},
        {"1.5.2", "'l2'", "None", "'deprecated'", "'multinomial'"},
        {"1.7.2", "'l2'", "None", "'deprecated'", "'deprecated'"},
        {"1.8.0", "'deprecated'", "0.0", "'auto'", "'multinomial'"},
        {"1.9.1", "'deprecated'", "0.0", "'auto'", "'multinomial'"},
    };
    crn_model *model = fitted("LogisticRegression()", "x", "y3");
    crn_model *newton = fitted("LogisticRegression(solver='newton-cholesky')", "x", "y3");
    crn_model *binary = fitted("LogisticRegression(solver='newton-cholesky')", "x", "y2");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_written(model, cases[i].version, "penalty", cases[i].penalty);
        assert_written(model, cases[i].version, "l1_ratio", cases[i].l1_ratio);
        assert_written(model, cases[i].version, "multi_class", cases[i].multi_class);
        assert_written(newton, cases[i].version, "multi_class", cases[i].newton);
        assert_written(binary, cases[i].version, "multi_class", cases[i].multi_class);
    }
    crn_model_destroy(model);
    crn_model_destroy(newton);
    crn_model_destroy(binary);
    /* What was said is kept. */
    model = three_classes(
        "'solver': 'lbfgs', 'multi_class': 'ovr', 'penalty': None, 'l1_ratio': 0.25");
    assert_written(model, "1.2.2", "multi_class", "'ovr'");
    assert_written(model, "1.2.2", "penalty", "None");
    assert_written(model, "1.2.2", "l1_ratio", "0.25");
    assert_unsayable(model, "1.9.1",
                     "scikit-learn 1.9.1 has no multi_class='ovr' for more than two classes");
    crn_model_destroy(model);
}

/* A fit here is a fit of 1.9, whatever the file said. */
static void test_multi_class_ends_with_a_fit(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    crn_model *model =
        three_classes("'solver': 'lbfgs', 'multi_class': 'ovr', 'tol': 1e-9, 'max_iter': 5000");
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    const crn_array x = first_rows();
    assert_answer(model, CRN_PREDICT_PROBA, &x, "lr.predict_proba", 1e-5);
    crn_model_destroy(model);
}

/* ---- states that cannot be ---- */

static void assert_refused(const char *fitted_part, const char *message)
{
    char text[512];
    snprintf(text, sizeof text, "{'solver': 'lbfgs', 'n_iter_': [4], %s}", fitted_part);
    assert_state_fails(MODULE, "LogisticRegression", text, CRN_FORMAT, message);
}

static void test_states_that_cannot_be(void **state)
{
    (void)state;
    assert_refused("'classes_': [1], 'coef_': [[1.0]], 'intercept_': [0.0]",
                   "classes_ is not a list of at least two classes");
    assert_refused("'classes_': [1, 2], 'coef_': [[[1.0]]], 'intercept_': [0.0]",
                   "coef_ does not have 1 rows");
    assert_refused("'classes_': [1, 2, 3], 'coef_': [[1.0]], 'intercept_': [0.0]",
                   "coef_ does not have 3 rows");
    assert_refused(
        "'classes_': [1, 2], 'n_features_in_': 3, 'coef_': [[1.0]], 'intercept_': [0.0]",
        "coef_ is for 1 features, expected 3");
    assert_refused("'classes_': [1, 2], 'coef_': [[1.0]], 'intercept_': [0.0, 1.0]",
                   "intercept_ does not have 1 elements");
    assert_refused("'classes_': [1, 2], 'coef_': [['a']], 'intercept_': [0.0]",
                   "coef_ and intercept_ must hold numbers");
    assert_refused("'classes_': [1, 2], 'coef_': [[1.0]]",
                   "LogisticRegression has no attribute 'intercept_'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_softmax_or_one_against_the_rest),
        cmocka_unit_test(test_binary_multinomial),
        cmocka_unit_test(test_an_intercept_without_axes),
        cmocka_unit_test(test_parameters_for_each_version),
        cmocka_unit_test(test_multi_class_ends_with_a_fit),
        cmocka_unit_test(test_states_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
