/* SPDX-License-Identifier: BSD-3-Clause */
/* columns: some items of each row's vector, in any order and as often as asked: x[:, index] of
 * NumPy. Inputs: x, index. */
#include <string.h>

#include "ops/infer.h"
#include "ops/rows.h"
#include "ops/sparse.h"

static crn_status columns_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("columns", n_in, 2, 2, err));
    CRN_TRY(crn_infer_present("columns", &in[0], err));
    const crn_type *x = &in[0], *index = &in[1];
    if (index->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "columns: the index is %s, not int64",
                        crn_dtype_name(index->dtype));
    if (!x->rows || x->ndim != 1 || index->rows || index->ndim != 1)
        return crn_infer_misfit("columns", x, index, err);
    out[0] = *x;
    out[0].shape[0] = index->shape[0];
    return CRN_OK;
}

static void columns_forward(const crn_call *call)
{
    const crn_type *x = &call->in_types[0], *y = &call->out_types[0];
    const size_t size = (size_t)x->itemsize;
    const int64_t *index = call->in[1]; /* (columns) */
    const char *from = call->in[0];     /* (rows, width) */
    char *to = call->out[0];            /* (rows, columns) */
    for (int64_t row = 0; row < call->rows; row++) {
        for (int64_t k = 0; k < y->shape[0]; k++, to += size)
            memcpy(to, from + (size_t)index[k] * size, size);
        from += (size_t)x->shape[0] * size;
    }
}

static void columns_cost(const void *attributes, const crn_type *in, const crn_type *out,
                         crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_columns = {
    .name = "columns",
    .n_out = 1,
    .infer = columns_infer,
    .forward = columns_forward,
    .cost = columns_cost,
};

static bool is_everything(const int64_t *index, int64_t count, int64_t width)
{
    bool all = count == width;
    for (int64_t i = 0; all && i < count; i++)
        all = index[i] == i;
    return all;
}

static bool rises(const int64_t *index, int64_t count)
{
    for (int64_t i = 1; i < count; i++) {
        if (index[i] <= index[i - 1])
            return false;
    }
    return true;
}

crn_value crn_columns(crn_graph *graph, crn_value x, const int64_t *index, int64_t count)
{
    const crn_type *type = crn_graph_type(graph, x);
    crn_array indices = CRN_ARRAY_INIT;
    for (int64_t i = 0; i < count; i++) {
        if (index[i] < 0 || type->ndim != 1 || index[i] >= type->shape[0])
            return crn_graph_fail(graph, CRN_SHAPE, "columns: there is no column %lld",
                                  (long long)index[i]);
    }
    if (type->ndim == 1 && is_everything(index, count, type->shape[0]))
        return x;
    if (type->sparse && rises(index, count))
        return crn_keep_columns(graph, x, index, count);
    if (crn_array_create(CRN_INT64, 0, 1, &count, &indices, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (count > 0)
        memcpy(indices.data, index, (size_t)count * sizeof *index);
    const crn_value constant = crn_graph_constant(graph, &indices);
    crn_array_free(&indices);
    return crn_graph_add(graph, &crn_op_columns, NULL, (crn_value[]){x, constant}, 2);
}
