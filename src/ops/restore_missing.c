/* SPDX-License-Identifier: BSD-3-Clause */
/* restore_missing: imputed values become missing again where the indicator behind them says so,
 * as sklearn.impute.SimpleImputer.inverse_transform (1.9). Inputs: x, missing, source, flag. */
#include "ops/infer.h"
#include "ops/missing.h"

static crn_status restore_missing_infer(const void *attributes, const crn_type *in, int n_in,
                                        crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("restore_missing", n_in, 4, 4, err));
    const crn_type *x = &in[0], *missing = &in[1], *source = &in[2], *flag = &in[3];
    if (x->dtype != CRN_FLOAT64 || missing->dtype != CRN_FLOAT64 ||
        source->dtype != CRN_INT64 || flag->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "restore_missing: %s among %s",
                        crn_dtype_name(missing->dtype), crn_dtype_name(x->dtype));
    if (!x->rows || x->ndim != 1 || missing->rows || crn_type_size(missing) != 1)
        return crn_infer_misfit("restore_missing", x, missing, err);
    if (source->rows || source->ndim != 1 || flag->rows || flag->ndim != 1 ||
        flag->shape[0] != source->shape[0])
        return crn_infer_misfit("restore_missing", source, flag, err);
    out[0] = crn_type_vector(CRN_FLOAT64, source->shape[0]);
    return CRN_OK;
}

static void restore_missing_forward(const crn_call *call)
{
    const int64_t width = call->in_types[0].shape[0], n = call->in_types[2].shape[0];
    const double *x = call->in[0], missing = *(const double *)call->in[1];
    const int64_t *source = call->in[2], *flag = call->in[3];
    double *y = call->out[0]; /* (rows, n) */
    for (int64_t row = 0; row < call->rows; row++, x += width) {
        for (int64_t i = 0; i < n; i++) {
            const double value = source[i] >= 0 ? x[source[i]] : 0.0;
            *y++ = flag[i] >= 0 && x[flag[i]] != 0 ? missing : value;
        }
    }
}

static void restore_missing_cost(const void *attributes, const crn_type *in,
                                 const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = (double)crn_type_size(&out[0]);
}

const crn_op crn_op_restore_missing = {
    .name = "restore_missing",
    .n_out = 1,
    .infer = restore_missing_infer,
    .forward = restore_missing_forward,
    .cost = restore_missing_cost,
};

crn_value crn_restore_missing(crn_graph *graph, crn_value x, crn_value missing,
                              crn_value source, crn_value flag)
{
    return crn_graph_add(graph, &crn_op_restore_missing, NULL,
                         (crn_value[]){x, missing, source, flag}, 4);
}
