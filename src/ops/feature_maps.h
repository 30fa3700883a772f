/* SPDX-License-Identifier: BSD-3-Clause */
/* Explicit feature maps of sklearn/kernel_approximation.py (1.9) that are no matrix
 * products. */
#ifndef CRN_OPS_FEATURE_MAPS_H
#define CRN_OPS_FEATURE_MAPS_H

#include "ops/graph.h"

/* Most samples of the spectrum, so that a file cannot ask for rows without bound. */
enum { CRN_MAX_SAMPLE_STEPS = 1024 };

typedef struct crn_additive_chi2_attributes {
    int64_t steps; /* 1 to CRN_MAX_SAMPLE_STEPS */
    double interval;
} crn_additive_chi2_attributes;

/* AdditiveChi2Sampler: x (rows, n) float64, not negative, gives (rows, n (2 steps - 1)): the
 * samples of each feature's spectrum, one frequency after the other. */
crn_value crn_additive_chi2(crn_graph *graph, crn_value x, int64_t steps, double interval);

typedef struct crn_count_sketch_attributes {
    int64_t components;
} crn_count_sketch_attributes;

/* PolynomialCountSketch: x (rows, n) float64; indices int64 (degree, n), each in [0,
 * components); signs float64 (degree, n). Gives (rows, components): the circular convolution of
 * the `degree` count sketches of a row. */
crn_value crn_count_sketch(crn_graph *graph, crn_value x, crn_value indices, crn_value signs,
                           int64_t components);

#endif
