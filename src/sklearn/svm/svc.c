/* SPDX-License-Identifier: BSD-3-Clause */
/* SVC and NuSVC, as sklearn/svm/_classes.py and _base.py (1.9): LIBSVM decides every pair of
 * classes. */
#include <string.h>

#include "ops/elementwise.h"
#include "ops/one_vs_one.h"
#include "ops/rows.h"
#include "sklearn/svm/libsvm.h"

/* clang-format off */
#define KERNEL_PARAMS                                                                          \
    CRN_PARAM(crn_libsvm, kernel, OBJECT, "'rbf'",                                             \
              "'linear' | 'poly' | 'precomputed' | 'rbf' | 'sigmoid' | callable"),             \
    CRN_PARAM(crn_libsvm, degree, INT, "3", "int >= 0"),                                       \
    CRN_PARAM(crn_libsvm, gamma, OBJECT, "'scale'", "'auto' | 'scale' | real >= 0.0"),         \
    CRN_PARAM(crn_libsvm, coef0, REAL, "0.0", "real (-inf, inf)"),                             \
    CRN_PARAM(crn_libsvm, shrinking, BOOL, "True", NULL),                                      \
    CRN_PARAM(crn_libsvm, probability, OBJECT, "'deprecated'", "bool | ~'deprecated'"),        \
    CRN_PARAM(crn_libsvm, tol, REAL, "0.001", "real > 0.0"),                                   \
    CRN_PARAM(crn_libsvm, cache_size, REAL, "200", "real > 0"),                                \
    CRN_PARAM(crn_libsvm, class_weight, OBJECT, "None", "'balanced' | dict | None"),           \
    CRN_PARAM(crn_libsvm, verbose, OBJECT, "False", "verbose"),                                \
    CRN_PARAM(crn_libsvm, max_iter, INT, "-1", "int >= -1"),                                   \
    CRN_PARAM(crn_libsvm, decision_function_shape, STRING, "'ovr'", "'ovo' | 'ovr'"),          \
    CRN_PARAM_SINCE(crn_libsvm, break_ties, BOOL, "False", NULL, "0.22", NULL),                \
    CRN_PARAM(crn_libsvm, random_state, OBJECT, "None", "random_state"),                       \
    CRN_BASE_FIELDS,                                                                           \
    CRN_FITTED_ARRAY(crn_libsvm, classes_, NULL),                                              \
    CRN_LIBSVM_FIELDS,                                                                         \
    CRN_FIELDS_END
/* clang-format on */

static const crn_field svc_fields[] = {
    CRN_PARAM(crn_libsvm, C, REAL, "1.0", "real (0.0, inf]"),
    KERNEL_PARAMS,
};

static const crn_field nu_svc_fields[] = {
    CRN_PARAM(crn_libsvm, nu, REAL, "0.5", "real (0.0, 1.0]"),
    KERNEL_PARAMS,
};

static int64_t class_count(const crn_libsvm *self)
{
    return self->classes_.shape[0];
}

static crn_status check(void *self, crn_error *err)
{
    crn_libsvm *svc = self;
    const char *shape = svc->decision_function_shape;
    if (svc->classes_.ndim != 1 || class_count(svc) < 2)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of at least two classes");
    /* Their pairs are counted below: bounded by what a file can hold. */
    if (class_count(svc) > svc->_intercept_.shape[0] + 1)
        return crn_fail(err, CRN_FORMAT, "_intercept_ does not fit %lld classes",
                        (long long)class_count(svc));
    if (shape != NULL && strcmp(shape, "ovr") != 0 && strcmp(shape, "ovo") != 0)
        return crn_fail(err, CRN_FORMAT, "decision_function_shape must be 'ovr' or 'ovo'");
    return crn_libsvm_check(svc, class_count(svc), err);
}

/* (rows, pairs), positive for the first class of a pair. */
static crn_value decisions(const crn_libsvm *self, crn_graph *graph, crn_value x)
{
    const int64_t classes = class_count(self);
    crn_value sums = crn_libsvm_sums(self, classes, graph, x);
    crn_value intercept = crn_constant_float64(graph, &self->_intercept_);
    return classes > 2
               ? crn_pair_decisions(graph, sums, intercept)
               : crn_scale(graph, sums, CRN_SCALE_MULTIPLY_ADD, CRN_NO_VALUE, intercept);
}

static bool is_one_vs_rest(const crn_libsvm *self)
{
    return class_count(self) > 2 && self->decision_function_shape != NULL &&
           strcmp(self->decision_function_shape, "ovr") == 0;
}

static crn_value decision_function(const crn_libsvm *self, crn_graph *graph, crn_value pairs)
{
    if (class_count(self) == 2)
        return crn_reshape(graph, crn_unary(graph, pairs, CRN_UNARY_NEGATE), 0, NULL);
    return is_one_vs_rest(self) ? crn_pair_scores(graph, pairs, class_count(self)) : pairs;
}

static crn_value predict(const crn_libsvm *self, crn_graph *graph, crn_value pairs)
{
    crn_value index = self->break_ties && is_one_vs_rest(self)
                          ? crn_argmax(graph, decision_function(self, graph, pairs))
                          : crn_pair_votes(graph, pairs, class_count(self));
    return crn_take(graph, crn_graph_constant(graph, &self->classes_), index);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const crn_libsvm *svc = self;
    crn_value pairs = decisions(svc, graph, x);
    if (method == CRN_PREDICT)
        return predict(svc, graph, pairs);
    if (method == CRN_DECISION_FUNCTION)
        return decision_function(svc, graph, pairs);
    crn_value p = crn_pair_probabilities(graph, pairs, class_count(svc),
                                         crn_constant_float64(graph, &svc->_probA),
                                         crn_constant_float64(graph, &svc->_probB));
    return method == CRN_PREDICT_PROBA ? p : crn_unary(graph, p, CRN_UNARY_LOG);
}

/* Probabilities were learnt with probability=True alone. */
static bool has_method(const void *self, crn_method method)
{
    const crn_libsvm *svc = self;
    bool on = false;
    if (method != CRN_PREDICT_PROBA && method != CRN_PREDICT_LOG_PROBA)
        return true;
    return crn_object_as_bool(svc->probability, &on) && on && svc->_probA.shape[0] > 0;
}

/* clang-format off */
#define SHARED                                                                                 \
    .module = "sklearn.svm", .modules = "sklearn.svm._classes sklearn.svm.classes",            \
    .size = sizeof(crn_libsvm),                                                                \
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |     \
               1u << CRN_DECISION_FUNCTION,                                                    \
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT, .lower = lower, .check = check,                   \
    .has_method = has_method, .input_width = crn_libsvm_width, .write = crn_libsvm_write
/* clang-format on */

const crn_estimator crn_estimator_SVC = {.name = "SVC", .fields = svc_fields, SHARED};
const crn_estimator crn_estimator_NuSVC = {.name = "NuSVC", .fields = nu_svc_fields, SHARED};
