/* SPDX-License-Identifier: BSD-3-Clause */
/* States of the transformers that make features of features: what old files leave out, and what
 * does not agree. */
#include "unit/sklearn/fitting.h"

static void expect_refused(const char *cls, const char *text, crn_status expected,
                           const char *message)
{
    crn_model *model = NULL;
    assert_int_equal(read_state("sklearn.preprocessing", cls, text, &model), expected);
    assert_null(model);
    if (strstr(err.message, message) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, message);
}

/* 0.22 says n_input_features_ and the largest degree alone. */
static void test_polynomials_of_old_files(void **state)
{
    (void)state;
    const double row[] = {2.0, 3.0}, want[] = {1, 2, 3, 4, 6, 9};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 2);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model = model_of_state(
        "sklearn.preprocessing._data", "PolynomialFeatures",
        "{'degree': 2, 'interaction_only': False, 'include_bias': True, 'order': 'C', "
        "'n_input_features_': 2, 'n_output_features_': 6}");
    assert_int_equal(crn_model_features(model), 2);
    assert_ok(crn_model_predict(model, CRN_TRANSFORM, &x, &y, &err));
    assert_int_equal(y.shape[1], 6);
    assert_close((const double *)y.data, want, 6, 0, 0);
    crn_array_free(&y);
    crn_model_destroy(model);
}

static void test_polynomials_that_do_not_agree(void **state)
{
    (void)state;
    expect_refused("PolynomialFeatures",
                   "{'degree': 2, 'n_features_in_': 2, 'n_output_features_': 7}", CRN_FORMAT,
                   "n_output_features_ does not fit the degrees");
    expect_refused("PolynomialFeatures",
                   "{'degree': (3, 2), 'n_features_in_': 2, 'n_output_features_': 6}",
                   CRN_FORMAT, "degree is not a range");
    expect_refused("PolynomialFeatures",
                   "{'degree': 9000000000000000000, 'n_features_in_': 1, "
                   "'n_output_features_': 6}",
                   CRN_LIMIT, "polynomial features");
    expect_refused("PolynomialFeatures",
                   "{'degree': 40, 'n_features_in_': 100000, 'n_output_features_': 6}",
                   CRN_LIMIT, "polynomial features");
}

static void test_other_transformers(void **state)
{
    (void)state;
    expect_refused("PowerTransformer", "{'standardize': True, 'lambdas_': [1.0, 2.0]}",
                   CRN_FORMAT, "_scaler does not scale 2 features");
    expect_refused("PowerTransformer", "{'method': 'cube', 'lambdas_': [1.0]}", CRN_UNSUPPORTED,
                   "method='cube' is not supported");
    expect_refused("QuantileTransformer",
                   "{'references_': [0.0, 1.0], 'quantiles_': [[1.0, 2.0]]}", CRN_SHAPE,
                   "quantiles_ has shape (1, 2)");
    expect_refused("KBinsDiscretizer",
                   "{'encode': 'ordinal', 'n_bins_': [2], 'bin_edges_': [[0.0, 1.0, 2.0]]}",
                   CRN_FORMAT, "bin_edges_ is not an array of 1 arrays");
    expect_refused("SplineTransformer", "{'degree': 1, 'bsplines_': [1], 'n_features_out_': 2}",
                   CRN_FORMAT, "no BSpline");
    expect_refused("RobustScaler", "{'center_': None, 'scale_': [1.0]}", CRN_FORMAT,
                   "with_centering is True but center_ is None");
    expect_refused("MaxAbsScaler", "{'max_abs_': [1.0], 'scale_': ['a'], 'n_samples_seen_': 3}",
                   CRN_FORMAT, "scale_ must hold numbers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_polynomials_of_old_files),
        cmocka_unit_test(test_polynomials_that_do_not_agree),
        cmocka_unit_test(test_other_transformers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
