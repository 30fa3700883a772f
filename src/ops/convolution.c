/* SPDX-License-Identifier: BSD-3-Clause */
/* convolution: act(sum over the taps of x w, times factor, plus bias, plus other), channels last;
 * as tf.nn.convolution and tf.nn.conv_transpose (TensorFlow 2.21) define it. A sum takes its
 * numbers straight from x: nothing is copied beside the weights, which are packed once in the
 * order in which they are read. */
#include "ops/convolution.h"

#include <stdio.h>

#include "ops/infer.h"
#include "ops/tensor.h"

/* ---- packed weights: (groups, panels of whole vectors, rows, outputs of the panel) ---- */

static int64_t vectors_of(const crn_convolution_attributes *a)
{
    return (a->filters / a->groups + a->lanes - 1) / a->lanes;
}

/* Vectors before panel `panel` of a group; panels are as even as can be. */
static int64_t vectors_before(const crn_convolution_attributes *a, int64_t panel)
{
    const int64_t vectors = vectors_of(a), panels = (vectors - 1) / a->vectors + 1;
    return panel * vectors / panels;
}

static int64_t panels_of(const crn_convolution_attributes *a)
{
    return (vectors_of(a) - 1) / a->vectors + 1;
}

/* Rows of weights: what one output sums over. */
static int64_t rows_of(const crn_convolution_attributes *a, int64_t channels)
{
    return crn_window_taps(&a->window) * (channels / a->groups);
}

static bool packed_size(const crn_convolution_attributes *a, int64_t channels, int64_t *out)
{
    return !__builtin_mul_overflow(rows_of(a, channels), vectors_of(a) * a->lanes, out) &&
           !__builtin_mul_overflow(*out, a->groups, out);
}

/* ---- types ---- */

static bool is_sound(const crn_convolution_attributes *a, int64_t channels)
{
    return a->groups >= 1 && a->filters >= 1 && a->filters % a->groups == 0 &&
           channels % a->groups == 0 && a->lanes >= 1 && a->vectors >= 1;
}

static crn_status infer(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const crn_convolution_attributes *a = attributes;
    int64_t channels = 0, size = 0;
    CRN_TRY(crn_infer_count("convolution", n_in, 2, CRN_CONV_INPUTS, err));
    CRN_TRY(crn_window_infer("convolution", &a->window, &in[CRN_CONV_X], &channels, err));
    const crn_type *w = &in[CRN_CONV_WEIGHTS];
    if (!is_sound(a, channels) || !packed_size(a, channels, &size) || w->rows ||
        w->dtype != CRN_FLOAT32 || w->ndim != 1 || w->shape[0] != size)
        return crn_infer_misfit("convolution", &in[CRN_CONV_X], w, err);
    out[0] = crn_window_output(&a->window, &in[CRN_CONV_X], a->filters);
    return crn_conv_infer_end("convolution", in, n_in, &out[0], err);
}

/* ---- running ---- */

/* One pass over a slice of the rows of weights. */
typedef struct pass {
    const crn_call *call;
    const crn_convolution_attributes *a;
    const crn_window *window;
    int64_t channels, rows;
    int64_t begin, end; /* of the slice */
    crn_conv_end finish;
} pass;

/* The parts of the runs that are in the slice. */
static int64_t cut_runs(const pass *p, crn_conv_run *runs, int64_t count)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        crn_conv_run run = runs[i];
        const int64_t skip = run.w < p->begin ? p->begin - run.w : 0;
        const int64_t over = run.w + run.n > p->end ? run.w + run.n - p->end : 0;
        if (skip + over >= run.n)
            continue;
        runs[kept++] = (crn_conv_run){run.x + skip, run.w + skip, run.n - skip - over};
    }
    return kept;
}

