/* SPDX-License-Identifier: BSD-3-Clause */
/* keep_columns: some columns of sparse rows, in their order: what feature selection leaves of
 * them. Inputs: x, and for each column of x its new place, or -1. */
#include <string.h>

#include "ops/infer.h"
#include "ops/sparse.h"

static crn_status keep_columns_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    const int64_t kept = *(const int64_t *)attributes;
    CRN_TRY(crn_infer_count("keep_columns", n_in, 2, 2, err));
    const crn_type *x = &in[0], *places = &in[1];
    if (!x->sparse || places->dtype != CRN_INT64 || places->rows || places->ndim != 1 ||
        places->shape[0] != x->shape[0] || kept < 0 || kept > x->shape[0])
        return crn_infer_misfit("keep_columns", x, places, err);
    out[0] = *x;
    out[0].shape[0] = kept;
    return CRN_OK;
}

static void keep_columns_forward(const crn_call *call)
{
    const crn_sparse *in = call->in[0];
    const int64_t *places = call->in[1];
    crn_sparse *out = call->out[0];
    const size_t size = (size_t)call->in_types[0].itemsize;
    int64_t count = 0;
    if (!crn_sparse_reserve(call, 0, crn_sparse_count(in, call->rows)))
        return;
    out->starts[0] = 0;
    for (int64_t i = 0; i < call->rows; i++) {
        for (int64_t e = in->starts[i]; e < in->starts[i + 1]; e++) {
            const int64_t place = places[in->indices[e]];
            if (place < 0)
                continue;
            out->indices[count] = (int32_t)place;
            memcpy((char *)out->values + (size_t)count++ * size,
                   (const char *)in->values + (size_t)e * size, size);
        }
        out->starts[i + 1] = count;
    }
}

const crn_op crn_op_keep_columns = {
    .name = "keep_columns",
    .attributes_size = sizeof(int64_t),
    .flags = CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = keep_columns_infer,
    .forward = keep_columns_forward,
};

crn_value crn_keep_columns(crn_graph *graph, crn_value x, const int64_t *index, int64_t count)
{
    const int64_t width = crn_graph_type(graph, x)->shape[0];
    crn_array places = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_INT64, 0, 1, &width, &places, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t j = 0; j < width; j++)
        ((int64_t *)places.data)[j] = -1;
    for (int64_t i = 0; i < count; i++)
        ((int64_t *)places.data)[index[i]] = i;
    const crn_value in[2] = {x, crn_graph_constant(graph, &places)};
    crn_array_free(&places);
    return crn_graph_add(graph, &crn_op_keep_columns, &count, in, 2);
}
