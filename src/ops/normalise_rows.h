/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows divided by their norm, as sklearn.preprocessing.normalize. */
#ifndef CRN_OPS_NORMALISE_ROWS_H
#define CRN_OPS_NORMALISE_ROWS_H

#include "ops/graph.h"

typedef enum crn_norm_kind {
    CRN_NORM_L2,
    CRN_NORM_L1,
    CRN_NORM_MAX,    /* of the absolute values */
    CRN_NORM_LARGEST /* the largest value: 'max' of scikit-learn before 0.23 */
} crn_norm_kind;

/* x (rows, ..., n) float64; the norm is that of the last axis. A norm below 10 eps counts as 1,
 * as _handle_zeros_in_scale has it; of sparse rows (float32, too), which stay sparse, only zero
 * does. */
crn_value crn_normalise_rows(crn_graph *graph, crn_value x, crn_norm_kind norm);

#endif
