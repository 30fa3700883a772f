/* SPDX-License-Identifier: BSD-3-Clause */
/* The covariance estimators: EmpiricalCovariance, ShrunkCovariance, LedoitWolf, OAS,
 * GraphicalLasso, GraphicalLassoCV, MinCovDet and EllipticEnvelope. They differ in how they
 * fit; all measure Mahalanobis distances, as sklearn/covariance/_empirical_covariance.py (1.9),
 * and EllipticEnvelope judges by them, as _elliptic_envelope.py. */
#include <float.h>
#include <stdlib.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/decomposition/projection.h"
#include "sklearn/fitted.h"
#include "solve/pseudo_inverse.h"

/* Parameters of all of the classes: each uses its own. */
typedef struct covariance {
    crn_estimator_base base;
    bool store_precision;
    bool assume_centered;
    double shrinkage;
    int64_t block_size;
    const crn_object *support_fraction;
    double contamination;
    const crn_object *random_state;
    double alpha;
    const char *mode;
    const char *covariance;
    double tol;
    double enet_tol;
    int64_t max_iter;
    const crn_object *verbose;
    double eps;
    const crn_object *alphas;
    int64_t n_refinements;
    const crn_object *cv;
    const crn_object *n_jobs;
    crn_array location_;   /* (n_features) */
    crn_array covariance_; /* (n_features, n_features) */
    crn_array precision_;  /* (n_features, n_features), unless store_precision is False */
    double offset_;        /* EllipticEnvelope */
} covariance_model;

#define FITTED_FIELDS                                                                          \
    CRN_BASE_FIELDS, CRN_FITTED_ARRAY(covariance_model, location_, "n_features_in_"),          \
        CRN_FITTED_ARRAY(covariance_model, covariance_, "n_features_in_, n_features_in_"),     \
    {                                                                                          \
        .name = "precision_", .type = CRN_FIELD_ARRAY,                                         \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_NONE_OK,                    \
        .shape = "n_features_in_, n_features_in_",                                             \
        .offset = offsetof(covariance_model, precision_)                                       \
    }

