/* SPDX-License-Identifier: BSD-3-Clause */
/* vectorize_text: texts to the indices of their tokens or to counts of them, as
 * TextVectorization._preprocess and StringLookup do it
 * (keras/src/layers/preprocessing/text_vectorization.py, 3.15). Inputs: texts, keys, values.
 *
 * A text is standardized in memory of the run's own, and cut into tokens there; an n-gram is the
 * n tokens with blanks between them, and is looked up as it is put together. */
#include <stdio.h>
#include <string.h>

#include "base/cell.h"
#include "base/text.h"
#include "ops/infer.h"
#include "ops/tokens.h"

static crn_status vectorize_text_infer(const void *attributes, const crn_type *in, int n_in,
                                       crn_type *out, crn_error *err)
{
    const crn_vectorize_attributes *a = attributes;
    CRN_TRY(crn_infer_count("vectorize_text", n_in, 3, 3, err));
    const crn_type *x = &in[0], *keys = &in[1], *values = &in[2];
    if (x->dtype != CRN_OBJECT || !x->rows || crn_type_size(x) != 1)
        return crn_fail(err, CRN_DTYPE, "vectorize_text: takes one text a row, not %s",
                        crn_dtype_name(x->dtype));
    if (keys->dtype != CRN_OBJECT || keys->rows || keys->ndim != 1)
        return crn_infer_misfit("vectorize_text", x, keys, err);
    if (values->dtype != CRN_INT64 || values->rows || values->ndim != 1 ||
        values->shape[0] != keys->shape[0])
        return crn_infer_misfit("vectorize_text", keys, values, err);
    if (a->width < 1 || a->oov < 0)
        return crn_fail(err, CRN_ARGUMENT, "vectorize_text: nowhere to put a token");
    out[0] = crn_type_vector(a->counts ? CRN_FLOAT32 : CRN_INT64, a->width);
    return CRN_OK;
}

/* ---- standardizing ---- */

static bool is_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ASCII alone is lowered: tf.strings.lower without an encoding. Returns the size. */
static size_t standardize(const crn_vectorize_attributes *a, const char *text, size_t size,
                          char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        if (a->strips_punctuation && is_punctuation(c))
            continue;
        out[n++] = a->lowers && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return n;
}

/* ---- tokens ---- */

/* Spans of the standardized text. */
typedef struct span {
    size_t begin, end;
} span;

/* The next token from *at on; false when there is none. */
static bool next_token(const crn_vectorize_attributes *a, const char *text, size_t size,
                       size_t *at, span *out)
{
    uint32_t code_point;
    if (a->split == CRN_SPLIT_WHITESPACE) {
        while (*at < size && is_blank(text[*at]))
            (*at)++;
    }
    if (*at >= size)
        return false;
    out->begin = *at;
    if (a->split == CRN_SPLIT_CHARACTER) {
        if (!crn_utf8_next(text, size, at, &code_point))
            *at = out->begin + 1;
    } else {
        while (*at < size && !is_blank(text[*at]))
            (*at)++;
    }
    out->end = *at;
    return true;
}

/* One row on its way. */
typedef struct vectorizing {
    const crn_call *call;
    const crn_vectorize_attributes *a;
    int64_t count; /* indices put so far */
    int64_t *indices;
    float *counts;
} vectorizing;

