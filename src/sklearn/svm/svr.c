/* SPDX-License-Identifier: BSD-3-Clause */
/* SVR, NuSVR and OneClassSVM, as sklearn/svm/_classes.py (1.9): one weighted sum of kernels. */
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/svm/libsvm.h"

/* clang-format off */
#define PARAM_KERNEL                                                                           \
    CRN_PARAM(crn_libsvm, kernel, OBJECT, "'rbf'",                                             \
              "'linear' | 'poly' | 'precomputed' | 'rbf' | 'sigmoid' | callable"),             \
    CRN_PARAM(crn_libsvm, degree, INT, "3", "int >= 0"),                                       \
    CRN_PARAM(crn_libsvm, gamma, OBJECT, "'scale'", "'auto' | 'scale' | real >= 0.0"),         \
    CRN_PARAM(crn_libsvm, coef0, REAL, "0.0", "real (-inf, inf)")
/* clang-format on */

#define PARAM_C         CRN_PARAM(crn_libsvm, C, REAL, "1.0", "real (0.0, inf]")
#define PARAM_NU        CRN_PARAM(crn_libsvm, nu, REAL, "0.5", "real (0.0, 1.0]")
#define PARAM_EPSILON   CRN_PARAM(crn_libsvm, epsilon, REAL, "0.1", "real >= 0.0")
#define PARAM_TOL       CRN_PARAM(crn_libsvm, tol, REAL, "0.001", "real > 0.0")
#define PARAM_SHRINKING CRN_PARAM(crn_libsvm, shrinking, BOOL, "True", NULL)
#define PARAM_CACHE     CRN_PARAM(crn_libsvm, cache_size, REAL, "200", "real > 0")
#define PARAM_VERBOSE   CRN_PARAM(crn_libsvm, verbose, OBJECT, "False", "verbose")
#define PARAM_ITER      CRN_PARAM(crn_libsvm, max_iter, INT, "-1", "int >= -1")

static const crn_field svr_fields[] = {
    PARAM_KERNEL,  PARAM_TOL,  PARAM_C,         PARAM_EPSILON,     PARAM_SHRINKING, PARAM_CACHE,
    PARAM_VERBOSE, PARAM_ITER, CRN_BASE_FIELDS, CRN_LIBSVM_FIELDS, CRN_FIELDS_END,
};

static const crn_field nu_svr_fields[] = {
    PARAM_NU,      PARAM_C,    PARAM_KERNEL,    PARAM_SHRINKING,   PARAM_TOL,      PARAM_CACHE,
    PARAM_VERBOSE, PARAM_ITER, CRN_BASE_FIELDS, CRN_LIBSVM_FIELDS, CRN_FIELDS_END,
};

static const crn_field one_class_fields[] = {
    PARAM_KERNEL,
    PARAM_TOL,
    PARAM_NU,
    PARAM_SHRINKING,
    PARAM_CACHE,
    PARAM_VERBOSE,
    PARAM_ITER,
    CRN_PARAM_SINCE(crn_libsvm, random_state, OBJECT, "None", NULL, NULL, "0.22"),
    CRN_BASE_FIELDS,
    CRN_LIBSVM_FIELDS,
    CRN_FITTED_ARRAY(crn_libsvm, offset_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    return crn_libsvm_check(self, 0, err);
}

static crn_status check_one_class(void *self, crn_error *err)
{
    const crn_libsvm *svm = self;
    if (crn_array_size(&svm->offset_) != 1 || !crn_dtype_is_number(svm->offset_.dtype))
        return crn_fail(err, CRN_FORMAT, "offset_ is not one number");
    return crn_libsvm_check(self, 0, err);
}

/* The sum of kernels and the intercept: (rows). */
static crn_value decision(const crn_libsvm *self, crn_graph *graph, crn_value x)
{
    x = crn_libsvm_sums(self, 0, graph, x);
    x = crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, CRN_NO_VALUE,
                  crn_constant_float64(graph, &self->_intercept_));
    return crn_reshape(graph, x, 0, NULL);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    return decision(self, graph, x);
}

/* 1 for what is like the training set, -1 for outliers. */
static crn_value side(crn_graph *graph, crn_value decision_)
{
    static const int64_t sides[] = {-1, 1};
    const crn_array view = crn_array_view_1d(sides, CRN_INT64, 2);
    return crn_take(graph, crn_graph_constant(graph, &view), crn_step(graph, decision_, 0.0));
}

static crn_value lower_one_class(const void *self, crn_method method, crn_graph *graph,
                                 crn_value x)
{
    const crn_libsvm *svm = self;
    x = decision(svm, graph, x);
    if (method == CRN_PREDICT)
        return side(graph, x);
    if (method == CRN_DECISION_FUNCTION)
        return x;
    const double offset = crn_array_get(&svm->offset_, 0);
    return crn_binary(graph, x, crn_graph_scalar(graph, offset), CRN_BINARY_ADD);
}

/* clang-format off */
#define SHARED                                                                                 \
    .module = "sklearn.svm", .modules = "sklearn.svm._classes sklearn.svm.classes",            \
    .size = sizeof(crn_libsvm), .input_width = crn_libsvm_width, .write = crn_libsvm_write
/* clang-format on */

const crn_estimator crn_estimator_SVR = {
    .name = "SVR",
    .fields = svr_fields,
    .methods = 1u << CRN_PREDICT,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = lower,
    .check = check,
    SHARED,
};

const crn_estimator crn_estimator_NuSVR = {
    .name = "NuSVR",
    .fields = nu_svr_fields,
    .methods = 1u << CRN_PREDICT,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = lower,
    .check = check,
    SHARED,
};

const crn_estimator crn_estimator_OneClassSVM = {
    .name = "OneClassSVM",
    .fields = one_class_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION | 1u << CRN_SCORE_SAMPLES,
    .flags = CRN_TAKES_WEIGHT,
    .lower = lower_one_class,
    .check = check_one_class,
    SHARED,
};
