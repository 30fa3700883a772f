/* SPDX-License-Identifier: BSD-3-Clause */
/* The solvers behind the operation sparse_code. Each codes one row. */
#ifndef CRN_OPS_SPARSE_CODER_H
#define CRN_OPS_SPARSE_CODER_H

#include "ops/sparse_code.h"

/* One row's problem: x ~ code D. */
typedef struct crn_coding {
    const crn_sparse_code_attributes *attributes;
    int64_t n, k;       /* features, atoms */
    const double *gram; /* (k, k) D D.T */
    const double *cov;  /* (k) D x */
    double norm2;       /* x . x */
    double *code;       /* (k) out */
    double *scratch;
} crn_coding;

/* Doubles of scratch that the solvers want for k atoms, of which `most` can be active. */
size_t crn_omp_scratch(int64_t k, int64_t most);
size_t crn_lasso_descent_scratch(int64_t k);
size_t crn_lars_scratch(int64_t k, int64_t most);

void crn_omp_code(const crn_coding *coding);
void crn_lasso_descent_code(const crn_coding *coding);
void crn_lars_code(const crn_coding *coding);

/* For a lower triangular l whose rows are `stride` apart: b (n) = l^-1 b, and l^-T b. */
void crn_solve_lower(const double *l, int64_t stride, int64_t n, double *b);
void crn_solve_lower_transposed(const double *l, int64_t stride, int64_t n, double *b);

#endif
