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

typedef struct crn_random_choice_attributes {
    bool uniform;
    crn_random_state random;
} crn_random_choice_attributes;

/* (rows, n) float64: for every row of x a one at one class of each target, zeros elsewhere. p: a
 * constant (n), the probabilities of all targets' classes; starts: a constant int64 (n_targets +
 * 1), rising, where each target's begin, ending in n. uniform: p does not count. */
crn_value crn_random_choice(crn_graph *graph, crn_value x, crn_value p, crn_value starts,
                            bool uniform, const crn_random_state *random);

/* x (rows, n) float64, each column divided by its norm; one of zeros stays. */
crn_value crn_unit_columns(crn_graph *graph, crn_value x);

#endif
