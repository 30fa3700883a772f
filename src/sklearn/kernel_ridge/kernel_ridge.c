/* SPDX-License-Identifier: BSD-3-Clause */
/* KernelRidge, as sklearn/kernel_ridge.py (1.9): K(X, X_fit_) dual_coef_. */
#include "ops/rows.h"
#include "sklearn/estimator.h"
#include "sklearn/metrics/pairwise.h"

typedef struct kernel_ridge {
    crn_estimator_base base;
    const crn_object *alpha, *kernel, *gamma, *kernel_params;
    double degree, coef0;
    crn_array dual_coef_; /* (rows), or (rows, targets) */
    crn_array X_fit_;     /* (rows, n_features_in_): the training set */
} kernel_ridge;

static const crn_field fields[] = {
    CRN_PARAM(kernel_ridge, alpha, OBJECT, "1", "real >= 0 | array"),
    CRN_PARAM(kernel_ridge, kernel, OBJECT, "'linear'",
              "'additive_chi2' | 'chi2' | 'cosine' | 'laplacian' | 'linear' | 'poly' | "
              "'polynomial' | 'precomputed' | 'rbf' | 'sigmoid' | callable"),
    CRN_PARAM(kernel_ridge, gamma, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(kernel_ridge, degree, REAL, "3", "real >= 0"),
    CRN_PARAM(kernel_ridge, coef0, REAL, "1", "real (-inf, inf)"),
    CRN_PARAM(kernel_ridge, kernel_params, OBJECT, "None", "dict | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(kernel_ridge, dual_coef_, NULL),
    CRN_FITTED_ARRAY(kernel_ridge, X_fit_, "rows, n_features_in_"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    kernel_ridge *model = self;
    const crn_array *coef = &model->dual_coef_, *x = &model->X_fit_;
    if (coef->ndim < 1 || coef->ndim > 2 || coef->shape[0] != x->shape[0])
        return crn_fail(err, CRN_FORMAT, "dual_coef_ does not fit X_fit_");
    if (!crn_dtype_is_number(coef->dtype) || !crn_dtype_is_number(x->dtype))
        return crn_fail(err, CRN_FORMAT, "dual_coef_ and X_fit_ must hold numbers");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = x->shape[1];
    if (crn_object_is_str(model->kernel, "precomputed") && x->shape[0] != x->shape[1])
        return crn_fail(err, CRN_FORMAT, "the precomputed X_fit_ is not square");
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const kernel_ridge *model = self;
    const crn_pairwise pairwise = {.kernel = model->kernel,
                                   .gamma = crn_pairwise_number(model->gamma),
                                   .degree = model->degree,
                                   .coef0 = model->coef0};
    crn_array weights = crn_array_turned(&model->dual_coef_);
    crn_value y = crn_pairwise_kernel(&pairwise, graph, x, &model->X_fit_, &weights);
    return model->dual_coef_.ndim == 1 ? crn_reshape(graph, y, 0, NULL) : y;
}

const crn_estimator crn_estimator_KernelRidge = {
    .name = "KernelRidge",
    .module = "sklearn.kernel_ridge",
    .modules = "sklearn.kernel_ridge",
    .size = sizeof(kernel_ridge),
    .fields = fields,
    .methods = 1u << CRN_PREDICT,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = lower,
    .check = check,
};
