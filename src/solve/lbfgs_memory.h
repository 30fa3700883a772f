/* SPDX-License-Identifier: BSD-3-Clause */
/* The limited-memory BFGS matrix: the last m steps s and gradient changes y, and the
 * quasi-Newton direction that they give.
 *
 * Kept in the compact form of Byrd, Nocedal and Schnabel ("Representations of quasi-Newton
 * matrices and their use in limited memory methods", Math. Programming 63, 1994), because that
 * is what L-BFGS-B works with. The two-loop recursion gives the same direction but for
 * rounding, and the rounding decides how many iterations a badly scaled problem takes. */
#ifndef CRN_SOLVE_LBFGS_MEMORY_H
#define CRN_SOLVE_LBFGS_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

typedef struct crn_lbfgs_memory {
    int n;         /* variables */
    int m;         /* most pairs kept */
    int count;     /* pairs held */
    int head;      /* place of the oldest pair in s and y */
    double theta;  /* y'y / s'y of the newest pair: the matrix starts from theta * I */
    bool changed;  /* pairs were added since the factors were made */
    double *s, *y; /* (m, n), a ring */
    /* Inner products of the pairs, oldest first: element (i, j) at [i * m + j]. */
    double *sy, *ss, *yy; /* (m, m) */
    double *factors;      /* (2m, 2m), column-major: see factorize() */
    double *work;         /* (2m,) */
} crn_lbfgs_memory;

/* All pairs at once in one allocation, given back by crn_lbfgs_memory_free(). */
crn_status crn_lbfgs_memory_create(crn_lbfgs_memory *memory, int64_t n, int m, crn_error *err);
void crn_lbfgs_memory_free(crn_lbfgs_memory *memory);

/* Forgets all pairs: the next direction is the steepest descent. */
void crn_lbfgs_memory_reset(crn_lbfgs_memory *memory);

/* A new pair, of which the oldest may have to go. yy, sy, ss: its inner products y'y, s'y and
 * s's, which the line search knows. False when the matrix is no longer positive definite: reset
 * it. */
bool crn_lbfgs_memory_update(crn_lbfgs_memory *memory, const double *s, const double *y,
                             double yy, double sy, double ss);

/* target[0..n) = x - H gradient with the inverse H of the matrix. False as above. */
bool crn_lbfgs_memory_target(crn_lbfgs_memory *memory, const double *x, const double *gradient,
                             double *target);

#endif
