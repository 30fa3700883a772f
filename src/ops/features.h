/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that make features of features, column by column: what the transformers of
 * sklearn.preprocessing beyond scaling do. x is (rows, n) float64 in all of them. */
#ifndef CRN_OPS_FEATURES_H
#define CRN_OPS_FEATURES_H

#include "ops/graph.h"

/* Most columns that polynomial features may have. */
#define CRN_MOST_COLUMNS (1 << 22)

typedef struct crn_polynomial {
    int64_t min_degree, max_degree;
    bool interaction_only; /* no feature twice in a product */
    bool include_bias;     /* a column of ones first */
} crn_polynomial;

/* Columns for n features; `whole`: as if min_degree were 0. -1: more than CRN_MOST_COLUMNS. */
int64_t crn_polynomial_columns(const crn_polynomial *self, int64_t n, bool whole);
crn_value crn_polynomial_features(crn_graph *graph, crn_value x, const crn_polynomial *self);

typedef enum crn_power_kind {
    CRN_POWER_YEO_JOHNSON,
    CRN_POWER_BOX_COX, /* rows with a value <= 0 fail */
    CRN_POWER_YEO_JOHNSON_INVERSE,
    CRN_POWER_BOX_COX_INVERSE
} crn_power_kind;

/* lambdas: a constant (n). */
crn_value crn_power_transform(crn_graph *graph, crn_value x, crn_power_kind kind,
                              crn_value lambdas);

typedef struct crn_quantile_map {
    bool inverse;
    bool normal;     /* the other side is a normal distribution, not a uniform one */
    bool is_clipped; /* uniform values are cut near 0 and 1, too: scikit-learn 0.20 */
} crn_quantile_map;

/* Between the values of each feature and their quantiles: quantiles (q, n), q >= 1, references
 * (q), constants. A NaN stays one. */
crn_value crn_quantile_transform(crn_graph *graph, crn_value x, const crn_quantile_map *map,
                                 crn_value quantiles, crn_value references);

typedef struct crn_bins {
    bool one_hot; /* a column for each bin; else the bin's number, as float64 */
    bool inverse; /* from bins to the middles of their edges */
    bool nudged;  /* values just below an edge belong above it: scikit-learn before 1.1 */
} crn_bins;

/* edges: a constant of all features' edges one after the other, rising in each; starts: a
 * constant int64 (n + 1), where each feature's begin, at least 2 apart. */
crn_value crn_bin(crn_graph *graph, crn_value x, const crn_bins *bins, crn_value edges,
                  crn_value starts);

typedef enum crn_extrapolation {
    CRN_EXTRAPOLATE_ERROR,
    CRN_EXTRAPOLATE_CONSTANT,
    CRN_EXTRAPOLATE_LINEAR,
    CRN_EXTRAPOLATE_CONTINUE,
    CRN_EXTRAPOLATE_PERIODIC
} crn_extrapolation;

typedef struct crn_splines {
    int64_t degree;
    crn_extrapolation extrapolation;
    bool include_bias; /* else the last spline of each feature is left out */
} crn_splines;

/* The values of each feature's basis of B-splines; 0 at a NaN. knots: a constant (n, k), rising
 * in each row, at least 2 (degree + 1) of them. */
crn_value crn_spline_features(crn_graph *graph, crn_value x, const crn_splines *splines,
                              crn_value knots);

/* All patches (height, width) of the rows' images: x (rows, h, w) or (rows, h, w, channels),
 * gives (rows, patches, height, width[, channels]), from the top left, line by line. */
crn_value crn_image_patches(crn_graph *graph, crn_value x, int64_t height, int64_t width);

#endif