static int64_t index_of(const vectorizing *v, const char *text, size_t size)
{
    const crn_cell *keys = v->call->in[1], token = {CRN_CELL_TEXT, {.text = text}, size};
    int64_t low = 0, high = v->call->in_types[1].shape[0];
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const int order = crn_cell_compare(&keys[middle], &token);
        if (order == 0)
            return ((const int64_t *)v->call->in[2])[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return v->a->oov;
}

static void put(vectorizing *v, const char *text, size_t size)
{
    const int64_t index = index_of(v, text, size);
    if (!v->a->counts) {
        v->indices[v->count++] = index;
    } else if (index >= 0 && index < v->a->width) {
        v->counts[index] = v->a->binary ? 1.0f : v->counts[index] + 1.0f;
    }
}

static bool is_full(const vectorizing *v)
{
    return !v->a->counts && v->count == v->a->width;
}

/* All n-grams: what lies between its tokens becomes one blank (none was there for characters). */
static void put_ngrams(vectorizing *v, const char *text, const span *tokens, size_t count,
                       size_t n, char *joined)
{
    for (size_t i = 0; i + n <= count && !is_full(v); i++) {
        size_t size = 0;
        for (size_t k = 0; k < n; k++) {
            const span *token = &tokens[i + k];
            if (k > 0)
                joined[size++] = ' ';
            memcpy(joined + size, text + token->begin, token->end - token->begin);
            size += token->end - token->begin;
        }
        put(v, joined, size);
    }
}

/* ---- rows ---- */

static void vectorize(vectorizing *v, const char *text, size_t size, char *clean, span *tokens)
{
    const crn_vectorize_attributes *a = v->a;
    const size_t n = standardize(a, text, size, clean);
    char *joined = clean + size;
    size_t at = 0, count = 0;
    if (a->split == CRN_SPLIT_NONE)
        tokens[count++] = (span){0, n};
    else
        while (next_token(a, clean, n, &at, &tokens[count]))
            count++;
    for (int k = 1; k <= CRN_MOST_NGRAMS; k++) {
        if ((a->ngrams >> k & 1u) != 0)
            put_ngrams(v, clean, tokens, count, (size_t)k, joined);
    }
}

/* Memory for a text of that size: as it is cleaned, two bytes for each of an n-gram's, and spans. */
static char *memory_for(const crn_call *call, size_t size, span **tokens)
{
    const size_t bytes = 3 * size + 16, spans = (size + 1) * sizeof(span);
    const size_t cells = (bytes + spans) / sizeof(crn_cell) + 2;
    char *memory = (char *)crn_call_cells(call, cells);
    *tokens = (span *)(void *)memory;
    return memory != NULL ? memory + spans : NULL;
}

static void vectorize_text_forward(const crn_call *call)
{
    const crn_vectorize_attributes *a = call->attributes;
    const crn_cell *cells = call->in[0];
    const size_t bytes = (size_t)a->width * (a->counts ? sizeof(float) : sizeof(int64_t));
    char *memory = NULL;
    span *tokens = NULL;
    uint64_t room = 0;
    memset(call->out[0], 0, (size_t)call->rows * bytes);
    for (int64_t row = 0; row < call->rows; row++) {
        vectorizing v = {.call = call, .a = a};
        v.indices = (int64_t *)call->out[0] + (a->counts ? 0 : row * a->width);
        v.counts = (float *)call->out[0] + (a->counts ? row * a->width : 0);
        if (cells[row].kind != CRN_CELL_TEXT) {
            if (call->failure != NULL && call->failure->code == CRN_OK)
                crn_fail(call->failure, CRN_ARGUMENT, "vectorize_text: a cell holds no text");
            continue;
        }
        if (memory == NULL || cells[row].size > room) {
            room = cells[row].size > 2 * room ? cells[row].size : 2 * room;
            memory = memory_for(call, (size_t)room, &tokens);
        }
        if (memory == NULL)
            return;
        vectorize(&v, cells[row].size > 0 ? cells[row].as.text : "", (size_t)cells[row].size,
                  memory, tokens);
    }
}

static void vectorize_text_cost(const void *attributes, const crn_type *in, const crn_type *out,
                                crn_cost *cost)
{
    (void)attributes, (void)in, (void)out;
    cost->multiply_adds = 20000; /* a text of common length: some microseconds */
}

const crn_op crn_op_vectorize_text = {
    .name = "vectorize_text",
    .attributes_size = sizeof(crn_vectorize_attributes),
    .n_out = 1,
    .infer = vectorize_text_infer,
    .forward = vectorize_text_forward,
    .cost = vectorize_text_cost,
};

crn_value crn_vectorize_text(crn_graph *graph, crn_value texts, crn_value keys,
                             crn_value values, const crn_vectorize_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_vectorize_text, attributes,
                         (crn_value[]){texts, keys, values}, 3);
}
