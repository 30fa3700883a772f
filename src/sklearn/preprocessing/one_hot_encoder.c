/* SPDX-License-Identifier: BSD-3-Clause */
/* OneHotEncoder, as sklearn/preprocessing/_encoders.py (1.9): a column for each category of
 * each feature, after rare ones were grouped and one of each feature was dropped. The legacy
 * mode of 0.20, in which categories are the integers below n_values, is read as well. */
#include <stdlib.h>
#include <string.h>

#include "format/cells.h"
#include "ops/category.h"
#include "ops/rows.h"
#include "sklearn/dtype_parameter.h"
#include "sklearn/preprocessing/one_hot_encoder.h"

#define FITTED_OR_NONE(member, since_)                                                         \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_OBJECT,                                             \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,                                        \
        .offset = offsetof(crn_one_hot_encoder, member), .dflt = "None", .since = since_       \
    }

static const crn_field fields[] = {
    CRN_PARAM(crn_one_hot_encoder, categories, OBJECT, "'auto'", "'auto' | list"),
    CRN_PARAM_SINCE(crn_one_hot_encoder, drop, OBJECT, "None",
                    "'first' | 'if_binary' | array | None", "0.21", NULL),
    {.name = "sparse_output",
     .type = CRN_FIELD_BOOL,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(crn_one_hot_encoder, sparse_output),
     .dflt = "True",
     .since = "1.2",
     .old_names = "sparse"},
    CRN_PARAM(crn_one_hot_encoder, dtype, OBJECT, "numpy.float64", NULL),
    CRN_PARAM(crn_one_hot_encoder, handle_unknown, STRING, "'error'",
              "'error' | 'ignore' | 'infrequent_if_exist' | 'warn'"),
    CRN_PARAM_SINCE(crn_one_hot_encoder, min_frequency, OBJECT, "None",
                    "int >= 1 | float (0, 1) | None", "1.1", NULL),
    CRN_PARAM_SINCE(crn_one_hot_encoder, max_categories, OBJECT, "None", "int >= 1 | None",
                    "1.1", NULL),
    CRN_PARAM_SINCE(crn_one_hot_encoder, feature_name_combiner, OBJECT, "'concat'",
                    "'concat' | callable", "1.3", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(crn_one_hot_encoder, categories_, OBJECT),
    FITTED_OR_NONE(_drop_idx_after_grouping, "1.2"),
    FITTED_OR_NONE(drop_idx_, "0.21"),
    CRN_FIELDS_END,
};

/* ---- reading ---- */

bool crn_one_hot_handles(const crn_one_hot_encoder *self, const char *handle_unknown)
{
    return self->handle_unknown != NULL && strcmp(self->handle_unknown, handle_unknown) == 0;
}

/* Unknown values count as rare ones. */
static bool groups_unknown(const crn_one_hot_encoder *self)
{
    return crn_one_hot_handles(self, "infrequent_if_exist") ||
           crn_one_hot_handles(self, "warn");
}

/* None, or a number or None for each feature: codes after grouping. */
static crn_status read_dropped(crn_one_hot_encoder *self, crn_arena *arena, crn_error *err)
{
    const crn_object *given = crn_object_is_none(self->_drop_idx_after_grouping)
                                  ? self->drop_idx_
                                  : self->_drop_idx_after_grouping;
    const crn_categories *known = &self->known;
    crn_array codes = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    self->dropped = crn_arena_alloc(arena, (size_t)known->features, sizeof *self->dropped);
    if (self->dropped == NULL)
        return crn_arena_fail(arena, err);
    for (int64_t i = 0; i < known->features; i++)
        self->dropped[i] = -1;
    if (given == NULL || crn_object_is_none(given))
        return CRN_OK;
    CRN_TRY_OR_DONE(crn_cells_of_object(given, &codes, err));
    bool sound = codes.ndim == 1 && codes.shape[0] == known->features;
    for (int64_t i = 0; sound && i < known->features; i++) {
        const crn_cell *code = (const crn_cell *)codes.data + i;
        if (code->kind == CRN_CELL_NONE)
            continue;
        self->dropped[i] = code->as.integer;
        sound = code->kind == CRN_CELL_INT && code->as.integer >= 0 &&
                code->as.integer < known->groups[i];
    }
    if (!sound)
        status = crn_fail(err, CRN_FORMAT, "drop_idx_ does not fit categories_");
done:
    crn_array_free(&codes);
    return status;
}

/* The column of a feature's code. */
static int64_t column_of(const crn_one_hot_encoder *self, int64_t i, int64_t code)
{
    const int64_t dropped = self->dropped[i];
    if (code == dropped)
        return -1;
    return self->starts[i] + code - (dropped >= 0 && code > dropped);
}

static crn_status place_columns(crn_one_hot_encoder *self, crn_arena *arena, crn_error *err)
{
    const crn_categories *known = &self->known;
    const int64_t total = known->starts[known->features];
    self->columns =
        crn_arena_alloc(arena, (size_t)(total + known->features), sizeof *self->columns);
    self->starts = crn_arena_alloc(arena, (size_t)known->features + 1, sizeof *self->starts);
    if (self->columns == NULL || self->starts == NULL)
        return crn_arena_fail(arena, err);
    for (int64_t i = 0; i < known->features; i++) {
        for (int64_t k = known->starts[i]; k < known->starts[i + 1]; k++)
            self->columns[k] = column_of(self, i, known->group[k]);
        self->columns[total + i] = groups_unknown(self) && known->has_rare[i]
                                       ? column_of(self, i, known->groups[i] - 1)
                                       : -1;
        self->starts[i + 1] = self->starts[i] + known->groups[i] - (self->dropped[i] >= 0);
    }
    return CRN_OK;
}

/* ---- 0.20's legacy mode ---- */

enum { LEGACY_MOST = 1 << 22 }; /* integers of all features; the file names only their number */

static crn_status read_legacy(crn_one_hot_encoder *self, const crn_object *state,
                              crn_document *document, crn_error *err)
{
    const crn_array *counts = crn_object_as_array(crn_object_get(state, "_n_values_"));
    crn_object *lists = crn_object_new(document, CRN_OBJ_LIST);
    int64_t total = 0;
    if (!crn_object_is_str(crn_object_get(state, "_categorical_features"), "all"))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "OneHotEncoder: categorical_features of scikit-learn 0.20");
    if (counts == NULL || counts->ndim != 1 || !crn_dtype_is_integer(counts->dtype))
        return crn_fail(err, CRN_FORMAT, "_n_values_ is no array of integers");
    for (int64_t i = 0; i < counts->shape[0]; i++) {
        const double n = crn_array_get(counts, i);
        crn_array range = CRN_ARRAY_INIT;
        if (!(n >= 1 && n <= (double)(LEGACY_MOST - total)))
            return crn_fail(err, CRN_LIMIT, "OneHotEncoder of more than %d categories",
                            LEGACY_MOST);
        total += (int64_t)n;
        CRN_TRY(crn_array_create(CRN_INT64, 0, 1, (int64_t[]){(int64_t)n}, &range, err));
        for (int64_t k = 0; k < range.shape[0]; k++)
            ((int64_t *)range.data)[k] = k;
        const bool added =
            crn_object_append(document, lists, crn_object_array(document, &range));
        crn_array_free(&range);
        if (!added)
            return crn_arena_fail(document->arena, err);
    }
    return crn_categories_read(&self->known, lists, document->arena, err);
}

