/* SPDX-License-Identifier: BSD-3-Clause */
/* MeanShift and AffinityPropagation, as sklearn/cluster/_mean_shift.py and
 * _affinity_propagation.py (1.9): the nearest of the centers that were found. */
#include "ops/elementwise.h"
#include "ops/neighbors.h"
#include "ops/rows.h"
#include "sklearn/estimator.h"
#include "sklearn/fitted.h"

typedef struct centers {
    crn_estimator_base base;
    /* MeanShift */
    crn_object *bandwidth, *seeds, *n_jobs;
    bool bin_seeding, cluster_all;
    int64_t min_bin_freq;
    int64_t max_iter;
    /* AffinityPropagation */
    double damping;
    int64_t convergence_iter;
    bool copy;
    crn_object *preference, *verbose, *random_state;
    const char *affinity;
    crn_array cluster_centers_indices_;

    crn_array
        cluster_centers_; /* (clusters, n_features_in_); none for affinity='precomputed' */
    crn_array labels_;
    int64_t n_iter_;
} centers;

/* clang-format off */
#define N_ITER                                                                                 \
    {.name = "n_iter_", .type = CRN_FIELD_INT,                                                 \
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "0",                              \
     .offset = offsetof(centers, n_iter_)}
/* clang-format on */

static const crn_field mean_shift_fields[] = {
    CRN_PARAM(centers, bandwidth, OBJECT, "None", "real > 0 | None"),
    CRN_PARAM(centers, seeds, OBJECT, "None", "array | None"),
    CRN_PARAM(centers, bin_seeding, BOOL, "False", NULL),
    CRN_PARAM(centers, min_bin_freq, INT, "1", "int >= 1"),
    CRN_PARAM(centers, cluster_all, BOOL, "True", NULL),
    CRN_PARAM(centers, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM_SINCE(centers, max_iter, INT, "300", "int >= 0", "0.22", NULL),
    CRN_BASE_FIELDS,
    N_ITER,
    CRN_FITTED_ARRAY(centers, cluster_centers_, NULL),
    CRN_FITTED_ARRAY(centers, labels_, NULL),
    CRN_FIELDS_END,
};

static const crn_field affinity_fields[] = {
    CRN_PARAM(centers, damping, REAL, "0.5", "real [0.5, 1.0)"),
    CRN_PARAM(centers, max_iter, INT, "200", "int >= 1"),
    CRN_PARAM(centers, convergence_iter, INT, "15", "int >= 1"),
    CRN_PARAM(centers, copy, BOOL, "True", NULL),
    CRN_PARAM(centers, preference, OBJECT, "None", "array | real (-inf, inf) | None"),
    CRN_PARAM(centers, affinity, STRING, "'euclidean'", "'euclidean' | 'precomputed'"),
    CRN_PARAM(centers, verbose, OBJECT, "False", "verbose"),
    CRN_PARAM_SINCE(centers, random_state, OBJECT, "None", "random_state", "0.23", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(centers, cluster_centers_indices_, NULL),
    CRN_FITTED_ARRAY(centers, labels_, NULL),
    N_ITER,
    CRN_FITTED_ARRAY_OPTIONAL(centers, cluster_centers_, NULL),
    CRN_FIELDS_END,
};

/* A search that did not converge leaves no centers: an empty array. */
static crn_status check(void *self, crn_error *err)
{
    centers *model = self;
    const crn_array *found = &model->cluster_centers_;
    if (found->data == NULL)
        return CRN_OK;
    CRN_TRY(crn_fitted_matrix(found, "cluster_centers_", -1, -1, err));
    return crn_fitted_features(&model->base, "cluster_centers_", found->shape[1], err);
}

static bool has_method(const void *self, crn_method method)
{
    (void)method;
    const centers *model = self;
    return model->cluster_centers_.data != NULL && model->base.n_features_in_ > 0;
}

/* Without centers every row is -1. */
static crn_value label_none(crn_graph *graph, crn_value x)
{
    const double zero = 0, minus_one = -1;
    const crn_value first = crn_columns(graph, x, (int64_t[]){0}, 1);
    const crn_value nothing = crn_graph_numbers(graph, CRN_FLOAT64, &zero, 1, 0);
    const crn_value label = crn_graph_numbers(graph, CRN_FLOAT64, &minus_one, 1, 0);
    const crn_value made = crn_binary(
        graph, crn_binary(graph, first, nothing, CRN_BINARY_MULTIPLY), label, CRN_BINARY_ADD);
    return crn_reshape(graph, crn_cast(graph, made, CRN_INT64), 0, NULL);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const centers *model = self;
    crn_array found = CRN_ARRAY_INIT;
    if (crn_array_size(&model->cluster_centers_) == 0)
        return label_none(graph, x);
    if (crn_array_astype(&model->cluster_centers_, CRN_FLOAT64, &found, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    const crn_value value = crn_nearest_center(graph, x, &found);
    crn_array_free(&found);
    return value;
}

const crn_estimator crn_estimator_MeanShift = {
    .name = "MeanShift",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._mean_shift sklearn.cluster.mean_shift_",
    .size = sizeof(centers),
    .fields = mean_shift_fields,
    .methods = 1u << CRN_PREDICT,
    .lower = lower,
    .check = check,
    .has_method = has_method,
};

const crn_estimator crn_estimator_AffinityPropagation = {
    .name = "AffinityPropagation",
    .module = "sklearn.cluster",
    .modules = "sklearn.cluster._affinity_propagation sklearn.cluster.affinity_propagation_",
    .size = sizeof(centers),
    .fields = affinity_fields,
    .methods = 1u << CRN_PREDICT,
    .lower = lower,
    .check = check,
    .has_method = has_method,
};
