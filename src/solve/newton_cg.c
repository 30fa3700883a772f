/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/newton_cg.h"

#include <cblas.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "solve/wolfe.h"

/* Numbers this close count as equal: 16 * numpy.finfo(float).eps. */
static const double TINY = 16 * DBL_EPSILON;

/* All vectors are (n,), in one allocation at `vectors`. */
typedef struct newton {
    const crn_objective *objective;
    const crn_newton_cg_options *options;
    int n;
    double *vectors;
    double *gradient;
    double *direction;                   /* the Newton step */
    double *residual, *search, *product; /* of the conjugate gradients */
    double *point, *point_gradient;      /* of the line search */
} newton;

static crn_status newton_create(newton *w, crn_error *err)
{
    size_t n = (size_t)w->objective->n;
    if (w->objective->n < 1 || w->objective->n > INT_MAX)
        return crn_fail(err, CRN_LIMIT, "newton-cg takes 1 to %d variables", INT_MAX);
    w->n = (int)n;
    w->vectors = crn_calloc(7 * n, sizeof(double));
    if (w->vectors == NULL)
        return crn_no_memory(err);
    double **places[] = {&w->gradient, &w->direction, &w->residual,      &w->search,
                         &w->product,  &w->point,     &w->point_gradient};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        *places[i] = w->vectors + i * n;
    return CRN_OK;
}

static double sum_of_magnitudes(const double *v, int n)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += fabs(v[i]);
    return sum;
}

static double largest_magnitude(const double *v, int n)
{
    double largest = 0.0;
    for (int i = 0; i < n; i++)
        if (!(fabs(v[i]) <= largest)) /* a NaN stays */
            largest = fabs(v[i]);
    return largest;
}

/* direction = an approximate solution of Hessian * direction = -gradient, started from 0. Ends
 * early at directions without curvature (Royer, O'Neill and Wright, "A Newton-CG algorithm with
 * complexity guarantees", Math. Programming 180, 2020, algorithm 1). */
static void conjugate_gradients(newton *w, double tolerance)
{
    const crn_objective *objective = w->objective;
    int n = w->n;
    memset(w->direction, 0, (size_t)n * sizeof(double));
    memcpy(w->residual, w->gradient, (size_t)n * sizeof(double));
    for (int i = 0; i < n; i++)
        w->search[i] = -w->residual[i];
    double rr = cblas_ddot(n, w->residual, 1, w->residual, 1);
    double search_norm2 = rr;
    for (int64_t i = 0; i <= w->options->max_inner; i++) {
        if (sum_of_magnitudes(w->residual, n) <= tolerance)
            return;
        objective->hessian_product(objective->context, w->search, w->product);
        double curvature = cblas_ddot(n, w->search, 1, w->product, 1);
        if (curvature >= 0 && curvature <= TINY * search_norm2)
            return;
        if (curvature < 0) {
            if (i == 0) /* steepest descent */
                cblas_daxpy(n, rr / curvature, w->search, 1, w->direction, 1);
            return;
        }
        double alpha = rr / curvature;
        cblas_daxpy(n, alpha, w->search, 1, w->direction, 1);
        cblas_daxpy(n, alpha, w->product, 1, w->residual, 1);
        double rr_next = cblas_ddot(n, w->residual, 1, w->residual, 1);
        double beta = rr_next / rr;
        for (int j = 0; j < n; j++)
            w->search[j] = -w->residual[j] + beta * w->search[j];
        search_norm2 = rr_next + beta * beta * search_norm2;
        rr = rr_next;
    }
}

/* A full step that changes the value by rounding only is good when it makes the gradient
 * smaller. */
static bool accept_full_step(const newton *w, crn_line *line, crn_line_point *found)
{
    *found = crn_line_evaluate(line, 1.0);
    if (!(fabs(found->value - line->value) <= fabs(line->value * TINY)))
        return false;
    return sum_of_magnitudes(line->gradient, w->n) < sum_of_magnitudes(w->gradient, w->n);
}

static bool search_line(newton *w, const double *x, double value, double old_value,
                        crn_line_point *found)
{
    crn_line line = {
        .objective = w->objective,
        .x = x,
        .direction = w->direction,
        .value = value,
        .slope = cblas_ddot(w->n, w->gradient, 1, w->direction, 1),
        .old_value = old_value,
        .point = w->point,
        .gradient = w->point_gradient,
    };
    return crn_line_search_wolfe1(&line, found) || accept_full_step(w, &line, found) ||
           crn_line_search_wolfe2(&line, found);
}

static crn_status minimize(newton *w, double *x, crn_newton_cg_result *result, crn_error *err)
{
    const crn_objective *objective = w->objective;
    double old_value = NAN;
    result->value = objective->value_gradient(objective->context, x, w->gradient);
    while (result->iterations < w->options->max_iter) {
        objective->gradient_hessian(objective->context, x, w->gradient);
        if (largest_magnitude(w->gradient, w->n) <= w->options->tol) {
            result->stop = CRN_NEWTON_CG_TOL;
            return CRN_OK;
        }
        double magnitude = sum_of_magnitudes(w->gradient, w->n);
        conjugate_gradients(w, fmin(0.5, sqrt(magnitude)) * magnitude);
        crn_line_point found;
        if (!search_line(w, x, result->value, old_value, &found)) {
            result->stop = CRN_NEWTON_CG_LINE_SEARCH;
            return CRN_OK;
        }
        old_value = result->value;
        result->value = found.value;
        cblas_daxpy(w->n, found.step, w->direction, 1, x, 1);
        result->iterations++;
        if (!crn_monitor_goes_on(&w->options->monitor, result->iterations, result->value))
            return crn_fail(err, CRN_CANCELLED, "stopped by the caller at iteration %lld",
                            (long long)result->iterations);
    }
    result->stop = CRN_NEWTON_CG_MAX_ITER;
    return CRN_OK;
}

crn_status crn_newton_cg(const crn_objective *objective, const crn_newton_cg_options *options,
                         double *x, crn_newton_cg_result *result, crn_error *err)
{
    *result = (crn_newton_cg_result){0};
    newton w = {.objective = objective, .options = options};
    crn_status status = newton_create(&w, err);
    if (status == CRN_OK)
        status = minimize(&w, x, result, err);
    free(w.vectors);
    return status;
}
