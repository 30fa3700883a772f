/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that turn numbers and texts into indices, and indices into counts: what the
 * preprocessing layers of Keras are made of. */
#ifndef CRN_OPS_ENCODE_H
#define CRN_OPS_ENCODE_H

#include "ops/graph.h"

/* How many of the rising boundaries (n, float32) are at most each element of x, float32: int64
 * 0 .. n, as tf.raw_ops.Bucketize. All are at most a NaN. */
crn_value crn_bucketize(crn_graph *graph, crn_value x, crn_value boundaries);

typedef struct crn_bincount_attributes {
    int64_t depth;
    bool binary; /* 1 for what is there at all */
} crn_bincount_attributes;

/* float32 (rows, ..., depth): how often each of 0 .. depth - 1 stands along the first axis of x
 * (rows, n, ...), int64; other numbers count nothing. weights: float32 as x, what each counts,
 * or CRN_NO_VALUE. */
crn_value crn_bincount(crn_graph *graph, crn_value x, crn_value weights,
                       const crn_bincount_attributes *attributes);

/* A row of `depth` for each index of x, int64 (rows, ...); an axis of 1 at the end is taken
 * away before. float32. */
crn_value crn_one_hot_index(crn_graph *graph, crn_value x, int64_t depth);

#endif
