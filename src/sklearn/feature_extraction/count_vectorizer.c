/* SPDX-License-Identifier: BSD-3-Clause */
/* CountVectorizer, as sklearn/feature_extraction/text.py (0.20 to 1.9). Its columns are int64
 * unless dtype says otherwise. */
#include <stdlib.h>
#include <string.h>

#include "base/cell.h"
#include "ops/elementwise.h"
#include "sklearn/feature_extraction/vectorizer.h"

static const crn_field fields[] = {
    CRN_VECTORIZER_INPUT_FIELDS,
    CRN_VECTORIZER_TOKEN_FIELDS,
    CRN_VECTORIZER_ANALYZER_FIELD,
    CRN_COUNT_VECTORIZER_FIELDS,
    CRN_KEYWORD(crn_vectorizer, binary, BOOL, "False", NULL),
    CRN_KEYWORD(crn_vectorizer, dtype, OBJECT, "numpy.int64", NULL),
    CRN_COUNT_VECTORIZER_FITTED_FIELDS,
    CRN_FIELDS_END,
};

/* ---- the vocabulary ---- */

/* What the vocabulary is: that of fit, else that of the parameter. */
static const crn_object *vocabulary_of(const crn_count_vectorizer *self)
{
    return crn_object_is(self->vocabulary_, CRN_OBJ_DICT) ? self->vocabulary_
                                                          : self->vocabulary;
}

/* Term i and its column. A list's terms have the columns of their places, a set's those of their
 * sorted places, which is why a set is sorted before (below). */
static bool entry_at(const crn_object *vocabulary, size_t i, const crn_object **term,
                     int64_t *column)
{
    if (crn_object_is(vocabulary, CRN_OBJ_DICT)) {
        *term = vocabulary->as.items.at[2 * i];
        return crn_object_as_int(vocabulary->as.items.at[2 * i + 1], column);
    }
    *term = vocabulary->as.items.at[i];
    *column = (int64_t)i;
    return true;
}

/* UTF-8 sorts like code points, as Python sorts. */
static int by_text(const void *a, const void *b)
{
    const crn_object *x = *(crn_object *const *)a, *y = *(crn_object *const *)b;
    const char *left = crn_object_text(x), *right = crn_object_text(y);
    return strcmp(left != NULL ? left : "", right != NULL ? right : "");
}

/* The texts of an array as a list. NULL with an error. */
static crn_object *list_of_array(const crn_object *object, crn_document *document,
                                 crn_error *err)
{
    const crn_array *array = crn_object_as_array(object);
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    crn_text text = CRN_TEXT_INIT;
    bool made = list != NULL;
    for (int64_t i = 0; made && i < array->shape[0]; i++) {
        crn_text_clear(&text);
        crn_label_text(array, i, &text);
        made = text.status == CRN_OK &&
               crn_object_append(
                   document, list,
                   crn_object_str_n(document, text.size > 0 ? text.data : "", text.size));
    }
    crn_text_free(&text);
    if (!made)
        crn_arena_fail(document->arena, err);
    return made ? list : NULL;
}

/* An array in the place of the vocabulary is a list from here on. */
static crn_status take_array(crn_count_vectorizer *self, crn_document *document, crn_error *err)
{
    const crn_object *vocabulary = self->vocabulary;
    const crn_array *array = crn_object_as_array(vocabulary);
    if (array == NULL || array->ndim != 1)
        return CRN_OK;
    if (array->dtype == CRN_OBJECT && vocabulary->as.instance->elements != NULL)
        self->vocabulary = vocabulary->as.instance->elements;
    else if (array->dtype == CRN_STRING)
        self->vocabulary = list_of_array(vocabulary, document, err);
    return self->vocabulary != NULL ? CRN_OK : CRN_NO_MEMORY;
}

