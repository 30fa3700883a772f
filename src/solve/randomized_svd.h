/* SPDX-License-Identifier: BSD-3-Clause */
/* The largest singular values and vectors, from a random sample of the matrix's range:
 * algorithms 4.3 and 4.4 of Halko, Martinsson and Tropp, "Finding structure with randomness",
 * SIAM Review 53 (2011), as sklearn.utils.extmath.randomized_svd (1.9) runs them. */
#ifndef CRN_SOLVE_RANDOMIZED_SVD_H
#define CRN_SOLVE_RANDOMIZED_SVD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"

/* power_iteration_normalizer */
typedef enum crn_normalizer {
    CRN_NORMALIZER_AUTO, /* none up to 2 iterations, then LU */
    CRN_NORMALIZER_QR,
    CRN_NORMALIZER_LU,
    CRN_NORMALIZER_NONE
} crn_normalizer;

typedef struct crn_randomized_svd_options {
    int64_t n_components; /* 1 .. min(rows, columns) */
    int64_t n_oversamples;
    int64_t n_iter; /* power iterations; -1: "auto" */
    crn_normalizer normalizer;
    bool flip_sign; /* by u */
} crn_randomized_svd_options;

#define CRN_RANDOMIZED_SVD_OPTIONS_INIT                                                        \
    {                                                                                          \
        .n_oversamples = 10, .n_iter = -1, .flip_sign = true                                   \
    }

/* x: (rows, columns). u: (rows, n_components) or NULL; s: (n_components,); vt: (n_components,
 * columns). Draws from `random` what scikit-learn draws. Errors: CRN_ARGUMENT, CRN_NO_MEMORY,
 * CRN_LIMIT. */
crn_status crn_randomized_svd(const double *x, int64_t rows, int64_t columns,
                              const crn_randomized_svd_options *options,
                              crn_random_state *random, double *u, double *s, double *vt,
                              crn_error *err);

#endif
