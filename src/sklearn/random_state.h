/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameter random_state. */
#ifndef CRN_SKLEARN_RANDOM_STATE_H
#define CRN_SKLEARN_RANDOM_STATE_H

#include "base/random.h"
#include "sklearn/estimator.h"

/* sklearn.utils.check_random_state: an int seeds NumPy's RandomState; None takes the seed of
 * the options, or of the system. Errors: CRN_ARGUMENT (anything else). */
crn_status crn_random_state_of(const crn_object *random_state, const crn_fit_options *options,
                               crn_random_state *out, crn_error *err);

/* The random numbers of a method that draws some: an int seeds them, and a RandomState is
 * taken where the file has it. With None scikit-learn draws others in each call; here they are
 * those of the seed 0. Errors: CRN_UNSUPPORTED. */
crn_status crn_stored_random_state(const crn_object *random_state, crn_random_state *out,
                                   crn_error *err);

#endif
