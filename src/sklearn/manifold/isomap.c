/* SPDX-License-Identifier: BSD-3-Clause */
/* Isomap, as sklearn/manifold/_isomap.py (1.9): geodesic distances through the nearest
 * neighbors, embedded by kernel PCA. */
#include "base/dtype.h"
#include "ops/elementwise.h"
#include "ops/manifold.h"
#include "sklearn/children.h"
#include "sklearn/fitted.h"
#include "sklearn/metrics/metric_names.h"
#include "sklearn/neighbors/base.h"

typedef struct isomap {
    crn_estimator_base base;
    crn_object *n_neighbors, *radius;
    int64_t n_components;
    const char *eigen_solver;
    double tol;
    crn_object *max_iter;
    const char *path_method, *neighbors_algorithm;
    crn_object *n_jobs, *metric;
    double p;
    crn_object *metric_params;
    crn_model *nbrs_, *kernel_pca_;
    crn_array dist_matrix_; /* (samples, samples) */
    crn_array embedding_;   /* (samples, n_components) */
    int64_t _n_features_out;
} isomap;

static const crn_field fields[] = {
    CRN_PARAM(isomap, n_neighbors, OBJECT, "5", "int >= 1 | None"),
    CRN_PARAM_SINCE(isomap, radius, OBJECT, "None", "real [0, inf] | None", "1.1", NULL),
    CRN_PARAM(isomap, n_components, INT, "2", "int >= 1"),
    CRN_PARAM(isomap, eigen_solver, STRING, "'auto'", "'arpack' | 'auto' | 'dense'"),
    CRN_PARAM(isomap, tol, REAL, "0", "real >= 0"),
    CRN_PARAM(isomap, max_iter, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(isomap, path_method, STRING, "'auto'", "'D' | 'FW' | 'auto'"),
    CRN_PARAM(isomap, neighbors_algorithm, STRING, "'auto'",
              "'auto' | 'ball_tree' | 'brute' | 'kd_tree'"),
    CRN_PARAM(isomap, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM_SINCE(isomap, metric, OBJECT, "'minkowski'", CRN_PAIRWISE_METRICS, "0.22", NULL),
    CRN_PARAM_SINCE(isomap, p, REAL, "2", "real >= 1", "0.22", NULL),
    CRN_PARAM_SINCE(isomap, metric_params, OBJECT, "None", "dict | None", "0.22", NULL),
    CRN_FITTED(isomap, nbrs_, MODEL),
    CRN_BASE_FIELDS,
    CRN_FITTED(isomap, kernel_pca_, MODEL),
    CRN_FITTED_ARRAY(isomap, dist_matrix_, NULL),
    CRN_FITTED_ARRAY(isomap, embedding_, NULL),
    {.name = "_n_features_out",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(isomap, _n_features_out),
     .dflt = "-1",
     .since = "1.1"},
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    isomap *model = self;
    const crn_neighbors *neighbors = crn_neighbors_of(model->nbrs_);
    if (neighbors == NULL)
        return crn_fail(err, CRN_FORMAT, "nbrs_ is no fitted NearestNeighbors");
    const int64_t samples = neighbors->n_samples_fit_;
    CRN_TRY(crn_fitted_features(&model->base, "nbrs_", neighbors->base.n_features_in_, err));
    CRN_TRY(crn_fitted_matrix(&model->dist_matrix_, "dist_matrix_", samples, samples, err));
    CRN_TRY(crn_fitted_matrix(&model->embedding_, "embedding_", samples, -1, err));
    model->_n_features_out = model->embedding_.shape[1];
    return crn_child_require(model->kernel_pca_, CRN_TRANSFORM, "kernel_pca_", err);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const isomap *model = self;
    const crn_neighbors *neighbors = crn_neighbors_of(model->nbrs_);
    crn_value distances, indices = CRN_NO_VALUE;
    if (crn_object_is_none(model->n_neighbors))
        distances = crn_neighbors_within_radius(neighbors, graph, x);
    else if (!crn_neighbors_search(neighbors, graph, x, -1, &distances, &indices))
        return CRN_NO_VALUE;
    const crn_value ways = crn_geodesic(graph, distances, indices,
                                        crn_constant_float64(graph, &model->dist_matrix_));
    const crn_value squares = crn_unary(graph, ways, CRN_UNARY_SQUARE);
    return crn_sklearn_lower(model->kernel_pca_, method, graph,
                             crn_times(graph, squares, -0.5));
}

static crn_admitted admits(const void *self, crn_method method)
{
    return crn_neighbors_admits(crn_neighbors_of(((const isomap *)self)->nbrs_), method);
}

const crn_estimator crn_estimator_Isomap = {
    .name = "Isomap",
    .module = "sklearn.manifold",
    .modules = "sklearn.manifold._isomap sklearn.manifold.isomap",
    .size = sizeof(isomap),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .admits = admits,
};
