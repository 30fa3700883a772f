/* SPDX-License-Identifier: BSD-3-Clause */
/* KNNImputer, as sklearn/impute/_knn.py (1.9): missing numbers from the nearest samples. */
#include <math.h>
#include <stdlib.h>

#include "base/dtype.h"
#include "ops/knn_impute.h"
#include "ops/rows.h"
#include "sklearn/fitted.h"
#include "sklearn/impute/missing_indicator.h"

typedef struct knn_imputer {
    crn_estimator_base base;
    crn_object *missing_values;
    int64_t n_neighbors;
    crn_object *weights, *metric; /* names or functions */
    bool copy, add_indicator, keep_empty_features;
    crn_array _fit_X;      /* (samples, n_features_in_) */
    crn_array _mask_fit_X; /* bool (samples, n_features_in_) */
    crn_array _valid_mask; /* bool (n_features_in_); none before 1.1 */
    crn_model *indicator_;

    /* made by check: */
    crn_cell missing;
    crn_array samples; /* (samples, n_features_in_), NaN where missing */
    crn_array means;   /* (n_features_in_), NaN where all are missing */
    int64_t *kept;     /* [kept_count] the features that stay */
    int64_t kept_count;
    const crn_missing_indicator *indicator;
} knn_imputer;

static const crn_field fields[] = {
    CRN_PARAM(knn_imputer, missing_values, OBJECT, "nan", "missing"),
    CRN_PARAM(knn_imputer, n_neighbors, INT, "5", "int >= 1"),
    CRN_PARAM(knn_imputer, weights, OBJECT, "'uniform'", "'distance' | 'uniform' | callable"),
    CRN_PARAM(knn_imputer, metric, OBJECT, "'nan_euclidean'", "'nan_euclidean' | callable"),
    CRN_PARAM(knn_imputer, copy, BOOL, "True", NULL),
    CRN_PARAM(knn_imputer, add_indicator, BOOL, "False", NULL),
    CRN_PARAM_SINCE(knn_imputer, keep_empty_features, BOOL, "False", NULL, "1.2", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY(knn_imputer, _fit_X, NULL),
    CRN_FITTED_ARRAY(knn_imputer, _mask_fit_X, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(knn_imputer, _valid_mask, NULL),
    {.name = "indicator_",
     .type = CRN_FIELD_MODEL,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_NONE_OK,
     .offset = offsetof(knn_imputer, indicator_)},
    CRN_FIELDS_END,
};

/* ---- check ---- */

/* NaN where the mask says that a number is missing; means of the others. */
static void mark_missing(knn_imputer *self, const bool *mask)
{
    const int64_t rows = self->_fit_X.shape[0], features = self->_fit_X.shape[1];
    for (int64_t j = 0; j < features; j++) {
        double sum = 0;
        int64_t present = 0;
        for (int64_t i = 0; i < rows; i++) {
            double *at = (double *)self->samples.data + i * features + j;
            if (mask[i * features + j])
                *at = (double)NAN;
            sum += isnan(*at) ? 0 : *at;
            present += !isnan(*at);
        }
        ((double *)self->means.data)[j] = present > 0 ? sum / (double)present : (double)NAN;
    }
}

static crn_status read_samples(knn_imputer *self, crn_error *err)
{
    crn_array mask = CRN_ARRAY_INIT;
    CRN_TRY(crn_array_astype(&self->_fit_X, CRN_FLOAT64, &self->samples, err));
    CRN_TRY(crn_array_create(CRN_FLOAT64, 0, 1, &self->_fit_X.shape[1], &self->means, err));
    CRN_TRY(crn_array_astype(&self->_mask_fit_X, CRN_BOOL, &mask, err));
    mark_missing(self, mask.data);
    crn_array_free(&mask);
    return CRN_OK;
}

static crn_status keep_features(knn_imputer *self, crn_error *err)
{
    const int64_t features = self->base.n_features_in_;
    self->kept = crn_calloc((size_t)features, sizeof *self->kept);
    if (self->kept == NULL)
        return crn_no_memory(err);
    for (int64_t j = 0; j < features; j++) {
        if (self->keep_empty_features || !isnan(((const double *)self->means.data)[j]))
            self->kept[self->kept_count++] = j;
    }
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    knn_imputer *model = self;
    CRN_TRY(crn_missing_values(model->missing_values, &model->missing, err));
    if (!crn_missing_is_number(&model->missing))
        return crn_fail(err, CRN_FORMAT, "missing_values of a KNNImputer is no number");
    CRN_TRY(crn_fitted_matrix(&model->_fit_X, "_fit_X", -1, -1, err));
    CRN_TRY(crn_fitted_features(&model->base, "_fit_X", model->_fit_X.shape[1], err));
    CRN_TRY(crn_fitted_matrix(&model->_mask_fit_X, "_mask_fit_X", model->_fit_X.shape[0],
                              model->_fit_X.shape[1], err));
    if (model->_fit_X.shape[0] < 1 || model->n_neighbors < 1)
        return crn_fail(err, CRN_FORMAT, "a KNNImputer without neighbors");
    CRN_TRY(read_samples(model, err));
    CRN_TRY(keep_features(model, err));
    return crn_indicator_of(model->add_indicator ? model->indicator_ : NULL,
                            model->base.n_features_in_, &model->indicator, err);
}

static void release(void *self)
{
    knn_imputer *model = self;
    crn_array_free(&model->samples);
    crn_array_free(&model->means);
    free(model->kept);
}

/* ---- lower ---- */

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const knn_imputer *model = self;
    const int64_t samples = model->samples.shape[0];
    const bool inverse = crn_object_is_str(model->weights, "distance");
    if (!inverse && !crn_object_is_str(model->weights, "uniform") &&
        !crn_object_is_none(model->weights))
        return crn_graph_fail(graph, CRN_UNSUPPORTED, "weights=<callable> is not supported");
    if (!crn_object_is_str(model->metric, "nan_euclidean"))
        return crn_graph_fail(graph, CRN_UNSUPPORTED, "metric=<callable> is not supported");
    double missing = (double)NAN;
    (void)crn_cell_as_double(&model->missing, &missing);
    const crn_knn_impute_attributes how = {
        .missing = missing,
        .k = model->n_neighbors < samples ? model->n_neighbors : samples,
        .inverse = inverse,
        .keep_empty = model->keep_empty_features};
    const crn_value filled =
        crn_knn_impute(graph, x, crn_graph_constant(graph, &model->samples),
                       crn_graph_constant(graph, &model->means), &how);
    const crn_value kept = crn_columns(graph, filled, model->kept, model->kept_count);
    if (model->indicator == NULL)
        return kept;
    return crn_join_indicator(graph, kept,
                              crn_indicator_mask(model->indicator, graph, x, &model->missing));
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_missing_admits(&((const knn_imputer *)self)->missing);
}

/* ---- write ---- */

static crn_object *valid_mask(const knn_imputer *self, crn_document *document)
{
    crn_array valid = CRN_ARRAY_INIT;
    const int64_t features = self->base.n_features_in_;
    if (crn_array_create(CRN_BOOL, 0, 1, &features, &valid, NULL) != CRN_OK)
        return NULL;
    for (int64_t j = 0; j < features; j++)
        ((bool *)valid.data)[j] = !isnan(((const double *)self->means.data)[j]);
    crn_object *made = crn_object_array(document, &valid);
    crn_array_free(&valid);
    return made;
}

/* From 1.1 on transform asks for _valid_mask. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const knn_imputer *model = self;
    if (!model->base.fitted)
        return CRN_OK;
    if (model->_valid_mask.data == NULL && crn_version_compare(sklearn, "1.1") >= 0 &&
        !crn_object_set(document, state, "_valid_mask", valid_mask(model, document)))
        return crn_arena_fail(document->arena, err);
    return crn_indicator_write(document, state, sklearn, err);
}

const crn_estimator crn_estimator_KNNImputer = {
    .name = "KNNImputer",
    .module = "sklearn.impute",
    .modules = "sklearn.impute._knn",
    .size = sizeof(knn_imputer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .admits = admits,
    .write = write,
    .release = release,
};
