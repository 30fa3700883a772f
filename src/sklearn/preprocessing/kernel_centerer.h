/* SPDX-License-Identifier: BSD-3-Clause */
/* Centering of a kernel matrix in feature space, for KernelCenterer and KernelPCA. */
#ifndef CRN_SKLEARN_PREPROCESSING_KERNEL_CENTERER_H
#define CRN_SKLEARN_PREPROCESSING_KERNEL_CENTERER_H

#include "sklearn/estimator.h"

/* The number of columns that a fitted KernelCenterer centres; -1 for any other model. */
int64_t crn_kernel_centerer_width(const crn_model *model);

#endif
