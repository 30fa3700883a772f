/* SPDX-License-Identifier: BSD-3-Clause */
/* The vocabulary of the lookup layers: which token has which index. */
#include "keras/layers/preprocessing/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/cell.h"
#include "keras/layers/preprocessing/config_numbers.h"
#include "ops/elementwise.h"
#include "ops/rows.h"

static bool is_given(const crn_object *object)
{
    return object != NULL && !crn_object_is_none(object);
}

/* ---- places ---- */

static int64_t first_oov(const crn_vocabulary *self)
{
    return is_given(self->mask_token) && self->mode == CRN_CATEGORY_INT ? 1 : 0;
}

static int64_t first_token(const crn_vocabulary *self)
{
    return first_oov(self) + self->num_oov_indices;
}

static bool same_token(const crn_object *a, const crn_object *b)
{
    int64_t x, y;
    if (crn_object_is(a, CRN_OBJ_STR) && crn_object_is(b, CRN_OBJ_STR))
        return a->as.bytes.size == b->as.bytes.size &&
               memcmp(a->as.bytes.at, b->as.bytes.at, a->as.bytes.size) == 0;
    return crn_object_as_int(a, &x) && crn_object_as_int(b, &y) && x == y;
}

/* How many of the list are the mask and OOV tokens themselves: all of them, or none. */
static int64_t specials_at_front(const crn_vocabulary *self)
{
    const int64_t count = first_token(self);
    if ((int64_t)crn_object_length(self->tokens) < count)
        return 0;
    for (int64_t i = 0; i < count; i++) {
        const crn_object *special = i < first_oov(self) ? self->mask_token : self->oov_token;
        if (!same_token(crn_object_item(self->tokens, (size_t)i), special))
            return 0;
    }
    return count;
}

static int64_t token_count(const crn_vocabulary *self)
{
    return (int64_t)crn_object_length(self->tokens) - specials_at_front(self);
}

int64_t crn_vocabulary_depth(const crn_vocabulary *self)
{
    int64_t depth = -1;
    if (self->pad_to_max_tokens)
        (void)crn_object_as_int(self->max_tokens, &depth);
    else if (is_given(self->tokens))
        depth = first_token(self) + token_count(self);
    else
        (void)crn_object_as_int(self->size, &depth);
    return depth;
}

/* ---- checks ---- */

static crn_status check_tokens(const crn_layer *layer, const crn_vocabulary *self,
                               crn_error *err)
{
    const crn_object *tokens = self->tokens;
    if (!is_given(tokens))
        return CRN_OK;
    if (crn_object_is(tokens, CRN_OBJ_STR))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "%s: the vocabulary is the path of a file outside of the model, which "
                        "is never opened",
                        layer->type->base.name);
    if (!crn_object_is(tokens, CRN_OBJ_LIST) && !crn_object_is(tokens, CRN_OBJ_TUPLE))
        return crn_fail(err, CRN_ARGUMENT, "%s: the vocabulary is no list",
                        layer->type->base.name);
    for (size_t i = 0; i < crn_object_length(tokens); i++) {
        int64_t number;
        const crn_object *token = tokens->as.items.at[i];
        if (self->texts ? !crn_object_is(token, CRN_OBJ_STR)
                        : !crn_object_as_int(token, &number))
            return crn_fail(err, CRN_ARGUMENT, "%s: token %zu of the vocabulary is not %s",
                            layer->type->base.name, i, self->texts ? "a text" : "an integer");
    }
    return token_count(self) > 0
               ? CRN_OK
               : crn_fail(err, CRN_ARGUMENT, "Cannot set an empty vocabulary.");
}

enum { MOST_OOV = 1 << 24 };

crn_status crn_vocabulary_check(const crn_layer *layer, const crn_vocabulary *self,
                                crn_error *err)
{
    int64_t most = 0;
    const bool limited = crn_object_as_int(self->max_tokens, &most);
    if (self->num_oov_indices < 0 || self->num_oov_indices > MOST_OOV)
        return crn_fail(err, CRN_ARGUMENT,
                        "`num_oov_indices` must be greater than or equal to 0. Received: "
                        "num_oov_indices=%lld",
                        (long long)self->num_oov_indices);
    if (limited && most <= 1)
        return crn_fail(
            err, CRN_ARGUMENT,
            "If set, `max_tokens` must be greater than 1. Received: max_tokens=%lld",
            (long long)most);
    if (self->pad_to_max_tokens && !limited)
        return crn_fail(err, CRN_ARGUMENT,
                        "If pad_to_max_tokens is True, must set `max_tokens`.");
    if (self->inverts && self->mode != CRN_CATEGORY_INT)
        return crn_fail(err, CRN_ARGUMENT,
                        "`output_mode` must be `'int'` when `invert` is true.");
    return check_tokens(layer, self, err);
}

