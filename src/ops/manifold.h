/* SPDX-License-Identifier: BSD-3-Clause */
/* How new rows come into an embedding: geodesic distances of Isomap, barycenters of locally
 * linear embedding. */
#ifndef CRN_OPS_MANIFOLD_H
#define CRN_OPS_MANIFOLD_H

#include "ops/graph.h"

/* The shortest way from each row to each sample through one of its neighbors (rows, samples):
 * min over neighbors of distance + ways[neighbor]. distances float64 (rows, k), infinite for
 * none; indices int64 (rows, k), or CRN_NO_VALUE when neighbor j is sample j; ways float64
 * (samples, samples). */
crn_value crn_geodesic(crn_graph *graph, crn_value distances, crn_value indices,
                       crn_value ways);

/* Most neighbors of a barycenter: a system of that many equations is solved for each row. */
enum { CRN_MAX_BARYCENTER = 1024 };

typedef struct crn_barycenter_attributes {
    double reg; /* of the trace, is added to the diagonal */
} crn_barycenter_attributes;

/* The weights (rows, k) with sum 1 that reconstruct x (rows, features) best from its neighbors
 * (sklearn.manifold._locally_linear.barycenter_weights): indices int64 (rows, k), samples
 * float64 (samples, features). */
crn_value crn_barycenter(crn_graph *graph, crn_value x, crn_value indices, crn_value samples,
                         double reg);

#endif
