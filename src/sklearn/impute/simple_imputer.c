/* SPDX-License-Identifier: BSD-3-Clause */
/* SimpleImputer, as sklearn/impute/_base.py (1.9): a statistic of each feature in the place of
 * its missing values; a feature that had no values at all is left out. */
#include "sklearn/impute/simple_imputer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/cells.h"
#include "format/numpy_dtype.h"
#include "ops/elementwise.h"
#include "ops/missing.h"
#include "ops/rows.h"
#include "sklearn/preprocessing/categories.h"

static const crn_field fields[] = {
    CRN_PARAM(crn_simple_imputer, missing_values, OBJECT, "nan", "missing"),
    CRN_PARAM(crn_simple_imputer, strategy, OBJECT, "'mean'",
              "'constant' | 'mean' | 'median' | 'most_frequent' | callable"),
    CRN_PARAM(crn_simple_imputer, fill_value, OBJECT, "None", NULL),
    CRN_PARAM(crn_simple_imputer, copy, BOOL, "True", NULL),
    CRN_PARAM_SINCE(crn_simple_imputer, add_indicator, BOOL, "False", NULL, "0.21", NULL),
    CRN_PARAM_SINCE(crn_simple_imputer, keep_empty_features, BOOL, "False", NULL, "1.2", NULL),
    CRN_BASE_FIELDS,
    {.name = "indicator_",
     .type = CRN_FIELD_MODEL,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL | CRN_FIELD_NONE_OK,
     .offset = offsetof(crn_simple_imputer, indicator_),
     .since = "0.21"},
    CRN_FITTED(crn_simple_imputer, statistics_, OBJECT),
    CRN_FIELDS_END,
};

/* ---- reading ---- */

/* Whether fit saw objects: then rows are objects as well. */
static bool was_fitted_on_objects(const crn_object *state)
{
    crn_numpy_dtype dtype;
    const crn_object *fitted = crn_object_get(state, "_fit_dtype");
    return fitted != NULL && crn_numpy_dtype_read(fitted, &dtype, NULL) == CRN_OK &&
           dtype.dtype == CRN_OBJECT;
}

/* Before 1.8 the constant of a feature without values was kept. */
static bool keeps_all(const crn_simple_imputer *self)
{
    const char *version = self->base.sklearn_version;
    const bool old = version == NULL || crn_version_compare(version, "1.8") < 0;
    return self->keep_empty_features || (old && crn_object_is_str(self->strategy, "constant"));
}

static crn_status read_statistics(crn_simple_imputer *self, crn_arena *arena, crn_error *err)
{
    crn_array cells = CRN_ARRAY_INIT;
    crn_status status;
    CRN_TRY_OR_DONE(crn_cells_of_object(self->statistics_, &cells, err));
    if (cells.ndim != 1)
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT, "statistics_ is no vector"));
    const int64_t n = cells.shape[0];
    if (self->base.n_features_in_ < 0)
        self->base.n_features_in_ = n;
    if (self->base.n_features_in_ != n)
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT,
                                 "statistics_ has %lld values for %lld features", (long long)n,
                                 (long long)self->base.n_features_in_));
    self->fill = crn_arena_alloc(arena, (size_t)n, sizeof *self->fill);
    self->kept = crn_arena_alloc(arena, (size_t)n, sizeof *self->kept);
    if (self->fill == NULL || self->kept == NULL)
        CRN_TRY_OR_DONE(crn_arena_fail(arena, err));
    for (int64_t i = 0; i < n; i++) {
        const crn_cell *cell = (const crn_cell *)cells.data + i;
        CRN_TRY_OR_DONE(crn_cell_copy(arena, cell, &self->fill[i], err));
        if (keeps_all(self) || !crn_cell_is_nan(cell))
            self->kept[self->kept_count++] = i;
        self->takes_cells = self->takes_cells || !crn_cell_is_number(cell);
    }
