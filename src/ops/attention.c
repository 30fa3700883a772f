/* SPDX-License-Identifier: BSD-3-Clause */
/* attention: softmax(scores of queries and keys) values, head by head, a block of queries at a
 * time, so that the scores of all need not stand in memory. Inputs: query (batch, Tq, heads, D),
 * key (batch, Tk, kv_heads, D), value (batch, Tk, kv_heads, Dv), mask (optional, bool: (batch,
 * heads, Tq, Tk) or 1 in their place), weights (D; of additive scores). Outputs: (batch, Tq,
 * heads, Dv) and the scores (batch, heads, Tq, Tk), in one item of a row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/attention.h"
#include "ops/infer.h"
#include "ops/tensor.h"

enum { QUERY, KEY, VALUE, MASK, WEIGHTS, INPUTS };
enum { BLOCK = 32 }; /* queries at a time */

/* The axes of an item of four. */
enum { BATCH, TIME, HEADS, WIDTH };

static bool is_item_of_four(const crn_type *type)
{
    return type->dtype == CRN_FLOAT32 && !type->sparse && type->ndim == 4;
}

static bool shapes_fit(const crn_type *q, const crn_type *k, const crn_type *v)
{
    return is_item_of_four(q) && is_item_of_four(k) && is_item_of_four(v) &&
           q->shape[BATCH] == k->shape[BATCH] && k->shape[BATCH] == v->shape[BATCH] &&
           k->shape[TIME] == v->shape[TIME] && k->shape[HEADS] == v->shape[HEADS] &&
           q->shape[WIDTH] == k->shape[WIDTH] && k->shape[HEADS] > 0 && k->shape[TIME] > 0 &&
           q->shape[WIDTH] > 0 && q->shape[HEADS] % k->shape[HEADS] == 0;
}

static bool mask_fits(const crn_type *mask, const crn_type *scores)
{
    if (mask->dtype == CRN_NO_DTYPE)
        return true;
    for (int32_t i = 0; i < 4; i++) {
        if (mask->ndim != 4 || (mask->shape[i] != 1 && mask->shape[i] != scores->shape[i]))
            return false;
    }
    return mask->dtype == CRN_BOOL;
}

static crn_status attention_infer(const void *attributes, const crn_type *in, int n_in,
                                  crn_type *out, crn_error *err)
{
    const crn_attention_attributes *a = attributes;
    CRN_TRY(crn_infer_count("attention", n_in, INPUTS, INPUTS, err));
    const crn_type *q = &in[QUERY], *k = &in[KEY], *v = &in[VALUE];
    if (!shapes_fit(q, k, v))
        return crn_infer_misfit("attention", q, k, err);
    out[0] = *q;
    out[0].rows = q->rows || k->rows || v->rows || in[MASK].rows;
    out[0].shape[WIDTH] = v->shape[WIDTH];
    out[1] = out[0];
    out[1].shape[1] = q->shape[HEADS];
    out[1].shape[2] = q->shape[TIME];
    out[1].shape[3] = k->shape[TIME];
    if (!mask_fits(&in[MASK], &out[1]))
        return crn_infer_misfit("attention", &out[1], &in[MASK], err);
    if (a->score == CRN_SCORE_ADDITIVE && in[WEIGHTS].dtype != CRN_NO_DTYPE &&
        (in[WEIGHTS].dtype != CRN_FLOAT32 || in[WEIGHTS].rows ||
         crn_type_size(&in[WEIGHTS]) != q->shape[WIDTH]))
        return crn_infer_misfit("attention", q, &in[WEIGHTS], err);
    return CRN_OK;
}

/* ---- one head of one item: a block of queries ---- */

typedef struct block {
    const crn_attention_attributes *how;
    const crn_call *call;
    int64_t first, count; /* queries */
    int64_t keys, width, value_width;
    int64_t query_step, key_step, value_step, out_step; /* between steps of time */
    const float *query, *key, *value, *weights;
    const uint8_t *mask; /* of the first query of all; NULL: none */
    int64_t mask_query_step, mask_key_step;
    float *scores; /* (count, keys) */
    float *out;
} block;

