/* SPDX-License-Identifier: BSD-3-Clause */
/* IterativeImputer, as sklearn/impute/_iterative.py (1.9): from a SimpleImputer's guess on,
 * each feature's missing values are predicted from the other features, one fitted estimator
 * after the other. scikit-learn stops before the first when every value of all rows is missing;
 * here a row does not look at the others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ops/elementwise.h"
#include "ops/missing.h"
#include "ops/rows.h"
#include "sklearn/impute/simple_imputer.h"
#include "sklearn/preprocessing/categories.h"

/* One _ImputerTriplet: which feature is predicted from which others. */
typedef struct imputation {
    int64_t feature;
    bool is_skipped;    /* the feature had no values in fit: its guess stays */
    int64_t *neighbors; /* [count] */
    int64_t count;
    crn_model *estimator; /* owned */
} imputation;

typedef struct iterative_imputer {
    crn_estimator_base base;
    crn_model *estimator;
    const crn_object *missing_values;
    bool sample_posterior;
    const crn_object *max_iter, *tol, *n_nearest_features, *initial_strategy, *fill_value;
    const crn_object *imputation_order;
    bool skip_complete;
    const crn_object *min_value, *max_value, *verbose, *random_state;
    bool add_indicator, keep_empty_features;
    crn_model *indicator_, *initial_imputer_;
    int64_t n_iter_;
    crn_array _min_value, _max_value; /* () or (features) */
    const crn_object *imputation_sequence_;
    /* what predicting needs of them */
    crn_cell missing;
    const crn_simple_imputer *initial;
    const crn_missing_indicator *indicator;
    imputation *sequence; /* [step_count] */
    int step_count;
} iterative_imputer;

