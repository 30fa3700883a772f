/* SPDX-License-Identifier: BSD-3-Clause */
/* ColumnTransformer, as sklearn/compose/_column_transformer.py (1.9): columns of mixed kinds
 * through a transformer of their own, whose outputs stand side by side. */
#include "sklearn/compose/column_transformer.h"

#include <stdlib.h>
#include <string.h>

#include "format/cells.h"
#include "ops/elementwise.h"
#include "ops/require.h"
#include "ops/rows.h"
#include "sklearn/children.h"
#include "sklearn/pipeline/join.h"

static const crn_field fields[] = {
    CRN_PARAM(crn_column_transformer, transformers, OBJECT, NULL, "list"),
    CRN_PARAM(crn_column_transformer, remainder, OBJECT, "'drop'",
              "'drop' | 'passthrough' | has fit and transform | "
              "has fit_transform and transform"),
    CRN_PARAM(crn_column_transformer, sparse_threshold, REAL, "0.3", "float [0, 1]"),
    CRN_PARAM(crn_column_transformer, n_jobs, OBJECT, "None", "int | None"),
    CRN_PARAM(crn_column_transformer, transformer_weights, OBJECT, "None", "dict | None"),
    CRN_PARAM_SINCE(crn_column_transformer, verbose, OBJECT, "False", "verbose", "0.21", NULL),
    CRN_PARAM_SINCE(crn_column_transformer, verbose_feature_names_out, OBJECT, "True",
                    "bool | str | callable", "1.0", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(crn_column_transformer, sparse_output_, BOOL),
    /* written by column_transformer_write.c, for versions have different objects in it */
    {.name = "transformers_",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_UNWRITTEN,
     .offset = offsetof(crn_column_transformer, transformers_)},
    CRN_FIELDS_END,
};

/* ---- names of the columns ---- */

/* Before 1.0 there were other attributes: an array, or pandas' Index, which pickles as the call
 * of a function on a dict. */
static const crn_object *old_names(const crn_object *state)
{
    const crn_object *names = crn_object_get(state, "_feature_names_in");
    const crn_object *index = crn_object_get(state, "_df_columns");
    if (names != NULL && !crn_object_is_none(names))
        return names;
    return crn_object_is(index, CRN_OBJ_INSTANCE)
               ? crn_object_get(crn_object_item(index->as.instance->args, 1), "data")
               : NULL;
}

/* The names as texts of the arena, one for each feature; NULL when they are not known. */
static crn_status read_names(crn_column_transformer *self, const crn_object *state,
                             crn_arena *arena, const char *const **out, crn_error *err)
{
    crn_array cells = CRN_ARRAY_INIT;
    const crn_object *given = crn_object_get(state, "feature_names_in_");
    const char **names = NULL;
    crn_status status = CRN_OK;
    *out = NULL;
    if (given == NULL)
        given = old_names(state);
    if (given == NULL)
        return CRN_OK;
    CRN_TRY_OR_DONE(crn_cells_of_object(given, &cells, err));
    const int64_t n = crn_array_size(&cells);
    if (self->base.n_features_in_ < 0)
        self->base.n_features_in_ = n;
    if (n != self->base.n_features_in_ ||
        (names = crn_arena_alloc(arena, (size_t)n, sizeof *names)) == NULL)
        goto done;
    for (int64_t i = 0; i < n; i++) {
        const crn_cell *cell = (const crn_cell *)cells.data + i;
        if (cell->kind != CRN_CELL_TEXT)
            goto done; /* columns of numbers have no names */
        names[i] = crn_arena_text(arena, cell->as.text, cell->size);
        if (names[i] == NULL)
            CRN_TRY_OR_DONE(crn_arena_fail(arena, err));
    }
    *out = names;
done:
    crn_array_free(&cells);
    return status;
}

/* ---- reading ---- */

/* Files of 0.20 to 0.23 keep the number under another name, or only numbers of columns. */
static void count_features(crn_column_transformer *self, const crn_object *state)
{
    int64_t n = -1;
    if (self->base.n_features_in_ >= 0)
        return;
    if (!crn_object_as_int(crn_object_get(state, "_n_features"), &n)) {
        for (size_t i = 0; i < crn_object_length(self->transformers_); i++) {
            const int64_t largest = crn_columns_largest(
                crn_object_item(crn_object_item(self->transformers_, i), 2));
            n = largest + 1 > n ? largest + 1 : n;
        }
    }
    self->base.n_features_in_ = n;
}

/* 'passthrough', and the FunctionTransformer that does nothing, which 1.4 and later have in its
 * place. */
static bool passes_through(const crn_object *transformer)
{
    const crn_estimator *type =
        crn_object_is(transformer, CRN_OBJ_INSTANCE) ? crn_estimator_of(transformer) : NULL;
    if (crn_object_is_str(transformer, "passthrough"))
        return true;
    return type != NULL && strcmp(type->name, "FunctionTransformer") == 0 &&
           crn_object_is_none(crn_object_get(transformer->as.instance->state, "func"));
}

static crn_status read_part(crn_column_transformer *self, const crn_object *tuple,
                            const char *const *names, const crn_field_context *context,
                            crn_error *err)
{
    crn_column_part *part = &self->parts[self->part_count];
    const crn_object *transformer = crn_object_item(tuple, 1);
    part->name = crn_object_text(crn_object_item(tuple, 0));
    if (crn_object_length(tuple) != 3 || part->name == NULL || transformer == NULL)
        return crn_fail(err, CRN_FORMAT, "no (name, transformer, columns) tuple");
    part->is_dropped = crn_object_is_str(transformer, "drop");
    CRN_TRY(crn_columns_select(crn_object_item(tuple, 2), self->base.n_features_in_, names,
                               context->document->arena, &part->columns, err));
    if (!part->is_dropped && !passes_through(transformer))
        CRN_TRY(context->read_model(context->context, transformer, &part->model, err));
    self->part_count++;
    return CRN_OK;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    crn_column_transformer *transformer = self;
    const crn_object *list = transformer->transformers_;
    const char *const *names;
    enum { MOST_FEATURES = 1 << 24 };
    if (!transformer->base.fitted)
        return CRN_OK;
    if (!crn_object_is(list, CRN_OBJ_LIST))
        return crn_fail(err, CRN_FORMAT, "transformers_ is no list");
    transformer->document = context->document;
    count_features(transformer, state);
    CRN_TRY(read_names(transformer, state, context->document->arena, &names, err));
    if (transformer->base.n_features_in_ < 0 ||
        transformer->base.n_features_in_ > MOST_FEATURES)
        return crn_fail(err, CRN_FORMAT, "the number of features is not known, or too large");
    if (names != NULL)
        transformer->base.feature_names = names;
    transformer->parts = crn_calloc(crn_object_length(list), sizeof *transformer->parts);
    if (transformer->parts == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < crn_object_length(list); i++) {
        if (read_part(transformer, crn_object_item(list, i), names, context, err) != CRN_OK)
            return crn_where(err, "transformers_[%zu]", i);
    }
    return CRN_OK;
}

static void release(void *self)
{
    crn_column_transformer *transformer = self;
    for (int i = 0; i < transformer->part_count; i++)
        crn_model_destroy(transformer->parts[i].model);
    free(transformer->parts);
}

/* ---- asking ---- */

/* Whether the part gives columns. */
static bool is_active(const crn_column_part *part)
{
    return !part->is_dropped && part->columns.count > 0;
}

static bool has_method(const void *self, crn_method method)
{
    const crn_column_transformer *transformer = self;
    for (int i = 0; i < transformer->part_count; i++) {
        const crn_column_part *part = &transformer->parts[i];
        if (is_active(part) && part->model != NULL && !crn_child_has(part->model, method))
            return false;
    }
    return true;
}

/* A transformer whose class is not known is named. */
static crn_status refuse(const void *self, crn_method method, crn_error *err)
{
    const crn_column_transformer *transformer = self;
    for (int i = 0; i < transformer->part_count; i++) {
        const crn_column_part *part = &transformer->parts[i];
        if (is_active(part) && part->model != NULL &&
            crn_model_require(part->model, method, err) != CRN_OK)
            return crn_where(err, "transformers_[%d]", i);
    }
    return CRN_OK;
}

/* Columns of a DataFrame that nobody reads may hold anything. */
static bool ignores_columns(const crn_column_transformer *self, const crn_column_part *part)
{
    return self->base.feature_names != NULL && part->is_dropped && part->columns.count > 0;
}

/* Cells, when one transformer takes cells or a table's column is dropped. */
static crn_type input_type(const void *self, crn_method method)
{
    const crn_column_transformer *transformer = self;
    crn_dtype dtype = CRN_FLOAT64;
    for (int i = 0; i < transformer->part_count; i++) {
        const crn_column_part *part = &transformer->parts[i];
        if (ignores_columns(transformer, part) ||
            (is_active(part) && crn_child_input_type(part->model, method).dtype == CRN_OBJECT))
            dtype = CRN_OBJECT;
    }
    return crn_type_vector(dtype, transformer->base.n_features_in_);
}

/* As wide as the widest: the others check their columns themselves. */
static crn_admitted admits(const void *self, crn_method method)
{
    const crn_column_transformer *transformer = self;
    crn_admitted widest = CRN_ADMITS_FINITE;
    for (int i = 0; i < transformer->part_count; i++) {
        const crn_column_part *part = &transformer->parts[i];
        const crn_admitted one =
            is_active(part) ? crn_child_admits(part->model, method) : CRN_ADMITS_ALL;
        widest = one < widest ? one : widest;
    }
    return widest;
}

static bool stops_nan(const void *self)
{
    const crn_column_transformer *transformer = self;
    for (int i = 0; i < transformer->part_count; i++) {
        const crn_column_part *part = &transformer->parts[i];
        if (is_active(part) && (part->model == NULL || !crn_model_stops_nan(part->model)) &&
            crn_child_admits(part->model, CRN_TRANSFORM) != CRN_ADMITS_FINITE)
            return false;
    }
    return true;
}

/* ---- lowering ---- */

/* The columns of a part, as its transformer takes them. */
static crn_value part_input(const crn_column_part *part, crn_admitted admitted,
                            crn_method method, crn_graph *graph, crn_value x)
{
    crn_value columns = crn_columns(graph, x, part->columns.at, part->columns.count);
    if (part->columns.is_vector)
        columns = crn_reshape(graph, columns, 0, NULL);
    if (part->model == NULL)
        return columns;
    const crn_type type = crn_child_input_type(part->model, method);
    const crn_admitted own = crn_child_admits(part->model, method);
    if (type.dtype == CRN_FLOAT64 || type.dtype == CRN_OBJECT)
        columns = crn_cast(graph, columns, type.dtype);
    if (type.dtype == CRN_FLOAT64 && own > admitted)
        columns = crn_require_finite(graph, columns, own == CRN_ADMITS_NAN);
    return columns;
}

static crn_value lower_part(const crn_column_transformer *self, int i, crn_admitted admitted,
                            crn_method method, crn_graph *graph, crn_value x)
{
    const crn_column_part *part = &self->parts[i];
    crn_value y = part_input(part, admitted, method, graph, x);
    if (part->model != NULL)
        y = crn_sklearn_lower(part->model, method, graph, y);
    if (graph->error.code != CRN_OK)
        crn_where(&graph->error, "transformers_[%d]", i);
    return crn_weigh(graph, self->transformer_weights, part->name, y);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const crn_column_transformer *transformer = self;
    const crn_admitted admitted = admits(self, method);
    crn_value *outputs =
        crn_arena_alloc(graph->arena, (size_t)transformer->part_count, sizeof *outputs);
    int count = 0;
    if (outputs == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    x = crn_cast(graph, x, input_type(self, method).dtype);
    for (int i = 0; i < transformer->part_count; i++) {
        if (is_active(&transformer->parts[i]))
            outputs[count++] = lower_part(transformer, i, admitted, method, graph, x);
    }
    if (count == 0)
        return crn_columns(graph, crn_cast(graph, x, CRN_FLOAT64), NULL, 0);
    return crn_join_columns(graph, outputs, count, transformer->sparse_output_);
}

const crn_estimator crn_estimator_ColumnTransformer = {
    .name = "ColumnTransformer",
    .module = "sklearn.compose",
    .modules = "sklearn.compose._column_transformer",
    .size = sizeof(crn_column_transformer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .flags = CRN_SORTS_NAN,
    .lower = lower,
    .has_method = has_method,
    .refuse = refuse,
    .admits = admits,
    .stops_nan = stops_nan,
    .input_type = input_type,
    .read = read,
    .write = crn_column_transformer_write,
    .release = release,
};
