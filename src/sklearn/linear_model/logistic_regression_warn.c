/* SPDX-License-Identifier: BSD-3-Clause */
/* What LogisticRegression.fit warns of, in the words of scikit-learn 1.9:
 * sklearn/linear_model/_logistic.py, sklearn/linear_model/_glm/_newton_solver.py and
 * sklearn/utils/optimize.py. Where Python breaks a line, a full stop and a blank stand here. */
#include <math.h>
#include <stdio.h>

#include "sklearn/linear_model/logistic_regression_fit.h"

static void warn(const crn_fit_data *data, const char *message)
{
    if (data->options->warning != NULL)
        data->options->warning(data->options->warning_context, message);
}

/* ---- parameters ---- */

/* repr() of a value into the buffer. */
static const char *shown(const crn_object *value, char *buffer, size_t size)
{
    crn_text text = CRN_TEXT_INIT;
    crn_object_repr(value, size - 1, &text);
    snprintf(buffer, size, "%s", text.data != NULL ? text.data : "");
    crn_text_free(&text);
    return buffer;
}

static void warn_of_penalty(const logistic_regression *self, const crn_fit_data *data)
{
    char message[256], value[64];
    double l1_ratio = NAN;
    const char *penalty = crn_object_text(self->penalty);
    const bool is_number = crn_object_as_double(self->l1_ratio, &l1_ratio);
    const bool is_l1 = crn_object_is_str(self->penalty, "l1");
    warn(data, "'penalty' was deprecated in version 1.8 and will be removed in 1.10. To avoid "
               "this warning, leave "
               "'penalty' set to its default value and use 'l1_ratio' or 'C' instead. Use "
               "l1_ratio=0 instead of "
               "penalty='l2', l1_ratio=1 instead of penalty='l1', l1_ratio set to a float "
               "between 0 and 1 instead of "
               "penalty='elasticnet', and C=np.inf instead of penalty=None.");
    if (is_number && l1_ratio > 0.0 && l1_ratio < 1.0 &&
        !crn_object_is_str(self->penalty, "elasticnet")) {
        snprintf(
            message, sizeof message,
            "l1_ratio parameter is only used when penalty is 'elasticnet'. Got (penalty=%s)",
            penalty != NULL ? penalty : "None");
        warn(data, message);
    }
    if ((crn_object_is_str(self->penalty, "l2") || is_l1) &&
        !(is_number && l1_ratio == (is_l1 ? 1.0 : 0.0))) {
        snprintf(message, sizeof message,
                 "Inconsistent values: penalty=%s with l1_ratio=%s. penalty is deprecated. "
                 "Please use l1_ratio only.",
                 penalty, shown(self->l1_ratio, value, sizeof value));
        warn(data, message);
    }
    if (crn_object_is_none(self->penalty) && crn_logistic_C(self) != 1.0)
        warn(data, "Setting penalty=None will ignore the C and l1_ratio parameters");
}

void crn_logistic_warn_of_parameters(const logistic_regression *self, const crn_fit_data *data)
{
    char message[192], value[64];
    if (!crn_object_is_str(self->penalty, "deprecated"))
        warn_of_penalty(self, data);
    else if (crn_object_is_none(self->l1_ratio))
        warn(data, "'l1_ratio=None' was deprecated in version 1.8 and will trigger an error in "
                   "1.10. Use "
                   "0<=l1_ratio<=1 instead.");
    if (crn_object_is_none(self->n_jobs))
        return;
    snprintf(message, sizeof message,
             "'n_jobs' has no effect since 1.8 and will be removed in 1.10. You provided "
             "'n_jobs=%s', please leave it "
             "unspecified.",
             shown(self->n_jobs, value, sizeof value));
    warn(data, message);
}

/* ---- solvers ---- */

#define SCALE_THE_DATA                                                                         \
    "You might also want to scale the data as shown in: "                                      \
    "https://scikit-learn.org/stable/modules/preprocessing.html"
#define OTHER_SOLVERS                                                                          \
    "Please also refer to the documentation for alternative solver options: "                  \
    "https://scikit-learn.org/stable/modules/linear_model.html#logistic-regression"

