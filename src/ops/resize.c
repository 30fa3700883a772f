/* SPDX-License-Identifier: BSD-3-Clause */
/* Resizing an image: both axes become sums of neighbours (resample), whose weights are found
 * here, once, as tf.image.resize (TensorFlow 2.15) finds them: in float32 and with its own
 * tables, since a cubic of 1024 steps differs from an exact one in the third digit. */
#include <math.h>
#include <string.h>

#include "ops/image.h"

/* ---- kernels: weights of a neighbour at distance x >= 0 ---- */

static float triangle(float x)
{
    return x < 1.0f ? 1.0f - x : 0.0f;
}

static float keys_cubic(float x)
{
    if (x >= 2.0f)
        return 0.0f;
    if (x >= 1.0f)
        return ((-0.5f * x + 2.5f) * x - 4.0f) * x + 2.0f;
    return ((1.5f * x - 2.5f) * x) * x + 1.0f;
}

/* D. P. Mitchell and A. N. Netravali: Reconstruction Filters in Computer Graphics (1988), with
 * B = C = 1/3. */
static float mitchell_cubic(float x)
{
    if (x >= 2.0f)
        return 0.0f;
    if (x >= 1.0f)
        return (((-7.0f / 18.0f) * x + 2.0f) * x - 10.0f / 3.0f) * x + 16.0f / 9.0f;
    return (((7.0f / 6.0f) * x - 2.0f) * x) * x + 8.0f / 9.0f;
}

static float gaussian(float x)
{
    const float radius = 1.5f, sigma = radius / 3.0f;
    return x < radius ? expf(-x * x / (2.0f * sigma * sigma)) : 0.0f;
}

static float lanczos(float radius, float x)
{
    const float pi = 3.14159265359f;
    if (x > radius)
        return 0.0f;
    if (x <= 1e-3f)
        return 1.0f;
    return radius * sinf(pi * x) * sinf(pi * x / radius) / (pi * pi * x * x);
}

static float lanczos3(float x)
{
    return lanczos(3.0f, x);
}

static float lanczos5(float x)
{
    return lanczos(5.0f, x);
}

/* Those that tf.image.resize gives to ScaleAndTranslate; bilinear and bicubic only to
 * smooth. */
static const struct {
    const char *name;
    float (*kernel)(float x);
    float radius;
    bool always; /* not only with antialias */
} methods[] = {
    [CRN_RESIZE_BILINEAR] = {"bilinear", triangle, 1.0f, false},
    [CRN_RESIZE_NEAREST] = {"nearest", NULL, 0.0f, false},
    [CRN_RESIZE_BICUBIC] = {"bicubic", keys_cubic, 2.0f, false},
    [CRN_RESIZE_AREA] = {"area", NULL, 0.0f, false},
    [CRN_RESIZE_LANCZOS3] = {"lanczos3", lanczos3, 3.0f, true},
    [CRN_RESIZE_LANCZOS5] = {"lanczos5", lanczos5, 5.0f, true},
    [CRN_RESIZE_GAUSSIAN] = {"gaussian", gaussian, 1.5f, true},
    [CRN_RESIZE_MITCHELLCUBIC] = {"mitchellcubic", mitchell_cubic, 2.0f, true},
};

bool crn_resize_method_find(const char *name, crn_resize_method *out)
{
    for (size_t i = 0; name != NULL && i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(methods[i].name, name) == 0) {
            *out = (crn_resize_method)i;
            return true;
        }
    }
    return false;
}

/* ---- one axis ---- */

typedef struct axis_plan {
    crn_resize_method method;
    bool spans, identity; /* kernels over spans; no resizing at all */
    float scale;          /* of the input's places to one of the output */
    float kernel_scale;
    int64_t length, size, taps;
} axis_plan;

/* A row of weights under construction: of the window's places first, first + 1, ... */
typedef struct taps_row {
    int64_t first;
    float *weights; /* [taps], zeroed */
} taps_row;

static int64_t clamp(int64_t i, int64_t most)
{
    return i < 0 ? 0 : i > most ? most : i;
}

static void weigh_nearest(const axis_plan *plan, int64_t i, taps_row *row)
{
    row->first = clamp((int64_t)floorf(((float)i + 0.5f) * plan->scale), plan->length - 1);
    row->weights[0] = 1.0f;
}

static void weigh_bilinear(const axis_plan *plan, int64_t i, taps_row *row)
{
    const float at = ((float)i + 0.5f) * plan->scale - 0.5f, below = floorf(at);
    const int64_t upper = clamp((int64_t)ceilf(at), plan->length - 1);
    row->first = clamp((int64_t)below, plan->length - 1);
    row->weights[0] = 1.0f - (at - below);
    row->weights[upper - row->first] += at - below;
}

