/* SPDX-License-Identifier: BSD-3-Clause */
/* SpectralBiclustering and SpectralCoclustering, as sklearn/cluster/_bicluster.py (1.9): labels
 * of the rows and columns that they were fitted on. */
#include "sklearn/no_method.h"

typedef struct spectral_biclustering {
    crn_estimator_base base;
    crn_object *n_clusters;
    const char *method;
    int64_t n_components;
    int64_t n_best;
    const char *svd_method;
    crn_object *n_svd_vecs;
    bool mini_batch;
    crn_object *init;
    int64_t n_init;
    crn_object *random_state;
    crn_object *n_jobs;
    crn_array row_labels_;
    crn_array column_labels_;
    crn_array rows_;
    crn_array columns_;
} spectral_biclustering;

static const crn_field biclustering_fields[] = {
    CRN_PARAM(spectral_biclustering, n_clusters, OBJECT, "3", "int >= 1 | tuple"),
    CRN_PARAM(spectral_biclustering, method, STRING, "'bistochastic'",
              "'bistochastic' | 'log' | 'scale'"),
    CRN_PARAM(spectral_biclustering, n_components, INT, "6", "int >= 1"),
    CRN_PARAM(spectral_biclustering, n_best, INT, "3", "int >= 1"),
    CRN_PARAM(spectral_biclustering, svd_method, STRING, "'randomized'",
              "'arpack' | 'randomized'"),
    CRN_PARAM(spectral_biclustering, n_svd_vecs, OBJECT, "None", "int >= 0 | None"),
    CRN_PARAM(spectral_biclustering, mini_batch, BOOL, "False", NULL),
    CRN_PARAM(spectral_biclustering, init, OBJECT, "'k-means++'",
              "'k-means++' | 'random' | <numpy.ndarray>"),
    CRN_PARAM(spectral_biclustering, n_init, INT, "10", "int >= 1"),
    CRN_PARAM(spectral_biclustering, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_SINCE(spectral_biclustering, n_jobs, OBJECT, "'deprecated'", NULL, NULL, "1.0"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(spectral_biclustering, row_labels_, NULL),
    CRN_FITTED_ARRAY(spectral_biclustering, column_labels_, NULL),
    CRN_FITTED_ARRAY(spectral_biclustering, rows_, NULL),
    CRN_FITTED_ARRAY(spectral_biclustering, columns_, NULL),
    CRN_FIELDS_END,
};

typedef struct spectral_coclustering {
    crn_estimator_base base;
    int64_t n_clusters;
    const char *svd_method;
    crn_object *n_svd_vecs;
    bool mini_batch;
    crn_object *init;
    int64_t n_init;
    crn_object *random_state;
    crn_object *n_jobs;
    crn_array row_labels_;
    crn_array column_labels_;
    crn_array rows_;
    crn_array columns_;
} spectral_coclustering;

static const crn_field coclustering_fields[] = {
    CRN_PARAM(spectral_coclustering, n_clusters, INT, "3", "int >= 1"),
    CRN_PARAM(spectral_coclustering, svd_method, STRING, "'randomized'",
              "'arpack' | 'randomized'"),
    CRN_PARAM(spectral_coclustering, n_svd_vecs, OBJECT, "None", "int >= 0 | None"),
    CRN_PARAM(spectral_coclustering, mini_batch, BOOL, "False", NULL),
    CRN_PARAM(spectral_coclustering, init, OBJECT, "'k-means++'",
              "'k-means++' | 'random' | <numpy.ndarray>"),
    CRN_PARAM(spectral_coclustering, n_init, INT, "10", "int >= 1"),
    CRN_PARAM(spectral_coclustering, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM_SINCE(spectral_coclustering, n_jobs, OBJECT, "'deprecated'", NULL, NULL, "1.0"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(spectral_coclustering, row_labels_, NULL),
    CRN_FITTED_ARRAY(spectral_coclustering, column_labels_, NULL),
    CRN_FITTED_ARRAY(spectral_coclustering, rows_, NULL),
    CRN_FITTED_ARRAY(spectral_coclustering, columns_, NULL),
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_SpectralBiclustering = {
    .name = "SpectralBiclustering",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._bicluster sklearn.cluster.bicluster",
    .size = sizeof(spectral_biclustering),
    .fields = biclustering_fields,
    .lower = crn_no_method,
};

const crn_estimator crn_estimator_SpectralCoclustering = {
    .name = "SpectralCoclustering",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._bicluster sklearn.cluster.bicluster",
    .size = sizeof(spectral_coclustering),
    .fields = coclustering_fields,
    .lower = crn_no_method,
};
