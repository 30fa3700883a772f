/* SPDX-License-Identifier: BSD-3-Clause */
/* require_finite: passes rows through when they hold no NaN and no infinity, as
 * sklearn.utils.validation._assert_all_finite (1.9) checks what an estimator inside of another
 * gets. */
#include <math.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/require.h"
#include "ops/sparse.h"

static crn_status require_finite_infer(const void *attributes, const crn_type *in, int n_in,
                                       crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("require_finite", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT64)
        return crn_fail(err, CRN_DTYPE, "require_finite: takes float64, not %s",
                        crn_dtype_name(in[0].dtype));
    out[0] = in[0];
    return CRN_OK;
}

static void check(const crn_call *call, const double *x, int64_t n)
{
    const bool allows_nan = *(const bool *)call->attributes;
    bool any_nan = false, any_infinity = false;
    for (int64_t i = 0; i < n; i++) {
        any_nan |= isnan(x[i]) != 0;
        any_infinity |= isinf(x[i]) != 0;
    }
    if (call->failure != NULL && any_nan && !allows_nan)
        crn_fail(call->failure, CRN_ARGUMENT, "Input X contains NaN.");
    else if (call->failure != NULL && any_infinity)
        crn_fail(call->failure, CRN_ARGUMENT,
                 "Input X contains infinity or a value too large for dtype('float64').");
}

static void require_finite_forward(const crn_call *call)
{
    const int64_t n = crn_type_count(&call->out_types[0], call->rows);
    if (!call->in_types[0].sparse) {
        check(call, call->in[0], n);
        if (call->out[0] != call->in[0] && n > 0)
            memcpy(call->out[0], call->in[0], (size_t)n * sizeof(double));
        return;
    }
    const crn_sparse *in = call->in[0];
    crn_sparse *out = call->out[0];
    const int64_t count = crn_sparse_count(in, call->rows);
    const double *values = crn_sparse_values(in, sizeof *values);
    check(call, values, count);
    if (crn_sparse_copy_pattern(call, 0) && out != in && count > 0)
        memcpy(out->values, values, (size_t)count * sizeof *values);
}

const crn_op crn_op_require_finite = {
    .name = "require_finite",
    .attributes_size = sizeof(bool),
    .flags = CRN_OP_ELEMENTWISE | CRN_OP_TAKES_SPARSE,
    .n_out = 1,
    .infer = require_finite_infer,
    .forward = require_finite_forward,
};

crn_value crn_require_finite(crn_graph *graph, crn_value x, bool allows_nan)
{
    return crn_graph_add(graph, &crn_op_require_finite, &allows_nan, &x, 1);
}
