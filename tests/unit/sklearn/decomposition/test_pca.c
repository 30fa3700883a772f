/* SPDX-License-Identifier: BSD-3-Clause */
/* PCA asked: transform, whitening, the way back, score_samples; and states that cannot be. */
#include "unit/sklearn/fitting.h"

static const char MODULE[] = "sklearn.decomposition._pca";

static crn_array first_rows(void)
{
    crn_array x = matrix_of("x");
    x.shape[0] = 3;
    return x;
}

static void test_whitened_answers(void **state)
{
    (void)state;
    const double points[4] = {1, -1, 0, 2};
    const crn_array x = first_rows(), z = crn_array_view_2d(points, CRN_FLOAT64, 2, 2);
    crn_model *model = saved_and_loaded(fitted("PCA(n_components=2, whiten=True)", "x", NULL),
                                        "pca.joblib", "1.2");
    assert_answer(model, CRN_TRANSFORM, &x, "pca_whiten.transform", 1e-9);
    assert_answer(model, CRN_INVERSE_TRANSFORM, &z, "pca_whiten.inverse_transform", 1e-9);
    assert_answer(model, CRN_SCORE_SAMPLES, &x, "pca_whiten.score_samples", 1e-9);
    crn_model_destroy(model);
}

static void test_score_samples_without_noise_and_without_components(void **state)
{
    (void)state;
    const crn_array x = first_rows();
    crn_model *model = fitted("PCA()", "x", NULL);
    assert_answer(model, CRN_SCORE_SAMPLES, &x, "pca.score_samples", 1e-9);
    crn_model_destroy(model);
    model = fitted("PCA(n_components=0)", "x", NULL);
    assert_answer(model, CRN_SCORE_SAMPLES, &x, "pca_zero.score_samples", 1e-9);
    crn_model_destroy(model);
}

static void test_the_way_back(void **state)
{
    (void)state;
    const crn_array x = matrix_of("x");
    crn_array z = CRN_ARRAY_INIT, back = CRN_ARRAY_INIT;
    crn_model *model = fitted("PCA()", "x", NULL);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_ok(crn_model_predict(model, CRN_INVERSE_TRANSFORM, &z, &back, &err));
    assert_close(back.data, x.data, (size_t)crn_array_size(&x), 1e-11, 1e-11);
    crn_array_free(&z);
    crn_array_free(&back);
    crn_model_destroy(model);
}

static void test_widths(void **state)
{
    (void)state;
    const double row[3] = {1, 2, 3};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 3);
    crn_array z = CRN_ARRAY_INIT;
    crn_model *model = fitted("PCA(n_components=2)", "x", NULL);
    assert_int_equal(crn_model_features(model), 4);
    assert_status(CRN_SHAPE, crn_model_predict(model, CRN_TRANSFORM, &x, &z, &err));
    assert_string_equal(err.message,
                        "X has 3 features, but PCA is expecting 4 features as input.");
    assert_status(CRN_SHAPE, crn_model_predict(model, CRN_INVERSE_TRANSFORM, &x, &z, &err));
    crn_model_destroy(model);
}

static void test_a_singular_covariance_has_no_scores(void **state)
{
    (void)state;
    const double row[2] = {1, 2};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 2);
    crn_array scores = CRN_ARRAY_INIT;
    crn_model *model =
        model_of_state(MODULE, "PCA",
                       "{'n_components': 1, 'n_features_in_': 2, '_fit_svd_solver': 'full', "
                       "'mean_': [0.0, 0.0], 'noise_variance_': "
                       "0.0, 'n_samples_': 3, 'n_components_': 1, 'components_': [[1.0, 0.0]], "
                       "'explained_variance_': [2.0], "
                       "'explained_variance_ratio_': [1.0], 'singular_values_': [2.0]}");
    assert_status(CRN_ARGUMENT, crn_model_predict(model, CRN_SCORE_SAMPLES, &x, &scores, &err));
    assert_string_equal(err.message, "singular matrix");
    crn_model_destroy(model);
}

/* A whole state but for one item. */
static void assert_refused(const char *components, const char *variance, const char *mean,
                           crn_status status, const char *message)
{
    char text[512];
    snprintf(
        text, sizeof text,
        "{'n_components': 1, 'n_features_in_': 2, '_fit_svd_solver': 'full', 'mean_': %s, "
        "'noise_variance_': 0.5, "
        "'n_samples_': 3, 'n_components_': 1, 'components_': %s, 'explained_variance_': %s, "
        "'explained_variance_ratio_': [1.0], 'singular_values_': [2.0]}",
        mean, components, variance);
    assert_state_fails(MODULE, "PCA", text, status, message);
}

static void test_states_that_cannot_be(void **state)
{
    (void)state;
    assert_refused("[1.0, 0.0]", "[1.0]", "None", CRN_FORMAT,
                   "components_ does not have n_components_ = 1 rows");
    assert_refused("[[1.0, 0.0], [0.0, 1.0]]", "[1.0]", "None", CRN_FORMAT,
                   "components_ does not have n_components_ = 1 rows");
    assert_refused("[[1.0, 0.0, 0.0]]", "[1.0]", "None", CRN_FORMAT,
                   "components_ has 3 columns, expected n_features_in_ = 2");
    assert_refused("[[1.0, 0.0]]", "[1.0, 2.0]", "None", CRN_SHAPE,
                   "explained_variance_ has shape (2,), expected (n_components_=1)");
    assert_refused("[[1.0, 0.0]]", "[1.0]", "[0.0]", CRN_FORMAT,
                   "mean_ does not have 2 elements");
    assert_refused("[[1.0, 0.0]]", "['a']", "None", CRN_FORMAT,
                   "components_, mean_ and explained_variance_ must hold numbers");
    assert_refused("[['a', 'b']]", "[1.0]", "None", CRN_FORMAT,
                   "components_, mean_ and explained_variance_ must hold numbers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whitened_answers),
        cmocka_unit_test(test_score_samples_without_noise_and_without_components),
        cmocka_unit_test(test_the_way_back),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_a_singular_covariance_has_no_scores),
        cmocka_unit_test(test_states_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
