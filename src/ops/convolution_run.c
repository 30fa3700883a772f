/* SPDX-License-Identifier: BSD-3-Clause */
/* What convolutions and pooling have in common when they run: where boxes of outputs are, which
 * numbers their taps read, and what becomes of a sum. */
#include <math.h>

#include "ops/convolution.h"
#include "ops/infer.h"

/* ---- the end of a sum ---- */

bool crn_conv_clips(const crn_activation *activation, crn_conv_end *end)
{
    const bool relu =
        activation->kind == CRN_RELU && activation->a == 0.0f && activation->c == 0.0f;
    if (!relu && activation->kind != CRN_RELU6)
        return false;
    end->clips = 1;
    end->low = 0.0f;
    end->high = relu ? activation->b : 6.0f;
    return true;
}

static const float *optional(const crn_call *call, int k)
{
    return k < call->n_in ? call->in[k] : NULL;
}

crn_conv_end crn_conv_end_of(const crn_call *call, const crn_activation *activation)
{
    crn_conv_end end = {.factor = optional(call, CRN_CONV_FACTOR),
                        .bias = optional(call, CRN_CONV_BIAS),
                        .other = optional(call, CRN_CONV_OTHER)};
    (void)crn_conv_clips(activation, &end);
    return end;
}

void crn_conv_activate(const crn_call *call, const crn_activation *activation)
{
    crn_conv_end end = {0};
    if (activation->kind == CRN_LINEAR || crn_conv_clips(activation, &end))
        return;
    crn_activation_run(activation, CRN_FLOAT32, crn_type_count(&call->out_types[0], call->rows),
                       call->out[0], call->out[0], call->kernels);
}

crn_status crn_conv_infer_end(const char *op, const crn_type *in, int n_in, const crn_type *out,
                              crn_error *err)
{
    for (int k = CRN_CONV_BIAS; k < n_in; k++) {
        const bool fits = in[k].dtype == CRN_NO_DTYPE ||
                          (k == CRN_CONV_OTHER
                               ? crn_type_equal(&in[k], out)
                               : !in[k].rows && in[k].dtype == CRN_FLOAT32 && in[k].ndim == 1 &&
                                     in[k].shape[0] == out->shape[out->ndim - 1]);
        if (!fits)
            return crn_infer_misfit(op, out, &in[k], err);
    }
    return CRN_OK;
}

/* ---- boxes ---- */

/* Axes whose elements follow one another as those of one axis become one; those of length 1
 * go. */
static crn_conv_box joined(const crn_conv_box *box)
{
    crn_conv_box out = {.count = {1, 1, 1, 1}};
    int top = CRN_BOX_AXES; /* the outermost axis so far */
    for (int k = CRN_BOX_AXES - 1; k >= 0; k--) {
        if (box->count[k] == 1)
            continue;
        if (top < CRN_BOX_AXES && box->x_step[k] == out.count[top] * out.x_step[top] &&
            box->y_step[k] == out.count[top] * out.y_step[top]) {
            out.count[top] *= box->count[k];
            continue;
        }
        top--;
        out.count[top] = box->count[k];
        out.x_step[top] = box->x_step[k];
        out.y_step[top] = box->y_step[k];
    }
    return out;
}

crn_conv_place crn_conv_place_of(const crn_window *window, const crn_window_box *box,
                                 const crn_window *whole, int64_t rows, int64_t channels,
                                 int64_t filters)
{
    crn_conv_place place = {.x = 0};
    int64_t x_size = channels, y_size = filters;
    bool empty = false;
    for (int k = CRN_WINDOW_AXES - 1; k >= 0; k--) {
        const crn_window_axis *axis = &window->axis[k];
        const crn_window_segment *at = &box->at[k];
        place.box.count[k + 1] = at->end - at->begin;
        place.box.x_step[k + 1] = axis->stride * x_size;
        place.box.y_step[k + 1] = axis->out_step * y_size;
        place.x +=
            (at->begin * axis->stride + at->tap * axis->dilation - axis->before) * x_size;
        place.y += (axis->out_first + at->begin * axis->out_step) * y_size;
        empty = empty || at->tap == at->tap_end;
        x_size *= axis->n_in;
        y_size *= whole->axis[k].n_out;
    }
    place.box.count[0] = rows;
    place.box.x_step[0] = x_size;
    place.box.y_step[0] = y_size;
    if (empty) { /* nothing is read */
        place.x = 0;
        for (int k = 0; k < CRN_BOX_AXES; k++)
            place.box.x_step[k] = 0;
    }
    place.box = joined(&place.box);
    return place;
}

int64_t crn_conv_runs(const crn_window *window, const crn_window_box *box,
                      const crn_window *whole, int64_t channels, int64_t n, crn_conv_run *runs)
{
    const crn_window_axis *a = window->axis;
    const crn_window_segment *at = box->at;
    const int64_t line = a[2].n_in * channels, plane = a[1].n_in * line;
    const bool joins = n == channels && a[2].dilation == 1 && a[2].tap_step == 1;
    const int64_t step = joins ? at[2].tap_end - at[2].tap : 1;
    int64_t count = 0;
    for (int64_t i = at[0].tap; i < at[0].tap_end; i++) {
        for (int64_t j = at[1].tap; j < at[1].tap_end; j++) {
            for (int64_t k = at[2].tap; k < at[2].tap_end; k += step) {
                const int64_t tap =
                    ((a[0].tap_first + i * a[0].tap_step) * whole->axis[1].size +
                     a[1].tap_first + j * a[1].tap_step) *
                        whole->axis[2].size +
                    a[2].tap_first + k * a[2].tap_step;
                runs[count++] = (crn_conv_run){
                    .x = (i - at[0].tap) * a[0].dilation * plane +
                         (j - at[1].tap) * a[1].dilation * line +
                         (k - at[2].tap) * a[2].dilation * channels,
                    .w = tap * n,
                    .n = step * n,
                };
            }
        }
    }
    return count;
}