/* A set in the place of the vocabulary is a list of its sorted terms from here on. */
static crn_status sort_set(crn_count_vectorizer *self, crn_document *document, crn_error *err)
{
    if (!crn_object_is(self->vocabulary, CRN_OBJ_SET) &&
        !crn_object_is(self->vocabulary, CRN_OBJ_FROZENSET))
        return CRN_OK;
    crn_object *sorted = crn_object_new(document, CRN_OBJ_LIST);
    const crn_object_items *terms = &self->vocabulary->as.items;
    if (sorted == NULL ||
        !crn_object_items_extend(document, &sorted->as.items, terms->at, terms->count))
        return crn_arena_fail(document->arena, err);
    if (sorted->as.items.count > 1)
        qsort(sorted->as.items.at, sorted->as.items.count, sizeof(crn_object *), by_text);
    self->vocabulary = sorted;
    return CRN_OK;
}

crn_status crn_count_vectorizer_read(void *self, const crn_object *state,
                                     const crn_field_context *context, crn_error *err)
{
    crn_count_vectorizer *v = self;
    (void)state;
    v->text.base.fitted =
        crn_object_is(v->vocabulary_, CRN_OBJ_DICT) || !crn_object_is_none(v->vocabulary);
    CRN_TRY(take_array(v, context->document, err));
    return sort_set(v, context->document, err);
}

crn_status crn_count_vectorizer_write(const void *self, crn_document *document,
                                      crn_object *state, const char *sklearn, crn_error *err)
{
    (void)document, (void)sklearn, (void)err;
    if (crn_object_is_none(((const crn_count_vectorizer *)self)->vocabulary_))
        crn_object_unset(state, "vocabulary_");
    return CRN_OK;
}

int64_t crn_count_vectorizer_features(const crn_count_vectorizer *self)
{
    return (int64_t)crn_object_length(vocabulary_of(self));
}

/* Every column of the matrix once, as _validate_vocabulary() wants it. */
static crn_status check_columns(const crn_object *vocabulary, int64_t count, bool *seen,
                                crn_error *err)
{
    for (int64_t i = 0; i < count; i++) {
        const crn_object *term;
        int64_t column;
        if (!entry_at(vocabulary, (size_t)i, &term, &column) ||
            !crn_object_is(term, CRN_OBJ_STR))
            return crn_fail(err, CRN_FORMAT, "the vocabulary does not lead from texts to ints");
        if (column < 0 || column >= count)
            return crn_fail(err, CRN_FORMAT,
                            "Vocabulary of size %lld has the index %lld, which lies outside",
                            (long long)count, (long long)column);
        if (seen[column])
            return crn_fail(err, CRN_FORMAT, "Vocabulary contains repeated indices.");
        seen[column] = true;
    }
    return CRN_OK;
}

crn_status crn_count_vectorizer_check(void *self, crn_error *err)
{
    const crn_count_vectorizer *v = self;
    const crn_object *vocabulary = vocabulary_of(v);
    crn_dtype dtype;
    CRN_TRY(crn_vectorizer_check(&v->text, err));
    CRN_TRY(crn_dtype_of_parameter(v->text.dtype, &dtype, err));
    if (!crn_object_is(vocabulary, CRN_OBJ_DICT) && !crn_object_is(vocabulary, CRN_OBJ_LIST) &&
        !crn_object_is(vocabulary, CRN_OBJ_TUPLE))
        return crn_fail(err, CRN_UNSUPPORTED, "vocabulary is %s: a dict or a list is needed",
                        crn_object_kind_name(vocabulary));
    const int64_t count = crn_count_vectorizer_features(v);
    if (count == 0)
        return crn_fail(err, CRN_FORMAT, "empty vocabulary passed to fit");
    if (count > INT32_MAX)
        return crn_fail(err, CRN_LIMIT, "the vocabulary has more than 2**31 terms");
    bool *seen = crn_calloc((size_t)count, sizeof *seen);
    if (seen == NULL)
        return crn_no_memory(err);
    const crn_status status = check_columns(vocabulary, count, seen, err);
    free(seen);
    return status;
}

