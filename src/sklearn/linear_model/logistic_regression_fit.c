/* SPDX-License-Identifier: BSD-3-Clause */
/* LogisticRegression.fit, as sklearn/linear_model/_logistic.py (1.9): lbfgs, newton-cg and newton-cholesky on the
 * true multinomial loss. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sklearn/class_weight.h"
#include "sklearn/linear_model/logistic_regression.h"
#include "solve/lbfgs.h"
#include "solve/newton_cg.h"
#include "solve/newton_cholesky.h"

/* One fit under way. */
typedef struct fitting {
    logistic_regression *model;
    const crn_fit_data *data;
    double penalty_C;     /* infinity: no penalty */
    int32_t *codes;       /* (rows): index of each row's class */
    double *weight;       /* (rows), with class_weight in; NULL: all one */
    double *coef;         /* (n_dof, n_outputs), n_dof: features, then the intercept */
    int64_t n_dof, n_outputs;
    int64_t iterations;
} fitting;

static void warn(const crn_fit_data *data, const char *message)
{
    if (data->options->warning != NULL)
        data->options->warning(data->options->warning_context, message);
}

/* ---- what may be asked ------------------------------------------------------------------------------------- */

static crn_status check_solver(const logistic_regression *self, crn_error *err)
{
    static const char *const ours[] = {"lbfgs", "newton-cg", "newton-cholesky"};
    double l1_ratio = 0.0;
    crn_object_as_double(self->l1_ratio, &l1_ratio);
    const bool is_deprecated = crn_object_is_str(self->penalty, "deprecated");
    const char *penalty = crn_object_text(self->penalty);
    if (is_deprecated)
        penalty = l1_ratio == 0.0 ? "l2" : l1_ratio == 1.0 ? "l1" : "elasticnet";
    bool known = false;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        known |= strcmp(self->solver, ours[i]) == 0;
    if (!known)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "LogisticRegression is not fitted with solver='%s' here; use 'lbfgs', "
                        "'newton-cg' or 'newton-cholesky'",
                        self->solver);
    if (penalty != NULL && strcmp(penalty, "l2") != 0)
        return crn_fail(err, CRN_ARGUMENT,
                        "Solver %s supports only 'l2' or None penalties, got %s penalty.",
                        self->solver, penalty);
    if (self->dual)
        return crn_fail(err, CRN_ARGUMENT, "Solver %s supports only dual=False, got dual=True",
                        self->solver);
    return CRN_OK;
}

static double effective_C(const logistic_regression *self, const crn_fit_data *data)
{
    if (!crn_object_is_none(self->penalty))
        return self->C;
    if (self->C != 1.0)
        warn(data, "Setting penalty=None will ignore the C and l1_ratio parameters");
    return INFINITY;
}

/* ---- classes and weights ------------------------------------------------------------------------------------ */

static crn_status encode_classes(fitting *fit, crn_error *err)
{
    logistic_regression *self = fit->model;
    crn_array y = fit->data->y, codes = CRN_ARRAY_INIT;
    if (y.ndim == 2 && y.shape[1] == 1) /* a column vector is taken as the vector, as scikit-learn warns */
        y.ndim = 1;
    if (y.ndim != 1)
        return crn_fail(err, CRN_SHAPE,
                        "y should be a 1d array, got an array of shape (%lld, %lld) instead.",
                        (long long)y.shape[0], (long long)y.shape[1]);
    CRN_TRY(crn_check_classification_targets(&y, err));
    CRN_TRY(crn_labels_encode(&y, &self->classes_, &codes, err));
    const int64_t n = codes.shape[0];
    fit->codes = crn_calloc((size_t)n, sizeof *fit->codes);
    if (fit->codes == NULL) {
        crn_array_free(&codes);
        return crn_no_memory(err);
    }
    for (int64_t i = 0; i < n; i++)
        fit->codes[i] = (int32_t)((const int64_t *)codes.data)[i];
    crn_array_free(&codes);
    if (self->classes_.shape[0] >= 2)
        return CRN_OK;
    crn_text label = CRN_TEXT_INIT;
    crn_label_text(&self->classes_, 0, &label);
    crn_fail(err, CRN_ARGUMENT,
             "This solver needs samples of at least 2 classes in the data, but the data contains "
             "only one class: %s",
             label.data != NULL ? label.data : "");
    crn_text_free(&label);
    return CRN_ARGUMENT;
}

