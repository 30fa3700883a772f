/* SPDX-License-Identifier: BSD-3-Clause */
/* Inner loops over plain pointers and sizes. They cannot fail and know no threads. The sources
 * *.inc.c are compiled once per CPU level (levels.cmake) into one table each;
 * crn_kernels_best() picks the highest level that this CPU has. The plain C form of each kernel
 * is its specification. */
#ifndef CRN_KERNELS_KERNELS_H
#define CRN_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/convolution.h"
#include "kernels/product.h"
#include "kernels/tree.h"

/* Bytes of scratch for the affine kernels. */
enum { CRN_AFFINE_SCRATCH = CRN_PRODUCT_SCRATCH };

typedef struct crn_kernels {
    const char *level; /* "x86-64-v4" */
#define CRN_KERNEL(result, name, arguments) result(*name) arguments;
#include "kernels/kernels.def"
#undef CRN_KERNEL
} crn_kernels;

/* The table for this CPU, or for the lower level named by the environment variable CRN_ISA.
 * Always the same pointer; thread-safe. */
const crn_kernels *crn_kernels_best(void);
/* Table i of those this CPU can run, the best first; NULL past the end. For tests. */
const crn_kernels *crn_kernels_at(int i);

#endif
