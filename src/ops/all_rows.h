/* SPDX-License-Identifier: BSD-3-Clause */
/* Small operations whose rows depend on one another: they take all rows of a run at once. */
#ifndef CRN_OPS_ALL_ROWS_H
#define CRN_OPS_ALL_ROWS_H

#include "base/random.h"
#include "ops/graph.h"

typedef struct crn_flip_one_attributes {
    crn_random_state random;
} crn_flip_one_attributes;

/* x (rows, n) float64 with 1 - x in one place of each row: those that randint(0, n, rows) of the
 * random state gives. */
crn_value crn_flip_one(crn_graph *graph, crn_value x, const crn_random_state *random);

/* x (rows, n) float64, each column divided by its norm; one of zeros stays. */
crn_value crn_unit_columns(crn_graph *graph, crn_value x);

#endif
