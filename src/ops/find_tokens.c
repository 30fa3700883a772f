/* SPDX-License-Identifier: BSD-3-Clause */
/* find_tokens: the index of each token in a vocabulary, as IndexLookup._lookup_dense of
 * keras/src/layers/preprocessing/index_lookup.py (3.15). Inputs: x, keys, values. */
#include "base/cell.h"
#include "ops/infer.h"
#include "ops/tokens.h"

static crn_status find_tokens_infer(const void *attributes, const crn_type *in, int n_in,
                                    crn_type *out, crn_error *err)
{
    const crn_token_buckets *a = attributes;
    CRN_TRY(crn_infer_count("find_tokens", n_in, 3, 3, err));
    const crn_type *x = &in[0], *keys = &in[1], *values = &in[2];
    if ((x->dtype != CRN_OBJECT && x->dtype != CRN_INT64) || x->sparse)
        return crn_fail(err, CRN_DTYPE, "find_tokens: takes texts or int64, not %s",
                        crn_dtype_name(x->dtype));
    if (keys->dtype != x->dtype || keys->rows || keys->ndim != 1)
        return crn_infer_misfit("find_tokens", x, keys, err);
    if (values->dtype != CRN_INT64 || values->rows || values->ndim != 1 ||
        values->shape[0] != keys->shape[0])
        return crn_infer_misfit("find_tokens", keys, values, err);
    if (a->count < 0)
        return crn_fail(err, CRN_ARGUMENT, "find_tokens: less than no buckets");
    out[0] = *x;
    out[0].dtype = CRN_INT64;
    out[0].itemsize = sizeof(int64_t);
    return CRN_OK;
}

/* The sign of (token i of x - key k). */
static int compare(const crn_call *call, int64_t i, int64_t k)
{
    if (call->in_types[0].dtype == CRN_OBJECT)
        return crn_cell_compare((const crn_cell *)call->in[0] + i,
                                (const crn_cell *)call->in[1] + k);
    const int64_t a = ((const int64_t *)call->in[0])[i], b = ((const int64_t *)call->in[1])[k];
    return (a > b) - (a < b);
}

/* The place of token i among the keys, or -1. */
static int64_t find(const crn_call *call, int64_t i)
{
    int64_t low = 0, high = call->in_types[1].shape[0];
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const int order = compare(call, i, middle);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

static void complain(const crn_call *call, int64_t i)
{
    crn_text said = {.cap = 300};
    if (call->failure == NULL || call->failure->code != CRN_OK)
        return;
    if (call->in_types[0].dtype == CRN_OBJECT)
        crn_text_add_cell(&said, (const crn_cell *)call->in[0] + i);
    else
        crn_text_printf(&said, "%lld", (long long)((const int64_t *)call->in[0])[i]);
    crn_fail(call->failure, CRN_ARGUMENT,
             "When `num_oov_indices=0` all inputs should be in vocabulary, found OOV values "
             "[%s], consider setting `num_oov_indices=1`.",
             said.data != NULL ? said.data : "");
    crn_text_free(&said);
}

/* What is not in the vocabulary. */
static int64_t bucket(const crn_call *call, int64_t i)
{
    const crn_token_buckets *a = call->attributes;
    if (a->count == 0)
        complain(call, i);
    if (a->count <= 1)
        return a->first;
    if (call->in_types[0].dtype == CRN_INT64)
        return crn_token_bucket(a, NULL, -1, ((const int64_t *)call->in[0])[i]);
    const crn_cell *cell = (const crn_cell *)call->in[0] + i;
    const bool text = cell->kind == CRN_CELL_TEXT && cell->size > 0;
    return crn_token_bucket(a, text ? cell->as.text : "", text ? cell->size : 0, 0);
}

static void find_tokens_forward(const crn_call *call)
{
    const int64_t count = crn_type_count(&call->in_types[0], call->rows);
    const int64_t *values = call->in[2];
    int64_t *y = call->out[0];
    for (int64_t i = 0; i < count; i++) {
        const int64_t place = find(call, i);
        y[i] = place >= 0 ? values[place] : bucket(call, i);
    }
}

static void find_tokens_cost(const void *attributes, const crn_type *in, const crn_type *out,
                             crn_cost *cost)
{
    (void)attributes;
    int64_t steps = 1;
    for (int64_t n = in[1].shape[0]; n > 1; n /= 2)
        steps++;
    cost->multiply_adds = 10.0 * (double)(crn_type_size(&out[0]) * steps);
}

const crn_op crn_op_find_tokens = {
    .name = "find_tokens",
    .attributes_size = sizeof(crn_token_buckets),
    .n_out = 1,
    .infer = find_tokens_infer,
    .forward = find_tokens_forward,
    .cost = find_tokens_cost,
};

crn_value crn_find_tokens(crn_graph *graph, crn_value x, crn_value keys, crn_value values,
                          const crn_token_buckets *buckets)
{
    return crn_graph_add(graph, &crn_op_find_tokens, buckets, (crn_value[]){x, keys, values},
                         3);
}