static void run_box(const pass *p, const crn_window_box *box, int64_t group, int64_t panel)
{
    const crn_convolution_attributes *a = p->a;
    const int64_t depth = p->channels / a->groups, width = a->filters / a->groups;
    const int64_t first = vectors_before(a, panel) * a->lanes, from = group * width + first;
    crn_conv_run *runs = p->call->scratch;
    const int64_t count =
        cut_runs(p, runs, crn_conv_runs(p->window, box, &a->window, p->channels, depth, runs));
    const crn_conv_place place =
        crn_conv_place_of(p->window, box, &a->window, p->call->rows, p->channels, a->filters);
    const int64_t vectors = vectors_before(a, panel + 1) - vectors_before(a, panel);
    const bool starts = p->begin == 0, ends = p->end == p->rows;
    if (count == 0 && !starts && !ends)
        return;
    crn_convolve work = {
        .box = place.box,
        .runs = runs,
        .run_count = count,
        .x = (const float *)p->call->in[CRN_CONV_X] + place.x + group * depth,
        .w = (const float *)p->call->in[CRN_CONV_WEIGHTS] +
             (group * vectors_of(a) * a->lanes + first) * p->rows,
        .y = (float *)p->call->out[0] + place.y + from,
        .vectors = vectors,
        .width = width - first < vectors * a->lanes ? width - first : vectors * a->lanes,
        .first = starts,
        .last = ends,
        .end = p->finish,
    };
    work.end.factor = p->finish.factor != NULL ? p->finish.factor + from : NULL;
    work.end.bias = p->finish.bias != NULL ? p->finish.bias + from : NULL;
    work.end.other = p->finish.other != NULL ? p->finish.other + place.y + from : NULL;
    p->call->kernels->convolve_f32(&work);
}

/* A slice of a panel of weights stays in the cache while all outputs go by. */
static void run_window(const crn_call *call, const crn_window *window)
{
    enum { SLICE = 384 };
    const crn_convolution_attributes *a = call->attributes;
    pass p = {.call = call,
              .a = a,
              .window = window,
              .channels = crn_type_last(&call->in_types[CRN_CONV_X]),
              .finish = crn_conv_end_of(call, &a->activation)};
    p.rows = rows_of(a, p.channels);
    const int64_t slices = p.rows > SLICE ? (p.rows - 1) / SLICE + 1 : 1;
    for (int64_t i = 0; i < slices; i++) {
        p.begin = i * p.rows / slices;
        p.end = (i + 1) * p.rows / slices;
        for (int64_t k = 0; k < a->groups * panels_of(a); k++) {
            crn_window_box box = {{{0}}};
            while (crn_window_next_box(window, &box))
                run_box(&p, &box, k / panels_of(a), k % panels_of(a));
        }
    }
}

static int64_t phases(const crn_window_axis *axis)
{
    return axis->stride < axis->n_out ? axis->stride : axis->n_out;
}

/* Each phase of the outputs is a convolution with every stride-th tap. */
static void run_transposed(const crn_call *call, const crn_window *whole)
{
    const crn_window_axis *a = whole->axis;
    for (int64_t i = 0; i < phases(&a[0]); i++) {
        for (int64_t j = 0; j < phases(&a[1]); j++) {
            for (int64_t k = 0; k < phases(&a[2]); k++) {
                const crn_window window = {{crn_window_phase(&a[0], i),
                                            crn_window_phase(&a[1], j),
                                            crn_window_phase(&a[2], k)}};
                run_window(call, &window);
            }
        }
    }
}

static void forward(const crn_call *call)
{
    const crn_convolution_attributes *a = call->attributes;
    if (a->transposed)
        run_transposed(call, &a->window);
    else
        run_window(call, &a->window);
    crn_conv_activate(call, &a->activation);
}

static size_t scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    const crn_convolution_attributes *a = attributes;
    (void)in, (void)n_in, (void)rows;
    return (size_t)crn_window_taps(&a->window) * sizeof(crn_conv_run);
}

static void cost(const void *attributes, const crn_type *in, const crn_type *out,
                 crn_cost *cost)
{
    const crn_convolution_attributes *a = attributes;
    const crn_window *window = &a->window;
    const int64_t places =
        a->transposed ? window->axis[0].n_in * window->axis[1].n_in * window->axis[2].n_in
                      : crn_window_outputs(window);
    cost->multiply_adds = (double)rows_of(a, crn_type_last(&in[CRN_CONV_X])) *
                          (double)a->filters * (double)places;
    cost->bytes = (double)crn_type_size(&in[CRN_CONV_WEIGHTS]) * sizeof(float);
    crn_cost activation = {0};
    if (a->activation.kind != CRN_LINEAR)
        crn_op_activation.cost(&a->activation, out, out, &activation);
    cost->multiply_adds += activation.multiply_adds;
}

static void describe(const void *attributes, char *buffer, size_t size)
{
    const crn_convolution_attributes *a = attributes;
    const crn_window_axis *w = a->window.axis;
    const bool active = a->activation.kind != CRN_LINEAR;
    snprintf(buffer, size, "%staps=%lldx%lldx%lld stride=%lldx%lldx%lld groups=%lld%s%s",
             a->transposed ? "transposed " : "", (long long)w[0].size, (long long)w[1].size,
             (long long)w[2].size, (long long)w[0].stride, (long long)w[1].stride,
             (long long)w[2].stride, (long long)a->groups, active ? " activation=" : "",
             active ? crn_activation_name(a->activation.kind) : "");
}

