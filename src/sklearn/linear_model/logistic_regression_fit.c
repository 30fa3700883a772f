/* SPDX-License-Identifier: BSD-3-Clause */
/* LogisticRegression.fit, as sklearn/linear_model/_logistic.py (1.9): what is checked before
 * the solvers run, and what is made of their answer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sklearn/class_weight.h"
#include "sklearn/linear_model/logistic_regression_fit.h"
#include "sklearn/validation.h"
#include "solve/sum.h"

/* ---- what may be asked ---- */

double crn_logistic_C(const logistic_regression *self)
{
    double C = NAN;
    return crn_object_as_double(self->C, &C) ? C : (double)NAN;
}

/* The penalty that the parameters say, None as NULL. "deprecated" stands for what l1_ratio and
 * C say. */
static const char *penalty_of(const logistic_regression *self)
{
    double l1_ratio = 0.0;
    if (!crn_object_is_str(self->penalty, "deprecated"))
        return crn_object_text(self->penalty);
    crn_object_as_double(self->l1_ratio, &l1_ratio); /* None is 0 */
    if (isinf(crn_logistic_C(self)))
        return NULL;
    return l1_ratio == 0.0 ? "l2" : l1_ratio == 1.0 ? "l1" : "elasticnet";
}

static crn_status check_solver(const logistic_regression *self, crn_error *err)
{
    static const char *const ours[] = {"lbfgs", "newton-cg", "newton-cholesky"};
    const char *penalty = penalty_of(self);
    bool known = false;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        known |= strcmp(self->solver, ours[i]) == 0;
    if (!(crn_logistic_C(self) > 0.0)) /* a file may hold anything */
        return crn_fail(
            err, CRN_ARGUMENT,
            "The 'C' parameter of LogisticRegression must be a float in the range (0.0, inf].");
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

static double effective_C(const logistic_regression *self)
{
    return crn_object_is_none(self->penalty) ? (double)INFINITY : crn_logistic_C(self);
}

/* ---- classes and weights ---- */

static crn_status encode_classes(logistic_fit *fit, crn_error *err)
{
    logistic_regression *self = fit->model;
    crn_array y = fit->data->y, codes = CRN_ARRAY_INIT;
    CRN_TRY(crn_column_or_1d(&y, fit->data->options, err));
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
    crn_label_repr(&self->classes_, 0, &label);
    crn_fail(
        err, CRN_ARGUMENT,
        "This solver needs samples of at least 2 classes in the data, but the data contains "
        "only one class: %s",
        label.data != NULL ? label.data : "");
    crn_text_free(&label);
    return CRN_ARGUMENT;
}

/* sample_weight times class_weight. */
static crn_status combine_weights(logistic_fit *fit, crn_error *err)
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
    CRN_TRY_OR_DONE(crn_class_weight(self->class_weight, &self->classes_, fit->codes,
                                     data->rows, data->weight, by_class, err));
    for (int64_t i = 0; i < data->rows; i++)
        fit->weight[i] =
            (data->weight != NULL ? data->weight[i] : 1.0) * by_class[fit->codes[i]];
done:
    free(by_class);
    return status;
}

static double sum_of_weights(const logistic_fit *fit)
{
    if (fit->weight == NULL)
        return (double)fit->data->rows;
    return crn_sum(fit->weight, fit->data->rows);
}

/* ---- coefficients in and out ---- */

static crn_status wrong_start(const logistic_fit *fit, const logistic_regression *before,
                              crn_error *err)
{
    const long long rows = before->coef_.shape[0], outputs = fit->n_outputs, n_dof = fit->n_dof;
    const long long columns = before->coef_.shape[1] + fit->model->fit_intercept;
    if (outputs == 1)
        return crn_fail(
            err, CRN_SHAPE,
            "Initialization coef is of shape (%lld, %lld), expected shape (%lld,) or (1, %lld)",
            rows, columns, n_dof, n_dof);
    return crn_fail(err, CRN_SHAPE,
                    "Initialization coef is of shape (%lld, %lld), expected shape (%lld, %lld)",
                    rows, columns, outputs, n_dof);
}

/* warm_start: begin where the estimator stands, if its shapes fit. */
static crn_status start_warm(logistic_fit *fit, crn_error *err)
{
    const logistic_regression *before = fit->data->previous;
    if (!fit->model->warm_start || before == NULL)
        return CRN_OK;
    const int64_t features = fit->data->features;
    if (before->coef_.shape[0] != fit->n_outputs || before->coef_.shape[1] != features)
        return wrong_start(fit, before, err);
    for (int64_t k = 0; k < fit->n_outputs; k++) {
        for (int64_t j = 0; j < features; j++)
            fit->coef[j * fit->n_outputs + k] = crn_array_get(&before->coef_, k * features + j);
        if (fit->model->fit_intercept && before->intercept_.ndim == 1)
            fit->coef[features * fit->n_outputs + k] = crn_array_get(&before->intercept_, k);
    }
    return CRN_OK;
}

static crn_status store(logistic_fit *fit, crn_error *err)
{
    logistic_regression *self = fit->model;
    const int64_t features = fit->data->features, outputs = fit->n_outputs, one = 1;
    CRN_TRY(
        crn_array_create(CRN_FLOAT64, 0, 2, (int64_t[]){outputs, features}, &self->coef_, err));
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

static crn_status solve(logistic_fit *fit, crn_error *err)
{
    logistic_regression *self = fit->model;
    const int64_t classes = self->classes_.shape[0];
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
                                          .second_order = strcmp(self->solver, "lbfgs") != 0,
                                          .pool = fit->data->options->pool};
    crn_logistic_loss *loss = NULL;
    CRN_TRY(crn_logistic_loss_create(&problem, &loss, err));
    fit->n_outputs = crn_logistic_loss_outputs(loss);
    fit->n_dof = crn_logistic_loss_size(loss) / fit->n_outputs;
    fit->coef = crn_calloc((size_t)(fit->n_dof * fit->n_outputs), sizeof *fit->coef);
    crn_status status = fit->coef != NULL ? start_warm(fit, err) : crn_no_memory(err);
    if (status == CRN_OK)
        status = crn_logistic_solve(fit, loss, err);
    crn_logistic_loss_destroy(loss);
    return status;
}

crn_status crn_logistic_regression_fit(void *self, const crn_fit_data *data, crn_error *err)
{
    logistic_fit fit = {.model = self, .data = data};
    fit.model->multi_class = NULL; /* what a file of an older version said of it is over */
    CRN_TRY(check_solver(self, err));
    crn_logistic_warn_of_parameters(self, data);
    fit.penalty_C = effective_C(self);
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
