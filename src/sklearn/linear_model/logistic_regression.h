/* SPDX-License-Identifier: BSD-3-Clause */
/* What logistic_regression.c (the estimator) and logistic_regression_fit.c (its solvers) share.
 */
#ifndef CRN_SKLEARN_LOGISTIC_REGRESSION_H
#define CRN_SKLEARN_LOGISTIC_REGRESSION_H

#include "sklearn/estimator.h"

typedef struct logistic_regression {
    crn_estimator_base base;
    const crn_object *penalty; /* "deprecated": decided by l1_ratio and C; None, "l2" ... of
                                  versions before 1.8 */
    const crn_object *C;       /* a number, as it was spelled: 10 or 10.0 */
    const crn_object *l1_ratio;
    bool dual;
    double tol;
    bool fit_intercept;
    double intercept_scaling;
    const crn_object *class_weight; /* None, 'balanced', {label: weight} */
    const crn_object *random_state;
    const char *solver;
    int64_t max_iter;
    int64_t verbose;
    bool warm_start;
    const crn_object *n_jobs;
    const char *multi_class; /* files of versions before 1.8; NULL since */
    crn_array classes_;      /* (n_classes), sorted */
    crn_array n_iter_;       /* (1) int32, or one a class */
    crn_array coef_;         /* (1 or n_classes, n_features_in_) */
    crn_array intercept_;    /* (1 or n_classes) */
} logistic_regression;

/* Does predict_proba normalise one-vs-rest sigmoids instead of taking a softmax? Fitted models.
 */
bool crn_logistic_regression_is_ovr(const logistic_regression *self);

enum {
    CRN_LOGISTIC_REGRESSION_METHODS = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA |
                                      1u << CRN_PREDICT_LOG_PROBA | 1u << CRN_DECISION_FUNCTION
};

/* crn_estimator.check and .lower; LogisticRegressionCV has them, too. */
crn_status crn_logistic_regression_check(void *self, crn_error *err);
crn_value crn_logistic_regression_lower(const void *self, crn_method method, crn_graph *graph,
                                        crn_value x);

/* The part of crn_estimator.write that is about multi_class. */
crn_status crn_logistic_regression_write_multi_class(const logistic_regression *self,
                                                     crn_document *document, crn_object *state,
                                                     const char *sklearn, crn_error *err);
/* crn_estimator.write */
crn_status crn_logistic_regression_write(const void *self, crn_document *document,
                                         crn_object *state, const char *sklearn,
                                         crn_error *err);

/* crn_estimator.fit */
crn_status crn_logistic_regression_fit(void *self, const crn_fit_data *data, crn_error *err);

#endif