const crn_op crn_op_convolution = {
    .name = "convolution",
    .attributes_size = sizeof(crn_convolution_attributes),
    .n_out = 1,
    .infer = infer,
    .scratch = scratch,
    .forward = forward,
    .cost = cost,
    .describe = describe,
};

/* ---- building ---- */

/* Element (row, output) of a kernel: (taps, depth, filters), or (taps, filters, depth) where it
 * is transposed. */
static float weight_at(const crn_convolution_attributes *a, const float *kernel, int64_t depth,
                       int64_t row, int64_t output)
{
    if (a->transposed)
        return kernel[(row / depth * a->filters + output) * depth + row % depth];
    return kernel[row * a->filters + output];
}

static void pack(const crn_convolution_attributes *a, const float *kernel, int64_t channels,
                 float *to)
{
    const int64_t rows = rows_of(a, channels), width = a->filters / a->groups;
    for (int64_t group = 0; group < a->groups; group++) {
        for (int64_t panel = 0; panel < panels_of(a); panel++) {
            const int64_t first = vectors_before(a, panel) * a->lanes;
            const int64_t end = vectors_before(a, panel + 1) * a->lanes;
            for (int64_t row = 0; row < rows; row++) {
                for (int64_t j = first; j < end; j++)
                    *to++ = j < width ? weight_at(a, kernel, channels / a->groups, row,
                                                  group * width + j)
                                      : 0.0f;
            }
        }
    }
}

static crn_value pack_weights(crn_graph *graph, const crn_convolution_attributes *a,
                              crn_value kernel, int64_t channels)
{
    const crn_value_info *info = &graph->values[kernel];
    const int64_t filters = a->filters, depth = a->groups >= 1 ? channels / a->groups : 0;
    int64_t size = 0, bytes = 0;
    if (info->role != CRN_VALUE_CONSTANT)
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "a model with convolutions cannot be trained");
    if (!is_sound(a, channels) || info->type.dtype != CRN_FLOAT32 ||
        __builtin_mul_overflow(crn_window_taps(&a->window) * depth, filters, &bytes) ||
        bytes != crn_type_size(&info->type) || !packed_size(a, channels, &size))
        return crn_graph_fail(graph, CRN_SHAPE,
                              "convolution: the kernel does not fit the window");
    crn_array packed = CRN_ARRAY_INIT;
    if (crn_array_create(CRN_FLOAT32, 0, 1, &size, &packed, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    pack(a, info->array.data, channels, packed.data);
    crn_value made = crn_graph_constant(graph, &packed);
    crn_array_free(&packed);
    return made;
}

static crn_value add(crn_graph *graph, crn_convolution_attributes *a, crn_value x,
                     crn_value kernel, crn_value bias)
{
    if (x == CRN_NO_VALUE || kernel == CRN_NO_VALUE)
        return CRN_NO_VALUE;
    const crn_kernels *kernels = crn_kernels_best();
    const int64_t channels = crn_type_last(crn_graph_type(graph, x));
    const crn_type *type = crn_graph_type(graph, kernel);
    a->filters = type->ndim < 2 ? 0 : type->shape[type->ndim - (a->transposed ? 2 : 1)];
    a->lanes = kernels->convolve_lanes_f32();
    a->vectors = kernels->convolve_vectors_f32();
    const crn_value weights = pack_weights(graph, a, kernel, channels);
    return crn_graph_add_for_predict(
        graph, &crn_op_convolution, a,
        (crn_value[]){x, weights, bias, CRN_NO_VALUE, CRN_NO_VALUE}, CRN_CONV_INPUTS);
}

crn_value crn_convolution(crn_graph *graph, crn_value x, const crn_window *window,
                          crn_value kernel, int64_t groups, crn_value bias)
{
    crn_convolution_attributes a = {.window = *window, .groups = groups};
    return add(graph, &a, x, kernel, bias);
}

crn_value crn_transposed_convolution(crn_graph *graph, crn_value x, const crn_window *window,
                                     crn_value kernel, crn_value bias)
{
    crn_convolution_attributes a = {.window = *window, .transposed = true, .groups = 1};
    return add(graph, &a, x, kernel, bias);
}