/* ---- the table ---- */

typedef struct entry {
    crn_cell cell; /* a text or an integer */
    int64_t index;
} entry;

static crn_cell cell_of(const crn_object *token)
{
    int64_t number = 0;
    if (crn_object_is(token, CRN_OBJ_STR))
        return (crn_cell){
            CRN_CELL_TEXT, {.text = token->as.bytes.at}, (uint64_t)token->as.bytes.size};
    (void)crn_object_as_int(token, &number);
    return (crn_cell){CRN_CELL_INT, {.integer = number}, 0};
}

static int compare_entries(const void *a, const void *b)
{
    return crn_cell_compare(&((const entry *)a)->cell, &((const entry *)b)->cell);
}

/* All tokens, and the mask, sorted. */
static crn_status list_entries(const crn_layer *layer, const crn_vocabulary *self, entry **out,
                               int64_t *count, crn_error *err)
{
    const int64_t skipped = specials_at_front(self), n = token_count(self);
    entry *entries = crn_calloc((size_t)n + 1, sizeof *entries);
    if (entries == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < n; i++)
        entries[i] =
            (entry){cell_of(self->tokens->as.items.at[skipped + i]), first_token(self) + i};
    *count = n;
    if (is_given(self->mask_token)) /* indices that nothing counts are dropped */
        entries[(*count)++] =
            (entry){cell_of(self->mask_token), self->mode == CRN_CATEGORY_INT ? 0 : INT64_MAX};
    qsort(entries, (size_t)*count, sizeof *entries, compare_entries);
    for (int64_t i = 1; i < *count; i++) {
        if (compare_entries(&entries[i - 1], &entries[i]) == 0) {
            free(entries);
            return crn_fail(err, CRN_ARGUMENT,
                            "%s: The passed vocabulary has at least one repeated term, or its "
                            "mask token at an unexpected location.",
                            layer->type->base.name);
        }
    }
    *out = entries;
    return CRN_OK;
}

/* cells[count] as texts, or as int64, in an array of its own. */
static crn_status make_tokens(bool texts, const entry *entries, int64_t count, crn_array *out,
                              crn_error *err)
{
    crn_arena *arena = NULL;
    if (!texts) {
        CRN_TRY(crn_array_create(CRN_INT64, 0, 1, &count, out, err));
        for (int64_t i = 0; i < count; i++)
            ((int64_t *)out->data)[i] = entries[i].cell.as.integer;
        return CRN_OK;
    }
    CRN_TRY(crn_cells_create(1, &count, out, &arena, err));
    for (int64_t i = 0; i < count; i++)
        CRN_TRY(crn_cell_copy(arena, &entries[i].cell, (crn_cell *)out->data + i, err));
    return CRN_OK;
}

static crn_status need_tokens(const crn_layer *layer, const crn_vocabulary *self,
                              crn_error *err)
{
    if (is_given(self->tokens))
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "%s: the vocabulary of layer \"%s\" is neither in its config nor in the "
                    "archive",
                    layer->type->base.name, layer->name);
}

static crn_status make_constants(bool texts, const entry *entries, int64_t count,
                                 crn_graph *graph, crn_vocabulary_table *out)
{
    crn_error *err = &graph->error;
    crn_array keys = CRN_ARRAY_INIT, values = CRN_ARRAY_INIT;
    crn_status status;
    CRN_TRY_OR_DONE(make_tokens(texts, entries, count, &keys, err));
    CRN_TRY_OR_DONE(crn_array_create(CRN_INT64, 0, 1, &count, &values, err));
    for (int64_t i = 0; i < count; i++)
        ((int64_t *)values.data)[i] = entries[i].index;
    out->keys = crn_graph_constant(graph, &keys);
    out->values = crn_graph_constant(graph, &values);
done:
    crn_array_free(&keys);
    crn_array_free(&values);
    return status;
}

