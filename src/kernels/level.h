/* SPDX-License-Identifier: BSD-3-Clause */
/* What every *.inc.c includes: names with the level's suffix (affine_f32 is crn_affine_f32_v3
 * at level v3) and the prototypes of all kernels at this level. */
#ifndef CRN_KERNELS_LEVEL_H
#define CRN_KERNELS_LEVEL_H

#include <stdint.h>

#include "kernels/convolution.h"
#include "kernels/product.h"
#include "kernels/tree.h"

#define CRN_PASTE_(name, level) crn_##name##_##level
#define CRN_PASTE(name, level)  CRN_PASTE_(name, level)
#define CRN_AT_LEVEL(name)      CRN_PASTE(name, CRN_LEVEL)

#define CRN_KERNEL(result, name, arguments) result CRN_AT_LEVEL(name) arguments;
#include "kernels/kernels.def"
#undef CRN_KERNEL

#endif
