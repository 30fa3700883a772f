/* SPDX-License-Identifier: BSD-3-Clause */
/* What all linear models share: x coef_' + intercept_, the shapes that coef_ and intercept_
 * come in, and the labels and probabilities of linear classifiers, as
 * sklearn/linear_model/_base.py (1.9) and its versions back to 0.20. */
#ifndef CRN_SKLEARN_LINEAR_MODEL_H
#define CRN_SKLEARN_LINEAR_MODEL_H

#include "sklearn/estimator.h"

/* A regressor's struct begins with this. */
typedef struct crn_linear_model {
    crn_estimator_base base;
    crn_array coef_;      /* (n_features_in_) or (n_targets, n_features_in_) */
    crn_array intercept_; /* a number, (1) or (n_targets) */
} crn_linear_model;

/* A classifier's struct begins with this. */
typedef struct crn_linear_classifier {
    crn_estimator_base base;
    crn_array classes_;   /* (n_classes), sorted */
    crn_array coef_;      /* (n_classes, n_features_in_); one row, or a vector, when
                             there are two classes */
    crn_array intercept_; /* a number, (1) or (n_classes) */
} crn_linear_classifier;

/* clang-format off */
#define CRN_LINEAR_MODEL_FIELDS                                                               \
    CRN_BASE_FIELDS,                                                                          \
    CRN_FITTED_ARRAY(crn_linear_model, coef_, NULL),                                          \
    CRN_FITTED_ARRAY(crn_linear_model, intercept_, NULL)

#define CRN_LINEAR_CLASSIFIER_FIELDS                                                          \
    CRN_BASE_FIELDS,                                                                          \
    CRN_FITTED_ARRAY(crn_linear_classifier, classes_, NULL),                                  \
    CRN_FITTED_ARRAY(crn_linear_classifier, coef_, NULL),                                     \
    CRN_FITTED_ARRAY(crn_linear_classifier, intercept_, NULL)

/* What every plain linear regressor says in its crn_estimator. */
#define CRN_LINEAR_REGRESSOR                                                                  \
    .methods = 1u << CRN_PREDICT, .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,                    \
    .lower = crn_linear_model_lower, .check = crn_linear_model_check,                         \
    .write = crn_linear_model_write
/* clang-format on */

/* ---- regressors ---- */

crn_status crn_linear_model_check(void *self, crn_error *err);
crn_value crn_linear_model_lower(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x);
/* normalize of versions before 1.0, where 'deprecated' is no value yet. */
crn_status crn_linear_model_write(const void *self, crn_document *document, crn_object *state,
                                  const char *sklearn, crn_error *err);

/* coef_ and intercept_ are numbers, of shapes that fit each other and n_features_in_, which is
 * set where the file does not say it. */
crn_status crn_linear_check(crn_estimator_base *base, const crn_array *coef,
                            const crn_array *intercept, crn_error *err);

/* A vector as a matrix of one row, a matrix as it is; the memory stays the array's. */
crn_array crn_linear_as_matrix(const crn_array *array);

/* x coef_' + intercept_: (rows, n_targets); (rows) where coef_ is a vector. */
crn_value crn_linear_scores(crn_graph *graph, crn_value x, const crn_array *coef,
                            const crn_array *intercept);

/* ---- classifiers ---- */

crn_status crn_linear_classifier_check(void *self, crn_error *err);
/* predict and decision_function. */
crn_value crn_linear_classifier_lower(const void *self, crn_method method, crn_graph *graph,
                                      crn_value x);

/* classes_ is a vector, and coef_ has one row a class, or a single one (or is a
 * vector) for two classes. */
crn_status crn_linear_check_classes(const crn_array *classes, const crn_array *coef,
                                    crn_error *err);

/* decision_function of scores (rows, n): (rows) when n is 1. */
crn_value crn_linear_decision(crn_graph *graph, crn_value scores);
/* The label of the largest score, or of a positive one where there is one score a row. */
crn_value crn_linear_labels(crn_graph *graph, crn_value scores, const crn_array *classes);
/* One number a row and another as (rows, 2). */
crn_value crn_linear_beside(crn_graph *graph, crn_value left, crn_value right);
/* Sigmoids of the scores, divided by their sum, or (1 - p, p) where there is one score a row:
 * LinearClassifierMixin._predict_proba_lr. */
crn_value crn_linear_one_vs_rest(crn_graph *graph, crn_value scores);

#endif