static const crn_field empirical_covariance_fields[] = {
    CRN_PARAM(covariance_model, store_precision, BOOL, "True", NULL),
    CRN_PARAM(covariance_model, assume_centered, BOOL, "False", NULL),
    FITTED_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field shrunk_covariance_fields[] = {
    CRN_PARAM(covariance_model, store_precision, BOOL, "True", NULL),
    CRN_PARAM(covariance_model, assume_centered, BOOL, "False", NULL),
    CRN_PARAM(covariance_model, shrinkage, REAL, "0.1", "real [0, 1]"),
    FITTED_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field ledoit_wolf_fields[] = {
    CRN_PARAM(covariance_model, store_precision, BOOL, "True", NULL),
    CRN_PARAM(covariance_model, assume_centered, BOOL, "False", NULL),
    CRN_PARAM(covariance_model, block_size, INT, "1000", "int >= 1"),
    FITTED_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field oas_fields[] = {
    CRN_PARAM(covariance_model, store_precision, BOOL, "True", NULL),
    CRN_PARAM(covariance_model, assume_centered, BOOL, "False", NULL),
    FITTED_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field graphical_lasso_fields[] = {
    CRN_PARAM(covariance_model, alpha, REAL, "0.01", "real [0, inf]"),
    CRN_PARAM(covariance_model, mode, STRING, "'cd'", "'cd' | 'lars'"),
    CRN_PARAM_FOR_FIT_SINCE(covariance_model, covariance, STRING, "None",
                            "'precomputed' | None", "1.3", NULL),
    CRN_PARAM(covariance_model, tol, REAL, "0.0001", "real (0, inf]"),
    CRN_PARAM(covariance_model, enet_tol, REAL, "0.0001", "real (0, inf]"),
    CRN_PARAM(covariance_model, max_iter, INT, "100", "int >= 0"),
    CRN_PARAM(covariance_model, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM_FOR_FIT_SINCE(covariance_model, eps, REAL, "2.220446049250313e-16",
                            "real [0, inf]", "1.3", NULL),
    CRN_PARAM(covariance_model, assume_centered, BOOL, "False", NULL),
    FITTED_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field graphical_lasso_cv_fields[] = {
    CRN_PARAM(covariance_model, alphas, OBJECT, "4", "int >= 0 | array"),
    CRN_PARAM(covariance_model, n_refinements, INT, "4", "int >= 1"),
    CRN_PARAM(covariance_model, cv, OBJECT, "None", "cv"),
    CRN_PARAM(covariance_model, tol, REAL, "0.0001", "real (0, inf]"),
    CRN_PARAM(covariance_model, enet_tol, REAL, "0.0001", "real (0, inf]"),
    CRN_PARAM(covariance_model, max_iter, INT, "100", "int >= 0"),
    CRN_PARAM(covariance_model, mode, STRING, "'cd'", "'cd' | 'lars'"),
    CRN_PARAM(covariance_model, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(covariance_model, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM_FOR_FIT_SINCE(covariance_model, eps, REAL, "2.220446049250313e-16",
                            "real [0, inf]", "1.3", NULL),
    CRN_PARAM(covariance_model, assume_centered, BOOL, "False", NULL),
    FITTED_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field min_cov_det_fields[] = {
    CRN_PARAM(covariance_model, store_precision, BOOL, "True", NULL),
    CRN_PARAM(covariance_model, assume_centered, BOOL, "False", NULL),
    CRN_PARAM(covariance_model, support_fraction, OBJECT, "None", "real (0, 1] | None"),
    CRN_PARAM(covariance_model, random_state, OBJECT, "None", "random_state"),
    FITTED_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field elliptic_envelope_fields[] = {
    CRN_PARAM(covariance_model, store_precision, BOOL, "True", NULL),
    CRN_PARAM(covariance_model, assume_centered, BOOL, "False", NULL),
    CRN_PARAM(covariance_model, support_fraction, OBJECT, "None", "real (0, 1] | None"),
    CRN_PARAM(covariance_model, contamination, REAL, "0.1", "real (0, 0.5]"),
    CRN_PARAM(covariance_model, random_state, OBJECT, "None", "random_state"),
    FITTED_FIELDS,
    CRN_FITTED(covariance_model, offset_, REAL),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    covariance_model *model = self;
    CRN_TRY(crn_fitted_vector(&model->location_, "location_", -1, err));
    const int64_t n = model->location_.shape[0];
    CRN_TRY(crn_fitted_features(&model->base, "location_", n, err));
    CRN_TRY(crn_fitted_matrix(&model->covariance_, "covariance_", n, n, err));
    return model->precision_.data != NULL
               ? crn_fitted_matrix(&model->precision_, "precision_", n, n, err)
               : CRN_OK;
}

/* get_precision: precision_, or the pseudo-inverse of covariance_ where it is not kept. */
static crn_value precision(const covariance_model *self, crn_graph *graph)
{
    if (self->precision_.data != NULL)
        return crn_constant_float64(graph, &self->precision_);
    crn_array inverse = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    if (crn_array_astype(&self->covariance_, CRN_FLOAT64, &inverse, &graph->error) == CRN_OK &&
        crn_pinvh(inverse.data, inverse.shape[0], &graph->error) == CRN_OK)
        value = crn_graph_constant(graph, &inverse);
    crn_array_free(&inverse);
    return value;
}

static crn_value mahalanobis(const covariance_model *self, crn_graph *graph, crn_value x)
{
    crn_value centred = crn_centred(graph, x, &self->location_);
    crn_value product = crn_affine(graph, centred, precision(self, graph), false, CRN_NO_VALUE);
    product = crn_binary(graph, product, centred, CRN_BINARY_MULTIPLY);
    return crn_reduce(graph, product, CRN_REDUCE_SUM);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    return mahalanobis(self, graph, x);
}

/* 1 where the decision is not negative, else -1. */
static crn_value inlier(crn_graph *graph, crn_value decision)
{
    static const double signs[] = {-1.0, 1.0};
    crn_value table = crn_graph_numbers(graph, CRN_INT64, signs, 2, 0);
    return crn_take(graph, table, crn_step(graph, decision, -DBL_TRUE_MIN));
}

static crn_value lower_envelope(const void *self, crn_method method, crn_graph *graph,
                                crn_value x)
{
    const covariance_model *model = self;
    crn_value distance = mahalanobis(model, graph, x);
    if (method == CRN_MAHALANOBIS)
        return distance;
    crn_value score = crn_unary(graph, distance, CRN_UNARY_NEGATE);
    if (method == CRN_SCORE_SAMPLES)
        return score;
    crn_value offset = crn_graph_numbers(graph, CRN_FLOAT64, &model->offset_, 1, 0);
    crn_value decision = crn_binary(graph, crn_reshape(graph, score, 1, (int64_t[]){1}), offset,
                                    CRN_BINARY_SUBTRACT);
    decision = crn_reshape(graph, decision, 0, NULL);
    return method == CRN_DECISION_FUNCTION ? decision : inlier(graph, decision);
}

/* 0.24 to 1.1 keep cv_results_ in a dict class of their own, which no other version has. */
static crn_status write_cv(const void *self, crn_document *document, crn_object *state,
                           const char *sklearn, crn_error *err)
{
    (void)self;
    const crn_object *results = crn_object_get(state, "cv_results_");
    const bool has_class =
        crn_version_compare(sklearn, "0.24") >= 0 && crn_version_compare(sklearn, "1.2") < 0;
    if (has_class || !crn_object_is(results, CRN_OBJ_INSTANCE))
        return CRN_OK;
    const crn_object_items *pairs = &results->as.instance->set;
    crn_object *dict = crn_object_new(document, CRN_OBJ_DICT);
    for (size_t i = 0; dict != NULL && i + 1 < pairs->count; i += 2) {
        if (!crn_object_set_pair(document, dict, pairs->at[i], pairs->at[i + 1]))
            return crn_arena_fail(document->arena, err);
    }
    return crn_object_set(document, state, "cv_results_", dict)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

#define COVARIANCE(class_, modules_, fields_, write_)                                          \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.covariance",                                                        \
        .modules = modules_,                                                                   \
        .size = sizeof(covariance_model),                                                      \
        .fields = fields_,                                                                     \
        .methods = 1u << CRN_MAHALANOBIS,                                                      \
        .lower = lower,                                                                        \
        .check = check,                                                                        \
        .write = write_,                                                                       \
    }

COVARIANCE(EmpiricalCovariance,
           "sklearn.covariance._empirical_covariance "
           "sklearn.covariance.empirical_covariance_",
           empirical_covariance_fields, NULL);
COVARIANCE(ShrunkCovariance,
           "sklearn.covariance._shrunk_covariance sklearn.covariance.shrunk_covariance_",
           shrunk_covariance_fields, NULL);
COVARIANCE(LedoitWolf,
           "sklearn.covariance._shrunk_covariance sklearn.covariance.shrunk_covariance_",
           ledoit_wolf_fields, NULL);
COVARIANCE(OAS, "sklearn.covariance._shrunk_covariance sklearn.covariance.shrunk_covariance_",
           oas_fields, NULL);
COVARIANCE(GraphicalLasso, "sklearn.covariance._graph_lasso sklearn.covariance.graph_lasso_",
           graphical_lasso_fields, NULL);
COVARIANCE(GraphicalLassoCV, "sklearn.covariance._graph_lasso sklearn.covariance.graph_lasso_",
           graphical_lasso_cv_fields, write_cv);
COVARIANCE(MinCovDet,
           "sklearn.covariance._robust_covariance sklearn.covariance.robust_covariance",
           min_cov_det_fields, NULL);

const crn_estimator crn_estimator_EllipticEnvelope = {
    .name = "EllipticEnvelope",
    .module = "sklearn.covariance",
    .modules = "sklearn.covariance._elliptic_envelope sklearn.covariance.elliptic_envelope",
    .size = sizeof(covariance_model),
    .fields = elliptic_envelope_fields,
    .methods = 1u << CRN_MAHALANOBIS | 1u << CRN_PREDICT | 1u << CRN_DECISION_FUNCTION |
               1u << CRN_SCORE_SAMPLES,
    .lower = lower_envelope,
    .check = check,
};
