/* SPDX-License-Identifier: BSD-3-Clause */
/* power: x ^ exponent of each element, as numpy.power. Input: x (float64). */
#include <math.h>
#include <stdio.h>

#include "ops/elementwise.h"
#include "ops/infer.h"

static crn_status power_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("power", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT64)
        return crn_fail(err, CRN_DTYPE, "power: float64 is needed");
    out[0] = in[0];
    return CRN_OK;
}

static void power_forward(const crn_call *call)
{
    const double exponent = *(const double *)call->attributes;
    const int64_t n = crn_type_count(&call->out_types[0], call->rows);
    const double *x = call->in[0];
    double *out = call->out[0];
    for (int64_t i = 0; i < n; i++)
        out[i] = pow(x[i], exponent);
}

static void power_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 20.0 * (double)crn_type_size(&out[0]);
}

static void power_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "exponent=%g", *(const double *)attributes);
}

const crn_op crn_op_power = {
    .name = "power",
    .attributes_size = sizeof(double),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = power_infer,
    .forward = power_forward,
    .cost = power_cost,
    .describe = power_describe,
};

crn_value crn_power(crn_graph *graph, crn_value x, double exponent)
{
    return crn_graph_add(graph, &crn_op_power, &exponent, &x, 1);
}
