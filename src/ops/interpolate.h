/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear interpolation of single numbers between given points. */
#ifndef CRN_OPS_INTERPOLATE_H
#define CRN_OPS_INTERPOLATE_H

#include "ops/graph.h"

/* What becomes of numbers outside the points. */
typedef enum crn_interpolate_outside {
    CRN_INTERPOLATE_NAN,  /* NaN */
    CRN_INTERPOLATE_EDGE, /* the first or the last y */
    CRN_INTERPOLATE_FAIL  /* the run fails, as scipy.interpolate.interp1d */
} crn_interpolate_outside;

/* Each element of x (any shape) between the points (xp, yp): float64 constant vectors of the
 * same length, xp finite and not falling, as numpy.interp computes it. One point alone gives
 * its y everywhere. NaN stays NaN. */
crn_value crn_interpolate(crn_graph *graph, crn_value x, crn_value xp, crn_value yp,
                          crn_interpolate_outside outside);

#endif
