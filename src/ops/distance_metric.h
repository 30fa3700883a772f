/* SPDX-License-Identifier: BSD-3-Clause */
/* Distances between two vectors, as sklearn/metrics/_dist_metrics.pyx.tp,
 * scipy.spatial.distance and sklearn/metrics/pairwise.py (1.9) define them. A metric has a
 * reduced form that orders vectors as the distance does and is cheaper: the squared one for
 * euclidean, the sum of powers for minkowski. */
#ifndef CRN_OPS_DISTANCE_METRIC_H
#define CRN_OPS_DISTANCE_METRIC_H

#include "ops/op.h"

typedef enum crn_distance_metric_kind {
    CRN_METRIC_EUCLIDEAN,
    CRN_METRIC_SQEUCLIDEAN,
    CRN_METRIC_MANHATTAN,
    CRN_METRIC_CHEBYSHEV,
    CRN_METRIC_MINKOWSKI,  /* sum(w |x - y|^p)^(1/p); w may be absent */
    CRN_METRIC_WMINKOWSKI, /* sum((w |x - y|)^p)^(1/p): scikit-learn 0.20 to 1.2 */
    CRN_METRIC_SEUCLIDEAN, /* sqrt(sum((x - y)^2 / V)) */
    CRN_METRIC_MAHALANOBIS,
    CRN_METRIC_CANBERRA,
    CRN_METRIC_BRAYCURTIS,        /* sum |x - y| / sum(|x| + |y|) */
    CRN_METRIC_BRAYCURTIS_SIGNED, /* sum |x - y| / sum |x + y|, as SciPy has it */
    CRN_METRIC_HAVERSINE,         /* of two angles, latitude and longitude */
    CRN_METRIC_COSINE,
    CRN_METRIC_CORRELATION,
    CRN_METRIC_NAN_EUCLIDEAN,
    CRN_METRIC_PRECOMPUTED, /* x holds the distances themselves */
    CRN_METRIC_HAMMING,     /* the share of elements that differ; w may be absent */
    /* of elements taken for true where they are not 0 */
    CRN_METRIC_JACCARD,
    CRN_METRIC_MATCHING,
    CRN_METRIC_DICE,
    CRN_METRIC_KULSINSKI,
    CRN_METRIC_ROGERSTANIMOTO,
    CRN_METRIC_RUSSELLRAO,
    CRN_METRIC_SOKALMICHENER,
    CRN_METRIC_SOKALSNEATH,
    CRN_METRIC_YULE,
    CRN_METRIC_COUNT
} crn_distance_metric_kind;

typedef struct crn_distance_metric {
    crn_distance_metric_kind kind;
    double p; /* of minkowski */
} crn_distance_metric;

/* What `weights` points to below: a vector of n for minkowski, wminkowski, hamming (each may be
 * NULL) and seuclidean (V), the matrix (n, n) for mahalanobis (VI), else NULL. */

/* x and y are what crn_distance_metric_prepare() made of the vectors. */
double crn_distance_metric_reduced(const crn_distance_metric *metric, const double *weights,
                                   int64_t n, const double *x, const double *y);
/* From the reduced form to the distance, and back. */
double crn_distance_metric_distance(const crn_distance_metric *metric, double reduced);
double crn_distance_metric_reduce(const crn_distance_metric *metric, double distance);

/* True when vectors are to be changed before they are compared: unit vectors for cosine,
 * centered ones for correlation. */
bool crn_distance_metric_prepares(const crn_distance_metric *metric);
/* x and out (n) may be the same memory. */
void crn_distance_metric_prepare(const crn_distance_metric *metric, int64_t n, const double *x,
                                 double *out);

/* Checks the type of `weights`, and whether vectors of n features can be compared at all. */
crn_status crn_distance_metric_infer(const crn_distance_metric *metric, const crn_type *weights,
                                     int64_t n, crn_error *err);
/* scikit-learn's name; "?" outside the enum. */
const char *crn_distance_metric_name(crn_distance_metric_kind kind);

#endif
