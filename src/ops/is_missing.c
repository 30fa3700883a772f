/* SPDX-License-Identifier: BSD-3-Clause */
/* is_missing: a mask of missing values, as sklearn.utils._mask._get_mask (1.9). Inputs: x,
 * missing, columns, and known, if any. */
#include <math.h>

#include "base/cell.h"
#include "ops/infer.h"
#include "ops/missing.h"

static crn_status is_missing_infer(const void *attributes, const crn_type *in, int n_in,
                                   crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("is_missing", n_in, 3, 4, err));
    const crn_type *x = &in[0], *missing = &in[1], *columns = &in[2];
    const crn_type *known = n_in > 3 && in[3].dtype != CRN_NO_DTYPE ? &in[3] : NULL;
    if ((x->dtype != CRN_FLOAT64 && x->dtype != CRN_OBJECT) || missing->dtype != x->dtype)
        return crn_fail(err, CRN_DTYPE, "is_missing: %s among %s",
                        crn_dtype_name(missing->dtype), crn_dtype_name(x->dtype));
    if (!x->rows || x->ndim != 1 || missing->rows || crn_type_size(missing) != 1)
        return crn_infer_misfit("is_missing", x, missing, err);
    if (columns->dtype != CRN_INT64 || columns->rows || columns->ndim != 1)
        return crn_infer_misfit("is_missing", columns, x, err);
    if (known != NULL && (known->dtype != CRN_INT64 || known->rows || known->ndim != 1 ||
                          known->shape[0] != x->shape[0]))
        return crn_infer_misfit("is_missing", known, x, err);
    out[0] = crn_type_vector(CRN_BOOL, columns->shape[0]);
    return CRN_OK;
}

static bool is_missing(const crn_call *call, int64_t at)
{
    if (call->in_types[0].dtype == CRN_OBJECT)
        return crn_cell_compare((const crn_cell *)call->in[0] + at, call->in[1]) == 0;
    const double value = ((const double *)call->in[0])[at],
                 missing = *(const double *)call->in[1];
    return value == missing || (isnan(value) && isnan(missing));
}

/* The columns that have missing values now and had none before. */
static void check_known(const crn_call *call, const int64_t *known)
{
    const int64_t n = call->in_types[0].shape[0];
    for (int64_t at = 0; at < call->rows * n; at++) {
        if (known[at % n] != 0 || !is_missing(call, at))
            continue;
        if (call->failure != NULL)
            crn_fail(call->failure, CRN_ARGUMENT,
                     "The features [%lld] have missing values in transform but have no missing "
                     "values in fit.",
                     (long long)(at % n));
        return;
    }
}

static void is_missing_forward(const crn_call *call)
{
    const int64_t n = call->in_types[0].shape[0], k = call->in_types[2].shape[0];
    const int64_t *columns = call->in[2];
    uint8_t *mask = call->out[0]; /* (rows, k) */
    if (call->n_in > 3 && call->in[3] != NULL)
        check_known(call, call->in[3]);
    for (int64_t row = 0; row < call->rows; row++) {
        for (int64_t j = 0; j < k; j++)
            *mask++ = is_missing(call, row * n + columns[j]);
    }
}

static void is_missing_cost(const void *attributes, const crn_type *in, const crn_type *out,
                            crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = (double)crn_type_size(&out[0]);
}

const crn_op crn_op_is_missing = {
    .name = "is_missing",
    .n_out = 1,
    .infer = is_missing_infer,
    .forward = is_missing_forward,
    .cost = is_missing_cost,
};

crn_value crn_is_missing(crn_graph *graph, crn_value x, crn_value missing, crn_value columns,
                         crn_value known)
{
    return crn_graph_add(graph, &crn_op_is_missing, NULL,
                         (crn_value[]){x, missing, columns, known},
                         known != CRN_NO_VALUE ? 4 : 3);
}
