/* SPDX-License-Identifier: BSD-3-Clause */
/* LinearSVC and LinearSVR, as sklearn/svm/_classes.py (1.9), and files back to 0.20. */
#include "sklearn/linear_model/linear_model.h"

typedef struct linear_svc {
    crn_linear_classifier linear;
    const crn_object *penalty, *loss, *dual, *tol, *C, *multi_class, *fit_intercept,
        *intercept_scaling, *class_weight, *verbose, *random_state, *max_iter;
} linear_svc;

typedef struct linear_svr {
    crn_linear_model linear;
    const crn_object *epsilon, *tol, *C, *loss, *fit_intercept, *intercept_scaling, *dual,
        *verbose, *random_state, *max_iter;
} linear_svr;

static const crn_field svc_fields[] = {
    CRN_PARAM(linear_svc, penalty, OBJECT, "'l2'", "'l1' | 'l2'"),
    CRN_PARAM(linear_svc, loss, OBJECT, "'squared_hinge'", "'hinge' | 'squared_hinge'"),
    CRN_PARAM(linear_svc, dual, OBJECT, "'auto'", "bool | 'auto'"),
    CRN_PARAM(linear_svc, tol, OBJECT, "0.0001", "real > 0.0"),
    CRN_PARAM(linear_svc, C, OBJECT, "1.0", "real > 0.0"),
    CRN_PARAM(linear_svc, multi_class, OBJECT, "'ovr'", "'crammer_singer' | 'ovr'"),
    CRN_PARAM(linear_svc, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(linear_svc, intercept_scaling, OBJECT, "1", "real > 0"),
    CRN_PARAM(linear_svc, class_weight, OBJECT, "None", "None | dict | 'balanced'"),
    CRN_PARAM(linear_svc, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(linear_svc, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(linear_svc, max_iter, OBJECT, "1000", "int >= 0"),
    CRN_LINEAR_CLASSIFIER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field svr_fields[] = {
    CRN_PARAM(linear_svr, epsilon, OBJECT, "0.0", "real"),
    CRN_PARAM(linear_svr, tol, OBJECT, "0.0001", "real > 0.0"),
    CRN_PARAM(linear_svr, C, OBJECT, "1.0", "real > 0.0"),
    CRN_PARAM(linear_svr, loss, OBJECT, "'epsilon_insensitive'",
              "'epsilon_insensitive' | 'squared_epsilon_insensitive'"),
    CRN_PARAM(linear_svr, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(linear_svr, intercept_scaling, OBJECT, "1.0", "real > 0"),
    CRN_PARAM(linear_svr, dual, OBJECT, "'auto'", "bool | 'auto'"),
    CRN_PARAM(linear_svr, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(linear_svr, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(linear_svr, max_iter, OBJECT, "1000", "int >= 0"),
    CRN_LINEAR_MODEL_FIELDS,
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_LinearSVC = {
    .name = "LinearSVC",
    .module = "sklearn.svm",
    .modules = "sklearn.svm._classes sklearn.svm.classes",
    .size = sizeof(linear_svc),
    .fields = svc_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = crn_linear_classifier_lower,
    .check = crn_linear_classifier_check,
};

const crn_estimator crn_estimator_LinearSVR = {
    .name = "LinearSVR",
    .module = "sklearn.svm",
    .modules = "sklearn.svm._classes sklearn.svm.classes",
    .size = sizeof(linear_svr),
    .fields = svr_fields,
    .methods = 1u << CRN_PREDICT,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = crn_linear_model_lower,
    .check = crn_linear_model_check,
};
