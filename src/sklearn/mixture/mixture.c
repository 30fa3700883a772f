/* SPDX-License-Identifier: BSD-3-Clause */
/* GaussianMixture and BayesianGaussianMixture: sklearn/mixture/_base.py, _gaussian_mixture.py
 * and _bayesian_mixture.py (1.9), and the files of versions back to 0.20. */
#include "sklearn/mixture/mixture.h"

#include <stdlib.h>
#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/likelihood.h"
#include "ops/rows.h"
#include "sklearn/fitted.h"

static const crn_field gaussian_fields[] = {
    CRN_PARAM(mixture, n_components, INT, "1", "int >= 1"),
    CRN_PARAM(mixture, covariance_type, STRING, "'full'",
              "'diag' | 'full' | 'spherical' | 'tied'"),
    CRN_PARAM(mixture, tol, REAL, "0.001", "real >= 0.0"),
    CRN_PARAM(mixture, reg_covar, REAL, "1e-06", "real >= 0.0"),
    CRN_PARAM(mixture, max_iter, INT, "100", "int >= 0"),
    CRN_PARAM(mixture, n_init, INT, "1", "int >= 1"),
    CRN_PARAM(mixture, init_params, STRING, "'kmeans'",
              "'k-means++' | 'kmeans' | 'random' | 'random_from_data'"),
    CRN_PARAM(mixture, weights_init, OBJECT, "None", "array | None"),
    CRN_PARAM(mixture, means_init, OBJECT, "None", "array | None"),
    CRN_PARAM(mixture, precisions_init, OBJECT, "None", "array | None"),
    CRN_PARAM(mixture, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(mixture, warm_start, BOOL, "False", NULL),
    CRN_PARAM(mixture, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(mixture, verbose_interval, INT, "10", "int >= 1"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(mixture, weights_, "components"),
    CRN_FITTED_ARRAY(mixture, means_, "components, n_features_in_"),
    CRN_FITTED_ARRAY(mixture, precisions_cholesky_, NULL),
    CRN_FIELDS_END,
};

static const crn_field bayesian_fields[] = {
    CRN_PARAM(mixture, n_components, INT, "1", "int >= 1"),
    CRN_PARAM(mixture, covariance_type, STRING, "'full'",
              "'diag' | 'full' | 'spherical' | 'tied'"),
    CRN_PARAM(mixture, tol, REAL, "0.001", "real >= 0.0"),
    CRN_PARAM(mixture, reg_covar, REAL, "1e-06", "real >= 0.0"),
    CRN_PARAM(mixture, max_iter, INT, "100", "int >= 0"),
    CRN_PARAM(mixture, n_init, INT, "1", "int >= 1"),
    CRN_PARAM(mixture, init_params, STRING, "'kmeans'",
              "'k-means++' | 'kmeans' | 'random' | 'random_from_data'"),
    CRN_PARAM(mixture, weight_concentration_prior_type, STRING, "'dirichlet_process'",
              "'dirichlet_distribution' | 'dirichlet_process'"),
    CRN_PARAM(mixture, weight_concentration_prior, OBJECT, "None", "None | real > 0.0"),
    CRN_PARAM(mixture, mean_precision_prior, OBJECT, "None", "None | real > 0.0"),
    CRN_PARAM(mixture, mean_prior, OBJECT, "None", "None | array"),
    CRN_PARAM(mixture, degrees_of_freedom_prior, OBJECT, "None", "None | real > 0.0"),
    CRN_PARAM(mixture, covariance_prior, OBJECT, "None", "None | array | real > 0.0"),
    CRN_PARAM(mixture, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(mixture, warm_start, BOOL, "False", NULL),
    CRN_PARAM(mixture, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(mixture, verbose_interval, INT, "10", "int >= 1"),
    CRN_BASE_FIELDS,
    CRN_FITTED(mixture, weight_concentration_, OBJECT),
    CRN_FITTED_ARRAY(mixture, mean_precision_, "components"),
    CRN_FITTED_ARRAY(mixture, means_, "components, n_features_in_"),
    CRN_FITTED_ARRAY(mixture, degrees_of_freedom_, NULL),
    CRN_FITTED_ARRAY(mixture, precisions_cholesky_, NULL),
    CRN_FIELDS_END,
};

/* ---- check ---- */

static crn_status check_precisions(const mixture *self, crn_error *err)
{
    const crn_array *cholesky = &self->precisions_cholesky_;
    const char *name = "precisions_cholesky_", *type = self->covariance_type;
    const int64_t k = self->means_.shape[0], n = self->means_.shape[1];
    if (type == NULL)
        return crn_fail(err, CRN_FORMAT, "covariance_type is None");
    if (strcmp(type, "spherical") == 0)
        return crn_fitted_vector(cholesky, name, k, err);
    if (strcmp(type, "diag") == 0)
        return crn_fitted_matrix(cholesky, name, k, n, err);
    if (strcmp(type, "tied") == 0)
        return crn_fitted_matrix(cholesky, name, n, n, err);
    if (strcmp(type, "full") != 0)
        return crn_fail(err, CRN_UNSUPPORTED, "covariance_type='%s' is not supported", type);
    if (!crn_dtype_is_number(cholesky->dtype) || cholesky->ndim != 3 ||
        cholesky->shape[0] != k || cholesky->shape[1] != n || cholesky->shape[2] != n)
        return crn_fail(err, CRN_FORMAT, "%s is not one matrix of numbers for each component",
                        name);
    return CRN_OK;
}

static crn_status check_components(mixture *self, crn_error *err)
{
    CRN_TRY(crn_fitted_matrix(&self->means_, "means_", -1, -1, err));
    if (self->means_.shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "means_ has no components");
    CRN_TRY(crn_fitted_features(&self->base, "means_", self->means_.shape[1], err));
    return check_precisions(self, err);
}

static crn_status check_gaussian(void *self, crn_error *err)
{
    mixture *model = self;
    CRN_TRY(check_components(model, err));
    return crn_fitted_vector(&model->weights_, "weights_", model->means_.shape[0], err);
}

static crn_status check_bayesian(void *self, crn_error *err)
{
    mixture *model = self;
    CRN_TRY(check_components(model, err));
    const int64_t k = model->means_.shape[0];
    CRN_TRY(crn_fitted_vector(&model->mean_precision_, "mean_precision_", k, err));
    const crn_array *freedom = &model->degrees_of_freedom_; /* one number when tied */
    if (freedom->ndim != 0 || !crn_dtype_is_number(freedom->dtype))
        CRN_TRY(crn_fitted_vector(freedom, "degrees_of_freedom_", k, err));
    const bool is_process = crn_mixture_is_process(model);
    for (int i = 0; i < (is_process ? 2 : 1); i++) {
        const crn_array part = crn_mixture_concentration(model, i);
        CRN_TRY(crn_fitted_vector(&part, "weight_concentration_", k, err));
    }
    return CRN_OK;
}

/* ---- lower ---- */

/* (x - mean) L for each component, side by side, as one product; then the sums of squares. */
static crn_value full_distance(const mixture *self, crn_graph *graph, crn_value x)
{
    const int64_t k = self->means_.shape[0], n = self->means_.shape[1];
    double *weights = crn_calloc((size_t)(k * n * n), sizeof *weights); /* (n, k * n) */
    double *bias = crn_calloc((size_t)(k * n), sizeof *bias);
    crn_value y = CRN_NO_VALUE;
    if (weights == NULL || bias == NULL) {
        crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    } else {
        crn_mixture_side_by_side(self, weights, bias);
        y = crn_affine(graph, x,
                       crn_graph_numbers(graph, CRN_FLOAT64, weights, k * n * n, k * n), false,
                       crn_graph_numbers(graph, CRN_FLOAT64, bias, k * n, 0));
        y = crn_reduce(graph, crn_reshape(graph, y, 2, (int64_t[]){k, n}), CRN_REDUCE_SQUARES);
    }
    free(weights);
    free(bias);
    return y;
}

/* Distances to centres (k, n), with one weight for each of their elements. */
static crn_value distance_to(crn_graph *graph, crn_value x, const double *centres,
                             const double *weights, int64_t k, int64_t n)
{
    return crn_weighted_distance(graph, x,
                                 crn_graph_numbers(graph, CRN_FLOAT64, centres, k * n, n),
                                 crn_graph_numbers(graph, CRN_FLOAT64, weights, k * n, n));
}

/* The others: with x multiplied by the one matrix that all components share, if they do. */
static crn_value simple_distance(const mixture *self, crn_graph *graph, crn_value x)
{
    const int64_t k = self->means_.shape[0], n = self->means_.shape[1];
    double *centres = crn_calloc((size_t)(k * n), sizeof *centres);
    double *weights = crn_calloc((size_t)(k * n), sizeof *weights);
    crn_value y = CRN_NO_VALUE;
    if (centres == NULL || weights == NULL) {
        crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    } else {
        crn_mixture_centres(self, centres, weights);
        if (strcmp(self->covariance_type, "tied") == 0)
            x = crn_affine(graph, x, crn_constant_float64(graph, &self->precisions_cholesky_),
                           false, CRN_NO_VALUE);
        y = distance_to(graph, x, centres, weights, k, n);
    }
    free(centres);
    free(weights);
    return y;
}

/* log p(x, component): -0.5 distance + what does not depend on x. (rows, k) */
static crn_value weighted_log_prob(const mixture *self, crn_graph *graph, crn_value x,
                                   double *factors, double *shifts)
{
    const int64_t k = self->means_.shape[0];
    const bool is_full = strcmp(self->covariance_type, "full") == 0;
    crn_mixture_shifts(self, shifts);
    for (int64_t i = 0; i < k; i++)
        factors[i] = -0.5;
    crn_value distance =
        is_full ? full_distance(self, graph, x) : simple_distance(self, graph, x);
    return crn_scale(graph, distance, CRN_SCALE_MULTIPLY_ADD,
                     crn_graph_numbers(graph, CRN_FLOAT64, factors, k, 0),
                     crn_graph_numbers(graph, CRN_FLOAT64, shifts, k, 0));
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const mixture *model = self;
    const size_t k = (size_t)model->means_.shape[0];
    double *factors = crn_calloc(k, sizeof *factors), *shifts = crn_calloc(k, sizeof *shifts);
    crn_value joint = factors != NULL && shifts != NULL
                          ? weighted_log_prob(model, graph, x, factors, shifts)
                          : crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    free(factors);
    free(shifts);
    if (method == CRN_SCORE_SAMPLES)
        return crn_reduce(graph, joint, CRN_REDUCE_LOGSUMEXP);
    if (method == CRN_PREDICT)
        return crn_argmax(graph, joint);
    return crn_unary(graph, crn_softmax(graph, joint, CRN_LOG_SOFTMAX, -1), CRN_UNARY_EXP);
}

#define MIXTURE(class_, modules_, fields_, check_)                                             \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.mixture",                                                           \
        .modules = modules_,                                                                   \
        .size = sizeof(mixture),                                                               \
        .fields = fields_,                                                                     \
        .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_SCORE_SAMPLES,      \
        .lower = lower,                                                                        \
        .check = check_,                                                                       \
    }

MIXTURE(GaussianMixture, "sklearn.mixture._gaussian_mixture sklearn.mixture.gaussian_mixture",
        gaussian_fields, check_gaussian);
MIXTURE(BayesianGaussianMixture,
        "sklearn.mixture._bayesian_mixture sklearn.mixture.bayesian_mixture", bayesian_fields,
        check_bayesian);
