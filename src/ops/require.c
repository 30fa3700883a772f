/* SPDX-License-Identifier: BSD-3-Clause */
/* require: passes rows through when all their elements are large enough. */
#include "ops/require.h"

#include <stdio.h>
#include <string.h>

#include "ops/infer.h"

static crn_status require_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("require", n_in, 1, 1, err));
    CRN_TRY(crn_infer_float("require", &in[0], err));
    if (in[0].dtype != CRN_FLOAT64)
        return crn_fail(err, CRN_DTYPE, "require: takes float64, not %s",
                        crn_dtype_name(in[0].dtype));
    out[0] = in[0];
    return CRN_OK;
}

static void require_forward(const crn_call *call)
{
    const crn_require_attributes *at = call->attributes;
    const int64_t n = crn_type_count(&call->out_types[0], call->rows);
    const double *x = call->in[0];
    bool fails = false;
    for (int64_t i = 0; i < n; i++)
        fails |= at->strict ? x[i] <= at->least : x[i] < at->least;
    if (fails)
        (void)!crn_fail(call->failure, CRN_ARGUMENT, "%s", at->message);
    if (call->out[0] != call->in[0])
        memcpy(call->out[0], x, (size_t)n * sizeof *x);
}

static void require_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_require_attributes *at = attributes;
    snprintf(buffer, size, "x %s %g", at->strict ? ">" : ">=", at->least);
}

const crn_op crn_op_require = {
    .name = "require",
    .attributes_size = sizeof(crn_require_attributes),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = require_infer,
    .forward = require_forward,
    .describe = require_describe,
};

crn_value crn_require(crn_graph *graph, crn_value x, double least, bool strict,
                      const char *message)
{
    crn_require_attributes attributes = {.least = least, .strict = strict};
    snprintf(attributes.message, sizeof attributes.message, "%s", message);
    return crn_graph_add(graph, &crn_op_require, &attributes, &x, 1);
}

crn_value crn_require_non_negative(crn_graph *graph, crn_value x, const char *estimator)
{
    char message[88];
    snprintf(message, sizeof message, "Negative values in data passed to X in %s.", estimator);
    return crn_require(graph, x, 0.0, false, message);
}
