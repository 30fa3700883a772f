/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradients of the reductions over the last axis. */
#include "ops/backward.h"
#include "ops/rows.h"

#include <math.h>

/* Elements of x that equal y: they share the gradient of max and min, as in TensorFlow's
 * _MinOrMaxGrad. */
static float ties(int64_t n, const float *x, float y)
{
    float count = 0.0f;
    for (int64_t i = 0; i < n; i++)
        count += x[i] == y ? 1.0f : 0.0f;
    return count;
}

static void add_line(crn_reduce_kind kind, int64_t n, const float *x, float y, float g,
                     float *gx)
{
    switch (kind) {
    case CRN_REDUCE_SUM:
        for (int64_t i = 0; i < n; i++)
            gx[i] += g;
        return;
    case CRN_REDUCE_MEAN:
        for (int64_t i = 0; i < n; i++)
            gx[i] += g / (float)n;
        return;
    case CRN_REDUCE_MAX:
    case CRN_REDUCE_MIN: {
        float share = g / ties(n, x, y);
        for (int64_t i = 0; i < n; i++)
            gx[i] += x[i] == y ? share : 0.0f;
        return;
    }
    case CRN_REDUCE_SQUARES:
        for (int64_t i = 0; i < n; i++)
            gx[i] += g * 2.0f * x[i];
        return;
    case CRN_REDUCE_LOGSUMEXP:
        for (int64_t i = 0; i < n; i++)
            gx[i] += g * expf(x[i] - y);
        return;
    }
}

void crn_reduce_backward(const crn_call *call)
{
    crn_reduce_kind kind = *(const crn_reduce_kind *)call->attributes;
    const crn_type *type = &call->in_types[0];
    int64_t n = type->shape[type->ndim - 1];
    int64_t lines = crn_type_count(&call->out_types[0], call->rows);
    const float *x = call->in[0], *y = call->out[0], *g = call->grad_out[0];
    float *gx = call->grad_in[0];
    for (int64_t i = 0; i < lines && gx != NULL; i++)
        add_line(kind, n, x + i * n, y[i], g[i], gx + i * n);
}
