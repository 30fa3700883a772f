/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy's broadcasting of two operands on their item shapes (axes behind the rows); a constant
 * meets every row. Shared by the operations that compute on pairs of elements. */
#ifndef CRN_OPS_BROADCAST_H
#define CRN_OPS_BROADCAST_H

#include "ops/op.h"

/* The type that a and b give together, with a's dtype; CRN_SHAPE naming both when they do not
 * fit. */
crn_status crn_broadcast_infer(const char *op, const crn_type *a, const crn_type *b,
                               crn_type *out, crn_error *err);

/* n elements of the output from element out_at on; operand k begins at at[k] and goes on by
 * steps[k], 0 where it repeats. */
typedef void (*crn_broadcast_run)(const crn_call *call, int64_t n, const int64_t *at,
                                  const int64_t *steps, int64_t out_at);
/* All of a call's output, in the longest runs that the shapes allow. */
void crn_broadcast_pairs(const crn_call *call, crn_broadcast_run run);

#endif
