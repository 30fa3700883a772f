/* SPDX-License-Identifier: BSD-3-Clause */
/* step: int64 1 where x > threshold, else 0; the decision of scikit-learn's binary classifiers,
 * which compare their scores with 0. */
#include <stdio.h>

#include "ops/elementwise.h"
#include "ops/infer.h"

static crn_status step_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("step", n_in, 1, 1, err));
    CRN_TRY(crn_infer_float("step", &in[0], err));
    out[0] = in[0];
    out[0].dtype = CRN_INT64;
    out[0].itemsize = sizeof(int64_t);
    return CRN_OK;
}

static void step_forward(const crn_call *call)
{
    double threshold = *(const double *)call->attributes;
    int64_t n = crn_type_count(&call->out_types[0], call->rows);
    int64_t *y = call->out[0];
    if (call->in_types[0].dtype == CRN_FLOAT32) {
        const float *x = call->in[0];
        for (int64_t i = 0; i < n; i++)
            y[i] = (double)x[i] > threshold;
    } else {
        const double *x = call->in[0];
        for (int64_t i = 0; i < n; i++)
            y[i] = x[i] > threshold;
    }
}

static void step_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

static void step_describe(const void *attributes, char *buffer, size_t size)
{
    snprintf(buffer, size, "x > %g", *(const double *)attributes);
}

const crn_op crn_op_step = {
    .name = "step",
    .attributes_size = sizeof(double),
    .n_out = 1,
    .infer = step_infer,
    .forward = step_forward,
    .cost = step_cost,
    .describe = step_describe,
};

crn_value crn_step(crn_graph *graph, crn_value x, double threshold)
{
    return crn_graph_add(graph, &crn_op_step, &threshold, &x, 1);
}
