/* SPDX-License-Identifier: BSD-3-Clause */
#include "solve/newton_cholesky.h"

#include <cblas.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "solve/lbfgs.h"
#include "solve/linear_system.h"

/* The multinomial loss does not change when all classes' coefficients of a feature move
 * together. What the penalty does not fix is fixed by keeping the last class at zero. */
typedef enum pinned {
    PINNED_NOTHING,
    PINNED_INTERCEPT, /* of the last class */
    PINNED_LAST_CLASS /* all its coefficients */
} pinned;

typedef struct newton {
    crn_logistic_loss *loss;
    const crn_newton_cholesky_options *options;
    crn_newton_cholesky_result *result;
    int n;             /* coefficients */
    int64_t classes;   /* columns of coef */
    int64_t raw_count; /* n_samples * classes */
    pinned pinned;
    double *coef;                                 /* (n_dof, classes): the caller's */
    double *vectors;                              /* one allocation for the rest */
    double *coef_old, *gradient, *step, *reduced; /* (n_dof, classes) */
    double *raw, *raw_step, *raw_trial;           /* (n_samples, classes) */
    double *hessian, *system;                     /* (n, n) */
    double slope;                                 /* gradient . step */
} newton;

static crn_status newton_create(newton *w, crn_error *err)
{
    const crn_logistic_problem *problem = crn_logistic_loss_problem(w->loss);
    int64_t size = crn_logistic_loss_size(w->loss);
    if (size > INT_MAX / 64)
        return crn_fail(err, CRN_LIMIT, "newton-cholesky: %lld coefficients are too many",
                        (long long)size);
    w->n = (int)size;
    w->classes = crn_logistic_loss_outputs(w->loss);
    w->raw_count = problem->n_samples * w->classes; /* the loss holds as many */
    if (w->classes > 1 && problem->l2_reg_strength == 0)
        w->pinned = PINNED_LAST_CLASS;
    else if (w->classes > 1 && problem->fit_intercept)
        w->pinned = PINNED_INTERCEPT;
    size_t n = (size_t)size, raw = (size_t)w->raw_count;
    w->vectors = crn_calloc(4 * n + 3 * raw + 2 * n * n, sizeof(double));
    if (w->vectors == NULL)
        return crn_no_memory(err);
    w->coef_old = w->vectors;
    w->gradient = w->coef_old + n;
    w->step = w->gradient + n;
    w->reduced = w->step + n;
    w->raw = w->reduced + n;
    w->raw_step = w->raw + raw;
    w->raw_trial = w->raw_step + raw;
    w->hessian = w->raw_trial + raw;
    w->system = w->hessian + n * n;
    return CRN_OK;
}

/* Whether coefficient i is one of those kept at zero. */
static bool is_pinned(const newton *w, int64_t i)
{
    if (w->pinned == PINNED_INTERCEPT)
        return i == w->n - 1;
    return w->pinned == PINNED_LAST_CLASS && i % w->classes == w->classes - 1;
}

/* Moves the classes of each pinned row of coef by the same amount: `to_zero` puts the last
 * class at zero, otherwise the mean. */
static void shift_classes(const newton *w, bool to_zero)
{
    if (w->pinned == PINNED_NOTHING)
        return;
    int64_t k = w->classes, rows = w->n / k;
    for (int64_t j = w->pinned == PINNED_INTERCEPT ? rows - 1 : 0; j < rows; j++) {
        double *row = w->coef + j * k, sum = 0.0;
        for (int64_t c = 0; c < k; c++)
            sum += row[c];
        double shift = to_zero ? row[k - 1] : sum / (double)k;
        for (int64_t c = 0; c < k; c++)
            row[c] -= shift;
    }
}

/* system, reduced = Hessian and -gradient without the pinned coefficients, which become zero in
 * both. Returns how many are left. */
static int64_t reduce(newton *w)
{
    int64_t n = w->n, kept = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!is_pinned(w, i)) {
            w->reduced[kept++] = -w->gradient[i];
            continue;
        }
        w->gradient[i] = 0.0;
        for (int64_t j = 0; j < n; j++)
            w->hessian[i * n + j] = w->hessian[j * n + i] = 0.0;
    }
    double *out = w->system;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n && !is_pinned(w, i); j++)
            if (!is_pinned(w, j))
                *out++ = w->hessian[i * n + j];
    return kept;
}

static crn_status find_step(newton *w, crn_error *err)
{
    bool regular;
    int64_t kept = reduce(w);
    CRN_TRY(crn_symmetric_solve(w->system, kept, w->reduced, &regular, err));
    if (!regular) {
        w->result->fallback = CRN_NEWTON_SINGULAR;
        return CRN_OK;
    }
    const double *next = w->reduced;
    for (int64_t i = 0; i < w->n; i++)
        w->step[i] = is_pinned(w, i) ? 0.0 : *next++;
    w->slope = cblas_ddot(w->n, w->gradient, 1, w->step, 1);
    if (w->slope > 0)
        w->result->fallback = CRN_NEWTON_ASCENT;
    return CRN_OK;
}

