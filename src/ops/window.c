/* SPDX-License-Identifier: BSD-3-Clause */
/* The geometry of sliding windows, as TensorFlow 2.21 defines it
 * (tensorflow/core/framework/kernel_shape_util.cc). */
#include "ops/window.h"

#include "ops/infer.h"

/* Lengths, strides and paddings beyond this could overflow where they are multiplied. */
static const int64_t MOST = (int64_t)1 << 30;

crn_window_axis crn_window_point(void)
{
    return crn_window_axis_of(1, 1, 1, 1, 0, 0);
}

crn_window_axis crn_window_axis_of(int64_t n_in, int64_t size, int64_t stride, int64_t dilation,
                                   int64_t before, int64_t after)
{
    const int64_t room = n_in + before + after - ((size - 1) * dilation + 1);
    return (crn_window_axis){.n_in = n_in,
                             .n_out = room < 0 ? 0 : room / stride + 1,
                             .size = size,
                             .stride = stride,
                             .dilation = dilation,
                             .before = before,
                             .out_step = 1,
                             .tap_step = 1};
}

/* Output phase + stride q is reached by the taps remainder + stride t, from input q + ahead - t;
 * with the taps in falling order the inputs rise. Only without
 * strides are taps apart. */
crn_window_axis crn_window_phase(const crn_window_axis *axis, int64_t phase)
{
    const int64_t stride = axis->stride, remainder = (phase + axis->before) % stride;
    const int64_t ahead = (phase + axis->before) / stride;
    const int64_t taps = remainder < axis->size ? (axis->size - 1 - remainder) / stride + 1 : 0;
    return (crn_window_axis){.n_in = axis->n_in,
                             .n_out = (axis->n_out - phase - 1) / stride + 1,
                             .size = taps,
                             .stride = 1,
                             .dilation = axis->dilation,
                             .before = (taps - 1) * axis->dilation - ahead,
                             .out_first = phase,
                             .out_step = stride,
                             .tap_first = remainder + stride * (taps - 1),
                             .tap_step = -stride};
}

static bool is_sound(const crn_window_axis *a)
{
    return a->n_in >= 0 && a->n_in <= MOST && a->n_out >= 0 && a->n_out <= MOST &&
           a->size >= 0 && a->size <= MOST && a->stride >= 1 && a->stride <= MOST &&
           a->dilation >= 1 && a->dilation <= MOST && a->before >= -MOST && a->before <= MOST;
}

crn_status crn_window_infer(const char *op, const crn_window *window, const crn_type *x,
                            int64_t *channels, crn_error *err)
{
    char text[128];
    bool fits = x->rows && x->dtype == CRN_FLOAT32 && !x->sparse && x->ndim >= 2 &&
                x->ndim <= CRN_WINDOW_AXES + 1;
    for (int k = 0; fits && k < CRN_WINDOW_AXES; k++) {
        const int32_t axis = k + x->ndim - 1 - CRN_WINDOW_AXES;
        fits = is_sound(&window->axis[k]) &&
               window->axis[k].n_in == (axis < 0 ? 1 : x->shape[axis]) &&
               (axis >= 0 || window->axis[k].n_out == 1);
    }
    if (!fits)
        return crn_fail(err, CRN_SHAPE, "%s: the window does not fit %s", op,
                        crn_type_text(x, text, sizeof text));
    *channels = crn_type_last(x);
    return CRN_OK;
}

crn_type crn_window_output(const crn_window *window, const crn_type *x, int64_t channels)
{
    crn_type out = *x;
    for (int32_t k = 0; k < x->ndim - 1; k++)
        out.shape[k] = window->axis[CRN_WINDOW_AXES - (x->ndim - 1) + k].n_out;
    out.shape[x->ndim - 1] = channels;
    return out;
}

int64_t crn_window_taps(const crn_window *window)
{
    return window->axis[0].size * window->axis[1].size * window->axis[2].size;
}

int64_t crn_window_outputs(const crn_window *window)
{
    return window->axis[0].n_out * window->axis[1].n_out * window->axis[2].n_out;
}

/* ---- segments ---- */

/* The taps of one output that are inside. */
static crn_window_segment taps_at(const crn_window_axis *axis, int64_t i)
{
    const int64_t first = i * axis->stride - axis->before;
    crn_window_segment s = {.begin = i, .end = i + 1};
    s.tap_end = first >= axis->n_in ? 0 : (axis->n_in - 1 - first) / axis->dilation + 1;
    if (s.tap_end > axis->size)
        s.tap_end = axis->size;
    s.tap = first >= 0 ? 0 : (-first - 1) / axis->dilation + 1;
    if (s.tap > s.tap_end)
        s.tap = s.tap_end;
    return s;
}

crn_window_segment crn_window_segment_at(const crn_window_axis *axis, int64_t begin)
{
    crn_window_segment s = taps_at(axis, begin);
    for (; s.end < axis->n_out; s.end++) {
        const crn_window_segment next = taps_at(axis, s.end);
        if (next.tap != s.tap || next.tap_end != s.tap_end)
            break;
    }
    return s;
}

bool crn_window_next_box(const crn_window *window, crn_window_box *box)
{
    if (crn_window_outputs(window) == 0)
        return false;
    int k = CRN_WINDOW_AXES - 1;
    if (box->at[0].end == 0) { /* the first one */
        k = -1;
    } else {
        while (k >= 0 && box->at[k].end >= window->axis[k].n_out)
            k--;
        if (k < 0)
            return false;
        box->at[k] = crn_window_segment_at(&window->axis[k], box->at[k].end);
    }
    for (k++; k < CRN_WINDOW_AXES; k++)
        box->at[k] = crn_window_segment_at(&window->axis[k], 0);
    return true;
}
