/* SPDX-License-Identifier: BSD-3-Clause */
/* What Gaussian processes need beyond kernels: the variance that the training set explains, and
 * the probability of a class. */
#ifndef CRN_OPS_GAUSSIAN_PROCESS_H
#define CRN_OPS_GAUSSIAN_PROCESS_H

#include "ops/graph.h"

/* v of lower v = x for each row: x (rows, n) float64, lower a constant (n, n) of which the
 * lower triangle counts. */
crn_value crn_solve_triangular(crn_graph *graph, crn_value x, crn_value lower);

/* The probability of the positive class, (rows), from the mean and the variance (rows) of the
 * latent function: the integral of a Gaussian times the logistic sigmoid, with the sigmoid as a
 * sum of five error functions (C. Williams and D. Barber, "Bayesian classification with
 * Gaussian processes", IEEE PAMI 20, 1998). */
crn_value crn_laplace_probability(crn_graph *graph, crn_value mean, crn_value variance);

#endif
