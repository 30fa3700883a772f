/* SPDX-License-Identifier: BSD-3-Clause */
/* additive_chi2: a sampled Fourier expansion of the additive chi-squared kernel (Vedaldi and
 * Zisserman, IEEE Trans. Pattern Anal. Mach. Intell. 34(3), 2012). */
#include <math.h>
#include <stdio.h>

#include "ops/feature_maps.h"
#include "ops/infer.h"

static crn_status additive_chi2_infer(const void *attributes, const crn_type *in, int n_in,
                                      crn_type *out, crn_error *err)
{
    const crn_additive_chi2_attributes *at = attributes;
    CRN_TRY(crn_infer_count("additive_chi2", n_in, 1, 1, err));
    if (at->steps < 1 || at->steps > CRN_MAX_SAMPLE_STEPS)
        return crn_fail(err, CRN_LIMIT, "sample_steps=%lld is not in [1, %d]",
                        (long long)at->steps, CRN_MAX_SAMPLE_STEPS);
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 ||
        in[0].shape[0] > INT32_MAX)
        return crn_fail(err, CRN_SHAPE, "additive_chi2: takes rows of float64");
    out[0] = crn_type_vector(CRN_FLOAT64, in[0].shape[0] * (2 * at->steps - 1));
    return CRN_OK;
}

/* The samples of one feature; they stand `n` elements apart. */
static void sample(const crn_additive_chi2_attributes *at, double x, int64_t n, double *out)
{
    static const double pi = 3.14159265358979323846;
    if (x == 0.0) {
        for (int64_t k = 0; k < 2 * at->steps - 1; k++)
            out[k * n] = 0.0;
        return;
    }
    const double log_step = at->interval * log(x), step = 2 * x * at->interval;
    out[0] = sqrt(x * at->interval);
    for (int64_t j = 1; j < at->steps; j++) {
        const double factor = sqrt(step / cosh(pi * (double)j * at->interval));
        out[(2 * j - 1) * n] = factor * cos((double)j * log_step);
        out[2 * j * n] = factor * sin((double)j * log_step);
    }
}

static void additive_chi2_forward(const crn_call *call)
{
    const crn_additive_chi2_attributes *at = call->attributes;
    const int64_t n = call->in_types[0].shape[0], width = call->out_types[0].shape[0];
    const double *x = call->in[0];
    double *out = call->out[0];
    for (int64_t row = 0; row < call->rows; row++) {
        for (int64_t j = 0; j < n; j++)
            sample(at, x[row * n + j], n, out + row * width + j);
    }
}

static void additive_chi2_cost(const void *attributes, const crn_type *in, const crn_type *out,
                               crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 20.0 * (double)crn_type_size(&out[0]);
}

static void additive_chi2_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_additive_chi2_attributes *at = attributes;
    snprintf(buffer, size, "steps=%lld interval=%g", (long long)at->steps, at->interval);
}

const crn_op crn_op_additive_chi2 = {
    .name = "additive_chi2",
    .attributes_size = sizeof(crn_additive_chi2_attributes),
    .n_out = 1,
    .infer = additive_chi2_infer,
    .forward = additive_chi2_forward,
    .cost = additive_chi2_cost,
    .describe = additive_chi2_describe,
};

crn_value crn_additive_chi2(crn_graph *graph, crn_value x, int64_t steps, double interval)
{
    crn_additive_chi2_attributes attributes = {.steps = steps, .interval = interval};
    return crn_graph_add(graph, &crn_op_additive_chi2, &attributes, &x, 1);
}
