/* SPDX-License-Identifier: BSD-3-Clause */
/* Pipeline.fit: what each step is fitted on, and what scikit-learn says of steps that cannot
 * be. */
#include "unit/sklearn/fitting.h"

static void test_each_step_sees_what_the_one_before_made(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    crn_array z = CRN_ARRAY_INIT, got = CRN_ARRAY_INIT, want = CRN_ARRAY_INIT;
    crn_model *pipe = fitted_on("make_pipeline(StandardScaler(), PCA(n_components=2))", &data);
    crn_model *scaler = fitted_on("StandardScaler()", &data);
    assert_ok(crn_model_predict(scaler, CRN_TRANSFORM, &data.x, &z, &err));
    crn_data scaled = CRN_DATA_INIT;
    scaled.x = z;
    crn_model *pca = fitted_on("PCA(n_components=2)", &scaled);
    assert_ok(crn_model_predict(pipe, CRN_TRANSFORM, &data.x, &got, &err));
    assert_ok(crn_model_predict(pca, CRN_TRANSFORM, &z, &want, &err));
    assert_close(got.data, want.data, (size_t)crn_array_size(&want), 1e-12, 1e-12);
    crn_array_free(&z);
    crn_array_free(&got);
    crn_array_free(&want);
    crn_model_destroy(pipe);
    crn_model_destroy(scaler);
    crn_model_destroy(pca);
}

static void test_names_of_steps(void **state)
{
    (void)state;
    const crn_data data = data_of("x", NULL, NULL);
    assert_fit_fails("Pipeline([('a', StandardScaler()), ('a', PCA())])", &data, CRN_ARGUMENT,
                     "Names provided are not unique: ['a', 'a']");
    assert_fit_fails("Pipeline([('a__b', StandardScaler()), ('c', PCA())])", &data,
                     CRN_ARGUMENT, "Estimator names must not contain __: got ['a__b']");
    assert_fit_fails(
        "Pipeline([('steps', StandardScaler()), ('memory', PCA())])", &data, CRN_ARGUMENT,
        "Estimator names conflict with constructor arguments: ['steps', 'memory']");
}

static void test_steps_that_are_no_transformers(void **state)
{
    (void)state;
    const crn_data data = data_of("x", "y3", NULL);
    assert_fit_fails("make_pipeline(LogisticRegression(C=2), StandardScaler())", &data,
                     CRN_ARGUMENT,
                     "All intermediate steps should be transformers and implement fit and "
                     "transform or be the string "
                     "'passthrough' 'LogisticRegression(C=2)' doesn't");
    assert_string_equal(err.where, "steps[0]");
    crn_model *nested =
        parse("make_pipeline(make_pipeline(PCA(), LogisticRegression()), StandardScaler())");
    assert_status(CRN_ARGUMENT, crn_model_fit(nested, &data, NULL, NULL, &err));
    crn_model_destroy(nested);
    crn_model_destroy(
        fitted("make_pipeline(make_pipeline(PCA(), None), StandardScaler())", "x", NULL));
}

static void test_what_fit_does_not_take(void **state)
{
    (void)state;
    const crn_data weighted = data_of("x", "y3", "weight"), data = data_of("x", "y3", NULL);
    assert_fit_fails(
        "make_pipeline(PCA(), LogisticRegression())", &weighted, CRN_ARGUMENT,
        "Pipeline.fit does not accept the sample_weight parameter. You can pass parameters to "
        "specific "
        "steps of your pipeline using the stepname__parameter format, e.g. `Pipeline.fit(X, y, "
        "logisticregression__sample_weight=sample_weight)`.");
    assert_fit_fails(
        "make_pipeline(PCA(), transform_input=['x'])", &data, CRN_ARGUMENT,
        "The `transform_input` parameter can only be set if metadata routing is enabled.");
    crn_data mute = data;
    mute.y = (crn_array)CRN_ARRAY_INIT;
    assert_fit_fails(
        "make_pipeline(PCA(), LogisticRegression())", &mute, CRN_ARGUMENT,
        "This LogisticRegression estimator requires y to be passed, but the target y is None.");
    assert_string_equal(err.where, "steps[1]");
}

/* The scaler lets NaN through, so the step behind it must refuse it, in fit and in predict. */
static void test_nan_stops_at_the_step_that_minds(void **state)
{
    (void)state;
    const crn_data data = data_of("x_nan", NULL, NULL);
    assert_fit_fails("make_pipeline(StandardScaler(), PCA())", &data, CRN_ARGUMENT,
                     "Input X contains NaN.");
    assert_string_equal(err.where, "steps[1]");
    crn_array z = CRN_ARRAY_INIT;
    crn_model *model = fitted("make_pipeline(StandardScaler(), PCA())", "x", NULL);
    assert_status(CRN_ARGUMENT, crn_model_predict(model, CRN_TRANSFORM, &data.x, &z, &err));
    assert_string_equal(err.message, "Input X contains NaN.");
    crn_model_destroy(model);
    model = fitted_on("make_pipeline(StandardScaler(), MinMaxScaler())", &data);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &data.x, &z, &err));
    crn_array_free(&z);
    crn_model_destroy(model);
}

static void test_a_fit_that_fails_leaves_every_step(void **state)
{
    (void)state;
    crn_data data = data_of("x", "y3", NULL);
    double same[24] = {0};
    crn_model *model =
        fitted("make_pipeline(StandardScaler(), LogisticRegression())", "x", "y3");
    const double mean = number_of(model, "steps[0].mean_");
    data.x = matrix_of("x_constant");
    data.y = crn_array_view_1d(same, CRN_FLOAT64, 24);
    assert_status(CRN_ARGUMENT, crn_model_fit(model, &data, NULL, NULL, &err));
    assert_string_equal(err.where, "steps[1]");
    assert_true(number_of(model, "steps[0].mean_") == mean);
    assert_true(crn_model_has_method(model, CRN_PREDICT));
    crn_model_destroy(model);
}

static void test_names_of_features_go_to_the_first_step(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "größe", "d e"};
    static const char *const expressions[] = {
        "make_pipeline(StandardScaler(), PCA(n_components=2))",
        "make_pipeline('passthrough', make_pipeline(None, StandardScaler()), "
        "PCA(n_components=2))"};
    for (int i = 0; i < 2; i++) {
        crn_data data = data_of("x", NULL, NULL);
        data.feature_names = names;
        crn_model *model = saved_and_loaded(fitted_on(expressions[i], &data), "names.joblib",
                                            i == 0 ? "1.0" : NULL);
        assert_int_equal(crn_model_features(model), 4);
        for (int k = 0; k < 4; k++)
            assert_string_equal(crn_model_feature_name(model, k), names[k]);
        assert_null(crn_model_feature_name(model, 4));
        assert_null(
            crn_model_feature_name(crn_model_step(model, crn_model_step_count(model) - 1), 0));
        crn_model_destroy(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_step_sees_what_the_one_before_made),
        cmocka_unit_test(test_names_of_steps),
        cmocka_unit_test(test_steps_that_are_no_transformers),
        cmocka_unit_test(test_what_fit_does_not_take),
        cmocka_unit_test(test_nan_stops_at_the_step_that_minds),
        cmocka_unit_test(test_a_fit_that_fails_leaves_every_step),
        cmocka_unit_test(test_names_of_features_go_to_the_first_step),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
