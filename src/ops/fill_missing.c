/* SPDX-License-Identifier: BSD-3-Clause */
/* fill_missing: a constant of each column in the place of missing values. Inputs: x, missing,
 * fill. */
#include <math.h>

#include "base/cell.h"
#include "ops/infer.h"
#include "ops/missing.h"

static crn_status fill_missing_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("fill_missing", n_in, 3, 3, err));
    const crn_type *x = &in[0], *missing = &in[1], *fill = &in[2];
    if ((x->dtype != CRN_FLOAT64 && x->dtype != CRN_OBJECT) || missing->dtype != x->dtype ||
        fill->dtype != x->dtype)
        return crn_fail(err, CRN_DTYPE, "fill_missing: %s for %s among %s",
                        crn_dtype_name(fill->dtype), crn_dtype_name(missing->dtype),
                        crn_dtype_name(x->dtype));
    if (!x->rows || x->ndim != 1 || missing->rows || crn_type_size(missing) != 1)
        return crn_infer_misfit("fill_missing", x, missing, err);
    if (fill->rows || fill->ndim != 1 || fill->shape[0] != x->shape[0])
        return crn_infer_misfit("fill_missing", fill, x, err);
    out[0] = *x;
    return CRN_OK;
}

static void fill_cells(const crn_call *call, int64_t n)
{
    const crn_cell *x = call->in[0], *missing = call->in[1], *fill = call->in[2];
    crn_cell *y = call->out[0];
    for (int64_t i = 0; i < call->rows * n; i++)
        y[i] = crn_cell_compare(&x[i], missing) == 0 ? fill[i % n] : x[i];
}

static void fill_missing_forward(const crn_call *call)
{
    const int64_t n = call->in_types[0].shape[0];
    if (call->in_types[0].dtype == CRN_OBJECT) {
        fill_cells(call, n);
        return;
    }
    const double *x = call->in[0], *fill = call->in[2], missing = *(const double *)call->in[1];
    double *y = call->out[0]; /* (rows, n), may be x */
    const bool is_nan = isnan(missing) != 0;
    for (int64_t row = 0; row < call->rows; row++, x += n, y += n) {
        for (int64_t j = 0; j < n; j++)
            y[j] = (is_nan ? isnan(x[j]) : x[j] == missing) ? fill[j] : x[j];
    }
}

static void fill_missing_cost(const void *attributes, const crn_type *in, const crn_type *out,
                              crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = (double)crn_type_size(&out[0]);
}

const crn_op crn_op_fill_missing = {
    .name = "fill_missing",
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = fill_missing_infer,
    .forward = fill_missing_forward,
    .cost = fill_missing_cost,
};

crn_value crn_fill_missing(crn_graph *graph, crn_value x, crn_value missing, crn_value fill)
{
    return crn_graph_add(graph, &crn_op_fill_missing, NULL, (crn_value[]){x, missing, fill}, 3);
}
