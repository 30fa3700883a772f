/* SPDX-License-Identifier: BSD-3-Clause */
/* The probabilistic model behind PCA (Tipping and Bishop, J. R. Statist. Soc. B 61, 1999), as
 * sklearn/decomposition/_base.py (1.9) computes its precision. */
#include <math.h>
#include <stdlib.h>

#include <cblas.h>

#include "sklearn/decomposition/pca.h"
#include "solve/linear_system.h"

/* components_, times sqrt(explained_variance_) when whitened, and max(explained_variance_ -
 * noise, 0). */
static void model_parts(const pca *self, double *components, double *excess)
{
    const int64_t n = self->n_components_, features = self->base.n_features_in_;
    for (int64_t k = 0; k < n; k++) {
        const double variance = crn_array_get(&self->explained_variance_, k);
        const double scale = self->whiten ? sqrt(variance) : 1.0;
        excess[k] = variance > self->noise_variance_ ? variance - self->noise_variance_ : 0.0;
        for (int64_t j = 0; j < features; j++)
            components[k * features + j] =
                scale * crn_array_get(&self->components_, k * features + j);
    }
}

static void add_to_diagonal(double *matrix, int64_t n, double value)
{
    for (int64_t i = 0; i < n; i++)
        matrix[i * n + i] += value;
}

/* out (columns, columns) = a.T b, both (rows, columns). */
static void product_of_transposed(const double *a, const double *b, int64_t rows,
                                  int64_t columns, double *out)
{
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)columns, (int)columns, (int)rows,
                1.0, a, (int)columns, b, (int)columns, 0.0, out, (int)columns);
}

static crn_status invert(double *matrix, int64_t n, crn_error *err)
{
    bool regular;
    CRN_TRY(crn_inverse(matrix, n, &regular, err));
    return regular ? CRN_OK : crn_fail(err, CRN_ARGUMENT, "singular matrix");
}

/* Without noise the covariance itself is inverted. */
static crn_status invert_covariance(const double *components, const double *excess,
                                    double *scaled, int64_t n, int64_t features, double *out,
                                    crn_error *err)
{
    for (int64_t k = 0; k < n; k++) {
        for (int64_t j = 0; j < features; j++)
            scaled[k * features + j] = components[k * features + j] * excess[k];
    }
    product_of_transposed(scaled, components, n, features, out);
    return invert(out, features, err);
}

/* The matrix inversion lemma: one inverse of (n, n) instead of (features, features). */
static crn_status by_inversion_lemma(const double *components, const double *excess,
                                     double *scaled, double *small, int64_t n, int64_t features,
                                     double noise, double *out, crn_error *err)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)n, (int)features, 1.0,
                components, (int)features, components, (int)features, 0.0, small, (int)n);
    for (int64_t i = 0; i < n * n; i++)
        small[i] /= noise;
    for (int64_t k = 0; k < n; k++)
        small[k * n + k] += 1.0 / excess[k];
    CRN_TRY(invert(small, n, err));
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)features, (int)n, 1.0,
                small, (int)n, components, (int)features, 0.0, scaled, (int)features);
    product_of_transposed(components, scaled, n, features, out);
    for (int64_t i = 0; i < features * features; i++)
        out[i] /= -(noise * noise);
    add_to_diagonal(out, features, 1.0 / noise);
    return CRN_OK;
}

crn_status crn_pca_precision(const pca *self, double *precision, crn_error *err)
{
    const int64_t n = self->n_components_, features = self->base.n_features_in_;
    const double noise = self->noise_variance_;
    if (features > INT32_MAX)
        return crn_fail(err, CRN_LIMIT, "too many features for score_samples");
    if (n == 0) {
        add_to_diagonal(precision, features, 1.0 / noise);
        return CRN_OK;
    }
    double *components = crn_calloc((size_t)(n * features), sizeof *components);
    double *scaled = crn_calloc((size_t)(n * features), sizeof *scaled);
    double *small = crn_calloc((size_t)(n * n), sizeof *small);
    double *excess = crn_calloc((size_t)n, sizeof *excess);
    crn_status status;
    if (components == NULL || scaled == NULL || small == NULL || excess == NULL) {
        status = crn_no_memory(err);
    } else {
        model_parts(self, components, excess);
        status = noise == 0.0 ? invert_covariance(components, excess, scaled, n, features,
                                                  precision, err)
                              : by_inversion_lemma(components, excess, scaled, small, n,
                                                   features, noise, precision, err);
    }
    free(components);
    free(scaled);
    free(small);
    free(excess);
    return status;
}
