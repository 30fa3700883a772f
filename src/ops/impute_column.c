/* SPDX-License-Identifier: BSD-3-Clause */
/* impute_column: predictions in the place of one column's missing values, as
 * sklearn.impute.IterativeImputer._impute_one_feature (1.9). Inputs: x, mask, y. */
#include <string.h>

#include "ops/infer.h"
#include "ops/missing.h"

static crn_status impute_column_infer(const void *attributes, const crn_type *in, int n_in,
                                      crn_type *out, crn_error *err)
{
    const crn_impute_column_attributes *a = attributes;
    CRN_TRY(crn_infer_count("impute_column", n_in, 3, 3, err));
    const crn_type *x = &in[0], *mask = &in[1], *y = &in[2];
    if (x->dtype != CRN_FLOAT64 || mask->dtype != CRN_BOOL || y->dtype != CRN_FLOAT64)
        return crn_fail(err, CRN_DTYPE, "impute_column: %s, %s and %s",
                        crn_dtype_name(x->dtype), crn_dtype_name(mask->dtype),
                        crn_dtype_name(y->dtype));
    if (!x->rows || x->ndim != 1 || !mask->rows || mask->ndim != 1 ||
        mask->shape[0] != x->shape[0])
        return crn_infer_misfit("impute_column", x, mask, err);
    if (!y->rows || y->ndim != 0 || a->column < 0 || a->column >= x->shape[0])
        return crn_infer_misfit("impute_column", x, y, err);
    out[0] = *x;
    return CRN_OK;
}

static void impute_column_forward(const crn_call *call)
{
    const crn_impute_column_attributes *a = call->attributes;
    const int64_t n = call->in_types[0].shape[0];
    const uint8_t *mask = (const uint8_t *)call->in[1] + a->column; /* (rows, n) */
    const double *y = call->in[2];                                  /* (rows) */
    double *out = call->out[0];                                     /* (rows, n), may be x */
    if (out != call->in[0] && call->rows > 0)
        memcpy(out, call->in[0], (size_t)(call->rows * n) * sizeof *out);
    for (int64_t row = 0; row < call->rows; row++, mask += n) {
        if (!*mask)
            continue;
        const double above = y[row] < a->low ? a->low : y[row];
        out[row * n + a->column] = above > a->high ? a->high : above;
    }
}

static void impute_column_cost(const void *attributes, const crn_type *in, const crn_type *out,
                               crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = 0.25 * (double)in[0].shape[0] + 2;
}

const crn_op crn_op_impute_column = {
    .name = "impute_column",
    .attributes_size = sizeof(crn_impute_column_attributes),
    .n_out = 1,
    .infer = impute_column_infer,
    .forward = impute_column_forward,
    .cost = impute_column_cost,
};

crn_value crn_impute_column(crn_graph *graph, crn_value x, crn_value mask, crn_value y,
                            const crn_impute_column_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_impute_column, attributes, (crn_value[]){x, mask, y},
                         3);
}
