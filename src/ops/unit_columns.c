/* SPDX-License-Identifier: BSD-3-Clause */
/* unit_columns: what SparsePCA(normalize_components=False) of scikit-learn 0.20 and 0.21 does
 * to the rows that it is given together. */
#include <math.h>
#include <string.h>

#include "ops/all_rows.h"
#include "ops/infer.h"

static crn_status unit_columns_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("unit_columns", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "unit_columns: takes rows of float64");
    out[0] = in[0];
    return CRN_OK;
}

static size_t unit_columns_scratch(const void *attributes, const crn_type *in, int n_in,
                                   int64_t rows)
{
    (void)attributes, (void)n_in, (void)rows;
    return (size_t)in[0].shape[0] * sizeof(double);
}

static void unit_columns_forward(const crn_call *call)
{
    const int64_t n = call->in_types[0].shape[0], size = call->rows * n;
    const double *x = call->in[0];
    double *out = call->out[0], *norms = call->scratch;
    memset(norms, 0, (size_t)n * sizeof *norms);
    for (int64_t i = 0; i < size; i++)
        norms[i % n] += x[i] * x[i];
    for (int64_t j = 0; j < n; j++)
        norms[j] = norms[j] == 0.0 ? 1.0 : sqrt(norms[j]);
    for (int64_t i = 0; i < size; i++)
        out[i] = x[i] / norms[i % n];
}

const crn_op crn_op_unit_columns = {
    .name = "unit_columns",
    .flags = CRN_OP_ALL_ROWS | CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = unit_columns_infer,
    .scratch = unit_columns_scratch,
    .forward = unit_columns_forward,
};

crn_value crn_unit_columns(crn_graph *graph, crn_value x)
{
    return crn_graph_add(graph, &crn_op_unit_columns, NULL, &x, 1);
}
