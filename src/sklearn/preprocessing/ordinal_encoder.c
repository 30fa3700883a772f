/* SPDX-License-Identifier: BSD-3-Clause */
/* OrdinalEncoder, as sklearn/preprocessing/_encoders.py (1.9): the code of each feature's
 * category, with codes of their own for missing and for unknown values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ops/category.h"
#include "ops/elementwise.h"
#include "ops/rows.h"
#include "sklearn/dtype_parameter.h"
#include "sklearn/preprocessing/categories.h"

typedef struct ordinal_encoder {
    crn_estimator_base base;
    const crn_object *categories, *dtype;
    const char *handle_unknown;
    const crn_object *unknown_value, *encoded_missing_value;
    const crn_object *min_frequency, *max_categories;
    const crn_object *categories_;
    /* what predicting needs of them */
    crn_categories known;
    int64_t *missing; /* [features] the code of NaN among the categories; -1: none */
    double missing_code, unknown_code;
    bool encodes_unknown, encodes_missing;
    crn_dtype out;
} ordinal_encoder;

static const crn_field fields[] = {
    CRN_PARAM(ordinal_encoder, categories, OBJECT, "'auto'", "'auto' | list"),
    CRN_PARAM(ordinal_encoder, dtype, OBJECT, "numpy.float64", NULL),
    CRN_PARAM_SINCE(ordinal_encoder, handle_unknown, STRING, "'error'",
                    "'error' | 'use_encoded_value'", "0.24", NULL),
    CRN_PARAM_SINCE(ordinal_encoder, unknown_value, OBJECT, "None", "int | float | None",
                    "0.24", NULL),
    CRN_PARAM_SINCE(ordinal_encoder, encoded_missing_value, OBJECT, "nan", "int | float", "1.1",
                    NULL),
    CRN_PARAM_SINCE(ordinal_encoder, min_frequency, OBJECT, "None",
                    "int >= 1 | float (0, 1) | None", "1.3", NULL),
    CRN_PARAM_SINCE(ordinal_encoder, max_categories, OBJECT, "None", "int >= 1 | None", "1.3",
                    NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(ordinal_encoder, categories_, OBJECT),
    CRN_FIELDS_END,
};

/* ---- reading ---- */

/* Where each feature has NaN among its categories. Before 1.0 it has none that is treated as
 * missing. */
static crn_status find_missing(ordinal_encoder *self, const crn_object *state, crn_arena *arena,
                               crn_error *err)
{
    const crn_categories *known = &self->known;
    self->encodes_missing =
        crn_object_is(crn_object_get(state, "_missing_indices"), CRN_OBJ_DICT);
    self->missing = crn_arena_alloc(arena, (size_t)known->features, sizeof *self->missing);
    if (self->missing == NULL)
        return crn_arena_fail(arena, err);
    for (int64_t i = 0; i < known->features; i++) {
        self->missing[i] = -1;
        for (int64_t k = known->starts[i]; k < known->starts[i + 1]; k++) {
            if (self->encodes_missing && crn_cell_is_nan(&known->values[k]))
                self->missing[i] = k - known->starts[i];
        }
    }
    return CRN_OK;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    ordinal_encoder *encoder = self;
    crn_arena *arena = context->document->arena;
    if (!encoder->base.fitted)
        return CRN_OK;
    CRN_TRY(crn_dtype_of_parameter(encoder->dtype, &encoder->out, err));
    CRN_TRY(crn_categories_read(&encoder->known, encoder->categories_, arena, err));
    CRN_TRY(crn_categories_group(&encoder->known, state, err));
    encoder->encodes_unknown = encoder->handle_unknown != NULL &&
                               strcmp(encoder->handle_unknown, "use_encoded_value") == 0;
    if (!crn_object_as_double(encoder->encoded_missing_value, &encoder->missing_code))
        return crn_fail(err, CRN_FORMAT, "encoded_missing_value is no number");
    if (encoder->encodes_unknown &&
        !crn_object_as_double(encoder->unknown_value, &encoder->unknown_code))
        return crn_fail(err, CRN_FORMAT, "unknown_value is no number");
    return find_missing(encoder, state, arena, err);
}

static crn_status check(void *self, crn_error *err)
{
    ordinal_encoder *encoder = self;
    if (encoder->base.n_features_in_ < 0)
        encoder->base.n_features_in_ = encoder->known.features;
    if (encoder->base.n_features_in_ != encoder->known.features)
        return crn_fail(err, CRN_FORMAT, "categories_ has %lld lists for %lld features",
                        (long long)encoder->known.features,
                        (long long)encoder->base.n_features_in_);
    return CRN_OK;
}

/* ---- writing ---- */

/* 1.0 and later keep where NaN is a category. */
static bool set_missing(const ordinal_encoder *self, crn_document *document, crn_object *state)
{
    crn_object *indices = crn_object_new(document, CRN_OBJ_DICT);
    for (int64_t i = 0; i < self->known.features; i++) {
        if (self->missing[i] >= 0 &&
            !crn_object_set_pair(document, indices, crn_object_int(document, i),
                                 crn_object_int(document, self->missing[i])))
            return false;
    }
    return crn_object_set(document, state, "_missing_indices", indices);
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const ordinal_encoder *encoder = self;
    bool made = true;
    if (!encoder->base.fitted)
        return CRN_OK;
    if (crn_version_compare(sklearn, "1.0") >= 0)
        made = set_missing(encoder, document, state);
    if (crn_version_compare(sklearn, "1.3") >= 0 &&
        crn_object_get(state, "_infrequent_enabled") == NULL)
        made = made && crn_object_set(document, state, "_infrequent_enabled",
                                      crn_object_bool(document, false));
    for (int64_t i = 0; i < encoder->known.features; i++) {
        if (encoder->missing[i] >= 0 && crn_version_compare(sklearn, "1.0") < 0)
            return crn_fail(err, CRN_UNSUPPORTED,
                            "scikit-learn %s has no missing values in an OrdinalEncoder, which "
                            "came with 1.0",
                            sklearn);
    }
    return made ? CRN_OK : crn_arena_fail(document->arena, err);
}

/* ---- lowering ---- */

/* The code of each slot. */
static crn_value make_codes(const ordinal_encoder *self, crn_graph *graph)
{
    const crn_categories *known = &self->known;
    const int64_t total = known->starts[known->features], count = total + known->features;
    double *codes = crn_calloc((size_t)count, sizeof *codes);
    crn_value value = CRN_NO_VALUE;
    if (codes == NULL) {
        crn_no_memory(&graph->error);
        return CRN_NO_VALUE;
    }
    for (int64_t k = 0; k < total; k++)
        codes[k] = (double)known->group[k];
    for (int64_t i = 0; i < known->features; i++) {
        if (self->missing[i] >= 0)
            codes[known->starts[i] + self->missing[i]] = self->missing_code;
        codes[total + i] = self->unknown_code;
    }
    value = crn_graph_numbers(graph, self->out, codes, count, 0);
    free(codes);
    return value;
}

/* The categories that codes count: all but the rare ones, for which 'infrequent_sklearn' stands
 * behind those of all features, and None behind that. */
typedef struct inverse {
    const crn_cell **table; /* [total + 2] */
    int64_t *starts;        /* [features + 1] */
    int64_t *places;        /* [2, features] */
    bool is_mixed;
} inverse;

static bool is_rare(const crn_categories *known, int64_t i, int64_t k)
{
    const int64_t last = known->starts[i + 1] - 1;
    const bool alone = k == last && crn_cell_is_nan(&known->values[k]);
    return known->has_rare[i] && known->group[k] == known->groups[i] - 1 && !alone;
}

static void list_categories(const ordinal_encoder *self, inverse *made)
{
    static const crn_cell none = {.kind = CRN_CELL_NONE};
    const crn_categories *known = &self->known;
    const int64_t features = known->features, total = known->starts[features];
    int64_t count = 0;
    made->is_mixed = known->common == CRN_OBJECT || self->encodes_unknown;
    for (int64_t i = 0; i < features; i++) {
        made->starts[i] = count;
        for (int64_t k = known->starts[i]; k < known->starts[i + 1]; k++) {
            if (!is_rare(known, i, k))
                made->table[count++] = &known->values[k];
        }
        made->places[i] = self->missing[i];
        made->places[features + i] = known->has_rare[i] ? total : -1;
        made->is_mixed = made->is_mixed || known->has_rare[i];
    }
    made->starts[features] = count;
    for (; count < total; count++)
        made->table[count] = &none;
    /* A table of numbers has no place for the two: nothing leads to them then. */
    made->table[total] = made->is_mixed ? &crn_infrequent_category : &known->values[0];
    made->table[total + 1] = made->is_mixed ? &none : &known->values[0];
}

static crn_value lower_inverse(const ordinal_encoder *self, crn_graph *graph, crn_value x)
{
    const int64_t features = self->known.features, total = self->known.starts[features];
    const crn_ordinal_inverse_attributes attributes = {.has_unknown = self->encodes_unknown,
                                                       .missing = self->missing_code,
                                                       .unknown = self->unknown_code,
                                                       .unknown_slot = total + 1};
    inverse made = {.table = crn_calloc((size_t)total + 2, sizeof *made.table),
                    .starts = crn_calloc((size_t)features + 1, sizeof *made.starts),
                    .places = crn_calloc((size_t)features, 2 * sizeof *made.places)};
    crn_value y = CRN_NO_VALUE;
    if (made.table == NULL || made.starts == NULL || made.places == NULL) {
        crn_no_memory(&graph->error);
        goto done;
    }
    list_categories(self, &made);
    y = crn_ordinal_inverse(graph, x, crn_graph_integers(graph, made.starts, features + 1),
                            crn_graph_integers(graph, made.places, 2 * features), &attributes);
    y = crn_take(graph,
                 crn_categories_table(graph, made.table, total + 2,
                                      made.is_mixed ? CRN_OBJECT : self->known.common),
                 y);
done:
    free(made.table);
    free(made.starts);
    free(made.places);
    return y;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const ordinal_encoder *encoder = self;
    if (method == CRN_INVERSE_TRANSFORM)
        return lower_inverse(encoder, graph, x);
    crn_value slots =
        crn_categories_slots(&encoder->known, graph, x, !encoder->encodes_unknown);
    return crn_take(graph, make_codes(encoder, graph), slots);
}

static crn_type input_type(const void *self, crn_method method)
{
    const ordinal_encoder *encoder = self;
    if (method == CRN_INVERSE_TRANSFORM || encoder->known.starts == NULL)
        return crn_type_vector(CRN_FLOAT64, encoder->base.n_features_in_);
    return crn_categories_type(&encoder->known);
}

const crn_estimator crn_estimator_OrdinalEncoder = {
    .name = "OrdinalEncoder",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._encoders",
    .size = sizeof(ordinal_encoder),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_ALLOWS_NAN,
    .lower = lower,
    .check = check,
    .input_type = input_type,
    .read = read,
    .write = write,
};
