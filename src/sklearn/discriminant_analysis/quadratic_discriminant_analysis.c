/* SPDX-License-Identifier: BSD-3-Clause */
/* QuadraticDiscriminantAnalysis, as sklearn/discriminant_analysis.py (1.9), and files back to
 * 0.20: a Gaussian for each class, given by its axes and the variances along them. */
#include <math.h>
#include <stdlib.h>

#include "format/pickle.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/estimator.h"

/* Of one class. */
typedef struct gaussian {
    crn_array rotation; /* (n_features_in_, rank) */
    crn_array scaling;  /* (rank) */
} gaussian;

typedef struct quadratic_discriminant_analysis {
    crn_estimator_base base;
    const crn_object *solver, *shrinkage, *priors, *reg_param, *store_covariance, *tol;
    crn_model *covariance_estimator;
    crn_array classes_;                       /* (n_classes) */
    crn_array priors_;                        /* (n_classes) */
    crn_array means_;                         /* (n_classes, n_features_in_) */
    const crn_object *scalings_, *rotations_; /* lists of arrays, one a class */
    gaussian *gaussians;                      /* [n_gaussians]: the same, read */
    int64_t n_gaussians;
} quadratic_discriminant_analysis;

static const crn_field fields[] = {
    CRN_PARAM_SINCE(quadratic_discriminant_analysis, solver, OBJECT, "'svd'", "'eigen' | 'svd'",
                    "1.8", NULL),
    CRN_PARAM_SINCE(quadratic_discriminant_analysis, shrinkage, OBJECT, "None",
                    "'auto' | real [0, 1] | None", "1.8", NULL),
    CRN_PARAM(quadratic_discriminant_analysis, priors, OBJECT, "None", "array | None"),
    CRN_PARAM(quadratic_discriminant_analysis, reg_param, OBJECT, "0.0", "real [0, 1]"),
    CRN_PARAM(quadratic_discriminant_analysis, store_covariance, OBJECT, "False", "bool"),
    CRN_PARAM(quadratic_discriminant_analysis, tol, OBJECT, "0.0001", "real >= 0"),
    CRN_PARAM_SINCE(quadratic_discriminant_analysis, covariance_estimator, MODEL, "None",
                    "has fit | None", "1.8", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(quadratic_discriminant_analysis, classes_, "n_classes"),
    CRN_FITTED_ARRAY(quadratic_discriminant_analysis, priors_, "n_classes"),
    CRN_FITTED_ARRAY(quadratic_discriminant_analysis, means_, "n_classes, features"),
    CRN_FITTED(quadratic_discriminant_analysis, scalings_, OBJECT),
    CRN_FITTED(quadratic_discriminant_analysis, rotations_, OBJECT),
    CRN_FIELDS_END,
};

/* ---- reading ---- */

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    quadratic_discriminant_analysis *model = self;
    const crn_object *scalings = crn_object_get(state, "scalings_");
    const crn_object *rotations = crn_object_get(state, "rotations_");
    const size_t count = crn_object_length(scalings);
    (void)context;
    if (!crn_object_is(scalings, CRN_OBJ_LIST) || !crn_object_is(rotations, CRN_OBJ_LIST) ||
        crn_object_length(rotations) != count)
        return model->classes_.data == NULL
                   ? CRN_OK
                   : crn_fail(err, CRN_FORMAT,
                              "scalings_ and rotations_ are not lists of the same length");
    model->gaussians = crn_calloc(count > 0 ? count : 1, sizeof *model->gaussians);
    if (model->gaussians == NULL)
        return crn_no_memory(err);
    model->n_gaussians = (int64_t)count;
    for (size_t k = 0; k < count; k++) {
        gaussian *g = &model->gaussians[k];
        CRN_TRY(crn_object_to_array(crn_object_item(scalings, k), &g->scaling, err));
        CRN_TRY(crn_object_to_array(crn_object_item(rotations, k), &g->rotation, err));
    }
    return CRN_OK;
}

static void release(void *self)
{
    quadratic_discriminant_analysis *model = self;
    for (int64_t k = 0; k < model->n_gaussians; k++) {
        crn_array_free(&model->gaussians[k].scaling);
        crn_array_free(&model->gaussians[k].rotation);
    }
    free(model->gaussians);
}

static crn_status check_gaussian(const gaussian *g, int64_t features, crn_error *err)
{
    const crn_array *rotation = &g->rotation, *scaling = &g->scaling;
    if (!crn_dtype_is_number(rotation->dtype) || !crn_dtype_is_number(scaling->dtype))
        return crn_fail(err, CRN_FORMAT, "rotations_ and scalings_ must hold numbers");
    if (scaling->ndim != 1 || scaling->shape[0] < 1 || rotation->ndim != 2 ||
        rotation->shape[0] != features || rotation->shape[1] != scaling->shape[0])
        return crn_fail(err, CRN_FORMAT, "rotations_ and scalings_ do not fit each other");
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    quadratic_discriminant_analysis *model = self;
    const int64_t features = model->means_.ndim == 2 ? model->means_.shape[1] : 0;
    if (!crn_dtype_is_number(model->means_.dtype) || !crn_dtype_is_number(model->priors_.dtype))
        return crn_fail(err, CRN_FORMAT, "means_ and priors_ must hold numbers");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = features;
    if (features < 1 || features != model->base.n_features_in_)
        return crn_fail(err, CRN_FORMAT, "means_ is not for %lld features",
                        (long long)model->base.n_features_in_);
    if (model->classes_.shape[0] < 1 || model->n_gaussians != model->classes_.shape[0])
        return crn_fail(err, CRN_FORMAT, "there is not one of rotations_ for each class");
    for (int64_t k = 0; k < model->n_gaussians; k++)
        CRN_TRY(check_gaussian(&model->gaussians[k], features, err));
    return CRN_OK;
}