/* sample_weight times class_weight. */
static crn_status combine_weights(fitting *fit, crn_error *err)
{
    const crn_fit_data *data = fit->data;
    const logistic_regression *self = fit->model;
    if (data->weight == NULL && crn_object_is_none(self->class_weight))
        return CRN_OK;
    const int64_t classes = self->classes_.shape[0];
    double *by_class = crn_calloc((size_t)classes, sizeof *by_class);
    fit->weight = crn_calloc((size_t)data->rows, sizeof *fit->weight);
    crn_status status = CRN_OK;
    if (by_class == NULL || fit->weight == NULL)
        CRN_TRY_OR_DONE(crn_no_memory(err));
    CRN_TRY_OR_DONE(crn_class_weight(self->class_weight, &self->classes_, fit->codes, data->rows,
                                     data->weight, by_class, err));
    for (int64_t i = 0; i < data->rows; i++)
        fit->weight[i] = (data->weight != NULL ? data->weight[i] : 1.0) * by_class[fit->codes[i]];
done:
    free(by_class);
    return status;
}

static double sum_of_weights(const fitting *fit)
{
    if (fit->weight == NULL)
        return (double)fit->data->rows;
    double sum = 0.0;
    for (int64_t i = 0; i < fit->data->rows; i++)
        sum += fit->weight[i];
    return sum;
}

/* ---- solving --------------------------------------------------------------------------------------------------- */

/* ConvergenceWarning, in the words of sklearn.utils.optimize._check_optimize_result. */
static void warn_lbfgs(const fitting *fit, const crn_lbfgs_result *result)
{
    char message[512];
    snprintf(message, sizeof message,
             "lbfgs failed to converge after %lld iteration(s) (status=%d): %s. Increase the number "
             "of iterations (max_iter=%lld) to improve the convergence, or scale the data.",
             (long long)result->iterations, crn_lbfgs_status_number(result),
             crn_lbfgs_stop_message(result->stop), (long long)fit->model->max_iter);
    warn(fit->data, message);
}

static crn_status solve_lbfgs(fitting *fit, crn_logistic_loss *loss, crn_error *err)
{
    crn_lbfgs_options options = CRN_LBFGS_OPTIONS_INIT;
    options.gtol = fit->model->tol;
    options.max_iter = fit->model->max_iter;
    const crn_objective objective = crn_logistic_loss_objective(loss);
    crn_lbfgs_result result;
    CRN_TRY(crn_lbfgs(&objective, &options, fit->coef, NULL, &result, err));
    fit->iterations = result.iterations < fit->model->max_iter ? result.iterations
                                                               : fit->model->max_iter;
    if (!crn_lbfgs_converged(&result))
        warn_lbfgs(fit, &result);
    return CRN_OK;
}

static crn_status solve_newton_cg(fitting *fit, crn_logistic_loss *loss, crn_error *err)
{
    crn_newton_cg_options options = CRN_NEWTON_CG_OPTIONS_INIT;
    options.tol = fit->model->tol;
    options.max_iter = fit->model->max_iter;
    const crn_objective objective = crn_logistic_loss_objective(loss);
    crn_newton_cg_result result;
    CRN_TRY(crn_newton_cg(&objective, &options, fit->coef, &result, err));
    fit->iterations = result.iterations;
    if (result.stop == CRN_NEWTON_CG_LINE_SEARCH)
        warn(fit->data, "Line Search failed");
    if (result.stop == CRN_NEWTON_CG_MAX_ITER) {
        char message[160];
        snprintf(message, sizeof message,
                 "newton-cg failed to converge at loss = %.17g. Increase the number of iterations.",
                 result.value);
        warn(fit->data, message);
    }
    return CRN_OK;
}

static crn_status solve_newton_cholesky(fitting *fit, crn_logistic_loss *loss, crn_error *err)
{
    crn_newton_cholesky_options options = CRN_NEWTON_CHOLESKY_OPTIONS_INIT;
    options.tol = fit->model->tol;
    options.max_iter = fit->model->max_iter;
    crn_newton_cholesky_result result;
    CRN_TRY(crn_newton_cholesky(loss, &options, fit->coef, &result, err));
    fit->iterations = result.iterations;
    if (result.fallback != CRN_NEWTON_NO_FALLBACK)
        warn(fit->data, "The inner solver of NewtonCholeskySolver stumbled upon a singular or very "
                        "ill-conditioned Hessian matrix. It will now resort to lbfgs instead.");
    if (!result.converged)
        warn(fit->data, "Newton solver did not converge. Increase the number of iterations.");
    return CRN_OK;
}

