/* SPDX-License-Identifier: BSD-3-Clause */
/* argmax: int64 index of the first largest element of the last axis; a NaN counts as largest,
 * as in numpy.argmax. */
#include <math.h>
#include <stdio.h>

#include "ops/infer.h"
#include "ops/rows.h"

static crn_status argmax_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    (void)attributes;
    CRN_TRY(crn_infer_count("argmax", n_in, 1, 1, err));
    CRN_TRY(crn_infer_float("argmax", &in[0], err));
    if (in[0].ndim < 1 || crn_type_last(&in[0]) < 1)
        return crn_fail(err, CRN_SHAPE, "attempt to get argmax of an empty sequence");
    out[0] = in[0];
    out[0].ndim = in[0].ndim - 1;
    out[0].dtype = CRN_INT64;
    out[0].itemsize = sizeof(int64_t);
    return CRN_OK;
}

#define DEFINE_ARGMAX(R, suffix)                                                               \
    static int64_t argmax_##suffix(int64_t n, const R *x, bool of_softmax)                     \
    {                                                                                          \
        int64_t best = 0;                                                                      \
        for (int64_t j = 1; j < n && x[best] == x[best]; j++) {                                \
            if (!(x[j] <= x[best]))                                                            \
                best = j;                                                                      \
        }                                                                                      \
        return of_softmax && !isfinite(x[best]) ? 0 : best;                                    \
    }

DEFINE_ARGMAX(float, f32)
DEFINE_ARGMAX(double, f64)

static void argmax_forward(const crn_call *call)
{
    bool of_softmax = ((const crn_argmax_attributes *)call->attributes)->of_softmax;
    int64_t n = crn_type_last(&call->in_types[0]);
    int64_t rows = crn_type_count(&call->out_types[0], call->rows);
    int64_t *y = call->out[0];
    if (call->in_types[0].dtype == CRN_FLOAT32) {
        const float *x = call->in[0];
        for (int64_t row = 0; row < rows; row++)
            y[row] = argmax_f32(n, x + row * n, of_softmax);
    } else {
        const double *x = call->in[0];
        for (int64_t row = 0; row < rows; row++)
            y[row] = argmax_f64(n, x + row * n, of_softmax);
    }
}

static void argmax_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    (void)attributes, (void)out;
    cost->multiply_adds = (double)crn_type_size(&in[0]);
}

static void argmax_describe(const void *attributes, char *buffer, size_t size)
{
    bool of_softmax = ((const crn_argmax_attributes *)attributes)->of_softmax;
    snprintf(buffer, size, "%s", of_softmax ? "of softmax" : "");
}

const crn_op crn_op_argmax = {
    .name = "argmax",
    .attributes_size = sizeof(crn_argmax_attributes),
    .n_out = 1,
    .infer = argmax_infer,
    .forward = argmax_forward,
    .cost = argmax_cost,
    .describe = argmax_describe,
};

crn_value crn_argmax(crn_graph *graph, crn_value x)
{
    return crn_graph_add(graph, &crn_op_argmax, &(crn_argmax_attributes){0}, &x, 1);
}
