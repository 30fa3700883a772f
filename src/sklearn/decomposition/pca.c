/* SPDX-License-Identifier: BSD-3-Clause */
/* PCA, as sklearn/decomposition/_pca.py and _base.py (1.9). */
#include "sklearn/decomposition/pca.h"

#include <stdlib.h>

#include "sklearn/decomposition/projection.h"

static const crn_field fields[] = {
    CRN_PARAM(pca, n_components, OBJECT, "None", "int >= 0 | float (0, 1) | 'mle' | None"),
    CRN_PARAM(pca, copy, BOOL, "True", NULL),
    CRN_PARAM(pca, whiten, BOOL, "False", NULL),
    CRN_PARAM(pca, svd_solver, STRING, "'auto'",
              "'auto' | 'full' | 'covariance_eigh' | 'arpack' | 'randomized'"),
    CRN_PARAM(pca, tol, REAL, "0.0", ">= 0"),
    CRN_PARAM(pca, iterated_power, OBJECT, "'auto'", "'auto' | int >= 0"),
    CRN_PARAM_FOR_FIT_SINCE(pca, n_oversamples, INT, "10", ">= 1", "1.1", NULL),
    CRN_PARAM_FOR_FIT_SINCE(pca, power_iteration_normalizer, STRING, "'auto'",
                            "'auto' | 'QR' | 'LU' | 'none'", "1.1", NULL),
    CRN_PARAM(pca, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED(pca, _fit_svd_solver, STRING),
    CRN_FITTED_ARRAY_OR_NONE(pca, mean_, NULL),
    CRN_FITTED(pca, noise_variance_, REAL),
    CRN_FITTED(pca, n_samples_, INT),
    CRN_FITTED(pca, n_components_, INT),
    CRN_FITTED_ARRAY(pca, components_, NULL),
    CRN_FITTED_ARRAY(pca, explained_variance_, "n_components_"),
    CRN_FITTED_ARRAY(pca, explained_variance_ratio_, "n_components_"),
    CRN_FITTED_ARRAY(pca, singular_values_, "n_components_"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    pca *model = self;
    const crn_array *components = &model->components_;
    if (components->ndim != 2 || components->shape[0] != model->n_components_)
        return crn_fail(err, CRN_FORMAT, "components_ does not have n_components_ = %lld rows",
                        (long long)model->n_components_);
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = components->shape[1];
    if (components->shape[1] != model->base.n_features_in_)
        return crn_fail(err, CRN_FORMAT,
                        "components_ has %lld columns, expected n_features_in_ = %lld",
                        (long long)components->shape[1], (long long)model->base.n_features_in_);
    if (model->mean_.data != NULL &&
        (model->mean_.ndim != 1 || model->mean_.shape[0] != components->shape[1]))
        return crn_fail(err, CRN_FORMAT, "mean_ does not have %lld elements",
                        (long long)components->shape[1]);
    const bool numbers = crn_dtype_is_number(components->dtype) &&
                         crn_dtype_is_number(model->explained_variance_.dtype) &&
                         (model->mean_.data == NULL || crn_dtype_is_number(model->mean_.dtype));
    if (!numbers)
        return crn_fail(err, CRN_FORMAT,
                        "components_, mean_ and explained_variance_ must hold numbers");
    return CRN_OK;
}

static crn_projection projection(const pca *self)
{
    return (crn_projection){.components = &self->components_,
                            .mean = &self->mean_,
                            .variance = self->whiten ? &self->explained_variance_ : NULL};
}

static crn_value lower_score_samples(const pca *self, crn_graph *graph, crn_value x)
{
    const int64_t n = self->base.n_features_in_;
    crn_value value = CRN_NO_VALUE;
    size_t size;
    double *precision =
        crn_mul_size((size_t)n, (size_t)n, &size) ? crn_calloc(size, sizeof *precision) : NULL;
    if (precision == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    if (crn_pca_precision(self, precision, &graph->error) == CRN_OK)
        value = crn_gaussian_score(graph, crn_centred(graph, x, &self->mean_), precision, n);
    free(precision);
    return value;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const crn_projection how = projection(self);
    switch (method) {
    case CRN_INVERSE_TRANSFORM:
        return crn_projection_inverse(&how, graph, x);
    case CRN_SCORE_SAMPLES:
        return lower_score_samples(self, graph, x);
    default:
        return crn_projection_transform(&how, graph, x);
    }
}

static int64_t input_width(const void *self, crn_method method)
{
    const pca *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->n_components_ : model->base.n_features_in_;
}

const crn_estimator crn_estimator_PCA = {
    .name = "PCA",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._pca sklearn.decomposition.pca",
    .size = sizeof(pca),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM | 1u << CRN_SCORE_SAMPLES,
    .lower = lower,
    .check = check,
    .fit = crn_pca_fit,
    .input_width = input_width,
};