/* The cubic of R. G. Keys (1981) with a = -1/2, of which TensorFlow keeps 1024 steps. */
enum { CUBIC_STEPS = 1024 };

static float cubic_near(int64_t step)
{
    const float x = (float)step / CUBIC_STEPS;
    return (float)(((-0.5 + 2) * x - (-0.5 + 3)) * x * x + 1);
}

static float cubic_far(int64_t step)
{
    const float x = (float)step / CUBIC_STEPS + 1.0f;
    return (float)(((-0.5 * x - 5 * -0.5) * x + 8 * -0.5) * x - 4 * -0.5);
}

/* Neighbours outside the image count nothing, and the others fill up to 1. */
static void fill_up(int64_t n, float *weights)
{
    float sum = 0.0f;
    for (int64_t k = 0; k < n; k++)
        sum += weights[k];
    const float factor = fabsf(sum) >= 1000.0f * 1.17549435e-38f ? 1.0f / sum : 0.0f;
    for (int64_t k = 0; k < n; k++)
        weights[k] *= factor;
}

static void weigh_bicubic(const axis_plan *plan, int64_t i, taps_row *row)
{
    const float at = ((float)i + 0.5f) * plan->scale - 0.5f;
    const int64_t below = (int64_t)floorf(at);
    const int64_t step = lrintf((at - (float)below) * CUBIC_STEPS);
    const float all[4] = {cubic_far(step), cubic_near(step), cubic_near(CUBIC_STEPS - step),
                          cubic_far(CUBIC_STEPS - step)};
    row->first = below - 1;
    for (int64_t k = 0; k < 4; k++) {
        const int64_t place = row->first + k;
        row->weights[k] = place >= 0 && place < plan->length ? all[k] : 0.0f;
    }
    fill_up(4, row->weights);
}

static void weigh_span(const axis_plan *plan, int64_t i, taps_row *row)
{
    const float radius = methods[plan->method].radius * plan->kernel_scale;
    const float at = ((float)i + 0.5f) * plan->scale;
    if (at < 0.0f || at > (float)plan->length)
        return;
    const int64_t last = clamp((int64_t)floorf(at + radius - 0.5f), plan->length - 1);
    row->first = clamp((int64_t)ceilf(at - radius - 0.5f), plan->length - 1);
    for (int64_t k = 0; k < plan->taps && row->first + k <= last; k++) {
        const float distance = (float)(row->first + k) + 0.5f - at;
        row->weights[k] =
            methods[plan->method].kernel(fabsf(distance * (1.0f / plan->kernel_scale)));
    }
    fill_up(plan->taps, row->weights);
}

/* Boxes: what of each place lies within. */
static void weigh_area(const axis_plan *plan, int64_t i, taps_row *row)
{
    const float from = (float)i * plan->scale, to = (float)(i + 1) * plan->scale;
    row->first = (int64_t)floorf(from);
    for (int64_t k = 0; k < plan->taps && (float)(row->first + k) < to; k++) {
        const float place = (float)(row->first + k);
        float share = place + 1.0f > to ? to - place : 1.0f;
        if (place < from)
            share = place + 1.0f > to ? plan->scale : place + 1.0f - from;
        /* rounding may name one place too many: TensorFlow takes the last then */
        const int64_t into = clamp(row->first + k, plan->length - 1) - row->first;
        row->weights[into < 0 ? 0 : into] += share / plan->scale;
    }
}

static void weigh(const axis_plan *plan, int64_t i, taps_row *row)
{
    row->first = i;
    if (plan->identity)
        row->weights[0] = 1.0f;
    else if (plan->spans)
        weigh_span(plan, i, row);
    else if (plan->method == CRN_RESIZE_NEAREST)
        weigh_nearest(plan, i, row);
    else if (plan->method == CRN_RESIZE_BILINEAR)
        weigh_bilinear(plan, i, row);
    else if (plan->method == CRN_RESIZE_BICUBIC)
        weigh_bicubic(plan, i, row);
    else
        weigh_area(plan, i, row);
}

static int64_t count_taps(const axis_plan *plan)
{
    if (plan->identity || plan->method == CRN_RESIZE_NEAREST)
        return 1;
    if (plan->spans) {
        const float radius = ceilf(methods[plan->method].radius * plan->kernel_scale);
        const int64_t taps = 2 * (int64_t)radius + 1;
        return taps < plan->length ? taps : plan->length;
    }
    if (plan->method == CRN_RESIZE_AREA)
        return (int64_t)ceilf(plan->scale) + 1;
    return plan->method == CRN_RESIZE_BILINEAR ? 2 : 4;
}

