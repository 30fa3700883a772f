/* SPDX-License-Identifier: BSD-3-Clause */
/* concat: values of one type joined along an axis of the item. */
#include <stdio.h>
#include <string.h>

#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/sparse.h"
#include "ops/rows.h"

static int32_t axis_of(const void *attributes, const crn_type *type)
{
    int32_t axis = *(const int32_t *)attributes;
    return axis < 0 ? axis + type->ndim : axis;
}

static crn_status concat_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    CRN_TRY(crn_infer_count("concat", n_in, 1, INT16_MAX, err));
    CRN_TRY(crn_infer_present("concat", &in[0], err));
    int32_t axis = axis_of(attributes, &in[0]);
    if (axis < 0 || axis >= in[0].ndim)
        return crn_fail(err, CRN_ARGUMENT, "concat: no axis %d in an item of %d axes",
                        (int)*(const int32_t *)attributes, (int)in[0].ndim);
    out[0] = in[0];
    for (int i = 1; i < n_in; i++) {
        crn_type same = in[i];
        out[0].sparse |= same.sparse;
        same.sparse = in[0].sparse;
        same.shape[axis] = in[0].shape[axis];
        if (!crn_type_equal(&same, &in[0]))
            return crn_infer_misfit("concat", &in[0], &in[i], err);
        if (__builtin_add_overflow(out[0].shape[axis], in[i].shape[axis], &out[0].shape[axis]))
            return crn_fail(err, CRN_SHAPE, "concat: the joined axis is too long");
    }
    if (out[0].sparse && out[0].shape[0] > INT32_MAX)
        return crn_fail(err, CRN_SHAPE, "concat: the joined axis is too long");
    return CRN_OK;
}

/* Entries of row i of input k, moved by `columns`, behind those that are there. */
static int64_t append_row(const crn_call *call, int k, int64_t i, int64_t columns,
                          int64_t count)
{
    crn_sparse *out = call->out[0];
    const crn_type *type = &call->in_types[k];
    if (!type->sparse)
        return crn_sparse_append_dense(
            out, count, (const char *)call->in[k] + i * type->shape[0] * type->itemsize,
            type->dtype, type->shape[0], columns);
    const crn_sparse *in = call->in[k];
    const int64_t begin = in->starts[i], n = in->starts[i + 1] - begin;
    for (int64_t e = 0; e < n; e++)
        out->indices[count + e] = in->indices[begin + e] + (int32_t)columns;
    if (n > 0)
        memcpy((char *)out->values + count * type->itemsize,
               (const char *)in->values + begin * type->itemsize, (size_t)(n * type->itemsize));
    return count + n;
}

/* scipy.sparse.hstack: of dense inputs the numbers that are not 0. */
static void concat_sparse(const crn_call *call)
{
    crn_sparse *out = call->out[0];
    int64_t most = 1;
    for (int k = 0; k < call->n_in; k++)
        most += call->in_types[k].sparse ? crn_sparse_count(call->in[k], call->rows)
                                         : call->in_types[k].shape[0] * call->rows;
    if (!crn_sparse_reserve(call, 0, most))
        return;
    int64_t count = 0;
    out->starts[0] = 0;
    for (int64_t i = 0; i < call->rows; i++) {
        int64_t columns = 0;
        for (int k = 0; k < call->n_in; k++) {
            count = append_row(call, k, i, columns, count);
            columns += call->in_types[k].shape[0];
        }
        out->starts[i + 1] = count;
    }
}

static void concat_forward(const crn_call *call)
{
    const crn_type *type = &call->out_types[0];
    if (type->sparse) {
        concat_sparse(call);
        return;
    }
    int32_t axis = axis_of(call->attributes, type);
    size_t inner = (size_t)type->itemsize; /* bytes behind the axis */
    for (int32_t i = axis + 1; i < type->ndim; i++)
        inner *= (size_t)type->shape[i];
    int64_t outer = type->rows ? call->rows : 1;
    for (int32_t i = 0; i < axis; i++)
        outer *= type->shape[i];

    char *out = call->out[0];
    for (int64_t o = 0; o < outer; o++) {
        for (int i = 0; i < call->n_in; i++) {
            size_t bytes = (size_t)call->in_types[i].shape[axis] * inner;
            memcpy(out, (const char *)call->in[i] + (size_t)o * bytes, bytes);
            out += bytes;
        }
    }
}

static void concat_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.25 * (double)crn_type_size(&out[0]);
}

static void concat_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "axis=%d", (int)*(const int32_t *)attributes);
}

const crn_op crn_op_concat = {
    .name = "concat",
    .attributes_size = sizeof(int32_t),
    .flags = CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = concat_infer,
    .forward = concat_forward,
    .backward = crn_concat_backward,
    .cost = concat_cost,
    .describe = concat_describe,
};

crn_value crn_concat(crn_graph *graph, const crn_value *values, int count, int32_t axis)
{
    if (count == 1)
        return values[0];
    return crn_graph_add(graph, &crn_op_concat, &axis, values, count);
}
