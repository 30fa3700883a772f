/* SPDX-License-Identifier: BSD-3-Clause */
/* affine: y = act(x W + b). Inputs: x, weights, bias (optional).
 *
 * The product is our kernel's at all sizes. It is faster than OpenBLAS 0.3.21 on one thread
 * (bench/bench_kernels.c), gives a row the same bits in any block, starts no threads of its own
 * inside ours, and leaves BLAS to fitting. */
#include "ops/affine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/backward.h"
#include "ops/infer.h"
#include "ops/sparse.h"

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
    out[0].sparse = false;
    out[0].shape[in[0].ndim - 1] = n_out;
    return CRN_OK;
}

/* y += value * (the weights of one input), whose outputs stand `stride` apart */
#define ADD_ENTRIES(R)                                                                         \
    for (int64_t e = x->starts[i]; e < x->starts[i + 1]; e++) {                                \
        const R value = ((const R *)x->values)[e];                                             \
        const R *w = weights + x->indices[e] * input_stride;                                   \
        for (int64_t k = 0; k < n_out; k++)                                                    \
            y[k] += value * w[k * output_stride];                                              \
    }

/* scipy's csr_matvecs: an output is summed in the order of the row's entries, then the bias is
 * added, as scikit-learn does. */
#define DEFINE_SPARSE_AFFINE(R, suffix)                                                        \
    static void sparse_affine_##suffix(const crn_call *call, bool transposed, int64_t n_in,    \
                                       int64_t n_out)                                          \
    {                                                                                          \
        const crn_sparse *x = call->in[0];                                                     \
        const R *weights = call->in[1];                                                        \
        const R *bias = call->n_in == 3 ? call->in[2] : NULL;                                  \
        const int64_t input_stride = transposed ? 1 : n_out;                                   \
        const int64_t output_stride = transposed ? n_in : 1;                                   \
        for (int64_t i = 0; i < call->rows; i++) {                                             \
            R *y = (R *)call->out[0] + i * n_out;                                              \
            memset(y, 0, (size_t)n_out * sizeof *y);                                           \
            if (output_stride == 1) {                                                          \
                ADD_ENTRIES(R)                                                                 \
            } else {                                                                           \
                ADD_ENTRIES(R)                                                                 \
            }                                                                                  \
            for (int64_t k = 0; bias != NULL && k < n_out; k++)                                \
                y[k] += bias[k];                                                               \
        }                                                                                      \
    }

DEFINE_SPARSE_AFFINE(float, f32)
DEFINE_SPARSE_AFFINE(double, f64)

/* relu and relu6 are bounds of the product: {low, high}, or NULL for the others, which are run
 * afterwards. */
static const void *bounds_of(const crn_activation *a, crn_dtype dtype)
{
    static const float relu_f32[] = {0, INFINITY}, relu6_f32[] = {0, 6};
    static const double relu_f64[] = {0, INFINITY}, relu6_f64[] = {0, 6};
    const bool narrow = dtype == CRN_FLOAT32;
    if (a->kind == CRN_RELU && a->a == 0 && a->b == INFINITY && a->c == 0)
        return narrow ? (const void *)relu_f32 : relu_f64;
    if (a->kind == CRN_RELU6)
        return narrow ? (const void *)relu6_f32 : relu6_f64;
    return NULL;
}

/* x W + b with W (in, out) */
static void affine_product(const crn_call *call, int64_t rows, const void *bounds)
{
    const crn_affine_attributes *a = call->attributes;
    const crn_type *type = &call->out_types[0];
    crn_product product = {.rows = rows,
                           .n_in = crn_type_last(&call->in_types[0]),
                           .n_out = crn_type_last(type),
                           .a = call->in[0],
                           .b = call->in[1],
                           .layout = a->packed ? CRN_PRODUCT_PACKED : CRN_PRODUCT_ROWS,
                           .finite_b = a->finite,
                           .out = call->out[0],
                           .bias = call->n_in == 3 ? call->in[2] : NULL,
                           .bounds = bounds,
                           .scratch = call->scratch};
    product.a_step = product.n_in;
    product.b_step = product.out_step = product.n_out;
    (type->dtype == CRN_FLOAT32 ? call->kernels->product_f32
                                : call->kernels->product_f64)(&product);
}

/* x W' + b with W (out, in) */
static void affine_dot_products(const crn_call *call, int64_t rows)
{
    const crn_type *type = &call->out_types[0];
    const int64_t n_in = crn_type_last(&call->in_types[0]), n_out = crn_type_last(type);
    const void *bias = call->n_in == 3 ? call->in[2] : NULL;
    if (type->dtype == CRN_FLOAT32)
        call->kernels->affine_f32(rows, n_in, n_out, call->in[0], call->in[1], 1, bias,
                                  call->out[0], call->scratch);
    else
        call->kernels->affine_f64(rows, n_in, n_out, call->in[0], call->in[1], 1, bias,
                                  call->out[0], call->scratch);
}

static void affine_forward(const crn_call *call)
{
    const crn_affine_attributes *a = call->attributes;
    const crn_type *type = &call->out_types[0];
    const int64_t rows = (type->rows ? call->rows : 1) * crn_type_outer(type);
    const int64_t n_in = crn_type_last(&call->in_types[0]), n_out = crn_type_last(type);
    const bool by_product = !call->in_types[0].sparse && !a->transposed;
    const void *bounds = by_product ? bounds_of(&a->activation, type->dtype) : NULL;
    if (by_product)
        affine_product(call, rows, bounds);
    else if (!call->in_types[0].sparse)
        affine_dot_products(call, rows);
    else if (type->dtype == CRN_FLOAT32)
        sparse_affine_f32(call, a->transposed, n_in, n_out);
    else
        sparse_affine_f64(call, a->transposed, n_in, n_out);
    if (a->activation.kind != CRN_LINEAR && bounds == NULL)
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
    .flags = CRN_OP_TAKES_SPARSE,
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
