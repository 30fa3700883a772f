/* SPDX-License-Identifier: BSD-3-Clause */
/* AgglomerativeClustering and FeatureAgglomeration, as sklearn/cluster/_agglomerative.py and
 * _feature_agglomeration.py (1.9). The first labels the samples that it was fitted on; the
 * second labels features, and pools those of a cluster. */
#include <stdlib.h>
#include <string.h>

#include "base/dtype.h"
#include "ops/pool_columns.h"
#include "ops/rows.h"
#include "sklearn/children.h"
#include "sklearn/fitted.h"
#include "sklearn/metrics/metric_names.h"
#include "sklearn/no_method.h"

typedef struct agglomerative {
    crn_estimator_base base;
    crn_object *n_clusters, *metric, *memory, *connectivity, *compute_full_tree;
    const char *linkage;
    crn_object *distance_threshold;
    bool compute_distances;
    crn_object *pooling_func; /* of FeatureAgglomeration */
    crn_array children_;
    int64_t n_clusters_;
    crn_array labels_; /* (samples), or (n_features_in_) of FeatureAgglomeration */
    int64_t _n_features_out;
} agglomerative;

/* clang-format off */
#define AGGLOMERATIVE_FITTED                                                                   \
    CRN_BASE_FIELDS,                                                                           \
    CRN_FITTED_ARRAY(agglomerative, children_, NULL),                                          \
    {.name = "n_clusters_", .type = CRN_FIELD_INT,                                             \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "-1",                             \
     .offset = offsetof(agglomerative, n_clusters_), .since = "0.21"},                         \
    CRN_FITTED_ARRAY(agglomerative, labels_, NULL)
/* clang-format on */

static const crn_field sample_fields[] = {
    CRN_PARAM(agglomerative, n_clusters, OBJECT, "2", "int >= 1 | None"),
    {.name = "metric",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(agglomerative, metric),
     .dflt = "'euclidean'",
     .constraint = CRN_PAIRWISE_METRICS,
     .since = "1.2",
     .old_names = "affinity"},
    CRN_PARAM(agglomerative, memory, OBJECT, "None", "str | has cache | None"),
    CRN_PARAM(agglomerative, connectivity, OBJECT, "None", "array | sparse | callable | None"),
    CRN_PARAM(agglomerative, compute_full_tree, OBJECT, "'auto'", "'auto' | bool"),
    CRN_PARAM(agglomerative, linkage, STRING, "'ward'",
              "'average' | 'complete' | 'single' | 'ward'"),
    CRN_PARAM_SINCE(agglomerative, distance_threshold, OBJECT, "None", "real >= 0 | None",
                    "0.21", NULL),
    CRN_PARAM_SINCE(agglomerative, compute_distances, BOOL, "False", NULL, "0.24", NULL),
    AGGLOMERATIVE_FITTED,
    CRN_FIELDS_END,
};

static const crn_field feature_fields[] = {
    CRN_PARAM(agglomerative, n_clusters, OBJECT, "2", "int >= 1 | None"),
    {.name = "metric",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(agglomerative, metric),
     .dflt = "'euclidean'",
     .constraint = CRN_PAIRWISE_METRICS,
     .since = "1.2",
     .old_names = "affinity"},
    CRN_PARAM(agglomerative, memory, OBJECT, "None", "str | has cache | None"),
    CRN_PARAM(agglomerative, connectivity, OBJECT, "None", "array | sparse | callable | None"),
    CRN_PARAM(agglomerative, compute_full_tree, OBJECT, "'auto'", "'auto' | bool"),
    CRN_PARAM(agglomerative, linkage, STRING, "'ward'",
              "'average' | 'complete' | 'single' | 'ward'"),
    CRN_PARAM(agglomerative, pooling_func, OBJECT, "numpy.mean", "callable"),
    CRN_PARAM_SINCE(agglomerative, distance_threshold, OBJECT, "None", "real >= 0 | None",
                    "0.21", NULL),
    CRN_PARAM_SINCE(agglomerative, compute_distances, BOOL, "False", NULL, "0.24", NULL),
    AGGLOMERATIVE_FITTED,
    {.name = "_n_features_out",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(agglomerative, _n_features_out),
     .dflt = "-1",
     .since = "1.1"},
    CRN_FIELDS_END,
};

/* ---- check ---- */

