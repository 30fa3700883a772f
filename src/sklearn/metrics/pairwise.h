/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels of sklearn.metrics.pairwise by their names and parameters, for the estimators that
 * have a parameter `kernel`. */
#ifndef CRN_SKLEARN_METRICS_PAIRWISE_H
#define CRN_SKLEARN_METRICS_PAIRWISE_H

#include "format/object.h"
#include "ops/kernel_machine.h"

/* The kind of a kernel that `name` (a str) names; false with the graph's error when it names none:
 * "kernel=<callable> ...". "cosine" is linear here: crn_pairwise_kernel() normalises. */
bool crn_kernel_find(const crn_object *name, crn_kernel_kind *kind, crn_graph *graph);

/* Parameters as an estimator has them. */
typedef struct crn_pairwise {
    const crn_object *kernel;                 /* a name; anything else is refused */
    const crn_object *gamma, *coef0, *degree; /* a number; None or NULL: the kernel's default */
} crn_pairwise;

/* pairwise_kernels(X, points, metric=kernel, ...) and its sums with weights (k, m), which may be
 * NULL: then K itself. points (m, features), or of a precomputed kernel (m) columns of x. */
crn_value crn_pairwise_kernel(const crn_pairwise *self, crn_graph *graph, crn_value x,
                              const crn_array *points, const crn_array *weights);

/* K(x, x) of each row. */
crn_value crn_pairwise_diagonal(const crn_pairwise *self, crn_graph *graph, crn_value x);

#endif
