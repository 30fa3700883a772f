/* SPDX-License-Identifier: BSD-3-Clause */
/* decibels: powers on a logarithmic scale, no further below the loudest of their batch than a
 * range, as MelSpectrogram._dbscale (keras/src/layers/preprocessing/mel_spectrogram.py, 3.15).
 * model.predict() gives a layer batches of 32 rows, and so the loudest is that of 32 rows here. */
#include <math.h>

#include "ops/infer.h"
#include "ops/signal.h"

static crn_status decibels_infer(const void *attributes, const crn_type *in, int n_in,
                                 crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("decibels", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT32 || !in[0].rows || in[0].sparse)
        return crn_fail(err, CRN_DTYPE, "decibels: takes rows of float32, not %s",
                        crn_dtype_name(in[0].dtype));
    out[0] = in[0];
    return CRN_OK;
}

static void scale_batch(const crn_decibels_attributes *a, int64_t n, const float *x, float *y)
{
    float loudest = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        y[i] = 10.0f * log10f(x[i] < a->least ? a->least : x[i]) - a->reference;
        loudest = y[i] > loudest ? y[i] : loudest;
    }
    for (int64_t i = 0; i < n; i++)
        y[i] = y[i] < loudest - a->range ? loudest - a->range : y[i];
}

static void decibels_forward(const crn_call *call)
{
    const int64_t size = crn_type_size(&call->in_types[0]);
    for (int64_t row = 0; row < call->rows; row += CRN_DECIBELS_BATCH) {
        const int64_t left = call->rows - row;
        const int64_t rows = left < CRN_DECIBELS_BATCH ? left : CRN_DECIBELS_BATCH;
        scale_batch(call->attributes, rows * size, (const float *)call->in[0] + row * size,
                    (float *)call->out[0] + row * size);
    }
}

static void decibels_cost(const void *attributes, const crn_type *in, const crn_type *out,
                          crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = 20.0 * (double)crn_type_size(&out[0]);
}

const crn_op crn_op_decibels = {
    .name = "decibels",
    .attributes_size = sizeof(crn_decibels_attributes),
    .flags = CRN_OP_ELEMENTWISE | CRN_OP_ALL_ROWS,
    .n_out = 1,
    .infer = decibels_infer,
    .forward = decibels_forward,
    .cost = decibels_cost,
};

crn_value crn_decibels(crn_graph *graph, crn_value x, const crn_decibels_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_decibels, attributes, &x, 1);
}
