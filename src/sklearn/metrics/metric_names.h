/* SPDX-License-Identifier: BSD-3-Clause */
/* The metrics that estimators take by name: sklearn.metrics.pairwise._VALID_METRICS (1.9), as a
 * constraint of a field. */
#ifndef CRN_SKLEARN_METRIC_NAMES_H
#define CRN_SKLEARN_METRIC_NAMES_H

#define CRN_PAIRWISE_METRICS                                                                   \
    "'braycurtis' | 'canberra' | 'chebyshev' | 'cityblock' | 'correlation' | 'cosine' | "      \
    "'dice' | 'euclidean' | 'hamming' | 'haversine' | 'jaccard' | 'l1' | 'l2' | "              \
    "'mahalanobis' | 'manhattan' | 'matching' | 'minkowski' | 'nan_euclidean' | "              \
    "'precomputed' | 'rogerstanimoto' | 'russellrao' | 'seuclidean' | 'sokalsneath' | "        \
    "'sqeuclidean' | 'wminkowski' | 'yule' | callable"

#endif
