/* SPDX-License-Identifier: BSD-3-Clause */
/* The ways of rows through decision trees, from the leaves that they reach. */
#ifndef CRN_OPS_TREE_PATH_H
#define CRN_OPS_TREE_PATH_H

#include "ops/graph.h"

/* leaves int64 (rows, trees): nodes of each tree; first int64 (trees): the column of each
 * tree's first node; parents int64 (columns): the column of each node's parent, which lies
 * before it, or -1. Gives sparse int64 (rows, columns): 1 for each node on the ways. */
crn_value crn_tree_path(crn_graph *graph, crn_value leaves, crn_value first, crn_value parents);

#endif
