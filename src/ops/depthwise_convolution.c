/* SPDX-License-Identifier: BSD-3-Clause */
/* depthwise_convolution: each channel by itself, channels last, as tf.nn.depthwise_conv2d
 * (TensorFlow 2.21): output c * multiplier + m is channel c with column m of its weights. */
#include <stdio.h>

#include "ops/convolution.h"
#include "ops/infer.h"
#include "ops/tensor.h"

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const crn_depthwise_attributes *a = attributes;
    int64_t channels = 0, filters = 0, size = 0;
    CRN_TRY(crn_infer_count("depthwise_convolution", n_in, 2, CRN_CONV_FACTOR + 1, err));
    CRN_TRY(
        crn_window_infer("depthwise_convolution", &a->window, &in[CRN_CONV_X], &channels, err));
    const crn_type *w = &in[CRN_CONV_WEIGHTS];
    if (a->multiplier < 1 || __builtin_mul_overflow(channels, a->multiplier, &filters) ||
        __builtin_mul_overflow(filters, crn_window_taps(&a->window), &size) || w->rows ||
        w->dtype != CRN_FLOAT32 || crn_type_size(w) != size)
        return crn_infer_misfit("depthwise_convolution", &in[CRN_CONV_X], w, err);
    out[0] = crn_window_output(&a->window, &in[CRN_CONV_X], filters);
    return crn_conv_infer_end("depthwise_convolution", in, n_in, &out[0], err);
}

/* Several outputs of a channel, which do not stand where the channel does in x: without vectors. */
static void multiply_channels(const crn_channelwise *work, int64_t multiplier)
{
    const crn_conv_box *box = &work->box;
    const int64_t filters = work->channels * multiplier;
    const int64_t lines = box->count[0] * box->count[1] * box->count[2];
    for (int64_t i = 0; i < lines * box->count[3]; i++) {
        int64_t left = i, x = 0, y = 0;
        for (int k = CRN_BOX_AXES - 1; k >= 0; k--) {
            x += left % box->count[k] * box->x_step[k];
            y += left % box->count[k] * box->y_step[k];
            left /= box->count[k];
        }
        for (int64_t j = 0; j < filters; j++) {
            float sum = 0.0f;
            for (int64_t r = 0; r < work->run_count; r++)
                sum += work->x[x + work->runs[r].x + j / multiplier] *
                       work->w[work->runs[r].w * filters + j];
            sum *= work->end.factor != NULL ? work->end.factor[j] : 1.0f;
            sum += work->end.bias != NULL ? work->end.bias[j] : 0.0f;
            if (work->end.clips && sum < work->end.low)
                sum = work->end.low;
            if (work->end.clips && sum > work->end.high)
                sum = work->end.high;
            work->y[y + j] = sum;
        }
    }
}

static void forward(const crn_call *call)
{
    const crn_depthwise_attributes *a = call->attributes;
    const int64_t channels = crn_type_last(&call->in_types[CRN_CONV_X]);
    crn_window_box box = {{{0}}};
    while (crn_window_next_box(&a->window, &box)) {
        const crn_conv_place place = crn_conv_place_of(&a->window, &box, &a->window, call->rows,
                                                       channels, channels * a->multiplier);
        const crn_channelwise work = {
            .box = place.box,
            .runs = call->scratch,
            .run_count =
                crn_conv_runs(&a->window, &box, &a->window, channels, 1, call->scratch),
            .x = (const float *)call->in[CRN_CONV_X] + place.x,
            .w = call->in[CRN_CONV_WEIGHTS],
            .y = (float *)call->out[0] + place.y,
            .channels = channels,
            .end = crn_conv_end_of(call, &a->activation),
        };
        if (a->multiplier == 1)
            call->kernels->convolve_channels_f32(&work);
        else
            multiply_channels(&work, a->multiplier);
    }
    crn_conv_activate(call, &a->activation);
}

static size_t scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    const crn_depthwise_attributes *a = attributes;
    (void)in, (void)n_in, (void)rows;
    return (size_t)crn_window_taps(&a->window) * sizeof(crn_conv_run);
}

static void cost(const void *attributes, const crn_type *in, const crn_type *out,
                 crn_cost *cost)
{
    const crn_depthwise_attributes *a = attributes;
    cost->multiply_adds = (double)crn_window_taps(&a->window) * (double)crn_type_size(out);
    cost->bytes = (double)crn_type_size(&in[CRN_CONV_WEIGHTS]) * sizeof(float);
}

static void describe(const void *attributes, char *buffer, size_t size)
{
    const crn_depthwise_attributes *a = attributes;
    const crn_window_axis *w = a->window.axis;
    const bool active = a->activation.kind != CRN_LINEAR;
    snprintf(buffer, size, "taps=%lldx%lldx%lld stride=%lldx%lldx%lld multiplier=%lld%s%s",
             (long long)w[0].size, (long long)w[1].size, (long long)w[2].size,
             (long long)w[0].stride, (long long)w[1].stride, (long long)w[2].stride,
             (long long)a->multiplier, active ? " activation=" : "",
             active ? crn_activation_name(a->activation.kind) : "");
}

const crn_op crn_op_depthwise_convolution = {
    .name = "depthwise_convolution",
    .attributes_size = sizeof(crn_depthwise_attributes),
    .n_out = 1,
    .infer = infer,
    .scratch = scratch,
    .forward = forward,
    .cost = cost,
    .describe = describe,
};

crn_value crn_depthwise_convolution(crn_graph *graph, crn_value x, const crn_window *window,
                                    crn_value kernel, int64_t multiplier, crn_value bias)
{
    const crn_depthwise_attributes a = {.window = *window, .multiplier = multiplier};
    return crn_graph_add_for_predict(graph, &crn_op_depthwise_convolution, &a,
                                     (crn_value[]){x, kernel, bias, CRN_NO_VALUE},
                                     CRN_CONV_FACTOR + 1);
}
