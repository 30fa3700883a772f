/* SPDX-License-Identifier: BSD-3-Clause */
/* Distances between two vectors, in scikit-learn's order of operations
 * (sklearn/metrics/_dist_metrics.pyx.tp, 1.9); those that only SciPy or
 * sklearn/metrics/pairwise.py have, in theirs. */
#include "ops/distance_metric.h"

#include <math.h>

#include "ops/infer.h"

/* ---- vectors of real numbers ---- */

static double squares(int64_t n, const double *x, const double *y)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++)
        sum += (x[j] - y[j]) * (x[j] - y[j]);
    return sum;
}

static double absolutes(int64_t n, const double *x, const double *y)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++)
        sum += fabs(x[j] - y[j]);
    return sum;
}

static double largest(int64_t n, const double *x, const double *y)
{
    double most = 0;
    for (int64_t j = 0; j < n; j++)
        most = fmax(most, fabs(x[j] - y[j]));
    return most;
}

static double powers(const double *weights, double p, int64_t n, const double *x,
                     const double *y)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++) {
        const double power = pow(fabs(x[j] - y[j]), p);
        sum += weights != NULL ? weights[j] * power : power;
    }
    return sum;
}

static double weighted_powers(const double *weights, double p, int64_t n, const double *x,
                              const double *y)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++)
        sum += pow(weights[j] * fabs(x[j] - y[j]), p);
    return sum;
}

static double standardized(const double *variances, int64_t n, const double *x, const double *y)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++) {
        const double difference = x[j] - y[j];
        sum += difference * difference / variances[j];
    }
    return sum;
}

/* (x - y)' VI (x - y) */
static double mahalanobis(const double *inverse, int64_t n, const double *x, const double *y)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        double inner = 0;
        for (int64_t j = 0; j < n; j++)
            inner += inverse[i * n + j] * (x[j] - y[j]);
        sum += inner * (x[i] - y[i]);
    }
    return sum;
}

static double canberra(int64_t n, const double *x, const double *y)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++) {
        const double denominator = fabs(x[j]) + fabs(y[j]);
        if (denominator > 0)
            sum += fabs(x[j] - y[j]) / denominator;
    }
    return sum;
}

static double bray_curtis(int64_t n, const double *x, const double *y)
{
    double numerator = 0, denominator = 0;
    for (int64_t j = 0; j < n; j++) {
        numerator += fabs(x[j] - y[j]);
        denominator += fabs(x[j]) + fabs(y[j]);
    }
    return denominator > 0 ? numerator / denominator : 0;
}

static double bray_curtis_signed(int64_t n, const double *x, const double *y)
{
    double numerator = 0, denominator = 0;
    for (int64_t j = 0; j < n; j++) {
        numerator += fabs(x[j] - y[j]);
        denominator += fabs(x[j] + y[j]);
    }
    return numerator / denominator;
}

static double haversine(const double *x, const double *y)
{
    const double sin_0 = sin(0.5 * (x[0] - y[0]));
    const double sin_1 = sin(0.5 * (x[1] - y[1]));
    return sin_0 * sin_0 + cos(x[0]) * cos(y[0]) * sin_1 * sin_1;
}

static double dot(int64_t n, const double *x, const double *y)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++)
        sum += x[j] * y[j];
    return sum;
}

/* sklearn.metrics.pairwise.cosine_distances: between 0 and 2. */
static double cosine(int64_t n, const double *x, const double *y)
{
    return fmin(fmax(1 - dot(n, x, y), 0), 2);
}

/* SciPy cuts the cosine, not the distance, and lets NaN through. */
static double correlation(int64_t n, const double *x, const double *y)
{
    double cosine = dot(n, x, y);
    if (fabs(cosine) > 1)
        cosine = copysign(1, cosine);
    return 1 - cosine;
}

/* The squared distance over the places that both have, scaled up to all; NaN when there is
 * none. */
static double nan_squares(int64_t n, const double *x, const double *y)
{
    double sum = 0;
    int64_t present = 0;
    for (int64_t j = 0; j < n; j++) {
        if (isnan(x[j]) || isnan(y[j]))
            continue;
        sum += (x[j] - y[j]) * (x[j] - y[j]);
        present++;
    }
    return present > 0 ? sum / (double)present * (double)n : (double)NAN;
}

