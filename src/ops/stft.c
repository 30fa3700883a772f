/* SPDX-License-Identifier: BSD-3-Clause */
/* stft: magnitudes of the short-time Fourier transform, as tf.signal.stft of a signal that is
 * mirrored at both ends (keras/src/backend/tensorflow/math.py, 3.15). Inputs: x, window, turns.
 *
 * The transform is T. G. Stockham's (1966) for lengths of any factors, in float64: two frames at
 * a time are the real and the imaginary part of one signal. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/signal.h"

#define TWO_PI 6.28318530717958647693

enum { MOST_LENGTH = 1 << 20, MOST_FACTOR = 512 };

typedef struct complex_number {
    double re, im;
} complex_number;

/* ---- the transform ---- */

static int64_t factor_of(int64_t n)
{
    if (n % 4 == 0)
        return 4;
    for (int64_t p = 2; p * p <= n; p++) {
        if (n % p == 0)
            return p;
    }
    return n;
}

bool crn_stft_serves(int64_t fft_length)
{
    if (fft_length < 1 || fft_length > MOST_LENGTH)
        return false;
    for (int64_t n = fft_length; n > 1; n /= factor_of(n)) {
        if (factor_of(n) > MOST_FACTOR)
            return false;
    }
    return true;
}

static complex_number multiply(complex_number a, complex_number b)
{
    return (complex_number){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static complex_number add(complex_number a, complex_number b)
{
    return (complex_number){a.re + b.re, a.im + b.im};
}

static complex_number subtract(complex_number a, complex_number b)
{
    return (complex_number){a.re - b.re, a.im - b.im};
}

/* -i a */
static complex_number turn(complex_number a)
{
    return (complex_number){a.im, -a.re};
}

/* Four points `apart` from each other become their transform, at y[0], y[step] ... */
static void four_points(const complex_number *x, int64_t apart, complex_number *y, int64_t step)
{
    const complex_number a = add(x[0], x[2 * apart]), b = subtract(x[0], x[2 * apart]);
    const complex_number c = add(x[apart], x[3 * apart]);
    const complex_number d = turn(subtract(x[apart], x[3 * apart]));
    y[0] = add(a, c);
    y[step] = add(b, d);
    y[2 * step] = subtract(a, c);
    y[3 * step] = subtract(b, d);
}

/* The same for p points; turns: exp(-2 pi i k / n). */
static void any_points(int64_t p, int64_t n, const complex_number *turns,
                       const complex_number *x, int64_t apart, complex_number *y, int64_t step)
{
    for (int64_t r = 0; r < p; r++) {
        complex_number sum = x[0];
        for (int64_t j = 1; j < p; j++)
            sum = add(sum, multiply(x[j * apart], turns[j * r % p * (n / p)]));
        y[r * step] = sum;
    }
}

/* One pass: the transforms of length `left` split by p; s signals lie side by side. */
static void split_by(int64_t p, int64_t n, int64_t left, const complex_number *turns,
                     const complex_number *x, complex_number *y)
{
    const int64_t s = n / left, m = left / p;
    for (int64_t k = 0; k < m; k++) {
        for (int64_t q = 0; q < s; q++) {
            const complex_number *from = x + q + s * k;
            complex_number *to = y + q + s * p * k;
            if (p == 4)
                four_points(from, s * m, to, s);
            else
                any_points(p, n, turns, from, s * m, to, s);
            for (int64_t r = 1; k > 0 && r < p; r++)
                to[s * r] = multiply(to[s * r], turns[k * r * s % n]);
        }
    }
}

/* x becomes its transform, which may lie in y: returns where. */
static complex_number *transform(int64_t n, const complex_number *turns, complex_number *x,
                                 complex_number *y)
{
    for (int64_t left = n; left > 1;) {
        const int64_t p = factor_of(left);
        split_by(p, n, left, turns, x, y);
        left /= p;
        complex_number *swapped = x;
        x = y;
        y = swapped;
    }
    return x;
}

/* ---- frames ---- */

/* Samples before the first and behind the last are mirrored there. */
static double sample(const float *x, int64_t samples, int64_t at)
{
    if (at < 0)
        at = -at;
    else if (at >= samples)
        at = 2 * (samples - 1) - at;
    return at >= 0 && at < samples ? (double)x[at] : 0.0;
}

static float magnitude(const crn_stft_attributes *a, double re, double im)
{
    const float r = (float)re, i = (float)im, length = sqrtf(r * r + i * i);
    if (a->exponent == 2.0f)
        return length * length;
    return a->exponent == 1.0f ? length : powf(length, a->exponent);
}

/* From the transform of two frames at once to the magnitudes of each; second: NULL for none. */
static void tell_apart(const crn_stft_attributes *a, const complex_number *z, float *first,
                       float *second)
{
    const int64_t n = a->fft_length;
    for (int64_t k = 0; k <= n / 2; k++) {
        const complex_number b = z[k], c = z[k > 0 ? n - k : 0];
        first[k] = magnitude(a, 0.5 * (b.re + c.re), 0.5 * (b.im - c.im));
        if (second != NULL)
            second[k] = magnitude(a, 0.5 * (b.im + c.im), 0.5 * (c.re - b.re));
    }
}

static void stft_forward(const crn_call *call)
{
    const crn_stft_attributes *a = call->attributes;
    const int64_t n = a->fft_length, samples = call->in_types[0].shape[0];
    const int64_t frames = call->out_types[0].shape[0], width = n / 2 + 1;
    const float *window = call->in[1];         /* (fft_length) */
    const complex_number *turns = call->in[2]; /* (fft_length): exp(-2 pi i k / n) */
    complex_number *z = call->scratch;
    float *y = call->out[0]; /* (rows, frames, width) */
    for (int64_t row = 0; row < call->rows; row++) {
        const float *x = (const float *)call->in[0] + row * samples;
        for (int64_t frame = 0; frame < frames; frame += 2) {
            const bool pair = frame + 1 < frames;
            const int64_t start = frame * a->step - n / 2;
            for (int64_t i = 0; i < n; i++) {
                const float first = (float)sample(x, samples, start + i) * window[i];
                const float second =
                    pair ? (float)sample(x, samples, start + a->step + i) * window[i] : 0.0f;
                z[i] = (complex_number){(double)first, (double)second};
            }
            tell_apart(a, transform(n, turns, z, z + n), y, pair ? y + width : NULL);
            y += (pair ? 2 : 1) * width;
        }
    }
}

/* ---- the operation ---- */

static crn_status stft_infer(const void *attributes, const crn_type *in, int n_in,
                             crn_type *out, crn_error *err)
{
    const crn_stft_attributes *a = attributes;
    CRN_TRY(crn_infer_count("stft", n_in, 3, 3, err));
    if (in[0].dtype != CRN_FLOAT32 || in[1].dtype != CRN_FLOAT32 || !in[0].rows ||
        in[0].sparse || in[0].ndim != 1 || in[1].rows || in[1].ndim != 1 ||
        in[1].shape[0] != a->fft_length)
        return crn_infer_misfit("stft", &in[0], &in[1], err);
    if (in[2].dtype != CRN_FLOAT64 || in[2].rows || in[2].ndim != 2 ||
        in[2].shape[0] != a->fft_length || in[2].shape[1] != 2)
        return crn_infer_misfit("stft", &in[1], &in[2], err);
    if (!crn_stft_serves(a->fft_length) || a->step < 1)
        return crn_fail(err, CRN_UNSUPPORTED, "stft: no transform of length %lld",
                        (long long)a->fft_length);
    const int64_t half = a->fft_length / 2, samples = in[0].shape[0];
    if (samples <= half)
        return crn_fail(err, CRN_SHAPE,
                        "stft: %lld samples are too few to be mirrored by half a frame of %lld",
                        (long long)samples, (long long)a->fft_length);
    out[0] = in[0];
    out[0].ndim = 2;
    out[0].shape[0] = 1 + (samples + 2 * half - a->fft_length) / a->step;
    out[0].shape[1] = half + 1;
    return CRN_OK;
}

/* A frame's transform before and behind each pass. */
static size_t stft_scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    const crn_stft_attributes *a = attributes;
    (void)in, (void)n_in, (void)rows;
    return 2 * (size_t)a->fft_length * sizeof(complex_number);
}

static void stft_cost(const void *attributes, const crn_type *in, const crn_type *out,
                      crn_cost *cost)
{
    const crn_stft_attributes *a = attributes;
    (void)in;
    cost->multiply_adds =
        4.0 * (double)crn_type_size(&out[0]) * log2((double)a->fft_length + 1.0);
}

static void stft_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_stft_attributes *a = attributes;
    snprintf(buffer, size, "length=%lld step=%lld", (long long)a->fft_length,
             (long long)a->step);
}

