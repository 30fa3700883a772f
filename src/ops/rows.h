/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on the items of a row: shapes, choices, sums, softmax. */
#ifndef CRN_OPS_ROWS_H
#define CRN_OPS_ROWS_H

#include "ops/graph.h"

/* Another shape for each item; one length may be -1. Costs nothing. */
crn_value crn_reshape(crn_graph *graph, crn_value x, int32_t ndim, const int64_t *shape);

typedef struct crn_pad_attributes {
    int64_t before[CRN_MAX_NDIM], after[CRN_MAX_NDIM];
} crn_pad_attributes;

/* Zeros around the item; so many are cut off instead where a number is negative. One number for
 * each axis. */
crn_value crn_pad(crn_graph *graph, crn_value x, const int64_t *before, const int64_t *after);

typedef struct crn_enlarge_attributes {
    int64_t times[CRN_MAX_NDIM];
} crn_enlarge_attributes;

/* Every element so many times along each axis. */
crn_value crn_enlarge(crn_graph *graph, crn_value x, const int64_t *times);

/* The first axis of the item into the rows: what reads the value computes on (rows * length,
 * ...) items. unfold() takes it back. Cost nothing. Not while training. */
crn_value crn_fold(crn_graph *graph, crn_value x);
crn_value crn_unfold(crn_graph *graph, crn_value x, int64_t length);
/* Joined along an axis of the item (0 is the first behind the rows; negative counts from the
 * end). One sparse value makes the whole sparse, as in scipy.sparse.hstack. */
crn_value crn_concat(crn_graph *graph, const crn_value *values, int count, int32_t axis);
/* x[:, index] of NumPy: `count` items of each row's vector. An index outside fails the graph. */
crn_value crn_columns(crn_graph *graph, crn_value x, const int64_t *index, int64_t count);

/* The opposite: out[:, index] = x, and `fill` at the other of `width` places. x float. */
crn_value crn_scatter(crn_graph *graph, crn_value x, const int64_t *index, int64_t count,
                      int64_t width, double fill);

typedef struct crn_argmax_attributes {
    bool of_softmax; /* x are the logits of a softmax that was fused away: where it would have
                      * given a row of NaN (a NaN or inf in x), the index is 0 */
} crn_argmax_attributes;

/* int64 index of the first largest element of the last axis, as numpy.argmax (a NaN wins). */
crn_value crn_argmax(crn_graph *graph, crn_value x);
/* table[index]: index int64 (rows, ...), table a constant (n, ...) of any type, strings too.
 * What a classifier does with classes_. Indices are inside by construction of the graph. */
crn_value crn_take(crn_graph *graph, crn_value table, crn_value index);

/* item (a constant) for every row of x, whatever x holds. */
crn_value crn_repeat(crn_graph *graph, crn_value x, crn_value item);

/* The sum of table[index] over the indices of a row: table a constant (n, width) float64, index
 * int64 (rows, k); gives (rows, width). */
crn_value crn_take_sum(crn_graph *graph, crn_value table, crn_value index);

/* The int64 place of each element in a sorted constant vector of the same kind (numbers as
 * float64 or int64, strings of any width): what LabelEncoder does. An element that is not there
 * fails the run with "y contains previously unseen labels: [...]". */
crn_value crn_lookup(crn_graph *graph, crn_value table, crn_value x);

typedef enum crn_softmax_kind {
    CRN_SOFTMAX,     /* exp(x - max) / sum */
    CRN_LOG_SOFTMAX, /* x - max - log(sum(exp(x - max))) */
    CRN_SPARSEMAX,   /* Keras's form of the projection on the simplex */
    CRN_NORMALIZE_L1 /* x / sum(x): one-vs-rest probabilities; a zero sum gives 1/n */
} crn_softmax_kind;

typedef struct crn_softmax_attributes {
    crn_softmax_kind kind;
    int32_t axis; /* of the item; stored non-negative */
} crn_softmax_attributes;

crn_value crn_softmax(crn_graph *graph, crn_value x, crn_softmax_kind kind, int32_t axis);

typedef enum crn_reduce_kind {
    CRN_REDUCE_SUM,
    CRN_REDUCE_MEAN,
    CRN_REDUCE_MAX,
    CRN_REDUCE_MIN,
    CRN_REDUCE_SQUARES, /* sum of squares */
    CRN_REDUCE_LOGSUMEXP
} crn_reduce_kind;

/* Over the last axis of the item: (rows, ..., n) -> (rows, ...). */
crn_value crn_reduce(crn_graph *graph, crn_value x, crn_reduce_kind kind);

/* The most frequent of `count` int64 class indices a row; ties go to the smallest, as
 * scipy.stats.mode. */
crn_value crn_vote(crn_graph *graph, const crn_value *votes, int count, int64_t classes);

/* (rows, classes): vote i of `count` int64 class indices (rows) adds weights[2 * i] to the class
 * that it names, and weights[2 * i + 1] to the others. */
crn_value crn_tally(crn_graph *graph, const crn_value *votes, int count, int64_t classes,
                    const double *weights);

/* x (rows, n) float64, weights (n) a constant: the weighted median of each row; staged: of its
 * first 1, 2 ... n numbers, (rows, n). */
crn_value crn_weighted_median(crn_graph *graph, crn_value x, crn_value weights, bool staged);

#endif
