/* SPDX-License-Identifier: BSD-3-Clause */
/* What the estimators of sklearn.neighbors have in common: NeighborsBase of
 * sklearn/neighbors/_base.py (1.9). */
#ifndef CRN_SKLEARN_NEIGHBORS_BASE_H
#define CRN_SKLEARN_NEIGHBORS_BASE_H

#include "ops/neighbors.h"
#include "sklearn/estimator.h"

typedef struct crn_neighbors {
    crn_estimator_base base;
    crn_object *n_neighbors, *radius; /* an int, a number, or None */
    crn_object *weights;              /* 'uniform', 'distance', a function or None */
    const char *mode;                 /* of the transformers */
    const char *algorithm;
    int64_t leaf_size;
    crn_object *metric; /* a name, a function or a DistanceMetric */
    crn_object *p, *metric_params, *n_jobs, *outlier_label;
    crn_object *contamination;
    bool novelty;
    bool outputs_2d_;
    crn_object *classes_; /* an array, or a list of one for each output */
    crn_array _y;         /* class indices or targets: (samples) or (samples, outputs) */
    crn_object *outlier_label_;
    crn_object *effective_metric_params_, *effective_metric_;
    const char *_fit_method; /* "brute", "kd_tree", "ball_tree" */
    crn_array _fit_X;        /* (samples, features) */
    int64_t n_samples_fit_;
    crn_object *_tree; /* KDTree, BallTree or None */
    int64_t n_neighbors_;
    crn_array _distances_fit_X_; /* (samples, n_neighbors_) */
    crn_array _lrd;              /* (samples) local reachability densities */
    crn_array negative_outlier_factor_;
    double offset_;

    /* made by check: */
    crn_neighbor_index index;
    crn_array *output_classes; /* [outputs] of a classifier */
    crn_array output_labels;   /* int64 (outputs, samples) of a classifier */
    int64_t outputs;
    crn_error unsupported; /* why no method can be lowered; its code is CRN_OK otherwise */
} crn_neighbors;

/* clang-format off */
#define CRN_NEIGHBORS_METRICS                                                                  \
    "'braycurtis' | 'canberra' | 'chebyshev' | 'cityblock' | 'correlation' | 'cosine' | "      \
    "'dice' | 'euclidean' | 'hamming' | 'haversine' | 'infinity' | 'jaccard' | 'l1' | "        \
    "'l2' | 'mahalanobis' | 'manhattan' | 'minkowski' | 'nan_euclidean' | 'p' | "              \
    "'precomputed' | 'pyfunc' | 'rogerstanimoto' | 'russellrao' | 'seuclidean' | "             \
    "'sokalmichener' | 'sokalsneath' | 'sqeuclidean' | 'yule' | callable | "                   \
    "<sklearn.metrics._dist_metrics.DistanceMetric>"
/* clang-format on */

/* A parameter that may only be given by name. */
#define CRN_NEIGHBORS_KEYWORD(member, kind, default_, constraint_)                             \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_KEYWORD,                                          \
        .offset = offsetof(crn_neighbors, member), .dflt = default_, .constraint = constraint_ \
    }

#define CRN_NEIGHBORS_WEIGHTS                                                                  \
    CRN_NEIGHBORS_KEYWORD(weights, OBJECT, "'uniform'",                                        \
                          "'distance' | 'uniform' | callable | None")
#define CRN_NEIGHBORS_ALGORITHM                                                                \
    CRN_NEIGHBORS_KEYWORD(algorithm, STRING, "'auto'",                                         \
                          "'auto' | 'ball_tree' | 'brute' | 'kd_tree'")
#define CRN_NEIGHBORS_LEAF_SIZE CRN_NEIGHBORS_KEYWORD(leaf_size, INT, "30", "int >= 1")
#define CRN_NEIGHBORS_METRIC                                                                   \
    CRN_NEIGHBORS_KEYWORD(metric, OBJECT, "'minkowski'", CRN_NEIGHBORS_METRICS)
#define CRN_NEIGHBORS_P CRN_NEIGHBORS_KEYWORD(p, OBJECT, "2", "real (0, inf] | None")
#define CRN_NEIGHBORS_METRIC_PARAMS                                                            \
    CRN_NEIGHBORS_KEYWORD(metric_params, OBJECT, "None", "dict | None")
#define CRN_NEIGHBORS_N_JOBS CRN_NEIGHBORS_KEYWORD(n_jobs, OBJECT, "None", "int | None")

#define CRN_NEIGHBORS_FITTED                                                                   \
    CRN_FITTED(crn_neighbors, effective_metric_params_, OBJECT),                               \
        CRN_FITTED(crn_neighbors, effective_metric_, OBJECT),                                  \
        CRN_FITTED(crn_neighbors, _fit_method, STRING),                                        \
        CRN_FITTED_ARRAY(crn_neighbors, _fit_X, NULL),                                         \
        {.name = "n_samples_fit_",                                                             \
         .type = CRN_FIELD_INT,                                                                \
         .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,                                       \
         .offset = offsetof(crn_neighbors, n_samples_fit_),                                    \
         .dflt = "-1"},                                                                        \
        CRN_FITTED(crn_neighbors, _tree, OBJECT)

/* Makes the index, and checks that samples, tree and metric fit together. Every class's own
 * check begins with it. */
crn_status crn_neighbors_check(void *self, crn_error *err);
void crn_neighbors_release(void *self);
/* The fitted NearestNeighbors that an estimator holds; NULL when the model is something else. */
const crn_neighbors *crn_neighbors_of(const crn_model *model);
/* What other versions have in another way: metrics with weights. */
crn_status crn_neighbors_write(const void *self, crn_document *document, crn_object *state,
                               const char *sklearn, crn_error *err);
crn_admitted crn_neighbors_admits(const void *self, crn_method method);

/* kneighbors(X): the k nearest, k < 0: n_neighbors. False with the graph's error set. */
bool crn_neighbors_search(const crn_neighbors *self, crn_graph *graph, crn_value x, int64_t k,
                          crn_value *distances, crn_value *indices);
/* The distances to all samples, infinite beyond `radius`. */
crn_value crn_neighbors_within_radius(const crn_neighbors *self, crn_graph *graph, crn_value x);
/* What the neighbors at those distances count, by the parameter weights. */
crn_value crn_neighbors_weigh(const crn_neighbors *self, crn_graph *graph, crn_value distances);

#endif