/* Each cluster 0, 1 ... n - 1 has a feature. */
static crn_status check_labels(const int64_t *labels, int64_t features, int64_t *clusters,
                               crn_error *err)
{
    bool *seen = crn_calloc((size_t)features, sizeof *seen);
    crn_status status = seen != NULL ? CRN_OK : crn_no_memory(err);
    int64_t found = 0, most = -1;
    for (int64_t j = 0; status == CRN_OK && j < features; j++) {
        if (labels[j] < 0 || labels[j] >= features) {
            status = crn_fail(err, CRN_FORMAT, "labels_ holds %lld", (long long)labels[j]);
            break;
        }
        found += !seen[labels[j]];
        seen[labels[j]] = true;
        most = labels[j] > most ? labels[j] : most;
    }
    if (status == CRN_OK && found != most + 1)
        status = crn_fail(err, CRN_FORMAT, "labels_ leaves a cluster out");
    free(seen);
    *clusters = found;
    return status;
}

static crn_status check_features(void *self, crn_error *err)
{
    agglomerative *model = self;
    crn_array labels = CRN_ARRAY_INIT;
    CRN_TRY(crn_fitted_vector(&model->labels_, "labels_", -1, err));
    CRN_TRY(crn_fitted_features(&model->base, "labels_", model->labels_.shape[0], err));
    CRN_TRY(crn_array_astype(&model->labels_, CRN_INT64, &labels, err));
    crn_status status =
        check_labels(labels.data, labels.shape[0], &model->_n_features_out, err);
    crn_array_free(&labels);
    return status;
}

/* ---- lower ---- */

/* NumPy's functions by name; false: another function. */
static bool pooling_of(const crn_object *function, crn_pooling *out)
{
    static const struct {
        const char *name;
        crn_pooling kind;
    } functions[] = {
        {"mean", CRN_POOL_MEAN},       {"median", CRN_POOL_MEDIAN}, {"max", CRN_POOL_MAX},
        {"amax", CRN_POOL_MAX},        {"min", CRN_POOL_MIN},       {"amin", CRN_POOL_MIN},
        {"sum", CRN_POOL_SUM},         {"prod", CRN_POOL_PROD},     {"std", CRN_POOL_STD},
        {"var", CRN_POOL_VAR},         {"ptp", CRN_POOL_PTP},       {"nanmean", CRN_POOL_MEAN},
        {"nanmedian", CRN_POOL_MEDIAN}};
    if (!crn_object_is(function, CRN_OBJ_GLOBAL))
        return false;
    const char *module = crn_object_text(function->as.global.module);
    const char *name = crn_object_text(function->as.global.name);
    const bool numpy =
        module != NULL && (strncmp(module, "numpy", 5) == 0 || strcmp(module, "np") == 0);
    for (size_t i = 0; numpy && name != NULL && i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            *out = functions[i].kind;
            return true;
        }
    }
    return false;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const agglomerative *model = self;
    crn_array labels = CRN_ARRAY_INIT;
    crn_pooling kind;
    if (crn_array_astype(&model->labels_, CRN_INT64, &labels, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    crn_value value;
    if (method == CRN_INVERSE_TRANSFORM)
        value = crn_columns(graph, x, labels.data, labels.shape[0]);
    else if (pooling_of(model->pooling_func, &kind))
        value = crn_pool_columns(graph, x, crn_graph_constant(graph, &labels), kind,
                                 model->_n_features_out);
    else
        value =
            crn_graph_fail(graph, CRN_UNSUPPORTED, "pooling_func=<callable> is not supported");
    crn_array_free(&labels);
    return value;
}

static int64_t input_width(const void *self, crn_method method)
{
    const agglomerative *model = self;
    return method == CRN_INVERSE_TRANSFORM ? model->_n_features_out
                                           : model->base.n_features_in_;
}

/* ---- write ---- */

/* metric was affinity before 1.2; 1.2 and 1.3 have both, and None for 'euclidean'. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const agglomerative *model = self;
    const bool old = crn_version_compare(sklearn, "1.2") < 0;
    if (crn_object_is_none(model->metric) &&
        (old || crn_version_compare(sklearn, "1.4") >= 0) &&
        !crn_object_set(document, state, old ? "affinity" : "metric",
                        crn_object_str(document, "euclidean")))
        return crn_arena_fail(document->arena, err);
    return crn_write_deprecated(document, state, sklearn, "affinity", "1.2", "1.4", err);
}

const crn_estimator crn_estimator_AgglomerativeClustering = {
    .name = "AgglomerativeClustering",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._agglomerative sklearn.cluster.hierarchical "
               "sklearn.cluster._hierarchical",
    .size = sizeof(agglomerative),
    .fields = sample_fields,
    .lower = crn_no_method,
    .write = write,
};

const crn_estimator crn_estimator_FeatureAgglomeration = {
    .name = "FeatureAgglomeration",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._agglomerative sklearn.cluster.hierarchical "
               "sklearn.cluster._hierarchical",
    .size = sizeof(agglomerative),
    .fields = feature_fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .lower = lower,
    .check = check_features,
    .input_width = input_width,
    .write = write,
};
