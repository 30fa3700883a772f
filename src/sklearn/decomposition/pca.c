/* SPDX-License-Identifier: BSD-3-Clause */
/* PCA, as sklearn/decomposition/_pca.py and _base.py (1.9). */
#include "sklearn/decomposition/pca.h"

#include <math.h>
#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "solve/linear_system.h"

static const crn_field fields[] = {
    CRN_PARAM(pca, n_components, OBJECT, "None", "int >= 0 | float (0, 1) | 'mle' | None"),
    CRN_PARAM(pca, copy, BOOL, "True", NULL),
    CRN_PARAM(pca, whiten, BOOL, "False", NULL),
    CRN_PARAM(pca, svd_solver, STRING, "'auto'",
              "'auto' | 'full' | 'covariance_eigh' | 'arpack' | 'randomized'"),
    CRN_PARAM(pca, tol, REAL, "0.0", ">= 0"),
    CRN_PARAM(pca, iterated_power, OBJECT, "'auto'", "'auto' | int >= 0"),
    CRN_PARAM_SINCE(pca, n_oversamples, INT, "10", ">= 1", "1.1", NULL),
    CRN_PARAM_SINCE(pca, power_iteration_normalizer, STRING, "'auto'",
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

/* sqrt(explained_variance_), no smaller than the smallest step at 1: what whitening divides by.
 */
static crn_value whitening(const pca *self, crn_graph *graph)
{
    const int64_t n = self->n_components_;
    double *scale = crn_calloc((size_t)n, sizeof *scale);
    if (scale == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < n; k++) {
        scale[k] = sqrt(crn_array_get(&self->explained_variance_, k));
        if (scale[k] < 0x1p-52)
            scale[k] = 0x1p-52;
    }
    crn_value value = crn_graph_numbers(graph, CRN_FLOAT64, scale, n, 0);
    free(scale);
    return value;
}

/* -mean_ components_.T, the bias that centres after the projection, as PCA does since 1.4. */
static crn_value centring(const pca *self, crn_graph *graph)
{
    const int64_t n = self->n_components_, features = self->base.n_features_in_;
    double *bias = crn_calloc((size_t)n, sizeof *bias);
    if (bias == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < n; k++) {
        for (int64_t j = 0; j < features; j++)
            bias[k] -= crn_array_get(&self->mean_, j) *
                       crn_array_get(&self->components_, k * features + j);
    }
    crn_value value = crn_graph_numbers(graph, CRN_FLOAT64, bias, n, 0);
    free(bias);
    return value;
}

static crn_value lower_transform(const pca *self, crn_graph *graph, crn_value x)
{
    crn_value bias = self->mean_.data != NULL ? centring(self, graph) : CRN_NO_VALUE;
    x = crn_affine(graph, x, crn_constant_float64(graph, &self->components_), true, bias);
    if (!self->whiten)
        return x;
    return crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE, CRN_NO_VALUE, whitening(self, graph));
}

static crn_value lower_inverse(const pca *self, crn_graph *graph, crn_value x)
{
    if (self->whiten)
        x = crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, whitening(self, graph), CRN_NO_VALUE);
    crn_value mean =
        self->mean_.data != NULL ? crn_constant_float64(graph, &self->mean_) : CRN_NO_VALUE;
    return crn_affine(graph, x, crn_constant_float64(graph, &self->components_), false, mean);
}

/* The log-likelihood under the probabilistic model: with z = x - mean and P the precision,
 * -0.5 sum(z * (z P)) - 0.5 (n_features log(2 pi) - log det P). */
static crn_value score(crn_graph *graph, crn_value centred, const double *precision, int64_t n,
                       double log_determinant)
{
    const double half_pi_log = (double)n * log(2.0 * 3.14159265358979323846);
    const double shift = -0.5 * (half_pi_log - log_determinant);
    crn_value product =
        crn_affine(graph, centred, crn_graph_numbers(graph, CRN_FLOAT64, precision, n * n, n),
                   false, CRN_NO_VALUE);
    product = crn_binary(graph, centred, product, CRN_BINARY_MULTIPLY);
    crn_value sum =
        crn_reshape(graph, crn_reduce(graph, product, CRN_REDUCE_SUM), 1, (int64_t[]){1});
    const double minus_half = -0.5;
    sum = crn_scale(graph, sum, CRN_SCALE_MULTIPLY_ADD,
                    crn_graph_numbers(graph, CRN_FLOAT64, &minus_half, 1, 0),
                    crn_graph_numbers(graph, CRN_FLOAT64, &shift, 1, 0));
    return crn_reshape(graph, sum, 0, NULL);
}

static crn_value lower_score_samples(const pca *self, crn_graph *graph, crn_value x)
{
    const int64_t n = self->base.n_features_in_;
    double log_determinant = 0.0;
    crn_value value = CRN_NO_VALUE;
    size_t bytes;
    double *precision = crn_mul_size((size_t)n, (size_t)n, &bytes)
                            ? crn_calloc(bytes, sizeof *precision)
                            : NULL;
    if (precision == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    if (crn_pca_precision(self, precision, &graph->error) == CRN_OK &&
        crn_log_determinant(precision, n, &log_determinant, &graph->error) == CRN_OK) {
        x = self->mean_.data == NULL
                ? x
                : crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE,
                            crn_constant_float64(graph, &self->mean_), CRN_NO_VALUE);
        value = score(graph, x, precision, n, log_determinant);
    }
    free(precision);
    return value;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    switch (method) {
    case CRN_INVERSE_TRANSFORM:
        return lower_inverse(self, graph, x);
    case CRN_SCORE_SAMPLES:
        return lower_score_samples(self, graph, x);
    default:
        return lower_transform(self, graph, x);
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
