/* SPDX-License-Identifier: BSD-3-Clause */
/* Which columns a ColumnTransformer hands to a transformer (sklearn/utils/_indexing.py,
 * _get_column_indices). */
#ifndef CRN_SKLEARN_COLUMN_SELECTION_H
#define CRN_SKLEARN_COLUMN_SELECTION_H

#include "sklearn/estimator.h"

typedef struct crn_column_selection {
    int64_t *at; /* [count], each in [0, features) */
    int64_t count;
    bool is_vector; /* one name or number alone: the transformer gets a vector, not a matrix */
} crn_column_selection;

/* A number, a name, a list or array of them or of bools, or a slice of numbers or names. Memory
 * is the arena's. `names` [features] may be NULL. CRN_UNSUPPORTED for a callable. */
crn_status crn_columns_select(const crn_object *columns, int64_t features,
                              const char *const *names, crn_arena *arena,
                              crn_column_selection *out, crn_error *err);

/* The list in the place of one that warns (_RemainderColsList of 1.5 and 1.6) or of pandas'
 * Index; else the object itself. */
const crn_object *crn_columns_plain(const crn_object *columns);

/* The largest number that the columns have, -1: none; for files that do not say how many
 * features there are. */
int64_t crn_columns_largest(const crn_object *columns);

#endif
