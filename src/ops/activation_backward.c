/* SPDX-License-Identifier: BSD-3-Clause */
/* Derivatives of the activation functions, as TensorFlow differentiates what
 * keras.activations 3.15 computes (keras/src/backend/tensorflow/nn.py and
 * activations/activations.py); at corners the values are those of TensorFlow's gradient
 * kernels. */
#include "ops/activation.h"
#include "ops/backward.h"

#include <math.h>

static const float selu_scale = 1.0507009873554805f;
static const float selu_scale_alpha = 1.7580993408473768f; /* scale * alpha */

static float sigmoid(float x)
{
    return 1.0f / (1.0f + expf(-x));
}

static float softplus(float x)
{
    return (x > 0.0f ? x : 0.0f) + log1pf(expf(-fabsf(x)));
}

/* ReLU(negative_slope a, max_value b, threshold c): relu6 for a limit of 6 has open borders,
 * the clip for other limits passes the gradient on at the limit. */
static float relu_slope(const crn_activation *f, float x)
{
    float slope = 0.0f;
    bool limited = isfinite(f->b);
    float kept = x > f->c ? x : 0.0f;
    if (limited && f->b == 6.0f && f->c == 0.0f)
        slope = x > 0.0f && x < 6.0f ? 1.0f : 0.0f;
    else if (x > f->c)
        slope = limited && (kept > f->b || kept < 0.0f) ? 0.0f : 1.0f;
    if (f->a == 0.0f)
        return slope;
    bool leaky = !limited && f->c == 0.0f; /* its kernel takes x <= 0 for the negative part */
    return slope + (x < f->c || (leaky && x <= 0.0f) ? f->a : 0.0f);
}

static float gelu_slope(const crn_activation *f, float x)
{
    if (f->a != 0.0f) {
        const float root = 0.7978845608028654f; /* sqrt(2 / pi) */
        float t = tanhf(root * (x + 0.044715f * x * x * x));
        float inner = root * (1.0f + 3.0f * 0.044715f * x * x);
        return 0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * inner;
    }
    float cumulative = 0.5f * (1.0f + erff(x * 0.70710678118654752f));
    return cumulative + x * 0.3989422804014327f * expf(-0.5f * x * x);
}

/* Keras 3 (slope 1/6): relu6(x + 3) / 6, open borders. Keras 2: clip(x / 5 + 0.5, 0, 1), closed
 * ones. */
static float hard_sigmoid_slope(const crn_activation *f, float x)
{
    float t = f->a * x + f->b;
    if (f->a == 0.2f)
        return t >= 0.0f && t <= 1.0f ? f->a : 0.0f;
    return x > -3.0f && x < 3.0f ? f->a : 0.0f;
}

static float hard_silu_slope(float x)
{
    float gate = fminf(fmaxf(x + 3.0f, 0.0f), 6.0f) / 6.0f;
    return gate + (x > -3.0f && x < 3.0f ? x / 6.0f : 0.0f);
}

static float mish_slope(float x)
{
    float t = tanhf(softplus(x));
    return t + x * (1.0f - t * t) * sigmoid(x);
}

/* max(x, 0) + a expm1(min(x, 0) / a): at 0 both branches pass the gradient on. */
static float celu_slope(const crn_activation *f, float x)
{
    return (x >= 0.0f ? 1.0f : 0.0f) + (x <= 0.0f ? expf(x / f->a) : 0.0f);
}

static float sparse_plus_slope(float x)
{
    if (x <= -1.0f)
        return 0.0f;
    return x < 1.0f ? 0.5f * (x + 1.0f) : 1.0f;
}

/* d y / d x from x and y = f(x). */
static float slope(const crn_activation *f, float x, float y)
{
    switch (f->kind) {
    case CRN_LINEAR:
        return 1.0f;
    case CRN_RELU:
        return relu_slope(f, x);
    case CRN_RELU6:
        return x > 0.0f && x < 6.0f ? 1.0f : 0.0f;
    case CRN_SIGMOID:
        return y * (1.0f - y);
    case CRN_TANH:
        return 1.0f - y * y;
    case CRN_ELU:
        return x > 0.0f ? 1.0f : y + f->a;
    case CRN_SELU:
        return y < 0.0f ? y + selu_scale_alpha : selu_scale;
    case CRN_SOFTPLUS:
        return sigmoid(x);
    case CRN_SOFTSIGN:
        return 1.0f / ((1.0f + fabsf(x)) * (1.0f + fabsf(x)));
    case CRN_SILU:
        return sigmoid(x) * (1.0f + x * (1.0f - sigmoid(x)));
    case CRN_GELU:
        return gelu_slope(f, x);
    case CRN_EXPONENTIAL:
        return y;
    case CRN_HARD_SIGMOID:
        return hard_sigmoid_slope(f, x);
    case CRN_HARD_SILU:
        return hard_silu_slope(x);
    case CRN_HARD_TANH:
        return x >= -1.0f && x <= 1.0f ? 1.0f : 0.0f;
    case CRN_LEAKY_RELU:
        return x > 0.0f ? 1.0f : f->a;
    case CRN_MISH:
        return mish_slope(x);
    case CRN_CELU:
        return celu_slope(f, x);
    case CRN_LOG_SIGMOID:
        return sigmoid(-x);
    case CRN_HARD_SHRINK:
        return fabsf(x) > f->a ? 1.0f : 0.0f;
    case CRN_SOFT_SHRINK:
        return fabsf(x) > f->a ? 1.0f : 0.0f;
    case CRN_TANH_SHRINK:
        return tanhf(x) * tanhf(x);
    case CRN_THRESHOLD:
        return x > f->a ? 1.0f : 0.0f;
    case CRN_SPARSE_PLUS:
        return sparse_plus_slope(x);
    case CRN_SPARSE_SIGMOID:
        return x > -1.0f && x < 1.0f ? 0.5f : 0.0f;
    case CRN_SQUAREPLUS:
        return 0.5f * (1.0f + x / sqrtf(x * x + f->a));
    case CRN_ACTIVATION_COUNT:
        break;
    }
    return 0.0f;
}

/* The usual ones as loops of their own, which the compiler can vectorise. */
static bool add_common(crn_activation_kind kind, int64_t n, const float *y, const float *g,
                       float *gx)
{
    switch (kind) {
    case CRN_SIGMOID:
        for (int64_t i = 0; i < n; i++)
            gx[i] += g[i] * (y[i] * (1.0f - y[i]));
        return true;
    case CRN_TANH:
        for (int64_t i = 0; i < n; i++)
            gx[i] += g[i] * (1.0f - y[i] * y[i]);
        return true;
    default:
        return false;
    }
}

static bool is_plain_relu(const crn_activation *f)
{
    return f->kind == CRN_RELU && f->a == 0.0f && f->c == 0.0f && !isfinite(f->b);
}

void crn_activation_backward(const crn_call *call)
{
    const crn_activation *f = call->attributes;
    const float *x = call->in[0], *y = call->out[0], *g = call->grad_out[0];
    float *gx = call->grad_in[0];
    int64_t n = gx == NULL ? 0 : crn_type_count(&call->in_types[0], call->rows);
    if (add_common(f->kind, n, y, g, gx))
        return;
    if (is_plain_relu(f)) {
        for (int64_t i = 0; i < n; i++)
            gx[i] += y[i] > 0.0f ? g[i] : 0.0f;
        return;
    }
    for (int64_t i = 0; i < n; i++)
        gx[i] += g[i] * slope(f, x[i], y[i]);
}
