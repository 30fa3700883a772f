/* SPDX-License-Identifier: BSD-3-Clause */
/* A smooth function to minimise, as the solvers of this folder see it. */
#ifndef CRN_SOLVE_OBJECTIVE_H
#define CRN_SOLVE_OBJECTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct crn_objective {
    void *context;
    int64_t n; /* number of variables, at least 1 */

    /* f(x), and the gradient at x into gradient[0..n). */
    double (*value_gradient)(void *context, const double *x, double *gradient);

    /* Only for solvers that ask for second derivatives; NULL otherwise.
     * The gradient at x, remembering there what hessian_product() needs ... */
    void (*gradient_hessian)(void *context, const double *x, double *gradient);
    /* ... the Hessian of that x times s[0..n) into product[0..n). */
    void (*hessian_product)(void *context, const double *s, double *product);
} crn_objective;

/* Called after every iteration of a solver with its number (from 1) and the value reached.
 * False: stop with CRN_CANCELLED. A NULL call goes on. */
typedef struct crn_monitor {
    bool (*call)(void *context, int64_t iteration, double value);
    void *context;
} crn_monitor;

static inline bool crn_monitor_goes_on(const crn_monitor *monitor, int64_t iteration,
                                       double value)
{
    return monitor->call == NULL || monitor->call(monitor->context, iteration, value);
}

#endif
