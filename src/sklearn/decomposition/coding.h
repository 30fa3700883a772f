/* SPDX-License-Identifier: BSD-3-Clause */
/* What the decompositions that solve a problem for each row share. */
#ifndef CRN_SKLEARN_CODING_H
#define CRN_SKLEARN_CODING_H

#include "base/random.h"
#include "sklearn/estimator.h"

/* Most rounds of a solver, so that a file cannot keep one busy without end. */
enum { CRN_MOST_ROUNDS = 10000000 };

/* max_iter (`name`) is in [0, CRN_MOST_ROUNDS]. */
crn_status crn_check_rounds(const char *name, int64_t max_iter, crn_error *err);

/* CRN_FORMAT unless all elements are finite. */
crn_status crn_check_finite(const crn_array *array, const char *name, crn_error *err);

/* The random numbers of a method that draws some: an int seeds them, and a RandomState is
 * taken where the file has it. With None scikit-learn draws others in each call; here they are
 * those of the seed 0. Errors: CRN_UNSUPPORTED. */
crn_status crn_stored_random_state(const crn_object *random_state, crn_random_state *out,
                                   crn_error *err);

#endif
