/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernel functions between rows and a constant set of points, and their weighted sums: what
 * support vector machines, kernel ridge, Gaussian processes, Nystroem and KernelPCA compute.
 * The names are those of sklearn.metrics.pairwise and sklearn.gaussian_process.kernels. */
#ifndef CRN_OPS_KERNEL_MACHINE_H
#define CRN_OPS_KERNEL_MACHINE_H

#include "ops/graph.h"

/* With s = x . y, d the Euclidean distance, a the sum of |x - y|, c that of (x - y)^2 / (x + y)
 */
typedef enum crn_kernel_kind {
    CRN_KERNEL_LINEAR,             /* s */
    CRN_KERNEL_POLYNOMIAL,         /* (gamma s + coef0) ^ degree */
    CRN_KERNEL_SIGMOID,            /* tanh(gamma s + coef0) */
    CRN_KERNEL_RBF,                /* exp(-gamma d^2) */
    CRN_KERNEL_LAPLACIAN,          /* exp(-gamma a) */
    CRN_KERNEL_CHI2,               /* exp(-gamma c); rows with a negative value fail */
    CRN_KERNEL_ADDITIVE_CHI2,      /* -c; likewise */
    CRN_KERNEL_MATERN,             /* of order nu = degree, for points scaled to length 1 */
    CRN_KERNEL_RATIONAL_QUADRATIC, /* (1 + gamma d^2) ^ -degree */
    CRN_KERNEL_EXP_SINE_SQUARED,   /* exp(-2 (sin(gamma d) / coef0)^2) */
    CRN_KERNEL_PRECOMPUTED         /* x[p]: a point is the number p of a column */
} crn_kernel_kind;

typedef struct crn_kernel {
    crn_kernel_kind kind;
    double gamma, coef0, degree;
} crn_kernel;

/* Attributes of the operation; made by the builders below. */
typedef struct crn_kernel_machine_attributes {
    crn_kernel kernel;
    int64_t block; /* of points, as they lie in the constants: see kernel_machine.c */
} crn_kernel_machine_attributes;

/* K (rows, m): the kernel of each row with each of m points. x (rows, n) float64; points: a
 * number array (m, n), or (m) columns when precomputed, which the caller has checked. */
crn_value crn_kernel_matrix(crn_graph *graph, crn_value x, const crn_kernel *kernel,
                            const crn_array *points);

/* The sums over the points of weights times kernel, without K in memory. weights (k, m)
 * float64, dense. starts [groups + 1], rising from 0 to m: the sums are taken apart for each
 * group of points; then (rows, groups, k). groups 0: over all points; then (rows, k). */
crn_value crn_kernel_sums(crn_graph *graph, crn_value x, const crn_kernel *kernel,
                          const crn_array *points, const crn_array *weights,
                          const int64_t *starts, int64_t groups);

/* K(x, x) (rows): the kernel of each row with itself. Not for PRECOMPUTED. */
crn_value crn_kernel_diagonal(crn_graph *graph, crn_value x, const crn_kernel *kernel);

/* The kernel's value for a sum of its kind (s, d^2, a or c), for n of them, in place. */
void crn_kernel_of_sums(const crn_kernel *kernel, int64_t n, double *sums,
                        const crn_kernels *kernels);

#endif
