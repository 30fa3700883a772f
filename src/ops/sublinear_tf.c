/* SPDX-License-Identifier: BSD-3-Clause */
/* sublinear_tf: 1 + log(x) of the numbers that sparse rows hold, as TfidfTransformer takes it.
 * What is no entry stays none. */
#include <math.h>

#include "ops/infer.h"
#include "ops/text.h"

static crn_status sublinear_tf_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("sublinear_tf", n_in, 1, 1, err));
    CRN_TRY(crn_infer_float("sublinear_tf", &in[0], err));
    if (!in[0].sparse)
        return crn_fail(err, CRN_DTYPE, "sublinear_tf: takes sparse rows");
    out[0] = in[0];
    return CRN_OK;
}

static void sublinear_tf_forward(const crn_call *call)
{
    const crn_type *type = &call->in_types[0];
    const crn_sparse *in = call->in[0];
    if (!crn_sparse_copy_pattern(call, 0))
        return;
    const int64_t n = crn_sparse_count(in, call->rows);
    const void *x = crn_sparse_values(in, type->itemsize);
    void *y = ((crn_sparse *)call->out[0])->values;
    for (int64_t i = 0; i < n; i++) {
        if (type->dtype == CRN_FLOAT32)
            ((float *)y)[i] = logf(((const float *)x)[i]) + 1;
        else
            ((double *)y)[i] = log(((const double *)x)[i]) + 1;
    }
}

const crn_op crn_op_sublinear_tf = {
    .name = "sublinear_tf",
    .flags = CRN_OP_ELEMENTWISE | CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = sublinear_tf_infer,
    .forward = sublinear_tf_forward,
};

crn_value crn_sublinear_tf(crn_graph *graph, crn_value x)
{
    return crn_graph_add(graph, &crn_op_sublinear_tf, NULL, &x, 1);
}
