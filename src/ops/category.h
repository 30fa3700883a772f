/* SPDX-License-Identifier: BSD-3-Clause */
/* Categories of features, and back. All features' categories stand in one table: those of
 * feature i are its slots [starts[i], starts[i + 1]); behind all of them, slot total + i stands
 * for a value of feature i that is no category. */
#ifndef CRN_OPS_CATEGORY_H
#define CRN_OPS_CATEGORY_H

#include "ops/graph.h"

typedef struct crn_category_attributes {
    bool refuse_unknown; /* a value that is no category fails the run */
} crn_category_attributes;

/* The int64 slot of each value. x (rows, n): float64 or cells; keys (total), of the same type,
 * sorted within each feature as crn_cell_compare() has it (a NaN behind the numbers); slots
 * (total): the slot of each key; starts (n + 1). */
crn_value crn_category(crn_graph *graph, crn_value x, crn_value keys, crn_value slots,
                       crn_value starts, bool refuse_unknown);

typedef struct crn_one_hot_attributes {
    int64_t width;
    crn_dtype dtype;
    bool sparse;
} crn_one_hot_attributes;

/* Ones in the columns that slots (rows, n) stand for: columns (slots in all), -1: none. */
crn_value crn_one_hot(crn_graph *graph, crn_value slots, crn_value columns,
                      const crn_one_hot_attributes *attributes);

/* The int64 slot of each feature again, from x (rows, width) numbers: the column of the largest
 * of x[starts[i]] .. x[starts[i + 1] - 1] is slot starts[i] + k; where they add up to 0, or
 * there are none, it is zeros[i]; -1 fails the run then. */
crn_value crn_one_hot_inverse(crn_graph *graph, crn_value x, crn_value starts, crn_value zeros);

typedef struct crn_ordinal_inverse_attributes {
    bool has_unknown; /* `unknown` stands for no category: slot unknown_slot */
    double missing, unknown;
    int64_t unknown_slot;
} crn_ordinal_inverse_attributes;

/* The int64 slot of each code of x (rows, n) float64: starts[i] + code, where code may count
 * from the end as Python's indices do, or else fails the run. places (2 x n): the code that
 * `missing` stands for in each feature (-1: none), and the slot of the code that follows the
 * last (-1: none). */
crn_value crn_ordinal_inverse(crn_graph *graph, crn_value x, crn_value starts, crn_value places,
                              const crn_ordinal_inverse_attributes *attributes);

#endif
