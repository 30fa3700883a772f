/* SPDX-License-Identifier: BSD-3-Clause */
/* take: table[index]; what a classifier does with classes_. Inputs: table, index. */
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"

static crn_status take_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("take", n_in, 2, 2, err));
    CRN_TRY(crn_infer_present("take", &in[0], err));
    const crn_type *table = &in[0], *index = &in[1];
    if (index->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "take: the index is %s, not int64",
                        crn_dtype_name(index->dtype));
    if (table->rows || table->ndim < 1 || index->ndim + table->ndim - 1 > CRN_MAX_NDIM - 1)
        return crn_infer_misfit("take", table, index, err);
    out[0] = *index;
    out[0].dtype = table->dtype;
    out[0].itemsize = table->itemsize;
    for (int32_t i = 1; i < table->ndim; i++)
        out[0].shape[out[0].ndim++] = table->shape[i];
    return CRN_OK;
}

static void take_forward(const crn_call *call)
{
    const crn_type *table = &call->in_types[0];
    size_t bytes = (size_t)table->itemsize; /* of one entry */
    for (int32_t i = 1; i < table->ndim; i++)
        bytes *= (size_t)table->shape[i];
    int64_t n = crn_type_count(&call->in_types[1], call->rows);
    const int64_t *index = call->in[1];
    if (bytes == sizeof(int64_t)) {
        for (int64_t i = 0; i < n; i++)
            memcpy((char *)call->out[0] + 8 * i, (const char *)call->in[0] + 8 * index[i], 8);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        memcpy((char *)call->out[0] + (size_t)i * bytes,
               (const char *)call->in[0] + (size_t)index[i] * bytes, bytes);
}

static void take_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = (double)crn_type_size(&out[0]);
    cost->bytes = (double)(crn_type_size(&in[0]) * in[0].itemsize);
}

const crn_op crn_op_take = {
    .name = "take",
    .n_out = 1,
    .infer = take_infer,
    .forward = take_forward,
    .cost = take_cost,
};

crn_value crn_take(crn_graph *graph, crn_value table, crn_value index)
{
    return crn_graph_add(graph, &crn_op_take, NULL, (crn_value[]){table, index}, 2);
}
