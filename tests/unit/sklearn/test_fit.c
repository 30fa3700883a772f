/* SPDX-License-Identifier: BSD-3-Clause */
/* fit() of the family: clones, names of features, what is taken over and what is left. */
#include "unit/sklearn/fitting.h"

static const char *const names[] = {"a", "b", "größe", "d e"};

static void test_a_clone_has_the_parameters_alone(void **state)
{
    (void)state;
    static const char *const expressions[] = {
        "StandardScaler(with_mean=False)", "MinMaxScaler(feature_range=(-1, 2))",
        "PCA(n_components=2, whiten=True)",
        "Pipeline([('a', StandardScaler()), ('b', None), ('c', PCA(copy=False))])"};
    for (int i = 0; i < 4; i++) {
        crn_model *clone = NULL, *model = fitted(expressions[i], "x", NULL);
        char *ours = NULL, *theirs = NULL;
        assert_ok(crn_sklearn_clone(model, &clone, &err));
        assert_false(crn_model_has_method(clone, CRN_TRANSFORM));
        assert_true(crn_model_has_method(model, CRN_TRANSFORM));
        assert_ok(crn_model_inspect(model, CRN_INSPECT_SUMMARY, &ours, &err));
        assert_ok(crn_model_inspect(clone, CRN_INSPECT_SUMMARY, &theirs, &err));
        const size_t line = strcspn(ours, "\n");
        assert_memory_equal(ours, theirs, line); /* the same repr */
        crn_string_free(ours);
        crn_string_free(theirs);
        crn_model_destroy(model); /* the clone owns what it needs */
        const crn_data data = data_of("x", NULL, NULL);
        assert_ok(crn_model_fit(clone, &data, NULL, NULL, &err));
        crn_model_destroy(clone);
    }
}

static void test_a_fit_starts_anew(void **state)
{
    (void)state;
    crn_data data = data_of("x", NULL, NULL);
    crn_model *model = fitted("StandardScaler()", "x_tall", NULL);
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_attributes(model, "scaler", "mean_,var_,scale_,n_samples_seen_", 1e-12);
    data.x.shape[1] = 2;
    assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
    assert_int_equal(crn_model_features(model), 2);
    crn_model_destroy(model);
}

static void test_names_are_kept_and_forgotten(void **state)
{
    (void)state;
    static const char *const expressions[] = {"StandardScaler()", "MinMaxScaler()", "PCA()",
                                              "LogisticRegression()"};
    for (int i = 0; i < 4; i++) {
        crn_data data = data_of("x", "y3", NULL);
        data.feature_names = names;
        crn_model *model =
            saved_and_loaded(fitted_on(expressions[i], &data), "fit.joblib", NULL);
        for (int k = 0; k < 4; k++)
            assert_string_equal(crn_model_feature_name(model, k), names[k]);
        data.feature_names = NULL;
        assert_ok(crn_model_fit(model, &data, NULL, NULL, &err));
        assert_null(crn_model_feature_name(model, 0));
        crn_model_destroy(model);
    }
}

static void test_names_that_are_no_text(void **state)
{
    (void)state;
    static const char *const bad[] = {"a", "b", "\xff", "d"};
    crn_data data = data_of("x", NULL, NULL);
    data.feature_names = bad;
    assert_fit_fails("StandardScaler()", &data, CRN_ARGUMENT, "string 2 is not valid UTF-8");
}

static void test_who_needs_y(void **state)
{
    (void)state;
    const crn_data data = data_of("x", NULL, NULL);
    assert_fit_fails(
        "LogisticRegression()", &data, CRN_ARGUMENT,
        "This LogisticRegression estimator requires y to be passed, but the target y is None.");
    crn_model_destroy(fitted("PCA()", "x", "y3")); /* y is not looked at */
}

/* x may lie in memory in any order and type. */
static void test_rows_in_any_layout(void **state)
{
    (void)state;
    float columns[4 * 24];
    const double *x = golden_get(&fits, "x")->values;
    for (int i = 0; i < 24; i++) {
        for (int j = 0; j < 4; j++)
            columns[j * 24 + i] = (float)x[i * 4 + j];
    }
    crn_data data = CRN_DATA_INIT;
    data.x = crn_array_view_2d(columns, CRN_FLOAT32, 24, 4);
    data.x.strides[0] = sizeof(float);
    data.x.strides[1] = 24 * sizeof(float);
    crn_model *model = fitted_on("StandardScaler()", &data);
    assert_attributes(model, "scaler", "mean_,scale_", 1e-6);
    crn_model_destroy(model);
}

static void test_classes_that_cannot_be_fitted(void **state)
{
    (void)state;
    const crn_data data = data_of("x", NULL, NULL);
    crn_model *model = model_of_state("sklearn.svm._classes", "SVC", "{'C': 1.0}");
    assert_status(CRN_UNSUPPORTED, crn_model_fit(model, &data, NULL, NULL, &err));
    assert_string_equal(err.message, "SVC cannot be fitted");
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_clone_has_the_parameters_alone),
        cmocka_unit_test(test_a_fit_starts_anew),
        cmocka_unit_test(test_names_are_kept_and_forgotten),
        cmocka_unit_test(test_names_that_are_no_text),
        cmocka_unit_test(test_who_needs_y),
        cmocka_unit_test(test_rows_in_any_layout),
        cmocka_unit_test(test_classes_that_cannot_be_fitted),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
