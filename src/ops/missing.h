/* SPDX-License-Identifier: BSD-3-Clause */
/* Missing values: where they are, and what stands in their place. In all of these `missing` is
 * a constant (1) of the type of x, float64 or cells, that says what a missing value is: NaN, or
 * the value itself. */
#ifndef CRN_OPS_MISSING_H
#define CRN_OPS_MISSING_H

#include "ops/graph.h"

/* bool (rows, k): whether x[columns[j]] is missing. known (n) int64, or CRN_NO_VALUE: a missing
 * value in a column that is 0 there fails the run, as MissingIndicator's error_on_new. */
crn_value crn_is_missing(crn_graph *graph, crn_value x, crn_value missing, crn_value columns,
                         crn_value known);

/* x (rows, n) with fill (n), of x's type, where x is missing. */
crn_value crn_fill_missing(crn_graph *graph, crn_value x, crn_value missing, crn_value fill);

typedef struct crn_impute_column_attributes {
    int64_t column;
    double low, high; /* y is clipped to them, as numpy.clip does */
} crn_impute_column_attributes;

/* x (rows, n) float64 with y (rows) in one column, in the rows in which mask (rows, n) is
 * set. */
crn_value crn_impute_column(crn_graph *graph, crn_value x, crn_value mask, crn_value y,
                            const crn_impute_column_attributes *attributes);

/* The inverse of filling with an indicator behind: (rows, n) float64 of which column i is
 * x[source[i]] (0 for -1), or `missing` where x[flag[i]] is not 0. source and flag are int64
 * (n); a flag of -1 is none. */
crn_value crn_restore_missing(crn_graph *graph, crn_value x, crn_value missing,
                              crn_value source, crn_value flag);

#endif
