/* SPDX-License-Identifier: BSD-3-Clause */
/* local_convolution: a convolution whose every output has a kernel of its own, channels last. */
#include <stdio.h>
#include <string.h>

#include "ops/convolution.h"
#include "ops/infer.h"
#include "ops/tensor.h"

typedef struct local_attributes {
    crn_window window;
    int64_t filters;
} local_attributes;

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const local_attributes *a = attributes;
    int64_t channels = 0, rows = 0;
    CRN_TRY(crn_infer_count("local_convolution", n_in, 2, 3, err));
    CRN_TRY(crn_window_infer("local_convolution", &a->window, &in[0], &channels, err));
    const crn_type *w = &in[1];
    if (a->filters < 1 ||
        __builtin_mul_overflow(crn_window_taps(&a->window), channels, &rows) || w->rows ||
        w->dtype != CRN_FLOAT32 || w->ndim != 3 ||
        w->shape[0] != crn_window_outputs(&a->window) || w->shape[1] != rows ||
        w->shape[2] != a->filters)
        return crn_infer_misfit("local_convolution", &in[0], w, err);
    out[0] = crn_window_output(&a->window, &in[0], a->filters);
    if (n_in == 3 && in[2].dtype != CRN_NO_DTYPE &&
        (in[2].rows || in[2].dtype != CRN_FLOAT32 ||
         crn_type_size(&in[2]) != crn_type_size(&out[0])))
        return crn_infer_misfit("local_convolution", &out[0], &in[2], err);
    return CRN_OK;
}

/* One output of all rows. */
static void run_output(const crn_call *call, const crn_window_box *box, int64_t output)
{
    const local_attributes *a = call->attributes;
    const int64_t channels = crn_type_last(&call->in_types[0]), filters = a->filters;
    const int64_t x_size = crn_type_size(&call->in_types[0]);
    const int64_t y_size = crn_type_size(&call->out_types[0]);
    const crn_conv_place place =
        crn_conv_place_of(&a->window, box, &a->window, 1, channels, filters);
    const crn_conv_run *runs = call->scratch;
    const int64_t count =
        crn_conv_runs(&a->window, box, &a->window, channels, channels, call->scratch);
    const float *kernel =
        (const float *)call->in[1] + output * call->in_types[1].shape[1] * filters;
    const float *bias = call->n_in == 3 ? call->in[2] : NULL;
    for (int64_t row = 0; row < call->rows; row++) {
        const float *x = (const float *)call->in[0] + row * x_size + place.x;
        float *y = (float *)call->out[0] + row * y_size + output * filters;
        memset(y, 0, (size_t)filters * sizeof *y);
        for (int64_t r = 0; r < count; r++) {
            const float *w = kernel + runs[r].w * filters;
            for (int64_t k = 0; k < runs[r].n; k++, w += filters) {
                for (int64_t j = 0; j < filters; j++)
                    y[j] += x[runs[r].x + k] * w[j];
            }
        }
        for (int64_t j = 0; bias != NULL && j < filters; j++)
            y[j] += bias[output * filters + j];
    }
}

static crn_window_segment output_at(const crn_window_axis *axis, int64_t i)
{
    crn_window_segment segment = crn_window_segment_at(axis, i);
    segment.end = i + 1;
    return segment;
}

static void forward(const crn_call *call)
{
    const crn_window_axis *axis = ((const local_attributes *)call->attributes)->window.axis;
    int64_t output = 0;
    for (int64_t i = 0; i < axis[0].n_out; i++) {
        for (int64_t j = 0; j < axis[1].n_out; j++) {
            for (int64_t k = 0; k < axis[2].n_out; k++) {
                const crn_window_box box = {
                    {output_at(&axis[0], i), output_at(&axis[1], j), output_at(&axis[2], k)}};
                run_output(call, &box, output++);
            }
        }
    }
}

static size_t scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    const local_attributes *a = attributes;
    (void)in, (void)n_in, (void)rows;
    return (size_t)crn_window_taps(&a->window) * sizeof(crn_conv_run);
}

static void cost(const void *attributes, const crn_type *in, const crn_type *out,
                 crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = (double)crn_type_size(&in[1]);
    cost->bytes = cost->multiply_adds * sizeof(float);
}

const crn_op crn_op_local_convolution = {
    .name = "local_convolution",
    .attributes_size = sizeof(local_attributes),
    .n_out = 1,
    .infer = infer,
    .scratch = scratch,
    .forward = forward,
    .cost = cost,
};

crn_value crn_local_convolution(crn_graph *graph, crn_value x, const crn_window *window,
                                crn_value kernel, crn_value bias)
{
    const crn_type *type = crn_graph_type(graph, kernel);
    const local_attributes a = {.window = *window,
                                .filters = type->ndim == 3 ? type->shape[2] : 0};
    return crn_graph_add_for_predict(graph, &crn_op_local_convolution, &a,
                                     (crn_value[]){x, kernel, bias}, 3);
}
