/* SPDX-License-Identifier: BSD-3-Clause */
/* one_hot_inverse: which of each feature's columns is the largest, as
 * sklearn.preprocessing.OneHotEncoder.inverse_transform (1.9). Inputs: x, starts, zeros. */
#include "ops/category.h"
#include "ops/infer.h"

static crn_status one_hot_inverse_infer(const void *attributes, const crn_type *in, int n_in,
                                        crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("one_hot_inverse", n_in, 3, 3, err));
    const crn_type *x = &in[0], *starts = &in[1], *zeros = &in[2];
    if (x->dtype != CRN_FLOAT64 || starts->dtype != CRN_INT64 || zeros->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "one_hot_inverse: %s, %s and %s",
                        crn_dtype_name(x->dtype), crn_dtype_name(starts->dtype),
                        crn_dtype_name(zeros->dtype));
    if (!x->rows || x->ndim != 1 || starts->rows || starts->ndim != 1)
        return crn_infer_misfit("one_hot_inverse", x, starts, err);
    if (zeros->rows || zeros->ndim != 1 || zeros->shape[0] != starts->shape[0] - 1)
        return crn_infer_misfit("one_hot_inverse", zeros, starts, err);
    out[0] = crn_type_vector(CRN_INT64, zeros->shape[0]);
    return CRN_OK;
}

/* The first largest of n >= 1 numbers, and whether they add up to 0. */
static int64_t largest(const double *x, int64_t n, bool *is_zero)
{
    int64_t best = 0;
    double sum = 0;
    for (int64_t k = 0; k < n; k++) {
        best = x[k] > x[best] ? k : best;
        sum += x[k];
    }
    *is_zero = sum == 0;
    return best;
}

static void one_hot_inverse_forward(const crn_call *call)
{
    const int64_t width = call->in_types[0].shape[0], n = call->in_types[2].shape[0];
    const int64_t *starts = call->in[1], *zeros = call->in[2];
    int64_t *out = call->out[0]; /* (rows, n) */
    for (int64_t row = 0; row < call->rows; row++, out += n) {
        const double *x = (const double *)call->in[0] + row * width;
        for (int64_t i = 0; i < n; i++) {
            bool is_zero = true;
            const int64_t columns = starts[i + 1] - starts[i];
            const int64_t best = columns > 0 ? largest(x + starts[i], columns, &is_zero) : 0;
            out[i] = is_zero ? zeros[i] : starts[i] + best;
            if (out[i] >= 0)
                continue;
            out[i] = 0;
            if (call->failure != NULL)
                crn_fail(call->failure, CRN_ARGUMENT,
                         "Samples can not be inverted when drop=None and "
                         "handle_unknown='error' because they contain all zeros");
        }
    }
}

static void one_hot_inverse_cost(const void *attributes, const crn_type *in,
                                 const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = (double)crn_type_size(&in[0]);
}

const crn_op crn_op_one_hot_inverse = {
    .name = "one_hot_inverse",
    .n_out = 1,
    .infer = one_hot_inverse_infer,
    .forward = one_hot_inverse_forward,
    .cost = one_hot_inverse_cost,
};

crn_value crn_one_hot_inverse(crn_graph *graph, crn_value x, crn_value starts, crn_value zeros)
{
    return crn_graph_add(graph, &crn_op_one_hot_inverse, NULL, (crn_value[]){x, starts, zeros},
                         3);
}