static double hamming(const double *weights, int64_t n, const double *x, const double *y)
{
    double differ = 0, all = weights != NULL ? 0 : (double)n;
    for (int64_t j = 0; j < n; j++) {
        const double weight = weights != NULL ? weights[j] : 1;
        differ += x[j] != y[j] ? weight : 0;
        all += weights != NULL ? weight : 0;
    }
    return differ / all;
}

/* ---- vectors of truth values ---- */

static double boolean(crn_distance_metric_kind kind, int64_t n, const double *x,
                      const double *y)
{
    int64_t both = 0, left = 0, right = 0; /* true in both, in x alone, in y alone */
    for (int64_t j = 0; j < n; j++) {
        const bool in_x = x[j] != 0, in_y = y[j] != 0;
        both += in_x && in_y;
        left += in_x && !in_y;
        right += !in_x && in_y;
    }
    const double differ = (double)(left + right), size = (double)n;
    const double neither = size - differ - (double)both, crossed = (double)left * (double)right;
    switch (kind) {
    case CRN_METRIC_JACCARD:
        return differ + (double)both == 0 ? 0 : differ / (differ + (double)both);
    case CRN_METRIC_DICE:
        return differ / (2.0 * (double)both + differ);
    case CRN_METRIC_KULSINSKI:
        return (differ - (double)both + size) / (differ + size);
    case CRN_METRIC_ROGERSTANIMOTO:
    case CRN_METRIC_SOKALMICHENER:
        return 2.0 * differ / (size + differ);
    case CRN_METRIC_RUSSELLRAO:
        return (size - (double)both) / size;
    case CRN_METRIC_SOKALSNEATH:
        return differ / (0.5 * (double)both + differ);
    case CRN_METRIC_YULE:
        return crossed == 0 ? 0 : 2.0 * crossed / ((double)both * neither + crossed);
    default:
        return differ / size;
    }
}

/* ---- all of them ---- */

double crn_distance_metric_reduced(const crn_distance_metric *metric, const double *weights,
                                   int64_t n, const double *x, const double *y)
{
    switch (metric->kind) {
    case CRN_METRIC_EUCLIDEAN:
    case CRN_METRIC_SQEUCLIDEAN:
        return squares(n, x, y);
    case CRN_METRIC_MANHATTAN:
        return absolutes(n, x, y);
    case CRN_METRIC_CHEBYSHEV:
        return largest(n, x, y);
    case CRN_METRIC_MINKOWSKI:
        return powers(weights, metric->p, n, x, y);
    case CRN_METRIC_WMINKOWSKI:
        return weighted_powers(weights, metric->p, n, x, y);
    case CRN_METRIC_SEUCLIDEAN:
        return standardized(weights, n, x, y);
    case CRN_METRIC_MAHALANOBIS:
        return mahalanobis(weights, n, x, y);
    case CRN_METRIC_CANBERRA:
        return canberra(n, x, y);
    case CRN_METRIC_BRAYCURTIS:
        return bray_curtis(n, x, y);
    case CRN_METRIC_BRAYCURTIS_SIGNED:
        return bray_curtis_signed(n, x, y);
    case CRN_METRIC_HAVERSINE:
        return haversine(x, y);
    case CRN_METRIC_COSINE:
        return cosine(n, x, y);
    case CRN_METRIC_CORRELATION:
        return correlation(n, x, y);
    case CRN_METRIC_NAN_EUCLIDEAN:
        return nan_squares(n, x, y);
    case CRN_METRIC_HAMMING:
        return hamming(weights, n, x, y);
    default:
        return boolean(metric->kind, n, x, y);
    }
}

double crn_distance_metric_distance(const crn_distance_metric *metric, double reduced)
{
    switch (metric->kind) {
    case CRN_METRIC_EUCLIDEAN:
    case CRN_METRIC_SEUCLIDEAN:
    case CRN_METRIC_MAHALANOBIS:
    case CRN_METRIC_NAN_EUCLIDEAN:
        return sqrt(reduced);
    case CRN_METRIC_MINKOWSKI:
    case CRN_METRIC_WMINKOWSKI:
        return pow(reduced, 1.0 / metric->p);
    case CRN_METRIC_HAVERSINE:
        return 2 * asin(sqrt(reduced));
    default:
        return reduced;
    }
}

