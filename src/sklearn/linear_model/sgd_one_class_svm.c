/* SPDX-License-Identifier: BSD-3-Clause */
/* SGDOneClassSVM, as sklearn/linear_model/_stochastic_gradient.py (1.9), and files back to 1.0.
 */
#include <float.h>

#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/linear_model/stochastic_gradient.h"

typedef struct sgd_one_class_svm {
    crn_estimator_base base;
    const crn_object *nu, *fit_intercept, *max_iter, *tol, *shuffle, *verbose, *random_state,
        *learning_rate, *eta0, *power_t, *warm_start, *average;
    crn_array coef_;   /* (n_features_in_), or a matrix of one row */
    crn_array offset_; /* (1) */
} sgd_one_class_svm;

static const crn_field fields[] = {
    CRN_PARAM(sgd_one_class_svm, nu, OBJECT, "0.5", "real (0.0, 1.0]"),
    CRN_PARAM(sgd_one_class_svm, fit_intercept, OBJECT, "True", "bool"),
    CRN_PARAM(sgd_one_class_svm, max_iter, OBJECT, "1000", "int >= 1"),
    CRN_PARAM(sgd_one_class_svm, tol, OBJECT, "0.001", "real >= 0 | None"),
    CRN_PARAM(sgd_one_class_svm, shuffle, OBJECT, "True", "bool"),
    CRN_PARAM(sgd_one_class_svm, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(sgd_one_class_svm, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(sgd_one_class_svm, learning_rate, OBJECT, "'optimal'",
              "'adaptive' | 'constant' | 'invscaling' | 'optimal' | ~'pa1' | ~'pa2'"),
    CRN_PARAM(sgd_one_class_svm, eta0, OBJECT, "0.01", "real > 0"),
    CRN_PARAM(sgd_one_class_svm, power_t, OBJECT, "0.5", "real (-inf, inf)"),
    CRN_PARAM(sgd_one_class_svm, warm_start, OBJECT, "False", "bool"),
    CRN_PARAM(sgd_one_class_svm, average, OBJECT, "False", "int > 0 | bool"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(sgd_one_class_svm, coef_, NULL),
    CRN_FITTED_ARRAY(sgd_one_class_svm, offset_, NULL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    sgd_one_class_svm *model = self;
    CRN_TRY(crn_linear_check(&model->base, &model->coef_, &model->offset_, err));
    if (model->coef_.ndim == 2 && model->coef_.shape[0] != 1)
        return crn_fail(err, CRN_FORMAT, "coef_ has more than one row");
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    static const double labels[] = {-1.0, 1.0};
    const sgd_one_class_svm *model = self;
    const double shift = crn_array_get(&model->offset_, 0);
    crn_value offset = crn_graph_numbers(graph, CRN_FLOAT64, &shift, 1, 0);
    const crn_array none = {
        .dtype = CRN_FLOAT64, .itemsize = 8, .data = (void *)&(double){0.0}};
    crn_value score = crn_linear_scores(graph, x, &model->coef_, &none);
    score = crn_binary(graph, crn_linear_decision(graph, score), offset, CRN_BINARY_SUBTRACT);
    score = crn_reshape(graph, score, 0, NULL);
    if (method == CRN_DECISION_FUNCTION)
        return score;
    if (method == CRN_SCORE_SAMPLES)
        return crn_reshape(graph, crn_binary(graph, score, offset, CRN_BINARY_ADD), 0, NULL);
    /* score >= 0: above the largest number below 0 */
    return crn_take(graph, crn_graph_numbers(graph, CRN_INT64, labels, 2, 0),
                    crn_step(graph, score, -DBL_TRUE_MIN));
}

const crn_estimator crn_estimator_SGDOneClassSVM = {
    .name = "SGDOneClassSVM",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._stochastic_gradient",
    .size = sizeof(sgd_one_class_svm),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION | 1u << CRN_SCORE_SAMPLES,
    .flags = CRN_TAKES_WEIGHT,
    .lower = lower,
    .check = check,
    .write = crn_sgd_write,
};
