/* SPDX-License-Identifier: BSD-3-Clause */
/* Down a binary tree whose nodes are points, to the nearer child. */
#ifndef CRN_OPS_BISECT_H
#define CRN_OPS_BISECT_H

#include "ops/graph.h"

/* The label int64 (rows) of the leaf that is reached from node 0 by going to the child with the
 * larger score, or to the first of equal ones. scores float64 (rows, nodes); children int64
 * (nodes, 2), larger than their parent, or -1 for a leaf; labels int64 (nodes). */
crn_value crn_bisect(crn_graph *graph, crn_value scores, crn_value children, crn_value labels);

#endif
