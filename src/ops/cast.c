/* SPDX-License-Identifier: BSD-3-Clause */
/* cast: to another number type, as NumPy's astype does. */
#include "ops/elementwise.h"
#include "ops/infer.h"
#include "ops/sparse.h"

static crn_status cast_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    crn_dtype dtype = *(const crn_dtype *)attributes;
    CRN_TRY(crn_infer_count("cast", n_in, 1, 1, err));
    if (!crn_dtype_is_number(in[0].dtype) || !crn_dtype_is_number(dtype))
        return crn_fail(err, CRN_DTYPE, "cast: %s cannot become %s",
                        crn_dtype_name(in[0].dtype), crn_dtype_name(dtype));
    out[0] = in[0];
    out[0].dtype = dtype;
    out[0].itemsize = (int64_t)crn_dtype_size(dtype);
    return CRN_OK;
}

static void cast_numbers(const crn_call *call, const void *in, int64_t n, void *out)
{
    const crn_type *from = &call->in_types[0], *to = &call->out_types[0];
    if (from->dtype == CRN_FLOAT64 && to->dtype == CRN_FLOAT32) {
        call->kernels->narrow(n, in, out);
    } else if (from->dtype == CRN_FLOAT32 && to->dtype == CRN_FLOAT64) {
        const float *x = in;
        double *y = out;
        for (int64_t i = 0; i < n; i++)
            y[i] = (double)x[i];
    } else {
        /* Number to number always has a conversion: infer() saw to it. */
        crn_array view = crn_array_view_1d(in, from->dtype, n);
        (void)!crn_array_copy_to(&view, to->dtype, to->itemsize, out, NULL);
    }
}

static void cast_forward(const crn_call *call)
{
    if (!call->in_types[0].sparse) {
        cast_numbers(call, call->in[0], crn_type_count(&call->out_types[0], call->rows),
                     call->out[0]);
        return;
    }
    const crn_sparse *in = call->in[0];
    crn_sparse *out = call->out[0];
    if (crn_sparse_copy_pattern(call, 0))
        cast_numbers(call, crn_sparse_values(in, call->in_types[0].itemsize),
                     crn_sparse_count(in, call->rows), out->values);
}

static void cast_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_cast = {
    .name = "cast",
    .attributes_size = sizeof(crn_dtype),
    .flags = CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = cast_infer,
    .forward = cast_forward,
    .cost = cast_cost,
};

crn_value crn_cast(crn_graph *graph, crn_value x, crn_dtype dtype)
{
    if (crn_graph_type(graph, x)->dtype == dtype)
        return x;
    return crn_graph_add(graph, &crn_op_cast, &dtype, &x, 1);
}
