/* SPDX-License-Identifier: BSD-3-Clause */
/* Nystroem, as sklearn/kernel_approximation.py (1.9): K(X, components_) normalization_.T, with
 * components_ a part of the training set. */
#include "sklearn/estimator.h"
#include "sklearn/metrics/pairwise.h"

typedef struct nystroem {
    crn_estimator_base base;
    const crn_object *kernel, *gamma, *coef0, *degree, *kernel_params, *random_state, *n_jobs;
    int64_t n_components;
    crn_array normalization_;             /* (n, n), n <= n_components */
    crn_array components_;                /* (n, n_features_in_) */
    const crn_object *component_indices_; /* of the training set */
    int64_t _n_features_out;
} nystroem;

static const crn_field fields[] = {
    CRN_PARAM(nystroem, kernel, OBJECT, "'rbf'",
              "'additive_chi2' | 'chi2' | 'cosine' | 'laplacian' | 'linear' | 'poly' | "
              "'polynomial' | 'precomputed' | 'rbf' | 'sigmoid' | callable"),
    CRN_PARAM(nystroem, gamma, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(nystroem, coef0, OBJECT, "None", "real (-inf, inf) | None"),
    CRN_PARAM(nystroem, degree, OBJECT, "None", "real >= 1 | None"),
    CRN_PARAM(nystroem, kernel_params, OBJECT, "None", "dict | None"),
    CRN_PARAM(nystroem, n_components, INT, "100", "int >= 1"),
    CRN_PARAM(nystroem, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_SINCE(nystroem, n_jobs, OBJECT, "None", "int | None", "0.24", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(nystroem, normalization_, "n, n"),
    CRN_FITTED_ARRAY(nystroem, components_, "n, n_features_in_"),
    CRN_FITTED_OPTIONAL(nystroem, component_indices_, OBJECT),
    {.name = "_n_features_out",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(nystroem, _n_features_out),
     .since = "1.1"},
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    nystroem *model = self;
    if (!crn_dtype_is_number(model->normalization_.dtype) ||
        !crn_dtype_is_number(model->components_.dtype))
        return crn_fail(err, CRN_FORMAT, "normalization_ and components_ must hold numbers");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = model->components_.shape[1];
    model->_n_features_out = model->normalization_.shape[0];
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const nystroem *model = self;
    const crn_pairwise pairwise = {.kernel = model->kernel,
                                   .gamma = crn_pairwise_number(model->gamma),
                                   .degree = crn_pairwise_number(model->degree),
                                   .coef0 = crn_pairwise_number(model->coef0)};
    return crn_pairwise_kernel(&pairwise, graph, x, &model->components_,
                               &model->normalization_);
}

const crn_estimator crn_estimator_Nystroem = {
    .name = "Nystroem",
    .module = "sklearn.kernel_approximation",
    .modules = "sklearn.kernel_approximation",
    .size = sizeof(nystroem),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
};