double crn_distance_metric_reduce(const crn_distance_metric *metric, double distance)
{
    switch (metric->kind) {
    case CRN_METRIC_EUCLIDEAN:
    case CRN_METRIC_SEUCLIDEAN:
    case CRN_METRIC_MAHALANOBIS:
    case CRN_METRIC_NAN_EUCLIDEAN:
        return distance * distance;
    case CRN_METRIC_MINKOWSKI:
    case CRN_METRIC_WMINKOWSKI:
        return pow(distance, metric->p);
    case CRN_METRIC_HAVERSINE:
        return sin(0.5 * distance) * sin(0.5 * distance);
    default:
        return distance;
    }
}

bool crn_distance_metric_prepares(const crn_distance_metric *metric)
{
    return metric->kind == CRN_METRIC_COSINE || metric->kind == CRN_METRIC_CORRELATION;
}

/* A zero vector stays zero for cosine, as sklearn.preprocessing.normalize leaves it, and
 * becomes NaN for correlation, as SciPy's. */
void crn_distance_metric_prepare(const crn_distance_metric *metric, int64_t n, const double *x,
                                 double *out)
{
    const bool centered = metric->kind == CRN_METRIC_CORRELATION;
    double mean = 0, norm = 0;
    for (int64_t j = 0; centered && j < n; j++)
        mean += x[j] / (double)n;
    for (int64_t j = 0; j < n; j++) {
        out[j] = x[j] - mean;
        norm += out[j] * out[j];
    }
    norm = norm == 0 && !centered ? 1 : sqrt(norm);
    for (int64_t j = 0; j < n; j++)
        out[j] /= norm;
}

static bool takes_vector(crn_distance_metric_kind kind)
{
    return kind == CRN_METRIC_MINKOWSKI || kind == CRN_METRIC_WMINKOWSKI ||
           kind == CRN_METRIC_SEUCLIDEAN || kind == CRN_METRIC_HAMMING;
}

static bool needs_weights(crn_distance_metric_kind kind)
{
    return kind == CRN_METRIC_WMINKOWSKI || kind == CRN_METRIC_SEUCLIDEAN ||
           kind == CRN_METRIC_MAHALANOBIS;
}

crn_status crn_distance_metric_infer(const crn_distance_metric *metric, const crn_type *weights,
                                     int64_t n, crn_error *err)
{
    const char *name = crn_distance_metric_name(metric->kind);
    if (metric->kind >= CRN_METRIC_COUNT)
        return crn_fail(err, CRN_ARGUMENT, "metric: no metric %d", (int)metric->kind);
    if (metric->kind == CRN_METRIC_HAVERSINE && n != 2)
        return crn_fail(err, CRN_SHAPE, "Haversine distance only valid in 2 dimensions");
    if (weights->dtype == CRN_NO_DTYPE) {
        if (needs_weights(metric->kind))
            return crn_fail(err, CRN_ARGUMENT, "metric %s needs its weights", name);
        return CRN_OK;
    }
    const bool matrix = metric->kind == CRN_METRIC_MAHALANOBIS;
    if (!matrix && !takes_vector(metric->kind))
        return crn_fail(err, CRN_ARGUMENT, "metric %s takes no weights", name);
    if (weights->dtype != CRN_FLOAT64 || weights->rows || weights->ndim != 1 + matrix ||
        weights->shape[0] != n || (matrix && weights->shape[1] != n))
        return crn_fail(err, CRN_SHAPE, "metric %s: the weights do not have the size %lld",
                        name, (long long)n);
    return CRN_OK;
}

const char *crn_distance_metric_name(crn_distance_metric_kind kind)
{
    static const char *const names[] = {
        "euclidean",   "sqeuclidean",    "manhattan",   "chebyshev",     "minkowski",
        "wminkowski",  "seuclidean",     "mahalanobis", "canberra",      "braycurtis",
        "braycurtis",  "haversine",      "cosine",      "correlation",   "nan_euclidean",
        "precomputed", "hamming",        "jaccard",     "matching",      "dice",
        "kulsinski",   "rogerstanimoto", "russellrao",  "sokalmichener", "sokalsneath",
        "yule"};
    return kind < CRN_METRIC_COUNT ? names[kind] : "?";
}
