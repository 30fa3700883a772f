/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of the normal distribution's ziggurat; see random_ziggurat.c. */
#ifndef CRN_BASE_RANDOM_ZIGGURAT_H
#define CRN_BASE_RANDOM_ZIGGURAT_H

#include <stdint.h>

#define CRN_ZIGGURAT_R         3.6541528853610087963519472518 /* where the tail begins */
#define CRN_ZIGGURAT_INVERSE_R 0.27366123732975827203338247596

extern const double crn_ziggurat_widths[256];
extern const double crn_ziggurat_heights[256];
extern const uint64_t crn_ziggurat_inside[256];

#endif
