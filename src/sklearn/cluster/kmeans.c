/* SPDX-License-Identifier: BSD-3-Clause */
/* KMeans and MiniBatchKMeans, as sklearn/cluster/_kmeans.py (1.9): the nearest center, and the
 * distances to all. */
#include <string.h>

#include "ops/elementwise.h"
#include "ops/neighbors.h"
#include "sklearn/estimator.h"
#include "sklearn/fitted.h"

typedef struct kmeans {
    crn_estimator_base base;
    int64_t n_clusters;
    crn_object *init, *n_init;
    int64_t max_iter;
    double tol;
    crn_object *verbose, *random_state;
    bool copy_x;
    const char *algorithm;
    crn_object *precompute_distances, *n_jobs;
    /* of MiniBatchKMeans alone: */
    int64_t batch_size;
    bool compute_labels;
    crn_object *max_no_improvement, *init_size;
    double reassignment_ratio;

    int64_t _n_threads;         /* predict reads it since 0.23 */
    crn_array cluster_centers_; /* (clusters, n_features_in_) */
    int64_t _n_features_out;
    crn_array labels_;
    crn_array inertia_;
    int64_t n_iter_;
} kmeans;

/* clang-format off */
#define KMEANS_FITTED                                                                          \
    CRN_BASE_FIELDS,                                                                           \
    {.name = "_n_threads", .type = CRN_FIELD_INT,                                              \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "1",                              \
     .offset = offsetof(kmeans, _n_threads), .since = "0.23"},                                 \
    CRN_FITTED_ARRAY(kmeans, cluster_centers_, NULL),                                          \
    {.name = "_n_features_out", .type = CRN_FIELD_INT,                                         \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "-1",                             \
     .offset = offsetof(kmeans, _n_features_out), .since = "1.1"},                             \
    CRN_FITTED_ARRAY_OPTIONAL(kmeans, labels_, NULL),                                          \
    CRN_FITTED_ARRAY_OPTIONAL(kmeans, inertia_, NULL),                                         \
    {.name = "n_iter_", .type = CRN_FIELD_INT,                                                 \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "0",                              \
     .offset = offsetof(kmeans, n_iter_)}
/* clang-format on */

