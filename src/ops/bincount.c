/* SPDX-License-Identifier: BSD-3-Clause */
/* bincount: how often each index stands in an item, as tf.math.bincount counts it, and one-hot
 * rows of indices, which are counts of one. Inputs: x, weights. */
#include <stdio.h>
#include <string.h>

#include "ops/encode.h"
#include "ops/infer.h"
#include "ops/rows.h"

static crn_status bincount_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    const crn_bincount_attributes *a = attributes;
    CRN_TRY(crn_infer_count("bincount", n_in, 2, 2, err));
    const crn_type *x = &in[0], *weights = &in[1];
    if (x->dtype != CRN_INT64 || !x->rows || x->sparse)
        return crn_fail(err, CRN_DTYPE, "bincount: takes rows of int64, not %s",
                        crn_dtype_name(x->dtype));
    if (x->ndim < 1 || a->depth < 1)
        return crn_fail(err, CRN_SHAPE, "bincount: nothing to count, or no place for it");
    if (weights->dtype != CRN_NO_DTYPE) {
        crn_type same = *weights;
        same.dtype = CRN_INT64;
        same.itemsize = sizeof(int64_t);
        if (weights->dtype != CRN_FLOAT32 || !crn_type_equal(&same, x))
            return crn_infer_misfit("bincount", x, weights, err);
    }
    out[0] = *x;
    out[0].dtype = CRN_FLOAT32;
    out[0].itemsize = sizeof(float);
    for (int32_t i = 1; i < x->ndim; i++)
        out[0].shape[i - 1] = x->shape[i];
    out[0].shape[x->ndim - 1] = a->depth;
    return CRN_OK;
}

static void bincount_forward(const crn_call *call)
{
    const crn_bincount_attributes *a = call->attributes;
    const crn_type *type = &call->in_types[0];
    const int64_t n = type->shape[0], size = crn_type_size(type), inner = n > 0 ? size / n : 0;
    const int64_t *x = call->in[0]; /* (rows, n, inner) */
    const float *weights = call->in[1];
    float *y = call->out[0]; /* (rows, inner, depth) */
    memset(y, 0, (size_t)crn_type_count(&call->out_types[0], call->rows) * sizeof(float));
    for (int64_t row = 0; row < call->rows; row++, y += inner * a->depth) {
        for (int64_t i = 0; i < size; i++) {
            const int64_t index = x[row * size + i];
            if (index < 0 || index >= a->depth)
                continue;
            float *count = &y[i % inner * a->depth + index];
            if (a->binary)
                *count = 1.0f;
            else
                *count += weights != NULL ? weights[row * size + i] : 1.0f;
        }
    }
}

static void bincount_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds =
        2.0 * (double)crn_type_size(&in[0]) + 0.25 * (double)crn_type_size(&out[0]);
}

static void bincount_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_bincount_attributes *a = attributes;
    snprintf(buffer, size, "depth=%lld%s", (long long)a->depth, a->binary ? " binary" : "");
}

const crn_op crn_op_bincount = {
    .name = "bincount",
    .attributes_size = sizeof(crn_bincount_attributes),
    .n_out = 1,
    .infer = bincount_infer,
    .forward = bincount_forward,
    .cost = bincount_cost,
    .describe = bincount_describe,
};

crn_value crn_bincount(crn_graph *graph, crn_value x, crn_value weights,
                       const crn_bincount_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_bincount, attributes, (crn_value[]){x, weights}, 2);
}

crn_value crn_one_hot_index(crn_graph *graph, crn_value x, int64_t depth)
{
    const crn_type type = *crn_graph_type(graph, x);
    const crn_bincount_attributes attributes = {.depth = depth, .binary = true};
    const bool shrinks = type.ndim > 0 && type.shape[type.ndim - 1] == 1;
    int64_t shape[CRN_MAX_NDIM + 1] = {1};
    if (type.ndim + 1 >= CRN_MAX_NDIM)
        return crn_graph_fail(graph, CRN_SHAPE, "one hot: too many axes");
    for (int32_t i = 0; i < type.ndim; i++)
        shape[i + 1] = type.shape[i];
    x = crn_reshape(graph, x, type.ndim + (shrinks ? 0 : 1), shape);
    return crn_bincount(graph, x, CRN_NO_VALUE, &attributes);
}
