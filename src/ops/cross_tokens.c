/* SPDX-License-Identifier: BSD-3-Clause */
/* cross_tokens: one bucket for the tokens that stand at the same place of several values, as
 * tensorflow/core/kernels/sparse_cross_op.cc (2.15) crosses dense columns: fingerprints of
 * texts and numbers themselves, joined. Inputs: the values, at least two. */
#include "base/cell.h"
#include "ops/fingerprint.h"
#include "ops/infer.h"
#include "ops/tokens.h"

enum { MOST_VALUES = 15 };

static const uint64_t first_fingerprint = UINT64_C(0xDECAFCAFFE);

typedef struct cross_attributes {
    int64_t buckets;
} cross_attributes;

static crn_status cross_tokens_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    const cross_attributes *a = attributes;
    CRN_TRY(crn_infer_count("cross_tokens", n_in, 2, MOST_VALUES, err));
    for (int i = 0; i < n_in; i++) {
        if ((in[i].dtype != CRN_OBJECT && in[i].dtype != CRN_INT64) || in[i].sparse)
            return crn_fail(err, CRN_DTYPE, "cross_tokens: takes texts or int64, not %s",
                            crn_dtype_name(in[i].dtype));
        bool same = in[i].rows == in[0].rows && in[i].ndim == in[0].ndim;
        for (int32_t k = 0; same && k < in[0].ndim; k++)
            same = in[i].shape[k] == in[0].shape[k];
        if (!same)
            return crn_infer_misfit("cross_tokens", &in[0], &in[i], err);
    }
    if (a->buckets < 1)
        return crn_fail(err, CRN_ARGUMENT, "cross_tokens: there are no buckets");
    out[0] = in[0];
    out[0].dtype = CRN_INT64;
    out[0].itemsize = sizeof(int64_t);
    return CRN_OK;
}

static uint64_t fingerprint(const crn_call *call, int value, int64_t i)
{
    if (call->in_types[value].dtype == CRN_INT64)
        return (uint64_t)((const int64_t *)call->in[value])[i];
    const crn_cell *cell = (const crn_cell *)call->in[value] + i;
    if (cell->kind == CRN_CELL_TEXT)
        return crn_farm_fingerprint(cell->size > 0 ? cell->as.text : "", (size_t)cell->size);
    if (call->failure != NULL && call->failure->code == CRN_OK)
        crn_fail(call->failure, CRN_ARGUMENT, "cross_tokens: a cell holds no text");
    return 0;
}

static void cross_tokens_forward(const crn_call *call)
{
    const cross_attributes *a = call->attributes;
    const int64_t count = crn_type_count(&call->in_types[0], call->rows);
    int64_t *y = call->out[0];
    for (int64_t i = 0; i < count; i++) {
        uint64_t joined = first_fingerprint;
        for (int value = 0; value < call->n_in; value++)
            joined = crn_fingerprint_join(joined, fingerprint(call, value, i));
        y[i] = (int64_t)(joined % (uint64_t)a->buckets);
    }
}

static void cross_tokens_cost(const void *attributes, const crn_type *in, const crn_type *out,
                              crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 100.0 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_cross_tokens = {
    .name = "cross_tokens",
    .attributes_size = sizeof(cross_attributes),
    .n_out = 1,
    .infer = cross_tokens_infer,
    .forward = cross_tokens_forward,
    .cost = cross_tokens_cost,
};

crn_value crn_cross_tokens(crn_graph *graph, const crn_value *values, int count,
                           int64_t buckets)
{
    const cross_attributes attributes = {.buckets = buckets};
    return crn_graph_add(graph, &crn_op_cross_tokens, &attributes, values, count);
}
