/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of LogisticRegression.fit share: logistic_regression_fit.c (data in,
 * coefficients out), logistic_regression_solve.c (the solvers) and logistic_regression_warn.c
 * (what scikit-learn would warn of). */
#ifndef CRN_SKLEARN_LOGISTIC_REGRESSION_FIT_H
#define CRN_SKLEARN_LOGISTIC_REGRESSION_FIT_H

#include "sklearn/linear_model/logistic_regression.h"
#include "solve/lbfgs.h"
#include "solve/newton_cg.h"
#include "solve/newton_cholesky.h"

/* One fit under way. */
typedef struct logistic_fit {
    logistic_regression *model;
    const crn_fit_data *data;
    double penalty_C; /* infinity: no penalty */
    int32_t *codes;   /* (rows): index of each row's class */
    double *weight;   /* (rows), with class_weight in; NULL: all one */
    double *coef;     /* (n_dof, n_outputs), n_dof: features, then the intercept */
    int64_t n_dof, n_outputs;
    int64_t iterations; /* n_iter_ */
} logistic_fit;

/* C as a number; NaN when a file holds something else. */
double crn_logistic_C(const logistic_regression *self);

/* Runs the solver that the model names from fit->coef to the minimum. Errors: those of the
 * solvers, CRN_CANCELLED when the options' progress says so. */
crn_status crn_logistic_solve(logistic_fit *fit, crn_logistic_loss *loss, crn_error *err);

/* Warnings go to the options' warning, one sentence after the other in one line. */
void crn_logistic_warn_of_parameters(const logistic_regression *self, const crn_fit_data *data);
void crn_logistic_warn_of_lbfgs(const crn_fit_data *data, const crn_lbfgs_result *result,
                                int64_t max_iter);
void crn_logistic_warn_of_newton_cg(const crn_fit_data *data,
                                    const crn_newton_cg_result *result);
void crn_logistic_warn_of_newton_cholesky(const crn_fit_data *data,
                                          const crn_newton_cholesky_result *result,
                                          int64_t max_iter);

#endif