static const crn_field fields[] = {
    CRN_PARAM(iterative_imputer, estimator, MODEL, "None", "None | has fit and predict"),
    CRN_PARAM(iterative_imputer, missing_values, OBJECT, "nan", "missing"),
    CRN_PARAM(iterative_imputer, sample_posterior, BOOL, "False", NULL),
    CRN_PARAM(iterative_imputer, max_iter, OBJECT, "10", "int >= 0"),
    CRN_PARAM(iterative_imputer, tol, OBJECT, "0.001", "real >= 0"),
    CRN_PARAM(iterative_imputer, n_nearest_features, OBJECT, "None", "None | int >= 1"),
    CRN_PARAM(iterative_imputer, initial_strategy, OBJECT, "'mean'",
              "'constant' | 'mean' | 'median' | 'most_frequent'"),
    CRN_PARAM_SINCE(iterative_imputer, fill_value, OBJECT, "None", NULL, "1.3", NULL),
    CRN_PARAM(iterative_imputer, imputation_order, OBJECT, "'ascending'",
              "'arabic' | 'ascending' | 'descending' | 'random' | 'roman'"),
    CRN_PARAM_SINCE(iterative_imputer, skip_complete, BOOL, "False", NULL, "0.22", NULL),
    CRN_PARAM(iterative_imputer, min_value, OBJECT, "-inf", "None | real [-inf, inf] | array"),
    CRN_PARAM(iterative_imputer, max_value, OBJECT, "inf", "None | real [-inf, inf] | array"),
    CRN_PARAM(iterative_imputer, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(iterative_imputer, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(iterative_imputer, add_indicator, BOOL, "False", NULL),
    CRN_PARAM_SINCE(iterative_imputer, keep_empty_features, BOOL, "False", NULL, "1.2", NULL),
    CRN_BASE_FIELDS,
    {.name = "indicator_",
     .type = CRN_FIELD_MODEL,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_NONE_OK,
     .offset = offsetof(iterative_imputer, indicator_)},
    CRN_FITTED(iterative_imputer, initial_imputer_, MODEL),
    CRN_FITTED(iterative_imputer, n_iter_, INT),
    CRN_FITTED_ARRAY_OPTIONAL(iterative_imputer, _min_value, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(iterative_imputer, _max_value, NULL),
    CRN_FITTED(iterative_imputer, imputation_sequence_, OBJECT),
    CRN_FIELDS_END,
};

/* ---- reading ---- */

/* The SimpleImputer that the guess is from. */
static crn_status read_initial(iterative_imputer *self, crn_error *err)
{
    const crn_estimator_base *base =
        self->initial_imputer_ != NULL ? crn_model_estimator(self->initial_imputer_) : NULL;
    if (base == NULL || base->type != &crn_estimator_SimpleImputer || !base->fitted)
        return crn_fail(err, CRN_FORMAT, "initial_imputer_ is no fitted SimpleImputer");
    self->initial = (const crn_simple_imputer *)base;
    if (self->base.n_features_in_ < 0)
        self->base.n_features_in_ = base->n_features_in_;
    if (self->base.n_features_in_ != base->n_features_in_ || self->initial->takes_cells ||
        self->initial->indicator != NULL)
        return crn_fail(err, CRN_FORMAT, "initial_imputer_ does not fit the features");
    return CRN_OK;
}

/* Whether a limit of 0.22, one number, or of later versions, one of each feature, has one for
 * the feature. */
static bool has_limit(const crn_array *limits, int64_t feature)
{
    return limits->data != NULL && crn_dtype_is_number(limits->dtype) &&
           (limits->ndim == 0 || (limits->ndim == 1 && feature < limits->shape[0]));
}

static double limit_of(const crn_array *limits, int64_t feature)
{
    return crn_array_get(limits, limits->ndim == 0 ? 0 : feature);
}

static crn_status read_step(iterative_imputer *self, const crn_object *triplet,
                            const crn_field_context *context, crn_error *err)
{
    const crn_object *args =
        crn_object_is(triplet, CRN_OBJ_INSTANCE) ? triplet->as.instance->args : triplet;
    imputation *step = &self->sequence[self->step_count];
    const crn_array *neighbors = crn_object_as_array(crn_object_item(args, 1));
    const int64_t features = self->initial->kept_count;
    if (crn_object_length(args) != 3 || neighbors == NULL ||
        !crn_object_as_int(crn_object_item(args, 0), &step->feature) || step->feature < 0 ||
        step->feature >= features || !has_limit(&self->_min_value, step->feature) ||
        !has_limit(&self->_max_value, step->feature))
        return crn_fail(err, CRN_FORMAT, "no step of an IterativeImputer of %lld features",
                        (long long)features);
    CRN_TRY(crn_read_indices(neighbors, features, "neighbor_feat_idx", context->document->arena,
                             &step->neighbors, err));
    step->count = neighbors->shape[0];
    CRN_TRY(
        context->read_model(context->context, crn_object_item(args, 2), &step->estimator, err));
    self->step_count++;
    return CRN_OK;
}

/* A feature without values that is kept all the same (1.6 and later say which). */
static bool is_empty(const iterative_imputer *self, const crn_object *state, int64_t feature)
{
    const crn_array *empty = crn_object_as_array(crn_object_get(state, "_is_empty_feature"));
    return self->keep_empty_features && empty != NULL && empty->ndim == 1 &&
           feature < empty->shape[0] && crn_array_get(empty, feature) != 0;
}

static crn_status read_sequence(iterative_imputer *self, const crn_object *state,
                                const crn_field_context *context, crn_error *err)
{
    enum { MOST_STEPS = 100000 };
    const crn_object *list = self->imputation_sequence_;
    if (!crn_object_is(list, CRN_OBJ_LIST) || crn_object_length(list) > MOST_STEPS)
        return crn_fail(err, CRN_FORMAT, "imputation_sequence_ is no list of up to %d steps",
                        MOST_STEPS);
    self->sequence = crn_calloc(crn_object_length(list), sizeof *self->sequence);
    if (self->sequence == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < crn_object_length(list); i++) {
        crn_status status = read_step(self, crn_object_item(list, i), context, err);
        if (status != CRN_OK)
            return crn_where(err, "imputation_sequence_[%zu]", i);
        self->sequence[i].is_skipped = is_empty(self, state, self->sequence[i].feature);
    }
    return CRN_OK;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    iterative_imputer *imputer = self;
    CRN_TRY(crn_missing_values(imputer->missing_values, &imputer->missing, err));
    if (!imputer->base.fitted)
        return CRN_OK;
    if (!crn_missing_is_number(&imputer->missing))
        return crn_fail(err, CRN_FORMAT, "missing_values of an IterativeImputer is no number");
    CRN_TRY(read_initial(imputer, err));
    CRN_TRY(crn_indicator_of(imputer->add_indicator ? imputer->indicator_ : NULL,
                             imputer->base.n_features_in_, &imputer->indicator, err));
    return read_sequence(imputer, state, context, err);
}

static void release(void *self)
{
    iterative_imputer *imputer = self;
    for (int i = 0; i < imputer->step_count; i++)
        crn_model_destroy(imputer->sequence[i].estimator);
    free(imputer->sequence);
}

/* ---- writing ---- */

/* Limits of 0.23 and later: one for each feature. */
static crn_object *limits_array(const iterative_imputer *self, const crn_array *limits,
                                crn_document *document)
{
    const int64_t n = self->initial->kept_count;
    crn_array array = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT64, 0, 1, &n, &array, NULL) != CRN_OK)
        return NULL;
    for (int64_t i = 0; i < n; i++)
        ((double *)array.data)[i] = limit_of(limits, i);
    crn_object *object = crn_object_array(document, &array);
    crn_array_free(&array);
    return object;
}

/* 0.22 has one number for all features. */
static crn_status write_number(const crn_array *limits, const char *name,
                               crn_document *document, crn_object *state, const char *sklearn,
                               crn_error *err)
{
    for (int64_t i = 1; i < crn_array_size(limits); i++) {
        if (crn_array_get(limits, i) != crn_array_get(limits, 0))
            return crn_fail(err, CRN_UNSUPPORTED,
                            "scikit-learn %s has no limits of an IterativeImputer that differ "
                            "between features, which came with 0.23",
                            sklearn);
    }
    return crn_object_set(document, state, name,
                          crn_object_float(document, crn_array_get(limits, 0)))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

static crn_status write_limits(const iterative_imputer *self, crn_document *document,
                               crn_object *state, const char *sklearn, crn_error *err)
{
    const bool one = crn_version_compare(sklearn, "0.23") < 0;
    const struct {
        const char *name;
        const crn_array *limits;
    } all[] = {{"_min_value", &self->_min_value}, {"_max_value", &self->_max_value}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const crn_array *limits = all[i].limits;
        if (limits->data == NULL)
            continue;
        if (one && limits->ndim == 1 && limits->shape[0] > 0)
            CRN_TRY(write_number(limits, all[i].name, document, state, sklearn, err));
        else if (!one && limits->ndim == 0 &&
                 !crn_object_set(document, state, all[i].name,
                                 limits_array(self, limits, document)))
            return crn_arena_fail(document->arena, err);
    }
    return CRN_OK;
}

/* Which features had no values in fit: 1.6 and later look at it. */
static bool set_empty(const iterative_imputer *self, crn_document *document, crn_object *state)
{
    const int64_t n = self->base.n_features_in_;
    crn_array empty = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_BOOL, 0, 1, &n, &empty, NULL) != CRN_OK)
        return false;
    memset(empty.data, 1, (size_t)n);
    for (int64_t i = 0; i < self->initial->kept_count; i++)
        ((uint8_t *)empty.data)[self->initial->kept[i]] = 0;
    const bool made = crn_object_set(document, state, "_is_empty_feature",
                                     crn_object_array(document, &empty));
    crn_array_free(&empty);
    return made;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const iterative_imputer *imputer = self;
    if (!imputer->base.fitted)
        return CRN_OK;
    if (imputer->keep_empty_features && crn_version_compare(sklearn, "1.6") < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s fills features without values otherwise with "
                        "keep_empty_features=True than 1.6 and later do",
                        sklearn);
    CRN_TRY(write_limits(imputer, document, state, sklearn, err));
    if (crn_version_compare(sklearn, "1.6") >= 0 &&
        crn_object_get(state, "_is_empty_feature") == NULL &&
        !set_empty(imputer, document, state))
        return crn_arena_fail(document->arena, err);
    return crn_indicator_write(document, state, sklearn, err);
}