/* Integers that fit has not seen have no column, and are no error. */
static crn_status keep_active(crn_one_hot_encoder *self, const crn_object *state,
                              crn_error *err)
{
    const crn_array *active = crn_object_as_array(crn_object_get(state, "_active_features_"));
    const int64_t features = self->known.features, total = self->known.starts[features];
    if (active == NULL)
        return CRN_OK;
    for (int64_t k = 0; k < total; k++)
        self->columns[k] = -1;
    for (int64_t j = 0; j < crn_array_size(active); j++) {
        const double place = crn_array_get(active, j);
        if (!(place >= 0 && place < (double)total) || j >= total)
            return crn_fail(err, CRN_FORMAT, "_active_features_ lie outside of _n_values_");
        self->columns[(int64_t)place] = j;
    }
    self->starts[features] = crn_array_size(active);
    return CRN_OK;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    crn_one_hot_encoder *encoder = self;
    crn_arena *arena = context->document->arena;
    if (!encoder->base.fitted)
        return CRN_OK;
    crn_object_as_bool(crn_object_get(state, "_legacy_mode"), &encoder->legacy);
    CRN_TRY(crn_dtype_of_parameter(encoder->dtype, &encoder->out, err));
    if (encoder->legacy) {
        CRN_TRY(read_legacy(encoder, state, context->document, err));
    } else {
        CRN_TRY(crn_categories_read(&encoder->known, encoder->categories_, arena, err));
        CRN_TRY(crn_categories_group(&encoder->known, state, err));
    }
    CRN_TRY(read_dropped(encoder, arena, err));
    CRN_TRY(place_columns(encoder, arena, err));
    return encoder->legacy ? keep_active(encoder, state, err) : CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    crn_one_hot_encoder *encoder = self;
    if (encoder->base.n_features_in_ < 0)
        encoder->base.n_features_in_ = encoder->known.features;
    if (encoder->base.n_features_in_ != encoder->known.features)
        return crn_fail(err, CRN_FORMAT, "categories_ has %lld lists for %lld features",
                        (long long)encoder->known.features,
                        (long long)encoder->base.n_features_in_);
    return CRN_OK;
}

