/* SPDX-License-Identifier: BSD-3-Clause */
/* DBSCAN, as sklearn/cluster/_dbscan.py (1.9): labels of the samples that it was fitted on. */
#include "sklearn/metrics/metric_names.h"
#include "sklearn/no_method.h"

typedef struct dbscan {
    crn_estimator_base base;
    double eps;
    int64_t min_samples;
    crn_object *metric;
    crn_object *metric_params;
    const char *algorithm;
    int64_t leaf_size;
    crn_object *p;
    crn_object *n_jobs;
    crn_array core_sample_indices_;
    crn_array labels_;
    crn_array components_;
} dbscan;

static const crn_field fields[] = {
    CRN_PARAM(dbscan, eps, REAL, "0.5", "real > 0.0"),
    CRN_PARAM(dbscan, min_samples, INT, "5", "int >= 1"),
    CRN_PARAM(dbscan, metric, OBJECT, "'euclidean'", CRN_PAIRWISE_METRICS),
    CRN_PARAM(dbscan, metric_params, OBJECT, "None", "dict | None"),
    CRN_PARAM(dbscan, algorithm, STRING, "'auto'",
              "'auto' | 'ball_tree' | 'brute' | 'kd_tree'"),
    CRN_PARAM(dbscan, leaf_size, INT, "30", "int >= 1"),
    CRN_PARAM(dbscan, p, OBJECT, "None", "real >= 0.0 | None"),
    CRN_PARAM(dbscan, n_jobs, OBJECT, "None", "int | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(dbscan, core_sample_indices_, NULL),
    CRN_FITTED_ARRAY(dbscan, labels_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(dbscan, components_, NULL),
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_DBSCAN = {
    .name = "DBSCAN",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._dbscan sklearn.cluster.dbscan_",
    .size = sizeof(dbscan),
    .fields = fields,
    .lower = crn_no_method,
};