/* ---- lowering ---- */

/* The mask of the features that the guess keeps. */
static crn_value make_mask(const iterative_imputer *self, crn_graph *graph, crn_value x)
{
    return crn_is_missing(
        graph, x, crn_missing_constant(graph, &self->missing, CRN_FLOAT64),
        crn_graph_integers(graph, self->initial->kept, self->initial->kept_count),
        CRN_NO_VALUE);
}

/* A predicted vector as float64; a column stands for a vector. */
static crn_value as_vector(crn_graph *graph, crn_value y)
{
    const crn_type *type = crn_graph_type(graph, y);
    if (type->ndim == 1 && type->shape[0] == 1)
        y = crn_reshape(graph, y, 0, NULL);
    return crn_cast(graph, y, CRN_FLOAT64);
}

static crn_value lower_step(const iterative_imputer *self, int i, crn_graph *graph,
                            crn_value filled, crn_value mask)
{
    const imputation *step = &self->sequence[i];
    const crn_impute_column_attributes attributes = {
        .column = step->feature,
        .low = limit_of(&self->_min_value, step->feature),
        .high = limit_of(&self->_max_value, step->feature)};
    const crn_value others = crn_columns(graph, filled, step->neighbors, step->count);
    const crn_value y = crn_sklearn_lower(step->estimator, CRN_PREDICT, graph, others);
    return crn_impute_column(graph, filled, mask, as_vector(graph, y), &attributes);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const iterative_imputer *imputer = self;
    crn_value filled = crn_sklearn_lower(imputer->initial_imputer_, method, graph, x);
    if (imputer->sample_posterior)
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "IterativeImputer with sample_posterior=True draws random "
                              "numbers: it is not supported");
    const crn_value mask = make_mask(imputer, graph, x);
    for (int i = 0; imputer->n_iter_ > 0 && i < imputer->step_count; i++) {
        if (!imputer->sequence[i].is_skipped)
            filled = lower_step(imputer, i, graph, filled, mask);
    }
    if (imputer->indicator == NULL)
        return filled;
    return crn_join_indicator(
        graph, filled, crn_indicator_mask(imputer->indicator, graph, x, &imputer->missing));
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return crn_missing_admits(&((const iterative_imputer *)self)->missing);
}

const crn_estimator crn_estimator_IterativeImputer = {
    .name = "IterativeImputer",
    .module = "sklearn.impute",
    .modules = "sklearn.impute._iterative",
    .size = sizeof(iterative_imputer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .flags = CRN_STOPS_NAN,
    .lower = lower,
    .admits = admits,
    .read = read,
    .write = write,
    .release = release,
};