static axis_plan plan_axis(const crn_resize_attributes *a, const crn_resize_window *window)
{
    axis_plan plan = {.method = a->method, .length = window->length, .size = window->size};
    const bool same = a->height.length == a->height.size && a->width.length == a->width.size;
    plan.identity = same;
    plan.scale = (float)window->length / (float)window->size;
    plan.spans = methods[a->method].always || (a->antialias && methods[a->method].kernel);
    if (plan.spans) { /* the inverse of a rounded scale, as the kernel has it */
        const float scale = (float)window->size / (float)window->length;
        plan.scale = (float)(1.0 / (double)scale);
    }
    plan.kernel_scale = a->antialias && plan.scale > 1.0f ? plan.scale : 1.0f;
    plan.taps = count_taps(&plan);
    return plan;
}

/* ---- the constants of resample ---- */

typedef struct tables {
    crn_array start, weights, offset;
} tables;

static void free_tables(tables *t)
{
    crn_array_free(&t->start);
    crn_array_free(&t->weights);
    crn_array_free(&t->offset);
}

/* So that a config of a few bytes cannot make us take all memory. */
enum { MOST_WEIGHTS = 1 << 26 };

static crn_status create_tables(const axis_plan *plan, tables *t, crn_error *err)
{
    const int64_t shape[2] = {plan->size, plan->taps};
    if (plan->taps > MOST_WEIGHTS / plan->size)
        return crn_fail(err, CRN_LIMIT, "resize: from %lld to %lld places is not supported",
                        (long long)plan->length, (long long)plan->size);
    CRN_TRY(crn_array_create(CRN_INT64, 0, 1, shape, &t->start, err));
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, 2, shape, &t->weights, err));
    return crn_array_create(CRN_FLOAT32, 0, 1, shape, &t->offset, err);
}

/* From the window's places to those of the axis; what is outside goes into the offset. True
 * when something was. */
static bool fill_tables(const axis_plan *plan, int64_t begin, int64_t axis_length, double fill,
                        tables *t)
{
    bool outside = false;
    float *offsets = t->offset.data;
    memset(t->weights.data, 0, (size_t)(plan->size * plan->taps) * sizeof(float));
    for (int64_t i = 0; i < plan->size; i++) {
        taps_row row = {.weights = (float *)t->weights.data + i * plan->taps};
        offsets[i] = 0.0f;
        weigh(plan, i, &row);
        const int64_t start = row.first + begin;
        for (int64_t k = 0; k < plan->taps; k++) {
            if (row.weights[k] == 0.0f || (start + k >= 0 && start + k < axis_length))
                continue;
            offsets[i] += row.weights[k] * (float)fill;
            row.weights[k] = 0.0f;
            outside = true;
        }
        ((int64_t *)t->start.data)[i] = start;
    }
    return outside;
}

static crn_value resize_axis(crn_graph *graph, crn_value x, const crn_resize_attributes *a,
                             int32_t axis, const crn_resize_window *window)
{
    const int64_t length = crn_graph_type(graph, x)->shape[axis];
    const axis_plan plan = plan_axis(a, window);
    tables t = {CRN_ARRAY_INIT, CRN_ARRAY_INIT, CRN_ARRAY_INIT};
    if (plan.identity && window->begin == 0 && window->length == length)
        return x;
    crn_value y = CRN_NO_VALUE;
    if (create_tables(&plan, &t, &graph->error) == CRN_OK) {
        const bool filled = fill_tables(&plan, window->begin, length, a->fill, &t);
        const crn_value start = crn_graph_constant(graph, &t.start);
        const crn_value weights = crn_graph_constant(graph, &t.weights);
        y = crn_resample(graph, x, axis, start, weights,
                         filled ? crn_graph_constant(graph, &t.offset) : CRN_NO_VALUE);
    }
    free_tables(&t);
    return y;
}

static bool is_window(const crn_resize_window *window)
{
    return window->length > 0 && window->size > 0;
}

crn_value crn_resize(crn_graph *graph, crn_value x, const crn_resize_attributes *attributes)
{
    const int32_t axis = attributes->axis;
    if (axis < 0 || axis + 1 >= crn_graph_type(graph, x)->ndim ||
        !is_window(&attributes->height) || !is_window(&attributes->width))
        return crn_graph_fail(graph, CRN_SHAPE, "resize: there is no image, or a size of 0");
    x = resize_axis(graph, x, attributes, axis, &attributes->height);
    return resize_axis(graph, x, attributes, axis + 1, &attributes->width);
}
