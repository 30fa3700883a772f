/* SPDX-License-Identifier: BSD-3-Clause */
/* What normalise_f32 takes out of a group of n numbers x. epsilon is added, or is the bound, in
 * float32. */
#ifndef CRN_KERNELS_NORMALISE_H
#define CRN_KERNELS_NORMALISE_H

typedef enum crn_normalise_kind {
    CRN_NORMALISE_MOMENTS,     /* (x - mean) / sqrt(variance + epsilon) */
    CRN_NORMALISE_SPREAD,      /* x / sqrt(variance + epsilon) */
    CRN_NORMALISE_RMS,         /* x / sqrt(mean of squares + epsilon) */
    CRN_NORMALISE_UNIT,        /* x / sqrt(sum of squares), at most x / epsilon */
    CRN_NORMALISE_UNIT_SQUARES /* x / sqrt(max(sum of squares, epsilon)) */
} crn_normalise_kind;

#endif
