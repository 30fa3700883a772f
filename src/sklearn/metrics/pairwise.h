/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels of sklearn.metrics.pairwise by their names and parameters, for the estimators
 * that have a parameter `kernel`. */
#ifndef CRN_SKLEARN_METRICS_PAIRWISE_H
#define CRN_SKLEARN_METRICS_PAIRWISE_H

#include "format/object.h"
#include "ops/kernel_machine.h"

/* The kind of a kernel that `name` (a str) names; false with the graph's error when it names
 * none: "kernel=<callable> ...". "cosine" is linear here: crn_pairwise_kernel() normalises. */
bool crn_kernel_find(const crn_object *name, crn_kernel_kind *kind, crn_graph *graph);

/* Parameters as an estimator has them; NaN: None, the kernel's default. */
typedef struct crn_pairwise {
    const crn_object *kernel; /* a name; anything else is refused */
    double gamma, coef0, degree;
} crn_pairwise;

/* A number, or NaN for None. */
double crn_pairwise_number(const crn_object *value);

/* A matrix or a vector the other way round, borrowed: (n) gives (1, n). */
crn_array crn_array_turned(const crn_array *array);
/* A dense float64 copy as a constant. */
crn_value crn_constant_copy(crn_graph *graph, const crn_array *array);

/* The sums of pairwise_kernels(X, points, metric=kernel, ...) with weights (k, m): (rows, k); K
 * itself, (rows, m), where weights is NULL. points (m, features); a precomputed x is K. */
crn_value crn_pairwise_kernel(const crn_pairwise *self, crn_graph *graph, crn_value x,
                              const crn_array *points, const crn_array *weights);

/* K(x, x) of each row. */
crn_value crn_pairwise_diagonal(const crn_pairwise *self, crn_graph *graph, crn_value x);

#endif
