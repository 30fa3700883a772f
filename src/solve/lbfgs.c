/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/lbfgs.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "solve/dcsrch.h"
#include "solve/lbfgs_memory.h"

int crn_lbfgs_status_number(const crn_lbfgs_result *result)
{
    switch (result->stop) {
    case CRN_LBFGS_GTOL:
    case CRN_LBFGS_FTOL:
        return 0;
    case CRN_LBFGS_MAX_ITER:
    case CRN_LBFGS_MAX_FUN:
        return 1;
    case CRN_LBFGS_ABNORMAL:
        break;
    }
    return 2;
}

const char *crn_lbfgs_stop_message(crn_lbfgs_stop stop)
{
    switch (stop) {
    case CRN_LBFGS_GTOL:
        return "CONVERGENCE: NORM OF PROJECTED GRADIENT <= PGTOL";
    case CRN_LBFGS_FTOL:
        return "CONVERGENCE: RELATIVE REDUCTION OF F <= FACTR*EPSMCH";
    case CRN_LBFGS_MAX_ITER:
        return "STOP: TOTAL NO. OF ITERATIONS REACHED LIMIT";
    case CRN_LBFGS_MAX_FUN:
        return "STOP: TOTAL NO. OF F,G EVALUATIONS EXCEEDS LIMIT";
    case CRN_LBFGS_ABNORMAL:
        break;
    }
    return "ABNORMAL: ";
}

/* Where the search stands. All vectors are (n,), in one allocation at `vectors`. */
typedef struct search {
    const crn_objective *objective;
    const crn_lbfgs_options *options;
    crn_lbfgs_result *result;
    crn_lbfgs_memory memory;
    int n;
    double *x; /* the caller's */
    double *vectors;
    double *gradient;
    double *target;       /* where the full step leads */
    double *direction;    /* target - x */
    double *old_x;        /* at the start of the line search ... */
    double *old_gradient; /* ... and then the change of the gradient */
    double old_value;
    double step;
    double slope, old_slope; /* along the direction, at the step and at 0 */
    double length_squared;   /* of the direction */
} search;

static crn_status search_create(search *s, crn_error *err)
{
    CRN_TRY(crn_lbfgs_memory_create(&s->memory, s->objective->n, s->options->memory, err));
    size_t n = (size_t)s->objective->n;
    s->n = (int)n;
    s->vectors = crn_calloc(5 * n, sizeof(double)); /* n < 2^31: no overflow */
    if (s->vectors == NULL)
        return crn_no_memory(err);
    s->gradient = s->vectors;
    s->target = s->vectors + n;
    s->direction = s->vectors + 2 * n;
    s->old_x = s->vectors + 3 * n;
    s->old_gradient = s->vectors + 4 * n;
    return CRN_OK;
}

static void search_free(search *s)
{
    crn_lbfgs_memory_free(&s->memory);
    free(s->vectors);
}

static void evaluate(search *s)
{
    const crn_objective *objective = s->objective;
    s->result->value = objective->value_gradient(objective->context, s->x, s->gradient);
    s->result->evaluations++;
}

static double largest_magnitude(const double *v, int n)
{
    double largest = 0.0;
    for (int i = 0; i < n; i++) {
        if (isnan(v[i]))
            return v[i];
        largest = fmax(largest, fabs(v[i]));
    }
    return largest;
}

static void copy(double *to, const double *from, int n)
{
    memcpy(to, from, (size_t)n * sizeof *to);
}

static void move_to_step(search *s)
{
    if (s->step == 1.0) { /* without the rounding of x + (target - x) */
        copy(s->x, s->target, s->n);
        return;
    }
    for (int i = 0; i < s->n; i++)
        s->x[i] = s->step * s->direction[i] + s->old_x[i];
}

/* From x along the direction to a step that is good enough. False, and back at the start, when
 * none was found. */
