/* SPDX-License-Identifier: BSD-3-Clause */
/* Newton's method with the whole Hessian, for the logistic loss. Follows
 * sklearn.linear_model._glm. _newton_solver.NewtonCholeskySolver (1.9): a direct solve for the
 * step, backtracking, a redundant class pinned to zero where the penalty leaves it free, and
 * L-BFGS when the Hessian is of no use. */
#ifndef CRN_SOLVE_NEWTON_CHOLESKY_H
#define CRN_SOLVE_NEWTON_CHOLESKY_H

#include "base/error.h"
#include "solve/lbfgs.h"
#include "solve/logistic_loss.h"

typedef struct crn_newton_cholesky_options {
    double tol; /* bound on the largest |gradient| and on half the squared Newton decrement */
    int64_t max_iter;
    crn_monitor monitor;
} crn_newton_cholesky_options;

#define CRN_NEWTON_CHOLESKY_OPTIONS_INIT                                                       \
    {                                                                                          \
        .tol = 1e-4, .max_iter = 100                                                           \
    }

/* Why the solver fell back to L-BFGS. */
typedef enum crn_newton_fallback {
    CRN_NEWTON_NO_FALLBACK,
    CRN_NEWTON_FLAT,       /* a quarter of the weight has no curvature */
    CRN_NEWTON_SINGULAR,   /* "singular or very ill-conditioned Hessian matrix" */
    CRN_NEWTON_ASCENT,     /* the step does not lead down */
    CRN_NEWTON_LINE_SEARCH /* 21 halvings of the step did not help */
} crn_newton_fallback;

typedef struct crn_newton_cholesky_result {
    double value;
    int64_t iterations; /* n_iter_ */
    bool converged;
    crn_newton_fallback fallback;
    /* With a fallback: in which iteration (from 1), and how L-BFGS went from there. */
    int64_t fallback_iteration;
    crn_lbfgs_result lbfgs;
} crn_newton_cholesky_result;

/* coef (n_dof, n_outputs): the start in, the minimum out. The loss must be of second_order.
 * Errors: CRN_NO_MEMORY, CRN_LIMIT, CRN_CANCELLED. */
crn_status crn_newton_cholesky(crn_logistic_loss *loss,
                               const crn_newton_cholesky_options *options, double *coef,
                               crn_newton_cholesky_result *result, crn_error *err);

#endif
