/* SPDX-License-Identifier: BSD-3-Clause */
/* Models from constructor expressions. */
#include "unit/model/models.h"

static void assert_refused(const char *expression, crn_status code, uint64_t offset,
                           const char *message)
{
    crn_model *model = NULL;
    assert_status(code, crn_model_parse(expression, &model, &err));
    assert_string_equal(err.message, message);
    assert_int_equal(err.offset, offset);
    assert_null(model);
}

static void test_estimators_and_pipelines(void **state)
{
    (void)state;
    crn_model *model = parse_model("LogisticRegression(C=0.5, max_iter=200)");
    crn_array C = CRN_ARRAY_INIT;
    assert_string_equal(crn_model_class(model), "LogisticRegression");
    assert_ok(crn_model_get(model, "C", &C, &err));
    assert_true(*(const double *)C.data == 0.5);
    crn_array_free(&C);
    crn_model_destroy(model);

    model = parse_model(
        "make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression())");
    assert_string_equal(crn_model_class(model), "Pipeline");
    assert_int_equal(crn_model_step_count(model), 3);
    assert_string_equal(crn_model_class(crn_model_step(model, 1)), "PCA");
    crn_model_destroy(model);

    model = parse_model("Pipeline([('scale', StandardScaler()),\n ('pca', PCA())])");
    assert_int_equal(crn_model_step_count(model), 2);
    crn_model_destroy(model);

    model = parse_model("PCA"); /* a class alone */
    assert_string_equal(crn_model_class(model), "PCA");
    crn_model_destroy(model);
}

static void test_mistakes(void **state)
{
    (void)state;
    assert_refused(
        "LogisticRegresion()", CRN_NOT_FOUND, 0,
        "there is no model class 'LogisticRegresion'; did you mean 'LogisticRegression'?");
    assert_refused("make_pipelin(PCA())", CRN_NOT_FOUND, 0,
                   "there is no model class 'make_pipelin'; did you mean 'make_pipeline'?");
    assert_refused("Zzzzzzzzzzzz()", CRN_NOT_FOUND, 0,
                   "there is no model class 'Zzzzzzzzzzzz'");
    assert_refused(" PCA(n_component=2)", CRN_NOT_FOUND, 5,
                   "PCA has no parameter 'n_component'; did you mean 'n_components'?");
    assert_refused("3", CRN_FORMAT, 0, "expected a model such as PCA(n_components=2), got int");
    assert_refused("PCA(", CRN_FORMAT, 4, "unexpected end of the expression");
    assert_refused(
        "LogisticRegression(C=-1.0)", CRN_ARGUMENT, 21,
        "The 'C' parameter of LogisticRegression must be a float in the range (0.0, inf]. "
        "Got -1.0 instead.");
}

static void test_a_parsed_model_can_be_fitted_and_asked(void **state)
{
    (void)state;
    golden_file golden = expected_answers();
    const crn_array x = iris_rows(&golden);
    crn_model *model = parse_model("StandardScaler()");
    crn_data data = CRN_DATA_INIT;
    data.x = x;
    assert_int_equal(crn_model_features(model), -1);
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_int_equal(crn_model_features(model), 4);
    crn_array y = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &y, &err));
    double sum = 0; /* of the first column, which is centred now */
    for (int i = 0; i < 5; i++)
        sum += ((const double *)y.data)[4 * i];
    assert_true(fabs(sum) < 1e-12);
    crn_array_free(&y);
    crn_model_destroy(model);
    golden_free(&golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_estimators_and_pipelines),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_a_parsed_model_can_be_fitted_and_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
