/* SPDX-License-Identifier: BSD-3-Clause */
/* pool: the largest or the mean of each channel over windows, channels last, as tf.nn.max_pool and
 * tf.nn.avg_pool (TensorFlow 2.21): what is outside is not there. Adaptive windows are those of
 * keras.layers.AdaptiveAveragePooling2D (3.15). */
#include <stdio.h>

#include "ops/convolution.h"
#include "ops/infer.h"
#include "ops/tensor.h"

/* An adaptive window over one output: a window of its own length. */
static crn_window_axis cell_at(const crn_window_axis *axis, int64_t i)
{
    const int64_t begin = i * axis->n_in / axis->n_out;
    const int64_t end = ((i + 1) * axis->n_in - 1) / axis->n_out + 1;
    return (crn_window_axis){.n_in = axis->n_in,
                             .n_out = 1,
                             .size = end - begin,
                             .stride = 1,
                             .dilation = 1,
                             .before = -begin,
                             .out_first = i,
                             .out_step = 1,
                             .tap_step = 1};
}

/* Most taps that a window has inside an axis. */
static int64_t most_taps(const crn_pool_attributes *a, int k)
{
    const crn_window_axis *axis = &a->window.axis[k];
    const int64_t size = a->adaptive ? axis->n_in / axis->n_out + 2 : axis->size;
    return size < axis->n_in ? size : axis->n_in;
}

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const crn_pool_attributes *a = attributes;
    int64_t channels = 0;
    CRN_TRY(crn_infer_count("pool", n_in, 1, 1, err));
    CRN_TRY(crn_window_infer("pool", &a->window, &in[0], &channels, err));
    out[0] = crn_window_output(&a->window, &in[0], channels);
    for (int k = 0; k < CRN_WINDOW_AXES; k++) {
        const crn_window_axis *axis = &a->window.axis[k];
        if (axis->n_in < 1 || axis->n_out < 1 || (!a->adaptive && axis->size < 1))
            return crn_fail(err, CRN_SHAPE,
                            "pool: an axis of the input or of the output is "
                            "empty");
    }
    return CRN_OK;
}

static void run_box(const crn_call *call, const crn_window *window, const crn_window_box *box)
{
    const crn_pool_attributes *a = call->attributes;
    const int64_t channels = crn_type_last(&call->in_types[0]);
    const crn_conv_place place =
        crn_conv_place_of(window, box, &a->window, call->rows, channels, channels);
    crn_channelwise work = {
        .box = place.box,
        .runs = call->scratch,
        .run_count = crn_conv_runs(window, box, &a->window, channels, 1, call->scratch),
        .x = (const float *)call->in[0] + place.x,
        .y = (float *)call->out[0] + place.y,
        .channels = channels,
    };
    if (a->kind == CRN_POOL_MAX)
        call->kernels->most_of_channels_f32(&work);
    else
        call->kernels->mean_of_channels_f32(&work);
}

static void run_window(const crn_call *call, const crn_window *window)
{
    crn_window_box box = {{{0}}};
    while (crn_window_next_box(window, &box))
        run_box(call, window, &box);
}

static void run_adaptive(const crn_call *call, const crn_window_axis *axis)
{
    for (int64_t i = 0; i < axis[0].n_out; i++) {
        for (int64_t j = 0; j < axis[1].n_out; j++) {
            for (int64_t k = 0; k < axis[2].n_out; k++) {
                const crn_window window = {
                    {cell_at(&axis[0], i), cell_at(&axis[1], j), cell_at(&axis[2], k)}};
                run_window(call, &window);
            }
        }
    }
}

static void forward(const crn_call *call)
{
    const crn_pool_attributes *a = call->attributes;
    if (a->adaptive)
        run_adaptive(call, a->window.axis);
    else
        run_window(call, &a->window);
}

static size_t scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    const crn_pool_attributes *a = attributes;
    (void)in, (void)n_in, (void)rows;
    return (size_t)(most_taps(a, 0) * most_taps(a, 1) * most_taps(a, 2)) * sizeof(crn_conv_run);
}

static void cost(const void *attributes, const crn_type *in, const crn_type *out,
                 crn_cost *cost)
{
    const crn_pool_attributes *a = attributes;
    (void)in;
    cost->multiply_adds = (double)(most_taps(a, 0) * most_taps(a, 1) * most_taps(a, 2)) *
                          (double)crn_type_size(out);
}

static void describe(const void *attributes, char *buffer, size_t size)
{
    const crn_pool_attributes *a = attributes;
    const crn_window_axis *w = a->window.axis;
    snprintf(buffer, size, "%s%s taps=%lldx%lldx%lld stride=%lldx%lldx%lld",
             a->adaptive ? "adaptive " : "", a->kind == CRN_POOL_MAX ? "max" : "average",
             (long long)most_taps(a, 0), (long long)most_taps(a, 1), (long long)most_taps(a, 2),
             (long long)w[0].stride, (long long)w[1].stride, (long long)w[2].stride);
}

const crn_op crn_op_pool = {
    .name = "pool",
    .attributes_size = sizeof(crn_pool_attributes),
    .n_out = 1,
    .infer = infer,
    .scratch = scratch,
    .forward = forward,
    .cost = cost,
    .describe = describe,
};

crn_value crn_pool(crn_graph *graph, crn_value x, crn_pool_kind kind, const crn_window *window)
{
    const crn_pool_attributes a = {.kind = kind, .window = *window};
    return crn_graph_add_for_predict(graph, &crn_op_pool, &a, &x, 1);
}

crn_value crn_adaptive_pool(crn_graph *graph, crn_value x, crn_pool_kind kind,
                            const crn_window *window)
{
    const crn_pool_attributes a = {.kind = kind, .adaptive = true, .window = *window};
    return crn_graph_add_for_predict(graph, &crn_op_pool, &a, &x, 1);
}
