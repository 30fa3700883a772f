/* SPDX-License-Identifier: BSD-3-Clause */
/* The logarithmic derivative of the gamma function. */
#ifndef CRN_SOLVE_DIGAMMA_H
#define CRN_SOLVE_DIGAMMA_H

/* scipy.special.digamma, to about 1e-15 of max(1, |result|); NaN at zero and the negative whole
 * numbers, where it has poles. */
double crn_digamma(double x);

#endif
