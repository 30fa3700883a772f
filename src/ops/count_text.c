/* SPDX-License-Identifier: BSD-3-Clause */
/* count_text: documents to sparse counts of their terms, as CountVectorizer and
 * HashingVectorizer (sklearn/feature_extraction/text.py 1.9) count. Inputs: the documents, and
 * the counter, which the graph keeps as a constant.
 *
 * The terms of a document become keys, twice their column and one more where the sign is
 * negative; sorted, equal columns stand together and are added up. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/text.h"

enum { SLOTS = 64, DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

/* What a thread needs; kept from block to block in one of the slots. */
typedef struct counting {
    crn_term_sink sink;
    const crn_text_counter *counter;
    crn_text_workspace *workspace;
    uint32_t *keys, *sorted; /* [capacity] */
    size_t count, capacity;
} counting;

/* The constant: the counter, and the threads' memory. */
typedef struct keeper {
    crn_text_counter counter;
    counting *slots[SLOTS];
    atomic_bool taken[SLOTS];
} keeper;

void crn_text_counter_clear(crn_text_counter *counter)
{
    crn_text_analyzer_clear(&counter->analyzer);
    crn_term_table_destroy(counter->vocabulary);
    counter->vocabulary = NULL;
}

/* ---- memory ---- */

static void counting_destroy(counting *c)
{
    if (c == NULL)
        return;
    crn_text_workspace_destroy(c->workspace);
    free(c->keys);
    free(c->sorted);
    free(c);
}

static void keeper_destroy(void *context)
{
    keeper *k = context;
    for (int i = 0; i < SLOTS; i++)
        counting_destroy(k->slots[i]);
    crn_text_counter_clear(&k->counter);
    free(k);
}

static crn_status grow_keys(counting *c, crn_error *err)
{
    size_t bytes;
    const size_t capacity = c->capacity > 0 ? 2 * c->capacity : 1024;
    if (!crn_mul_size(capacity, sizeof *c->keys, &bytes))
        return crn_no_memory(err);
    uint32_t *keys = realloc(c->keys, bytes);
    if (keys == NULL)
        return crn_no_memory(err);
    c->keys = keys;
    uint32_t *sorted = realloc(c->sorted, bytes);
    if (sorted == NULL)
        return crn_no_memory(err);
    c->sorted = sorted;
    c->capacity = capacity;
    return CRN_OK;
}

static crn_status add_term(crn_term_sink *sink, const char *term, size_t size, crn_error *err)
{
    counting *c = (counting *)sink; /* its first member */
    const crn_text_counter *counter = c->counter;
    uint32_t key;
    if (counter->vocabulary != NULL) {
        const int32_t column = crn_term_table_find(counter->vocabulary, term, size);
        if (column < 0)
            return CRN_OK;
        key = (uint32_t)column << 1;
    } else {
        const int32_t hash = crn_murmurhash3(term, size);
        key = (uint32_t)crn_hashed_column(hash, counter->n_features) << 1;
        key |= counter->alternate_sign && hash < 0;
    }
    if (c->count == c->capacity)
        CRN_TRY(grow_keys(c, err));
    c->keys[c->count++] = key;
    return CRN_OK;
}

static counting *counting_create(const crn_text_counter *counter, crn_error *err)
{
    counting *c = crn_calloc(1, sizeof *c);
    if (c == NULL) {
        crn_no_memory(err);
        return NULL;
    }
    c->sink.add = add_term;
    c->counter = counter;
    if (crn_text_workspace_create(&counter->analyzer, &c->workspace, err) != CRN_OK) {
        counting_destroy(c);
        return NULL;
    }
    return c;
}

/* A slot that no other thread has, without waiting; -1 when all are taken. */
static int take_slot(keeper *k)
{
    for (int i = 0; i < SLOTS; i++) {
        if (!atomic_exchange_explicit(&k->taken[i], true, memory_order_acquire))
            return i;
    }
    return -1;
}

