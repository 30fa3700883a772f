/* SPDX-License-Identifier: BSD-3-Clause */
/* OPTICS, as sklearn/cluster/_optics.py (1.9): labels and reachabilities of the samples that it
 * was fitted on. */
#include "sklearn/metrics/metric_names.h"
#include "sklearn/no_method.h"

typedef struct optics {
    crn_estimator_base base;
    double min_samples;
    double max_eps;
    crn_object *metric;
    double p;
    crn_object *metric_params;
    const char *cluster_method;
    crn_object *eps;
    double xi;
    bool predecessor_correction;
    crn_object *min_cluster_size;
    const char *algorithm;
    int64_t leaf_size;
    crn_object *memory;
    crn_object *n_jobs;
    crn_array ordering_;
    crn_array core_distances_;
    crn_array reachability_;
    crn_array predecessor_;
    crn_array cluster_hierarchy_;
    crn_array labels_;
} optics;

static const crn_field fields[] = {
    CRN_PARAM(optics, min_samples, REAL, "5", "int >= 2 | float [0, 1]"),
    CRN_PARAM(optics, max_eps, REAL, "np.inf", "real [0, inf]"),
    CRN_PARAM(optics, metric, OBJECT, "'minkowski'", CRN_PAIRWISE_METRICS),
    CRN_PARAM(optics, p, REAL, "2", "real >= 1"),
    CRN_PARAM(optics, metric_params, OBJECT, "None", "dict | None"),
    CRN_PARAM(optics, cluster_method, STRING, "'xi'", "'dbscan' | 'xi'"),
    CRN_PARAM(optics, eps, OBJECT, "None", "real [0, inf] | None"),
    CRN_PARAM(optics, xi, REAL, "0.05", "real [0, 1]"),
    CRN_PARAM(optics, predecessor_correction, BOOL, "True", NULL),
    CRN_PARAM(optics, min_cluster_size, OBJECT, "None", "int >= 2 | float (0, 1] | None"),
    CRN_PARAM(optics, algorithm, STRING, "'auto'",
              "'auto' | 'ball_tree' | 'brute' | 'kd_tree'"),
    CRN_PARAM(optics, leaf_size, INT, "30", "int >= 1"),
    CRN_PARAM_SINCE(optics, memory, OBJECT, "None", "str | has cache | None", "1.0", NULL),
    CRN_PARAM(optics, n_jobs, OBJECT, "None", "int | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(optics, ordering_, NULL),
    CRN_FITTED_ARRAY(optics, core_distances_, NULL),
    CRN_FITTED_ARRAY(optics, reachability_, NULL),
    CRN_FITTED_ARRAY(optics, predecessor_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(optics, cluster_hierarchy_, NULL),
    CRN_FITTED_ARRAY(optics, labels_, NULL),
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_OPTICS = {
    .name = "OPTICS",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._optics sklearn.cluster.optics_",
    .size = sizeof(optics),
    .fields = fields,
    .lower = crn_no_method,
};
