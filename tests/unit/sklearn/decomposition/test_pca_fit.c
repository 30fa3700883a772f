/* SPDX-License-Identifier: BSD-3-Clause */
/* PCA.fit: every solver and every kind of n_components, against scikit-learn's numbers, and
 * what it refuses. */
#include "unit/sklearn/fitting.h"

static const char ATTRIBUTES[] = "mean_,components_,explained_variance_,explained_variance_"
                                 "ratio_,singular_values_,noise_variance_,n_components_";

static void test_fits(void **state)
{
    (void)state;
    static const struct {
        const char *name, *expression, *x;
    } cases[] = {
        {"pca", "PCA()", "x"},
        {"pca_whiten", "PCA(n_components=2, whiten=True)", "x"},
        {"pca_fraction", "PCA(n_components=0.8)", "x"},
        {"pca_mle", "PCA(n_components='mle')", "x"},
        {"pca_tall", "PCA(n_components=3)", "x_tall"},
        {"pca_covariance", "PCA(svd_solver='covariance_eigh')", "x"},
        {"pca_randomized", "PCA(n_components=2, svd_solver='randomized', random_state=5)", "x"},
        {"pca_arpack", "PCA(n_components=2, svd_solver='arpack', random_state=5)", "x"},
        {"pca_arpack_all", "PCA(svd_solver='arpack', random_state=5)", "x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_model *model = fitted(cases[i].expression, cases[i].x, NULL);
        assert_attributes(model, cases[i].name, ATTRIBUTES, 1e-9);
        assert_true(number_of(model, "n_samples_") == (double)matrix_of(cases[i].x).shape[0]);
        crn_model_destroy(model);
    }
}

/* More features than rows: the last component is rounding alone, so its direction is not
 * compared. */
static void test_fewer_rows_than_features(void **state)
{
    (void)state;
    crn_data data = data_of("x", NULL, NULL);
    data.x.shape[0] = 3;
    crn_model *model = fitted_on("PCA()", &data);
    assert_attributes(model, "pca_wide",
                      "mean_,explained_variance_ratio_,noise_variance_,n_components_", 1e-9);
    crn_array components = CRN_ARRAY_INIT;
    assert_ok(crn_model_get(model, "components_", &components, &err));
    assert_close(components.data, golden_get(&fits, "pca_wide.components_")->values, 8, 1e-9,
                 1e-9);
    crn_array_free(&components);
    crn_model_destroy(model);
}

static void test_no_components(void **state)
{
    (void)state;
    crn_array z = CRN_ARRAY_INIT;
    const crn_array x = matrix_of("x");
    crn_model *model =
        saved_and_loaded(fitted("PCA(n_components=0)", "x", NULL), "pca.joblib", NULL);
    assert_attributes(model, "pca_zero", "mean_,noise_variance_,n_components_", 1e-9);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_int_equal(z.shape[0], 24);
    assert_int_equal(z.shape[1], 0);
    crn_array_free(&z);
    crn_model_destroy(model);
}

/* One row has no variance: NaN, as scikit-learn stores it. */
static void test_one_row(void **state)
{
    (void)state;
    crn_data data = data_of("x", NULL, NULL);
    data.x.shape[0] = 1;
    crn_model *model = fitted_on("PCA()", &data);
    assert_true(isnan(number_of(model, "explained_variance_")));
    assert_true(number_of(model, "singular_values_") == 0.0);
    assert_true(number_of(model, "noise_variance_") == 0.0);
    crn_model_destroy(model);
    model = fitted_on("PCA(n_components=0.5)", &data);
    assert_true(number_of(model, "n_components_") == 1.0);
    crn_model_destroy(model);
}

static void test_the_same_seed_gives_the_same(void **state)
{
    (void)state;
    double first[8];
    const crn_data data = data_of("x", NULL, NULL);
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    crn_array components = CRN_ARRAY_INIT;
    options.has_seed = true;
    options.seed = 12;
    crn_model *model = parse("PCA(n_components=2, svd_solver='randomized', iterated_power=1)");
    for (int i = 0; i < 2; i++) {
        assert_ok(crn_model_fit(model, &data, &options, NULL, &err));
        assert_ok(crn_model_get(model, "components_", &components, &err));
        if (i == 0)
            memcpy(first, components.data, sizeof first);
        assert_memory_equal(components.data, first, sizeof first);
        crn_array_free(&components);
    }
    crn_model_destroy(model);
}

static void test_n_components_that_cannot_be(void **state)
{
    (void)state;
    crn_data data = data_of("x", NULL, NULL);
    assert_fit_fails("PCA(n_components=5)", &data, CRN_ARGUMENT,
                     "n_components=5 must be between 0 and min(n_samples, n_features)=4 with "
                     "svd_solver='full'");
    assert_fit_fails("PCA(n_components=5, svd_solver='covariance_eigh')", &data, CRN_ARGUMENT,
                     "n_components=5 must be between 0 and min(n_samples, n_features)=4 with "
                     "svd_solver='covariance_eigh'");
    assert_fit_fails("PCA(n_components=0, svd_solver='randomized')", &data, CRN_ARGUMENT,
                     "n_components=0 must be between 1 and min(n_samples, n_features)=4 with "
                     "svd_solver='randomized'");
    assert_fit_fails(
        "PCA(n_components=0.25, svd_solver='randomized')", &data, CRN_ARGUMENT,
        "n_components=0.25 must be between 1 and min(n_samples, n_features)=4 with "
        "svd_solver='randomized'");
    assert_fit_fails("PCA(n_components='mle', svd_solver='randomized')", &data, CRN_ARGUMENT,
                     "n_components='mle' cannot be a string with svd_solver='randomized'");
    assert_fit_fails(
        "PCA(n_components=4, svd_solver='arpack')", &data, CRN_ARGUMENT,
        "n_components=4 must be strictly less than min(n_samples, n_features)=4 with "
        "svd_solver='arpack'");
    data.x.shape[0] = 2;
    assert_fit_fails("PCA(n_components='mle')", &data, CRN_ARGUMENT,
                     "n_components='mle' is only supported if n_samples >= n_features");
}

static void test_parameters_that_cannot_be(void **state)
{
    (void)state;
    static const char n_components[] = "The 'n_components' parameter of PCA must be an int in "
                                       "the range [0, inf), a float in the range (0.0, 1.0), a "
                                       "str among {'mle'} or None. Got %s instead.";
    static const char *const values[] = {"1.0", "0.0", "-1", "'foo'", "[2]"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char expression[64], message[256];
        snprintf(expression, sizeof expression, "PCA(n_components=%s)", values[i]);
        snprintf(message, sizeof message, n_components, values[i]);
        assert_parse_fails(expression, CRN_ARGUMENT, message);
    }
    assert_parse_fails(
        "PCA(tol=-1)", CRN_ARGUMENT,
        "The 'tol' parameter of PCA must be a float in the range [0.0, inf). Got -1 instead.");
    assert_parse_fails("PCA(n_oversamples=0)", CRN_ARGUMENT,
                       "The 'n_oversamples' parameter of PCA must be an int in the range [1, "
                       "inf). Got 0 instead.");
    assert_parse_fails("PCA(iterated_power=-1)", CRN_ARGUMENT,
                       "The 'iterated_power' parameter of PCA must be a str among {'auto'} or "
                       "an int in the range [0, "
                       "inf). Got -1 instead.");
}

static void test_data_that_cannot_be(void **state)
{
    (void)state;
    crn_data data = data_of("x_nan", NULL, NULL);
    assert_fit_fails("PCA()", &data, CRN_ARGUMENT, "Input X contains NaN.");
    data = data_of("x", NULL, "weight");
    assert_fit_fails("PCA()", &data, CRN_ARGUMENT,
                     "PCA.fit() got an unexpected keyword argument 'sample_weight'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_fewer_rows_than_features),
        cmocka_unit_test(test_no_components),
        cmocka_unit_test(test_one_row),
        cmocka_unit_test(test_the_same_seed_gives_the_same),
        cmocka_unit_test(test_n_components_that_cannot_be),
        cmocka_unit_test(test_parameters_that_cannot_be),
        cmocka_unit_test(test_data_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
