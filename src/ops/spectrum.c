/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum: from real and imaginary parts to magnitudes, powers and angles, in the order of
 * STFTSpectrogram.call (keras/src/layers/preprocessing/stft_spectrogram.py, 3.15). Inputs: real,
 * imaginary. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/signal.h"

static crn_status spectrum_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("spectrum", n_in, 2, 2, err));
    if (in[0].dtype != CRN_FLOAT32 || in[0].sparse || in[0].ndim < 1 ||
        !crn_type_equal(&in[0], &in[1]))
        return crn_infer_misfit("spectrum", &in[0], &in[1], err);
    out[0] = in[0];
    return CRN_OK;
}

static float at_least(float x, float least)
{
    return x < least ? least : x;
}

static float spectrum_of(crn_spectrum_kind kind, bool inside, float real, float imaginary)
{
    const float power = real * real + imaginary * imaginary;
    switch (kind) {
    case CRN_SPECTRUM_ANGLE:
        return atan2f(imaginary, real);
    case CRN_SPECTRUM_PSD:
        return inside ? power + power : power;
    case CRN_SPECTRUM_LOG:
        return logf(at_least(sqrtf(at_least(power, 1e-7f)), 1e-7f));
    case CRN_SPECTRUM_MAGNITUDE:
        break;
    }
    return sqrtf(at_least(power, 1e-7f));
}

static void spectrum_forward(const crn_call *call)
{
    const crn_spectrum_attributes *a = call->attributes;
    const crn_type *type = &call->in_types[0];
    const int64_t count = crn_type_count(type, call->rows), n = crn_type_last(type);
    const float *real = call->in[0], *imaginary = call->in[1];
    float *y = call->out[0];
    for (int64_t i = 0; i < count; i++)
        y[i] = spectrum_of(a->kind, i % n > 0 && i % n < n - 1, real[i], imaginary[i]);
}

static void spectrum_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 10.0 * (double)crn_type_size(&out[0]);
}

static void spectrum_describe(const void *attributes, char *buffer, size_t size)
{
    static const char *const names[] = {"log", "magnitude", "psd", "angle"};
    snprintf(buffer, size, "%s", names[((const crn_spectrum_attributes *)attributes)->kind]);
}

const crn_op crn_op_spectrum = {
    .name = "spectrum",
    .attributes_size = sizeof(crn_spectrum_attributes),
    .flags = CRN_OP_ELEMENTWISE,
    .n_out = 1,
    .infer = spectrum_infer,
    .forward = spectrum_forward,
    .cost = spectrum_cost,
    .describe = spectrum_describe,
};

crn_value crn_spectrum(crn_graph *graph, crn_value real, crn_value imaginary,
                       crn_spectrum_kind kind)
{
    const crn_spectrum_attributes attributes = {.kind = kind};
    return crn_graph_add(graph, &crn_op_spectrum, &attributes, (crn_value[]){real, imaginary},
                         2);
}
