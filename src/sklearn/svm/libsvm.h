/* SPDX-License-Identifier: BSD-3-Clause */
/* What the five estimators over LIBSVM have in common (sklearn/svm/_base.py, 1.9): their
 * attributes, the sums over the support vectors, and how files of other versions spell them. */
#ifndef CRN_SKLEARN_SVM_LIBSVM_H
#define CRN_SKLEARN_SVM_LIBSVM_H

#include "ops/kernel_machine.h"
#include "sklearn/estimator.h"

typedef struct crn_libsvm {
    crn_estimator_base base;
    /* parameters; each class has some of them */
    double C, nu, epsilon, coef0, tol, cache_size;
    const crn_object *kernel;      /* a name, or a callable */
    const crn_object *gamma;       /* 'scale', 'auto' or a number; _gamma is what counts */
    const crn_object *probability; /* a bool, or 'deprecated' (1.9) */
    const crn_object *class_weight, *verbose, *random_state;
    const char *decision_function_shape; /* "ovr" or "ovo" */
    int64_t degree, max_iter;
    bool shrinking, break_ties;
    /* set by fit */
    bool _sparse; /* fitted on a sparse matrix; here everything is dense */
    crn_array classes_;
    double _gamma;
    crn_array support_;         /* (n_SV): rows of the training set */
    crn_array support_vectors_; /* (n_SV, n_features_in_); empty when precomputed */
    crn_array _n_support;       /* (classes): support vectors of each; regression: (2) */
    crn_array dual_coef_, intercept_;
    crn_array _probA, _probB; /* (pairs of classes), or empty */
    /* (classes - 1, n_SV), regression (1, n_SV), as LIBSVM has it: dual_coef_ has the other
     * sign when there are two classes */
    crn_array _dual_coef_;
    crn_array _intercept_;         /* (pairs of classes), regression (1) */
    crn_array offset_;             /* OneClassSVM: (1) */
    const crn_object *shape_fit_;  /* (rows, features) of the training set */
    const crn_object *fit_status_; /* 0: converged */
} crn_libsvm;

/* clang-format off */
/* The rows that fit sets, in its order, with those of one class alone between. */
#define CRN_LIBSVM_FIELDS                                                                      \
    {.name = "_sparse", .type = CRN_FIELD_BOOL,                                                \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,                                           \
     .offset = offsetof(crn_libsvm, _sparse), .dflt = "False"},                                \
    CRN_FITTED(crn_libsvm, _gamma, REAL),                                                      \
    CRN_FITTED_ARRAY(crn_libsvm, support_, "n_SV"),                                            \
    CRN_FITTED_ARRAY(crn_libsvm, support_vectors_, NULL),                                      \
    {.name = "_n_support", .type = CRN_FIELD_ARRAY, .flags = CRN_FIELD_FITTED,                 \
     .offset = offsetof(crn_libsvm, _n_support), .old_names = "n_support_"},                   \
    CRN_FITTED_ARRAY(crn_libsvm, dual_coef_, NULL),                                            \
    CRN_FITTED_ARRAY(crn_libsvm, intercept_, NULL),                                            \
    {.name = "_probA", .type = CRN_FIELD_ARRAY, .flags = CRN_FIELD_FITTED,                     \
     .offset = offsetof(crn_libsvm, _probA), .old_names = "probA_"},                           \
    {.name = "_probB", .type = CRN_FIELD_ARRAY, .flags = CRN_FIELD_FITTED,                     \
     .offset = offsetof(crn_libsvm, _probB), .old_names = "probB_"},                           \
    CRN_FITTED_OPTIONAL(crn_libsvm, fit_status_, OBJECT),                                      \
    CRN_FITTED(crn_libsvm, shape_fit_, OBJECT),                                                \
    CRN_FITTED_ARRAY(crn_libsvm, _intercept_, NULL),                                           \
    CRN_FITTED_ARRAY(crn_libsvm, _dual_coef_, "n_coef, n_SV")
/* clang-format on */

/* classes: 0 for regression and outliers. */
crn_status crn_libsvm_check(crn_libsvm *self, int64_t classes, crn_error *err);

/* The weighted sums of the kernel over all support vectors (rows, 1), or for each class (rows,
 * classes, classes - 1) when there are more than two. x has crn_libsvm_width() columns. */
crn_value crn_libsvm_sums(const crn_libsvm *self, int64_t classes, crn_graph *graph,
                          crn_value x);

int64_t crn_libsvm_width(const void *self, crn_method method);

/* What a file for another version needs beyond the rows. */
crn_status crn_libsvm_write(const void *self, crn_document *document, crn_object *state,
                            const char *sklearn, crn_error *err);

#endif
