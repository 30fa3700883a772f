/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_diagonal: the kernel of each row with itself, what Kernel.diag of
 * sklearn/gaussian_process/kernels.py (1.9) gives. Input: x (rows, n). */
#include "ops/infer.h"
#include "ops/kernel_machine.h"

static bool is_of_products(crn_kernel_kind kind)
{
    return kind == CRN_KERNEL_LINEAR || kind == CRN_KERNEL_POLYNOMIAL ||
           kind == CRN_KERNEL_SIGMOID;
}

static crn_status kernel_diagonal_infer(const void *attributes, const crn_type *in, int n_in,
                                        crn_type *out, crn_error *err)
{
    CRN_TRY(crn_infer_count("kernel_diagonal", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_DTYPE, "kernel_diagonal: rows of float64 are needed");
    if (((const crn_kernel *)attributes)->kind >= CRN_KERNEL_PRECOMPUTED)
        return crn_fail(err, CRN_ARGUMENT,
                        "kernel_diagonal: a precomputed kernel has no formula");
    out[0] = in[0];
    out[0].ndim = 0;
    return CRN_OK;
}

static void kernel_diagonal_forward(const crn_call *call)
{
    const crn_kernel *kernel = call->attributes;
    const int64_t n = crn_type_last(&call->in_types[0]);
    const bool products = is_of_products(kernel->kind);
    const double *x = call->in[0];
    double *out = call->out[0];
    for (int64_t row = 0; row < call->rows; row++, x += n) {
        out[row] = 0.0; /* the distance of a row to itself */
        for (int64_t k = 0; products && k < n; k++)
            out[row] += x[k] * x[k];
    }
    crn_kernel_of_sums(kernel, call->rows, out, call->kernels);
}

static void kernel_diagonal_cost(const void *attributes, const crn_type *in,
                                 const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = (double)crn_type_size(&in[0]) + 10.0;
}

const crn_op crn_op_kernel_diagonal = {
    .name = "kernel_diagonal",
    .attributes_size = sizeof(crn_kernel),
    .n_out = 1,
    .infer = kernel_diagonal_infer,
    .forward = kernel_diagonal_forward,
    .cost = kernel_diagonal_cost,
};

crn_value crn_kernel_diagonal(crn_graph *graph, crn_value x, const crn_kernel *kernel)
{
    return crn_graph_add(graph, &crn_op_kernel_diagonal, kernel, &x, 1);
}
