/* SPDX-License-Identifier: BSD-3-Clause */
/* affine: y = act(x W + b). Inputs: x, weights, bias (optional).
 *
 * The product is our kernel's at all sizes. It keeps up with OpenBLAS 0.3.21 on one thread from
 * 64 x 784 x 512 to 1024 x 1024 x 1024 and is faster below (bench/bench_kernels.c), gives a row
 * the same bits in any block, starts no threads of its own inside ours, and leaves BLAS to
 * fitting. */
#include "ops/affine.h"

#include <stdio.h>

#include "ops/backward.h"
#include "ops/infer.h"

static crn_status affine_infer(const void *attributes, const crn_type *in, int n_in,
                               crn_type *out, crn_error *err)
{
    const crn_affine_attributes *a = attributes;
    CRN_TRY(crn_infer_count("affine", n_in, 2, 3, err));
    CRN_TRY(crn_infer_float("affine", &in[0], err));
    const crn_type *w = &in[1];
    if (w->rows || w->ndim != 2 || w->dtype != in[0].dtype || in[0].ndim < 1)
        return crn_infer_misfit("affine", &in[0], w, err);
    int64_t n_in_features = w->shape[a->transposed ? 1 : 0];
    int64_t n_out = w->shape[a->transposed ? 0 : 1];
    if (crn_type_last(&in[0]) != n_in_features)
        return crn_infer_misfit("affine", &in[0], w, err);
    if (n_in == 3 && in[2].dtype != CRN_NO_DTYPE &&
        (in[2].rows || in[2].dtype != w->dtype || in[2].ndim != 1 || in[2].shape[0] != n_out))
        return crn_infer_misfit("affine", w, &in[2], err);
    out[0] = in[0];
    out[0].shape[in[0].ndim - 1] = n_out;
    return CRN_OK;
}

static void affine_forward(const crn_call *call)
{
    const crn_affine_attributes *a = call->attributes;
    const crn_type *type = &call->out_types[0];
    int64_t rows = (type->rows ? call->rows : 1) * crn_type_outer(type);
    int64_t n_in = crn_type_last(&call->in_types[0]);
    int64_t n_out = crn_type_last(type);
    const void *bias = call->n_in == 3 ? call->in[2] : NULL;

    if (type->dtype == CRN_FLOAT32)
        call->kernels->affine_f32(rows, n_in, n_out, call->in[0], call->in[1], a->transposed,
                                  bias, call->out[0], call->scratch);
    else
        call->kernels->affine_f64(rows, n_in, n_out, call->in[0], call->in[1], a->transposed,
                                  bias, call->out[0], call->scratch);
    if (a->activation.kind != CRN_LINEAR)
        crn_activation_run(&a->activation, type->dtype, rows * n_out, call->out[0],
                           call->out[0], call->kernels);
}

static size_t affine_scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    (void)attributes, (void)in, (void)n_in, (void)rows;
    return CRN_AFFINE_SCRATCH;
}

static void affine_cost(const void *attributes, const crn_type *in, const crn_type *out,
                        crn_cost *cost)
{
    const crn_affine_attributes *a = attributes;
    double weights = (double)crn_type_size(&in[1]);
    cost->multiply_adds = weights * (double)crn_type_outer(&out[0]);
    cost->bytes = weights * (double)in[1].itemsize;
    crn_cost activation = {0};
    if (a->activation.kind != CRN_LINEAR)
        crn_op_activation.cost(&a->activation, in, out, &activation);
    cost->multiply_adds += activation.multiply_adds;
}

static void affine_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_affine_attributes *a = attributes;
    bool active = a->activation.kind != CRN_LINEAR;
    snprintf(buffer, size, "%s%s%s%s", a->transposed ? "transposed" : "",
             a->transposed && active ? " " : "", active ? "activation=" : "",
             active ? crn_activation_name(a->activation.kind) : "");
}

const crn_op crn_op_affine = {
    .name = "affine",
    .attributes_size = sizeof(crn_affine_attributes),
    .n_out = 1,
    .infer = affine_infer,
    .scratch = affine_scratch,
    .forward = affine_forward,
    .backward = crn_affine_backward,
    .cost = affine_cost,
    .describe = affine_describe,
};

crn_value crn_affine(crn_graph *graph, crn_value x, crn_value weights, bool transposed,
                     crn_value bias)
{
    crn_affine_attributes attributes = {.transposed = transposed};
    crn_value in[3] = {x, weights, bias};
    return crn_graph_add(graph, &crn_op_affine, &attributes, in, bias == CRN_NO_VALUE ? 2 : 3);
}
