/* SPDX-License-Identifier: BSD-3-Clause */
/* Estimators that hold others: what their checks refuse, and what they say of children that
 * cannot be asked. The numbers are held against Python's by the golden files. */
#include "unit/sklearn/fitting.h"

static void test_ensembles_refuse(void **state)
{
    (void)state;
    assert_state_fails("sklearn.ensemble._voting", "VotingRegressor",
                       "{'estimators': [], 'estimators_': []}", CRN_FORMAT,
                       "estimators_ is empty");
    assert_state_fails("sklearn.ensemble._voting", "VotingRegressor",
                       "{'estimators': [('a', 'drop')], 'weights': [1, 2], 'estimators_': "
                       "[None]}",
                       CRN_FORMAT, "Number of `estimators` and weights must be equal");
    assert_state_fails("sklearn.ensemble._voting", "VotingClassifier",
                       "{'estimators': [], 'le_': None, 'classes_': [2, 1], 'estimators_': "
                       "[None]}",
                       CRN_FORMAT, "classes_ is not sorted");
    assert_state_fails("sklearn.ensemble._bagging", "BaggingRegressor",
                       "{'estimators_': [None], 'estimators_features_': [[0, 3]], "
                       "'n_features_in_': 3}",
                       CRN_FORMAT, "there is no column 3");
    assert_state_fails("sklearn.ensemble._bagging", "BaggingRegressor",
                       "{'estimators_': [None], 'estimators_features_': [], "
                       "'n_features_in_': 3}",
                       CRN_FORMAT, "estimators_features_ is not a list of 1 arrays");
    assert_state_fails("sklearn.ensemble._weight_boosting", "AdaBoostRegressor",
                       "{'estimators_': [None, None], 'estimator_weights_': [0.5], "
                       "'estimator_errors_': [0.5]}",
                       CRN_FORMAT, "estimator_weights_ are not 2 numbers");
    assert_state_fails("sklearn.ensemble._stacking", "StackingRegressor",
                       "{'estimators': [], 'final_estimator_': None, 'estimators_': [None], "
                       "'stack_method_': ['fly']}",
                       CRN_FORMAT, "stack_method_[0] is no method");
}

static void test_strategies_refuse(void **state)
{
    (void)state;
    assert_state_fails("sklearn.multiclass", "OneVsOneClassifier",
                       "{'classes_': [0, 1, 2], 'estimators_': [None]}", CRN_FORMAT,
                       "1 estimators_ for the pairs of 3 classes");
    assert_state_fails("sklearn.multiclass", "OutputCodeClassifier",
                       "{'classes_': [0, 1], 'code_book_': [[1, 0], [0, 1]], 'estimators_': "
                       "[None]}",
                       CRN_FORMAT, "code_book_ is not a row of 1 numbers a class");
    assert_state_fails("sklearn.multioutput", "RegressorChain",
                       "{'order_': [0, 0], 'estimators_': [None, None]}", CRN_FORMAT,
                       "order_ is no order of the targets");
    assert_state_fails("sklearn.calibration", "CalibratedClassifierCV",
                       "{'classes_': [0, 1], 'calibrated_classifiers_': []}", CRN_FORMAT,
                       "calibrated_classifiers_ is empty");
}

static void test_selectors_refuse(void **state)
{
    (void)state;
    static const char module[] = "sklearn.feature_selection._univariate_selection";
    assert_state_fails(module, "SelectFpr", "{'scores_': [1.0, 2.0], 'pvalues_': None}",
                       CRN_FORMAT, "pvalues_ is None");
    assert_state_fails(module, "SelectKBest",
                       "{'scores_': [1.0, 2.0], 'pvalues_': [0.5], 'k': 1}", CRN_FORMAT,
                       "pvalues_ is not a number for each feature");
    assert_state_fails(module, "GenericUnivariateSelect",
                       "{'scores_': [1.0], 'pvalues_': None, 'mode': 'percentile', 'param': "
                       "'all'}",
                       CRN_FORMAT, "param='all' is for mode='k_best'");
    assert_state_fails("sklearn.feature_selection._variance_threshold", "VarianceThreshold",
                       "{'variances_': [1.0, 2.0], 'n_features_in_': 3}", CRN_FORMAT,
                       "scores of 2 features, expected 3");
    assert_state_fails("sklearn.feature_selection._rfe", "RFE",
                       "{'support_': [0.5, 1.0], 'estimator_': None}", CRN_FORMAT,
                       "support_ is not a mask of the features");
}

/* A search without a best estimator says why, as scikit-learn does. */
static void test_a_search_that_did_not_refit(void **state)
{
    (void)state;
    double row[2] = {1, 2};
    const crn_array x = crn_array_view_2d(row, CRN_FLOAT64, 1, 2);
    crn_array y = CRN_ARRAY_INIT;
    crn_model *model = model_of_state("sklearn.model_selection._search", "GridSearchCV",
                                      "{'refit': False, 'cv_results_': {}}");
    assert_status(CRN_UNSUPPORTED, crn_model_predict(model, CRN_PREDICT, &x, &y, &err));
    assert_non_null(strstr(err.message, "initialized with `refit=False`"));
    crn_model_destroy(model);
}

/* What is no estimator of a known class keeps its parent from answering; nothing else. */
static void test_children_that_cannot_be_asked(void **state)
{
    (void)state;
    char *text = NULL;
    crn_model *model = model_of_state("sklearn.ensemble._voting", "VotingRegressor",
                                      "{'estimators': [('a', 'drop'), ('b', None)], "
                                      "'estimators_': [None]}");
    assert_false(crn_model_has_method(model, CRN_PREDICT));
    assert_ok(crn_model_inspect(model, CRN_INSPECT_SUMMARY, &text, &err));
    assert_non_null(strstr(text, "VotingRegressor(estimators=[('a', 'drop'), ('b', None)])"));
    crn_string_free(text);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ensembles_refuse),
        cmocka_unit_test(test_strategies_refuse),
        cmocka_unit_test(test_selectors_refuse),
        cmocka_unit_test(test_a_search_that_did_not_refit),
        cmocka_unit_test(test_children_that_cannot_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