static void dot_scores(const block *b)
{
    b->call->kernels->product_f32(&(crn_product){.rows = b->count,
                                                 .n_in = b->width,
                                                 .n_out = b->keys,
                                                 .a = b->query,
                                                 .a_step = b->query_step,
                                                 .b = b->key,
                                                 .layout = CRN_PRODUCT_COLUMNS,
                                                 .b_step = b->key_step,
                                                 .out = b->scores,
                                                 .out_step = b->keys,
                                                 .scratch = b->call->scratch});
    for (int64_t i = 0; b->how->scale != 1.0f && i < b->count * b->keys; i++)
        b->scores[i] *= b->how->scale;
}

/* sum of weights * tanh(scale * (q + k)), times the factor; `sums` takes one vector. */
static void tanh_scores(const block *b, float *sums)
{
    for (int64_t i = 0; i < b->count; i++) {
        for (int64_t j = 0; j < b->keys; j++) {
            const float *q = b->query + i * b->query_step, *k = b->key + j * b->key_step;
            float score = 0.0f;
            for (int64_t d = 0; d < b->width; d++)
                sums[d] = b->how->scale * (q[d] + k[d]);
            b->call->kernels->tanh_f32(b->width, sums, sums);
            for (int64_t d = 0; d < b->width; d++)
                score += b->weights != NULL ? b->weights[d] * sums[d] : sums[d];
            b->scores[i * b->keys + j] = b->how->factor * score;
        }
    }
}

static bool is_visible(const block *b, int64_t query, int64_t key)
{
    const int64_t apart = query - key;
    if ((b->how->causal && apart < 0) ||
        (b->how->window > 0 && (apart >= b->how->window || -apart >= b->how->window)))
        return false;
    return b->mask == NULL || b->mask[query * b->mask_query_step + key * b->mask_key_step] != 0;
}

static bool hides_something(const block *b)
{
    return b->mask != NULL || b->how->causal || b->how->window > 0;
}

/* Before the softmax: what is not seen gets a score that no other comes near. */
static void hide_scores(const block *b)
{
    for (int64_t i = 0; i < b->count; i++) {
        float *scores = b->scores + i * b->keys;
        for (int64_t j = 0; j < b->keys; j++) {
            if (!is_visible(b, b->first + i, j))
                scores[j] = b->how->hiding == CRN_HIDE_BY_SHIFT ? scores[j] - 1e9f
                                                                : 3.38953e38f * -0.7f;
        }
    }
}

/* After it: a query that sees nothing at all has weights of zero. */
static void clear_hidden(const block *b)
{
    for (int64_t i = 0; i < b->count; i++) {
        for (int64_t j = 0; j < b->keys; j++) {
            if (!is_visible(b, b->first + i, j))
                b->scores[i * b->keys + j] = 0.0f;
        }
    }
}

static void attend(const block *b, float *sums)
{
    const bool hides = hides_something(b);
    if (b->how->score == CRN_SCORE_DOT)
        dot_scores(b);
    else
        tanh_scores(b, sums);
    if (hides)
        hide_scores(b);
    b->call->kernels->softmax_f32(b->count, b->keys, b->scores, b->scores);
    if (hides && b->how->hiding == CRN_HIDE_AND_CLEAR)
        clear_hidden(b);
    b->call->kernels->product_f32(&(crn_product){.rows = b->count,
                                                 .n_in = b->keys,
                                                 .n_out = b->value_width,
                                                 .a = b->scores,
                                                 .a_step = b->keys,
                                                 .b = b->value,
                                                 .layout = CRN_PRODUCT_ROWS,
                                                 .b_step = b->value_step,
                                                 .out = b->out,
                                                 .out_step = b->out_step,
                                                 .scratch = b->call->scratch});
}

/* ---- all of them ---- */

/* Where item `row` of an input, and its part `batch`, begin. */
static int64_t place_of(const crn_type *type, int64_t row, int64_t batch)
{
    const int64_t size = crn_type_size(type);
    return (type->rows ? row * size : 0) +
           (type->shape[BATCH] == 1 ? 0 : batch) * (size / type->shape[BATCH]);
}

static void point_to_mask(block *b, int64_t row, int64_t batch, int64_t head)
{
    const crn_type *mask = &b->call->in_types[MASK];
    if (b->call->in[MASK] == NULL)
        return;
    const int64_t *shape = mask->shape;
    b->mask_key_step = shape[3] == 1 ? 0 : 1;
    b->mask_query_step = shape[2] == 1 ? 0 : shape[3];
    b->mask = (const uint8_t *)b->call->in[MASK] + place_of(mask, row, batch) +
              (shape[1] == 1 ? 0 : head * shape[2] * shape[3]);
}

