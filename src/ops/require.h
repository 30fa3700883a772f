/* SPDX-License-Identifier: BSD-3-Clause */
/* What rows must be for a method that cannot serve others: a check inside a graph. */
#ifndef CRN_OPS_REQUIRE_H
#define CRN_OPS_REQUIRE_H

#include "ops/graph.h"

typedef struct crn_require_attributes {
    double least;
    bool strict;      /* > least; else >= least */
    char message[88]; /* of the failure */
} crn_require_attributes;

/* x itself; an element that is not above `least` fails the run with `message`. NaN passes. */
crn_value crn_require(crn_graph *graph, crn_value x, double least, bool strict,
                      const char *message);

/* x (rows, ...) float64 itself; an infinity, and a NaN unless it is allowed, fails the run in
 * scikit-learn's words. */
crn_value crn_require_finite(crn_graph *graph, crn_value x, bool allows_nan);

/* check_non_negative of sklearn/utils/validation.py (1.9), for the X of that estimator. */
crn_value crn_require_non_negative(crn_graph *graph, crn_value x, const char *estimator);

#endif
