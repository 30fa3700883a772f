/* SPDX-License-Identifier: BSD-3-Clause */
/* resample: weighted sums of neighbours along one axis, what resizing, cutting and filling of
 * images are made of. Sums run in float32 from the first neighbour on, as the kernels of
 * tf.raw_ops.ScaleAndTranslate and ResizeBicubic do (TensorFlow 2.15). Inputs: x, start,
 * weights, offset. */
#include <stdio.h>
#include <string.h>

#include "ops/image.h"
#include "ops/infer.h"

static crn_status resample_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    const crn_resample_attributes *a = attributes;
    CRN_TRY(crn_infer_count("resample", n_in, 4, 4, err));
    const crn_type *x = &in[0], *start = &in[1], *weights = &in[2], *offset = &in[3];
    if (x->dtype != CRN_FLOAT32 || weights->dtype != CRN_FLOAT32 || start->dtype != CRN_INT64)
        return crn_fail(err, CRN_DTYPE, "resample: takes float32, not %s",
                        crn_dtype_name(x->dtype));
    if (a->axis < 0 || a->axis >= x->ndim)
        return crn_fail(err, CRN_ARGUMENT, "resample: no axis %d in an item of %d axes",
                        (int)a->axis, (int)x->ndim);
    if (start->rows || start->ndim != 1 || weights->rows || weights->ndim != 2 ||
        weights->shape[0] != start->shape[0])
        return crn_infer_misfit("resample", start, weights, err);
    if (offset->dtype != CRN_NO_DTYPE &&
        (offset->dtype != CRN_FLOAT32 || offset->rows || offset->ndim != 1 ||
         offset->shape[0] != start->shape[0]))
        return crn_infer_misfit("resample", start, offset, err);
    out[0] = *x;
    out[0].shape[a->axis] = start->shape[0];
    return CRN_OK;
}

static void add_scaled(int64_t n, float weight, const float *x, float *y)
{
    for (int64_t j = 0; j < n; j++)
        y[j] += weight * x[j];
}

static void resample_forward(const crn_call *call)
{
    const crn_resample_attributes *a = call->attributes;
    const crn_type *type = &call->in_types[0];
    const int64_t n = call->out_types[0].shape[a->axis], taps = call->in_types[2].shape[1];
    const int64_t *start = call->in[1];                        /* (n) */
    const float *weights = call->in[2], *offset = call->in[3]; /* (n, taps); (n) */
    const float *x = call->in[0];                              /* (outer, length, inner) */
    float *y = call->out[0];                                   /* (outer, n, inner) */
    int64_t outer = type->rows ? call->rows : 1, inner = 1;
    for (int32_t i = 0; i < a->axis; i++)
        outer *= type->shape[i];
    for (int32_t i = a->axis + 1; i < type->ndim; i++)
        inner *= type->shape[i];
    for (int64_t o = 0; o < outer; o++, x += type->shape[a->axis] * inner) {
        for (int64_t i = 0; i < n; i++, y += inner) {
            for (int64_t j = 0; j < inner; j++)
                y[j] = offset != NULL ? offset[i] : 0.0f;
            for (int64_t k = 0; k < taps; k++) {
                const float weight = weights[i * taps + k];
                if (weight != 0.0f)
                    add_scaled(inner, weight, x + (start[i] + k) * inner, y);
            }
        }
    }
}

static void resample_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = (double)crn_type_size(&out[0]) * (double)in[2].shape[1];
    cost->bytes = (double)crn_type_size(&in[2]) * sizeof(float);
}

static void resample_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_resample_attributes *a = attributes;
    snprintf(buffer, size, "axis=%d", (int)a->axis);
}

const crn_op crn_op_resample = {
    .name = "resample",
    .attributes_size = sizeof(crn_resample_attributes),
    .n_out = 1,
    .infer = resample_infer,
    .forward = resample_forward,
    .cost = resample_cost,
    .describe = resample_describe,
};

crn_value crn_resample(crn_graph *graph, crn_value x, int32_t axis, crn_value start,
                       crn_value weights, crn_value offset)
{
    const crn_resample_attributes attributes = {.axis = axis};
    return crn_graph_add(graph, &crn_op_resample, &attributes,
                         (crn_value[]){x, start, weights, offset}, 4);
}
