/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitted attributes that do not belong together: the decompositions, mixtures, naive Bayes,
 * perceptrons and their kin refuse them when they are read, so that predict need not look. */
#include "unit/sklearn/fitting.h"

typedef struct refusal {
    const char *module, *cls, *state;
    crn_status status;
    const char *message;
} refusal;

static const refusal refusals[] = {
    {"sklearn.decomposition", "TruncatedSVD", "{'components_': [1.0, 2.0]}", CRN_FORMAT,
     "components_ is not a matrix"},
    {"sklearn.decomposition", "TruncatedSVD", "{'components_': [['a', 'b']]}", CRN_FORMAT,
     "components_ must hold numbers"},
    {"sklearn.decomposition", "TruncatedSVD",
     "{'n_features_in_': 3, 'components_': [[1.0, 2.0]]}", CRN_FORMAT,
     "components_ has 2 features, expected n_features_in_ = 3"},
    {"sklearn.decomposition", "IncrementalPCA",
     "{'components_': [[1.0, 2.0]], 'mean_': [0.0, 0.0], 'explained_variance_': [1.0, 2.0]}",
     CRN_SHAPE, "explained_variance_ has shape (2,), expected (n_components_=1)"},
    {"sklearn.decomposition", "FastICA",
     "{'whiten': True, 'components_': [[1.0, 2.0]], 'mixing_': [[1.0], [2.0]]}", CRN_FORMAT,
     "FastICA has no attribute 'mean_'"},
    {"sklearn.decomposition", "NMF", "{'solver': 'pg', 'components_': [[1.0, 2.0]]}",
     CRN_UNSUPPORTED, "solver='pg' is not supported"},
    {"sklearn.decomposition", "NMF", "{'beta_loss': 'poisson', 'components_': [[1.0, 2.0]]}",
     CRN_UNSUPPORTED, "beta_loss is neither a number nor a known name"},
    {"sklearn.decomposition", "NMF", "{'max_iter': 100000000, 'components_': [[1.0, 2.0]]}",
     CRN_LIMIT, "max_iter=100000000 is not in [0, 10000000]"},
    {"sklearn.decomposition", "DictionaryLearning",
     "{'transform_algorithm': 'ista', 'components_': [[1.0, 2.0]]}", CRN_UNSUPPORTED,
     "transform_algorithm='ista' is not supported"},
    {"sklearn.covariance", "EmpiricalCovariance",
     "{'location_': [0.0, 0.0], 'covariance_': [[1.0, 0.0]], 'precision_': None}", CRN_SHAPE,
     "covariance_ has shape (1, 2)"},
    {"sklearn.mixture", "GaussianMixture",
     "{'covariance_type': 'ring', 'weights_': [1.0], 'means_': [[1.0, 2.0]], "
     "'precisions_cholesky_': [1.0]}",
     CRN_UNSUPPORTED, "covariance_type='ring' is not supported"},
    {"sklearn.mixture", "GaussianMixture",
     "{'covariance_type': 'diag', 'weights_': [1.0], 'means_': [[1.0, 2.0]], "
     "'precisions_cholesky_': [1.0]}",
     CRN_FORMAT, "precisions_cholesky_ is not a matrix"},
    {"sklearn.naive_bayes", "CategoricalNB",
     "{'classes_': [0, 1], 'class_log_prior_': [0.0, 0.0], 'feature_log_prob_': [7]}",
     CRN_FORMAT, "feature_log_prob_ must hold numbers"},
    {"sklearn.naive_bayes", "MultinomialNB",
     "{'classes_': [0, 1], 'class_log_prior_': [0.0, 0.0], 'feature_log_prob_': [[1.0]]}",
     CRN_FORMAT, "feature_log_prob_ has shape (1, 1), expected (2, 1)"},
    {"sklearn.neural_network", "MLPRegressor",
     "{'activation': 'swish', 'n_outputs_': 1, 'out_activation_': 'identity', 'coefs_': [], "
     "'intercepts_': []}",
     CRN_UNSUPPORTED, "activation='swish' is not supported"},
    {"sklearn.neural_network", "MLPRegressor",
     "{'n_outputs_': 1, 'out_activation_': 'identity', 'coefs_': [], 'intercepts_': []}",
     CRN_FORMAT, "coefs_ and intercepts_ are not lists of one length"},
    {"sklearn.kernel_approximation", "PolynomialCountSketch",
     "{'degree': 2, 'n_components': 2, 'indexHash_': [[0, 1], [1, 2]], "
     "'bitHash_': [[1, 1], [1, -1]]}",
     CRN_FORMAT, "indexHash_ has an index out of [0, 2)"},
    {"sklearn.kernel_approximation", "AdditiveChi2Sampler",
     "{'sample_steps': 4, 'n_features_in_': 2}", CRN_FORMAT,
     "If sample_steps is not in [1, 2, 3], you need to provide sample_interval"},
};

static void test_what_does_not_belong_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const refusal *r = &refusals[i];
        crn_model *model = NULL;
        err = (crn_error)CRN_ERROR_INIT;
        const crn_status status = read_state(r->module, r->cls, r->state, &model);
        if (status != r->status || strstr(err.message, r->message) == NULL)
            fail_msg("%s: %d \"%s\", not %d \"%s\"", r->cls, status, err.message, r->status,
                     r->message);
        assert_null(model);
    }
    err = (crn_error)CRN_ERROR_INIT;
}

/* Files before 0.24 do not tell n_features_in_. */
static void test_features_from_shapes(void **state)
{
    (void)state;
    crn_model *model = model_of_state("sklearn.decomposition.truncated_svd", "TruncatedSVD",
                                      "{'components_': [[1.0, 2.0, 3.0]]}");
    assert_int_equal(crn_model_features(model), 3);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_does_not_belong_together),
        cmocka_unit_test(test_features_from_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