/* ---- counting ---- */

/* By radix, as many digits as the columns have. Leaves them in c->keys. */
static void sort_keys(counting *c)
{
    const uint64_t most = (uint64_t)c->counter->n_features << 1;
    for (int shift = 0; c->count > 1 && most >> shift > 0; shift += DIGIT_BITS) {
        size_t starts[DIGITS] = {0}, at = 0;
        for (size_t i = 0; i < c->count; i++)
            starts[c->keys[i] >> shift & (DIGITS - 1)]++;
        for (size_t d = 0; d < DIGITS; d++) {
            const size_t n = starts[d];
            starts[d] = at;
            at += n;
        }
        for (size_t i = 0; i < c->count; i++)
            c->sorted[starts[c->keys[i] >> shift & (DIGITS - 1)]++] = c->keys[i];
        uint32_t *swapped = c->keys;
        c->keys = c->sorted;
        c->sorted = swapped;
    }
}

static void put_number(void *values, int64_t at, crn_dtype dtype, int64_t number)
{
    if (dtype == CRN_FLOAT64) {
        ((double *)values)[at] = (double)number;
    } else if (dtype == CRN_INT64) {
        ((int64_t *)values)[at] = number;
    } else if (dtype == CRN_FLOAT32) {
        ((float *)values)[at] = (float)number;
    } else {
        const crn_array one = crn_array_view_1d(&number, CRN_INT64, 1);
        char *to = (char *)values + at * (int64_t)crn_dtype_size(dtype);
        (void)!crn_array_copy_to(&one, dtype, 0, to, NULL); /* numbers: infer() saw to it */
    }
}

/* Equal columns added up, behind the entries that are there. Sums of zero stay entries, as in
 * sum_duplicates(). */
static int64_t add_up(const counting *c, crn_sparse *out, crn_dtype dtype, int64_t entries)
{
    const crn_text_counter *counter = c->counter;
    for (size_t i = 0; i < c->count;) {
        const uint32_t column = c->keys[i] >> 1;
        int64_t sum = 0;
        for (; i < c->count && c->keys[i] >> 1 == column; i++)
            sum += (c->keys[i] & 1) != 0 ? -1 : 1;
        if (counter->absolute && sum < 0)
            sum = -sum;
        out->indices[entries] = (int32_t)column;
        put_number(out->values, entries++, dtype, counter->binary ? 1 : sum);
    }
    return entries;
}

/* A cell as a document; what is none fails the run in Python's words. */
static crn_status document_of(const crn_cell *cell, const char **text, size_t *size,
                              crn_error *err)
{
    static const char *const types[] = {
        [CRN_CELL_NONE] = "NoneType", [CRN_CELL_BOOL] = "bool", [CRN_CELL_INT] = "int",
        [CRN_CELL_FLOAT] = "float",   [CRN_CELL_LIST] = "list", [CRN_CELL_DICT] = "dict"};
    if (cell->kind == CRN_CELL_TEXT) {
        *text = cell->size > 0 ? cell->as.text : "";
        *size = (size_t)cell->size;
        return CRN_OK;
    }
    if (cell->kind == CRN_CELL_FLOAT && cell->as.real != cell->as.real)
        return crn_fail(err, CRN_ARGUMENT,
                        "np.nan is an invalid document, expected byte or unicode string.");
    return crn_fail(err, CRN_ARGUMENT, "'%s' object has no attribute 'lower'",
                    types[cell->kind]);
}

static crn_status count_rows(const crn_call *call, counting *c)
{
    const crn_cell *cells = call->in[0];
    const crn_dtype dtype = call->out_types[0].dtype;
    crn_sparse *out = call->out[0];
    int64_t entries = 0;
    out->starts[0] = 0;
    for (int64_t i = 0; i < call->rows; i++) {
        const char *text = "";
        size_t size = 0;
        c->count = 0;
        CRN_TRY(document_of(&cells[i], &text, &size, call->failure));
        CRN_TRY(crn_text_analyze(&c->counter->analyzer, c->workspace, text, size, &c->sink,
                                 call->failure));
        sort_keys(c);
        if (!crn_sparse_reserve(call, 0, entries + (int64_t)c->count + 1))
            return CRN_NO_MEMORY;
        entries = add_up(c, out, dtype, entries);
        out->starts[i + 1] = entries;
    }
    return CRN_OK;
}

