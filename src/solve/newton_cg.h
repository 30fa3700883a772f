/* SPDX-License-Identifier: BSD-3-Clause */
/* Newton's method with conjugate gradients for the step: the Hessian is only ever multiplied
 * with vectors. Follows sklearn.utils.optimize._newton_cg (1.9), its inner stopping rule and
 * its chain of line searches (wolfe1, a full step at the edge of rounding, wolfe2). */
#ifndef CRN_SOLVE_NEWTON_CG_H
#define CRN_SOLVE_NEWTON_CG_H

#include "base/error.h"
#include "solve/objective.h"

typedef struct crn_newton_cg_options {
    double tol;        /* stop when the largest |gradient| is at most this */
    int64_t max_iter;  /* Newton steps */
    int64_t max_inner; /* conjugate gradient steps for one of them */
    crn_monitor monitor;
} crn_newton_cg_options;

#define CRN_NEWTON_CG_OPTIONS_INIT                                                             \
    {                                                                                          \
        .tol = 1e-4, .max_iter = 100, .max_inner = 200                                         \
    }

typedef enum crn_newton_cg_stop {
    CRN_NEWTON_CG_TOL,        /* converged */
    CRN_NEWTON_CG_MAX_ITER,   /* "newton-cg failed to converge" */
    CRN_NEWTON_CG_LINE_SEARCH /* "Line Search failed" */
} crn_newton_cg_stop;

typedef struct crn_newton_cg_result {
    double value;
    int64_t iterations;
    crn_newton_cg_stop stop;
} crn_newton_cg_result;

/* x[0..n): the start in, the minimum out. The objective must have its second derivatives.
 * Errors: CRN_NO_MEMORY, CRN_LIMIT (2^31 variables), CRN_CANCELLED. */
crn_status crn_newton_cg(const crn_objective *objective, const crn_newton_cg_options *options,
                         double *x, crn_newton_cg_result *result, crn_error *err);

#endif
