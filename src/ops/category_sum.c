/* SPDX-License-Identifier: BSD-3-Clause */
/* category_sum: CategoricalNB's likelihood: each feature's category picks a row of a table. */
#include <string.h>

#include "ops/infer.h"
#include "ops/likelihood.h"

static crn_status category_sum_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("category_sum", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 ||
        in[1].dtype != CRN_INT64 || in[1].rows || in[1].ndim != 1 ||
        in[1].shape[0] != in[0].shape[0] + 1)
        return crn_infer_misfit("category_sum", &in[0], &in[1], err);
    if (in[2].dtype != CRN_FLOAT64 || in[2].rows || in[2].ndim != 2)
        return crn_infer_misfit("category_sum", &in[0], &in[2], err);
    out[0] = crn_type_vector(CRN_FLOAT64, in[2].shape[1]);
    return CRN_OK;
}

/* The category as an index below `count`, as astype(int) cuts it; -1: there is none. */
static int64_t category(const crn_call *call, double x, int64_t count)
{
    if (x > -1.0 && x < (double)count)
        return (int64_t)x;
    if (x <= -1.0)
        (void)!crn_fail(call->failure, CRN_ARGUMENT,
                        "Negative values in data passed to CategoricalNB (input X).");
    else
        (void)!crn_fail(call->failure, CRN_ARGUMENT,
                        "index %.0f is out of bounds for axis 1 with size %lld", x,
                        (long long)count);
    return -1;
}

static void category_sum_forward(const crn_call *call)
{
    const int64_t n = call->in_types[0].shape[0], k = call->out_types[0].shape[0];
    const int64_t *offsets = call->in[1];
    const double *table = call->in[2]; /* (offsets[n], k) */
    for (int64_t row = 0; row < call->rows; row++) {
        const double *x = (const double *)call->in[0] + row * n;
        double *out = (double *)call->out[0] + row * k;
        memset(out, 0, (size_t)k * sizeof *out);
        for (int64_t j = 0; j < n; j++) {
            const int64_t index = category(call, x[j], offsets[j + 1] - offsets[j]);
            for (int64_t c = 0; index >= 0 && c < k; c++)
                out[c] += table[(offsets[j] + index) * k + c];
        }
    }
}

static void category_sum_cost(const void *attributes, const crn_type *in, const crn_type *out,
                              crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = (double)crn_type_size(&in[0]) * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_category_sum = {
    .name = "category_sum",
    .n_out = 1,
    .infer = category_sum_infer,
    .forward = category_sum_forward,
    .cost = category_sum_cost,
};

crn_value crn_category_sum(crn_graph *graph, crn_value x, crn_value offsets, crn_value table)
{
    return crn_graph_add(graph, &crn_op_category_sum, NULL, (crn_value[]){x, offsets, table},
                         3);
}