crn_status crn_vocabulary_table_make(const crn_layer *layer, const crn_vocabulary *self,
                                     crn_graph *graph, crn_vocabulary_table *out)
{
    entry *entries = NULL;
    int64_t count = 0;
    CRN_TRY(need_tokens(layer, self, &graph->error));
    CRN_TRY(list_entries(layer, self, &entries, &count, &graph->error));
    out->buckets = self->buckets;
    out->buckets.count = self->num_oov_indices;
    out->buckets.first = first_oov(self);
    const crn_status status = make_constants(self->texts, entries, count, graph, out);
    free(entries);
    return status;
}

/* ---- the way back ---- */

crn_value crn_vocabulary_invert(const crn_layer *layer, const crn_vocabulary *self,
                                crn_graph *graph, crn_value indices)
{
    crn_array tokens = CRN_ARRAY_INIT;
    crn_vocabulary_table places;
    crn_value y = CRN_NO_VALUE;
    crn_status status;
    if (need_tokens(layer, self, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const int64_t skipped = specials_at_front(self), first = first_token(self);
    const int64_t count = first + token_count(self);
    entry *entries = crn_calloc((size_t)count + 1, sizeof *entries);
    if (entries == NULL) {
        crn_no_memory(&graph->error);
        return CRN_NO_VALUE;
    }
    for (int64_t i = 0; i < count; i++)
        entries[i] = (entry){{CRN_CELL_INT, {.integer = i}, 0}, i};
    CRN_TRY_OR_DONE(make_constants(false, entries, count, graph, &places));
    for (int64_t i = 0; i <= count; i++)
        entries[i].cell =
            cell_of(i < first_oov(self)       ? self->mask_token
                    : i < first || i == count ? self->oov_token
                                              : self->tokens->as.items.at[skipped + i - first]);
    CRN_TRY_OR_DONE(make_tokens(self->texts, entries, count + 1, &tokens, &graph->error));
    places.buckets = (crn_token_buckets){.count = 1, .first = count};
    y = crn_take(graph, crn_graph_constant(graph, &tokens),
                 crn_find_tokens(graph, crn_cast(graph, indices, CRN_INT64), places.keys,
                                 places.values, &places.buckets));
done:
    crn_array_free(&tokens);
    free(entries);
    return y;
}

/* ---- encoding ---- */

/* The factor of each index: what is no token has the mean of all. */
static crn_status idf_factors(const crn_layer *layer, const crn_vocabulary *self,
                              crn_array *out, crn_error *err)
{
    crn_array given = CRN_ARRAY_INIT;
    const int64_t depth = crn_vocabulary_depth(self);
    const int64_t padding = specials_at_front(self) > 0 ? 0 : first_token(self);
    double sum = 0.0;
    CRN_TRY(crn_config_numbers(layer, "idf_weights", self->idf_weights, &given, err));
    const int64_t count = given.ndim == 1 ? given.shape[0] : 0;
    const float *numbers = given.data;
    crn_status status = CRN_OK;
    if (count < 1 || padding + count > depth)
        status =
            crn_fail(err, CRN_ARGUMENT, "`idf_weights` must be the same length as vocabulary.");
    if (status == CRN_OK)
        status = crn_array_create(CRN_FLOAT32, 0, 1, &depth, out, err);
    for (int64_t i = 0; status == CRN_OK && i < count; i++)
        sum += (double)numbers[i];
    for (int64_t i = 0; status == CRN_OK && i < depth; i++)
        ((float *)out->data)[i] = i < padding           ? (float)(sum / (double)count)
                                  : i < padding + count ? numbers[i - padding]
                                                        : 0.0f;
    crn_array_free(&given);
    return status;
}

crn_value crn_vocabulary_weigh(const crn_layer *layer, const crn_vocabulary *self,
                               crn_graph *graph, crn_value counts)
{
    crn_array factors = CRN_ARRAY_INIT;
    if (self->mode != CRN_CATEGORY_TF_IDF)
        return counts;
    if (idf_factors(layer, self, &factors, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_value constant = crn_graph_constant(graph, &factors);
    crn_array_free(&factors);
    return crn_binary(graph, counts, constant, CRN_BINARY_MULTIPLY);
}

crn_value crn_vocabulary_encode(const crn_layer *layer, const crn_vocabulary *self,
                                crn_graph *graph, crn_value indices)
{
    const crn_value y = crn_category_lower(graph, indices, CRN_NO_VALUE, self->mode,
                                           crn_vocabulary_depth(self));
    return crn_vocabulary_weigh(layer, self, graph, y);
}
