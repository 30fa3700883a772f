/* SPDX-License-Identifier: BSD-3-Clause */
/* RBFSampler and SkewedChi2Sampler: random Fourier features. sklearn/kernel_approximation.py
 * (1.9), and the files of versions back to 0.20. */
#include <math.h>
#include <stdio.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/require.h"
#include "sklearn/fitted.h"

/* Parameters of both classes: each uses its own. */
typedef struct fourier_sampler {
    crn_estimator_base base;
    const crn_object *gamma;
    int64_t n_components;
    const crn_object *random_state;
    double skewedness;
    crn_array random_weights_; /* (n_features, n_components) */
    crn_array random_offset_;  /* (n_components) */
} fourier_sampler;

static const crn_field rbf_fields[] = {
    CRN_PARAM(fourier_sampler, gamma, OBJECT, "1.0", "'scale' | real >= 0.0"),
    CRN_PARAM(fourier_sampler, n_components, INT, "100", "int >= 1"),
    CRN_PARAM(fourier_sampler, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(fourier_sampler, random_weights_, "n_features_in_, n_components"),
    CRN_FITTED_ARRAY(fourier_sampler, random_offset_, "n_components"),
    CRN_FIELDS_END,
};

static const crn_field skewed_chi2_fields[] = {
    CRN_PARAM(fourier_sampler, skewedness, REAL, "1.0", "real (-inf, inf)"),
    CRN_PARAM(fourier_sampler, n_components, INT, "100", "int >= 1"),
    CRN_PARAM(fourier_sampler, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(fourier_sampler, random_weights_, "n_features_in_, n_components"),
    CRN_FITTED_ARRAY(fourier_sampler, random_offset_, "n_components"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    fourier_sampler *model = self;
    CRN_TRY(crn_fitted_matrix(&model->random_weights_, "random_weights_", -1, -1, err));
    CRN_TRY(crn_fitted_features(&model->base, "random_weights_",
                                model->random_weights_.shape[0], err));
    return crn_fitted_vector(&model->random_offset_, "random_offset_",
                             model->random_weights_.shape[1], err);
}

/* cos(x W + offset) sqrt(2 / n_components) */
static crn_value features(const fourier_sampler *self, crn_graph *graph, crn_value x)
{
    const double factor = sqrt(2.0 / (double)self->random_offset_.shape[0]);
    x = crn_affine(graph, x, crn_constant_float64(graph, &self->random_weights_), false,
                   crn_constant_float64(graph, &self->random_offset_));
    return crn_binary(graph, crn_unary(graph, x, CRN_UNARY_COS),
                      crn_graph_numbers(graph, CRN_FLOAT64, &factor, 1, 0),
                      CRN_BINARY_MULTIPLY);
}

static crn_value lower_rbf(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    return features(self, graph, x);
}

static crn_value lower_skewed_chi2(const void *self, crn_method method, crn_graph *graph,
                                   crn_value x)
{
    (void)method;
    const fourier_sampler *model = self;
    x = crn_require(graph, x, -model->skewedness, true,
                    "X may not contain entries smaller than -skewedness.");
    x = crn_binary(graph, x, crn_graph_numbers(graph, CRN_FLOAT64, &model->skewedness, 1, 0),
                   CRN_BINARY_ADD);
    return features(model, graph, crn_unary(graph, x, CRN_UNARY_LOG));
}

const crn_estimator crn_estimator_RBFSampler = {
    .name = "RBFSampler",
    .module = "sklearn.kernel_approximation",
    .modules = "sklearn.kernel_approximation",
    .size = sizeof(fourier_sampler),
    .fields = rbf_fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower_rbf,
    .check = check,
};

const crn_estimator crn_estimator_SkewedChi2Sampler = {
    .name = "SkewedChi2Sampler",
    .module = "sklearn.kernel_approximation",
    .modules = "sklearn.kernel_approximation",
    .size = sizeof(fourier_sampler),
    .fields = skewed_chi2_fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower_skewed_chi2,
    .check = check,
};
