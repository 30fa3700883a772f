/* SPDX-License-Identifier: BSD-3-Clause */
/* LocallyLinearEmbedding, as sklearn/manifold/_locally_linear.py (1.9): a row is where the
 * weights that reconstruct it from its neighbors put it in the embedding. */
#include "base/dtype.h"
#include "ops/manifold.h"
#include "sklearn/fitted.h"
#include "sklearn/neighbors/base.h"

typedef struct locally_linear_embedding {
    crn_estimator_base base;
    int64_t n_neighbors, n_components;
    double reg;
    const char *eigen_solver;
    double tol;
    int64_t max_iter;
    const char *method;
    double hessian_tol, modified_tol;
    const char *neighbors_algorithm;
    crn_object *random_state, *n_jobs;
    crn_model *nbrs_;
    crn_array embedding_; /* (samples, n_components) */
    crn_array reconstruction_error_;
    int64_t _n_features_out;
} locally_linear_embedding;

static const crn_field fields[] = {
    CRN_PARAM(locally_linear_embedding, n_neighbors, INT, "5", "int >= 1"),
    CRN_PARAM(locally_linear_embedding, n_components, INT, "2", "int >= 1"),
    CRN_PARAM(locally_linear_embedding, reg, REAL, "0.001", "real >= 0"),
    CRN_PARAM(locally_linear_embedding, eigen_solver, STRING, "'auto'",
              "'arpack' | 'auto' | 'dense'"),
    CRN_PARAM(locally_linear_embedding, tol, REAL, "1e-06", "real >= 0"),
    CRN_PARAM(locally_linear_embedding, max_iter, INT, "100", "int >= 1"),
    CRN_PARAM(locally_linear_embedding, method, STRING, "'standard'",
              "'hessian' | 'ltsa' | 'modified' | 'standard'"),
    CRN_PARAM(locally_linear_embedding, hessian_tol, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(locally_linear_embedding, modified_tol, REAL, "1e-12", "real >= 0"),
    CRN_PARAM(locally_linear_embedding, neighbors_algorithm, STRING, "'auto'",
              "'auto' | 'ball_tree' | 'brute' | 'kd_tree'"),
    CRN_PARAM(locally_linear_embedding, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(locally_linear_embedding, n_jobs, OBJECT, "None", "None | int"),
    CRN_FITTED(locally_linear_embedding, nbrs_, MODEL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(locally_linear_embedding, embedding_, NULL),
    CRN_FITTED_ARRAY(locally_linear_embedding, reconstruction_error_, NULL),
    {.name = "_n_features_out",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(locally_linear_embedding, _n_features_out),
     .dflt = "-1",
     .since = "1.1"},
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    locally_linear_embedding *model = self;
    const crn_neighbors *neighbors = crn_neighbors_of(model->nbrs_);
    if (neighbors == NULL || neighbors->_fit_X.ndim != 2)
        return crn_fail(err, CRN_FORMAT, "nbrs_ is no fitted NearestNeighbors");
    CRN_TRY(crn_fitted_features(&model->base, "nbrs_", neighbors->base.n_features_in_, err));
    CRN_TRY(crn_fitted_matrix(&model->embedding_, "embedding_", neighbors->n_samples_fit_, -1,
                              err));
    if (model->embedding_.shape[1] < 1)
        return crn_fail(err, CRN_FORMAT, "embedding_ has no columns");
    model->_n_features_out = model->embedding_.shape[1];
    return crn_fitted_matrix(&neighbors->_fit_X, "_fit_X", neighbors->n_samples_fit_,
                             neighbors->base.n_features_in_, err);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const locally_linear_embedding *model = self;
    const crn_neighbors *neighbors = crn_neighbors_of(model->nbrs_);
    const crn_neighbor_means_attributes sum = {.mean = false};
    crn_value distances, indices;
    if (!crn_neighbors_search(neighbors, graph, x, model->n_neighbors, &distances, &indices))
        return CRN_NO_VALUE;
    const crn_value samples = crn_constant_float64(graph, &neighbors->_fit_X);
    const crn_value weights = crn_barycenter(graph, x, indices, samples, model->reg);
    return crn_neighbor_means(graph, weights, indices,
                              crn_constant_float64(graph, &model->embedding_), &sum);
}

const crn_estimator crn_estimator_LocallyLinearEmbedding = {
    .name = "LocallyLinearEmbedding",
    .module = "sklearn.manifold",
    .modules = "sklearn.manifold._locally_linear sklearn.manifold.locally_linear",
    .size = sizeof(locally_linear_embedding),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
};
