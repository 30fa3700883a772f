/* SPDX-License-Identifier: BSD-3-Clause */
/* sparsify: the numbers of dense rows that are not 0, as csr_matrix(x) takes them. */
#include "ops/infer.h"
#include "ops/sparse.h"

static crn_status sparsify_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("sparsify", n_in, 1, 1, err));
    if (!crn_dtype_is_number(in[0].dtype) || !in[0].rows || in[0].ndim != 1 ||
        in[0].shape[0] > INT32_MAX)
        return crn_fail(err, CRN_SHAPE, "sparsify: takes rows of fewer than 2**31 numbers");
    out[0] = in[0];
    out[0].sparse = true;
    return CRN_OK;
}

static void sparsify_forward(const crn_call *call)
{
    const crn_type *type = &call->in_types[0];
    crn_sparse *out = call->out[0];
    int64_t count = 0;
    out->starts[0] = 0;
    for (int64_t i = 0; i < call->rows; i++) {
        const char *row = (const char *)call->in[0] + i * type->shape[0] * type->itemsize;
        if (!crn_sparse_reserve(call, 0, count + type->shape[0] + 1))
            return;
        count = crn_sparse_append_dense(out, count, row, type->dtype, type->shape[0], 0);
        out->starts[i + 1] = count;
    }
}

const crn_op crn_op_sparsify = {
    .name = "sparsify",
    .n_out = 1,
    .infer = sparsify_infer,
    .forward = sparsify_forward,
};

crn_value crn_sparsify(crn_graph *graph, crn_value x)
{
    if (crn_graph_type(graph, x)->sparse)
        return x;
    return crn_graph_add(graph, &crn_op_sparsify, NULL, &x, 1);
}
