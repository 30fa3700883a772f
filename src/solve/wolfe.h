/* SPDX-License-Identifier: BSD-3-Clause */
/* Line searches that end at the strong Wolfe conditions (c1 = 1e-4, c2 = 0.9), as
 * scipy.optimize. _linesearch (SciPy 1.17) has them: line_search_wolfe1 goes by MINPACK's
 * dcsrch, line_search_wolfe2 by Nocedal and Wright, "Numerical Optimization", algorithms 3.5
 * and 3.6. */
#ifndef CRN_SOLVE_WOLFE_H
#define CRN_SOLVE_WOLFE_H

#include "solve/objective.h"

/* The line x + step * direction. All arrays are (n,) and the caller's. */
typedef struct crn_line {
    const crn_objective *objective;
    const double *x, *direction;
    double value, slope; /* at step 0; slope < 0 */
    double old_value;    /* one iteration ago, to guess the first step; NAN: not known */
    double *point;       /* of the last evaluation */
    double *gradient;    /* at that point */
} crn_line;

typedef struct crn_line_point {
    double step, value, slope;
} crn_line_point;

/* Moves point and gradient to the step. */
crn_line_point crn_line_evaluate(crn_line *line, double step);

/* The step and the value there into *found. False: none found. */
bool crn_line_search_wolfe1(crn_line *line, crn_line_point *found);
bool crn_line_search_wolfe2(crn_line *line, crn_line_point *found);

#endif
