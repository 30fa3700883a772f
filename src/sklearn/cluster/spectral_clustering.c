/* SPDX-License-Identifier: BSD-3-Clause */
/* SpectralClustering, as sklearn/cluster/_spectral.py (1.9): labels of the samples that it was
 * fitted on. */
#include "sklearn/no_method.h"

typedef struct spectral_clustering {
    crn_estimator_base base;
    int64_t n_clusters;
    const char *eigen_solver;
    crn_object *n_components;
    crn_object *random_state;
    int64_t n_init;
    double gamma;
    crn_object *affinity;
    int64_t n_neighbors;
    crn_object *eigen_tol;
    const char *assign_labels;
    double degree;
    double coef0;
    crn_object *kernel_params;
    crn_object *n_jobs;
    crn_object *verbose;
    crn_object *affinity_matrix_;
    crn_array labels_;
} spectral_clustering;

static const crn_field fields[] = {
    CRN_PARAM(spectral_clustering, n_clusters, INT, "8", "int >= 1"),
    CRN_PARAM(spectral_clustering, eigen_solver, STRING, "None",
              "'amg' | 'arpack' | 'lobpcg' | None"),
    CRN_PARAM_SINCE(spectral_clustering, n_components, OBJECT, "None", "int >= 1 | None",
                    "0.22", NULL),
    CRN_PARAM(spectral_clustering, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(spectral_clustering, n_init, INT, "10", "int >= 1"),
    CRN_PARAM(spectral_clustering, gamma, REAL, "1.0", "real >= 0"),
    CRN_PARAM(spectral_clustering, affinity, OBJECT, "'rbf'",
              "callable | 'additive_chi2' | 'chi2' | 'cosine' | 'laplacian' | 'linear' | "
              "'nearest_neighbors' | 'poly' | 'polynomial' | 'precomputed' | "
              "'precomputed_nearest_neighbors' | 'rbf' | 'sigmoid'"),
    CRN_PARAM(spectral_clustering, n_neighbors, INT, "10", "int >= 1"),
    CRN_PARAM(spectral_clustering, eigen_tol, OBJECT, "'auto'", "real >= 0.0 | 'auto'"),
    CRN_PARAM(spectral_clustering, assign_labels, STRING, "'kmeans'",
              "'cluster_qr' | 'discretize' | 'kmeans'"),
    CRN_PARAM(spectral_clustering, degree, REAL, "3", "real >= 0"),
    CRN_PARAM(spectral_clustering, coef0, REAL, "1", "real (-inf, inf)"),
    CRN_PARAM(spectral_clustering, kernel_params, OBJECT, "None", "dict | None"),
    CRN_PARAM(spectral_clustering, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM_SINCE(spectral_clustering, verbose, OBJECT, "False", "verbose", "0.24", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_OPTIONAL(spectral_clustering, affinity_matrix_, OBJECT),
    CRN_FITTED_ARRAY(spectral_clustering, labels_, NULL),
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_SpectralClustering = {
    .name = "SpectralClustering",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._spectral sklearn.cluster.spectral",
    .size = sizeof(spectral_clustering),
    .fields = fields,
    .lower = crn_no_method,
};
