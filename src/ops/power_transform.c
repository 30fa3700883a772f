/* SPDX-License-Identifier: BSD-3-Clause */
/* power_transform: scipy.stats.yeojohnson, scipy.special.boxcox and their inverses as
 * sklearn/preprocessing/_data.py (1.9) has them, with one lambda for each column. Inputs: x,
 * lambdas. */
#include <math.h>
#include <stdio.h>

#include "ops/features.h"
#include "ops/infer.h"

static crn_status power_transform_infer(const void *attributes, const crn_type *in, int n_in,
                                        crn_type *out, crn_error *err)
{
    CRN_TRY(crn_infer_count("power_transform", n_in, 2, 2, err));
    if (*(const crn_power_kind *)attributes > CRN_POWER_BOX_COX_INVERSE ||
        in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1 || in[1].dtype != CRN_FLOAT64 ||
        in[1].rows || in[1].ndim != 1 || in[1].shape[0] != in[0].shape[0])
        return crn_infer_misfit("power_transform", &in[0], &in[1], err);
    out[0] = in[0];
    return CRN_OK;
}

static const double EPSILON = 2.220446049250313e-16;

static double yeo_johnson(double x, double lambda)
{
    const double other = 2.0 - lambda;
    if (x >= 0)
        return fabs(lambda) < EPSILON ? log1p(x) : expm1(lambda * log1p(x)) / lambda;
    return fabs(other) > EPSILON ? -expm1(other * log1p(-x)) / other : -log1p(-x);
}

static double yeo_johnson_inverse(double x, double lambda)
{
    const double other = 2.0 - lambda;
    if (x >= 0)
        return fabs(lambda) < EPSILON ? exp(x) - 1.0
                                      : pow(x * lambda + 1.0, 1.0 / lambda) - 1.0;
    return fabs(other) > EPSILON ? 1.0 - pow(-other * x + 1.0, 1.0 / other) : 1.0 - exp(-x);
}

static double box_cox(double x, double lambda)
{
    return fabs(lambda) < 1e-19 ? log(x) : expm1(lambda * log(x)) / lambda;
}

static double box_cox_inverse(double x, double lambda)
{
    return lambda == 0 ? exp(x) : exp(log1p(lambda * x) / lambda);
}

static double transformed(crn_power_kind kind, double x, double lambda)
{
    switch (kind) {
    case CRN_POWER_YEO_JOHNSON:
        return yeo_johnson(x, lambda);
    case CRN_POWER_BOX_COX:
        return box_cox(x, lambda);
    case CRN_POWER_YEO_JOHNSON_INVERSE:
        return yeo_johnson_inverse(x, lambda);
    case CRN_POWER_BOX_COX_INVERSE:
        return box_cox_inverse(x, lambda);
    }
    return x;
}

static void power_transform_forward(const crn_call *call)
{
    const crn_power_kind kind = *(const crn_power_kind *)call->attributes;
    const int64_t n = call->in_types[0].shape[0];
    const double *x = call->in[0], *lambdas = call->in[1];
    double *out = call->out[0];
    bool refused = false;
    for (int64_t i = 0; i < call->rows * n; i++) {
        refused |= kind == CRN_POWER_BOX_COX && x[i] <= 0;
        out[i] = isnan(x[i]) ? x[i] : transformed(kind, x[i], lambdas[i % n]);
    }
    if (refused)
        crn_fail(call->failure, CRN_ARGUMENT,
                 "The Box-Cox transformation can only be applied to strictly positive data");
}

/* Two transcendental functions. */
static void power_transform_cost(const void *attributes, const crn_type *in,
                                 const crn_type *out, crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 40.0 * (double)crn_type_size(&out[0]);
}

static void power_transform_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"yeo-johnson", "box-cox", "yeo-johnson inverse",
                                        "box-cox inverse"};
    snprintf(buffer, size, "%s", names[*(const crn_power_kind *)attributes]);
}

const crn_op crn_op_power_transform = {
    .name = "power_transform",
    .attributes_size = sizeof(crn_power_kind),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = power_transform_infer,
    .forward = power_transform_forward,
    .cost = power_transform_cost,
    .describe = power_transform_describe,
};

crn_value crn_power_transform(crn_graph *graph, crn_value x, crn_power_kind kind,
                              crn_value lambdas)
{
    return crn_graph_add(graph, &crn_op_power_transform, &kind, (crn_value[]){x, lambdas}, 2);
}
