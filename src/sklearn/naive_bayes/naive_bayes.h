/* SPDX-License-Identifier: BSD-3-Clause */
/* What the naive Bayes classifiers share: sklearn/naive_bayes.py (1.9), class _BaseNB. */
#ifndef CRN_SKLEARN_NAIVE_BAYES_H
#define CRN_SKLEARN_NAIVE_BAYES_H

#include "sklearn/estimator.h"

enum {
    CRN_NAIVE_BAYES_METHODS = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA |
                              1u << CRN_PREDICT_LOG_PROBA | 1u << CRN_PREDICT_JOINT_LOG_PROBA
};

/* A method from the joint log-likelihood (rows, n_classes). */
crn_value crn_naive_bayes_answer(crn_graph *graph, crn_method method, crn_value joint,
                                 const crn_array *classes);

/* force_alpha was 'warn' in 1.2 and 1.3, which acted as False; 1.4 takes a bool alone. */
crn_status crn_naive_bayes_write(crn_document *document, crn_object *state, const char *sklearn,
                                 crn_error *err);

#endif
