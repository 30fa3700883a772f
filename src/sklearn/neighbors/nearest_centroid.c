/* SPDX-License-Identifier: BSD-3-Clause */
/* NearestCentroid, as sklearn/neighbors/_nearest_centroid.py (1.9): the class of the nearest
 * centroid, or with priors a discriminant analysis. Versions before 1.3 take any metric, those
 * before 1.6 have no priors and no scores. */
#include <math.h>

#include "base/dtype.h"
#include "ops/elementwise.h"
#include "ops/neighbors.h"
#include "ops/rows.h"
#include "sklearn/estimator.h"
#include "sklearn/neighbors/distance_metric.h"

typedef struct nearest_centroid {
    crn_estimator_base base;
    crn_object *metric;
    crn_object *shrink_threshold, *priors;
    crn_array classes_;
    crn_array class_prior_;          /* (classes); none before 1.6 */
    crn_array centroids_;            /* (classes, n_features_in_) */
    crn_array within_class_std_dev_; /* (n_features_in_); none before 1.6 */
    crn_array deviations_;
} nearest_centroid;

static const crn_field fields[] = {
    CRN_PARAM(nearest_centroid, metric, OBJECT, "'euclidean'", "'euclidean' | 'manhattan'"),
    CRN_PARAM(nearest_centroid, shrink_threshold, OBJECT, "None", "real > 0 | None"),
    CRN_PARAM_SINCE(nearest_centroid, priors, OBJECT, "'uniform'",
                    "array | 'empirical' | 'uniform'", "1.6", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(nearest_centroid, classes_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(nearest_centroid, class_prior_, NULL),
    CRN_FITTED_ARRAY(nearest_centroid, centroids_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(nearest_centroid, within_class_std_dev_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(nearest_centroid, deviations_, NULL),
    CRN_FIELDS_END,
};

static bool fits(const crn_array *array, int64_t length)
{
    return array->data == NULL ||
           (crn_dtype_is_number(array->dtype) && array->ndim == 1 && array->shape[0] == length);
}

static crn_status check(void *self, crn_error *err)
{
    nearest_centroid *model = self;
    const crn_array *centroids = &model->centroids_;
    if (model->classes_.ndim != 1 || model->classes_.shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "classes_ is not a list of classes");
    const int64_t classes = model->classes_.shape[0];
    if (centroids->ndim != 2 || centroids->shape[0] != classes || centroids->shape[1] < 1 ||
        !crn_dtype_is_number(centroids->dtype))
        return crn_fail(err, CRN_FORMAT, "centroids_ does not have %lld rows of numbers",
                        (long long)classes);
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = centroids->shape[1];
    if (model->base.n_features_in_ != centroids->shape[1])
        return crn_fail(err, CRN_FORMAT, "centroids_ does not have %lld columns",
                        (long long)model->base.n_features_in_);
    if (!fits(&model->class_prior_, classes))
        return crn_fail(err, CRN_FORMAT, "class_prior_ does not have %lld numbers",
                        (long long)classes);
    if (!fits(&model->within_class_std_dev_, centroids->shape[1]))
        return crn_fail(err, CRN_FORMAT, "within_class_std_dev_ does not have %lld numbers",
                        (long long)centroids->shape[1]);
    return CRN_OK;
}

/* Scores came with the priors, for the euclidean metric. */
static bool has_scores(const nearest_centroid *self)
{
    return self->class_prior_.data != NULL && self->within_class_std_dev_.data != NULL &&
           crn_object_is_str(self->metric, "euclidean");
}

static bool has_method(const void *self, crn_method method)
{
    return method == CRN_PREDICT || has_scores(self);
}

/* np.isclose(class_prior_, 1 / classes).all() */
static bool is_uniform(const nearest_centroid *self)
{
    const int64_t classes = self->classes_.shape[0];
    const double even = 1.0 / (double)classes;
    for (int64_t i = 0; self->class_prior_.data != NULL && i < classes; i++) {
        if (!(fabs(crn_array_get(&self->class_prior_, i) - even) <= 1e-8 + 1e-5 * even))
            return false;
    }
    return true;
}

/* ---- lower ---- */

/* The index of the nearest centroid. */
static crn_value nearest(const nearest_centroid *self, crn_graph *graph, crn_value x)
{
    crn_array centroids = CRN_ARRAY_INIT;
    crn_neighbor_index index = {.samples = self->centroids_.shape[0],
                                .features = self->centroids_.shape[1]};
    crn_value value = CRN_NO_VALUE;
    if (crn_distance_metric_by_name(crn_object_text(self->metric), NULL, index.features,
                                    &index.metric, &index.weights, &graph->error) == CRN_OK &&
        crn_array_astype(&self->centroids_, CRN_FLOAT64, &centroids, &graph->error) == CRN_OK) {
        index.data = centroids;
        if (index.metric.kind == CRN_METRIC_EUCLIDEAN)
            value = crn_nearest_center(graph, x, &centroids);
        else
            value =
                crn_argmax(graph, crn_unary(graph, crn_distances(graph, x, &index, (double)NAN),
                                            CRN_UNARY_NEGATE));
    }
    crn_array_free(&centroids);
    return value;
}

/* Features are divided by their spread within classes, unless that is 0. */
static crn_status spread_of(const nearest_centroid *self, crn_array *spread,
                            crn_array *centroids, crn_error *err)
{
    CRN_TRY(crn_array_astype(&self->within_class_std_dev_, CRN_FLOAT64, spread, err));
    CRN_TRY(crn_array_astype(&self->centroids_, CRN_FLOAT64, centroids, err));
    const int64_t features = self->centroids_.shape[1];
    for (int64_t j = 0; j < features; j++) {
        double *s = (double *)spread->data + j;
        *s = *s == 0 ? 1 : *s;
        for (int64_t i = 0; i < self->centroids_.shape[0]; i++)
            ((double *)centroids->data)[i * features + j] /= *s;
    }
    return CRN_OK;
}

/* 2 log(prior) of each class. */
static crn_value log_priors(const nearest_centroid *self, crn_graph *graph)
{
    crn_array logs = CRN_ARRAY_INIT;
    if (crn_array_astype(&self->class_prior_, CRN_FLOAT64, &logs, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t i = 0; i < logs.shape[0]; i++)
        ((double *)logs.data)[i] = 2.0 * log(((double *)logs.data)[i]);
    const crn_value value = crn_graph_constant(graph, &logs);
    crn_array_free(&logs);
    return value;
}

/* -distance^2 + 2 log(prior) (rows, classes) */
static crn_value scores(const nearest_centroid *self, crn_graph *graph, crn_value x)
{
    crn_array spread = CRN_ARRAY_INIT, centroids = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    if (spread_of(self, &spread, &centroids, &graph->error) == CRN_OK) {
        const crn_value scaled = crn_scale(graph, x, CRN_SCALE_SUBTRACT_DIVIDE, CRN_NO_VALUE,
                                           crn_graph_constant(graph, &spread));
        const crn_value distances = crn_euclidean_distances(graph, scaled, &centroids);
        const crn_value squares = crn_unary(graph, distances, CRN_UNARY_SQUARE);
        value = crn_binary(graph, crn_unary(graph, squares, CRN_UNARY_NEGATE),
                           log_priors(self, graph), CRN_BINARY_ADD);
    }
    crn_array_free(&spread);
    crn_array_free(&centroids);
    return value;
}

/* Of two classes, how much more the second has than the first. */
static crn_value decision(const nearest_centroid *self, crn_graph *graph, crn_value score)
{
    if (self->classes_.shape[0] != 2)
        return score;
    const double difference[2] = {-1, 1};
    const crn_value weights = crn_graph_numbers(graph, CRN_FLOAT64, difference, 2, 0);
    return crn_reduce(graph, crn_binary(graph, score, weights, CRN_BINARY_MULTIPLY),
                      CRN_REDUCE_SUM);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const nearest_centroid *model = self;
    if (method == CRN_PREDICT) {
        const crn_value index = is_uniform(model) || !has_scores(model)
                                    ? nearest(model, graph, x)
                                    : crn_argmax(graph, scores(model, graph, x));
        return crn_take(graph, crn_graph_constant(graph, &model->classes_), index);
    }
    const crn_value score = scores(model, graph, x);
    if (method == CRN_DECISION_FUNCTION)
        return decision(model, graph, score);
    const crn_value logs = crn_softmax(graph, score, CRN_LOG_SOFTMAX, -1);
    return method == CRN_PREDICT_PROBA ? crn_unary(graph, logs, CRN_UNARY_EXP) : logs;
}

/* ---- write ---- */

/* From 1.6 on predict asks for priors; files before it have even ones, though they do not say
 * so. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const nearest_centroid *model = self;
    if (!model->base.fitted || model->class_prior_.data != NULL ||
        crn_version_compare(sklearn, "1.6") < 0)
        return CRN_OK;
    crn_array priors = CRN_ARRAY_INIT;
    const int64_t classes = model->classes_.shape[0];
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 1, &classes, &priors, err));
    for (int64_t i = 0; i < classes; i++)
        ((double *)priors.data)[i] = 1.0 / (double)classes;
    const bool ok =
        crn_object_set(document, state, "class_prior_", crn_object_array(document, &priors));
    crn_array_free(&priors);
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_NearestCentroid = {
    .name = "NearestCentroid",
    .module = "sklearn.neighbors",
    .modules = "sklearn.neighbors._nearest_centroid sklearn.neighbors.nearest_centroid",
    .size = sizeof(nearest_centroid),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
               1u << CRN_DECISION_FUNCTION,
    .flags = CRN_NEEDS_Y,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .write = write,
};