static const crn_field fields[] = {
    CRN_PARAM(kmeans, n_clusters, INT, "8", "int >= 1"),
    CRN_PARAM(kmeans, init, OBJECT, "'k-means++'", "'k-means++' | 'random' | callable | array"),
    CRN_PARAM(kmeans, n_init, OBJECT, "'auto'", "'auto' | int >= 1"),
    CRN_PARAM(kmeans, max_iter, INT, "300", "int >= 1"),
    CRN_PARAM(kmeans, tol, REAL, "0.0001", "real >= 0"),
    CRN_PARAM(kmeans, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(kmeans, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(kmeans, copy_x, BOOL, "True", NULL),
    CRN_PARAM(kmeans, algorithm, STRING, "'lloyd'", "'elkan' | 'lloyd'"),
    CRN_PARAM_SINCE(kmeans, precompute_distances, OBJECT, "'deprecated'", NULL, NULL, "1.0"),
    CRN_PARAM_SINCE(kmeans, n_jobs, OBJECT, "'deprecated'", NULL, NULL, "1.0"),
    KMEANS_FITTED,
    CRN_FIELDS_END,
};

static const crn_field mini_batch_fields[] = {
    CRN_PARAM(kmeans, n_clusters, INT, "8", "int >= 1"),
    CRN_PARAM(kmeans, init, OBJECT, "'k-means++'", "'k-means++' | 'random' | callable | array"),
    CRN_PARAM(kmeans, max_iter, INT, "100", "int >= 1"),
    CRN_PARAM(kmeans, batch_size, INT, "1024", "int >= 1"),
    CRN_PARAM(kmeans, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(kmeans, compute_labels, BOOL, "True", NULL),
    CRN_PARAM(kmeans, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(kmeans, tol, REAL, "0.0", "real >= 0"),
    CRN_PARAM(kmeans, max_no_improvement, OBJECT, "10", "int >= 0 | None"),
    CRN_PARAM(kmeans, init_size, OBJECT, "None", "int >= 1 | None"),
    CRN_PARAM(kmeans, n_init, OBJECT, "'auto'", "'auto' | int >= 1"),
    CRN_PARAM(kmeans, reassignment_ratio, REAL, "0.01", "real >= 0"),
    KMEANS_FITTED,
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    kmeans *model = self;
    const crn_array *centers = &model->cluster_centers_;
    CRN_TRY(crn_fitted_matrix(centers, "cluster_centers_", -1, -1, err));
    if (centers->shape[0] < 1)
        return crn_fail(err, CRN_FORMAT, "cluster_centers_ is empty");
    model->_n_features_out = centers->shape[0];
    return crn_fitted_features(&model->base, "cluster_centers_", centers->shape[1], err);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const kmeans *model = self;
    crn_array centers = CRN_ARRAY_INIT;
    if (crn_array_astype(&model->cluster_centers_, CRN_FLOAT64, &centers, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    const crn_value value =
        method == CRN_TRANSFORM
            ? crn_euclidean_distances(graph, x, &centers)
            : crn_cast(graph, crn_nearest_center(graph, x, &centers), CRN_INT32);
    crn_array_free(&centers);
    return value;
}

/* ---- write ---- */

static bool is_text(const crn_object *value, const char *text)
{
    return crn_object_is_str(value, text);
}

/* n_init='auto' came with 1.2 and means 1, or 10 starts from random centers; "warn" was the
 * default of 1.2 and 1.3 and means 10 (3 for MiniBatchKMeans). */
static crn_object *n_init_for(const kmeans *self, crn_document *document, const char *sklearn)
{
    const int starts = self->base.type->fields == fields ? 10 : 3;
    if (is_text(self->n_init, "warn") && crn_version_compare(sklearn, "1.4") >= 0)
        return crn_object_int(document, starts);
    if (crn_version_compare(sklearn, "1.2") >= 0)
        return NULL;
    if (is_text(self->n_init, "warn"))
        return crn_object_int(document, starts);
    const bool one =
        is_text(self->init, "k-means++") ||
        (crn_object_text(self->init) == NULL && !crn_object_is(self->init, CRN_OBJ_GLOBAL));
    return is_text(self->n_init, "auto") ? crn_object_int(document, one ? 1 : starts) : NULL;
}

/* "auto" and "full" became "lloyd" in 1.1. */
static const char *algorithm_for(const kmeans *self, const char *sklearn)
{
    const bool since_1_1 = crn_version_compare(sklearn, "1.1") >= 0;
    if (self->algorithm == NULL)
        return NULL;
    if (since_1_1)
        return strcmp(self->algorithm, "elkan") == 0 ? NULL : "lloyd";
    return strcmp(self->algorithm, "lloyd") == 0 ? "full" : NULL;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const kmeans *model = self;
    const bool before_0_23 = crn_version_compare(sklearn, "0.23") < 0;
    const char *algorithm = algorithm_for(model, sklearn);
    crn_object *n_init = n_init_for(model, document, sklearn);
    bool ok = true;
    if (n_init != NULL)
        ok = crn_object_set(document, state, "n_init", n_init);
    if (ok && algorithm != NULL && model->base.type->fields == fields)
        ok = crn_object_set(document, state, "algorithm", crn_object_str(document, algorithm));
    if (ok && before_0_23 && is_text(model->precompute_distances, "deprecated"))
        ok = crn_object_set(document, state, "precompute_distances",
                            crn_object_str(document, "auto"));
    if (ok && before_0_23 && is_text(model->n_jobs, "deprecated"))
        ok = crn_object_set(document, state, "n_jobs", crn_object_none(document));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_KMeans = {
    .name = "KMeans",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._kmeans sklearn.cluster.k_means_",
    .size = sizeof(kmeans),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .write = write,
};

const crn_estimator crn_estimator_MiniBatchKMeans = {
    .name = "MiniBatchKMeans",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._kmeans sklearn.cluster.k_means_",
    .size = sizeof(kmeans),
    .fields = mini_batch_fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .write = write,
};
