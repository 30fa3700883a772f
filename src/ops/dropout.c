/* SPDX-License-Identifier: BSD-3-Clause */
/* Dropout, as tf.nn.experimental.stateless_dropout: an element stays when its random number is
 * at least `rate`, and is then multiplied by 1 / (1 - rate). */
#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/training.h"

typedef struct dropout_attributes {
    float rate;
} dropout_attributes;

static crn_status infer(const void *attributes_, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const dropout_attributes *attributes = attributes_;
    CRN_TRY(crn_infer_count("dropout", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT32)
        return crn_fail(err, CRN_DTYPE, "dropout needs float32, not %s",
                        crn_dtype_name(in[0].dtype));
    if (!(attributes->rate >= 0.0f && attributes->rate < 1.0f))
        return crn_fail(err, CRN_ARGUMENT,
                        "`rate` must be in the range [0, 1). Received: rate=%g",
                        (double)attributes->rate);
    out[0] = in[0];
    return CRN_OK;
}

/* A number of the counter-based stream that belongs to this node and step: SplitMix64's
 * finalizer (Steele, Lea, Flood, 2014) of seed + i times the golden ratio, so that every
 * element is on its own. */
static inline uint64_t random_bits(uint64_t seed, uint64_t i)
{
    uint64_t z = seed + (i + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static size_t saved(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    (void)attributes;
    (void)n_in;
    return (size_t)crn_type_size(&in[0]) * (size_t)(in[0].rows ? rows : 1);
}

static void forward(const crn_call *call)
{
    const dropout_attributes *attributes = call->attributes;
    const float *x = call->in[0];
    float *y = call->out[0];
    uint8_t *keep = call->saved;
    float scale = 1.0f / (1.0f - attributes->rate);
    uint64_t least = (uint64_t)((double)attributes->rate * 0x1p32);
    int64_t n = crn_type_count(&call->in_types[0], call->rows);
    for (int64_t i = 0; i < n; i++) {
        keep[i] = (random_bits(call->seed, (uint64_t)i) >> 32) >= least;
        y[i] = keep[i] ? x[i] * scale : 0.0f;
    }
}

static void backward(const crn_call *call)
{
    const dropout_attributes *attributes = call->attributes;
    const float *g = call->grad_out[0];
    const uint8_t *keep = call->saved;
    float *gx = call->grad_in[0];
    float scale = 1.0f / (1.0f - attributes->rate);
    int64_t n = gx == NULL ? 0 : crn_type_count(&call->in_types[0], call->rows);
    for (int64_t i = 0; i < n; i++)
        gx[i] += keep[i] ? g[i] * scale : 0.0f;
}

crn_value crn_dropout(crn_graph *graph, crn_value x, float rate)
{
    dropout_attributes attributes = {.rate = rate};
    return crn_graph_add(graph, &crn_op_dropout, &attributes, &x, 1);
}

const crn_op crn_op_dropout = {.name = "dropout",
                               .attributes_size = sizeof(dropout_attributes),
                               .n_out = 1,
                               .infer = infer,
                               .forward = forward,
                               .saved = saved,
                               .backward = backward};
