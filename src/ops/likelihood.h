/* SPDX-License-Identifier: BSD-3-Clause */
/* What the densities of classes and components sum over features. */
#ifndef CRN_OPS_LIKELIHOOD_H
#define CRN_OPS_LIKELIHOOD_H

#include "ops/graph.h"

/* x (rows, n), centres (k, n), weights (k, n), all float64: (rows, k) of sum over n of weight
 * (x - centre)^2. */
crn_value crn_weighted_distance(crn_graph *graph, crn_value x, crn_value centres,
                                crn_value weights);

/* x (rows, n) float64, of whole numbers once cut; offsets int64 (n + 1); table float64
 * (offsets[n], k): (rows, k) of the sum over n of table[offsets[j] + x_j]. A category that is
 * negative, or that its feature does not have, fails the run in scikit-learn's words. */
crn_value crn_category_sum(crn_graph *graph, crn_value x, crn_value offsets, crn_value table);

#endif
