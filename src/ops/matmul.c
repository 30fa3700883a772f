/* SPDX-License-Identifier: BSD-3-Clause */
/* matmul: (..., m, k) by (..., k, n), as numpy.matmul: the axes before the last two are
 * broadcast, and so are the rows to a constant. Inputs: a, b, float32. */
#include "ops/infer.h"
#include "ops/tensor.h"

static crn_status matmul_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("matmul", n_in, 2, 2, err));
    const crn_type *a = &in[0], *b = &in[1], *longer = a->ndim >= b->ndim ? a : b;
    if (a->dtype != CRN_FLOAT32 || b->dtype != CRN_FLOAT32)
        return crn_fail(err, CRN_DTYPE, "matmul: float32 is needed");
    if (a->ndim < 2 || b->ndim < 2 || a->shape[a->ndim - 1] != b->shape[b->ndim - 2])
        return crn_infer_misfit("matmul", a, b, err);
    if (a->shape[a->ndim - 1] < 1)
        return crn_fail(err, CRN_SHAPE, "matmul: an axis of no elements");
    out[0] = *longer;
    out[0].rows = a->rows || b->rows;
    for (int32_t i = 3; i <= longer->ndim; i++) {
        const int64_t from_a = i <= a->ndim ? a->shape[a->ndim - i] : 1;
        const int64_t from_b = i <= b->ndim ? b->shape[b->ndim - i] : 1;
        if (from_a != from_b && from_a != 1 && from_b != 1)
            return crn_infer_misfit("matmul", a, b, err);
        out[0].shape[longer->ndim - i] = from_a == 1 ? from_b : from_a;
    }
    out[0].shape[longer->ndim - 2] = a->shape[a->ndim - 2];
    out[0].shape[longer->ndim - 1] = b->shape[b->ndim - 1];
    return CRN_OK;
}

/* Which of its matrices an operand gives to matrix `i` of the output. */
static int64_t matrix_of(const crn_type *operand, const crn_type *out, int64_t i)
{
    int64_t place = 0, step = 1;
    for (int32_t axis = 3; axis <= out->ndim; axis++) {
        const int64_t length = out->shape[out->ndim - axis];
        const int64_t own = axis <= operand->ndim ? operand->shape[operand->ndim - axis] : 1;
        place += own == 1 ? 0 : i % length * step;
        step *= own;
        i /= length;
    }
    return place;
}

static void matmul_forward(const crn_call *call)
{
    const crn_type *a = &call->in_types[0], *b = &call->in_types[1], *out = &call->out_types[0];
    const int64_t m = a->shape[a->ndim - 2], k = a->shape[a->ndim - 1],
                  n = b->shape[b->ndim - 1];
    const int64_t size = crn_type_size(out), rows = out->rows ? call->rows : 1;
    const int64_t matrices = m * n > 0 ? size / (m * n) : 0;
    for (int64_t row = 0; row < rows; row++) {
        const float *a_row =
            (const float *)call->in[0] + (a->rows ? row * crn_type_size(a) : 0);
        const float *b_row =
            (const float *)call->in[1] + (b->rows ? row * crn_type_size(b) : 0);
        for (int64_t i = 0; i < matrices; i++)
            call->kernels->product_f32(
                &(crn_product){.rows = m,
                               .n_in = k,
                               .n_out = n,
                               .a = a_row + matrix_of(a, out, i) * m * k,
                               .a_step = k,
                               .b = b_row + matrix_of(b, out, i) * k * n,
                               .layout = CRN_PRODUCT_ROWS,
                               .b_step = n,
                               .out = (float *)call->out[0] + row * size + i * m * n,
                               .out_step = n,
                               .scratch = call->scratch});
    }
}

static size_t matmul_scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    (void)attributes, (void)in, (void)n_in, (void)rows;
    return CRN_PRODUCT_SCRATCH;
}

static void matmul_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = (double)crn_type_size(&out[0]) * (double)crn_type_last(&in[0]);
}

const crn_op crn_op_matmul = {
    .name = "matmul",
    .n_out = 1,
    .infer = matmul_infer,
    .forward = matmul_forward,
    .scratch = matmul_scratch,
    .cost = matmul_cost,
};

crn_value crn_matmul(crn_graph *graph, crn_value a, crn_value b)
{
    return crn_graph_add_for_predict(graph, &crn_op_matmul, NULL, (crn_value[]){a, b}, 2);
}
