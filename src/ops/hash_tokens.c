/* SPDX-License-Identifier: BSD-3-Clause */
/* hash_tokens: the bucket of each token by a hash of its bytes, as
 * tf.strings.to_hash_bucket_fast and _strong (TensorFlow 2.15). Inputs: x, mask. */
#include <inttypes.h>
#include <stdio.h>

#include "base/cell.h"
#include "ops/fingerprint.h"
#include "ops/infer.h"
#include "ops/tokens.h"

static crn_status hash_tokens_infer(const void *attributes, const crn_type *in, int n_in,
                                    crn_type *out, crn_error *err)
{
    const crn_token_buckets *a = attributes;
    CRN_TRY(crn_infer_count("hash_tokens", n_in, 2, 2, err));
    const crn_type *x = &in[0], *mask = &in[1];
    if ((x->dtype != CRN_OBJECT && x->dtype != CRN_INT64) || x->sparse)
        return crn_fail(err, CRN_DTYPE, "hash_tokens: takes texts or int64, not %s",
                        crn_dtype_name(x->dtype));
    if (mask->dtype != CRN_NO_DTYPE &&
        (mask->dtype != x->dtype || mask->rows || crn_type_size(mask) != 1))
        return crn_infer_misfit("hash_tokens", x, mask, err);
    if (a->count < 1)
        return crn_fail(err, CRN_ARGUMENT, "hash_tokens: there are no buckets");
    out[0] = *x;
    out[0].dtype = CRN_INT64;
    out[0].itemsize = sizeof(int64_t);
    return CRN_OK;
}

/* ---- one token ---- */

static int64_t modulo(int64_t number, int64_t count)
{
    const int64_t rest = number % count;
    return rest < 0 ? rest + count : rest;
}

int64_t crn_token_bucket(const crn_token_buckets *buckets, const char *text, int64_t size,
                         int64_t number)
{
    char digits[24];
    if (size < 0 && buckets->hash == CRN_TOKEN_MODULO)
        return buckets->first + modulo(number, buckets->count);
    if (size < 0) {
        size = snprintf(digits, sizeof digits, "%" PRId64, number);
        text = digits;
    }
    const uint64_t hash = buckets->hash == CRN_TOKEN_SIP
                              ? crn_siphash(buckets->key, text, (size_t)size)
                              : crn_farm_fingerprint(text, (size_t)size);
    return buckets->first + (int64_t)(hash % (uint64_t)buckets->count);
}

static int64_t bucket_of_cell(const crn_call *call, const crn_cell *cell)
{
    const crn_token_buckets *a = call->attributes;
    if (cell->kind == CRN_CELL_TEXT)
        return crn_token_bucket(a, cell->size > 0 ? cell->as.text : "", cell->size, 0);
    if (call->failure != NULL && call->failure->code == CRN_OK)
        crn_fail(call->failure, CRN_ARGUMENT, "hash_tokens: a cell holds no text");
    return a->first;
}

static void hash_tokens_forward(const crn_call *call)
{
    const int64_t count = crn_type_count(&call->in_types[0], call->rows);
    const bool cells = call->in_types[0].dtype == CRN_OBJECT;
    int64_t *y = call->out[0];
    for (int64_t i = 0; i < count; i++) {
        if (cells) {
            const crn_cell *cell = (const crn_cell *)call->in[0] + i;
            const bool masked = call->in[1] != NULL && crn_cell_compare(cell, call->in[1]) == 0;
            y[i] = masked ? 0 : bucket_of_cell(call, cell);
        } else {
            const int64_t number = ((const int64_t *)call->in[0])[i];
            const bool masked = call->in[1] != NULL && number == *(const int64_t *)call->in[1];
            y[i] = masked ? 0 : crn_token_bucket(call->attributes, NULL, -1, number);
        }
    }
}

static void hash_tokens_cost(const void *attributes, const crn_type *in, const crn_type *out,
                             crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 50.0 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_hash_tokens = {
    .name = "hash_tokens",
    .attributes_size = sizeof(crn_token_buckets),
    .n_out = 1,
    .infer = hash_tokens_infer,
    .forward = hash_tokens_forward,
    .cost = hash_tokens_cost,
};

crn_value crn_hash_tokens(crn_graph *graph, crn_value x, crn_value mask,
                          const crn_token_buckets *buckets)
{
    return crn_graph_add(graph, &crn_op_hash_tokens, buckets, (crn_value[]){x, mask}, 2);
}
