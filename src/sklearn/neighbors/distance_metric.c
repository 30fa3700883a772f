/* SPDX-License-Identifier: BSD-3-Clause */
/* What names and DistanceMetric objects mean. */
#include "sklearn/neighbors/distance_metric.h"

#include <math.h>
#include <string.h>

#include "base/dtype.h"
#include "format/pickle.h"
#include "model/field.h"

/* ---- by name ---- */

static const struct {
    const char *name; /* as scikit-learn and SciPy spell it */
    const char *cls;  /* the DistanceMetric; NULL: there is none */
    crn_distance_metric_kind kind;
    const char *weights; /* the parameter that holds them; NULL: none */
} metrics[] = {
    {"euclidean", "EuclideanDistance", CRN_METRIC_EUCLIDEAN, NULL},
    {"l2", NULL, CRN_METRIC_EUCLIDEAN, NULL},
    {"sqeuclidean", NULL, CRN_METRIC_SQEUCLIDEAN, NULL},
    {"manhattan", "ManhattanDistance", CRN_METRIC_MANHATTAN, NULL},
    {"cityblock", NULL, CRN_METRIC_MANHATTAN, NULL},
    {"l1", NULL, CRN_METRIC_MANHATTAN, NULL},
    {"chebyshev", "ChebyshevDistance", CRN_METRIC_CHEBYSHEV, NULL},
    {"infinity", NULL, CRN_METRIC_CHEBYSHEV, NULL},
    {"minkowski", "MinkowskiDistance", CRN_METRIC_MINKOWSKI, "w"},
    {"p", NULL, CRN_METRIC_MINKOWSKI, "w"},
    {"wminkowski", "WMinkowskiDistance", CRN_METRIC_WMINKOWSKI, "w"},
    {"seuclidean", "SEuclideanDistance", CRN_METRIC_SEUCLIDEAN, "V"},
    {"mahalanobis", "MahalanobisDistance", CRN_METRIC_MAHALANOBIS, "VI"},
    {"canberra", "CanberraDistance", CRN_METRIC_CANBERRA, NULL},
    {"braycurtis", "BrayCurtisDistance", CRN_METRIC_BRAYCURTIS, NULL},
    {"haversine", "HaversineDistance", CRN_METRIC_HAVERSINE, NULL},
    {"cosine", NULL, CRN_METRIC_COSINE, NULL},
    {"correlation", NULL, CRN_METRIC_CORRELATION, NULL},
    {"nan_euclidean", NULL, CRN_METRIC_NAN_EUCLIDEAN, NULL},
    {"precomputed", NULL, CRN_METRIC_PRECOMPUTED, NULL},
    {"hamming", "HammingDistance", CRN_METRIC_HAMMING, "w"},
    {"jaccard", "JaccardDistance", CRN_METRIC_JACCARD, NULL},
    {"matching", "MatchingDistance", CRN_METRIC_MATCHING, NULL},
    {"dice", "DiceDistance", CRN_METRIC_DICE, NULL},
    {"kulsinski", "KulsinskiDistance", CRN_METRIC_KULSINSKI, NULL},
    {"rogerstanimoto", "RogersTanimotoDistance", CRN_METRIC_ROGERSTANIMOTO, NULL},
    {"russellrao", "RussellRaoDistance", CRN_METRIC_RUSSELLRAO, NULL},
    {"sokalmichener", "SokalMichenerDistance", CRN_METRIC_SOKALMICHENER, NULL},
    {"sokalsneath", "SokalSneathDistance", CRN_METRIC_SOKALSNEATH, NULL},
    {"yule", NULL, CRN_METRIC_YULE, NULL},
};
enum { METRICS = sizeof metrics / sizeof *metrics };

static crn_status read_weights(const crn_object *value, const char *name, crn_array *weights,
                               crn_error *err)
{
    crn_array given = CRN_ARRAY_INIT;
    CRN_TRY(crn_object_to_array(value, &given, err));
    crn_status status =
        crn_dtype_is_number(given.dtype)
            ? crn_array_astype(&given, CRN_FLOAT64, weights, err)
            : crn_fail(err, CRN_FORMAT, "metric parameter %s holds no numbers", name);
    crn_array_free(&given);
    return status;
}

/* A parameter that is None counts as absent; one that no rule covers is refused, since it may
 * change distances. Before 1.1 minkowski with p=2 became euclidean and left its w behind. */
