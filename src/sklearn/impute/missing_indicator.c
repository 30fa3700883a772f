/* SPDX-License-Identifier: BSD-3-Clause */
/* MissingIndicator, as sklearn/impute/_base.py (1.9): where values are missing, in the features
 * that had missing values in fit or in all. */
#include "sklearn/impute/missing_indicator.h"

#include <stdlib.h>
#include <string.h>

#include "ops/elementwise.h"
#include "ops/missing.h"
#include "ops/sparse.h"
#include "sklearn/preprocessing/categories.h"

static const crn_field fields[] = {
    CRN_PARAM(crn_missing_indicator, missing_values, OBJECT, "nan", "missing"),
    CRN_PARAM(crn_missing_indicator, features, STRING, "'missing-only'",
              "'all' | 'missing-only'"),
    CRN_PARAM(crn_missing_indicator, sparse, OBJECT, "'auto'", "bool | 'auto'"),
    CRN_PARAM(crn_missing_indicator, error_on_new, BOOL, "True", NULL),
    {.name = "_precomputed",
     .type = CRN_FIELD_BOOL,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(crn_missing_indicator, _precomputed),
     .dflt = "False",
     .since = "0.24"},
    CRN_BASE_FIELDS,
    CRN_FITTED(crn_missing_indicator, _n_features, INT),
    CRN_FITTED_ARRAY(crn_missing_indicator, features_, NULL),
    CRN_FIELDS_END,
};

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    crn_missing_indicator *indicator = self;
    (void)state;
    CRN_TRY(crn_missing_values(indicator->missing_values, &indicator->missing, err));
    if (!indicator->base.fitted)
        return CRN_OK;
    if (indicator->base.n_features_in_ < 0)
        indicator->base.n_features_in_ = indicator->_n_features;
    if (indicator->_n_features < 0 || indicator->base.n_features_in_ != indicator->_n_features)
        return crn_fail(err, CRN_FORMAT, "_n_features is not n_features_in_");
    return crn_read_indices(&indicator->features_, indicator->_n_features, "features_",
                            context->document->arena, &indicator->columns, err);
}

/* ---- lowering ---- */

crn_status crn_indicator_of(const crn_model *model, int64_t n,
                            const crn_missing_indicator **out, crn_error *err)
{
    const crn_estimator_base *base = model != NULL ? crn_model_estimator(model) : NULL;
    *out = NULL;
    if (model == NULL)
        return CRN_OK;
    if (base == NULL || base->type != &crn_estimator_MissingIndicator || !base->fitted)
        return crn_fail(err, CRN_FORMAT, "indicator_ is no fitted MissingIndicator");
    const crn_missing_indicator *indicator = (const crn_missing_indicator *)base;
    if (indicator->_n_features != n)
        return crn_fail(err, CRN_FORMAT, "indicator_ is of %lld features, not of %lld",
                        (long long)indicator->_n_features, (long long)n);
    *out = indicator;
    return CRN_OK;
}

crn_status crn_indicator_write(crn_document *document, crn_object *state, const char *sklearn,
                               crn_error *err)
{
    const crn_object *indicator = crn_object_get(state, "indicator_");
    if (crn_version_compare(sklearn, "0.24") < 0 ||
        !crn_object_is(indicator, CRN_OBJ_INSTANCE) ||
        crn_object_set(document, indicator->as.instance->state, "_precomputed",
                       crn_object_bool(document, true)))
        return CRN_OK;
    return crn_arena_fail(document->arena, err);
}

/* 1 for the features that may have missing values. */
static crn_value known_features(const crn_missing_indicator *self, crn_graph *graph)
{
    int64_t *known = crn_calloc((size_t)self->_n_features, sizeof *known);
    if (known == NULL) {
        crn_no_memory(&graph->error);
        return CRN_NO_VALUE;
    }
    for (int64_t i = 0; i < self->features_.shape[0]; i++)
        known[self->columns[i]] = 1;
    const crn_value value = crn_graph_integers(graph, known, self->_n_features);
    free(known);
    return value;
}

static bool is_all(const crn_missing_indicator *self)
{
    return self->features != NULL && strcmp(self->features, "all") == 0;
}

crn_value crn_indicator_mask(const crn_missing_indicator *self, crn_graph *graph, crn_value x,
                             const crn_cell *missing)
{
    const crn_dtype dtype = crn_graph_type(graph, x)->dtype;
    const bool checks = self->error_on_new && !is_all(self);
    return crn_is_missing(graph, x, crn_missing_constant(graph, missing, dtype),
                          crn_graph_integers(graph, self->columns, self->features_.shape[0]),
                          checks ? known_features(self, graph) : CRN_NO_VALUE);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const crn_missing_indicator *indicator = self;
    bool sparse = false;
    const crn_value mask = crn_indicator_mask(indicator, graph, x, &indicator->missing);
    crn_object_as_bool(indicator->sparse, &sparse);
    return sparse ? crn_sparsify(graph, mask) : mask;
}

static bool has_method(const void *self, crn_method method)
{
    (void)method;
    return !((const crn_missing_indicator *)self)->_precomputed;
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    const crn_missing_indicator *indicator = self;
    return crn_type_vector(crn_missing_is_number(&indicator->missing) ? CRN_FLOAT64
                                                                      : CRN_OBJECT,
                           indicator->base.n_features_in_);
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_missing_admits(&((const crn_missing_indicator *)self)->missing);
}

const crn_estimator crn_estimator_MissingIndicator = {
    .name = "MissingIndicator",
    .module = "sklearn.impute",
    .modules = "sklearn.impute._base",
    .size = sizeof(crn_missing_indicator),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .flags = CRN_STOPS_NAN,
    .lower = lower,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .read = read,
};
