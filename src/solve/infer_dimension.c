/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/infer_dimension.h"

#include <math.h>

#include "solve/sum.h"

static const double SMALLEST = 1e-15, PI = 3.14159265358979323846;

/* lgamma() writes a global; this one does not. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* log p(U): the prior of the directions, equation 5 of the paper. */
static double log_prior(int64_t n_features, int64_t rank)
{
    double sum = -(double)rank * log(2.0);
    for (int64_t i = 1; i <= rank; i++) {
        double half = (double)(n_features - i + 1) / 2.0;
        sum += log_gamma(half) - log(PI) * half;
    }
    return sum;
}

/* log |A_Z|: the curvature of the posterior, equation 14. */
static double log_curvature(const double *spectrum, int64_t n_features, int64_t rank,
                            double noise, double n_samples)
{
    double sum = 0.0;
    for (int64_t i = 0; i < rank; i++)
        for (int64_t j = i + 1; j < n_features; j++) {
            double other = j < rank ? spectrum[j] : noise;
            sum += log((spectrum[i] - spectrum[j]) * (1.0 / other - 1.0 / spectrum[i])) +
                   log(n_samples);
        }
    return sum;
}

double crn_assess_dimension(const double *spectrum, int64_t n_features, int64_t rank,
                            int64_t n_samples)
{
    if (spectrum[rank - 1] < SMALLEST)
        return -INFINITY; /* such a rank cannot win, and its logarithms would be of nothing */
    double n = (double)n_samples, k = (double)rank, rest = (double)(n_features - rank);
    double log_kept = 0.0;
    for (int64_t i = 0; i < rank; i++)
        log_kept += log(spectrum[i]);
    double noise = fmax(SMALLEST, crn_sum(spectrum + rank, n_features - rank) / rest);
    double parameters = (double)n_features * k - k * (k + 1.0) / 2.0;
    double curvature = log_curvature(spectrum, n_features, rank, noise, n);
    double evidence = log_prior(n_features, rank) - log_kept * n / 2.0 -
                      log(noise) * n * rest / 2.0 + log(2.0 * PI) * (parameters + k) / 2.0 -
                      curvature / 2.0 - k * log(n) / 2.0;
    /* Two equal variances take the logarithm of 0, where scikit-learn raises: not this rank. */
    return isfinite(evidence) ? evidence : -INFINITY;
}

int64_t crn_infer_dimension(const double *spectrum, int64_t n_features, int64_t n_samples)
{
    int64_t best = 0;
    double most = -INFINITY;
    for (int64_t rank = 1; rank < n_features; rank++) {
        double evidence = crn_assess_dimension(spectrum, n_features, rank, n_samples);
        if (evidence > most) {
            most = evidence;
            best = rank;
        }
    }
    return best;
}
