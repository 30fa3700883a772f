/* SPDX-License-Identifier: BSD-3-Clause */
/* take_sum: the sum of the table's rows that a row's indices name, as
 * numpy.sum(table[index], axis=0). Inputs: table (n, width) float64, index (rows, k) int64. */
#include "ops/infer.h"
#include "ops/rows.h"

static crn_status take_sum_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("take_sum", n_in, 2, 2, err));
    const crn_type *table = &in[0], *index = &in[1];
    if (table->dtype != CRN_FLOAT64 || table->rows || table->ndim != 2 ||
        index->dtype != CRN_INT64 || index->ndim != 1)
        return crn_infer_misfit("take_sum", table, index, err);
    out[0] = *index;
    out[0].dtype = CRN_FLOAT64;
    out[0].itemsize = sizeof(double);
    out[0].shape[0] = table->shape[1];
    return CRN_OK;
}

static void take_sum_forward(const crn_call *call)
{
    const int64_t width = call->in_types[0].shape[1];
    const int64_t k = crn_type_size(&call->in_types[1]);
    const int64_t rows = call->in_types[1].rows ? call->rows : 1;
    const double *table = call->in[0];
    const int64_t *index = call->in[1];
    double *out = call->out[0];
    for (int64_t row = 0; row < rows; row++, index += k, out += width) {
        for (int64_t j = 0; j < width; j++)
            out[j] = 0.0;
        for (int64_t i = 0; i < k; i++) {
            for (int64_t j = 0; j < width; j++)
                out[j] += table[index[i] * width + j];
        }
    }
}

static void take_sum_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = (double)crn_type_size(&in[1]) * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_take_sum = {
    .name = "take_sum",
    .n_out = 1,
    .infer = take_sum_infer,
    .forward = take_sum_forward,
    .cost = take_sum_cost,
};

crn_value crn_take_sum(crn_graph *graph, crn_value table, crn_value index)
{
    return crn_graph_add(graph, &crn_op_take_sum, NULL, (crn_value[]){table, index}, 2);
}
