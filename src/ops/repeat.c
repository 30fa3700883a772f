/* SPDX-License-Identifier: BSD-3-Clause */
/* repeat: the same item for every row, whatever the row holds; what scikit-learn's dummies
 * answer. Inputs: x (for its number of rows), item. */
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"

static crn_status repeat_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("repeat", n_in, 2, 2, err));
    CRN_TRY(crn_infer_present("repeat", &in[0], err));
    CRN_TRY(crn_infer_present("repeat", &in[1], err));
    if (!in[0].rows || in[1].rows || in[1].ndim > CRN_MAX_NDIM - 1)
        return crn_infer_misfit("repeat", &in[0], &in[1], err);
    out[0] = in[1];
    out[0].rows = true;
    return CRN_OK;
}

static void repeat_forward(const crn_call *call)
{
    const crn_type *item = &call->in_types[1];
    const size_t bytes = (size_t)(crn_type_size(item) * item->itemsize);
    for (int64_t row = 0; row < call->rows; row++)
        memcpy((char *)call->out[0] + (size_t)row * bytes, call->in[1], bytes);
}

static void repeat_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_repeat = {
    .name = "repeat",
    .n_out = 1,
    .infer = repeat_infer,
    .forward = repeat_forward,
    .cost = repeat_cost,
};

crn_value crn_repeat(crn_graph *graph, crn_value x, crn_value item)
{
    return crn_graph_add(graph, &crn_op_repeat, NULL, (crn_value[]){x, item}, 2);
}