static void attend_head(const crn_call *call, int64_t row, int64_t batch, int64_t head)
{
    const crn_type *q = &call->in_types[QUERY], *k = &call->in_types[KEY],
                   *v = &call->in_types[VALUE], *scores = &call->out_types[1];
    const int64_t queries = q->shape[TIME], keys = k->shape[TIME];
    const int64_t kv_head = head / (q->shape[HEADS] / k->shape[HEADS]);
    float *block_scores = (float *)((char *)call->scratch + CRN_PRODUCT_SCRATCH);
    block b = {.how = call->attributes,
               .call = call,
               .keys = keys,
               .width = q->shape[WIDTH],
               .value_width = v->shape[WIDTH],
               .query_step = q->shape[HEADS] * q->shape[WIDTH],
               .key_step = k->shape[HEADS] * k->shape[WIDTH],
               .value_step = v->shape[HEADS] * v->shape[WIDTH],
               .out_step = q->shape[HEADS] * v->shape[WIDTH],
               .weights = call->in[WEIGHTS]};
    b.key = (const float *)call->in[KEY] + place_of(k, row, batch) + kv_head * b.width;
    b.value =
        (const float *)call->in[VALUE] + place_of(v, row, batch) + kv_head * b.value_width;
    point_to_mask(&b, row, batch, head);
    for (b.first = 0; b.first < queries; b.first += BLOCK) {
        b.count = queries - b.first < BLOCK ? queries - b.first : BLOCK;
        b.query = (const float *)call->in[QUERY] + place_of(q, row, batch) + head * b.width +
                  b.first * b.query_step;
        b.out = (float *)call->out[0] + place_of(&call->out_types[0], row, batch) +
                head * b.value_width + b.first * b.out_step;
        b.scores = call->out[1] != NULL ? (float *)call->out[1] + place_of(scores, row, batch) +
                                              (head * queries + b.first) * keys
                                        : block_scores;
        attend(&b, block_scores + BLOCK * keys);
    }
}

static void attention_forward(const crn_call *call)
{
    const crn_type *out = &call->out_types[0];
    const int64_t rows = out->rows ? call->rows : 1;
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t batch = 0; batch < out->shape[BATCH]; batch++) {
            for (int64_t head = 0; head < out->shape[HEADS]; head++)
                attend_head(call, row, batch, head);
        }
    }
}

static size_t attention_scratch(const void *attributes, const crn_type *in, int n_in,
                                int64_t rows)
{
    (void)attributes, (void)n_in, (void)rows;
    return CRN_PRODUCT_SCRATCH +
           (size_t)(BLOCK * in[KEY].shape[TIME] + in[KEY].shape[WIDTH]) * sizeof(float);
}

static void attention_cost(const void *attributes, const crn_type *in, const crn_type *out,
                           crn_cost *cost)
{
    const crn_attention_attributes *a = attributes;
    const double scores = (double)crn_type_size(&out[1]);
    const double each = a->score == CRN_SCORE_DOT ? 1.0 : 12.0;
    cost->multiply_adds = scores * (each * (double)in[QUERY].shape[WIDTH] +
                                    (double)in[VALUE].shape[WIDTH] + 12.0);
}

static void attention_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_attention_attributes *a = attributes;
    snprintf(buffer, size, "%s%s", a->score == CRN_SCORE_DOT ? "dot" : "additive",
             a->causal ? " causal" : "");
}

const crn_op crn_op_attention = {
    .name = "attention",
    .attributes_size = sizeof(crn_attention_attributes),
    .n_out = 2,
    .infer = attention_infer,
    .scratch = attention_scratch,
    .forward = attention_forward,
    .cost = attention_cost,
    .describe = attention_describe,
};

crn_value crn_attention(crn_graph *graph, crn_value query, crn_value key, crn_value value,
                        crn_value mask, crn_value weights, const crn_attention_attributes *how)
{
    return crn_graph_add_for_predict(graph, &crn_op_attention, how,
                                     (crn_value[]){query, key, value, mask, weights}, INPUTS);
}
