/* SPDX-License-Identifier: BSD-3-Clause */
/* Groups of a row's items, each reduced to one number. */
#ifndef CRN_OPS_POOL_COLUMNS_H
#define CRN_OPS_POOL_COLUMNS_H

#include "ops/graph.h"

/* NumPy's functions. */
typedef enum crn_pooling {
    CRN_POOL_MEAN,
    CRN_POOL_MEDIAN,
    CRN_POOL_MAX,
    CRN_POOL_MIN,
    CRN_POOL_SUM,
    CRN_POOL_PROD,
    CRN_POOL_STD,
    CRN_POOL_VAR,
    CRN_POOL_PTP /* max - min */
} crn_pooling;

typedef struct crn_pool_columns_attributes {
    crn_pooling kind;
    int64_t groups;
} crn_pool_columns_attributes;

/* (rows, groups) from x float64 (rows, n) and labels int64 (n), each in [0, groups); every
 * group has an item. */
crn_value crn_pool_columns(crn_graph *graph, crn_value x, crn_value labels, crn_pooling kind,
                           int64_t groups);

#endif
