/* SPDX-License-Identifier: BSD-3-Clause */
/* one_hot: rows of zeros with a one for each slot that has a column; dense or sparse. Inputs:
 * slots, columns. */
#include <string.h>

#include "ops/category.h"
#include "ops/infer.h"
#include "ops/sparse.h"

static crn_status one_hot_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    const crn_one_hot_attributes *a = attributes;
    CRN_TRY(crn_infer_count("one_hot", n_in, 2, 2, err));
    const crn_type *slots = &in[0], *columns = &in[1];
    if (slots->dtype != CRN_INT64 || columns->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "one_hot: slots of %s, columns of %s",
                        crn_dtype_name(slots->dtype), crn_dtype_name(columns->dtype));
    if (!crn_dtype_is_number(a->dtype))
        return crn_fail(err, CRN_DTYPE, "one_hot: ones of %s", crn_dtype_name(a->dtype));
    if (!slots->rows || slots->ndim != 1 || columns->rows || columns->ndim != 1)
        return crn_infer_misfit("one_hot", slots, columns, err);
    out[0] =
        a->sparse ? crn_type_sparse(a->dtype, a->width) : crn_type_vector(a->dtype, a->width);
    return CRN_OK;
}

enum { LARGEST = 8 };

/* The number 1 of a type, as bytes. */
static void make_one(crn_dtype dtype, char one[LARGEST])
{
    const double value = 1.0;
    const crn_array real = crn_array_view_1d(&value, CRN_FLOAT64, 1);
    /* A number always converts to another type of numbers. */
    (void)!crn_array_copy_to(&real, dtype, (int64_t)crn_dtype_size(dtype), one, NULL);
}

static void fill_dense(const crn_call *call, const char *one)
{
    const crn_type *type = &call->out_types[0];
    const size_t size = (size_t)type->itemsize;
    const int64_t n = call->in_types[0].shape[0];
    const int64_t *slots = call->in[0], *columns = call->in[1];
    char *row = call->out[0]; /* (rows, width) */
    memset(row, 0, (size_t)(call->rows * type->shape[0]) * size);
    for (int64_t i = 0; i < call->rows; i++, slots += n, row += (size_t)type->shape[0] * size) {
        for (int64_t k = 0; k < n; k++) {
            if (columns[slots[k]] >= 0)
                memcpy(row + (size_t)columns[slots[k]] * size, one, size);
        }
    }
}

/* The columns of a feature lie behind those of the features before it, so each row rises. */
static void fill_sparse(const crn_call *call, const char *one)
{
    const size_t size = (size_t)call->out_types[0].itemsize;
    const int64_t n = call->in_types[0].shape[0];
    const int64_t *slots = call->in[0], *columns = call->in[1];
    crn_sparse *out = call->out[0];
    int64_t count = 0;
    if (!crn_sparse_reserve(call, 0, call->rows * n))
        return;
    out->starts[0] = 0;
    for (int64_t i = 0; i < call->rows; i++, slots += n) {
        for (int64_t k = 0; k < n; k++) {
            if (columns[slots[k]] < 0)
                continue;
            out->indices[count] = (int32_t)columns[slots[k]];
            memcpy((char *)out->values + (size_t)count++ * size, one, size);
        }
        out->starts[i + 1] = count;
    }
}

static void one_hot_forward(const crn_call *call)
{
    char one[LARGEST] = {0};
    make_one(call->out_types[0].dtype, one);
    if (call->out_types[0].sparse)
        fill_sparse(call, one);
    else
        fill_dense(call, one);
}

static void one_hot_cost(const void *attributes, const crn_type *in, const crn_type *out,
                         crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds =
        (double)in[0].shape[0] + (out[0].sparse ? 0.0 : 0.25 * (double)crn_type_size(&out[0]));
}

const crn_op crn_op_one_hot = {
    .name = "one_hot",
    .attributes_size = sizeof(crn_one_hot_attributes),
    .n_out = 1,
    .infer = one_hot_infer,
    .forward = one_hot_forward,
    .cost = one_hot_cost,
};

crn_value crn_one_hot(crn_graph *graph, crn_value slots, crn_value columns,
                      const crn_one_hot_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_one_hot, attributes, (crn_value[]){slots, columns}, 2);
}
