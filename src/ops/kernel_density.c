/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_density: the logarithm of a sum of kernels around all samples, as
 * BinaryTree.kernel_density of sklearn/neighbors/_binary_tree.pxi.tp (1.9) gives it without
 * tolerances. Inputs: x; the samples (n, features); the metric's weights, or absent; the
 * logarithms of the samples' weights (n), or absent. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/neighbor_query.h"
#include "ops/neighbors.h"

static crn_status density_infer(const void *attributes, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err)
{
    const crn_kernel_density_attributes *a = attributes;
    CRN_TRY(crn_infer_count("kernel_density", n_in, 4, 4, err));
    if (in[0].dtype != CRN_FLOAT64 || in[0].ndim != 1)
        return crn_fail(err, CRN_SHAPE, "kernel_density: takes float64 (rows, features)");
    if (!(a->bandwidth > 0) || a->kernel > CRN_KERNEL_COSINE)
        return crn_fail(err, CRN_ARGUMENT, "kernel_density: no such kernel");
    const int64_t features = in[0].shape[0];
    const int64_t shape[2] = {-1, features};
    CRN_TRY(crn_infer_constant("kernel_density", &in[1], CRN_FLOAT64, 2, shape, err));
    CRN_TRY(crn_distance_metric_infer(&a->metric, &in[2], features, err));
    if (in[3].dtype != CRN_NO_DTYPE)
        CRN_TRY(
            crn_infer_constant("kernel_density", &in[3], CRN_FLOAT64, 1, &in[1].shape[0], err));
    out[0] = in[0];
    out[0].ndim = 0;
    return CRN_OK;
}

static double log_kernel(crn_density_kernel kernel, double distance, double h)
{
    if (kernel == CRN_KERNEL_GAUSSIAN)
        return -0.5 * (distance * distance) / (h * h);
    if (kernel == CRN_KERNEL_EXPONENTIAL)
        return -distance / h;
    if (!(distance < h))
        return (double)-INFINITY;
    switch (kernel) {
    case CRN_KERNEL_EPANECHNIKOV:
        return log(1.0 - distance * distance / (h * h));
    case CRN_KERNEL_LINEAR:
        return log(1 - distance / h);
    case CRN_KERNEL_COSINE:
        return log(cos(0.5 * 3.141592653589793 * distance / h));
    default:
        return 0;
    }
}

/* log(sum(exp(values))) as the values come: the sum is kept relative to the largest. */
typedef struct log_sum {
    double most, sum;
} log_sum;

static void add_log(log_sum *total, double value)
{
    if (value == (double)-INFINITY)
        return;
    if (value > total->most) {
        total->sum = total->sum * exp(total->most - value) + 1;
        total->most = value;
    } else {
        total->sum += exp(value - total->most);
    }
}

static double log_density(const crn_call *call, const double *x)
{
    const crn_kernel_density_attributes *a = call->attributes;
    const int64_t samples = call->in_types[1].shape[0], features = call->in_types[1].shape[1];
    const double *data = call->in[1], *logs = call->in[3];
    log_sum total = {.most = (double)-INFINITY};
    for (int64_t j = 0; j < samples; j++) {
        const double reduced = crn_distance_metric_reduced(&a->metric, call->in[2], features, x,
                                                           data + j * features);
        const double value = log_kernel(
            a->kernel, crn_distance_metric_distance(&a->metric, reduced), a->bandwidth);
        add_log(&total, logs != NULL ? value + logs[j] : value);
    }
    return total.most + log(total.sum) + a->log_norm;
}

static void density_forward(const crn_call *call)
{
    const int64_t features = call->in_types[0].shape[0];
    const int64_t rows = call->in_types[0].rows ? call->rows : 1;
    const double *x = call->in[0];
    for (int64_t row = 0; row < rows; row++, x += features)
        ((double *)call->out[0])[row] = log_density(call, x);
}

static void density_cost(const void *attributes, const crn_type *in, const crn_type *out,
                         crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = (double)crn_type_size(&in[1]) * 3 + 30.0 * (double)in[1].shape[0];
    cost->bytes = 8 * (double)crn_type_size(&in[1]);
}

static void density_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"gaussian",    "tophat", "epanechnikov",
                                        "exponential", "linear", "cosine"};
    const crn_kernel_density_attributes *a = attributes;
    snprintf(buffer, size, "%s", names[a->kernel]);
}

const crn_op crn_op_kernel_density = {
    .name = "kernel_density",
    .attributes_size = sizeof(crn_kernel_density_attributes),
    .n_out = 1,
    .infer = density_infer,
    .forward = density_forward,
    .cost = density_cost,
    .describe = density_describe,
};

crn_value crn_kernel_density(crn_graph *graph, crn_value x, crn_value samples,
                             crn_value metric_weights, crn_value log_weights,
                             const crn_kernel_density_attributes *how)
{
    const crn_value in[4] = {x, samples, metric_weights, log_weights};
    return crn_graph_add(graph, &crn_op_kernel_density, how, in, 4);
}
