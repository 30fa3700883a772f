/* SPDX-License-Identifier: BSD-3-Clause */
/* Missing numbers from the rows that are nearest in the others. */
#ifndef CRN_OPS_KNN_IMPUTE_H
#define CRN_OPS_KNN_IMPUTE_H

#include "ops/graph.h"

typedef struct crn_knn_impute_attributes {
    double missing; /* what stands for a missing number in x; NaN for NaN */
    int64_t k;
    bool inverse;    /* neighbors are weighted by 1 / distance */
    bool keep_empty; /* features without any number in fit become 0; else they stay as given */
} crn_knn_impute_attributes;

/* x float64 (rows, features) with missing numbers replaced: samples float64 (n, features) with
 * NaN where theirs are missing; means (features) of the samples, NaN where all are missing. */
crn_value crn_knn_impute(crn_graph *graph, crn_value x, crn_value samples, crn_value means,
                         const crn_knn_impute_attributes *how);

#endif
