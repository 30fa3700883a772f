/* SPDX-License-Identifier: BSD-3-Clause */
/* laplace_probability: predict_proba of sklearn/gaussian_process/_gpc.py (1.9), for the
 * positive class. Inputs: mean, variance. */
#include <math.h>

#include "ops/gaussian_process.h"
#include "ops/infer.h"

static crn_status laplace_probability_infer(const void *attributes, const crn_type *in,
                                            int n_in, crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("laplace_probability", n_in, 2, 2, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 0 || !crn_type_equal(&in[0], &in[1]))
        return crn_infer_misfit("laplace_probability", &in[0], &in[1], err);
    out[0] = in[0];
    return CRN_OK;
}

/* The widths and weights of the error functions; the weights add up to 1 / 2 with their offset.
 */
static const double widths[] = {0.41, 0.4, 0.37, 0.44, 0.39};
static const double weights[] = {-1854.8214151, 3516.89893646, 221.29346712, 128.12323805,
                                 -2010.49422654};

static double probability(double mean, double variance)
{
    const double pi = 3.14159265358979323846, alpha = 1.0 / (2.0 * variance);
    double sum = 0.0, total = 0.0;
    for (int i = 0; i < 5; i++) {
        const double share = sqrt(alpha / (alpha + widths[i] * widths[i]));
        const double integral = sqrt(pi / alpha) * erf(widths[i] * mean * share) /
                                (2.0 * sqrt(variance * 2.0 * pi));
        sum += weights[i] * integral;
        total += weights[i];
    }
    return sum + 0.5 * total;
}

static void laplace_probability_forward(const crn_call *call)
{
    const double *mean = call->in[0], *variance = call->in[1];
    const int64_t n = crn_type_count(&call->out_types[0], call->rows);
    double *out = call->out[0];
    for (int64_t row = 0; row < n; row++)
        out[row] = probability(mean[row], variance[row]);
}

static void laplace_probability_cost(const void *attributes, const crn_type *in,
                                     const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)in, (void)out;
    cost->multiply_adds = 200.0;
}

const crn_op crn_op_laplace_probability = {
    .name = "laplace_probability",
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = laplace_probability_infer,
    .forward = laplace_probability_forward,
    .cost = laplace_probability_cost,
};

crn_value crn_laplace_probability(crn_graph *graph, crn_value mean, crn_value variance)
{
    return crn_graph_add(graph, &crn_op_laplace_probability, NULL,
                         (crn_value[]){mean, variance}, 2);
}