static crn_status create_table(const crn_object *vocabulary, int64_t count,
                               crn_term_table **out, crn_error *err)
{
    const crn_object *term;
    int64_t column;
    size_t bytes = 0;
    for (int64_t i = 0; i < count; i++) {
        (void)entry_at(vocabulary, (size_t)i, &term, &column);
        bytes += term->as.bytes.size;
    }
    CRN_TRY(crn_term_table_create((size_t)count, bytes, out, err));
    for (int64_t i = 0; i < count; i++) {
        (void)entry_at(vocabulary, (size_t)i, &term, &column);
        crn_term_table_add(*out, term->as.bytes.at, term->as.bytes.size, (int32_t)column);
    }
    return CRN_OK;
}

crn_value crn_count_vectorizer_lower(const crn_count_vectorizer *self, crn_graph *graph,
                                     crn_value documents)
{
    crn_text_counter counter = {.n_features = crn_count_vectorizer_features(self),
                                .binary = self->text.binary};
    if (graph->error.code != CRN_OK ||
        crn_dtype_of_parameter(self->text.dtype, &counter.dtype, &graph->error) != CRN_OK ||
        crn_vectorizer_analyzer(&self->text, &counter.analyzer, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (create_table(vocabulary_of(self), counter.n_features, &counter.vocabulary,
                     &graph->error) != CRN_OK) {
        crn_text_counter_clear(&counter);
        return CRN_NO_VALUE;
    }
    return crn_count_text(graph, documents, &counter);
}

/* The terms by column. */
static crn_status terms_by_column(const crn_object *vocabulary, int64_t count, crn_array *out,
                                  crn_error *err)
{
    crn_arena *arena = NULL;
    CRN_TRY(crn_cells_create(1, &count, out, &arena, err));
    for (int64_t i = 0; i < count; i++) {
        const crn_object *term;
        int64_t column;
        (void)entry_at(vocabulary, (size_t)i, &term, &column);
        const crn_cell cell = {CRN_CELL_TEXT, {.text = term->as.bytes.at}, term->as.bytes.size};
        const crn_status status =
            crn_cell_copy(arena, &cell, (crn_cell *)out->data + column, err);
        if (status != CRN_OK) {
            crn_array_free(out);
            return status;
        }
    }
    return CRN_OK;
}

crn_value crn_count_vectorizer_invert(const crn_count_vectorizer *self, crn_graph *graph,
                                      crn_value x)
{
    crn_array terms = CRN_ARRAY_INIT;
    if (graph->error.code != CRN_OK ||
        terms_by_column(vocabulary_of(self), crn_count_vectorizer_features(self), &terms,
                        &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_value names = crn_graph_constant(graph, &terms);
    crn_array_free(&terms);
    x = crn_cast(graph, x, CRN_FLOAT64);
    return crn_name_entries(graph, x, names, CRN_ENTRIES_NAMES);
}

crn_type crn_count_vectorizer_input_type(const void *self, crn_method method)
{
    return method == CRN_INVERSE_TRANSFORM
               ? crn_type_sparse(CRN_FLOAT64, crn_count_vectorizer_features(self))
               : crn_documents_type(self, method);
}

/* ---- the estimator ---- */

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    if (method == CRN_INVERSE_TRANSFORM)
        return crn_count_vectorizer_invert(self, graph, x);
    return crn_count_vectorizer_lower(self, graph, x);
}

const crn_estimator crn_estimator_CountVectorizer = {
    .name = "CountVectorizer",
    .module = "sklearn.feature_extraction.text",
    .modules = "sklearn.feature_extraction.text",
    .size = sizeof(crn_count_vectorizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM | 1u << CRN_INVERSE_TRANSFORM,
    .flags = CRN_LABELS_ONLY,
    .lower = lower,
    .check = crn_count_vectorizer_check,
    .read = crn_count_vectorizer_read,
    .write = crn_count_vectorizer_write,
    .input_type = crn_count_vectorizer_input_type,
};
