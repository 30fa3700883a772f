/* SPDX-License-Identifier: BSD-3-Clause */
/* Predictions against expected ones. */
#ifndef CRN_CLI_COMPARE_H
#define CRN_CLI_COMPARE_H

#include "options.h"

/* How far one array is from another. */
typedef struct distance {
    bool same_shape;
    bool labels;        /* strings: they are equal, or they are not */
    int64_t elements;   /* compared */
    int64_t beyond;     /* differ by more than is allowed */
    int64_t worst;      /* element with the largest error in ulp, in C order; -1: all equal */
    double largest;     /* error there, absolute */
    double largest_ulp; /* the same in units in the last place of the expected value */
    double rtol, atol;  /* what was allowed */
} distance;

/* Compares as numpy.allclose(got, expected, rtol, atol, equal_nan=True) does; a unit in the
 * last place is float32's when either array is float32. The tolerances come from the options,
 * else from the type. */
distance compare_arrays(const options *o, const crn_array *got, const crn_array *expected);

/* True when nothing is beyond the tolerances. */
bool within(const distance *d);

#endif
