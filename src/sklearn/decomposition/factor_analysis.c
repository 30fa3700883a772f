/* SPDX-License-Identifier: BSD-3-Clause */
/* FactorAnalysis, as sklearn/decomposition/_factor_analysis.py (1.9), and the files of versions
 * back to 0.20. */
#include <cblas.h>
#include <stdlib.h>

#include "ops/affine.h"
#include "sklearn/decomposition/projection.h"
#include "sklearn/fitted.h"
#include "solve/linear_system.h"

typedef struct factor_analysis {
    crn_estimator_base base;
    const crn_object *n_components;
    double tol;
    bool copy;
    int64_t max_iter;
    const crn_object *noise_variance_init;
    const char *svd_method;
    int64_t iterated_power;
    const char *rotation;
    const crn_object *random_state;
    crn_array mean_;           /* (n_features) */
    crn_array components_;     /* (n_components, n_features) */
    crn_array noise_variance_; /* (n_features) */
} factor_analysis;

static const crn_field fields[] = {
    CRN_PARAM(factor_analysis, n_components, OBJECT, "None", "int >= 0 | None"),
    CRN_PARAM(factor_analysis, tol, REAL, "0.01", "real >= 0.0"),
    CRN_PARAM(factor_analysis, copy, BOOL, "True", NULL),
    CRN_PARAM(factor_analysis, max_iter, INT, "1000", "int >= 1"),
    CRN_PARAM(factor_analysis, noise_variance_init, OBJECT, "None", "array | None"),
    CRN_PARAM(factor_analysis, svd_method, STRING, "'randomized'", "'lapack' | 'randomized'"),
    CRN_PARAM(factor_analysis, iterated_power, INT, "3", "int >= 0"),
    CRN_PARAM_FOR_FIT_SINCE(factor_analysis, rotation, STRING, "None",
                            "'quartimax' | 'varimax' | None", "0.24", NULL),
    CRN_PARAM(factor_analysis, random_state, OBJECT, "0", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(factor_analysis, mean_, NULL),
    CRN_FITTED_ARRAY(factor_analysis, components_, NULL),
    CRN_FITTED_ARRAY(factor_analysis, noise_variance_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    factor_analysis *model = self;
    CRN_TRY(crn_projection_check(&model->base, &model->components_, &model->mean_, err));
    const int64_t k = model->components_.shape[0], n = model->components_.shape[1];
    if (model->mean_.data == NULL)
        return crn_fail(err, CRN_FORMAT, "FactorAnalysis has no attribute 'mean_'");
    if (k > INT32_MAX || n > INT32_MAX)
        return crn_fail(err, CRN_LIMIT, "components_ is too large");
    return crn_fitted_vector(&model->noise_variance_, "noise_variance_", n, err);
}

/* The matrices of the posterior of the factors. */
typedef struct posterior {
    double *scaled;     /* (k, n) components_ / noise_variance_ */
    double *covariance; /* (k, k) (I + scaled components_.T)^-1 */
    double *weights;    /* (n, k) scaled.T covariance */
} posterior;

static void free_posterior(posterior *p)
{
    free(p->scaled);
    free(p->covariance);
    free(p->weights);
}

static crn_status fill_posterior(const factor_analysis *self, posterior *p, crn_error *err)
{
    const int64_t k = self->components_.shape[0], n = self->components_.shape[1];
    bool regular;
    for (int64_t i = 0; i < k * n; i++)
        p->scaled[i] =
            crn_array_get(&self->components_, i) / crn_array_get(&self->noise_variance_, i % n);
    for (int64_t a = 0; a < k; a++) {
        for (int64_t b = 0; b < k; b++) {
            double sum = a == b ? 1.0 : 0.0;
            for (int64_t j = 0; j < n; j++)
                sum += p->scaled[a * n + j] * crn_array_get(&self->components_, b * n + j);
            p->covariance[a * k + b] = sum;
        }
    }
    CRN_TRY(crn_inverse(p->covariance, k, &regular, err));
    if (!regular)
        return crn_fail(err, CRN_ARGUMENT, "singular matrix");
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n, (int)k, (int)k, 1.0, p->scaled,
                (int)n, p->covariance, (int)k, 0.0, p->weights, (int)k);
    return CRN_OK;
}

static crn_status make_posterior(const factor_analysis *self, posterior *p, crn_error *err)
{
    const size_t k = (size_t)self->components_.shape[0], n = (size_t)self->components_.shape[1];
    size_t square;
    if (!crn_mul_size(k, k, &square))
        return crn_fail(err, CRN_LIMIT, "components_ is too large");
    p->scaled = crn_calloc(k * n, sizeof *p->scaled);
    p->covariance = crn_calloc(square, sizeof *p->covariance);
    p->weights = crn_calloc(n * k, sizeof *p->weights);
    return p->scaled != NULL && p->covariance != NULL && p->weights != NULL
               ? fill_posterior(self, p, err)
               : crn_no_memory(err);
}

/* get_precision by the matrix inversion lemma: 1 / noise_variance_ on the diagonal, less what
 * the factors explain. */
static void fill_precision(const factor_analysis *self, const posterior *p, double *precision)
{
    const int64_t k = self->components_.shape[0], n = self->components_.shape[1];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)n, (int)k, -1.0,
                p->weights, (int)k, p->scaled, (int)n, 0.0, precision, (int)n);
    for (int64_t j = 0; j < n; j++)
        precision[j * n + j] += 1.0 / crn_array_get(&self->noise_variance_, j);
}

static crn_value score_samples(const factor_analysis *self, const posterior *p,
                               crn_graph *graph, crn_value x)
{
    const size_t n = (size_t)self->components_.shape[1];
    size_t size;
    double *precision = crn_mul_size(n, n, &size) ? crn_calloc(size, sizeof *precision) : NULL;
    if (precision == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    fill_precision(self, p, precision);
    crn_value score = crn_gaussian_score(graph, x, precision, (int64_t)n);
    free(precision);
    return score;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const factor_analysis *model = self;
    const int64_t k = model->components_.shape[0], n = model->components_.shape[1];
    posterior p = {0};
    crn_value value = CRN_NO_VALUE;
    x = crn_centred(graph, x, &model->mean_);
    if (make_posterior(model, &p, &graph->error) == CRN_OK)
        value = method == CRN_SCORE_SAMPLES
                    ? score_samples(model, &p, graph, x)
                    : crn_affine(graph, x,
                                 crn_graph_numbers(graph, CRN_FLOAT64, p.weights, n * k, k),
                                 false, CRN_NO_VALUE);
    free_posterior(&p);
    return value;
}

const crn_estimator crn_estimator_FactorAnalysis = {
    .name = "FactorAnalysis",
    .module = "sklearn.decomposition",
    .modules = "sklearn.decomposition._factor_analysis sklearn.decomposition.factor_analysis",
    .size = sizeof(factor_analysis),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_SCORE_SAMPLES,
    .lower = lower,
    .check = check,
};