static bool line_search(search *s)
{
    const crn_dcsrch_limits limits = {
        .ftol = 1e-3, .gtol = 0.9, .xtol = 0.1, .step_min = 0.0, .step_max = 1e10};
    double length = cblas_dnrm2(s->n, s->direction, 1);
    s->length_squared = length * length;
    s->step = s->result->iterations == 0 ? fmin(1.0 / length, limits.step_max) : 1.0;
    copy(s->old_x, s->x, s->n);
    copy(s->old_gradient, s->gradient, s->n);
    s->old_value = s->result->value;
    s->old_slope = s->slope = cblas_ddot(s->n, s->gradient, 1, s->direction, 1);

    crn_dcsrch dcsrch;
    crn_dcsrch_task task =
        crn_dcsrch_start(&dcsrch, &limits, s->old_value, s->old_slope, s->step);
    for (int trial = 0; task == CRN_DCSRCH_EVALUATE; trial++) {
        if (trial == s->options->max_line_search || !isfinite(s->step)) {
            task = CRN_DCSRCH_ERROR;
            break;
        }
        move_to_step(s);
        evaluate(s);
        s->slope = cblas_ddot(s->n, s->gradient, 1, s->direction, 1);
        task = crn_dcsrch_next(&dcsrch, s->result->value, s->slope, &s->step);
    }
    if (task != CRN_DCSRCH_ERROR) /* a warning is as good as convergence here */
        return true;
    copy(s->x, s->old_x, s->n);
    copy(s->gradient, s->old_gradient, s->n);
    s->result->value = s->old_value;
    return false;
}

/* One iteration: a direction, a step along it. False when even the steepest descent leads
 * nowhere. */
static bool iterate(search *s)
{
    for (;;) {
        while (!crn_lbfgs_memory_target(&s->memory, s->x, s->gradient, s->target))
            crn_lbfgs_memory_reset(&s->memory);
        for (int i = 0; i < s->n; i++)
            s->direction[i] = s->target[i] - s->x[i];
        if (line_search(s))
            return true;
        if (s->memory.count == 0)
            return false;
        crn_lbfgs_memory_reset(&s->memory);
    }
}

/* Teaches the step just made to the memory, unless the curvature along it is not safely
 * positive. */
static void learn(search *s)
{
    for (int i = 0; i < s->n; i++)
        s->old_gradient[i] = s->gradient[i] - s->old_gradient[i];
    double norm = cblas_dnrm2(s->n, s->old_gradient, 1);
    double curvature = s->slope - s->old_slope, expected = -s->old_slope;
    double ss = s->length_squared;
    if (s->step != 1.0) {
        curvature *= s->step;
        expected *= s->step;
        ss *= s->step * s->step;
        cblas_dscal(s->n, s->step, s->direction, 1);
    }
    if (curvature <= DBL_EPSILON * expected)
        return;
    if (!crn_lbfgs_memory_update(&s->memory, s->direction, s->old_gradient, norm * norm,
                                 curvature, ss))
        crn_lbfgs_memory_reset(&s->memory);
}

/* The tests after an iteration, limits first, as scipy.optimize makes them. */
static bool is_over(search *s)
{
    crn_lbfgs_result *result = s->result;
    const crn_lbfgs_options *options = s->options;
    double scale = fmax(fmax(fabs(s->old_value), fabs(result->value)), 1.0);
    if (result->iterations >= options->max_iter)
        result->stop = CRN_LBFGS_MAX_ITER;
    else if (result->evaluations > options->max_fun)
        result->stop = CRN_LBFGS_MAX_FUN;
    else if (largest_magnitude(s->gradient, s->n) <= options->gtol)
        result->stop = CRN_LBFGS_GTOL;
    else if (s->old_value - result->value <= options->ftol * scale)
        result->stop = CRN_LBFGS_FTOL;
    else
        return false;
    return true;
}

static crn_status minimize(search *s, crn_error *err)
{
    crn_lbfgs_result *result = s->result;
    evaluate(s);
    if (largest_magnitude(s->gradient, s->n) <= s->options->gtol) {
        result->stop = CRN_LBFGS_GTOL;
        return CRN_OK;
    }
    for (;;) {
        if (!iterate(s)) {
            result->stop = CRN_LBFGS_ABNORMAL;
            return CRN_OK;
        }
        result->iterations++;
        if (!crn_monitor_goes_on(&s->options->monitor, result->iterations, result->value))
            return crn_fail(err, CRN_CANCELLED, "stopped by the caller at iteration %lld",
                            (long long)result->iterations);
        if (is_over(s))
            return CRN_OK;
        learn(s);
    }
}

crn_status crn_lbfgs(const crn_objective *objective, const crn_lbfgs_options *options,
                     double *x, double *gradient, crn_lbfgs_result *result, crn_error *err)
{
    *result = (crn_lbfgs_result){0};
    search s = {.objective = objective, .options = options, .result = result, .x = x};
    crn_status status = search_create(&s, err);
    if (status == CRN_OK)
        status = minimize(&s, err);
    if (gradient != NULL && s.vectors != NULL)
        copy(gradient, s.gradient, s.n);
    search_free(&s);
    return status;
}
