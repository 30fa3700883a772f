/* SPDX-License-Identifier: BSD-3-Clause */
/* Normalisation of parts of an item by their own moments: layer, group, RMS and unit. For
 * predict() alone. */
#ifndef CRN_OPS_NORMALISE_H
#define CRN_OPS_NORMALISE_H

#include "ops/graph.h"

/* epsilon is added, or is the bound, in float32. */
typedef enum crn_normalise_kind {
    CRN_NORMALISE_MOMENTS,     /* (x - mean) / sqrt(variance + epsilon) */
    CRN_NORMALISE_SPREAD,      /* x / sqrt(variance + epsilon) */
    CRN_NORMALISE_RMS,         /* x / sqrt(mean of squares + epsilon) */
    CRN_NORMALISE_UNIT,        /* x / sqrt(sum of squares), at most x / epsilon */
    CRN_NORMALISE_UNIT_SQUARES /* x / sqrt(max(sum of squares, epsilon)) */
} crn_normalise_kind;

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
