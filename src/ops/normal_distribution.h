/* SPDX-License-Identifier: BSD-3-Clause */
/* The standard normal distribution: scipy.stats.norm's cdf and ppf. */
#ifndef CRN_OPS_NORMAL_DISTRIBUTION_H
#define CRN_OPS_NORMAL_DISTRIBUTION_H

/* The share below x. */
double crn_normal_cdf(double x);

/* The x that has the share p below it; -inf and inf at 0 and 1, NaN outside. */
double crn_normal_ppf(double p);

#endif
