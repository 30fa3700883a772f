/* SPDX-License-Identifier: BSD-3-Clause */
/* Normalisation of parts of an item by their own moments: layer, group, RMS and unit. For
 * predict() alone. */
#ifndef CRN_OPS_NORMALISE_H
#define CRN_OPS_NORMALISE_H

#include "ops/graph.h"

/* The item, read as (outer, a, kept, b): a group is all of a and b. */
typedef struct crn_normalise_attributes {
    crn_normalise_kind kind;
    float epsilon;
    int64_t outer, a, kept, b;
} crn_normalise_attributes;

/* x float32; gamma and beta, float32 of a * b elements, or CRN_NO_VALUE. */
crn_value crn_normalise(crn_graph *graph, crn_value x, crn_value gamma, crn_value beta,
                        const crn_normalise_attributes *how);

#endif
