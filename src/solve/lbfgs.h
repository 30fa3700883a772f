/* SPDX-License-Identifier: BSD-3-Clause */
/* L-BFGS: minimises a smooth function of many variables without bounds.
 *
 * Goes the path that scipy.optimize's L-BFGS-B (3.0, SciPy 1.17) takes when no variable is
 * bounded: the same first step, line search (Moré and Thuente with ftol 1e-3, gtol 0.9, xtol
 * 0.1), skipped updates, restarts and stopping tests, in the same order, so that scikit-learn's
 * n_iter_ is met. Sources: Byrd, Lu, Nocedal and Zhu, SIAM J. Sci. Comput. 16 (1995) 1190-1208;
 * Zhu, Byrd, Lu and Nocedal, Algorithm 778, ACM TOMS 23 (1997) 550-560. */
#ifndef CRN_SOLVE_LBFGS_H
#define CRN_SOLVE_LBFGS_H

#include "base/error.h"
#include "solve/objective.h"

typedef struct crn_lbfgs_options {
    double gtol;         /* stop when the largest |gradient| is at most this */
    double ftol;         /* ... or (f_k - f_k+1) / max(|f_k|, |f_k+1|, 1) is */
    int64_t max_iter;    /* at least 0; with 0 one iteration is made, as in SciPy */
    int64_t max_fun;     /* stop after the iteration that passed this number of evaluations */
    int max_line_search; /* evaluations in one line search */
    int memory;          /* pairs kept: "maxcor" */
    crn_monitor monitor;
} crn_lbfgs_options;

/* What sklearn.linear_model passes to the solver, SciPy's defaults for the rest. */
#define CRN_LBFGS_OPTIONS_INIT                                                                 \
    {                                                                                          \
        .gtol = 1e-4, .ftol = 64 * 0x1p-52, .max_iter = 100, .max_fun = 15000,                 \
        .max_line_search = 50, .memory = 10                                                    \
    }

typedef enum crn_lbfgs_stop {
    CRN_LBFGS_GTOL,     /* converged: gradient */
    CRN_LBFGS_FTOL,     /* converged: value */
    CRN_LBFGS_MAX_ITER, /* not converged */
    CRN_LBFGS_MAX_FUN,  /* not converged */
    CRN_LBFGS_ABNORMAL  /* the line search failed from the steepest descent direction */
} crn_lbfgs_stop;

typedef struct crn_lbfgs_result {
    double value;
    int64_t iterations;  /* nit */
    int64_t evaluations; /* nfev */
    crn_lbfgs_stop stop;
} crn_lbfgs_result;

static inline bool crn_lbfgs_converged(const crn_lbfgs_result *result)
{
    return result->stop == CRN_LBFGS_GTOL || result->stop == CRN_LBFGS_FTOL;
}

/* OptimizeResult.status: 0 converged, 1 a limit was reached, 2 abnormal. */
int crn_lbfgs_status_number(const crn_lbfgs_result *result);

/* OptimizeResult.message, which scikit-learn's ConvergenceWarning quotes. Never NULL. */
const char *crn_lbfgs_stop_message(crn_lbfgs_stop stop);

/* x[0..n): the start in, the minimum out (the last point reached on CRN_CANCELLED).
 * gradient[0..n): the gradient there, may be NULL. Errors: CRN_NO_MEMORY, CRN_LIMIT (2^31
 * variables), CRN_CANCELLED. A function that will not be minimised is no error: see
 * result->stop. */
crn_status crn_lbfgs(const crn_objective *objective, const crn_lbfgs_options *options,
                     double *x, double *gradient, crn_lbfgs_result *result, crn_error *err);

#endif
