/* SPDX-License-Identifier: BSD-3-Clause */
/* y = act(x W + b), the matrix product that most models are made of. */
#ifndef CRN_OPS_AFFINE_H
#define CRN_OPS_AFFINE_H

#include "ops/activation.h"
#include "ops/graph.h"

typedef struct crn_affine_attributes {
    bool transposed; /* W is stored (out, in), as scikit-learn's coef_ and components_ */
    crn_activation activation; /* CRN_LINEAR: none; fused after the product */
    /* Set by the plan, for constant W (in, out): */
    bool packed; /* W is as product_pack wrote it */
    bool finite; /* W has no NaN and no infinity */
} crn_affine_attributes;

/* x (rows, ..., in) float32 or float64; weights (in, out), or (out, in) when transposed, of the
 * same type; bias (out), or CRN_NO_VALUE. Gives (rows, ..., out). */
crn_value crn_affine(crn_graph *graph, crn_value x, crn_value weights, bool transposed,
                     crn_value bias);

#endif
