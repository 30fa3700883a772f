/* SPDX-License-Identifier: BSD-3-Clause */
/* SpectralEmbedding, as sklearn/manifold/_spectral_embedding.py (1.9): an embedding of the
 * samples that it was fitted on. */
#include "sklearn/no_method.h"

typedef struct spectral_embedding {
    crn_estimator_base base;
    int64_t n_components;
    crn_object *affinity;
    crn_object *gamma;
    crn_object *random_state;
    const char *eigen_solver;
    crn_object *eigen_tol;
    crn_object *n_neighbors;
    crn_object *n_jobs;
    crn_array embedding_;
    crn_object *affinity_matrix_;
} spectral_embedding;

static const crn_field fields[] = {
    CRN_PARAM(spectral_embedding, n_components, INT, "2", "int >= 1"),
    CRN_PARAM(spectral_embedding, affinity, OBJECT, "'nearest_neighbors'",
              "'nearest_neighbors' | 'precomputed' | 'precomputed_nearest_neighbors' | 'rbf' | "
              "callable"),
    CRN_PARAM(spectral_embedding, gamma, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(spectral_embedding, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(spectral_embedding, eigen_solver, STRING, "None",
              "'amg' | 'arpack' | 'lobpcg' | None"),
    CRN_PARAM_SINCE(spectral_embedding, eigen_tol, OBJECT, "'auto'", "real >= 0 | 'auto'",
                    "1.2", NULL),
    CRN_PARAM(spectral_embedding, n_neighbors, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(spectral_embedding, n_jobs, OBJECT, "None", "None | int"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(spectral_embedding, embedding_, NULL),
    CRN_FITTED_OPTIONAL(spectral_embedding, affinity_matrix_, OBJECT),
    CRN_FIELDS_END,
};

const crn_estimator crn_estimator_SpectralEmbedding = {
    .name = "SpectralEmbedding",
    .module = "sklearn.manifold",
    .modules = "sklearn.manifold._spectral_embedding sklearn.manifold.spectral_embedding_",
    .size = sizeof(spectral_embedding),
    .fields = fields,
    .lower = crn_no_method,
};
