/* SPDX-License-Identifier: BSD-3-Clause */
/* The function that logistic regression minimises, with its derivatives: the mean log loss of a
 * linear model and a penalty,
 *
 *     1 / sum(s) * sum_i s_i loss(y_i, x_i W + b)  +  1/2 * l2_reg_strength * ||W||^2
 *
 * where loss is the half binomial or the half multinomial deviance. Follows
 * sklearn.linear_model. _linear_loss.LinearModelLoss and sklearn._loss (1.9), branch for branch
 * where a branch decides the rounding. Rows are worked through in chunks whose borders depend
 * on the shapes alone. */
#ifndef CRN_SOLVE_LOGISTIC_LOSS_H
#define CRN_SOLVE_LOGISTIC_LOSS_H

#include "base/error.h"
#include "cornichon/threads.h"
#include "solve/objective.h"

/* Borrowed for as long as the loss lives. */
typedef struct crn_logistic_problem {
    const double *x;             /* (n_samples, n_features) */
    const int32_t *y;            /* (n_samples,): class of each row, 0 or 1 when binary */
    const double *sample_weight; /* (n_samples,) >= 0, or NULL: ones */
    int64_t n_samples, n_features;
    int32_t n_classes; /* 2: binary, one column of coefficients; 3 and more: multinomial */
    bool fit_intercept;
    double l2_reg_strength; /* 1 / (C * sum of weights) */
    bool second_order;      /* the Hessian will be asked for */
    crn_pool *pool;         /* or NULL */
} crn_logistic_problem;

/* Coefficients and gradients are matrices (n_dof, n_outputs): n_dof is n_features and one more
 * row for the intercepts; n_outputs is 1 or n_classes. That is coef.ravel(order="F") of
 * scikit-learn's (n_classes, n_dof). */
typedef struct crn_logistic_loss crn_logistic_loss;

/* Errors: CRN_NO_MEMORY, CRN_ARGUMENT (a class out of range, no rows, weights that sum to 0),
 * CRN_LIMIT. */
crn_status crn_logistic_loss_create(const crn_logistic_problem *problem,
                                    crn_logistic_loss **out, crn_error *err);
void crn_logistic_loss_destroy(crn_logistic_loss *loss); /* NULL is fine */

int64_t crn_logistic_loss_outputs(const crn_logistic_loss *loss);
int64_t crn_logistic_loss_size(const crn_logistic_loss *loss); /* n_dof * n_outputs */
const crn_logistic_problem *crn_logistic_loss_problem(const crn_logistic_loss *loss);

/* For crn_lbfgs() and, with second_order, crn_newton_cg(). Borrows the loss. */
crn_objective crn_logistic_loss_objective(crn_logistic_loss *loss);

/* raw[n_samples * n_outputs] = x W + b. */
void crn_logistic_raw_prediction(crn_logistic_loss *loss, const double *coef, double *raw);

/* The value, and the gradient into gradient[size]. raw: crn_logistic_raw_prediction() of coef
 * when the caller has it, else NULL. */
double crn_logistic_value_gradient(crn_logistic_loss *loss, const double *coef,
                                   const double *raw, double *gradient);

/* The gradient, and the Hessian into hessian[size * size] (symmetric, both halves filled);
 * needs second_order. False when more than a quarter of the weight has no curvature:
 * scikit-learn's hessian_warning; the Hessian is then not computed. */
bool crn_logistic_gradient_hessian(crn_logistic_loss *loss, const double *coef,
                                   const double *raw, double *gradient, double *hessian);

#endif
