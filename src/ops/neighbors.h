/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on nearest neighbors: who they are, how far, and what they say together. */
#ifndef CRN_OPS_NEIGHBORS_H
#define CRN_OPS_NEIGHBORS_H

#include "ops/graph.h"
#include "ops/distance_metric.h"

/* How neighbors are found; the neighbors are the same, but distances differ in their last bits
 * and equal distances in their order. */
typedef enum crn_search {
    CRN_SEARCH_ALL,      /* every pair, one at a time */
    CRN_SEARCH_PRODUCT,  /* euclidean only: |x|^2 - 2 x y + |y|^2 by matrix products */
    CRN_SEARCH_KD_TREE,  /* descent of sklearn.neighbors.KDTree */
    CRN_SEARCH_BALL_TREE /* and of BallTree */
} crn_search;

/* The samples among which neighbors are searched. Arrays are the owner's. */
typedef struct crn_neighbor_index {
    crn_distance_metric metric;
    crn_search search;
    int64_t samples, features;
    bool early;        /* equal distances come out as in versions before 1.9 */
    crn_array data;    /* (samples, features); none when precomputed */
    crn_array weights; /* of the metric, see distance_metric.h; none */
    /* of a tree, whose node i has the children 2 i + 1 and 2 i + 2: */
    crn_array order;     /* int64 (samples): a permutation */
    crn_array idx_start; /* int64 (nodes): a node holds order[idx_start:idx_end] */
    crn_array idx_end;   /* int64 (nodes) */
    crn_array is_leaf;   /* int64 (nodes) */
    crn_array bounds;    /* float64 (2, nodes, features), or the centers (1, nodes, features) */
    crn_array radius;    /* float64 (nodes) */
} crn_neighbor_index;

/* The k nearest samples of each row x (rows, features), nearest first: *distances float64 and
 * *indices int64, both (rows, k). */
void crn_kneighbors(crn_graph *graph, crn_value x, const crn_neighbor_index *index, int64_t k,
                    crn_value *distances, crn_value *indices);

/* The distances to all samples (rows, samples); infinity beyond the radius (NaN: no limit). */
crn_value crn_distances(crn_graph *graph, crn_value x, const crn_neighbor_index *index,
                        double radius);

/* 2 x c - |c|^2 (rows, n), which is the larger the nearer a center is; centers float64 (n,
 * features). */
crn_value crn_center_scores(crn_graph *graph, crn_value x, const crn_array *centers);
/* The index (rows) int64 of the nearest center in the euclidean metric, centers a constant
 * float64 (n, features); the first of equally near ones. */
crn_value crn_nearest_center(crn_graph *graph, crn_value x, const crn_array *centers);
/* The euclidean distances (rows, n) as sklearn.metrics.pairwise.euclidean_distances. */
crn_value crn_euclidean_distances(crn_graph *graph, crn_value x, const crn_array *centers);

/* ---- what neighbors say together ---- */

/* Weights of neighbors at distances (rows, k): 1, or with `inverse` 1 / distance, where those
 * at distance 0 outweigh all others. Neighbors at infinity are none: weight 0. */
crn_value crn_neighbor_weights(crn_graph *graph, crn_value distances, bool inverse);

/* What a row without neighbors (all weights 0) votes for. */
typedef enum crn_no_neighbors {
    CRN_NO_NEIGHBORS_NOTHING,
    CRN_NO_NEIGHBORS_CLASS, /* one vote for the class `outlier` */
    CRN_NO_NEIGHBORS_FAIL   /* "No neighbors found for test samples ..." */
} crn_no_neighbors;

typedef struct crn_neighbor_votes_attributes {
    int64_t classes;
    bool share; /* divided by their sum, where that is not 0 */
    crn_no_neighbors empty;
    int64_t outlier;
} crn_neighbor_votes_attributes;

/* The summed weights of each class (rows, classes): weights (rows, k), indices int64 (rows, k),
 * or CRN_NO_VALUE when neighbor j is sample j; labels int64 (samples), each in [0, classes). */
crn_value crn_neighbor_votes(crn_graph *graph, crn_value weights, crn_value indices,
                             crn_value labels, const crn_neighbor_votes_attributes *how);

typedef struct crn_neighbor_means_attributes {
    bool mean;
    double empty; /* the mean of a row without neighbors (all weights 0) */
} crn_neighbor_means_attributes;

/* The weighted sums, or means, of targets (samples, outputs) float64: (rows, outputs). */
crn_value crn_neighbor_means(crn_graph *graph, crn_value weights, crn_value indices,
                             crn_value targets, const crn_neighbor_means_attributes *how);

typedef enum crn_neighbor_entry {
    CRN_ENTRY_DISTANCE,
    CRN_ENTRY_ONE,  /* that they are connected */
    CRN_ENTRY_INDEX /* int64: the number of the sample */
} crn_neighbor_entry;

/* The graph of rows and samples (rows, samples), sparse: an entry for each neighbor. distances
 * and indices as above; neighbors at infinity are none. */
crn_value crn_neighbor_graph(crn_graph *graph, crn_value distances, crn_value indices,
                             int64_t samples, crn_neighbor_entry entry);

/* ---- densities ---- */

typedef enum crn_density_kernel {
    CRN_KERNEL_GAUSSIAN,
    CRN_KERNEL_TOPHAT,
    CRN_KERNEL_EPANECHNIKOV,
    CRN_KERNEL_EXPONENTIAL,
    CRN_KERNEL_LINEAR,
    CRN_KERNEL_COSINE
} crn_density_kernel;

typedef struct crn_kernel_density_attributes {
    crn_distance_metric metric;
    crn_density_kernel kernel;
    double bandwidth;
    double log_norm; /* is added to the logarithm of the sum */
} crn_kernel_density_attributes;

/* log(sum of kernel(distance / bandwidth)) (rows): samples (n, features), log_weights (n) or
 * CRN_NO_VALUE. */
crn_value crn_kernel_density(crn_graph *graph, crn_value x, crn_value samples,
                             crn_value metric_weights, crn_value log_weights,
                             const crn_kernel_density_attributes *how);

/* ---- the parts (operations' attributes) ---- */

/* |x|^2 with the rounding of the product x x, so that the expanded distance of a point to
 * itself is 0. */
double crn_product_norm(const crn_kernels *kernels, int64_t n, const double *x);

/* Samples that one matrix product of a search takes. */
enum { CRN_NEIGHBOR_PANEL = 256 };

typedef struct crn_kneighbors_attributes {
    crn_distance_metric metric;
    int64_t k;
    int64_t samples;
    bool early; /* see crn_neighbor_index */
} crn_kneighbors_attributes;

typedef struct crn_kneighbors_tree_attributes {
    crn_distance_metric metric;
    int64_t k;
    bool balls;
    bool early;
} crn_kneighbors_tree_attributes;

typedef struct crn_distance_attributes {
    crn_distance_metric metric;
    bool product; /* the expanded form of the euclidean distance */
    bool limited;
    double radius;
} crn_distance_attributes;

typedef struct crn_neighbor_weights_attributes {
    bool inverse;
} crn_neighbor_weights_attributes;

typedef struct crn_neighbor_graph_attributes {
    int64_t samples;
    crn_neighbor_entry entry;
} crn_neighbor_graph_attributes;

#endif
