/* SPDX-License-Identifier: BSD-3-Clause */
/* KernelPCA, as sklearn/decomposition/_kernel_pca.py (1.9): the centred kernel with the
 * training set, times the scaled eigenvectors. */
#include <math.h>

#include "ops/affine.h"
#include "sklearn/estimator.h"
#include "sklearn/metrics/pairwise.h"
#include "sklearn/preprocessing/kernel_centerer.h"

typedef struct kernel_pca {
    crn_estimator_base base;
    const crn_object *n_components, *kernel, *gamma, *kernel_params, *max_iter;
    const crn_object *iterated_power, *random_state, *n_jobs;
    double degree, coef0, alpha, tol;
    const char *eigen_solver;
    bool fit_inverse_transform, remove_zero_eig, copy_X;
    const crn_object *gamma_; /* what gamma stood for; files before 1.3 do not say */
    crn_model *_centerer;
    crn_array eigenvalues_;       /* (components) */
    crn_array eigenvectors_;      /* (rows, components) */
    crn_array X_fit_;             /* (rows, n_features_in_): the training set */
    crn_array X_transformed_fit_; /* (rows, components), with fit_inverse_transform */
    crn_array dual_coef_;         /* (rows, n_features_in_), likewise */
} kernel_pca;

static const crn_field fields[] = {
    CRN_PARAM(kernel_pca, n_components, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(kernel_pca, kernel, OBJECT, "'linear'",
              "'cosine' | 'linear' | 'poly' | 'precomputed' | 'rbf' | 'sigmoid' | callable"),
    CRN_PARAM(kernel_pca, gamma, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(kernel_pca, degree, REAL, "3", "real >= 0"),
    CRN_PARAM(kernel_pca, coef0, REAL, "1", "real (-inf, inf)"),
    CRN_PARAM(kernel_pca, kernel_params, OBJECT, "None", "dict | None"),
    CRN_PARAM(kernel_pca, alpha, REAL, "1.0", "real >= 0"),
    CRN_PARAM(kernel_pca, fit_inverse_transform, BOOL, "False", NULL),
    CRN_PARAM(kernel_pca, eigen_solver, STRING, "'auto'",
              "'arpack' | 'auto' | 'dense' | 'randomized'"),
    CRN_PARAM(kernel_pca, tol, REAL, "0", "real >= 0"),
    CRN_PARAM(kernel_pca, max_iter, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM_SINCE(kernel_pca, iterated_power, OBJECT, "'auto'", "int >= 0 | 'auto'", "1.0",
                    NULL),
    CRN_PARAM(kernel_pca, remove_zero_eig, BOOL, "False", NULL),
    CRN_PARAM(kernel_pca, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(kernel_pca, copy_X, BOOL, "True", NULL),
    CRN_PARAM(kernel_pca, n_jobs, OBJECT, "None", "None | int"),
    CRN_BASE_FIELDS,
    {.name = "gamma_",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(kernel_pca, gamma_),
     .since = "1.3"},
    CRN_FITTED(kernel_pca, _centerer, MODEL),
    {.name = "eigenvalues_",
     .type = CRN_FIELD_ARRAY,
     .flags = CRN_FIELD_FITTED,
     .offset = offsetof(kernel_pca, eigenvalues_),
     .shape = "components",
     .old_names = "lambdas_"},
    {.name = "eigenvectors_",
     .type = CRN_FIELD_ARRAY,
     .flags = CRN_FIELD_FITTED,
     .offset = offsetof(kernel_pca, eigenvectors_),
     .shape = "rows, components",
     .old_names = "alphas_"},
    CRN_FITTED_ARRAY_OPTIONAL(kernel_pca, dual_coef_, "rows, n_out"),
    CRN_FITTED_ARRAY_OPTIONAL(kernel_pca, X_transformed_fit_, "rows, n_in"),
    CRN_FITTED_ARRAY(kernel_pca, X_fit_, "rows, n_features_in_"),
    CRN_FIELDS_END,
};

static bool is_numbers(const crn_array *array)
{
    return array->data == NULL || crn_dtype_is_number(array->dtype);
}

static crn_status check(void *self, crn_error *err)
{
    kernel_pca *pca = self;
    if (!is_numbers(&pca->eigenvalues_) || !is_numbers(&pca->eigenvectors_) ||
        !is_numbers(&pca->X_fit_) || !is_numbers(&pca->dual_coef_) ||
        !is_numbers(&pca->X_transformed_fit_))
        return crn_fail(err, CRN_FORMAT, "the arrays of KernelPCA must hold numbers");
    if (crn_kernel_centerer_width(pca->_centerer) != pca->X_fit_.shape[0])
        return crn_fail(err, CRN_FORMAT, "_centerer does not centre the kernel with X_fit_");
    if (pca->base.n_features_in_ < 0)
        pca->base.n_features_in_ = pca->X_fit_.shape[1];
    if (crn_object_is_str(pca->kernel, "precomputed") &&
        pca->X_fit_.shape[0] != pca->X_fit_.shape[1])
        return crn_fail(err, CRN_FORMAT, "the precomputed X_fit_ is not square");
    return CRN_OK;
}

static bool has_method(const void *self, crn_method method)
{
    const kernel_pca *pca = self;
    return method != CRN_INVERSE_TRANSFORM ||
           (pca->fit_inverse_transform && pca->dual_coef_.data != NULL &&
            pca->X_transformed_fit_.data != NULL);
}

static crn_value kernel_with(const kernel_pca *self, crn_graph *graph, crn_value x,
                             const crn_array *points, const crn_array *weights)
{
    const double gamma = crn_pairwise_number(self->gamma_);
    const crn_pairwise pairwise = {.kernel = self->kernel,
                                   .gamma =
                                       isnan(gamma) ? crn_pairwise_number(self->gamma) : gamma,
                                   .degree = self->degree,
                                   .coef0 = self->coef0};
    return crn_pairwise_kernel(&pairwise, graph, x, points, weights);
}

/* (rows, components): eigenvectors over the roots of their eigenvalues; 0 where that is 0. */
static crn_value scaled_eigenvectors(const kernel_pca *self, crn_graph *graph)
{
    crn_array scaled = CRN_ARRAY_INIT;
    if (crn_array_astype(&self->eigenvectors_, CRN_FLOAT64, &scaled, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const int64_t components = scaled.shape[1];
    double *at = scaled.data;
    for (int64_t i = 0; i < scaled.shape[0]; i++) {
        for (int64_t j = 0; j < components; j++, at++) {
            const double eigenvalue = crn_array_get(&self->eigenvalues_, j);
            *at = eigenvalue != 0.0 ? *at / sqrt(eigenvalue) : 0.0;
        }
    }
    crn_value value = crn_graph_constant(graph, &scaled);
    crn_array_free(&scaled);
    return value;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const kernel_pca *pca = self;
    if (method == CRN_INVERSE_TRANSFORM) {
        const crn_array weights = crn_array_turned(&pca->dual_coef_);
        return kernel_with(pca, graph, x, &pca->X_transformed_fit_, &weights);
    }
    crn_value k = kernel_with(pca, graph, x, &pca->X_fit_, NULL);
    k = crn_sklearn_lower(pca->_centerer, CRN_TRANSFORM, graph, k);
    return crn_affine(graph, k, scaled_eigenvectors(pca, graph), false, CRN_NO_VALUE);
}

static int64_t input_width(const void *self, crn_method method)
{
    const kernel_pca *pca = self;
    return method == CRN_INVERSE_TRANSFORM ? pca->X_transformed_fit_.shape[1]
                                           : pca->base.n_features_in_;
}

/* 0.24 and older call the eigenvalues lambdas_ and the eigenvectors alphas_. gamma_ is needed
 * from 1.3 on; before, gamma=None would be another number in inverse_transform. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const kernel_pca *pca = self;
    bool ok = true;
    if (!pca->base.fitted)
        return CRN_OK;
    const bool known = !isnan(crn_pairwise_number(pca->gamma_));
    if (crn_version_compare(sklearn, "1.3") >= 0 && !known) {
        const double gamma = crn_pairwise_number(pca->gamma);
        const double usual = 1.0 / (double)pca->X_fit_.shape[1];
        ok = crn_object_set(document, state, "gamma_",
                            crn_object_float(document, isnan(gamma) ? usual : gamma));
    }
    if (crn_version_compare(sklearn, "1.3") < 0 && known)
        ok = crn_object_set(document, state, "gamma", (crn_object *)pca->gamma_);
    if (ok && crn_version_compare(sklearn, "1.0") < 0)
        ok = crn_object_set(document, state, "lambdas_",
                            crn_object_array(document, &pca->eigenvalues_)) &&
             crn_object_set(document, state, "alphas_",
                            crn_object_array(document, &pca->eigenvectors_));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_KernelPCA = {
    .name = "KernelPCA",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._kernel_pca sklearn.decomposition.kernel_pca",
    .size = sizeof(kernel_pca),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .input_width = input_width,
    .write = write,
};
