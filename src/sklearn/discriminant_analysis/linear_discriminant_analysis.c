/* SPDX-License-Identifier: BSD-3-Clause */
/* LinearDiscriminantAnalysis, as sklearn/discriminant_analysis.py (1.9), and files back to
 * 0.20. */
#include <float.h>
#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/linear_model/linear_model.h"

typedef struct linear_discriminant_analysis {
    crn_linear_classifier linear;
    const char *solver;
    const crn_object *shrinkage, *priors, *n_components, *store_covariance, *tol;
    crn_model *covariance_estimator;
    crn_array xbar_;         /* (n_features_in_); with solver 'svd' */
    crn_array scalings_;     /* (n_features_in_, rank); not with solver 'lsqr' */
    int64_t _max_components; /* of the columns of scalings_ */
} linear_discriminant_analysis;

static const crn_field fields[] = {
    CRN_PARAM(linear_discriminant_analysis, solver, STRING, "'svd'",
              "'eigen' | 'lsqr' | 'svd'"),
    CRN_PARAM(linear_discriminant_analysis, shrinkage, OBJECT, "None",
              "'auto' | real [0, 1] | None"),
    CRN_PARAM(linear_discriminant_analysis, priors, OBJECT, "None", "array | None"),
    CRN_PARAM(linear_discriminant_analysis, n_components, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(linear_discriminant_analysis, store_covariance, OBJECT, "False", "bool"),
    CRN_PARAM(linear_discriminant_analysis, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM_SINCE(linear_discriminant_analysis, covariance_estimator, MODEL, "None",
                    "has fit | None", "0.24", NULL),
    CRN_LINEAR_CLASSIFIER_FIELDS,
    CRN_FITTED_ARRAY_OPTIONAL(linear_discriminant_analysis, xbar_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(linear_discriminant_analysis, scalings_, NULL),
    CRN_FITTED_OPTIONAL(linear_discriminant_analysis, _max_components, INT),
    CRN_FIELDS_END,
};

static bool has_solver(const linear_discriminant_analysis *self, const char *solver)
{
    return self->solver != NULL && strcmp(self->solver, solver) == 0;
}

static crn_status check(void *self, crn_error *err)
{
    linear_discriminant_analysis *model = self;
    CRN_TRY(crn_linear_classifier_check(self, err));
    const int64_t features = model->linear.base.n_features_in_;
    const crn_array *scalings = &model->scalings_, *xbar = &model->xbar_;
    if (!has_solver(model, "svd") && !has_solver(model, "eigen"))
        return CRN_OK;
    if (scalings->data == NULL || scalings->ndim != 2 || scalings->shape[0] != features ||
        scalings->shape[1] < 1 || !crn_dtype_is_number(scalings->dtype))
        return crn_fail(err, CRN_FORMAT, "scalings_ is not a matrix with %lld rows of numbers",
                        (long long)features);
    if (has_solver(model, "svd") &&
        (xbar->data == NULL || xbar->ndim != 1 || xbar->shape[0] != features ||
         !crn_dtype_is_number(xbar->dtype)))
        return crn_fail(err, CRN_FORMAT, "xbar_ does not have %lld numbers",
                        (long long)features);
    if (model->_max_components < 1)
        return crn_fail(err, CRN_FORMAT, "_max_components is %lld",
                        (long long)model->_max_components);
    return CRN_OK;
}

static bool has_method(const void *self, crn_method method)
{
    return method != CRN_TRANSFORM || has_solver(self, "svd") || has_solver(self, "eigen");
}

static crn_value transform(const linear_discriminant_analysis *self, crn_graph *graph,
                           crn_value x)
{
    crn_array scalings = self->scalings_; /* a view of its first columns */
    if (self->_max_components < scalings.shape[1])
        scalings.shape[1] = self->_max_components;
    if (has_solver(self, "svd"))
        x = crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE,
                      crn_constant_float64(graph, &self->xbar_), CRN_NO_VALUE);
    return crn_affine(graph, x, crn_constant_float64(graph, &scalings), false, CRN_NO_VALUE);
}

/* Until 0.20, sigmoids of several classes were divided by their sum. */
static crn_value probabilities(const linear_discriminant_analysis *self, crn_graph *graph,
                               crn_value scores)
{
    const char *version = self->linear.base.sklearn_version;
    const bool old = version != NULL && crn_version_compare(version, "0.21") < 0;
    return old || self->linear.classes_.shape[0] == 2
               ? crn_linear_one_vs_rest(graph, scores)
               : crn_softmax(graph, scores, CRN_SOFTMAX, -1);
}

/* log(p), and from 0.24 on of the smallest normal number where p is 0. */
static crn_value log_probabilities(const linear_discriminant_analysis *self, crn_graph *graph,
                                   crn_value p)
{
    const char *version = self->linear.base.sklearn_version;
    const double tiny = DBL_MIN;
    if (version == NULL || crn_version_compare(version, "0.24") >= 0) {
        crn_value positive = crn_cast(graph, crn_step(graph, p, 0.0), CRN_FLOAT64);
        crn_value instead =
            crn_binary(graph, crn_unary(graph, positive, CRN_UNARY_COMPLEMENT),
                       crn_graph_numbers(graph, CRN_FLOAT64, &tiny, 1, 0), CRN_BINARY_MULTIPLY);
        p = crn_binary(graph, p, instead, CRN_BINARY_ADD);
    }
    return crn_unary(graph, p, CRN_UNARY_LOG);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const linear_discriminant_analysis *model = self;
    if (method == CRN_TRANSFORM)
        return transform(model, graph, x);
    if (method != CRN_PREDICT_PROBA && method != CRN_PREDICT_LOG_PROBA)
        return crn_linear_classifier_lower(self, method, graph, x);
    crn_value scores =
        crn_linear_scores(graph, x, &model->linear.coef_, &model->linear.intercept_);
    crn_value p = probabilities(model, graph, scores);
    return method == CRN_PREDICT_PROBA ? p : log_probabilities(model, graph, p);
}

const crn_estimator crn_estimator_LinearDiscriminantAnalysis = {
    .name = "LinearDiscriminantAnalysis",
    .module = "sklearn.discriminant_analysis",
    .modules = "sklearn.discriminant_analysis",
    .size = sizeof(linear_discriminant_analysis),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
               1u << CRN_DECISION_FUNCTION | 1u << CRN_TRANSFORM,
    .flags = CRN_NEEDS_Y,
    .lower = lower,
    .check = check,
    .has_method = has_method,
};
