/* SPDX-License-Identifier: BSD-3-Clause */
/* Losses of one sample: those that need a whole vector (crossentropy over classes,
 * Kullback-Leibler, categorical hinge, cosine) here, means of one-number losses in
 * elementwise_losses.c. */
#include "ops/loss_functions.h"
#include "ops/elementwise_losses.h"

#include <math.h>

static float clip_probability(float p)
{
    return fminf(fmaxf(p, CRN_KERAS_EPSILON), 1.0f - CRN_KERAS_EPSILON);
}

static bool is_clipped(float p)
{
    return p < CRN_KERAS_EPSILON || p > 1.0f - CRN_KERAS_EPSILON;
}

static float largest(int64_t n, const float *x)
{
    float most = x[0];
    for (int64_t i = 1; i < n; i++)
        most = x[i] > most ? x[i] : most;
    return most;
}

/* Sum of exp(x - shift). */
static float exponential_sum(int64_t n, const float *x, float shift)
{
    float sum = 0.0f;
    for (int64_t i = 0; i < n; i++)
        sum += expf(x[i] - shift);
    return sum;
}

/* ---- sparse categorical crossentropy ---- */

/* Of probabilities Keras takes clipped logarithms as logits, so that the loss normalises them:
 * log(sum(clip(p))) - log(clip(p[label])). */
static float clipped_sum(const crn_loss_item *item)
{
    float sum = 0.0f;
    for (int64_t i = 0; i < item->n; i++)
        sum += clip_probability(item->prediction[i]);
    return sum;
}

static float sparse_value(const crn_loss_attributes *a, const crn_loss_item *item)
{
    if (item->label < 0 || item->label >= item->n)
        return NAN;
    const float *x = item->prediction;
    if (!a->from_logits)
        return logf(clipped_sum(item)) - logf(clip_probability(x[item->label]));
    float shift = largest(item->n, x);
    return logf(exponential_sum(item->n, x, shift)) - (x[item->label] - shift);
}

static void add_sparse_gradient(const crn_loss_attributes *a, const crn_loss_item *item,
                                float scale, float *gradient)
{
    const float *x = item->prediction;
    float shift = a->from_logits ? largest(item->n, x) : 0.0f;
    float sum = a->from_logits ? exponential_sum(item->n, x, shift) : clipped_sum(item);
    for (int64_t i = 0; i < item->n; i++) {
        float hit = i == item->label ? 1.0f : 0.0f;
        if (a->from_logits)
            gradient[i] += scale * (expf(x[i] - shift) / sum - hit);
        else if (!is_clipped(x[i]))
            gradient[i] += scale * (x[i] / sum - hit) / x[i];
    }
}

/* ---- categorical crossentropy ---- */

/* y (1 - s) + s / classes */
static float smooth(const crn_loss_attributes *a, const crn_loss_item *item, int64_t i)
{
    if (a->label_smoothing == 0.0f)
        return item->target[i];
    return item->target[i] * (float)(1.0 - (double)a->label_smoothing) +
           a->label_smoothing / (float)item->n;
}

