/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradients of the functions of one element. */
#include "ops/backward.h"
#include "ops/elementwise.h"

#include <math.h>

/* d y / d x from x and y = f(x). */
static float slope(crn_unary_kind kind, float x, float y)
{
    switch (kind) {
    case CRN_UNARY_NEGATE:
    case CRN_UNARY_COMPLEMENT:
        return -1.0f;
    case CRN_UNARY_ABS:
        return (float)((x > 0.0f) - (x < 0.0f));
    case CRN_UNARY_SQUARE:
        return 2.0f * x;
    case CRN_UNARY_SQRT:
        return 0.5f / y;
    case CRN_UNARY_EXP:
        return y;
    case CRN_UNARY_LOG:
        return 1.0f / x;
    case CRN_UNARY_LOG1P:
        return 1.0f / (1.0f + x);
    case CRN_UNARY_EXPM1:
        return expf(x);
    case CRN_UNARY_RECIPROCAL:
        return -y * y;
    case CRN_UNARY_COS:
        return -sinf(x);
    case CRN_UNARY_EXPIT:
        return y * (1.0f - y);
    }
    return 0.0f;
}

void crn_unary_backward(const crn_call *call)
{
    crn_unary_kind kind = *(const crn_unary_kind *)call->attributes;
    const float *x = call->in[0], *y = call->out[0], *g = call->grad_out[0];
    float *gx = call->grad_in[0];
    int64_t n = gx == NULL ? 0 : crn_type_count(&call->in_types[0], call->rows);
    for (int64_t i = 0; i < n; i++)
        gx[i] += g[i] * slope(kind, x[i], y[i]);
}