done:
    crn_array_free(&cells);
    return status;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    crn_simple_imputer *imputer = self;
    CRN_TRY(crn_missing_values(imputer->missing_values, &imputer->missing, err));
    if (!imputer->base.fitted)
        return CRN_OK;
    imputer->takes_cells =
        !crn_missing_is_number(&imputer->missing) || was_fitted_on_objects(state);
    CRN_TRY(read_statistics(imputer, context->document->arena, err));
    return crn_indicator_of(imputer->add_indicator ? imputer->indicator_ : NULL,
                            imputer->base.n_features_in_, &imputer->indicator, err);
}

/* ---- writing ---- */

/* numpy.dtype of what fit saw, which 1.2 and later look at. */
static crn_object *make_dtype(const crn_simple_imputer *self, crn_document *document)
{
    crn_object *made = crn_object_instance(document, CRN_BY_REDUCE,
                                           crn_object_global(document, "numpy", "dtype"));
    crn_object *args = crn_object_new(document, CRN_OBJ_TUPLE);
    crn_object *state = crn_object_new(document, CRN_OBJ_TUPLE);
    const char *code = self->takes_cells ? "O8" : "f8", *order = self->takes_cells ? "|" : "<";
    bool sound = made != NULL &&
                 crn_object_append(document, args, crn_object_str(document, code)) &&
                 crn_object_append(document, args, crn_object_bool(document, false)) &&
                 crn_object_append(document, args, crn_object_bool(document, true)) &&
                 crn_object_append(document, state, crn_object_int(document, 3)) &&
                 crn_object_append(document, state, crn_object_str(document, order));
    for (int i = 0; i < 3; i++)
        sound = sound && crn_object_append(document, state, crn_object_none(document));
    sound = sound && crn_object_append(document, state, crn_object_int(document, -1)) &&
            crn_object_append(document, state, crn_object_int(document, -1)) &&
            crn_object_append(document, state,
                              crn_object_int(document, self->takes_cells ? 63 : 0));
    if (!sound)
        return NULL;
    made->as.instance->args = args;
    made->as.instance->state = state;
    return made;
}

/* One dtype for both attributes, where the file has none. */
static bool set_dtypes(const crn_simple_imputer *self, crn_document *document,
                       crn_object *state, const char *sklearn)
{
    crn_object *dtype = crn_object_get(state, "_fit_dtype");
    bool made = true;
    if (crn_version_compare(sklearn, "1.2") < 0)
        return true;
    if (dtype == NULL) {
        dtype = make_dtype(self, document);
        made = crn_object_set(document, state, "_fit_dtype", dtype);
    }
    if (crn_version_compare(sklearn, "1.8") >= 0 &&
        crn_object_get(state, "_fill_dtype") == NULL)
        made = made && crn_object_set(document, state, "_fill_dtype", dtype);
    return made;
}

/* Versions before 1.8 want constants that are numbers in an array of numbers. */
static bool set_statistics(const crn_simple_imputer *self, crn_document *document,
                           crn_object *state, const char *sklearn)
{
    const crn_array cells =
        crn_array_view_1d(self->fill, CRN_OBJECT, self->base.n_features_in_);
    crn_array numbers = CRN_ARRAY_INIT;
    if (self->takes_cells || crn_version_compare(sklearn, "1.8") >= 0)
        return true;
    if (crn_array_astype(&cells, CRN_FLOAT64, &numbers, NULL) != CRN_OK)
        return false;
    const bool made =
        crn_object_set(document, state, "statistics_", crn_object_array(document, &numbers));
    crn_array_free(&numbers);
    return made;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const crn_simple_imputer *imputer = self;
    bool made = true;
    const bool warns = crn_version_compare(sklearn, "1.1") >= 0;
    if (crn_version_compare(sklearn, "1.3") < 0)
        made = crn_object_set(document, state, "verbose",
                              warns ? crn_object_str(document, "deprecated")
                                    : crn_object_int(document, 0));
    if (imputer->base.fitted)
        made = made && set_dtypes(imputer, document, state, sklearn) &&
               set_statistics(imputer, document, state, sklearn);
    return made ? crn_indicator_write(document, state, sklearn, err)
                : crn_arena_fail(document->arena, err);
}

