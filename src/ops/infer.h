/* SPDX-License-Identifier: BSD-3-Clause */
/* What the operations' infer() functions have in common: counting inputs, checking types, and
 * reading an item as (outer, last axis). */
#ifndef CRN_OPS_INFER_H
#define CRN_OPS_INFER_H

#include "ops/op.h"

/* CRN_ARGUMENT unless least <= n_in <= most. */
crn_status crn_infer_count(const char *op, int n_in, int least, int most, crn_error *err);
/* CRN_ARGUMENT when the input is absent. */
crn_status crn_infer_present(const char *op, const crn_type *type, crn_error *err);
/* CRN_DTYPE unless the type is float32 or float64. */
crn_status crn_infer_float(const char *op, const crn_type *type, crn_error *err);
/* CRN_SHAPE naming both types: "affine: float64 (rows, 5) does not fit float64 (4, 3)". */
crn_status crn_infer_misfit(const char *op, const crn_type *a, const crn_type *b,
                            crn_error *err);

/* Length of the item's last axis; 1 for a scalar. */
int64_t crn_type_last(const crn_type *type);
/* Product of the axes before the last. */
int64_t crn_type_outer(const crn_type *type);
/* Elements of a value for `rows` rows; the item alone for a constant. */
int64_t crn_type_count(const crn_type *type, int64_t rows);

#endif
