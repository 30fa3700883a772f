/* SPDX-License-Identifier: BSD-3-Clause */
/* The general matrix product (kernels/product.h), for float32 and float64. */
#include "kernels/kernels.h"
#include "kernels/level.h"
#include "kernels/vector.h"

#define R       float
#define F(name) name##_f32
#include "kernels/product_panels.h"
#undef F
#undef R

#define R       double
#define F(name) name##_f64
#include "kernels/product_panels.h"
#undef F
#undef R

_Static_assert(SLICE_f32 *PANEL_f32 * sizeof(float) <= CRN_PRODUCT_SCRATCH &&
                   SLICE_f64 * PANEL_f64 * sizeof(double) <= CRN_PRODUCT_SCRATCH,
               "a packed panel fits the scratch");
