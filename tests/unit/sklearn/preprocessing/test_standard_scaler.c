/* SPDX-License-Identifier: BSD-3-Clause */
/* StandardScaler: the numbers of scikit-learn, what may be missing, and states that cannot be.
 */
#include "unit/sklearn/fitting.h"

static const char ATTRIBUTES[] = "mean_,var_,scale_,n_samples_seen_";
static const char MODULE[] = "sklearn.preprocessing._data";

static void test_fits(void **state)
{
    (void)state;
    static const struct {
        const char *name, *x, *weight;
    } cases[] = {{"scaler", "x", NULL},
                 {"scaler_weight", "x", "weight"},
                 {"scaler_nan", "x_nan", NULL},
                 {"scaler_constant", "x_constant", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const crn_data data = data_of(cases[i].x, NULL, cases[i].weight);
        crn_model *model = fitted_on("StandardScaler()", &data);
        assert_attributes(model, cases[i].name, ATTRIBUTES, 1e-12);
        crn_model_destroy(model);
    }
}

static void test_constant_features_are_not_scaled(void **state)
{
    (void)state;
    crn_model *model = fitted("StandardScaler()", "x_constant", NULL);
    crn_array scale = CRN_ARRAY_INIT;
    assert_ok(crn_model_get(model, "scale_", &scale, &err));
    assert_true(crn_array_get(&scale, 1) == 1.0 && crn_array_get(&scale, 2) == 1.0);
    crn_array_free(&scale);
    crn_model_destroy(model);
}

static void test_one_row_has_no_variance(void **state)
{
    (void)state;
    crn_data data = data_of("x", NULL, NULL);
    data.x.shape[0] = 1;
    crn_model *model = fitted_on("StandardScaler()", &data);
    assert_attributes(model, "scaler_one_row", ATTRIBUTES, 1e-12);
    crn_model_destroy(model);
}

/* Rows are counted in integers, weights are summed. */
static void test_what_was_seen(void **state)
{
    (void)state;
    crn_array seen = CRN_ARRAY_INIT;
    crn_model *model = fitted("StandardScaler()", "x", NULL);
    assert_ok(crn_model_get(model, "n_samples_seen_", &seen, &err));
    assert_int_equal(seen.dtype, CRN_INT64);
    assert_int_equal(seen.ndim, 0);
    crn_array_free(&seen);
    crn_model_destroy(model);

    model = fitted("StandardScaler()", "x_nan", NULL);
    assert_ok(crn_model_get(model, "n_samples_seen_", &seen, &err));
    assert_int_equal(seen.ndim, 1);
    crn_array_free(&seen);
    crn_model_destroy(model);

    const crn_data weighted = data_of("x", NULL, "weight");
    model = fitted_on("StandardScaler()", &weighted);
    assert_ok(crn_model_get(model, "n_samples_seen_", &seen, &err));
    assert_int_equal(seen.dtype, CRN_FLOAT64);
    crn_array_free(&seen);
    crn_model_destroy(model);
}

static void test_parts_that_are_switched_off(void **state)
{
    (void)state;
    const crn_array x = matrix_of("x");
    static const char *const expressions[] = {
        "StandardScaler()", "StandardScaler(with_mean=False)", "StandardScaler(with_std=False)",
        "StandardScaler(with_mean=False, with_std=False)"};
    const double *mean = golden_get(&fits, "scaler.mean_")->values;
    const double *scale = golden_get(&fits, "scaler.scale_")->values;
    for (int i = 0; i < 4; i++) {
        crn_array z = CRN_ARRAY_INIT, back = CRN_ARRAY_INIT;
        crn_model *model =
            saved_and_loaded(fitted(expressions[i], "x", NULL), "scaler.joblib", NULL);
        assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
        for (int j = 0; j < 4; j++) {
            const double centred = crn_array_get(&x, j) - (i & 1 ? 0.0 : mean[j]);
            const double expected = centred / (i & 2 ? 1.0 : scale[j]);
            assert_true(fabs(crn_array_get(&z, j) - expected) < 1e-12);
        }
        assert_ok(crn_model_predict(model, CRN_INVERSE_TRANSFORM, &z, &back, &err));
        assert_close(back.data, x.data, (size_t)crn_array_size(&x), 1e-12, 1e-12);
        crn_array_free(&z);
        crn_array_free(&back);
        crn_model_destroy(model);
    }
}

/* scikit-learn sets mean_ and var_ only where it needs them. */
static void test_attributes_that_are_none(void **state)
{
    (void)state;
    crn_array got = CRN_ARRAY_INIT;
    crn_model *model = fitted("StandardScaler(with_mean=False, with_std=False)", "x", NULL);
    assert_status(CRN_NOT_FOUND, crn_model_get(model, "mean_", &got, &err));
    assert_string_equal(err.message, "StandardScaler.mean_ is not set");
    assert_true(number_of(model, "n_samples_seen_") == 24.0);
    crn_model_destroy(model);
    model = fitted("StandardScaler(with_std=False)", "x", NULL);
    assert_status(CRN_NOT_FOUND, crn_model_get(model, "var_", &got, &err));
    assert_attributes(model, "scaler", "mean_", 1e-12);
    crn_model_destroy(model);
}

static void test_nan_passes_and_infinity_does_not(void **state)
{
    (void)state;
    double rows[4] = {1, NAN, 2, 3};
    crn_array x = crn_array_view_2d(rows, CRN_FLOAT64, 1, 4), z = CRN_ARRAY_INIT;
    crn_model *model = fitted("StandardScaler()", "x", NULL);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_true(isnan(crn_array_get(&z, 1)) && !isnan(crn_array_get(&z, 0)));
    crn_array_free(&z);
    rows[2] = INFINITY;
    assert_status(CRN_ARGUMENT, crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_string_equal(err.message,
                        "Input X contains infinity or a value too large for dtype('float64').");
    crn_data data = CRN_DATA_INIT;
    data.x = x;
    assert_status(CRN_ARGUMENT, crn_model_fit(model, &data, NULL, NULL, &err));
    crn_model_destroy(model);
}

static void test_states_that_cannot_be(void **state)
{
    (void)state;
    assert_state_fails(MODULE, "StandardScaler",
                       "{'copy': True, 'with_mean': True, 'with_std': True, 'mean_': None, "
                       "'var_': [1.0], 'scale_': "
                       "[1.0], 'n_samples_seen_': 3}",
                       CRN_FORMAT, "with_mean is True but mean_ is None");
    assert_state_fails(MODULE, "StandardScaler",
                       "{'copy': True, 'with_mean': True, 'with_std': True, 'mean_': [1.0], "
                       "'var_': None, 'scale_': "
                       "None, 'n_samples_seen_': 3}",
                       CRN_FORMAT, "with_std is True but scale_ is None");
    assert_state_fails(MODULE, "StandardScaler",
                       "{'copy': True, 'with_mean': True, 'with_std': True, 'n_features_in_': "
                       "2, 'mean_': [1.0], "
                       "'var_': [1.0, 1.0], 'scale_': [1.0, 2.0], 'n_samples_seen_': 3}",
                       CRN_SHAPE, "mean_ has shape (1,), expected (n_features_in_=2)");
    assert_state_fails(MODULE, "StandardScaler",
                       "{'copy': True, 'with_mean': True, 'with_std': True, 'mean_': ['a'], "
                       "'var_': [1.0], 'scale_': "
                       "[2.0], 'n_samples_seen_': 3}",
                       CRN_FORMAT, "mean_ and scale_ must hold numbers");
}

/* Files before 0.24 do not say how many features there are. */
static void test_an_old_state(void **state)
{
    (void)state;
    crn_model *model = model_of_state(
        "sklearn.preprocessing.data", "StandardScaler",
        "{'copy': True, 'with_mean': True, 'with_std': True, 'mean_': [1.0, 2.0], "
        "'var_': [4.0, 9.0], 'scale_': [2.0, 3.0], 'n_samples_seen_': 3}");
    assert_int_equal(crn_model_features(model), 2);
    double row[2] = {5, 5};
    crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 2), z = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_true(crn_array_get(&z, 0) == 2.0 && crn_array_get(&z, 1) == 1.0);
    crn_array_free(&z);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_constant_features_are_not_scaled),
        cmocka_unit_test(test_one_row_has_no_variance),
        cmocka_unit_test(test_what_was_seen),
        cmocka_unit_test(test_parts_that_are_switched_off),
        cmocka_unit_test(test_attributes_that_are_none),
        cmocka_unit_test(test_nan_passes_and_infinity_does_not),
        cmocka_unit_test(test_states_that_cannot_be),
        cmocka_unit_test(test_an_old_state),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