/* sklearn.utils.optimize._check_optimize_result; `advice` is what the caller there adds. */
static void warn_of_optimize_result(const crn_fit_data *data, const crn_lbfgs_result *result,
                                    int64_t max_iter, const char *advice)
{
    char message[640], more[128] = "";
    if (crn_lbfgs_converged(result))
        return;
    const int64_t iterations = result->iterations < max_iter ? result->iterations : max_iter;
    if (iterations == max_iter)
        snprintf(
            more, sizeof more,
            " Increase the number of iterations to improve the convergence (max_iter=%lld).",
            (long long)max_iter);
    snprintf(
        message, sizeof message,
        "lbfgs failed to converge after %lld iteration(s) (status=%d): %s.%s " SCALE_THE_DATA
        "%s",
        (long long)iterations, crn_lbfgs_status_number(result),
        result->stop == CRN_LBFGS_ABNORMAL ? "ABNORMAL" : crn_lbfgs_stop_message(result->stop),
        more, advice);
    warn(data, message);
}

void crn_logistic_warn_of_lbfgs(const crn_fit_data *data, const crn_lbfgs_result *result,
                                int64_t max_iter)
{
    warn_of_optimize_result(data, result, max_iter, " " OTHER_SOLVERS);
}

void crn_logistic_warn_of_newton_cg(const crn_fit_data *data,
                                    const crn_newton_cg_result *result)
{
    char message[160];
    crn_text loss = CRN_TEXT_INIT;
    if (result->stop == CRN_NEWTON_CG_LINE_SEARCH)
        warn(data, "Line Search failed");
    if (result->stop != CRN_NEWTON_CG_MAX_ITER)
        return;
    crn_text_add_double(&loss, result->value);
    snprintf(message, sizeof message,
             "newton-cg failed to converge at loss = %s. Increase the number of iterations.",
             loss.data != NULL ? loss.data : "nan");
    crn_text_free(&loss);
    warn(data, message);
}

/* Why the solver gave up; a step that does not lead down is no warning in scikit-learn either.
 */
static void warn_of_fallback(const crn_fit_data *data, const crn_newton_cholesky_result *result)
{
    char message[448];
    const long long iteration = result->fallback_iteration;
    switch (result->fallback) {
    case CRN_NEWTON_FLAT:
        snprintf(message, sizeof message,
                 "The inner solver of NewtonCholeskySolver detected a pointwise hessian with "
                 "many negative values at "
                 "iteration #%lld. It will now resort to lbfgs instead.",
                 iteration);
        break;
    case CRN_NEWTON_SINGULAR:
        snprintf(message, sizeof message,
                 "The inner solver of NewtonCholeskySolver stumbled upon a singular or very "
                 "ill-conditioned Hessian "
                 "matrix at iteration %lld. It will now resort to lbfgs instead. Further "
                 "options are to use another "
                 "solver or to avoid such situation in the first place. Possible remedies are "
                 "removing collinear "
                 "features of X or increasing the penalization strengths.",
                 iteration);
        break;
    case CRN_NEWTON_LINE_SEARCH:
        snprintf(message, sizeof message,
                 "Line search of Newton solver NewtonCholeskySolver at iteration #%lld did not "
                 "converge after 21 line "
                 "search refinement iterations. It will now resort to lbfgs instead.",
                 iteration);
        break;
    default:
        return;
    }
    warn(data, message);
}

void crn_logistic_warn_of_newton_cholesky(const crn_fit_data *data,
                                          const crn_newton_cholesky_result *result,
                                          int64_t max_iter)
{
    char message[96];
    warn_of_fallback(data, result);
    if (result->fallback != CRN_NEWTON_NO_FALLBACK) {
        warn_of_optimize_result(data, &result->lbfgs, max_iter - result->fallback_iteration,
                                "");
    } else if (!result->converged) {
        snprintf(message, sizeof message,
                 "Newton solver did not converge after %lld iterations.",
                 (long long)result->iterations);
        warn(data, message);
    }
}