/* ---- lowering ---- */

static const crn_cell none = {.kind = CRN_CELL_NONE};

/* The category that stands for a code after grouping. */
static const crn_cell *category_of(const crn_categories *known, int64_t i, int64_t code)
{
    if (known->has_rare[i] && code == known->groups[i] - 1)
        return &crn_infrequent_category;
    for (int64_t k = known->starts[i]; k < known->starts[i + 1]; k++) {
        if (known->group[k] == code)
            return &known->values[k];
    }
    return &none;
}

/* What a feature is whose columns are all 0; NULL: it cannot be. */
static const crn_cell *category_of_zeros(const crn_one_hot_encoder *self, int64_t i)
{
    const crn_categories *known = &self->known;
    const int64_t dropped = self->dropped[i];
    if (crn_one_hot_handles(self, "ignore") || (groups_unknown(self) && !known->has_rare[i]) ||
        self->starts[i] == self->starts[i + 1])
        return dropped >= 0 ? &known->values[known->starts[i] + dropped] : &none;
    return dropped >= 0 ? category_of(known, i, dropped) : NULL;
}

/* The categories of all columns, then those of zeros. */
static void list_categories(const crn_one_hot_encoder *self, const crn_cell **table,
                            int64_t *zeros, bool *is_mixed)
{
    const crn_categories *known = &self->known;
    const int64_t width = self->starts[known->features];
    for (int64_t i = 0; i < known->features; i++) {
        for (int64_t code = 0; code < known->groups[i]; code++) {
            const int64_t column = column_of(self, i, code);
            if (column >= 0)
                table[column] = category_of(known, i, code);
        }
        const crn_cell *zero = category_of_zeros(self, i);
        zeros[i] = zero != NULL ? width + i : -1;
        table[width + i] = zero != NULL ? zero : &known->values[known->starts[i]];
        *is_mixed = *is_mixed || zero == &none || known->has_rare[i];
    }
}

static crn_value lower_inverse(const crn_one_hot_encoder *self, crn_graph *graph, crn_value x)
{
    const int64_t features = self->known.features, slots = self->starts[features] + features;
    const crn_cell **table = crn_calloc((size_t)slots, sizeof *table);
    int64_t *zeros = crn_calloc((size_t)features, sizeof *zeros);
    crn_value y = CRN_NO_VALUE;
    bool is_mixed = self->known.common == CRN_OBJECT;
    if (table == NULL || zeros == NULL) {
        crn_no_memory(&graph->error);
        goto done;
    }
    list_categories(self, table, zeros, &is_mixed);
    y = crn_one_hot_inverse(graph, x, crn_graph_integers(graph, self->starts, features + 1),
                            crn_graph_integers(graph, zeros, features));
    y = crn_take(
        graph,
        crn_categories_table(graph, table, slots, is_mixed ? CRN_OBJECT : self->known.common),
        y);
done:
    free(table);
    free(zeros);
    return y;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const crn_one_hot_encoder *encoder = self;
    const crn_categories *known = &encoder->known;
    const int64_t total = known->starts[known->features];
    if (method == CRN_INVERSE_TRANSFORM)
        return lower_inverse(encoder, graph, x);
    const crn_one_hot_attributes attributes = {.width = encoder->starts[known->features],
                                               .dtype = encoder->out,
                                               .sparse = encoder->sparse_output};
    crn_value slots =
        crn_categories_slots(known, graph, x, crn_one_hot_handles(encoder, "error"));
    return crn_one_hot(graph, slots,
                       crn_graph_integers(graph, encoder->columns, total + known->features),
                       &attributes);
}

static bool has_method(const void *self, crn_method method)
{
    return method == CRN_TRANSFORM || !((const crn_one_hot_encoder *)self)->legacy;
}

static crn_type input_type(const void *self, crn_method method)
{
    const crn_one_hot_encoder *encoder = self;
    if (encoder->known.starts == NULL)
        return crn_type_vector(CRN_FLOAT64, encoder->base.n_features_in_);
    return method == CRN_INVERSE_TRANSFORM
               ? crn_type_vector(CRN_FLOAT64, encoder->starts[encoder->known.features])
               : crn_categories_type(&encoder->known);
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)self;
    return method == CRN_INVERSE_TRANSFORM ? CRN_ADMITS_FINITE : CRN_ADMITS_NAN;
}

const crn_estimator crn_estimator_OneHotEncoder = {
    .name = "OneHotEncoder",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._encoders",
    .size = sizeof(crn_one_hot_encoder),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN | CRN_STOPS_NAN,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .read = read,
    .write = crn_one_hot_write,
};
