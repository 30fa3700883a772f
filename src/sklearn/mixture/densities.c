/* SPDX-License-Identifier: BSD-3-Clause */
/* The constants of the mixtures' densities: sklearn/mixture/_gaussian_mixture.py and
 * _bayesian_mixture.py (1.9). */
#include <math.h>
#include <string.h>

#include "sklearn/fitted.h"
#include "sklearn/mixture/mixture.h"
#include "solve/digamma.h"

static const double log_2_pi = 1.83787706640934548356;

static bool is_type(const mixture *self, const char *type)
{
    return strcmp(self->covariance_type, type) == 0;
}

bool crn_mixture_is_process(const mixture *self)
{
    const char *type = self->weight_concentration_prior_type;
    return type == NULL || strcmp(type, "dirichlet_process") == 0;
}

crn_array crn_mixture_concentration(const mixture *self, int64_t i)
{
    if (crn_mixture_is_process(self))
        return crn_fitted_item(self->weight_concentration_, i);
    const crn_array *array = crn_object_as_array(self->weight_concentration_);
    return array != NULL ? *array : (crn_array)CRN_ARRAY_INIT;
}

/* ---- where the components lie ---- */

void crn_mixture_side_by_side(const mixture *self, double *weights, double *bias)
{
    const int64_t k = self->means_.shape[0], n = self->means_.shape[1];
    for (int64_t c = 0; c < k; c++) {
        for (int64_t i = 0; i < n; i++) {
            const double mean = crn_array_get(&self->means_, c * n + i);
            for (int64_t j = 0; j < n; j++) {
                const double l =
                    crn_array_get(&self->precisions_cholesky_, (c * n + i) * n + j);
                weights[i * k * n + c * n + j] = l;
                bias[c * n + j] -= mean * l;
            }
        }
    }
}

static double product_of(const mixture *self, int64_t component, int64_t column)
{
    const int64_t n = self->means_.shape[1];
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++)
        sum += crn_array_get(&self->means_, component * n + i) *
               crn_array_get(&self->precisions_cholesky_, i * n + column);
    return sum;
}

void crn_mixture_centres(const mixture *self, double *centres, double *weights)
{
    const int64_t size = crn_array_size(&self->means_), n = self->means_.shape[1];
    const bool is_tied = is_type(self, "tied"), is_diag = is_type(self, "diag");
    for (int64_t i = 0; i < size; i++) {
        const double root =
            is_tied ? 1.0 : crn_array_get(&self->precisions_cholesky_, is_diag ? i : i / n);
        weights[i] = root * root;
        centres[i] = is_tied ? product_of(self, i / n, i % n) : crn_array_get(&self->means_, i);
    }
}

/* ---- how high they are ---- */

/* log(det(L)) of a component: _compute_log_det_cholesky. */
static double log_determinant(const mixture *self, int64_t component)
{
    const crn_array *cholesky = &self->precisions_cholesky_;
    const int64_t n = self->means_.shape[1];
    double sum = 0.0;
    if (is_type(self, "spherical"))
        return (double)n * log(crn_array_get(cholesky, component));
    for (int64_t i = 0; i < n; i++) {
        const int64_t at = is_type(self, "diag")   ? component * n + i
                           : is_type(self, "tied") ? i * n + i
                                                   : (component * n + i) * n + i;
        sum += log(crn_array_get(cholesky, at));
    }
    return sum;
}

/* The logarithms of the expected weights under the Dirichlet process, or distribution. */
static void add_log_concentrations(const mixture *self, double *shifts)
{
    const int64_t k = self->means_.shape[0];
    const crn_array a = crn_mixture_concentration(self, 0);
    if (!crn_mixture_is_process(self)) {
        double sum = 0.0;
        for (int64_t c = 0; c < k; c++)
            sum += crn_array_get(&a, c);
        for (int64_t c = 0; c < k; c++)
            shifts[c] += crn_digamma(crn_array_get(&a, c)) - crn_digamma(sum);
        return;
    }
    const crn_array b = crn_mixture_concentration(self, 1);
    double rest = 0.0; /* what the components before leave over */
    for (int64_t c = 0; c < k; c++) {
        const double in = crn_array_get(&a, c), out = crn_array_get(&b, c);
        const double both = crn_digamma(in + out);
        shifts[c] += crn_digamma(in) - both + rest;
        rest += crn_digamma(out) - both;
    }
}

/* The expectations over precisions, of a Wishart distribution. */
static void add_log_precisions(const mixture *self, double *shifts)
{
    const crn_array *freedoms = &self->degrees_of_freedom_;
    const int64_t k = self->means_.shape[0], n = self->means_.shape[1];
    for (int64_t c = 0; c < k; c++) {
        const double freedom = crn_array_get(freedoms, freedoms->ndim == 0 ? 0 : c);
        double log_lambda = (double)n * log(2.0);
        for (int64_t i = 0; i < n; i++)
            log_lambda += crn_digamma(0.5 * (freedom - (double)i));
        shifts[c] -= 0.5 * (double)n * log(freedom);
        shifts[c] += 0.5 * (log_lambda - (double)n / crn_array_get(&self->mean_precision_, c));
    }
}

void crn_mixture_shifts(const mixture *self, double *shifts)
{
    const int64_t k = self->means_.shape[0], n = self->means_.shape[1];
    const bool is_bayesian = self->weights_.data == NULL;
    for (int64_t c = 0; c < k; c++) {
        shifts[c] = log_determinant(self, c) - 0.5 * (double)n * log_2_pi;
        if (!is_bayesian)
            shifts[c] += log(crn_array_get(&self->weights_, c));
    }
    if (is_bayesian) {
        add_log_precisions(self, shifts);
        add_log_concentrations(self, shifts);
    }
}