const crn_op crn_op_stft = {
    .name = "stft",
    .attributes_size = sizeof(crn_stft_attributes),
    .n_out = 1,
    .infer = stft_infer,
    .forward = stft_forward,
    .scratch = stft_scratch,
    .cost = stft_cost,
    .describe = stft_describe,
};

crn_value crn_stft(crn_graph *graph, crn_value x, crn_value window,
                   const crn_stft_attributes *attributes)
{
    const int64_t n = attributes->fft_length, shape[2] = {n, 2};
    crn_array turns = CRN_ARRAY_INIT;
    if (!crn_stft_serves(n))
        return crn_graph_fail(graph, CRN_UNSUPPORTED, "stft: no transform of length %lld",
                              (long long)n);
    if (crn_array_create(CRN_FLOAT64, 0, 2, shape, &turns, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    for (int64_t k = 0; k < n; k++) {
        const double angle = -TWO_PI * (double)k / (double)n;
        ((double *)turns.data)[2 * k] = cos(angle);
        ((double *)turns.data)[2 * k + 1] = sin(angle);
    }
    const crn_value in[3] = {x, window, crn_graph_constant(graph, &turns)};
    crn_array_free(&turns);
    return crn_graph_add(graph, &crn_op_stft, attributes, in, 3);
}
