/* SPDX-License-Identifier: BSD-3-Clause */
/* The solvers of LogisticRegression, as sklearn/linear_model/_logistic.py (1.9) calls them:
 * lbfgs, newton-cg and newton-cholesky, all on the true multinomial loss. */
#include <string.h>
#include <time.h>

#include "sklearn/linear_model/logistic_regression_fit.h"

/* What the caller's progress hears. */
typedef struct listener {
    const logistic_fit *fit;
    double began;
} listener;

static double now(void)
{
    struct timespec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* crn_monitor.call: an iteration stands where Keras has an epoch. */
static bool report(void *context, int64_t iteration, double value)
{
    static const char *const names[] = {"loss"};
    const listener *self = context;
    const crn_fit_options *options = self->fit->data->options;
    if (options->progress == NULL)
        return true;
    const crn_progress progress = {.epoch = (int)iteration,
                                   .epochs = (int)self->fit->model->max_iter,
                                   .count = 1,
                                   .names = names,
                                   .values = &value,
                                   .epoch_end = true,
                                   .seconds = now() - self->began};
    return options->progress(options->progress_context, &progress);
}

static crn_status solve_lbfgs(logistic_fit *fit, crn_logistic_loss *loss, crn_monitor monitor,
                              crn_error *err)
{
    const int64_t max_iter = fit->model->max_iter;
    crn_lbfgs_options options = CRN_LBFGS_OPTIONS_INIT;
    options.gtol = fit->model->tol;
    options.max_iter = max_iter;
    options.monitor = monitor;
    const crn_objective objective = crn_logistic_loss_objective(loss);
    crn_lbfgs_result result;
    CRN_TRY(crn_lbfgs(&objective, &options, fit->coef, NULL, &result, err));
    fit->iterations = result.iterations < max_iter ? result.iterations : max_iter;
    crn_logistic_warn_of_lbfgs(fit->data, &result, max_iter);
    return CRN_OK;
}

static crn_status solve_newton_cg(logistic_fit *fit, crn_logistic_loss *loss,
                                  crn_monitor monitor, crn_error *err)
{
    crn_newton_cg_options options = CRN_NEWTON_CG_OPTIONS_INIT;
    options.tol = fit->model->tol;
    options.max_iter = fit->model->max_iter;
    options.monitor = monitor;
    const crn_objective objective = crn_logistic_loss_objective(loss);
    crn_newton_cg_result result;
    CRN_TRY(crn_newton_cg(&objective, &options, fit->coef, &result, err));
    fit->iterations = result.iterations;
    crn_logistic_warn_of_newton_cg(fit->data, &result);
    return CRN_OK;
}

static crn_status solve_newton_cholesky(logistic_fit *fit, crn_logistic_loss *loss,
                                        crn_monitor monitor, crn_error *err)
{
    crn_newton_cholesky_options options = CRN_NEWTON_CHOLESKY_OPTIONS_INIT;
    options.tol = fit->model->tol;
    options.max_iter = fit->model->max_iter;
    options.monitor = monitor;
    crn_newton_cholesky_result result;
    CRN_TRY(crn_newton_cholesky(loss, &options, fit->coef, &result, err));
    fit->iterations = result.iterations;
    crn_logistic_warn_of_newton_cholesky(fit->data, &result, fit->model->max_iter);
    return CRN_OK;
}

crn_status crn_logistic_solve(logistic_fit *fit, crn_logistic_loss *loss, crn_error *err)
{
    listener caller = {.fit = fit, .began = now()};
    const crn_monitor monitor = {.call = report, .context = &caller};
    if (strcmp(fit->model->solver, "lbfgs") == 0)
        return solve_lbfgs(fit, loss, monitor, err);
    if (strcmp(fit->model->solver, "newton-cg") == 0)
        return solve_newton_cg(fit, loss, monitor, err);
    return solve_newton_cholesky(fit, loss, monitor, err);
}
