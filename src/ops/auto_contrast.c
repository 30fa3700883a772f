/* SPDX-License-Identifier: BSD-3-Clause */
/* auto_contrast: numbers stretched between the smallest and the largest of their channel, as
 * keras/src/layers/preprocessing/image_preprocessing/auto_contrast.py (3.15), step by step in
 * float32. */
#include <math.h>

#include "ops/image.h"
#include "ops/infer.h"

static crn_status auto_contrast_infer(const void *attributes, const crn_type *in, int n_in,
                                      crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("auto_contrast", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT32)
        return crn_fail(err, CRN_DTYPE, "auto_contrast: takes float32, not %s",
                        crn_dtype_name(in[0].dtype));
    if (!in[0].rows || in[0].sparse || in[0].ndim < 2)
        return crn_fail(err, CRN_SHAPE, "auto_contrast: takes images");
    out[0] = in[0];
    return CRN_OK;
}

static float clip_byte(float x)
{
    return x < 0.0f ? 0.0f : x > 255.0f ? 255.0f : x;
}

/* n numbers, `step` apart. */
static void stretch(crn_value_range range, int64_t n, int64_t step, const float *x, float *y)
{
    float low = INFINITY, high = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const float byte = crn_to_bytes(x[i * step], range);
        low = byte < low ? byte : low;
        high = byte > high ? byte : high;
    }
    const float scale = 255.0f / (high - low), offset = -low * scale;
    for (int64_t i = 0; i < n; i++) {
        const float byte = crn_to_bytes(x[i * step], range);
        const float result = crn_from_bytes(clip_byte(byte * scale + offset), range);
        y[i * step] = isnan(result) ? x[i * step] : result;
    }
}

static void auto_contrast_forward(const crn_call *call)
{
    const crn_value_range *range = call->attributes;
    const crn_type *type = &call->in_types[0];
    const int64_t n = type->shape[0] * type->shape[1], size = crn_type_size(type);
    const int64_t inner = n > 0 ? size / n : 0;
    for (int64_t row = 0; row < call->rows; row++) {
        for (int64_t j = 0; j < inner; j++)
            stretch(*range, n, inner, (const float *)call->in[0] + row * size + j,
                    (float *)call->out[0] + row * size + j);
    }
}

static void auto_contrast_cost(const void *attributes, const crn_type *in, const crn_type *out,
                               crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 6.0 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_auto_contrast = {
    .name = "auto_contrast",
    .attributes_size = sizeof(crn_value_range),
    .n_out = 1,
    .infer = auto_contrast_infer,
    .forward = auto_contrast_forward,
    .cost = auto_contrast_cost,
};

crn_value crn_auto_contrast(crn_graph *graph, crn_value x, crn_value_range range)
{
    return crn_graph_add(graph, &crn_op_auto_contrast, &range, &x, 1);
}
