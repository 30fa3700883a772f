/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows that are one cell each, lists or dicts, as rows of numbers. In both, keys (n) are cells
 * that crn_cell_compare() has sorted, and columns (n) int64 says where each key's column is. */
#ifndef CRN_OPS_RECORDS_H
#define CRN_OPS_RECORDS_H

#include "ops/graph.h"

/* int64 (rows, n): 1 where the row's list has the key. What is no key is ignored. */
crn_value crn_multi_hot(crn_graph *graph, crn_value x, crn_value keys, crn_value columns);

typedef struct crn_dict_features_attributes {
    const char *separator; /* must outlive the plan: crn_dict_features() sees to that */
    size_t separator_size;
} crn_dict_features_attributes;

/* float64 (rows, n): of each entry of the row's dict the number in the column of its key, or,
 * where the value is a text, 1 in the column of key + separator + value, and so for each text
 * of a list. What is no key is ignored; a value of any other kind fails the run. */
crn_value crn_dict_features(crn_graph *graph, crn_value x, crn_value keys, crn_value columns,
                            const char *separator, size_t separator_size);

#endif
