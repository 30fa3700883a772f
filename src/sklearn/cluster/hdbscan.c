/* SPDX-License-Identifier: BSD-3-Clause */
/* HDBSCAN, as sklearn/cluster/_hdbscan/hdbscan.py (1.9): labels of the samples that it was
 * fitted on. */
#include "sklearn/no_method.h"

typedef struct hdbscan {
    crn_estimator_base base;
    int64_t min_cluster_size;
    crn_object *min_samples;
    double cluster_selection_epsilon;
    crn_object *max_cluster_size;
    crn_object *metric;
    crn_object *metric_params;
    double alpha;
    const char *algorithm;
    int64_t leaf_size;
    crn_object *n_jobs;
    const char *cluster_selection_method;
    bool allow_single_cluster;
    const char *store_centers;
    crn_object *copy;
    crn_array labels_;
    crn_array probabilities_;
    crn_array centroids_;
    crn_array medoids_;
} hdbscan;

static const crn_field fields[] = {
    CRN_PARAM(hdbscan, min_cluster_size, INT, "5", "int >= 2"),
    CRN_PARAM(hdbscan, min_samples, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(hdbscan, cluster_selection_epsilon, REAL, "0.0", "real >= 0"),
    CRN_PARAM(hdbscan, max_cluster_size, OBJECT, "None", "None | int >= 1"),
    CRN_PARAM(
        hdbscan, metric, OBJECT, "'euclidean'",
        "'braycurtis' | 'canberra' | 'chebyshev' | 'cityblock' | 'correlation' | 'cosine' | "
        "'dice' | 'euclidean' | 'hamming' | 'haversine' | 'infinity' | 'jaccard' | 'l1' | 'l2' "
        "| 'mahalanobis' | 'manhattan' | 'matching' | 'minkowski' | 'nan_euclidean' | 'p' | "
        "'precomputed' | 'pyfunc' | 'rogerstanimoto' | 'russellrao' | 'seuclidean' | "
        "'sokalmichener' | 'sokalsneath' | 'sqeuclidean' | 'wminkowski' | 'yule' | callable"),
    CRN_PARAM(hdbscan, metric_params, OBJECT, "None", "dict | None"),
    CRN_PARAM(hdbscan, alpha, REAL, "1.0", "real > 0"),
    CRN_PARAM(hdbscan, algorithm, STRING, "'auto'",
              "'auto' | 'ball_tree' | 'brute' | 'kd_tree'"),
    CRN_PARAM(hdbscan, leaf_size, INT, "40", "int >= 1"),
    CRN_PARAM(hdbscan, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(hdbscan, cluster_selection_method, STRING, "'eom'", "'eom' | 'leaf'"),
    CRN_PARAM(hdbscan, allow_single_cluster, BOOL, "False", NULL),
    CRN_PARAM(hdbscan, store_centers, STRING, "None", "None | 'both' | 'centroid' | 'medoid'"),
    CRN_PARAM(hdbscan, copy, OBJECT, "'warn'", "bool | ~'warn'"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(hdbscan, labels_, NULL),
    CRN_FITTED_ARRAY(hdbscan, probabilities_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(hdbscan, centroids_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(hdbscan, medoids_, NULL),
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_HDBSCAN = {
    .name = "HDBSCAN",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._hdbscan.hdbscan",
    .size = sizeof(hdbscan),
    .fields = fields,
    .lower = crn_no_method,
};
