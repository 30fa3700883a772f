/* SPDX-License-Identifier: BSD-3-Clause */
/* GaussianNB, as sklearn/naive_bayes.py (1.9), and the files of versions back to 0.20, where
 * var_ is called sigma_. */
#include <math.h>
#include <stdlib.h>

#include "ops/elementwise.h"
#include "ops/likelihood.h"
#include "sklearn/fitted.h"
#include "sklearn/naive_bayes/naive_bayes.h"

typedef struct gaussian_nb {
    crn_estimator_base base;
    const crn_object *priors;
    double var_smoothing;
    crn_array classes_;
    crn_array theta_, var_; /* (n_classes, n_features) */
    crn_array class_prior_; /* (n_classes) */
} gaussian_nb;

static const crn_field fields[] = {
    CRN_PARAM(gaussian_nb, priors, OBJECT, "None", "array | None"),
    CRN_PARAM(gaussian_nb, var_smoothing, REAL, "1e-09", "real >= 0"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(gaussian_nb, classes_, "classes"),
    CRN_FITTED_ARRAY(gaussian_nb, theta_, "classes, n_features_in_"),
    {.name = "var_",
     .type = CRN_FIELD_ARRAY,
     .flags = CRN_FIELD_FITTED,
     .shape = "classes, n_features_in_",
     .offset = offsetof(gaussian_nb, var_),
     .since = "1.0",
     .old_names = "sigma_"},
    CRN_FITTED_ARRAY(gaussian_nb, class_prior_, "classes"),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    gaussian_nb *model = self;
    CRN_TRY(crn_fitted_classes(&model->classes_, err));
    const int64_t classes = model->classes_.shape[0];
    CRN_TRY(crn_fitted_matrix(&model->theta_, "theta_", classes, -1, err));
    const int64_t features = model->theta_.shape[1];
    CRN_TRY(crn_fitted_features(&model->base, "theta_", features, err));
    CRN_TRY(crn_fitted_matrix(&model->var_, "var_", classes, features, err));
    return crn_fitted_vector(&model->class_prior_, "class_prior_", classes, err);
}

/* The constants of the densities: 1 / var_, and log(prior) - 0.5 sum(log(2 pi var_)). */
static void constants(const gaussian_nb *self, double *precisions, double *shifts)
{
    static const double two_pi = 2.0 * 3.14159265358979323846;
    const int64_t classes = self->theta_.shape[0], features = self->theta_.shape[1];
    for (int64_t c = 0; c < classes; c++) {
        double logs = 0.0;
        for (int64_t j = 0; j < features; j++) {
            const double variance = crn_array_get(&self->var_, c * features + j);
            precisions[c * features + j] = 1.0 / variance;
            logs += log(two_pi * variance);
        }
        shifts[c] = log(crn_array_get(&self->class_prior_, c)) - 0.5 * logs;
    }
}

static crn_value joint_log_likelihood(const gaussian_nb *self, crn_graph *graph, crn_value x,
                                      double *precisions, double *factors, double *shifts)
{
    const int64_t classes = self->theta_.shape[0], features = self->theta_.shape[1];
    constants(self, precisions, shifts);
    for (int64_t c = 0; c < classes; c++)
        factors[c] = -0.5;
    crn_value distance = crn_weighted_distance(
        graph, x, crn_constant_float64(graph, &self->theta_),
        crn_graph_numbers(graph, CRN_FLOAT64, precisions, classes * features, features));
    return crn_scale(graph, distance, CRN_SCALE_MULTIPLY_ADD,
                     crn_graph_numbers(graph, CRN_FLOAT64, factors, classes, 0),
                     crn_graph_numbers(graph, CRN_FLOAT64, shifts, classes, 0));
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const gaussian_nb *model = self;
    const size_t classes = (size_t)model->theta_.shape[0];
    double *precisions = crn_calloc((size_t)crn_array_size(&model->theta_), sizeof *precisions);
    double *factors = crn_calloc(classes, sizeof *factors);
    double *shifts = crn_calloc(classes, sizeof *shifts);
    crn_value joint = precisions != NULL && factors != NULL && shifts != NULL
                          ? joint_log_likelihood(model, graph, x, precisions, factors, shifts)
                          : crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    free(precisions);
    free(factors);
    free(shifts);
    return crn_naive_bayes_answer(graph, method, joint, &model->classes_);
}

const crn_estimator crn_estimator_GaussianNB = {
    .name = "GaussianNB",
    .module = "sklearn.naive_bayes",
    .modules = "sklearn.naive_bayes",
    .size = sizeof(gaussian_nb),
    .fields = fields,
    .methods = CRN_NAIVE_BAYES_METHODS,
    .lower = lower,
    .check = check,
};
