/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations of networks on sequences. For predict() alone: a graph that trains refuses them. */
#ifndef CRN_OPS_SEQUENCE_H
#define CRN_OPS_SEQUENCE_H

#include "ops/graph.h"

/* table[id]: ids int64 (rows, ...), table a constant or variable (n, width); gives (rows, ...,
 * width). An id outside of [0, n) fails the run; `wraps`: those of [-n, 0) count from the end. */
crn_value crn_embed(crn_graph *graph, crn_value table, crn_value ids, bool wraps);

#endif