/* ---- operations ---- */

/* R / sqrt(S): to the class's axes, with variance 1 along each. */
static crn_value whitening(const gaussian *g, crn_graph *graph)
{
    crn_array weights = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    if (crn_array_create(CRN_FLOAT64, 0, 2, g->rotation.shape, &weights, &graph->error) ==
            CRN_OK &&
        crn_array_copy_to(&g->rotation, CRN_FLOAT64, 8, weights.data, &graph->error) ==
            CRN_OK) {
        double *w = weights.data; /* (n_features_in_, rank) */
        const int64_t rank = weights.shape[1];
        for (int64_t i = 0; i < crn_array_size(&weights); i++)
            w[i] *= pow(crn_array_get(&g->scaling, i % rank), -0.5);
        value = crn_graph_constant(graph, &weights);
    }
    crn_array_free(&weights);
    return value;
}

/* Squared distance from the mean of class k, in its own metric: (rows, 1). */
static crn_value distance(const quadratic_discriminant_analysis *self, int64_t k,
                          crn_graph *graph, crn_value x)
{
    const int64_t one = 1, features = self->base.n_features_in_;
    crn_array mean = self->means_; /* a view of its row k */
    mean.ndim = 1;
    mean.data = (char *)self->means_.data + k * self->means_.strides[0];
    mean.shape[0] = features;
    mean.strides[0] = self->means_.strides[1];
    x = crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE, crn_constant_float64(graph, &mean),
                  CRN_NO_VALUE);
    x = crn_affine(graph, x, whitening(&self->gaussians[k], graph), false, CRN_NO_VALUE);
    return crn_reshape(graph, crn_reduce(graph, x, CRN_REDUCE_SQUARES), 1, &one);
}

static double log_determinant(const gaussian *g)
{
    double sum = 0.0;
    for (int64_t i = 0; i < g->scaling.shape[0]; i++)
        sum += log(crn_array_get(&g->scaling, i));
    return sum;
}

/* -0.5 (distance + log |covariance|) + log(prior): (rows, n_classes). */
static crn_value log_posterior(const quadratic_discriminant_analysis *self, crn_graph *graph,
                               crn_value x)
{
    const int64_t classes = self->n_gaussians;
    const double minus_half = -0.5;
    crn_value *each = crn_arena_alloc(graph->arena, (size_t)classes, sizeof *each);
    double *terms = crn_arena_alloc(graph->arena, 2 * (size_t)classes, sizeof *terms);
    if (each == NULL || terms == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "no memory for %lld classes",
                              (long long)classes);
    for (int64_t k = 0; k < classes; k++) {
        each[k] = distance(self, k, graph, x);
        terms[k] = log_determinant(&self->gaussians[k]);
        terms[classes + k] = log(crn_array_get(&self->priors_, k));
    }
    crn_value sum = crn_concat(graph, each, (int)classes, 0);
    sum = crn_binary(graph, sum, crn_graph_numbers(graph, CRN_FLOAT64, terms, classes, 0),
                     CRN_BINARY_ADD);
    sum = crn_binary(graph, sum, crn_graph_numbers(graph, CRN_FLOAT64, &minus_half, 1, 0),
                     CRN_BINARY_MULTIPLY);
    return crn_binary(graph, sum,
                      crn_graph_numbers(graph, CRN_FLOAT64, terms + classes, classes, 0),
                      CRN_BINARY_ADD);
}

/* Of two classes, the second one's score less the first one's. */
static crn_value decision(const quadratic_discriminant_analysis *self, crn_graph *graph,
                          crn_value scores)
{
    if (self->n_gaussians != 2)
        return scores;
    const int64_t first = 0, second = 1;
    crn_value difference =
        crn_binary(graph, crn_columns(graph, scores, &second, 1),
                   crn_columns(graph, scores, &first, 1), CRN_BINARY_SUBTRACT);
    return crn_reshape(graph, difference, 0, NULL);
}

/* From 1.6 on the difference of logarithms, before the logarithm of the quotient. */
static crn_value log_probabilities(const quadratic_discriminant_analysis *self,
                                   crn_graph *graph, crn_value scores)
{
    const char *version = self->base.sklearn_version;
    if (version == NULL || crn_version_compare(version, "1.6") >= 0)
        return crn_softmax(graph, scores, CRN_LOG_SOFTMAX, -1);
    return crn_unary(graph, crn_softmax(graph, scores, CRN_SOFTMAX, -1), CRN_UNARY_LOG);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const quadratic_discriminant_analysis *model = self;
    crn_value scores = log_posterior(model, graph, x);
    switch (method) {
    case CRN_DECISION_FUNCTION:
        return decision(model, graph, scores);
    case CRN_PREDICT_PROBA:
        return crn_softmax(graph, scores, CRN_SOFTMAX, -1);
    case CRN_PREDICT_LOG_PROBA:
        return log_probabilities(model, graph, scores);
    default:
        return crn_take(graph, crn_graph_constant(graph, &model->classes_),
                        crn_argmax(graph, scores));
    }
}

const crn_estimator crn_estimator_QuadraticDiscriminantAnalysis = {
    .name = "QuadraticDiscriminantAnalysis",
    .module = "sklearn.discriminant_analysis",
    .modules = "sklearn.discriminant_analysis",
    .size = sizeof(quadratic_discriminant_analysis),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
               1u << CRN_DECISION_FUNCTION,
    .flags = CRN_NEEDS_Y,
    .lower = lower,
    .check = check,
    .read = read,
    .release = release,
};
