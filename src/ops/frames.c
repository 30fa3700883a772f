/* SPDX-License-Identifier: BSD-3-Clause */
/* frames: overlapping frames of a signal, each channel for itself. Inputs: x. */
#include <stdio.h>
#include <string.h>

#include "ops/infer.h"
#include "ops/signal.h"

static crn_status frames_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    const crn_frames_attributes *a = attributes;
    size_t bytes;
    CRN_TRY(crn_infer_count("frames", n_in, 1, 1, err));
    CRN_TRY(crn_infer_present("frames", &in[0], err));
    if (in[0].sparse || in[0].ndim != 2)
        return crn_fail(err, CRN_SHAPE, "frames: takes (rows, samples, channels)");
    if (a->length < 1 || a->step < 1 || a->count < 1 || a->before < 0)
        return crn_fail(err, CRN_ARGUMENT, "frames: no frames of length %lld every %lld",
                        (long long)a->length, (long long)a->step);
    out[0] = in[0];
    out[0].ndim = 3;
    out[0].shape[0] = a->count;
    out[0].shape[2] = a->length;
    return crn_shape_bytes(in[0].itemsize, 3, out[0].shape, &bytes, err);
}

static void frames_forward(const crn_call *call)
{
    const crn_frames_attributes *a = call->attributes;
    const crn_type *type = &call->in_types[0];
    const int64_t samples = type->shape[0], channels = type->shape[1];
    const size_t itemsize = (size_t)type->itemsize;
    char *y = call->out[0];
    for (int64_t row = 0; row < (type->rows ? call->rows : 1); row++) {
        const char *x =
            (const char *)call->in[0] + (size_t)(row * samples * channels) * itemsize;
        for (int64_t i = 0; i < a->count; i++) {
            for (int64_t c = 0; c < channels; c++) {
                int64_t at = i * a->step - a->before;
                for (int64_t k = 0; k < a->length; k++, at++, y += itemsize) {
                    if (at < 0 || at >= samples)
                        memset(y, 0, itemsize);
                    else
                        memcpy(y, x + (size_t)(at * channels + c) * itemsize, itemsize);
                }
            }
        }
    }
}

static void frames_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 0.5 * (double)crn_type_size(&out[0]);
}

static void frames_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_frames_attributes *a = attributes;
    snprintf(buffer, size, "length=%lld step=%lld", (long long)a->length, (long long)a->step);
}

const crn_op crn_op_frames = {
    .name = "frames",
    .attributes_size = sizeof(crn_frames_attributes),
    .n_out = 1,
    .infer = frames_infer,
    .forward = frames_forward,
    .cost = frames_cost,
    .describe = frames_describe,
};

crn_value crn_frames(crn_graph *graph, crn_value x, const crn_frames_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_frames, attributes, &x, 1);
}
