/* SPDX-License-Identifier: BSD-3-Clause */
/* Birch, as sklearn/cluster/_birch.py (1.9): the cluster of the nearest subcluster, and the
 * distances to all subclusters. */
#include "ops/neighbors.h"
#include "ops/rows.h"
#include "sklearn/estimator.h"
#include "sklearn/fitted.h"

typedef struct birch {
    crn_estimator_base base;
    double threshold;
    int64_t branching_factor;
    crn_object *n_clusters; /* a number, a clusterer or None */
    bool compute_labels;
    crn_object *copy;
    crn_array subcluster_centers_; /* (subclusters, n_features_in_) */
    int64_t _n_features_out;
    crn_array _subcluster_norms;  /* (subclusters) */
    crn_array subcluster_labels_; /* (subclusters) */
    crn_array labels_;
} birch;

static const crn_field fields[] = {
    CRN_PARAM(birch, threshold, REAL, "0.5", "real > 0.0"),
    CRN_PARAM(birch, branching_factor, INT, "50", "int > 1"),
    CRN_PARAM(birch, n_clusters, OBJECT, "3", "None | <sklearn.base.ClusterMixin> | int >= 1"),
    CRN_PARAM(birch, compute_labels, BOOL, "True", NULL),
    CRN_PARAM_SINCE(birch, copy, OBJECT, "'deprecated'", NULL, NULL, "1.8"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(birch, subcluster_centers_, NULL),
    {.name = "_n_features_out",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(birch, _n_features_out),
     .dflt = "-1",
     .since = "1.1"},
    CRN_FITTED_ARRAY(birch, _subcluster_norms, NULL),
    CRN_FITTED_ARRAY(birch, subcluster_labels_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(birch, labels_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    birch *model = self;
    const crn_array *centers = &model->subcluster_centers_;
    CRN_TRY(crn_fitted_matrix(centers, "subcluster_centers_", -1, -1, err));
    if (centers->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "subcluster_centers_ is empty");
    model->_n_features_out = centers->shape[0];
    CRN_TRY(crn_fitted_vector(&model->subcluster_labels_, "subcluster_labels_",
                              centers->shape[0], err));
    return crn_fitted_features(&model->base, "subcluster_centers_", centers->shape[1], err);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const birch *model = self;
    crn_array centers = CRN_ARRAY_INIT;
    if (crn_array_astype(&model->subcluster_centers_, CRN_FLOAT64, &centers, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    const crn_value value =
        method == CRN_TRANSFORM
            ? crn_euclidean_distances(graph, x, &centers)
            : crn_take(graph, crn_graph_constant(graph, &model->subcluster_labels_),
                       crn_nearest_center(graph, x, &centers));
    crn_array_free(&centers);
    return value;
}

const crn_estimator crn_estimator_Birch = {
    .name = "Birch",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._birch sklearn.cluster.birch",
    .size = sizeof(birch),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
};
