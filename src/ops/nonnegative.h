/* SPDX-License-Identifier: BSD-3-Clause */
/* Non-negative factors of new rows: X ~ W H with H given. scikit-learn stops by sums over all
 * rows, so both operations take all rows of a run at once. */
#ifndef CRN_OPS_NONNEGATIVE_H
#define CRN_OPS_NONNEGATIVE_H

#include "base/random.h"
#include "ops/graph.h"

typedef struct crn_nmf_descent_attributes {
    double tol;
    int64_t max_iter;
    double l1, l2;           /* penalties of W */
    bool shuffle;            /* the order of the components, anew in each round */
    crn_random_state random; /* of the shuffles */
} crn_nmf_descent_attributes;

/* Coordinate descent: x (rows, n) and components (k, n), float64, give W (rows, k). */
crn_value crn_nmf_descent(crn_graph *graph, crn_value x, crn_value components,
                          const crn_nmf_descent_attributes *attributes);

typedef struct crn_nmf_update_attributes {
    double beta; /* of the divergence: 2 Frobenius, 1 Kullback-Leibler, 0 Itakura-Saito */
    double tol;
    int64_t max_iter;
    double l1, l2;     /* penalties of W */
    bool mini_batch;   /* stops by the change of W, as MiniBatchNMF; else by the divergence */
    bool floors_zeros; /* only zeros are raised to epsilon, as before 1.3; else all below it */
} crn_nmf_update_attributes;

/* Multiplicative updates, the same shapes. */
crn_value crn_nmf_update(crn_graph *graph, crn_value x, crn_value components,
                         const crn_nmf_update_attributes *attributes);

#endif