/* Halves the step until the value falls enough (Armijo, sigma = 2^-11), or, when it only
 * changes by rounding, until the gradient gets smaller. */
static void search_line(newton *w)
{
    enum { MOST_HALVINGS = 21 };
    const double sigma = 0x1p-11, tiny = 16 * DBL_EPSILON;
    crn_logistic_raw_prediction(w->loss, w->step, w->raw_step);
    memcpy(w->coef_old, w->coef, (size_t)w->n * sizeof *w->coef);
    double old_value = w->result->value, old_sum = cblas_dasum(w->n, w->gradient, 1), t = 1.0;
    for (int i = 0; i < MOST_HALVINGS; i++, t *= 0.5) {
        for (int j = 0; j < w->n; j++)
            w->coef[j] = w->coef_old[j] + t * w->step[j];
        for (int64_t j = 0; j < w->raw_count; j++)
            w->raw_trial[j] = w->raw[j] + t * w->raw_step[j];
        w->result->value =
            crn_logistic_value_gradient(w->loss, w->coef, w->raw_trial, w->gradient);
        double change = w->result->value - old_value;
        bool good =
            change <= t * sigma * w->slope || (fabs(change) <= fabs(old_value * tiny) &&
                                               cblas_dasum(w->n, w->gradient, 1) < old_sum);
        if (good) {
            double *trial = w->raw_trial;
            w->raw_trial = w->raw;
            w->raw = trial;
            return;
        }
    }
    w->result->fallback = CRN_NEWTON_LINE_SEARCH;
}

static bool has_converged(const newton *w)
{
    double largest = 0.0;
    for (int i = 0; i < w->n; i++)
        if (!(fabs(w->gradient[i]) <= largest)) /* a NaN stays */
            largest = fabs(w->gradient[i]);
    if (!(largest <= w->options->tol))
        return false;
    cblas_dsymv(CblasRowMajor, CblasUpper, w->n, 1.0, w->hessian, w->n, w->step, 1, 0.0,
                w->reduced, 1);
    double decrement = cblas_ddot(w->n, w->step, 1, w->reduced, 1);
    return 0.5 * decrement <= w->options->tol;
}

/* Finishes with L-BFGS, for as many iterations as are left. */
static crn_status fall_back(newton *w, crn_error *err)
{
    crn_objective objective = crn_logistic_loss_objective(w->loss);
    crn_lbfgs_options options = CRN_LBFGS_OPTIONS_INIT;
    options.gtol = w->options->tol;
    options.max_iter = w->options->max_iter - w->result->iterations - 1;
    options.monitor = w->options->monitor;
    crn_lbfgs_result *lbfgs = &w->result->lbfgs;
    w->result->fallback_iteration = w->result->iterations + 1;
    CRN_TRY(crn_lbfgs(&objective, &options, w->coef, NULL, lbfgs, err));
    w->result->value = lbfgs->value;
    w->result->converged = crn_lbfgs_converged(lbfgs);
    w->result->iterations +=
        lbfgs->iterations < options.max_iter ? lbfgs->iterations : options.max_iter;
    return CRN_OK;
}

static crn_status minimize(newton *w, crn_error *err)
{
    crn_newton_cholesky_result *result = w->result;
    crn_logistic_raw_prediction(w->loss, w->coef, w->raw);
    result->value = crn_logistic_value_gradient(w->loss, w->coef, w->raw, w->gradient);
    shift_classes(w, true);
    while (result->iterations < w->options->max_iter && !result->converged) {
        if (!crn_logistic_gradient_hessian(w->loss, w->coef, w->raw, w->gradient, w->hessian))
            result->fallback = CRN_NEWTON_FLAT;
        else
            CRN_TRY(find_step(w, err));
        if (result->fallback == CRN_NEWTON_NO_FALLBACK)
            search_line(w);
        if (result->fallback != CRN_NEWTON_NO_FALLBACK) {
            CRN_TRY(fall_back(w, err));
            break;
        }
        result->converged = has_converged(w);
        result->iterations++;
        if (!crn_monitor_goes_on(&w->options->monitor, result->iterations, result->value))
            return crn_fail(err, CRN_CANCELLED, "stopped by the caller at iteration %lld",
                            (long long)result->iterations);
    }
    shift_classes(w, false);
    return CRN_OK;
}

crn_status crn_newton_cholesky(crn_logistic_loss *loss,
                               const crn_newton_cholesky_options *options, double *coef,
                               crn_newton_cholesky_result *result, crn_error *err)
{
    *result = (crn_newton_cholesky_result){0};
    newton w = {.loss = loss, .options = options, .result = result, .coef = coef};
    crn_status status = newton_create(&w, err);
    if (status == CRN_OK)
        status = minimize(&w, err);
    free(w.vectors);
    return status;
}