/* ---- lowering ---- */

static crn_dtype dtype_of(const crn_simple_imputer *self)
{
    return self->takes_cells ? CRN_OBJECT : CRN_FLOAT64;
}

static crn_value make_fill(const crn_simple_imputer *self, crn_graph *graph)
{
    const crn_cell **fill = crn_calloc((size_t)self->kept_count, sizeof *fill);
    if (fill == NULL) {
        crn_no_memory(&graph->error);
        return CRN_NO_VALUE;
    }
    for (int64_t i = 0; i < self->kept_count; i++)
        fill[i] = &self->fill[self->kept[i]];
    const crn_value value = crn_categories_table(graph, fill, self->kept_count, dtype_of(self));
    free(fill);
    return value;
}

/* Column i of the original rows: where its value stands among the imputed ones, and where its
 * flag stands behind them. */
static crn_value lower_inverse(const crn_simple_imputer *self, crn_graph *graph, crn_value x)
{
    const int64_t n = self->base.n_features_in_, flags = self->indicator->features_.shape[0];
    int64_t *source = crn_calloc((size_t)n, sizeof *source);
    int64_t *flag = crn_calloc((size_t)n, sizeof *flag);
    crn_value y = CRN_NO_VALUE;
    if (source == NULL || flag == NULL) {
        crn_no_memory(&graph->error);
        goto done;
    }
    for (int64_t i = 0; i < n; i++)
        source[i] = flag[i] = -1;
    for (int64_t i = 0; i < self->kept_count; i++)
        source[self->kept[i]] = i;
    for (int64_t i = 0; i < flags; i++)
        flag[self->indicator->columns[i]] = self->kept_count + i;
    y = crn_restore_missing(graph, x, crn_missing_constant(graph, &self->missing, CRN_FLOAT64),
                            crn_graph_integers(graph, source, n),
                            crn_graph_integers(graph, flag, n));
done:
    free(source);
    free(flag);
    return y;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const crn_simple_imputer *imputer = self;
    if (method == CRN_INVERSE_TRANSFORM)
        return lower_inverse(imputer, graph, x);
    const crn_dtype dtype = dtype_of(imputer);
    x = crn_cast(graph, x, dtype);
    crn_value y = crn_columns(graph, x, imputer->kept, imputer->kept_count);
    y = crn_fill_missing(graph, y, crn_missing_constant(graph, &imputer->missing, dtype),
                         make_fill(imputer, graph));
    if (imputer->indicator == NULL)
        return y;
    return crn_join_indicator(
        graph, y, crn_indicator_mask(imputer->indicator, graph, x, &imputer->missing));
}

/* inverse_transform needs the indicator, and numbers. */
static bool has_method(const void *self, crn_method method)
{
    const crn_simple_imputer *imputer = self;
    return method == CRN_TRANSFORM || (imputer->indicator != NULL && !imputer->takes_cells);
}

static crn_type input_type(const void *self, crn_method method)
{
    const crn_simple_imputer *imputer = self;
    if (method == CRN_INVERSE_TRANSFORM && imputer->indicator != NULL)
        return crn_type_vector(CRN_FLOAT64,
                               imputer->kept_count + imputer->indicator->features_.shape[0]);
    return crn_type_vector(dtype_of(imputer), imputer->base.n_features_in_);
}

static crn_admitted admits(const void *self, crn_method method)
{
    const crn_simple_imputer *imputer = self;
    return method == CRN_INVERSE_TRANSFORM ? CRN_ADMITS_ALL
                                           : crn_missing_admits(&imputer->missing);
}

const crn_estimator crn_estimator_SimpleImputer = {
    .name = "SimpleImputer",
    .module = "sklearn.impute",
    .modules = "sklearn.impute._base",
    .size = sizeof(crn_simple_imputer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_STOPS_NAN,
    .lower = lower,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .read = read,
    .write = write,
};
