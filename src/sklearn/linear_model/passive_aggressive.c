/* SPDX-License-Identifier: BSD-3-Clause */
/* PassiveAggressiveClassifier and PassiveAggressiveRegressor, as
 * sklearn/linear_model/_passive_aggressive.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/stochastic_gradient.h"

typedef struct passive_aggressive_classifier {
    crn_linear_classifier linear;
    const crn_object *C, *fit_intercept, *max_iter, *tol, *early_stopping, *validation_fraction,
        *n_iter_no_change, *shuffle, *verbose, *loss, *n_jobs, *random_state, *warm_start,
        *class_weight, *average;
} passive_aggressive_classifier;

typedef struct passive_aggressive_regressor {
    crn_linear_model linear;
    const crn_object *C, *fit_intercept, *max_iter, *tol, *early_stopping, *validation_fraction,
        *n_iter_no_change, *shuffle, *verbose, *loss, *epsilon, *random_state, *warm_start,
        *average;
} passive_aggressive_regressor;

static const crn_field classifier_fields[] = {
    CRN_PARAM(passive_aggressive_classifier, C, OBJECT, "1.0", "real (0, inf]"),
    CRN_PARAM(passive_aggressive_classifier, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(passive_aggressive_classifier, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(passive_aggressive_classifier, tol, OBJECT, "0.001", "real >= 0 | None"),
    CRN_PARAM(passive_aggressive_classifier, early_stopping, OBJECT, "False", "bool"),
    CRN_PARAM(passive_aggressive_classifier, validation_fraction, OBJECT, "0.1", "real (0, 1)"),
    CRN_PARAM(passive_aggressive_classifier, n_iter_no_change, OBJECT, "5", "int >= 1"),
    CRN_PARAM(passive_aggressive_classifier, shuffle, OBJECT, "True", "bool"),
    CRN_PARAM(passive_aggressive_classifier, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(passive_aggressive_classifier, loss, OBJECT, "'hinge'",
              "'hinge' | 'squared_hinge'"),
    CRN_PARAM(passive_aggressive_classifier, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(passive_aggressive_classifier, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(passive_aggressive_classifier, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(passive_aggressive_classifier, class_weight, OBJECT, "None",
              "'balanced' | dict | None"),
    CRN_PARAM(passive_aggressive_classifier, average, OBJECT, "False", "int > 0 | bool"),
    CRN_LINEAR_CLASSIFIER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field regressor_fields[] = {
    CRN_PARAM(passive_aggressive_regressor, C, OBJECT, "1.0", "real (0, inf]"),
    CRN_PARAM(passive_aggressive_regressor, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(passive_aggressive_regressor, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(passive_aggressive_regressor, tol, OBJECT, "0.001", "real >= 0 | None"),
    CRN_PARAM(passive_aggressive_regressor, early_stopping, OBJECT, "False", "bool"),
    CRN_PARAM(passive_aggressive_regressor, validation_fraction, OBJECT, "0.1", "real (0, 1)"),
    CRN_PARAM(passive_aggressive_regressor, n_iter_no_change, OBJECT, "5", "int >= 1"),
    CRN_PARAM(passive_aggressive_regressor, shuffle, OBJECT, "True", "bool"),
    CRN_PARAM(passive_aggressive_regressor, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(passive_aggressive_regressor, loss, OBJECT, "'epsilon_insensitive'",
              "'epsilon_insensitive' | 'squared_epsilon_insensitive'"),
    CRN_PARAM(passive_aggressive_regressor, epsilon, OBJECT, "0.1", "real >= 0"),
    CRN_PARAM(passive_aggressive_regressor, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(passive_aggressive_regressor, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(passive_aggressive_regressor, average, OBJECT, "False", "int > 0 | bool"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

#define PASSIVE_AGGRESSIVE                                                                     \
    .module = "sklearn.linear_model",                                                          \
    .modules =                                                                                 \
        "sklearn.linear_model._passive_aggressive sklearn.linear_model.passive_aggressive",    \
    .flags = CRN_NEEDS_Y

const crn_estimator crn_estimator_PassiveAggressiveClassifier = {
    .name = "PassiveAggressiveClassifier",
    .size = sizeof(passive_aggressive_classifier),
    .fields = classifier_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION,
    .lower = crn_linear_classifier_lower,
    .check = crn_linear_classifier_check,
    PASSIVE_AGGRESSIVE,
};

const crn_estimator crn_estimator_PassiveAggressiveRegressor = {
    .name = "PassiveAggressiveRegressor",
    .size = sizeof(passive_aggressive_regressor),
    .fields = regressor_fields,
    .methods = 1u << CRN_PREDICT,
    .lower = crn_linear_model_lower,
    .check = crn_linear_model_check,
    PASSIVE_AGGRESSIVE,
};
