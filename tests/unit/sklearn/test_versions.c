/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands where in which version: expected values were read in the sources of those
 * versions. */
#include "test.h"

#include "sklearn/versions.h"

static crn_error err;

static void assert_place(const char *sklearn, const char *module, const char *name,
                         const char *expected)
{
    const char *place = NULL;
    err = (crn_error)CRN_ERROR_INIT;
    assert_ok(crn_sklearn_place(sklearn, module, name, &place, &err));
    assert_string_equal(place, expected);
}

static void test_targets(void **state)
{
    (void)state;
    const char *target;
    assert_ok(crn_sklearn_target(NULL, &target, &err));
    assert_string_equal(target, "1.9.1");
    assert_ok(crn_sklearn_target("1.5", &target, &err));
    assert_string_equal(target, "1.5.2");
    assert_ok(crn_sklearn_target("1.2.1", &target, &err));
    assert_string_equal(target, "1.2.1");
    assert_status(CRN_ARGUMENT, crn_sklearn_target("1", &target, &err));
    assert_status(CRN_ARGUMENT, crn_sklearn_target("0.21", &target, &err));
    assert_status(CRN_ARGUMENT, crn_sklearn_target("1.10", &target, &err));
    assert_status(CRN_ARGUMENT, crn_sklearn_target("newest", &target, &err));
}

static void test_names_move_both_ways(void **state)
{
    (void)state;
    assert_place("0.24.2", "sklearn.neighbors.dist_metrics", "EuclideanDistance",
                 "sklearn.neighbors._dist_metrics");
    assert_place("1.9.1", "sklearn.neighbors.dist_metrics", "EuclideanDistance",
                 "sklearn.metrics._dist_metrics");
    assert_place("0.22.2", "sklearn.metrics._dist_metrics", "EuclideanDistance64",
                 "sklearn.neighbors._dist_metrics");
    assert_place("1.9.1", "_loss", "CyHalfBinomialLoss", "sklearn._loss._loss");
    assert_place("1.2.2", "scipy.sparse._csr", "csr_matrix", "scipy.sparse");
    assert_place("1.0.2", "sklearn.utils._bunch", "Bunch", "sklearn.utils");
    assert_place("1.0.2", "somebody.elses", "Module", "somebody.elses");
}

static void test_names_that_a_version_lacks(void **state)
{
    (void)state;
    const char *place;
    assert_status(CRN_UNSUPPORTED, crn_sklearn_place("1.9.1", "sklearn.ensemble._gb_losses",
                                                     "BinomialDeviance", &place, &err));
    assert_string_equal(
        err.message, "scikit-learn 1.9.1 has no sklearn.ensemble._gb_losses.BinomialDeviance");
    err = (crn_error)CRN_ERROR_INIT;
    assert_status(CRN_UNSUPPORTED, crn_sklearn_place("1.0.2", "sklearn._loss.loss",
                                                     "HalfBinomialLoss", &place, &err));
    assert_place("1.3.2", "sklearn.ensemble._gb_losses", "BinomialDeviance",
                 "sklearn.ensemble._gb_losses");
    assert_place("1.3.2", "sklearn._loss.loss", "ExponentialLoss", "sklearn._loss.loss");
    err = (crn_error)CRN_ERROR_INIT;
    assert_status(CRN_UNSUPPORTED, crn_sklearn_place("1.2.2", "sklearn._loss.loss",
                                                     "ExponentialLoss", &place, &err));
}

static void test_modules_of_estimators(void **state)
{
    (void)state;
    const char *module;
    const crn_estimator *pca = crn_estimator_find("PCA");
    assert_ok(crn_sklearn_module(pca, "0.22.2", &module, &err));
    assert_string_equal(module, "sklearn.decomposition");
    const crn_estimator late = {.name = "TargetEncoder", .module = "sklearn.preprocessing"};
    assert_ok(crn_sklearn_module(&late, "1.3.2", &module, &err));
    assert_status(CRN_UNSUPPORTED, crn_sklearn_module(&late, "1.2.2", &module, &err));
    assert_string_equal(err.message,
                        "scikit-learn 1.2.2 has no TargetEncoder, which came with 1.3");
    const crn_estimator trial = {.name = "IterativeImputer", .module = "sklearn.impute"};
    assert_ok(crn_sklearn_module(&trial, "1.9.1", &module, &err));
    assert_string_equal(module, "sklearn.impute._iterative");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_names_move_both_ways),
        cmocka_unit_test(test_names_that_a_version_lacks),
        cmocka_unit_test(test_modules_of_estimators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