static float total(int64_t n, const float *x)
{
    float sum = 0.0f;
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

static float categorical_value(const crn_loss_attributes *a, const crn_loss_item *item)
{
    const float *x = item->prediction;
    float value = 0.0f;
    if (!a->from_logits) {
        float sum = total(item->n, x);
        for (int64_t i = 0; i < item->n; i++)
            value -= smooth(a, item, i) * logf(clip_probability(x[i] / sum));
        return value;
    }
    float shift = largest(item->n, x);
    float log_sum = logf(exponential_sum(item->n, x, shift));
    for (int64_t i = 0; i < item->n; i++)
        value += smooth(a, item, i) * (log_sum - (x[i] - shift));
    return value;
}

/* Of logits: softmax - y, whatever the targets sum to, as softmax_cross_entropy_with_logits. Of
 * probabilities through p / sum(p): the gradient by the quotients, less its projection on them.
 */
static void add_categorical_gradient(const crn_loss_attributes *a, const crn_loss_item *item,
                                     float scale, float *gradient)
{
    const float *x = item->prediction;
    if (a->from_logits) {
        float shift = largest(item->n, x);
        float sum = exponential_sum(item->n, x, shift);
        for (int64_t i = 0; i < item->n; i++)
            gradient[i] += scale * (expf(x[i] - shift) / sum - smooth(a, item, i));
        return;
    }
    float sum = total(item->n, x);
    float projection = 0.0f;
    for (int64_t i = 0; i < item->n; i++) {
        if (!is_clipped(x[i] / sum))
            projection -= smooth(a, item, i);
    }
    for (int64_t i = 0; i < item->n; i++) {
        float q = x[i] / sum;
        float by_quotient = is_clipped(q) ? 0.0f : -smooth(a, item, i) / q;
        gradient[i] += scale * (by_quotient - projection) / sum;
    }
}

/* ---- Kullback-Leibler, categorical hinge, cosine ---- */

/* Both clipped to [epsilon, 1]. */
static float clip_divergence(float p)
{
    return fminf(fmaxf(p, CRN_KERAS_EPSILON), 1.0f);
}

static float divergence_value(const crn_loss_item *item)
{
    float value = 0.0f;
    for (int64_t i = 0; i < item->n; i++) {
        float t = clip_divergence(item->target[i]);
        value += t * logf(t / clip_divergence(item->prediction[i]));
    }
    return value;
}

static void add_divergence_gradient(const crn_loss_item *item, float scale, float *gradient)
{
    for (int64_t i = 0; i < item->n; i++) {
        float p = item->prediction[i];
        if (p >= CRN_KERAS_EPSILON && p <= 1.0f)
            gradient[i] -= scale * clip_divergence(item->target[i]) / p;
    }
}

/* max((1 - t) p) - sum(t p) + 1, before it is cut off at 0; *most is the first part. */
static float categorical_margin(const crn_loss_item *item, float *most)
{
    float positive = 0.0f;
    *most = -INFINITY;
    for (int64_t i = 0; i < item->n; i++) {
        float negative = (1.0f - item->target[i]) * item->prediction[i];
        positive += item->target[i] * item->prediction[i];
        *most = negative > *most ? negative : *most;
    }
    return *most - positive + 1.0f;
}

/* Equal maxima share the gradient, as in TensorFlow's _MinOrMaxGrad. */
static void add_categorical_hinge_gradient(const crn_loss_item *item, float scale,
                                           float *gradient)
{
    float most, ties = 0.0f;
    if (!(categorical_margin(item, &most) >= 0.0f))
        return;
    for (int64_t i = 0; i < item->n; i++)
        ties += (1.0f - item->target[i]) * item->prediction[i] == most ? 1.0f : 0.0f;
    for (int64_t i = 0; i < item->n; i++) {
        float t = item->target[i];
        float share = (1.0f - t) * item->prediction[i] == most ? (1.0f - t) / ties : 0.0f;
        gradient[i] += scale * (share - t);
    }
}

/* 1 / max(|x|, epsilon), of keras.ops.normalize */
static float inverse_norm(int64_t n, const float *x)
{
    float squares = 0.0f;
    for (int64_t i = 0; i < n; i++)
        squares += x[i] * x[i];
    return 1.0f / sqrtf(fmaxf(squares, CRN_KERAS_EPSILON * CRN_KERAS_EPSILON));
}

static float cosine_value(const crn_loss_item *item)
{
    float by_p = inverse_norm(item->n, item->prediction);
    float by_t = inverse_norm(item->n, item->target);
    float product = 0.0f;
    for (int64_t i = 0; i < item->n; i++)
        product += item->target[i] * by_t * (item->prediction[i] * by_p);
    return -product;
}

static void add_cosine_gradient(const crn_loss_item *item, float scale, float *gradient)
{
    float by_p = inverse_norm(item->n, item->prediction);
    float by_t = inverse_norm(item->n, item->target);
    float cosine = -cosine_value(item);
    for (int64_t i = 0; i < item->n; i++)
        gradient[i] -=
            scale * by_p * (item->target[i] * by_t - cosine * item->prediction[i] * by_p);
}

/* ---- all ---- */

static bool is_hinge(const crn_loss_attributes *a)
{
    return a->kind == CRN_LOSS_HINGE || a->kind == CRN_LOSS_SQUARED_HINGE;
}

static float target_of(const crn_loss_attributes *a, const crn_loss_item *item, int64_t i)
{
    return is_hinge(a) && item->binary ? 2.0f * item->target[i] - 1.0f : item->target[i];
}

float crn_loss_value(const crn_loss_attributes *a, const crn_loss_item *item)
{
    float most, sum = 0.0f;
    switch (a->kind) {
    case CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY:
        return sparse_value(a, item);
    case CRN_LOSS_CATEGORICAL_CROSSENTROPY:
        return categorical_value(a, item);
    case CRN_LOSS_KL_DIVERGENCE:
        return divergence_value(item);
    case CRN_LOSS_CATEGORICAL_HINGE:
        return fmaxf(categorical_margin(item, &most), 0.0f);
    case CRN_LOSS_COSINE_SIMILARITY:
        return cosine_value(item);
    default:
        for (int64_t i = 0; i < item->n; i++)
            sum += crn_elementwise_loss(a, target_of(a, item, i), item->prediction[i]);
        return sum / (float)item->n;
    }
}

void crn_loss_add_gradient(const crn_loss_attributes *a, const crn_loss_item *item, float scale,
                           float *gradient)
{
    switch (a->kind) {
    case CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY:
        add_sparse_gradient(a, item, scale, gradient);
        return;
    case CRN_LOSS_CATEGORICAL_CROSSENTROPY:
        add_categorical_gradient(a, item, scale, gradient);
        return;
    case CRN_LOSS_KL_DIVERGENCE:
        add_divergence_gradient(item, scale, gradient);
        return;
    case CRN_LOSS_CATEGORICAL_HINGE:
        add_categorical_hinge_gradient(item, scale, gradient);
        return;
    case CRN_LOSS_COSINE_SIMILARITY:
        add_cosine_gradient(item, scale, gradient);
        return;
    default:
        for (int64_t i = 0; i < item->n; i++)
            gradient[i] +=
                scale / (float)item->n *
                crn_elementwise_loss_slope(a, target_of(a, item, i), item->prediction[i]);
    }
}

bool crn_loss_targets_are_binary(const float *targets, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (targets[i] != 0.0f && targets[i] != 1.0f)
            return false;
    }
    return true;
}
