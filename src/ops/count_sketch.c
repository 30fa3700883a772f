/* SPDX-License-Identifier: BSD-3-Clause */
/* count_sketch: the tensor sketch of a polynomial kernel (Pham and Pagh, KDD 2013).
 * scikit-learn multiplies Fourier transforms; each sketch has no more entries than the row has
 * features, so the circular convolution itself is as quick for usual sizes, and loses
 * nothing. */
#include <stdio.h>
#include <string.h>

#include "ops/feature_maps.h"
#include "ops/infer.h"

static crn_status count_sketch_infer(const void *attributes, const crn_type *in, int n_in,
                                     crn_type *out, crn_error *err)
{
    const crn_count_sketch_attributes *at = attributes;
    CRN_TRY(crn_infer_count("count_sketch", n_in, 3, 3, err));
    if (at->components < 1)
        return crn_fail(err, CRN_ARGUMENT, "count_sketch: no components");
    if (in[0].dtype != CRN_FLOAT64 || !in[0].rows || in[0].ndim != 1 ||
        in[1].dtype != CRN_INT64 || in[1].rows || in[1].ndim != 2 || in[1].shape[0] < 1 ||
        in[1].shape[1] != in[0].shape[0])
        return crn_infer_misfit("count_sketch", &in[0], &in[1], err);
    if (in[2].dtype != CRN_FLOAT64 || in[2].rows || in[2].ndim != 2 ||
        in[2].shape[0] != in[1].shape[0] || in[2].shape[1] != in[1].shape[1])
        return crn_infer_misfit("count_sketch", &in[1], &in[2], err);
    out[0] = crn_type_vector(CRN_FLOAT64, at->components);
    return CRN_OK;
}

/* The product so far. */
static size_t count_sketch_scratch(const void *attributes, const crn_type *in, int n_in,
                                   int64_t rows)
{
    (void)in, (void)n_in, (void)rows;
    const crn_count_sketch_attributes *at = attributes;
    return (size_t)at->components * sizeof(double);
}

/* out[i] = sum over features of sign x so_far[i - index], round the circle. */
static void convolve(const double *x, const int64_t *index, const double *sign, int64_t n,
                     const double *so_far, int64_t components, double *out)
{
    memset(out, 0, (size_t)components * sizeof *out);
    for (int64_t j = 0; j < n; j++) {
        const double weight = sign[j] * x[j];
        const int64_t shift = index[j];
        if (weight == 0.0)
            continue;
        for (int64_t i = shift; i < components; i++)
            out[i] += weight * so_far[i - shift];
        for (int64_t i = 0; i < shift; i++)
            out[i] += weight * so_far[i - shift + components];
    }
}

static void count_sketch_forward(const crn_call *call)
{
    const int64_t components = call->out_types[0].shape[0];
    const int64_t degree = call->in_types[1].shape[0], n = call->in_types[1].shape[1];
    const int64_t *indices = call->in[1]; /* (degree, n) */
    const double *signs = call->in[2];    /* (degree, n) */
    double *so_far = call->scratch;
    for (int64_t row = 0; row < call->rows; row++) {
        const double *x = (const double *)call->in[0] + row * n;
        double *out = (double *)call->out[0] + row * components;
        memset(out, 0, (size_t)components * sizeof *out);
        for (int64_t j = 0; j < n; j++)
            out[indices[j]] += signs[j] * x[j];
        for (int64_t d = 1; d < degree; d++) {
            memcpy(so_far, out, (size_t)components * sizeof *out);
            convolve(x, indices + d * n, signs + d * n, n, so_far, components, out);
        }
    }
}

static void count_sketch_cost(const void *attributes, const crn_type *in, const crn_type *out,
                              crn_cost *cost)
{
    (void)attributes;
    cost->multiply_adds = (double)crn_type_size(&in[1]) * (double)crn_type_size(&out[0]);
    cost->bytes = 16.0 * (double)crn_type_size(&in[1]);
}

static void count_sketch_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_count_sketch_attributes *at = attributes;
    snprintf(buffer, size, "components=%lld", (long long)at->components);
}

const crn_op crn_op_count_sketch = {
    .name = "count_sketch",
    .attributes_size = sizeof(crn_count_sketch_attributes),
    .n_out = 1,
    .infer = count_sketch_infer,
    .scratch = count_sketch_scratch,
    .forward = count_sketch_forward,
    .cost = count_sketch_cost,
    .describe = count_sketch_describe,
};

crn_value crn_count_sketch(crn_graph *graph, crn_value x, crn_value indices, crn_value signs,
                           int64_t components)
{
    crn_count_sketch_attributes attributes = {.components = components};
    return crn_graph_add(graph, &crn_op_count_sketch, &attributes,
                         (crn_value[]){x, indices, signs}, 3);
}
