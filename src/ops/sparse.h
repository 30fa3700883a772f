/* SPDX-License-Identifier: BSD-3-Clause */
/* Sparse values of a graph. A value whose type has `sparse` is (rows, n) numbers of which each
 * row holds only a few: its block of rows is a crn_sparse, which in[] and out[] of a call point
 * at in place of dense memory. crn_densify() and crn_sparsify() lead from one form to the
 * other; crn_graph_add() puts a densify before every operation without CRN_OP_TAKES_SPARSE, so
 * that only an operation that gains from it has to know. An operation makes a sparse output by
 * setting `sparse` in infer(), and an estimator has a sparse method by returning such a value:
 * the caller gets a CRN_CSR array. (crn_graph_input may be sparse as well.) */
#ifndef CRN_OPS_SPARSE_H
#define CRN_OPS_SPARSE_H

#include "ops/graph.h"

/* Row i has the entries [starts[i], starts[i + 1]). What an operation makes has rising columns
 * in each row, none twice; a caller's rows may have them in any order, and equal ones add
 * up. */
typedef struct crn_sparse {
    int64_t *starts;  /* [rows + 1]; of a caller's rows it need not begin with 0 */
    int32_t *indices; /* columns */
    void *values;     /* numbers of the value's dtype */
    int64_t capacity; /* entries there is room for */
} crn_sparse;

/* (rows, n), sparse. */
crn_type crn_type_sparse(crn_dtype dtype, int64_t n);

/* Makes room for `entries` entries in all, keeping those before. When memory is out the call's
 * failure is set, starts are all 0 (a block of empty rows), and the answer is false: the
 * operation then returns. */
bool crn_sparse_reserve(const crn_call *call, int k, int64_t entries);

/* Gives output k the pattern of input 0 (starts from 0, indices) and room for its values; false
 * as above. Nothing is done where the two are the same memory. */
bool crn_sparse_copy_pattern(const crn_call *call, int k);

/* Entries of a block. */
static inline int64_t crn_sparse_count(const crn_sparse *block, int64_t rows)
{
    return block->starts[rows] - block->starts[0];
}

/* The block's first value: its entries are those [0, crn_sparse_count()) from there on. */
static inline const void *crn_sparse_values(const crn_sparse *block, int64_t itemsize)
{
    return (const char *)block->values + block->starts[0] * itemsize;
}

static inline const int32_t *crn_sparse_indices(const crn_sparse *block)
{
    return block->indices + block->starts[0];
}

/* Grows a block by hand, outside of operations. */
crn_status crn_sparse_grow(crn_sparse *block, int64_t entries, size_t itemsize, crn_error *err);
void crn_sparse_free(crn_sparse *block);

/* All elements of a row as dense memory. */
void crn_sparse_row_to_dense(const crn_sparse *block, int64_t row, const crn_type *type,
                             void *out);
/* Appends the numbers of a dense row that are not 0 to the block, which has room for them;
 * `columns` is added to their places. Returns the new number of entries. */
int64_t crn_sparse_append_dense(crn_sparse *block, int64_t count, const void *row,
                                crn_dtype dtype, int64_t n, int64_t columns);

/* Dense; x itself when it is. */
crn_value crn_densify(crn_graph *graph, crn_value x);
/* x[:, index] of a sparse x; the index rises, and lies inside. */
crn_value crn_keep_columns(crn_graph *graph, crn_value x, const int64_t *index, int64_t count);
/* Sparse, of a vector of numbers; x itself when it is. */
crn_value crn_sparsify(crn_graph *graph, crn_value x);

#endif
