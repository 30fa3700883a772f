/* SPDX-License-Identifier: BSD-3-Clause */
/* Sparse matrices of pickles: what LinearClassifierMixin.sparsify() makes of coef_. */
#ifndef CRN_FORMAT_SCIPY_SPARSE_H
#define CRN_FORMAT_SCIPY_SPARSE_H

#include "format/object.h"

/* A csr or csc matrix or array of scipy.sparse. */
bool crn_object_is_sparse(const crn_object *object);

/* toarray(): a dense float64 (rows, columns). Errors: CRN_FORMAT (indices that lie outside,
 * lengths that do not agree), CRN_DTYPE (no real numbers), CRN_LIMIT (the dense matrix would be
 * far larger than what is stored), CRN_NO_MEMORY. */
crn_status crn_sparse_to_array(const crn_object *object, crn_array *out, crn_error *err);

/* diagonal() of a square matrix: float64 (rows), however large the whole would be. Errors: as
 * above. */
crn_status crn_sparse_diagonal(const crn_object *object, crn_array *out, crn_error *err);

#endif
