/* SPDX-License-Identifier: BSD-3-Clause */
/* The line search of Moré and Thuente: finds a step that satisfies the strong Wolfe conditions
 *
 *     f(step) <= f(0) + ftol * step * f'(0)      and      |f'(step)| <= gtol * |f'(0)|
 *
 * "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20 (1994) 286-307; the
 * order of the tests is that of MINPACK-2's dcsrch, which both L-BFGS-B and
 * scipy.optimize._dcsrch use. The search does not call the function: the caller evaluates it
 * and comes back.
 *
 *     crn_dcsrch search;
 *     double step = 1.0;
 *     crn_dcsrch_task task = crn_dcsrch_start(&search, &limits, f0, slope0, step);
 *     while (task == CRN_DCSRCH_EVALUATE)
 *         task = crn_dcsrch_next(&search, f(step), slope(step), &step);    */
#ifndef CRN_SOLVE_DCSRCH_H
#define CRN_SOLVE_DCSRCH_H

#include <stdbool.h>

typedef enum crn_dcsrch_task {
    CRN_DCSRCH_EVALUATE,  /* evaluate at *step and call crn_dcsrch_next() */
    CRN_DCSRCH_CONVERGED, /* *step satisfies both conditions */
    CRN_DCSRCH_WARNING,   /* no better step within the limits: *step is the best one seen */
    CRN_DCSRCH_ERROR /* the first step is out of its limits, or the slope is not negative */
} crn_dcsrch_task;

typedef struct crn_dcsrch_limits {
    double ftol, gtol; /* the two tolerances above */
    double xtol;       /* relative width of the interval at which to give up */
    double step_min, step_max;
} crn_dcsrch_limits;

/* An end of the interval that holds a minimiser. */
typedef struct crn_dcsrch_point {
    double step, value, slope;
} crn_dcsrch_point;

typedef struct crn_dcsrch {
    crn_dcsrch_limits limits;
    crn_dcsrch_point origin; /* at step 0 */
    crn_dcsrch_point best;   /* the lowest value so far */
    crn_dcsrch_point other;  /* the other end */
    double slope_test;       /* ftol * f'(0) */
    double trial_min, trial_max;
    double width, width_before;
    bool bracketed; /* [best, other] holds a minimiser */
    bool second_stage;
} crn_dcsrch;

crn_dcsrch_task crn_dcsrch_start(crn_dcsrch *search, const crn_dcsrch_limits *limits,
                                 double value, double slope, double step);

/* value and slope: at *step, which becomes the next one to try. */
crn_dcsrch_task crn_dcsrch_next(crn_dcsrch *search, double value, double slope, double *step);

#endif