static void count_text_forward(const crn_call *call)
{
    keeper *k = (keeper *)(uintptr_t)call->in[1]; /* its slots are guarded */
    const int slot = take_slot(k);
    counting *c = slot >= 0 ? k->slots[slot] : NULL;
    if (c == NULL)
        c = counting_create(&k->counter, call->failure);
    if (c == NULL || count_rows(call, c) != CRN_OK)
        memset(((crn_sparse *)call->out[0])->starts, 0,
               (size_t)(call->rows + 1) * sizeof(int64_t));
    if (slot < 0) {
        counting_destroy(c);
        return;
    }
    k->slots[slot] = c;
    atomic_store_explicit(&k->taken[slot], false, memory_order_release);
}

/* ---- the operation ---- */

typedef struct attributes {
    crn_dtype dtype;
    int64_t n_features;
} attributes;

static crn_status count_text_infer(const void *at, const crn_type *in, int n_in, crn_type *out,
                                   crn_error *err)
{
    const attributes *a = at;
    CRN_TRY(crn_infer_count("count_text", n_in, 2, 2, err));
    if (in[0].dtype != CRN_OBJECT || !in[0].rows || in[0].ndim != 0 ||
        in[1].dtype != CRN_RECORD || in[1].itemsize != (int64_t)sizeof(keeper))
        return crn_fail(err, CRN_DTYPE, "count_text: takes a vector of texts");
    if (!crn_dtype_is_number(a->dtype) || a->n_features < 0 || a->n_features > INT32_MAX)
        return crn_fail(err, CRN_ARGUMENT, "count_text: no counts of this kind");
    out[0] = crn_type_sparse(a->dtype, a->n_features);
    return CRN_OK;
}

static void count_text_cost(const void *at, const crn_type *in, const crn_type *out,
                            crn_cost *cost)
{
    (void)at, (void)in, (void)out;
    cost->multiply_adds = 50000; /* a text of common length: some microseconds */
}

const crn_op crn_op_count_text = {
    .name = "count_text",
    .attributes_size = sizeof(attributes),
    .n_out = 1,
    .infer = count_text_infer,
    .forward = count_text_forward,
    .cost = count_text_cost,
};

/* The graph's constant owns the keeper. */
static crn_value constant_of(crn_graph *graph, keeper *k)
{
    crn_array array = {.dtype = CRN_RECORD, .itemsize = (int64_t)sizeof *k};
    array.owner = crn_buffer_wrap(k, sizeof *k, keeper_destroy, k);
    if (array.owner == NULL) {
        keeper_destroy(k);
        crn_no_memory(&graph->error);
        return CRN_NO_VALUE;
    }
    array.data = crn_buffer_data(array.owner);
    const crn_value value = crn_graph_constant(graph, &array);
    crn_array_free(&array);
    return value;
}

crn_value crn_count_text(crn_graph *graph, crn_value documents, crn_text_counter *counter)
{
    const attributes at = {counter->dtype, counter->n_features};
    keeper *k = crn_calloc(1, sizeof *k);
    if (k == NULL) {
        crn_text_counter_clear(counter);
        crn_no_memory(&graph->error);
        return CRN_NO_VALUE;
    }
    k->counter = *counter;
    for (int i = 0; i < SLOTS; i++)
        atomic_init(&k->taken[i], false);
    const crn_value in[2] = {documents, constant_of(graph, k)};
    return crn_graph_add(graph, &crn_op_count_text, &at, in, 2);
}
