/* SPDX-License-Identifier: BSD-3-Clause */
/* y = x W + b, for float32 and float64. */
#include "kernels/kernels.h"
#include "kernels/level.h"
#include "kernels/vector.h"

#define R       float
#define F(name) name##_f32
#include "kernels/affine_dots.h"
#undef F
#undef R

#define R       double
#define F(name) name##_f64
#include "kernels/affine_dots.h"
#undef F
#undef R
