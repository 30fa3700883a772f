/* SPDX-License-Identifier: BSD-3-Clause */
/* Perceptron, as sklearn/linear_model/_perceptron.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct perceptron {
    crn_linear_classifier linear;
    const crn_object *penalty, *alpha, *l1_ratio, *fit_intercept, *max_iter, *tol, *shuffle,
        *verbose, *eta0, *n_jobs, *random_state, *early_stopping, *validation_fraction,
        *n_iter_no_change, *class_weight, *warm_start;
} perceptron;

static const crn_field fields[] = {
    CRN_PARAM(perceptron, penalty, OBJECT, "None", "'elasticnet' | 'l1' | 'l2' | None"),
    CRN_PARAM(perceptron, alpha, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM_SINCE(perceptron, l1_ratio, OBJECT, "0.15", "real [0, 1]", "0.24", NULL),
    CRN_PARAM(perceptron, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(perceptron, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(perceptron, tol, OBJECT, "0.001", "real >= 0 | None"),
    CRN_PARAM(perceptron, shuffle, OBJECT, "True", "bool"),
    CRN_PARAM(perceptron, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(perceptron, eta0, OBJECT, "1.0", "real > 0"),
    CRN_PARAM(perceptron, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(perceptron, random_state, OBJECT, "0", "random_state"),
    CRN_PARAM(perceptron, early_stopping, OBJECT, "False", "bool"),
    CRN_PARAM(perceptron, validation_fraction, OBJECT, "0.1", "real (0, 1)"),
    CRN_PARAM(perceptron, n_iter_no_change, OBJECT, "5", "int >= 1"),
    CRN_PARAM(perceptron, class_weight, OBJECT, "None", "'balanced' | dict | None"),
    CRN_PARAM(perceptron, warm_start, OBJECT, "False", "bool"),
    CRN_LINEAR_CLASSIFIER_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_Perceptron = {
    .name = "Perceptron",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._perceptron sklearn.linear_model.perceptron",
    .size = sizeof(perceptron),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = crn_linear_classifier_lower,
    .check = crn_linear_classifier_check,
};
