/* SPDX-License-Identifier: BSD-3-Clause */
/* The Matern covariance and the Bessel function that it is made of. */
#ifndef CRN_OPS_MATERN_H
#define CRN_OPS_MATERN_H

#include <stdint.h>

#include "kernels/kernels.h"

/* The largest order that is computed; the limit, infinity, is the Gaussian. */
#define CRN_MATERN_MOST 1000.0

/* Matern covariance of order nu (> 0, at most CRN_MATERN_MOST, or infinity) for length scale 1,
 * of n squared distances, in place. */
void crn_matern_of_squares(double nu, int64_t n, double *squares, const crn_kernels *kernels);

/* The modified Bessel function of the second kind K_nu(x), for 0 <= nu <= CRN_MATERN_MOST and
 * x > 0: scipy.special.kv. */
double crn_bessel_k(double nu, double x);

#endif
