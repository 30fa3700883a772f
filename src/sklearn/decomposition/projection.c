/* SPDX-License-Identifier: BSD-3-Clause */
/* Centring, projecting, whitening and scoring, as sklearn/decomposition/_base.py (1.9). */
#include "sklearn/decomposition/projection.h"

#include <math.h>
#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/fitted.h"
#include "solve/linear_system.h"

crn_status crn_projection_check(crn_estimator_base *self, const crn_array *components,
                                const crn_array *mean, crn_error *err)
{
    CRN_TRY(crn_fitted_matrix(components, "components_", -1, -1, err));
    if (components->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "components_ has no rows");
    CRN_TRY(crn_fitted_features(self, "components_", components->shape[1], err));
    return mean != NULL && mean->data != NULL
               ? crn_fitted_vector(mean, "mean_", components->shape[1], err)
               : CRN_OK;
}

/* sqrt(explained_variance_), no smaller than the smallest step at 1: what whitening divides by.
 */
static crn_value whitening(const crn_projection *self, crn_graph *graph)
{
    const int64_t n = self->components->shape[0];
    double *scale = crn_calloc((size_t)n, sizeof *scale);
    if (scale == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < n; k++) {
        scale[k] = sqrt(crn_array_get(self->variance, k));
        if (scale[k] < 0x1p-52)
            scale[k] = 0x1p-52;
    }
    crn_value value = crn_graph_numbers(graph, CRN_FLOAT64, scale, n, 0);
    free(scale);
    return value;
}

/* -mean_ components_.T, the bias that centres after the projection, as PCA does since 1.4. */
static crn_value centring(const crn_projection *self, crn_graph *graph)
{
    const int64_t n = self->components->shape[0], features = self->components->shape[1];
    double *bias = crn_calloc((size_t)n, sizeof *bias);
    if (bias == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t k = 0; k < n; k++) {
        for (int64_t j = 0; j < features; j++)
            bias[k] -= crn_array_get(self->mean, j) *
                       crn_array_get(self->components, k * features + j);
    }
    crn_value value = crn_graph_numbers(graph, CRN_FLOAT64, bias, n, 0);
    free(bias);
    return value;
}

static bool has_mean(const crn_array *mean)
{
    return mean != NULL && mean->data != NULL;
}

crn_value crn_projection_transform(const crn_projection *self, crn_graph *graph, crn_value x)
{
    crn_value bias = has_mean(self->mean) ? centring(self, graph) : CRN_NO_VALUE;
    x = crn_affine(graph, x, crn_constant_float64(graph, self->components), true, bias);
    if (self->variance == NULL)
        return x;
    return crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE, CRN_NO_VALUE, whitening(self, graph));
}

crn_value crn_projection_inverse(const crn_projection *self, crn_graph *graph, crn_value x)
{
    if (self->variance != NULL)
        x = crn_scale(graph, x, CRN_SCALE_MULTIPLY_ADD, whitening(self, graph), CRN_NO_VALUE);
    crn_value mean =
        has_mean(self->mean) ? crn_constant_float64(graph, self->mean) : CRN_NO_VALUE;
    return crn_affine(graph, x, crn_constant_float64(graph, self->components), false, mean);
}

crn_value crn_centred(crn_graph *graph, crn_value x, const crn_array *mean)
{
    return has_mean(mean) ? crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE,
                                      crn_constant_float64(graph, mean), CRN_NO_VALUE)
                          : x;
}

crn_value crn_gaussian_score(crn_graph *graph, crn_value centred, const double *precision,
                             int64_t n)
{
    double log_determinant = 0.0;
    if (crn_log_determinant(precision, n, &log_determinant, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const double half_pi_log = (double)n * log(2.0 * 3.14159265358979323846);
    const double shift = -0.5 * (half_pi_log - log_determinant), minus_half = -0.5;
    crn_value product =
        crn_affine(graph, centred, crn_graph_numbers(graph, CRN_FLOAT64, precision, n * n, n),
                   false, CRN_NO_VALUE);
    product = crn_binary(graph, centred, product, CRN_BINARY_MULTIPLY);
    crn_value sum =
        crn_reshape(graph, crn_reduce(graph, product, CRN_REDUCE_SUM), 1, (int64_t[]){1});
    sum = crn_scale(graph, sum, CRN_SCALE_MULTIPLY_ADD,
                    crn_graph_numbers(graph, CRN_FLOAT64, &minus_half, 1, 0),
                    crn_graph_numbers(graph, CRN_FLOAT64, &shift, 1, 0));
    return crn_reshape(graph, sum, 0, NULL);
}
