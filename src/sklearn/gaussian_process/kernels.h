/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels of sklearn.gaussian_process.kernels: read as models without methods of their own,
 * they lower to kernel matrices and diagonals. */
#ifndef CRN_SKLEARN_GAUSSIAN_PROCESS_KERNELS_H
#define CRN_SKLEARN_GAUSSIAN_PROCESS_KERNELS_H

#include "sklearn/estimator.h"

/* kernel(X, points): (rows, m). x (rows, features); points (m, features), numbers. CRN_NO_VALUE
 * with the graph's error: a kernel of the user's own, length scales that do not fit the
 * features. */
crn_value crn_gp_kernel_matrix(const crn_model *kernel, crn_graph *graph, crn_value x,
                               const crn_array *points);

/* kernel.diag(X): (rows). */
crn_value crn_gp_kernel_diagonal(const crn_model *kernel, crn_graph *graph, crn_value x);

#endif
