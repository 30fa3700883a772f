/* SPDX-License-Identifier: BSD-3-Clause */
/* Losses that are the mean over the last axis of a function of one target t and one prediction
 * p. The formulas are those of keras/src/losses/losses.py, 3.15; clip and maximum pass the
 * gradient on at their borders, as TensorFlow's do. */
#include "ops/elementwise_losses.h"
#include "ops/loss_functions.h"

#include <math.h>

static float sign(float x)
{
    return (float)((x > 0.0f) - (x < 0.0f));
}

static float softplus(float x)
{
    return (x > 0.0f ? x : 0.0f) + log1pf(expf(-fabsf(x)));
}

static float clip_probability(float p)
{
    return fminf(fmaxf(p, CRN_KERAS_EPSILON), 1.0f - CRN_KERAS_EPSILON);
}

static bool is_clipped(float p)
{
    return p < CRN_KERAS_EPSILON || p > 1.0f - CRN_KERAS_EPSILON;
}

/* ---- crossentropy of two classes ---- */

/* y (1 - s) + s / 2 */
static float smooth(const crn_loss_attributes *a, float t)
{
    if (a->label_smoothing == 0.0f)
        return t;
    return t * (float)(1.0 - (double)a->label_smoothing) + 0.5f * a->label_smoothing;
}

static float crossentropy(const crn_loss_attributes *a, float t, float p)
{
    t = smooth(a, t);
    if (a->from_logits)
        return fmaxf(p, 0.0f) - p * t + log1pf(expf(-fabsf(p)));
    p = clip_probability(p);
    return -(t * logf(p) + (1.0f - t) * logf(1.0f - p));
}

static float crossentropy_slope(const crn_loss_attributes *a, float t, float p)
{
    t = smooth(a, t);
    if (a->from_logits) {
        float e = expf(-fabsf(p));
        return (p >= 0.0f ? 1.0f / (1.0f + e) : e / (1.0f + e)) - t;
    }
    return is_clipped(p) ? 0.0f : (1.0f - t) / (1.0f - p) - t / p;
}

/* ---- the value and its slope, by kind ---- */

static float squared_log_difference(float t, float p)
{
    return logf(fmaxf(p, CRN_KERAS_EPSILON) + 1.0f) - logf(fmaxf(t, CRN_KERAS_EPSILON) + 1.0f);
}

float crn_elementwise_loss(const crn_loss_attributes *a, float t, float p)
{
    float error = p - t;
    switch (a->kind) {
    case CRN_LOSS_BINARY_CROSSENTROPY:
        return crossentropy(a, t, p);
    case CRN_LOSS_MEAN_SQUARED_ERROR:
        return error * error;
    case CRN_LOSS_MEAN_ABSOLUTE_ERROR:
        return fabsf(error);
    case CRN_LOSS_HUBER:
        return fabsf(error) <= a->delta ? 0.5f * error * error
                                        : a->delta * fabsf(error) - 0.5f * a->delta * a->delta;
    case CRN_LOSS_MEAN_ABSOLUTE_PERCENTAGE_ERROR:
        return 100.0f * fabsf(error / fmaxf(fabsf(t), CRN_KERAS_EPSILON));
    case CRN_LOSS_MEAN_SQUARED_LOGARITHMIC_ERROR:
        return squared_log_difference(t, p) * squared_log_difference(t, p);
    case CRN_LOSS_LOG_COSH:
        return error + softplus(-2.0f * error) - logf(2.0f);
    case CRN_LOSS_POISSON:
        return p - t * logf(p + CRN_KERAS_EPSILON);
    case CRN_LOSS_HINGE:
        return fmaxf(1.0f - t * p, 0.0f);
    default: /* CRN_LOSS_SQUARED_HINGE */
        return fmaxf(1.0f - t * p, 0.0f) * fmaxf(1.0f - t * p, 0.0f);
    }
}

float crn_elementwise_loss_slope(const crn_loss_attributes *a, float t, float p)
{
    float error = p - t;
    switch (a->kind) {
    case CRN_LOSS_BINARY_CROSSENTROPY:
        return crossentropy_slope(a, t, p);
    case CRN_LOSS_MEAN_SQUARED_ERROR:
        return 2.0f * error;
    case CRN_LOSS_MEAN_ABSOLUTE_ERROR:
        return sign(error);
    case CRN_LOSS_HUBER:
        return fabsf(error) <= a->delta ? error : a->delta * sign(error);
    case CRN_LOSS_MEAN_ABSOLUTE_PERCENTAGE_ERROR:
        return 100.0f * sign(error) / fmaxf(fabsf(t), CRN_KERAS_EPSILON);
    case CRN_LOSS_MEAN_SQUARED_LOGARITHMIC_ERROR:
        return p < CRN_KERAS_EPSILON ? 0.0f : 2.0f * squared_log_difference(t, p) / (p + 1.0f);
    case CRN_LOSS_LOG_COSH:
        return tanhf(error);
    case CRN_LOSS_POISSON:
        return 1.0f - t / (p + CRN_KERAS_EPSILON);
    case CRN_LOSS_HINGE:
        return 1.0f - t * p >= 0.0f ? -t : 0.0f;
    default: /* CRN_LOSS_SQUARED_HINGE */
        return -2.0f * t * fmaxf(1.0f - t * p, 0.0f);
    }
}
