/* SPDX-License-Identifier: BSD-3-Clause */
/* What logistic_loss.c and logistic_hessian.c share. */
#ifndef CRN_SOLVE_LOGISTIC_PARTS_H
#define CRN_SOLVE_LOGISTIC_PARTS_H

#include "solve/logistic_loss.h"

struct crn_logistic_loss {
    crn_logistic_problem problem;
    int64_t outputs; /* k below: 1 or n_classes */
    double weight_sum;
    int64_t block_rows; /* rows that stay in the cache between the two products */
    int64_t chunk_rows; /* rows of one task; a multiple of block_rows */
    int64_t chunks;
    double *rows;      /* (n_samples, k): predictions, then their derivatives */
    double *loss;      /* (n_samples,) */
    double *partial;   /* (chunks, n_features, k): what each chunk adds to a gradient */
    double *curvature; /* (n_samples, k): second derivatives when binary, else probabilities */
    double *tiles;     /* (threads, ...): scratch of the Hessian's tiles */
};

/* Changes rows [begin, end) of loss->rows in place. */
typedef void (*crn_logistic_rows_fn)(crn_logistic_loss *loss, int64_t begin, int64_t end);

/* rows = raw, or x W + b when raw is NULL; change(rows); out = x' rows (and the sums of the
 * columns as intercepts). out may be NULL. W, b and out as coefficients. */
void crn_logistic_pass(crn_logistic_loss *loss, const double *coef, const double *raw,
                       crn_logistic_rows_fn change, double *out);

/* out += l2_reg_strength * coef, but for the intercepts. */
void crn_logistic_add_penalty(const crn_logistic_loss *loss, const double *coef, double *out);

/* The softmax of row[0..k), in place. Returns the sum of exp(row - max); *max is the largest.
 */
double crn_logistic_softmax(double *row, int64_t k, double *max);

/* crn_objective's calls, defined beside the Hessian. */
void crn_logistic_prepare_product(void *loss, const double *coef, double *gradient);
void crn_logistic_hessian_product(void *loss, const double *s, double *product);

/* Doubles that a thread needs for its tile of the Hessian. */
int64_t crn_logistic_tile_size(void);

#endif
