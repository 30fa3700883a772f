/* SPDX-License-Identifier: BSD-3-Clause */
/* flip_one: the corrupted rows that BernoulliRBM.score_samples compares rows with. */
#include <string.h>

#include "ops/all_rows.h"
#include "ops/infer.h"

static crn_status flip_one_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("flip_one", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 || in[0].shape[0] < 1)
        return crn_fail(err, CRN_SHAPE, "flip_one: takes rows of float64");
    out[0] = in[0];
    return CRN_OK;
}

static void flip_one_forward(const crn_call *call)
{
    const crn_flip_one_attributes *at = call->attributes;
    const int64_t n = call->in_types[0].shape[0];
    crn_random_state random = at->random;
    double *out = call->out[0];
    memcpy(out, call->in[0], (size_t)(call->rows * n) * sizeof *out);
    for (int64_t row = 0; row < call->rows; row++) {
        double *x = out + row * n + crn_random_state_below(&random, (uint64_t)n);
        *x = 1.0 - *x;
    }
}

const crn_op crn_op_flip_one = {
    .name = "flip_one",
    .attributes_size = sizeof(crn_flip_one_attributes),
    .flags = CRN_OP_ALL_ROWS,
    .n_out = 1,
    .infer = flip_one_infer,
    .forward = flip_one_forward,
};

crn_value crn_flip_one(crn_graph *graph, crn_value x, const crn_random_state *random)
{
    const crn_flip_one_attributes attributes = {.random = *random};
    return crn_graph_add(graph, &crn_op_flip_one, &attributes, &x, 1);
}
