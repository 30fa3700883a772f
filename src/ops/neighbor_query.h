/* SPDX-License-Identifier: BSD-3-Clause */
/* What the searches for k neighbors have in common: the state of one query. */
#ifndef CRN_OPS_NEIGHBOR_QUERY_H
#define CRN_OPS_NEIGHBOR_QUERY_H

#include "ops/distance_metric.h"

typedef struct crn_neighbor_query {
    int64_t k;
    double *values;   /* [k] heap of reduced distances */
    int64_t *indices; /* [k] */
    double *merging;  /* [2 k] room for merge() */
    int64_t *spare;   /* [k] the first samples without a finite distance, for places that stay
                         empty */
    int64_t spares;
} crn_neighbor_query;

/* Bytes for the state of one query, and for the prepared row of n features behind it. */
size_t crn_neighbor_query_bytes(int64_t k, int64_t n);
/* Lays an empty query out in that memory; *prepared gets the place of the row. */
void crn_neighbor_query_begin(crn_neighbor_query *query, int64_t k, void *memory,
                              double **prepared);
void crn_neighbor_query_offer(crn_neighbor_query *query, double reduced, int64_t index);
/* Moves the heap to another one. A brute-force search of scikit-learn does so with what each of
 * its threads found (sklearn/metrics/_pairwise_distances_reduction/_argkmin.pyx.tp, 1.9), which
 * decides the order of equal distances: here for one thread, as for up to 256 samples there. */
void crn_neighbor_query_merge(crn_neighbor_query *query);
/* Sorts (see crn_neighbor_heap_sort), and writes distances and indices [k]; either may be NULL.
 */
void crn_neighbor_query_finish(crn_neighbor_query *query, const crn_distance_metric *metric,
                               bool early, double *distances, int64_t *indices);

/* Sets the two outputs (rows, k) of a search of x among `samples`, or says what is wrong. */
crn_status crn_neighbor_query_infer(const char *op, const crn_type *x, int64_t k,
                                    int64_t samples, crn_type *out, crn_error *err);
/* CRN_SHAPE unless the type is a constant of that dtype and shape; a length of -1 is not
 * checked. */
crn_status crn_infer_constant(const char *op, const crn_type *type, crn_dtype dtype,
                              int32_t ndim, const int64_t *shape, crn_error *err);

#endif
