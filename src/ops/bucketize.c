/* SPDX-License-Identifier: BSD-3-Clause */
/* bucketize: the bucket of each number, between rising boundaries, as
 * tensorflow/core/kernels/bucketize_op.cc (2.15) finds it. Inputs: x, boundaries. */
#include "ops/encode.h"
#include "ops/infer.h"

static crn_status bucketize_infer(const void *attributes, const crn_type *in, int n_in,
                                  crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("bucketize", n_in, 2, 2, err));
    if (in[0].dtype != CRN_FLOAT32 || in[1].dtype != CRN_FLOAT32)
        return crn_fail(err, CRN_DTYPE, "bucketize: takes float32, not %s",
                        crn_dtype_name(in[0].dtype));
    if (in[1].rows || in[1].ndim != 1)
        return crn_infer_misfit("bucketize", &in[0], &in[1], err);
    out[0] = in[0];
    out[0].dtype = CRN_INT64;
    out[0].itemsize = sizeof(int64_t);
    return CRN_OK;
}

static void bucketize_forward(const crn_call *call)
{
    const int64_t count = crn_type_count(&call->in_types[0], call->rows);
    const float *x = call->in[0], *boundaries = call->in[1];
    int64_t *y = call->out[0];
    for (int64_t i = 0; i < count; i++) {
        int64_t low = 0, high = call->in_types[1].shape[0];
        while (low < high) {
            const int64_t middle = low + (high - low) / 2;
            if (x[i] < boundaries[middle])
                high = middle;
            else
                low = middle + 1;
        }
        y[i] = low;
    }
}

static void bucketize_cost(const void *attributes, const crn_type *in, const crn_type *out,
                           crn_cost *cost)
{
    (void)attributes;
    int64_t steps = 1;
    for (int64_t n = in[1].shape[0]; n > 1; n /= 2)
        steps++;
    cost->multiply_adds = (double)(crn_type_size(&out[0]) * steps);
}

const crn_op crn_op_bucketize = {
    .name = "bucketize",
    .n_out = 1,
    .infer = bucketize_infer,
    .forward = bucketize_forward,
    .cost = bucketize_cost,
};

crn_value crn_bucketize(crn_graph *graph, crn_value x, crn_value boundaries)
{
    return crn_graph_add(graph, &crn_op_bucketize, NULL, (crn_value[]){x, boundaries}, 2);
}
