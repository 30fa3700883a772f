/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows as sparse combinations of a dictionary's atoms: sparse_encode of
 * sklearn/decomposition/_dict_learning.py (1.9). */
#ifndef CRN_OPS_SPARSE_CODE_H
#define CRN_OPS_SPARSE_CODE_H

#include "ops/graph.h"

typedef enum crn_sparse_code_kind {
    CRN_CODE_THRESHOLD,  /* soft threshold of the correlations at alpha */
    CRN_CODE_OMP,        /* orthogonal matching pursuit of `nonzero` atoms */
    CRN_CODE_LASSO_CD,   /* the lasso by coordinate descent, penalty alpha */
    CRN_CODE_LASSO_LARS, /* the lasso by least angle regression, penalty alpha */
    CRN_CODE_LARS        /* least angle regression of `nonzero` steps */
} crn_sparse_code_kind;

typedef struct crn_sparse_code_attributes {
    crn_sparse_code_kind kind;
    bool positive;
    double alpha;
    double tol;      /* LASSO_CD: of the duality gap */
    int64_t nonzero; /* 1 to the number of atoms: OMP, LARS */
    int64_t max_iter;
} crn_sparse_code_attributes;

/* x (rows, n), dictionary (k, n), gram (k, k) its product with itself (CRN_NO_VALUE will do for
 * a threshold), all float64: codes (rows, k). The dictionary has to be finite. */
crn_value crn_sparse_code(crn_graph *graph, crn_value x, crn_value dictionary, crn_value gram,
                          const crn_sparse_code_attributes *attributes);

#endif
