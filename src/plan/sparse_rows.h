/* SPDX-License-Identifier: BSD-3-Clause */
/* The sparse values of one thread while a plan runs: a growing block for each, the caller's
 * rows of sparse inputs, and the rows of sparse outputs until all threads are done. What has
 * grown stays, so that a run that is used again allocates only its outputs. */
#ifndef CRN_PLAN_SPARSE_ROWS_H
#define CRN_PLAN_SPARSE_ROWS_H

#include "base/csr.h"
#include "ops/sparse.h"
#include "plan/steps.h"

/* Rows of a sparse output that follow each other. */
typedef struct crn_kept_piece {
    int64_t begin, end; /* rows of the whole run */
    int64_t row;        /* the same in `rows` */
} crn_kept_piece;

/* What one thread has of a sparse output. */
typedef struct crn_kept_rows {
    crn_sparse rows;
    int64_t row_count;
    size_t row_capacity;
    crn_kept_piece *pieces;
    size_t piece_count, piece_capacity;
} crn_kept_rows;

typedef struct crn_sparse_rows {
    crn_sparse *blocks;  /* [plan->sparse_count] */
    crn_sparse *inputs;  /* [input_count] rows that were converted */
    crn_sparse *views;   /* [input_count] rows of the caller's own matrix */
    crn_kept_rows *kept; /* [output_count] */
} crn_sparse_rows;

crn_status crn_sparse_rows_create(const crn_plan *plan, crn_sparse_rows *sparse);
void crn_sparse_rows_free(const crn_plan *plan, crn_sparse_rows *sparse);

/* Rows [begin, end) of the caller's array, which has been checked, for sparse input i: in place
 * where the array is sparse and of the right dtype, else converted. Out of memory sets the
 * failure and gives empty rows. */
const crn_sparse *crn_sparse_rows_input(const crn_plan *plan, crn_sparse_rows *sparse, size_t i,
                                        const crn_array *array, int64_t begin, int64_t end,
                                        crn_error *failure);

/* Keeps a block as rows [begin, end) of output i. */
void crn_sparse_rows_keep(const crn_plan *plan, crn_sparse_rows *sparse, size_t i,
                          const crn_sparse *block, int64_t begin, int64_t end,
                          crn_error *failure);
/* Drops what was kept for all outputs. */
void crn_sparse_rows_forget(const crn_plan *plan, crn_sparse_rows *sparse);
/* The rows of output i that `threads` threads have kept, as a matrix of its own. */
crn_status crn_sparse_rows_gather(const crn_plan *plan, const crn_sparse_rows *sparse,
                                  int threads, size_t i, int64_t rows, crn_array *out,
                                  crn_error *err);

#endif