static crn_status read_params(int i, const crn_object *params, crn_distance_metric *metric,
                              crn_array *weights, crn_error *err)
{
    if (!crn_object_is(params, CRN_OBJ_DICT))
        return CRN_OK;
    for (size_t k = 0; k + 1 < params->as.items.count; k += 2) {
        const char *key = crn_object_text(params->as.items.at[k]);
        const crn_object *value = params->as.items.at[k + 1];
        const bool ignored =
            key != NULL && metric->kind == CRN_METRIC_EUCLIDEAN && strcmp(key, "w") == 0;
        if (key == NULL || ignored || crn_object_is_none(value))
            continue;
        if (strcmp(key, "p") == 0) {
            if (!crn_object_as_double(value, &metric->p))
                return crn_fail(err, CRN_FORMAT, "metric parameter p is no number");
        } else if (metrics[i].weights != NULL && strcmp(key, metrics[i].weights) == 0 &&
                   weights->data == NULL) {
            CRN_TRY(read_weights(value, key, weights, err));
        } else if (strcmp(key, "squared") != 0 && strcmp(key, "V") != 0) {
            return crn_fail(err, CRN_UNSUPPORTED, "metric '%s' with the parameter '%s'",
                            metrics[i].name, key);
        }
    }
    return CRN_OK;
}

/* Every kind has the weights that it needs, in the size of a row. */
static crn_status check_weights(const crn_distance_metric *metric, const crn_array *weights,
                                int64_t features, crn_error *err)
{
    crn_type type = {0};
    if (metric->kind == CRN_METRIC_PRECOMPUTED)
        return CRN_OK;
    if (weights->data != NULL) {
        type = crn_type_rows(weights->dtype, weights->ndim, weights->shape);
        type.rows = false;
    } else if (metric->kind == CRN_METRIC_SEUCLIDEAN) {
        return crn_fail(err, CRN_UNSUPPORTED,
                        "The 'V' parameter is required for the seuclidean "
                        "metric when Y is passed.");
    } else if (metric->kind == CRN_METRIC_MAHALANOBIS) {
        return crn_fail(err, CRN_UNSUPPORTED,
                        "The 'VI' parameter is required for the mahalanobis "
                        "metric when Y is passed.");
    }
    const bool powers =
        metric->kind == CRN_METRIC_MINKOWSKI || metric->kind == CRN_METRIC_WMINKOWSKI;
    if (powers && !(metric->p > 0 && isfinite(metric->p)))
        return crn_fail(err, CRN_FORMAT, "p must be greater than 0");
    return crn_distance_metric_infer(metric, &type, features, err);
}

crn_status crn_distance_metric_by_name(const char *name, const crn_object *params,
                                       int64_t features, crn_distance_metric *metric,
                                       crn_array *weights, crn_error *err)
{
    for (int i = 0; name != NULL && i < METRICS; i++) {
        if (strcmp(metrics[i].name, name) != 0)
            continue;
        *metric = (crn_distance_metric){.kind = metrics[i].kind, .p = 2};
        CRN_TRY(read_params(i, params, metric, weights, err));
        return check_weights(metric, weights, features, err);
    }
    return crn_fail(err, CRN_UNSUPPORTED, "metric='%s' is not supported",
                    name != NULL ? name : "<callable>");
}

/* ---- DistanceMetric objects ---- */

static const crn_object *class_of_metric(const crn_object *object)
{
    if (!crn_object_is(object, CRN_OBJ_INSTANCE))
        return NULL;
    const crn_object *cls = crn_object_item(object->as.instance->args, 0);
    return crn_object_is(cls, CRN_OBJ_GLOBAL) ? cls : NULL;
}

/* The row of a class name with or without the size of its numbers; -1: none. */
static int row_of_class(const char *name)
{
    size_t size = name != NULL ? strlen(name) : 0;
    if (size > 2 && (strcmp(name + size - 2, "64") == 0 || strcmp(name + size - 2, "32") == 0))
        size -= 2;
    for (int i = 0; i < METRICS; i++) {
        if (metrics[i].cls != NULL && strlen(metrics[i].cls) == size &&
            strncmp(metrics[i].cls, name, size) == 0)
            return i;
    }
    return -1;
}

static bool is_metric_module(const char *module)
{
    static const char *const modules[] = {"sklearn.metrics._dist_metrics",
                                          "sklearn.neighbors._dist_metrics",
                                          "sklearn.neighbors.dist_metrics"};
    for (size_t i = 0; module != NULL && i < sizeof modules / sizeof *modules; i++) {
        if (strcmp(modules[i], module) == 0)
            return true;
    }
    return false;
}

bool crn_is_distance_metric(const crn_object *object)
{
    const crn_object *cls = class_of_metric(object);
    return cls != NULL && is_metric_module(crn_object_text(cls->as.global.module));
}