/* ---- coefficients in and out ------------------------------------------------------------------------------------ */

/* warm_start: begin where the estimator stands, if its shapes fit. */
static crn_status start_warm(fitting *fit, crn_error *err)
{
    const logistic_regression *before = fit->data->previous;
    if (!fit->model->warm_start || before == NULL)
        return CRN_OK;
    const int64_t features = fit->data->features;
    if (before->coef_.shape[0] != fit->n_outputs || before->coef_.shape[1] != features)
        return crn_fail(err, CRN_SHAPE,
                        "Initialization coef is of shape (%lld, %lld), expected shape (%lld, %lld)",
                        (long long)before->coef_.shape[0], (long long)before->coef_.shape[1],
                        (long long)fit->n_outputs, (long long)features);
    for (int64_t k = 0; k < fit->n_outputs; k++) {
        for (int64_t j = 0; j < features; j++)
            fit->coef[j * fit->n_outputs + k] = crn_array_get(&before->coef_, k * features + j);
        if (fit->model->fit_intercept && before->intercept_.ndim == 1)
            fit->coef[features * fit->n_outputs + k] = crn_array_get(&before->intercept_, k);
    }
    return CRN_OK;
}

static crn_status store(fitting *fit, crn_error *err)
{
    logistic_regression *self = fit->model;
    const int64_t features = fit->data->features, outputs = fit->n_outputs, one = 1;
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 2, (int64_t[]){outputs, features}, &self->coef_, err));
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 1, &outputs, &self->intercept_, err));
    CRN_TRY(crn_array_create(CRN_INT32, 0, 1, &one, &self->n_iter_, err));
    double *coef = self->coef_.data, *intercept = self->intercept_.data;
    for (int64_t k = 0; k < outputs; k++) {
        for (int64_t j = 0; j < features; j++)
            coef[k * features + j] = fit->coef[j * outputs + k];
        if (self->fit_intercept)
            intercept[k] = fit->coef[features * outputs + k];
    }
    *(int32_t *)self->n_iter_.data = (int32_t)fit->iterations;
    return CRN_OK;
}

static crn_status solve(fitting *fit, crn_error *err)
{
    logistic_regression *self = fit->model;
    const int64_t classes = self->classes_.shape[0];
    const bool first_order = strcmp(self->solver, "lbfgs") == 0;
    if (classes > INT32_MAX)
        return crn_fail(err, CRN_LIMIT, "too many classes: %lld", (long long)classes);
    const crn_logistic_problem problem = {.x = fit->data->x,
                                          .y = fit->codes,
                                          .sample_weight = fit->weight,
                                          .n_samples = fit->data->rows,
                                          .n_features = fit->data->features,
                                          .n_classes = (int32_t)classes,
                                          .fit_intercept = self->fit_intercept,
                                          .l2_reg_strength =
                                              1.0 / (fit->penalty_C * sum_of_weights(fit)),
                                          .second_order = !first_order,
                                          .pool = fit->data->options->pool};
    crn_logistic_loss *loss = NULL;
    CRN_TRY(crn_logistic_loss_create(&problem, &loss, err));
    fit->n_outputs = crn_logistic_loss_outputs(loss);
    fit->n_dof = crn_logistic_loss_size(loss) / fit->n_outputs;
    fit->coef = crn_calloc((size_t)(fit->n_dof * fit->n_outputs), sizeof *fit->coef);
    crn_status status = fit->coef != NULL ? start_warm(fit, err) : crn_no_memory(err);
    if (status == CRN_OK)
        status = first_order                                ? solve_lbfgs(fit, loss, err)
                 : strcmp(self->solver, "newton-cg") == 0 ? solve_newton_cg(fit, loss, err)
                                                            : solve_newton_cholesky(fit, loss, err);
    crn_logistic_loss_destroy(loss);
    return status;
}

crn_status crn_logistic_regression_fit(void *self, const crn_fit_data *data, crn_error *err)
{
    fitting fit = {.model = self, .data = data};
    CRN_TRY(check_solver(self, err));
    fit.penalty_C = effective_C(self, data);
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(encode_classes(&fit, err));
    CRN_TRY_OR_DONE(combine_weights(&fit, err));
    CRN_TRY_OR_DONE(solve(&fit, err));
    CRN_TRY_OR_DONE(store(&fit, err));
done:
    free(fit.codes);
    free(fit.weight);
    free(fit.coef);
    return status;
}
