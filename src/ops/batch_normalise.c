/* SPDX-License-Identifier: BSD-3-Clause */
/* Batch normalization while training (Ioffe and Szegedy, 2015), in the order of operations of
 * keras/src/layers/normalization/batch_normalization.py and tf.nn.batch_normalization: x * inv
 * + (beta - mean
 * * inv) with inv = gamma / sqrt(variance + epsilon). Sums are taken in double. */
#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/training.h"

#include <math.h>
#include <string.h>

enum { X, GAMMA, BETA, MOVING_MEAN, MOVING_VARIANCE, N_IN };

typedef struct batch_normalise_attributes {
    float epsilon, momentum;
    bool sample_variance;
} batch_normalise_attributes;

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("batch_normalise", n_in, N_IN, N_IN, err));
    if (in[X].dtype != CRN_FLOAT32 || !in[X].rows || in[X].ndim < 1)
        return crn_fail(err, CRN_SHAPE, "batch normalization needs float32 (rows, ..., n)");
    int64_t n = in[X].shape[in[X].ndim - 1];
    for (int i = GAMMA; i < n_in; i++) {
        bool absent = in[i].dtype == CRN_NO_DTYPE && i < MOVING_MEAN;
        if (!absent && (in[i].dtype != CRN_FLOAT32 || in[i].rows || crn_type_size(&in[i]) != n))
            return crn_fail(
                err, CRN_SHAPE,
                "batch normalization of %lld channels needs float32 vectors of that length",
                (long long)n);
    }
    out[0] = in[X];
    out[1] = out[2] = in[MOVING_MEAN];
    return CRN_OK;
}

/* The statistics of a batch, kept for backward: (n) each. */
typedef struct statistics {
    double *mean, *variance;
} statistics;

static int64_t channels(const crn_type *in)
{
    return in[X].shape[in[X].ndim - 1];
}

static size_t saved(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    (void)attributes;
    (void)n_in;
    (void)rows;
    return 2 * (size_t)channels(in) * sizeof(double);
}

static statistics saved_statistics(const crn_call *call)
{
    double *memory = call->saved;
    return (statistics){.mean = memory, .variance = memory + channels(call->in_types)};
}

static void measure(const float *x, int64_t count, int64_t n, statistics s)
{
    memset(s.mean, 0, (size_t)n * sizeof *s.mean);
    memset(s.variance, 0, (size_t)n * sizeof *s.variance);
    for (int64_t i = 0; i < count; i++) {
        for (int64_t j = 0; j < n; j++)
            s.mean[j] += (double)x[i * n + j];
    }
    for (int64_t j = 0; j < n; j++)
        s.mean[j] /= (double)count;
    for (int64_t i = 0; i < count; i++) {
        for (int64_t j = 0; j < n; j++) {
            double d = (double)x[i * n + j] - s.mean[j];
            s.variance[j] += d * d;
        }
    }
    for (int64_t j = 0; j < n; j++)
        s.variance[j] /= (double)count;
}

static void normalise(const crn_call *call, int64_t count, int64_t n, statistics s)
{
    const batch_normalise_attributes *attributes = call->attributes;
    const float *x = call->in[X], *gamma = call->in[GAMMA], *beta = call->in[BETA];
    float *y = call->out[0];
    for (int64_t j = 0; j < n; j++) {
        float inv = 1.0f / sqrtf((float)s.variance[j] + attributes->epsilon);
        inv *= gamma != NULL ? gamma[j] : 1.0f;
        float shift = (beta != NULL ? beta[j] : 0.0f) - (float)s.mean[j] * inv;
        for (int64_t i = j; i < count * n; i += n)
            y[i] = x[i] * inv + shift;
    }
}

static void move(const float *moving, const double *batch, float momentum, double factor,
                 int64_t n, float *out)
{
    for (int64_t j = 0; j < n && out != NULL; j++)
        out[j] = moving[j] * momentum + (float)(batch[j] * factor) * (1.0f - momentum);
}

static void forward(const crn_call *call)
{
    const batch_normalise_attributes *attributes = call->attributes;
    int64_t n = channels(call->in_types);
    int64_t count = n > 0 ? crn_type_count(&call->in_types[X], call->rows) / n : 0;
    if (count == 0)
        return;
    statistics s = saved_statistics(call);
    measure(call->in[X], count, n, s);
    normalise(call, count, n, s);
    double factor =
        attributes->sample_variance && count > 1 ? (double)count / (double)(count - 1) : 1.0;
    move(call->in[MOVING_MEAN], s.mean, attributes->momentum, 1.0, n, call->out[1]);
    move(call->in[MOVING_VARIANCE], s.variance, attributes->momentum, factor, n, call->out[2]);
}

/* With xhat = (x - mean) / sqrt(variance + epsilon): dbeta = sum(g), dgamma = sum(g xhat),
 * dx = gamma / sqrt(variance + epsilon) * (g - mean(g) - xhat mean(g xhat)). */
static void backward_channel(const crn_call *call, int64_t j, int64_t n, int64_t size)
{
    const batch_normalise_attributes *attributes = call->attributes;
    statistics s = saved_statistics(call);
    const float *x = call->in[X], *gamma = call->in[GAMMA], *g = call->grad_out[0];
    float *gx = call->grad_in[X], *ggamma = call->grad_in[GAMMA], *gbeta = call->grad_in[BETA];
    double inv = 1.0 / sqrt(s.variance[j] + (double)attributes->epsilon);
    double sum = 0.0, product = 0.0;
    for (int64_t i = j; i < size; i += n) {
        sum += (double)g[i];
        product += (double)g[i] * ((double)x[i] - s.mean[j]) * inv;
    }
    if (ggamma != NULL)
        ggamma[j] += (float)product;
    if (gbeta != NULL)
        gbeta[j] += (float)sum;
    if (gx == NULL)
        return;
    double count = (double)(size / n);
    double scale = gamma != NULL ? (double)gamma[j] * inv : inv;
    for (int64_t i = j; i < size; i += n) {
        double xhat = ((double)x[i] - s.mean[j]) * inv;
        gx[i] += (float)(scale * ((double)g[i] - sum / count - xhat * product / count));
    }
}

static void backward(const crn_call *call)
{
    int64_t n = channels(call->in_types);
    int64_t size = crn_type_count(&call->in_types[X], call->rows);
    if (call->grad_out[0] == NULL || size == 0)
        return;
    for (int64_t j = 0; j < n; j++)
        backward_channel(call, j, n, size);
}

crn_value crn_batch_normalise(crn_graph *graph, crn_value x, crn_value gamma, crn_value beta,
                              crn_value moving_mean, crn_value moving_variance, float epsilon,
                              float momentum, bool sample_variance)
{
    batch_normalise_attributes attributes = {
        .epsilon = epsilon, .momentum = momentum, .sample_variance = sample_variance};
    crn_value in[N_IN] = {[X] = x,
                          [GAMMA] = gamma,
                          [BETA] = beta,
                          [MOVING_MEAN] = moving_mean,
                          [MOVING_VARIANCE] = moving_variance};
    return crn_graph_add(graph, &crn_op_batch_normalise, &attributes, in, N_IN);
}

const crn_op crn_op_batch_normalise = {.name = "batch_normalise",
                                       .attributes_size = sizeof(batch_normalise_attributes),
                                       .flags = CRN_OP_WHOLE_BATCH,
                                       .n_out = 3,
                                       .infer = infer,
                                       .forward = forward,
                                       .saved = saved,
                                       .backward = backward};