/* The state is (p, vec, mat), or (p, vec, mat, func, kwargs) of a PyFuncDistance. */
crn_status crn_distance_metric_read(const crn_object *object, int64_t features,
                                    crn_distance_metric *metric, crn_array *weights,
                                    crn_error *err)
{
    if (!crn_is_distance_metric(object))
        return crn_fail(err, CRN_FORMAT, "a tree without a DistanceMetric");
    const char *name = crn_object_text(class_of_metric(object)->as.global.name);
    const int i = row_of_class(name);
    if (i < 0)
        return crn_fail(err, CRN_UNSUPPORTED, "metric=<callable> (%s) is not supported",
                        name != NULL ? name : "?");
    const crn_object *state = object->as.instance->state;
    *metric = (crn_distance_metric){.kind = metrics[i].kind};
    if (!crn_object_as_double(crn_object_item(state, 0), &metric->p))
        return crn_fail(err, CRN_FORMAT, "a %s without p", name);
    const int place = metric->kind == CRN_METRIC_MAHALANOBIS ? 2 : 1;
    if (metrics[i].weights != NULL && metric->kind != CRN_METRIC_HAMMING)
        CRN_TRY(read_weights(crn_object_item(state, (size_t)place), "state", weights, err));
    if (weights->data != NULL && metric->kind == CRN_METRIC_MINKOWSKI &&
        crn_array_size(weights) < features) /* none is kept as an empty vector, or as one 0 */
        crn_array_free(weights);
    return check_weights(metric, weights, features, err);
}

/* ---- other versions ---- */

crn_object *crn_wminkowski_weights(const crn_distance_metric *metric, const crn_array *weights,
                                   crn_document *document)
{
    crn_array powers = CRN_ARRAY_INIT;
    if (crn_array_astype(weights, CRN_FLOAT64, &powers, NULL) != CRN_OK)
        return NULL;
    for (int64_t i = 0; i < crn_array_size(&powers); i++)
        ((double *)powers.data)[i] = pow(((double *)powers.data)[i], metric->p);
    crn_object *made = crn_object_array(document, &powers);
    crn_array_free(&powers);
    return made;
}

static crn_object *zeros(crn_document *document, int64_t n)
{
    crn_array made = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT64, 0, 1, &n, &made, NULL) != CRN_OK)
        return NULL;
    crn_object *object = crn_object_array(document, &made);
    crn_array_free(&made);
    return object;
}

/* The `vec` of the state in that version; NULL: as it is. Before 1.0 a MahalanobisDistance
 * works in it. From 1.1 on a MinkowskiDistance takes what it finds there for weights, where
 * versions before have one 0. */
static crn_object *vector_for(crn_document *document, const char *sklearn,
                              const crn_distance_metric *metric, const crn_array *weights,
                              int64_t features)
{
    switch (metric->kind) {
    case CRN_METRIC_MAHALANOBIS:
        return crn_version_compare(sklearn, "1.0") < 0 ? zeros(document, features) : NULL;
    case CRN_METRIC_MINKOWSKI:
        return weights->data == NULL && crn_version_compare(sklearn, "1.1") >= 0
                   ? zeros(document, 0)
                   : NULL;
    case CRN_METRIC_WMINKOWSKI:
        return crn_version_compare(sklearn, "1.3") >= 0
                   ? crn_wminkowski_weights(metric, weights, document)
                   : NULL;
    default:
        return NULL;
    }
}

crn_status crn_distance_metric_adapt(crn_object *object, crn_document *document,
                                     const char *sklearn, const crn_distance_metric *metric,
                                     const crn_array *weights, int64_t features, crn_error *err)
{
    if (metric->kind == CRN_METRIC_MINKOWSKI && weights->data != NULL &&
        crn_version_compare(sklearn, "1.1") < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no weights of a MinkowskiDistance, which came "
                        "with 1.1",
                        sklearn);
    crn_object *state = crn_is_distance_metric(object) ? object->as.instance->state : NULL;
    crn_object *vector = vector_for(document, sklearn, metric, weights, features);
    if (vector == NULL || !crn_object_is(state, CRN_OBJ_TUPLE) || state->as.items.count < 2)
        return CRN_OK;
    state->as.items.at[1] = vector;
    if (metric->kind != CRN_METRIC_WMINKOWSKI)
        return CRN_OK;
    crn_object *cls =
        crn_object_global(document, "sklearn.metrics._dist_metrics", "MinkowskiDistance64");
    if (cls == NULL)
        return crn_arena_fail(document->arena, err);
    object->as.instance->args->as.items.at[0] = cls;
    return CRN_OK;
}
