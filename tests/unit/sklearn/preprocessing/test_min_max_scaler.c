/* SPDX-License-Identifier: BSD-3-Clause */
/* MinMaxScaler: the numbers of scikit-learn, ranges, clipping, and states that cannot be. */
#include "unit/sklearn/fitting.h"

static const char ATTRIBUTES[] = "scale_,min_,data_min_,data_max_,data_range_,n_samples_seen_";
static const char MODULE[] = "sklearn.preprocessing._data";

static void test_fits(void **state)
{
    (void)state;
    static const struct {
        const char *name, *expression, *x;
    } cases[] = {{"minmax", "MinMaxScaler()", "x"},
                 {"minmax_range", "MinMaxScaler(feature_range=(-1, 2))", "x"},
                 {"minmax_nan", "MinMaxScaler()", "x_nan"},
                 {"minmax_constant", "MinMaxScaler()", "x_constant"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_model *model = fitted(cases[i].expression, cases[i].x, NULL);
        assert_attributes(model, cases[i].name, ATTRIBUTES, 1e-12);
        crn_model_destroy(model);
    }
}

static void test_one_row(void **state)
{
    (void)state;
    crn_data data = data_of("x", NULL, NULL);
    data.x.shape[0] = 1;
    crn_model *model = fitted_on("MinMaxScaler()", &data);
    assert_attributes(model, "minmax_one_row", ATTRIBUTES, 1e-12);
    crn_model_destroy(model);
}

/* The first three rows, doubled, so that some values leave the range. */
static void test_answers(void **state)
{
    (void)state;
    double doubled[12];
    crn_array back = CRN_ARRAY_INIT, z = CRN_ARRAY_INIT;
    for (int i = 0; i < 12; i++)
        doubled[i] = 2 * golden_get(&fits, "x")->values[i];
    const crn_array rows = crn_array_view_2d(doubled, CRN_FLOAT64, 3, 4);
    crn_model *model = fitted("MinMaxScaler(feature_range=(-1, 2))", "x", NULL);
    assert_answer(model, CRN_TRANSFORM, &rows, "minmax_range.transform", 1e-12);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &rows, &z, &err));
    assert_ok(crn_model_predict(model, CRN_INVERSE_TRANSFORM, &z, &back, &err));
    assert_close(back.data, doubled, 12, 1e-12, 1e-12);
    crn_array_free(&z);
    crn_array_free(&back);
    crn_model_destroy(model);

    model =
        saved_and_loaded(fitted("MinMaxScaler(clip=True)", "x", NULL), "minmax.joblib", "1.0");
    assert_answer(model, CRN_TRANSFORM, &rows, "minmax_clip.transform", 1e-12);
    crn_model_destroy(model);
}

static void test_nan_stays_and_is_not_clipped(void **state)
{
    (void)state;
    double rows[4] = {1e6, NAN, -1e6, 3};
    const crn_array x = crn_array_view_2d(rows, CRN_FLOAT64, 1, 4);
    crn_array z = CRN_ARRAY_INIT;
    crn_model *model = fitted("MinMaxScaler(clip=True)", "x", NULL);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_true(crn_array_get(&z, 0) == 1.0 && isnan(crn_array_get(&z, 1)) &&
                crn_array_get(&z, 2) == 0.0);
    crn_array_free(&z);
    crn_model_destroy(model);
}

static void test_ranges_that_cannot_be(void **state)
{
    (void)state;
    const crn_data data = data_of("x", NULL, NULL);
    assert_fit_fails(
        "MinMaxScaler(feature_range=(1, 0))", &data, CRN_ARGUMENT,
        "Minimum of desired feature range must be smaller than maximum. Got (1, 0).");
    assert_fit_fails(
        "MinMaxScaler(feature_range=(2, 2))", &data, CRN_ARGUMENT,
        "Minimum of desired feature range must be smaller than maximum. Got (2, 2).");
    assert_fit_fails("MinMaxScaler(feature_range=(1, 'a'))", &data, CRN_ARGUMENT,
                     "The 'feature_range' parameter of MinMaxScaler must be an instance of "
                     "'tuple' of two numbers.");
    assert_parse_fails("MinMaxScaler(feature_range=[0, 1])", CRN_ARGUMENT,
                       "The 'feature_range' parameter of MinMaxScaler must be an instance of "
                       "'tuple'. Got [0, 1] "
                       "instead.");
}

static void test_weights_are_not_taken(void **state)
{
    (void)state;
    const crn_data data = data_of("x", NULL, "weight");
    assert_fit_fails("MinMaxScaler()", &data, CRN_ARGUMENT,
                     "MinMaxScaler.fit() got an unexpected keyword argument 'sample_weight'");
}

static void test_states_that_cannot_be(void **state)
{
    (void)state;
    assert_state_fails(MODULE, "MinMaxScaler",
                       "{'feature_range': (0, 1), 'copy': True, 'n_samples_seen_': 3, "
                       "'scale_': [1.0], 'min_': [0.0, "
                       "1.0], 'data_min_': [0.0], 'data_max_': [1.0], 'data_range_': [1.0]}",
                       CRN_SHAPE, "min_ has shape (2,), expected (n_features_in_=1)");
    assert_state_fails(MODULE, "MinMaxScaler",
                       "{'feature_range': (0, 1), 'copy': True, 'n_samples_seen_': 3, "
                       "'scale_': ['a'], 'min_': [0.0], "
                       "'data_min_': [0.0], 'data_max_': [1.0], 'data_range_': [1.0]}",
                       CRN_FORMAT, "scale_ and min_ must hold numbers");
    assert_state_fails(MODULE, "MinMaxScaler",
                       "{'feature_range': None, 'copy': True, 'n_samples_seen_': 3, 'scale_': "
                       "[1.0], 'min_': [0.0], "
                       "'data_min_': [0.0], 'data_max_': [1.0], 'data_range_': [1.0]}",
                       CRN_ARGUMENT,
                       "The 'feature_range' parameter of MinMaxScaler must be an instance of "
                       "'tuple' of two numbers.");
}

/* Before 0.24 there was no clip, and no n_features_in_. */
static void test_an_old_state(void **state)
{
    (void)state;
    crn_model *model = model_of_state(
        "sklearn.preprocessing.data", "MinMaxScaler",
        "{'feature_range': (0, 1), 'copy': True, 'n_samples_seen_': 3, 'scale_': [2.0], "
        "'min_': [0.5], 'data_min_': [0.0], 'data_max_': [1.0], 'data_range_': [1.0]}");
    double row[1] = {4};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 1);
    crn_array z = CRN_ARRAY_INIT;
    assert_int_equal(crn_model_features(model), 1);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_true(crn_array_get(&z, 0) == 8.5);
    crn_array_free(&z);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_one_row),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_nan_stays_and_is_not_clipped),
        cmocka_unit_test(test_ranges_that_cannot_be),
        cmocka_unit_test(test_weights_are_not_taken),
        cmocka_unit_test(test_states_that_cannot_be),
        cmocka_unit_test(test_an_old_state),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
